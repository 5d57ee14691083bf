"""Who audits what in a cycle: by the solver, and by hand with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Allocation, Cycle, Draw, Slot
from goldenthread.programmes.operations.year import about, locked, not_sent
from goldenthread.programmes.queries.auditors import (
    Bench,
    Choice,
    as_rules,
    bench,
    by_auditor,
    day_of,
    nobody,
    repeats_of,
)
from goldenthread.programmes.queries.year import slots_of
from goldenthread.rules.assignment import Plan, Solve, plan
from goldenthread.rules.refusal import Refused

UNEDITED = Q(edited_because="")


@transaction.atomic
def ask_for_allocation(cycle: Cycle, *, by: Person | None, at: datetime) -> Allocation:
    """Ask the worker to allocate; while it has not finished, asking again is the same request."""
    cycle = locked(cycle)
    not_sent(cycle)
    if waiting := Allocation.objects.filter(cycle=cycle, finished_at=None).first():
        return waiting
    if not slots_of(cycle).exists():
        raise _nothing_to_allocate(cycle)
    asked = Allocation.objects.create(cycle=cycle, asked_at=at, asked_by=by)
    record("cycle.ask_for_allocation", about=about(cycle), by=by, at=at)
    return asked


@transaction.atomic
def allocate(cycle: Cycle, *, solve: Solve, by: Person | None, at: datetime) -> Allocation:
    """Give every audit of the cycle that was not given by hand an auditor, or say of each why nobody can."""
    cycle = locked(cycle)
    not_sent(cycle)
    open_slots = _open_slots(cycle)
    if not open_slots.exists() and not slots_of(cycle).exists():
        raise _nothing_to_allocate(cycle)
    table = bench(cycle, open_slots, on=_day(cycle, at), held=_kept(cycle))
    slots, auditors = as_rules(table)
    answer = plan(slots, auditors, solve, repeats_of(cycle), seed=cycle.public_id)
    _store(table, answer)
    run, _ = Allocation.objects.get_or_create(
        cycle=cycle, finished_at=None, defaults={"asked_at": at, "asked_by": by}
    )
    run.given, run.unfilled, run.finished_at = len(answer.given), len(table.slots) - len(answer.given), at
    run.imbalances = [imbalance.sentence for imbalance in answer.imbalances]
    run.problem = ""
    run.save()
    values = {
        "given": answer.given,
        "unfilled": [slot.public_id for slot in table.slots.values() if slot.public_id not in answer.given],
        "imbalances": run.imbalances,
    }
    record("cycle.allocate", about=about(cycle), by=by, at=at, values=values)
    return run


@transaction.atomic
def allocate_as_asked(cycle: Cycle, *, solve: Solve, by: Person | None, at: datetime) -> Allocation | None:
    """Allocate where somebody asked for it and has no answer yet; the second time there is nothing to do."""
    if not Allocation.objects.filter(cycle=locked(cycle), finished_at=None).exists():
        return None
    return allocate(cycle, solve=solve, by=by, at=at)


@transaction.atomic
def give_up_allocation(cycle: Cycle, *, problem: str, at: datetime) -> None:
    """Tell on the cycle's page why a run of the solver ended without an answer."""
    runs = Allocation.objects.filter(cycle=cycle, finished_at=None)
    if runs.update(finished_at=at, problem=problem[:500]):
        record("cycle.give_up_allocation", about=about(cycle), by=None, at=at, values={"problem": problem})


def _day(cycle: Cycle, at: datetime) -> date:
    return day_of(cycle, timezone.localdate(at))


def _open_slots(cycle: Cycle) -> QuerySet[Slot]:
    """What the solver may give out: not sent, not given by hand."""
    return slots_of(cycle).filter(UNEDITED, audit=None)


def _kept(cycle: Cycle) -> Counter[int]:
    """What stands whatever the solver says; an audit done again takes nobody's place in the cycle (WF-9)."""
    kept = Slot.objects.own().filter(~UNEDITED | Q(audit__isnull=False), cycle=cycle)
    return by_auditor(kept)


def _store(table: Bench, answer: Plan) -> None:
    """Each audit's auditor, or everybody of its pool with the rule that excluded them."""
    by_id = {person.public_id: person for person in table.people.values()}
    reasons = {unfilled.slot: unfilled.reasons for unfilled in answer.unfilled}
    for slot in table.slots.values():
        slot.auditor = by_id.get(answer.given.get(slot.public_id, ""))
        slot.unfilled = [] if slot.auditor else _told(table, slot, reasons.get(slot.public_id, {}))
    Slot.objects.bulk_update(table.slots.values(), ["auditor", "unfilled"], batch_size=200)


def _told(table: Bench, slot: Slot, reasons: dict[str, str]) -> list[dict[str, str]]:
    if not reasons:
        return [{"auditor": "", "rule": nobody(table, slot)}]
    return [{"auditor": auditor, "rule": rule} for auditor, rule in reasons.items()]


