"""What happened becomes commissions, and commissions become audits on their day; each exactly once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import create_audit
from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.queries import current, pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Commission, Cycle, Slot
from goldenthread.programmes.operations.allocation import refuse_unless_free
from goldenthread.programmes.operations.year import locked
from goldenthread.programmes.queries.auditors import Bench, bench, by_auditor, nobody
from goldenthread.programmes.queries.commissions import slot_wanted
from goldenthread.programmes.queries.events import Happened, counting, happened, work_of
from goldenthread.programmes.queries.year import slots_of
from goldenthread.rules.clocks import Due
from goldenthread.rules.cycles import cycle_on
from goldenthread.rules.refusal import Refused
from goldenthread.rules.triggers import Trigger, not_owed
from goldenthread.tasks.queries import working_calendar

logger = logging.getLogger(__name__)
State = Commission.State
LONGEST = 250
NO_TEAM = "No team is recorded for the case, so nobody can be found to do it. Record its team."


@dataclass(frozen=True)
class ByHand:
    """Who does an audit by somebody's choice, why, and whether what gives way to a reason is set aside."""

    auditor: Person
    because: str
    despite: bool


class _CannotSend(Exception):
    """Nobody can do it yet; the slot is not kept."""


def about(commission: Commission) -> tuple[str, str, str]:
    """How the ledger names a commission."""
    return ("commission", commission.public_id, f"{commission.because}: {commission.audit_type}"[:200])


def commission_audits(*, at: datetime) -> int:
    """Ask for an audit wherever something happened that leads to one; how many were asked for.

    Each trigger is a transaction of its own, held by its framework's row: a run that was killed, or two at
    once, ask for nothing twice.
    """
    asked, on = 0, timezone.localdate(at)
    for framework in Framework.objects.filter(versions__isnull=False).distinct().order_by("pk"):
        try:
            version = current(framework.key, on=on)
        except Refused:
            continue  # its first version is not in force yet
        for name in pack_of(version).triggers:
            try:
                asked += _ask(version, name, at=at)
            except Exception:
                logger.exception("The trigger %s could not be followed; it is tried again", name)
    return asked


@transaction.atomic
def _ask(version: Version, name: str, *, at: datetime) -> int:
    """The commissions of one trigger for what happened since; one event for all."""
    if not happened(version, name, today=timezone.localdate(at)):
        return 0  # most minutes: nothing is locked
    Framework.objects.select_for_update().get(pk=version.framework_id)
    trigger = pack_of(version).triggers[name]
    new = counting(version, trigger, happened(version, name, today=timezone.localdate(at)))
    made = [_commission(version, name, one, at=at) for one in new]
    if made:
        asked = {one.public_id: one.state for one in made}
        framework = version.framework
        values = {"trigger": name, "commissions": asked}
        label = f"{framework.title}: {trigger.title}"
        record(
            "framework.commission",
            about=("framework", framework.public_id, label),
            by=None,
            at=at,
            values=values,
        )
    return len(made)


def _commission(version: Version, name: str, event: Happened, *, at: datetime) -> Commission:
    """What is asked for because of one thing that happened, or that it counts too often."""
    trigger = pack_of(version).triggers[name]
    work = work_of(event)
    unit_id = event.unit or (work.unit_id if work else None)
    calendar = working_calendar(work.unit if work else None, on=event.day)
    due, not_before = trigger.due_by(event.day, calendar), trigger.sent_from(event.day, calendar)
    told = not_owed(trigger, event.day, _earlier(version, name, event))
    because = f"{trigger.title}: {event.what}" if event.what else trigger.title
    return Commission.objects.create(
        framework_key=version.framework.key,
        version=version,
        trigger=name,
        event=event.key,
        happened_on=event.day,
        occurrence_id=event.occurrence,
        audit_type=trigger.audit_type,
        worker_id=event.worker,
        subject_id=event.subject,
        unit_id=unit_id,
        because=f"{because}, {event.day:%-d %B %Y}"[:300],
        not_before=not_before,
        due_at=due.at,
        due_reason=due.reason[:500],
        cycle=_cycle(version, trigger, not_before),
        state=State.PASSED_OVER if told else State.WAITING,
        told=told[:500],
        placed_at=at,
        ended_at=at if told else None,
    )


def _earlier(version: Version, name: str, event: Happened) -> list[date]:
    """The days that counted before under the trigger, of the same worker or case."""
    found = Commission.objects.owed().filter(framework_key=version.framework.key, trigger=name)
    found = found.filter(worker=event.worker) if event.worker else found.filter(subject=event.subject)
    return list(found.values_list("happened_on", flat=True))


