"""Re-audits that are due come into a cycle by themselves, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Draw, Slot
from goldenthread.programmes.operations.gathering import bring_kinds_up_to_date
from goldenthread.programmes.operations.year import about, locked, not_sent
from goldenthread.programmes.queries.auditors import day_of
from goldenthread.programmes.queries.reaudits import DueReaudit, due_to_place
from goldenthread.programmes.queries.year import version_to_begin
from goldenthread.rules.refusal import Refused

SAME_AUDITOR = "Whoever did not finish it in time does it again."


@dataclass(frozen=True)
class Placed:
    """The re-audits placed, and those that are due but cannot be."""

    slots: list[Slot]
    left: list[DueReaudit]


@transaction.atomic
def place_reaudits(cycle: Cycle, *, by: Person | None, at: datetime) -> Placed:
    """Place every re-audit that is due by the time the cycle opens; repeatable until the frame is frozen.

    It begins the cycle, which from now on keeps the framework's version then in force.
    """
    cycle = locked(cycle)
    not_sent(cycle)
    if Draw.objects.standing().filter(cycle=cycle).exists():
        raise Refused(
            f"The frame of {cycle.title} is frozen and counts its {words_of(cycle.version)['re_audits']}. "
            "Abandon the draw to place more."
        )
    cycle.version = version_to_begin(cycle)
    pack = pack_of(cycle.version)
    kinds = pack.kinds_audited(rule.type for rule in pack.re_audit)
    bring_kinds_up_to_date(cycle.version, kinds, by=by, at=at)
    on = day_of(cycle, timezone.localdate(at))
    due = due_to_place(cycle, on=on)
    slots = Slot.objects.bulk_create([_slot(cycle, one) for one in due if not one.not_placed])
    cycle.reaudits_placed_at = at
    cycle.save(update_fields=["reaudits_placed_at", "version"])
    left = [one for one in due if one.not_placed]
    values = {
        "placed": [one.previous.number for one in due if not (one.not_placed or one.done_again)],
        "placed again": [one.previous.number for one in due if one.done_again and not one.not_placed],
        "left": {one.previous.number: one.not_placed for one in left},
    }
    record("cycle.place_reaudits", about=about(cycle), by=by, at=at, values=values)
    return Placed(slots, left)


def _slot(cycle: Cycle, due: DueReaudit) -> Slot:
    slot = Slot(
        cycle=cycle,
        audit_type=due.audit_type,
        subject=due.previous.subject,
        unit=due.unit,
        practitioner=due.practitioner,
        previous=due.previous,
        because=due.because[:300],
    )
    if due.done_again:
        slot.previous, slot.instead_of = due.previous.previous, due.previous
        slot.auditor = due.auditor
        slot.edited_because = SAME_AUDITOR if due.auditor else ""
    return slot
