"""Teams and services as they stood on a day, each with a name that no other has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Reach, Unit, on_date

SERVICE = "service"


@dataclass(frozen=True)
class Place:
    """A unit with those at and above it, nearest first."""

    unit: Unit
    line: tuple[Unit, ...]

    @cached_property
    def service(self) -> Unit:
        """The service that the unit is or belongs to; without one, what stands above it below the top."""
        for unit in self.line:
            if unit.kind.casefold() == SERVICE:
                return unit
        return self.line[1] if len(self.line) > 2 else self.unit

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names at and above the unit, for conditions that name a service at any height."""
        return tuple(unit.name for unit in self.line)


def places_on(on: date) -> dict[int, Place]:
    """Every unit's place in the organisation that day, by its key, in two queries."""
    units = {unit.pk: unit for unit in _units()}
    lines: dict[int, list[Unit]] = defaultdict(list)
    for unit, above in _reach(on=on):
        lines[unit].append(units[above])
    return {key: Place(unit, tuple(lines.get(key) or [unit])) for key, unit in units.items()}


_units = Compiled(Unit.objects.all)
_reach = Compiled(
    lambda on: Reach.objects.filter(on_date(on)).order_by("depth").values_list("unit_id", "above_id"), on=date
)


def unique_names(places: Iterable[Place]) -> dict[int, str]:
    """A name for each unit that no other of them has: with its service, then with its reference."""
    places = list(places)
    names = {place.unit.pk: place.unit.name for place in places}
    for longer in (
        lambda p: f"{p.unit.name} ({p.service.name})",
        lambda p: f"{p.unit.name} ({_mark(p.unit)})",
    ):
        counted = Counter(name.casefold() for name in names.values())
        for place in places:
            if counted[names[place.unit.pk].casefold()] > 1:
                names[place.unit.pk] = longer(place)
    return {key: name[:200] for key, name in names.items()}


def _mark(unit: Unit) -> str:
    return unit.reference or unit.public_id