@transaction.atomic
def edit_slot(
    slot: Slot,
    *,
    auditor: Person,
    because: str,
    despite: bool = False,
    instead_of: str | None = None,
    by: Person | None,
    at: datetime,
) -> Slot:
    """Give an audit to somebody by hand, with the reason.

    Independence, pool and training hold whatever the reason; `despite` sets capacity and leave aside.
    `instead_of` is the id of whom it was seen with, empty for nobody: if it has gone to somebody else since,
    nothing is overwritten.
    """
    cycle = locked(slot.cycle)
    not_sent(cycle)
    slot = slots_of(cycle).get(pk=slot.pk)
    if not because.strip():
        word = words_of(cycle.version, slot.audit_type)["audit"]
        raise Refused(f"Say why this {word} is given to somebody by hand.")
    others = by_auditor(Slot.objects.own().filter(cycle=cycle).exclude(pk=slot.pk))
    table = bench(cycle, slots_of(cycle).filter(pk=slot.pk), on=_day(cycle, at), held=others)
    refuse_unless_free(table, slot, auditor, despite=despite)
    before = slot.auditor.public_id if slot.auditor else ""
    if instead_of not in (None, before):
        held = slot.auditor or "nobody"
        raise Refused(
            f"{slot.subject.shown} went to {held} meanwhile. Look whether it should still be changed."
        )
    slot.auditor, slot.edited_because, slot.unfilled = auditor, because.strip()[:300], []
    slot.save(update_fields=["auditor", "edited_because", "unfilled"])
    values = {
        "before": before,
        "after": auditor.public_id,
        "because": slot.edited_because,
        "despite": despite,
    }
    record("slot.edit", about=_about(slot), by=by, at=at, values=values)
    return slot


def refuse_unless_free(
    table: Bench, slot: Slot, auditor: Person, *, despite: bool, by_hand: bool = False
) -> Choice:
    """Refuse an auditor whom a rule keeps from an audit, naming the rule; else what speaks against them."""
    choices = table.choices(slot, by_hand=by_hand)
    choice = next((one for one in choices if one.person.pk == auditor.pk), None)
    if choice is None:
        words = words_of(slot.cycle.version, slot.audit_type)
        told = "{} holds no post of those whose holders may do {} of this {}. Choose somebody of its pool."
        raise Refused(told.format(auditor, words["an_audit"], words["case"]))
    if choice.firm:
        raise Refused(f"{auditor} {choice.firm}. This cannot be set aside; choose somebody else.")
    if choice.soft and not despite:
        raise Refused(
            f"{auditor} {choice.soft}. Choose somebody else, or tick that they take it all the same."
        )
    return choice


@transaction.atomic
def drop_slot(slot: Slot, *, because: str, by: Person | None, at: datetime) -> Slot:
    """Leave an audit out of the cycle, with the reason."""
    cycle = locked(slot.cycle)
    not_sent(cycle)
    slot = Slot.objects.select_related("subject", "cycle").get(pk=slot.pk)
    if slot.dropped_at:
        return slot
    if not because.strip():
        word = words_of(cycle.version, slot.audit_type)["audit"]
        raise Refused(f"Say why this {word} is left out: it is kept with the draw.")
    slot.dropped_at, slot.dropped_because = at, because.strip()[:300]
    slot.save(update_fields=["dropped_at", "dropped_because"])
    record("slot.drop", about=_about(slot), by=by, at=at, values={"because": slot.dropped_because})
    return slot


@transaction.atomic
def drop_unfilled(cycle: Cycle, *, because: str, by: Person | None, at: datetime) -> int:
    """Leave out every audit that has no auditor, with one reason; re-audits come again in the next cycle."""
    cycle = locked(cycle)
    not_sent(cycle)
    if not because.strip():
        word = words_of(cycle.version)["audits"]
        raise Refused(f"Say why these {word} are left out: it is kept with the draw.")
    slots = slots_of(cycle).filter(auditor=None)
    left_out = list(slots.order_by("pk").values_list("public_id", flat=True))
    if left_out:
        told = because.strip()[:300]
        Slot.objects.unsent().filter(cycle=cycle, auditor=None).update(dropped_at=at, dropped_because=told)
        values = {"slots": left_out, "because": told}
        record("cycle.drop_unfilled", about=about(cycle), by=by, at=at, values=values)
    return len(left_out)


def _nothing_to_allocate(cycle: Cycle) -> Refused:
    word = words_of(cycle.version)["audits"]
    if Draw.objects.standing().drawn().filter(cycle=cycle).exists():
        told = "the frame says why each was left out. To draw again, abandon the draw."
        return Refused(f"{cycle.title} has no {word} to allocate, as nothing was drawn: {told}")
    return Refused(f"{cycle.title} has no {word} to allocate. Draw first.")


def _about(slot: Slot) -> tuple[str, str, str]:
    return ("slot", slot.public_id, f"{slot.cycle.title}: {slot.audit_type} of {slot.subject}")
