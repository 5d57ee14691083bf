"""A cycle's audits go out: all of them in one transaction, once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import create_audit
from goldenthread.audits.operations import replace_auditor as hand_over
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Post, Reach, on_date
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.operations.allocation import refuse_unless_free
from goldenthread.programmes.operations.year import about, locked, not_sent
from goldenthread.programmes.queries.auditors import bench, by_auditor
from goldenthread.programmes.queries.reaudits import too_early
from goldenthread.programmes.queries.year import FROZEN, NOT_BEGUN, PLACED, slots_of, stage_of
from goldenthread.rules.refusal import Refused


@transaction.atomic
def send_cycle(cycle: Cycle, *, by: Person | None, at: datetime) -> list[Audit]:
    """Create every audit of the cycle with its tasks and notices; a cycle that was sent is left as it is."""
    cycle = locked(cycle)
    if cycle.sent_at:
        return []
    not_sent(cycle)
    on = timezone.localdate(at)
    _may_send(cycle, on)
    first = Audit.objects.filter(number__startswith=f"{cycle.label}/").count() + 1
    audits = [
        _send(cycle, slot, number=f"{cycle.label}/{place:03}", on=on, at=at)
        for place, slot in enumerate(slots_of(cycle), start=first)
    ]
    cycle.sent_at, cycle.sent_by = at, by
    cycle.save(update_fields=["sent_at", "sent_by"])
    values = {"audits": {audit.number: audit.public_id for audit in audits}}
    record("cycle.send", about=about(cycle), by=by, at=at, values=values)
    return audits


def _may_send(cycle: Cycle, on: date) -> None:
    slots, words = slots_of(cycle), words_of(cycle.version)
    if stage_of(cycle) in (NOT_BEGUN, PLACED, FROZEN):
        raise Refused(
            f"{cycle.title} has not been drawn yet. "
            f"Place its {words['re_audits']}, draw and allocate; then send."
        )
    if not slots.exists():
        raise Refused(
            f"{cycle.title} has no {words['audits']} to send: "
            f"nothing was drawn and no {words['re_audit']} is due."
        )
    if empty := slots.filter(auditor=None).count():
        raise Refused(
            f"{empty} of the {words['audits']} of {cycle.title} {'has' if empty == 1 else 'have'} no "
            f"{words['auditor']}. Allocate, choose somebody by hand, replace the pick, or leave the "
            f"{words['audit']} out with a reason; then send."
        )
    for sentence in too_early(cycle, on=on):
        raise Refused(sentence)


def _send(cycle: Cycle, slot: Slot, *, number: str, on: date, at: datetime) -> Audit:
    """One audit of the cycle, and its slot knows it."""
    if slot.auditor is None:
        missing = "{An_audit} of {title} has no {auditor}. Allocate first, then send."
        raise Refused(missing.format(title=cycle.title, **words_of(cycle.version)))
    audit = create_audit(
        version=cycle.version,
        audit_type=slot.audit_type,
        cycle=cycle.label,
        cycle_closes_on=cycle.closes_on,
        number=number,
        subject=slot.subject,
        unit=slot.unit,
        practitioner=slot.practitioner,
        auditor=slot.auditor,
        previous=slot.previous,
        on=on,
        at=at,
    )
    slot.audit = audit
    slot.save(update_fields=["audit"])
    return audit


def replace_auditor(
    audit: Audit,
    auditor: Person,
    *,
    because: str,
    despite: bool = False,
    instead_of: str | None = None,
    by: Person,
    at: datetime,
    anywhere: bool,
) -> Audit:
    """Name another auditor for an audit that was sent (WF-14): by the pairing rule, within the service area.

    `anywhere` is for those who allocate for the whole organisation; others name somebody of their own area.
    """
    slot = Slot.objects.select_related("cycle__version").filter(audit=audit).first()
    if slot is None:
        word = words_of(audit.version, audit.audit_type)["cycle"]
        raise Refused(f"{audit} was allocated in no {word}, so nobody else can be named here.")
    on = timezone.localdate(at)
    others = by_auditor(Slot.objects.own().filter(cycle=slot.cycle).exclude(pk=slot.pk))
    table = bench(slot.cycle, slots_of(slot.cycle).filter(pk=slot.pk), on=on, held=others)
    refuse_unless_free(table, slot, auditor, despite=despite)
    if not anywhere and not in_service_area(auditor, of=by, on=on):
        raise Refused(f"{auditor} does not work in your service area. Choose somebody who does.")
    return hand_over(audit, auditor, instead_of=instead_of, by=by, at=at, because=because)


def in_service_area(person: Person, *, of: Person, on: date) -> bool:
    """Whether somebody holds a post at or below a unit in which the other holds one."""
    below = Reach.objects.filter(on_date(on), above__in=Post.objects.filter(person=of).on(on).values("unit"))
    return Post.objects.filter(person=person, unit__in=below.values("unit")).on(on).exists()
