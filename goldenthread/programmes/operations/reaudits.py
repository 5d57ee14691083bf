"""Re-audits that are due come into a cycle by themselves, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Draw, ReauditChance, ReauditDraw, Slot
from goldenthread.programmes.operations.draws import checked_seed, new_seed
from goldenthread.programmes.operations.gathering import bring_kinds_up_to_date
from goldenthread.programmes.operations.year import about, locked, not_sent
from goldenthread.programmes.queries.auditors import day_of
from goldenthread.programmes.queries.lots import Lot, frames_of, lots_of
from goldenthread.programmes.queries.reaudits import DueReaudit, due_to_place
from goldenthread.programmes.queries.year import version_to_begin
from goldenthread.rules import draws
from goldenthread.rules.reaudits import choose
from goldenthread.rules.refusal import Refused

SAME_AUDITOR = "Whoever did not finish it in time does it again."


@dataclass(frozen=True)
class Placed:
    """The re-audits placed, those that are due but cannot be, and those that a draw did not choose."""

    slots: list[Slot]
    left: list[DueReaudit]
    not_chosen: list[DueReaudit]


@transaction.atomic
def place_reaudits(
    cycle: Cycle, *, by: Person | None, at: datetime, seed: str = "", frames: str | None = None
) -> Placed:
    """Place every re-audit that is due by the time the cycle opens; repeatable until the frame is frozen.

    Where a rule looks at a share or a number of them, the seed chooses which; without one the system takes
    one. `frames` are the SHA-256 of the lists that were shown beforehand: it is refused if the lists are
    others by now. It begins the cycle, which from now on keeps the framework's version then in force.
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
    lots = lots_of(cycle, due)
    if frames is not None and frames != frames_of(lots):
        raise Refused("The list of those that qualify has changed since it was shown. Look at it again.")
    drawn = [_draw(cycle, lot, checked_seed(seed or new_seed()), by=by, at=at) for lot in lots]
    chosen = {number for one in drawn for number in one.strata[0].picks}
    not_chosen = [one for lot in lots for one in lot.due if one.previous.number not in chosen]
    placed = [one for one in due if not one.not_placed and one not in not_chosen]
    slots = Slot.objects.bulk_create([_slot(cycle, one) for one in placed])
    cycle.reaudits_placed_at = at
    cycle.save(update_fields=["reaudits_placed_at", "version"])
    left = [one for one in due if one.not_placed]
    values: dict[str, Any] = {
        "placed": [one.previous.number for one in placed if not one.done_again],
        "placed again": [one.previous.number for one in placed if one.done_again],
        "left": {one.previous.number: one.not_placed for one in left},
    }
    if drawn:
        values["drawn"] = [{"seed": one.seed, "frame_sha256": one.frame_sha256} for one in drawn]
        values["not chosen"] = [one.previous.number for one in not_chosen]
    record("cycle.place_reaudits", about=about(cycle), by=by, at=at, values=values)
    return Placed(slots, left, not_chosen)


def _draw(cycle: Cycle, lot: Lot, seed: str, *, by: Person | None, at: datetime) -> draws.Draw:
    """Let the seed choose from a lot, and keep who took part, so that it can be redone."""
    done = choose(draws.read_frame(lot.frame), lot.size, seed)
    kept = ReauditDraw.objects.create(
        cycle=cycle,
        audit_type=lot.rule.type,
        because=lot.rule.because,
        share=None if lot.rule.number else lot.rule.share,
        number=lot.rule.number,
        each=lot.rule.each if lot.rule.number else "",
        method=done.method,
        frame=lot.frame,
        frame_sha256=done.frame_sha256,
        size=lot.size,
        seed=seed,
        drawn_by=by,
        drawn_at=at,
    )
    places = {number: place for place, number in enumerate(done.strata[0].picks, start=1)}
    ReauditChance.objects.bulk_create(
        ReauditChance(draw=kept, audit=one.previous, position=places.get(one.previous.number))
        for one in lot.due
    )
    return done


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