def _cycle(version: Version, trigger: Trigger, day: date) -> Cycle:
    """The cycle in which an audit counts that is sent from a day, by the trigger's calendar."""
    pack, key = pack_of(version), version.framework.key
    name = pack.audit_types[trigger.audit_type].calendar or ""
    dates = cycle_on(day, pack.every_calendar()[name], organisation_calendar(on=day))
    if dates is None:
        raise Refused(f"{day:%B %Y} has no cycle in the calendar of this kind of audit.")
    cycle, _ = Cycle.objects.get_or_create(
        framework_key=key,
        label=dates.label,
        defaults={
            "version": version,
            "calendar": name,
            "year": dates.year,
            "title": dates.title,
            "opens_on": dates.opens_on,
            "closes_on": dates.closes_on,
        },
    )
    return cycle


def send_commissions(*, at: datetime) -> int:
    """Allocate and send the audits whose day has come; how many were sent.

    One that nobody can do waits, with the reason, and is tried again the next day.
    """
    on, sent = timezone.localdate(at), 0
    due = Commission.objects.waiting().filter(not_before__lte=on).exclude(tried_on=on)
    for commission in due.order_by("not_before", "pk"):
        sent += _try(commission, at=at)
    return sent


def _try(commission: Commission, *, at: datetime) -> bool:
    """Send one, or say why it waits."""
    try:
        return _send(commission, by=None, at=at) is not None
    except (_CannotSend, Refused) as reason:
        waiting = Commission.objects.waiting().filter(pk=commission.pk)
        waiting.update(told=str(reason)[:500], tried_on=timezone.localdate(at))
    except Exception:
        logger.exception("What %s asked for could not be sent; it is tried again", commission.trigger)
    return False


@transaction.atomic
def _send(
    commission: Commission, *, by: Person | None, at: datetime, hand: ByHand | None = None
) -> Audit | None:
    """Choose the case, find who does it by the pairing rule, and send the audit; None if it was settled.

    `hand` names who does it instead.
    """
    on = timezone.localdate(at)
    cycle = locked(commission.cycle)
    rows = Commission.objects.select_for_update(of=("self",)).select_related("worker", "subject", "version")
    commission = rows.get(pk=commission.pk)
    if commission.state != State.WAITING:
        return None
    _take_version(cycle, commission, on)
    slot = _slot(cycle, commission, on=on, at=at)
    if slot is None:
        return None
    values = _give_to(cycle, slot, hand, on=on) if hand else _give(cycle, slot, on=on)
    audit = _create(cycle, commission, slot, on=on, at=at)
    commission.subject, commission.unit = slot.subject, slot.unit
    commission.state, commission.told, commission.ended_at, commission.ended_by = State.SENT, "", at, by
    commission.save(update_fields=["subject", "unit", "state", "told", "ended_at", "ended_by", "considered"])
    values |= {"audit": audit.number, "considered": commission.considered}
    record("commission.send", about=about(commission), by=by, at=at, values=values)
    return audit


def _take_version(cycle: Cycle, commission: Commission, on: date) -> None:
    """An audit that goes out by itself runs under the version in force, or the one it was asked for under."""
    version = current(cycle.framework_key, on=on)
    kind = pack_of(version).audit_types.get(commission.audit_type)
    if kind is None or (kind.calendar or "") != cycle.calendar:
        version = commission.version
    if cycle.version_id != version.pk:
        cycle.version = version
        cycle.save(update_fields=["version"])


def _slot(cycle: Cycle, commission: Commission, *, on: date, at: datetime) -> Slot | None:
    """The audit to be done; none where no case of the worker could be chosen, and then it is dropped."""
    slot, considered = slot_wanted(cycle, commission, on=on)
    commission.considered = considered
    if slot is None:
        _drop_for_want_of_a_case(commission, words_of(cycle.version)["case"], at=at)
        return None
    if slot.unit_id is None:
        raise _CannotSend(NO_TEAM)
    slot.save()
    return slot


def _drop_for_want_of_a_case(commission: Commission, word: str, *, at: datetime) -> None:
    reasons = dict.fromkeys(one["left out"] for one in commission.considered)
    told = (
        f"no {word} of theirs could be chosen: {'; '.join(reasons)}"
        if reasons
        else f"they have no open {word}"
    )
    commission.state, commission.told, commission.ended_at = State.DROPPED, told[:500], at
    commission.save(update_fields=["state", "told", "ended_at", "considered"])
    values = {"because": told, "considered": commission.considered}
    record("commission.drop", about=about(commission), by=None, at=at, values=values)


def _give(cycle: Cycle, slot: Slot, *, on: date) -> dict[str, object]:
    """The auditor of the pool who is free and has had fewest; those who cannot are named with the rule."""
    table = _table(cycle, slot, on)
    held = table.slots[slot.pk]
    choices = table.choices(held)
    free = [one.person for one in choices if not (one.firm or one.soft)]
    if not free:
        if not choices:
            raise _CannotSend(nobody(table, table.slots[slot.pk]))
        near = [one for one in choices if not one.firm] or choices
        raise _CannotSend("; ".join(f"{one.person} {one.firm or one.soft}" for one in near[:5]))
    slot.auditor = free[0]
    slot.save(update_fields=["auditor"])
    return {}


