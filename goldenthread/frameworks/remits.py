"""Which units a framework is for on a day, as the organisation chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from goldenthread.frameworks.models import Remit, Version
from goldenthread.frameworks.queries import newest_versions
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Reach, Unit

OUTSIDE = "outside the units of this framework"
"""What is said of a case whose team the framework is not for."""
Line = tuple[int, int, date, date | None]


@dataclass(frozen=True)
class Area:
    """The units that were chosen, with the tree at and below them and above them, dated."""

    chosen: frozenset[int]
    lines: tuple[Line, ...]

    def units(self, on: date) -> frozenset[int]:
        """The units chosen and all that stood below them on a day."""
        return frozenset(unit for unit, above in self._on(on) if above in self.chosen)

    def posts(self, on: date) -> frozenset[int]:
        """The units whose posts count that day: those, and what stands above them, such as the top."""
        return self.units(on) | {above for unit, above in self._on(on) if unit in self.chosen}

    def _on(self, on: date) -> Iterable[tuple[int, int]]:
        return ((u, above) for u, above, first, last in self.lines if first <= on <= (last or on))


@dataclass(frozen=True)
class Remits:
    """Every choice of units of one framework, in the order in which they were made."""

    choices: tuple[tuple[date, Area | None], ...]

    def on(self, day: date) -> Area | None:
        """The units that the framework is for on a day; None for the whole organisation."""
        begun = [area for first, area in self.choices if first <= day]
        return begun[-1] if begun else None

    @property
    def newest(self) -> Area | None:
        """What was chosen last, whenever it begins."""
        return self.choices[-1][1] if self.choices else None


def remits_of(framework_key: str) -> Remits:
    """The choices of one framework: one query where none was made, else two."""
    return remits_by_key(framework_key)[framework_key]


def remits_by_key(*keys: str) -> Mapping[str, Remits]:
    """The choices of several frameworks by their keys, in two queries at most."""
    made: dict[int, tuple[str, date, set[int]]] = {}
    for pk, key, first, unit in _made(keys=keys) if keys else ():
        made.setdefault(pk, (key, first, set()))[2].update([unit] if unit else [])
    chosen = {unit for _, _, units in made.values() for unit in units}
    lines = _lines(chosen) if chosen else []
    found: dict[str, list[tuple[date, Area | None]]] = defaultdict(list)
    for key, first, units in made.values():
        mine = tuple(line for line in lines if line[0] in units or line[1] in units)
        found[key].append((first, Area(frozenset(units), mine) if units else None))
    return {key: Remits(tuple(found[key])) for key in keys}


_made = Compiled(
    lambda keys: (
        Remit.objects.filter(framework__key__in=keys)
        .order_by("pk")
        .values_list("pk", "framework__key", "starts_on", "units")
    ),
    keys=[str],
)


def version_for(unit: Unit | None, *, on: date) -> Version | None:
    """The framework by which something outside any audit goes, such as an alert about a case of a unit.

    One that was chosen for the unit, else one for the whole organisation, else any: never none because of
    what was chosen. Of several, the last published.
    """
    versions = list(newest_versions().order_by("-published_at", "-pk"))
    remits = remits_by_key(*(version.framework.key for version in versions))

    def fit(version: Version) -> int:
        area = remits[version.framework.key].on(on)
        if area is None:
            return 1
        return 0 if unit is not None and unit.pk in area.units(on) else 2

    return min(versions, key=fit, default=None)


def _lines(chosen: set[int]) -> list[Line]:
    rows = Reach.objects.filter(Q(above__in=chosen) | Q(unit__in=chosen))
    return list(rows.values_list("unit_id", "above_id", "starts_on", "ends_on"))
