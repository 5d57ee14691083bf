"""The tree of units: where each stands, and the table that lets SQL read it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Placement, Reach, Unit
from goldenthread.rules.refusal import Refused

DEEPEST = 30
FAR = date.max


@dataclass(frozen=True)
class _Span:
    above: int
    depth: int
    starts_on: date
    ends_on: date


def rebuild_reach() -> None:
    """Derive `Reach` from the placements: each unit with itself and all above it, and on which days."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    placements: dict[int, list[Placement]] = defaultdict(list)
    for placement in Placement.objects.all():
        placements[placement.unit_id].append(placement)
    known: dict[int, list[_Span]] = {}
    rows = [
        Reach(
            unit_id=pk,
            above_id=span.above,
            depth=span.depth,
            starts_on=span.starts_on,
            ends_on=None if span.ends_on == FAR else span.ends_on,
        )
        for pk in units
        for span in _spans(pk, units, placements, known, 0)
    ]
    Reach.objects.all().delete()
    Reach.objects.bulk_create(rows, batch_size=500)


def _spans(
    pk: int,
    units: dict[int, Unit],
    placements: dict[int, list[Placement]],
    known: dict[int, list[_Span]],
    level: int,
) -> list[_Span]:
    if pk in known:
        return known[pk]
    if level > DEEPEST:
        raise Refused(f"“{units[pk].name}” stands under itself. Correct which unit stands under which.")
    unit = units[pk]
    spans = [_Span(pk, 0, unit.starts_on, unit.ends_on or FAR)]
    for placement in placements[pk]:
        first, last = placement.starts_on, placement.ends_on or FAR
        for span in _spans(placement.parent_id, units, placements, known, level + 1):
            starts_on, ends_on = max(first, span.starts_on), min(last, span.ends_on)
            if starts_on <= ends_on:
                spans.append(_Span(span.above, span.depth + 1, starts_on, ends_on))
    known[pk] = spans
    return spans


def stand_under(unit: Unit, parent: Unit, *, starts_on: date) -> bool:
    """Place the unit under another from that day, ending what stood before; whether anything changed.

    For use inside an operation, which records the event and rebuilds `Reach` once.
    """
    current = Placement.objects.filter(unit=unit, ends_on=None).order_by("-starts_on").first()
    if current is not None and current.parent_id == parent.pk:
        if current.starts_on == starts_on:
            return False
        current.starts_on = starts_on
        current.save(update_fields=["starts_on"])
        return True
    if current is not None and current.starts_on < starts_on:
        current.ends_on = starts_on - timedelta(days=1)
        current.save(update_fields=["ends_on"])
    elif current is not None:
        current.delete()
    Placement.objects.create(unit=unit, parent=parent, starts_on=starts_on)
    return True


@transaction.atomic
def confirm_unit(*, unit: Unit, by: Person | None, at: datetime) -> None:
    """Say that a unit first seen in an extract is one of the organisation's own."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.confirmed or unit.joined_into_id:
        raise Refused(f"“{unit.name}” has been confirmed or joined already.")
    unit.confirmed = True
    unit.save(update_fields=["confirmed"])
    record(
        "unit.confirm", about=("unit", unit.public_id, unit.name), by=by, at=at, values={"confirmed": True}
    )


@transaction.atomic
def confirm_person(*, person: Person, by: Person | None, at: datetime) -> None:
    """Say that a worker first seen in an extract is a member of staff of their own."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.confirmed or person.joined_into_id:
        raise Refused(f"{person.name} has been confirmed or joined already.")
    person.confirmed = True
    person.save(update_fields=["confirmed"])
    about = ("person", person.public_id, person.name)
    record("person.confirm", about=about, by=by, at=at, values={"confirmed": True})