def _give_to(cycle: Cycle, slot: Slot, hand: ByHand, *, on: date) -> dict[str, object]:
    """Somebody by name; says for the ledger who, why, and what was set aside."""
    table = _table(cycle, slot, on)
    choice = refuse_unless_free(table, table.slots[slot.pk], hand.auditor, despite=hand.despite, by_hand=True)
    slot.auditor, slot.edited_because = hand.auditor, hand.because
    slot.save(update_fields=["auditor", "edited_because"])
    return {"auditor": hand.auditor.public_id, "because": hand.because, "set aside": choice.soft}


def _table(cycle: Cycle, slot: Slot, on: date) -> Bench:
    others = by_auditor(Slot.objects.own().filter(cycle=cycle).exclude(pk=slot.pk))
    return bench(cycle, slots_of(cycle).filter(pk=slot.pk), on=on, held=others)


def _create(cycle: Cycle, commission: Commission, slot: Slot, *, on: date, at: datetime) -> Audit:
    if slot.auditor is None:
        raise Refused("An audit that goes out has an auditor.")
    place = Audit.objects.filter(number__startswith=f"{cycle.label}/").count() + 1
    due = Due(timezone.localtime(commission.due_at), commission.due_reason)
    audit = create_audit(
        version=cycle.version,
        audit_type=slot.audit_type,
        cycle=cycle.label,
        cycle_closes_on=due.at.date(),
        number=f"{cycle.label}/{place:03}",
        subject=slot.subject,
        unit=slot.unit,
        practitioner=slot.practitioner,
        auditor=slot.auditor,
        previous=None,
        on=on,
        at=at,
        due_by=due,
    )
    slot.audit = audit
    slot.save(update_fields=["audit"])
    if not cycle.sent_at:
        cycle.sent_at = at  # its first audit is out, so there is something to report
        cycle.save(update_fields=["sent_at"])
    return audit


@transaction.atomic
def drop_commission(commission: Commission, *, because: str, by: Person, at: datetime) -> Commission:
    """Say that an audit which waits is not to be done, with the reason; coverage shows that it was owed."""
    found = Commission.objects.select_for_update(of=("self",)).get(pk=commission.pk)
    _must_draw(found, by, on=timezone.localdate(at))
    if not because.strip():
        raise Refused("Say why this is not to be done: it stays on record with the reason.")
    if found.state != State.WAITING:
        raise Refused("This is settled already; only what still waits can be dropped.")
    found.state, found.told, found.ended_at, found.ended_by = State.DROPPED, because.strip()[:500], at, by
    found.save(update_fields=["state", "told", "ended_at", "ended_by"])
    record("commission.drop", about=about(found), by=by, at=at, values={"because": found.told})
    return found


@transaction.atomic
def try_again(commission: Commission, *, by: Person, at: datetime) -> Audit | None:
    """Try at once to send what waits; `Refused` says why it still cannot be."""
    _must_draw(commission, by, on=timezone.localdate(at))
    if commission.not_before > timezone.localdate(at):
        raise Refused(f"Its day is {commission.not_before:%-d %B %Y}; it is sent by itself then.")
    try:
        return _send(commission, by=by, at=at)
    except _CannotSend as reason:
        raise Refused(str(reason)) from None


@transaction.atomic
def give_commission(
    commission: Commission,
    auditor: Person,
    *,
    because: str,
    despite: bool = False,
    by: Person,
    at: datetime,
) -> Audit | None:
    """Send at once what waits to somebody chosen by hand, with the reason; None if no case could be chosen.

    What keeps an auditor from an audit holds here too, except what the framework lets give way where nobody
    is free of it; `despite` sets that aside, and capacity and leave.
    """
    on = timezone.localdate(at)
    _must_draw(commission, by, on=on)
    if not because.strip():
        raise Refused("Say why this audit is given to somebody by hand.")
    if len(because.strip()) > LONGEST:
        raise Refused(f"Say why in {LONGEST} characters or fewer.")
    if not Commission.objects.waiting().filter(pk=commission.pk).exists():
        raise Refused("This is settled already; only what still waits can be given to somebody.")
    if commission.not_before > on:
        raise Refused(f"Its day is {commission.not_before:%-d %B %Y}; it is sent by itself then.")
    try:
        return _send(commission, by=by, at=at, hand=ByHand(auditor, because.strip(), despite))
    except _CannotSend as reason:
        raise Refused(str(reason)) from None


def _must_draw(commission: Commission, person: Person, *, on: date) -> None:
    """A post that draws under another framework, or elsewhere, settles nothing here."""
    if not Commission.objects.drawn_by(person, on=on).filter(pk=commission.pk).exists():
        raise Refused("This is sent or dropped by those who draw and allocate under its framework. Ask them.")
