"""Answers about people and the tree of units on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import F, Q, QuerySet

from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import (
    Closure,
    Leave,
    Person,
    PersonQuerySet,
    Placement,
    Post,
    PostQuerySet,
    Reach,
    Training,
    Unit,
    UnitQuerySet,
    on_date,
)
from goldenthread.rules.calendars import ENGLAND_AND_WALES, Calendar
from goldenthread.rules.nameless import naming

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Kinds of second factor that one signs in with; recovery codes only stand in for them."""


@dataclass
class Branch:
    """A unit with what stood under it on the day."""

    unit: Unit
    children: list[Branch] = field(default_factory=list)
    path: str = ""


def holders(post: str, *, on: date, over: Unit | None = None) -> PersonQuerySet:
    """Who held the post on that day: anywhere, or in that unit or one above it."""
    return Person.objects.holding(post, on=on, over=over)


def nearest_holders(post: str, *, unit: Unit, on: date) -> list[Person]:
    """Who held the post in the unit or, where nobody did, in the nearest above it; latest start first."""
    rows = list(
        Post.objects.filter(kind=post)
        .on(on)
        .filter(on_date(on, "unit__reached_by__"), unit__reached_by__unit=unit)
        .annotate(distance=F("unit__reached_by__depth"))
        .select_related("person")
        .order_by("distance", "-starts_on", "-pk")
    )
    return [row.person for row in rows if row.distance == rows[0].distance]


def posts_over(unit: Unit, *, on: date) -> PostQuerySet:
    """Every post held that day in the unit or above it."""
    return Post.objects.on(on).over(unit, on=on).select_related("person", "unit")


def children(unit: Unit, *, on: date) -> UnitQuerySet:
    """The units directly under one on that day, by name."""
    under = Placement.objects.filter(parent=unit).filter(on_date(on))
    return Unit.objects.filter(placements__in=under).on(on).order_by("name")


def roots(*, on: date) -> UnitQuerySet:
    """The units that stood under none on that day, by name."""
    placed = Placement.objects.filter(on_date(on)).values("unit")
    return Unit.objects.on(on).filter(joined_into=None).exclude(pk__in=placed).order_by("name")


def tree(on: date) -> list[Branch]:
    """The organisation on that day, each unit with its children, in two queries."""
    branches = {
        unit.pk: Branch(unit) for unit in Unit.objects.on(on).filter(joined_into=None).order_by("name")
    }
    parents = dict(Placement.objects.filter(on_date(on)).values_list("unit_id", "parent_id"))
    top: list[Branch] = []
    for pk, branch in branches.items():
        above = branches.get(parents.get(pk, 0))
        (above.children if above else top).append(branch)
    return top


def flattened(branches: Sequence[Branch], path: str = "") -> Iterable[Branch]:
    """The tree in reading order, each branch with the names of those above it."""
    for branch in branches:
        branch.path = path
        yield branch
        yield from flattened(branch.children, f"{path} › {branch.unit.name}" if path else branch.unit.name)


def unit_path(unit: Unit, on: date) -> list[Unit]:
    """From the top of the organisation down to the unit, as it stood that day."""
    reaches = Reach.objects.filter(unit=unit).filter(on_date(on)).select_related("above").order_by("-depth")
    return [reach.above for reach in reaches]


def units_above(units: Iterable[int], *, on: date) -> dict[int, list[Unit]]:
    """For each unit's key, itself and the units above it on that day, nearest first."""
    above: dict[int, list[Unit]] = defaultdict(list)
    keys = set(units)
    rows = _above_one(unit=keys.pop(), on=on) if len(keys) == 1 else _above_any(keys, on)
    for reach in rows:
        above[reach.unit_id].append(reach.above)
    return above


def _above_any(units: Iterable[int], on: date) -> QuerySet[Reach]:
    return Reach.objects.filter(unit__in=units).filter(on_date(on)).select_related("above").order_by("depth")


_above_one = Compiled(lambda unit, on: _above_any([unit], on), unit=int, on=date)


def posts_of(person: Person, *, on: date) -> QuerySet[Post]:
    """The posts that a person held on that day."""
    return Post.objects.filter(person=person).on(on).select_related("unit").order_by("kind")


def is_away(person: Person, first: date, last: date) -> bool:
    """Whether the person is on leave on every day from `first` to `last`."""
    spans = Leave.objects.filter(person=person, starts_on__lte=last, ends_on__gte=first)
    return _covered(list(spans.values_list("starts_on", "ends_on")), first, last)


def away_throughout(first: date, last: date) -> set[int]:
    """The keys of people on leave on every day from `first` to `last`."""
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Leave.objects.filter(starts_on__lte=last, ends_on__gte=first)
    for person, starts_on, ends_on in rows.values_list("person_id", "starts_on", "ends_on"):
        spans[person].append((starts_on, ends_on))
    return {person for person, held in spans.items() if _covered(held, first, last)}


def _covered(spans: list[tuple[date, date]], first: date, last: date) -> bool:
    """Whether the spans, joined where they meet, cover every day."""
    reached = first.toordinal()
    for starts_on, ends_on in sorted(spans):
        if starts_on.toordinal() > reached:
            return False
        reached = max(reached, ends_on.toordinal() + 1)
    return reached > last.toordinal()


def days_away(person: Person, first: date, last: date) -> list[Leave]:
    """The leave that touches the days from `first` to `last`."""
    return list(
        Leave.objects.filter(person=person, starts_on__lte=last, ends_on__gte=first).order_by("starts_on")
    )


def trained(person: Person, course: str, on: date) -> bool:
    """Whether the person had completed the course by that day and it still held."""
    return _holding(on).filter(person=person, course__iexact=course).exists()


def trained_people(course: str, *, on: date) -> set[int]:
    """The keys of everybody for whom the course held on that day."""
    return set(_holding(on).filter(course__iexact=course).values_list("person_id", flat=True))


def _holding(on: date) -> QuerySet[Training]:
    return Training.objects.filter(Q(expires_on=None) | Q(expires_on__gte=on), completed_on__lte=on)


def organisation_calendar(*, on: date, unit: Unit | None = None) -> Calendar:
    """The organisation's working days; a unit has the bank holidays of the nearest nation named above it."""
    units = units_above([unit.pk], on=on)[unit.pk] if unit else list(roots(on=on))
    nation = next((each.nation for each in units if each.nation), ENGLAND_AND_WALES)
    return Calendar(nation, frozenset(Closure.objects.values_list("day", flat=True)))


def has_second_factor(person: Person) -> bool:
    """Whether somebody has set up an authenticator app or a passkey."""
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def naming_somebody(values: Iterable[str]) -> set[str]:
    """Those of these values in which the name of somebody stands who is or was in the directory."""
    values = set(values) - {""}
    return naming(values, Person.objects.values_list("name", flat=True).iterator()) if values else set()
