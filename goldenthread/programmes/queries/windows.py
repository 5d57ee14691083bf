"""Over which cycles each target is counted, and against which cases, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.targets import calendar_of, counted_on
from goldenthread.rules.calendars import in_words
from goldenthread.rules.cycles import first_day_of, quarter_of
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.targets import Target


@dataclass(frozen=True)
class Kind:
    """What is counted together: a target's kinds of audit, or one that no target counts."""

    key: str
    title: str
    types: tuple[str, ...]
    target: Target | None = None

    @property
    def per(self) -> str:
        """Who owes it; what has no target is shown by team."""
        return self.target.per if self.target else "team"


@dataclass(frozen=True)
class Window:
    """The cycles over which a kind is counted: those asked for, or whole quarters or years around them."""

    kind: Kind
    cycles: list[Cycle]
    periods: list[date]
    counted_on: list[date]

    def last_day(self, first: date) -> date:
        """The last day of the period that begins on a day."""
        later = [one for one in self.periods if one > first]
        mine = (cycle for cycle in self.cycles if not later or cycle.opens_on < later[0])
        return max((cycle.closes_on for cycle in mine), default=first)

    @property
    def title(self) -> str:
        """The period in words, where it reaches beyond single cycles."""
        if not self.kind.target or self.kind.target.each == "cycle" or not self.cycles:
            return ""
        return f"{self.cycles[0].opens_on:%B %Y} to {self.cycles[-1].closes_on:%B %Y}"


def windows(pack: Pack, cycles: Sequence[Cycle], *, on: date) -> list[Window]:
    """Each target, and each kind without one, with the cycles over which it is counted."""
    return [window_of(pack, kind, cycles, on=on) for kind in kinds_of(pack)]


def kinds_of(pack: Pack) -> list[Kind]:
    """The framework's targets, then its kinds of audit that no target counts."""
    targets = [Kind(name, target.title, target.counts, target) for name, target in pack.targets.items()]
    counted = {name for target in pack.targets.values() for name in target.counts}
    rest = [Kind(name, kind.title, (name,)) for name, kind in pack.audit_types.items() if name not in counted]
    return targets + rest


def window_of(pack: Pack, kind: Kind, cycles: Sequence[Cycle], *, on: date) -> Window:
    """The cycles in which a kind's audits are counted, and the first days of its periods."""
    names = {pack.audit_types[name].calendar or "" for name in kind.types if name in pack.audit_types}
    mine = [cycle for cycle in cycles if cycle.calendar in names]
    if not mine or kind.target is None or kind.target.each == "cycle":
        firsts = [cycle.opens_on for cycle in mine]
        return Window(kind, mine, firsts, _counted_on(pack, kind, firsts, on))
    rule = calendar_of(pack, kind.key)
    if kind.target.each == "year":
        firsts = sorted({first_day_of(cycle.year, rule) for cycle in mine})
    else:
        firsts = sorted({quarter_of(cycle.opens_on, rule) for cycle in mine})
    around = Cycle.objects.filter(
        framework_key=mine[0].framework_key, calendar__in=names, year__in={cycle.year for cycle in mine}
    )
    found = list(around.select_related("version__framework").defer("version__document").order_by("opens_on"))
    if kind.target.each == "quarter":
        found = [cycle for cycle in found if quarter_of(cycle.opens_on, rule) in firsts]
    return Window(kind, found, firsts, _counted_on(pack, kind, firsts, on))


def _counted_on(pack: Pack, kind: Kind, firsts: Sequence[date], on: date) -> list[date]:
    """The days on which open cases are counted, if they are."""
    if kind.target is None or not kind.target.counts_cases:
        return []
    return sorted({counted_on(pack, kind.key, period=first, today=on) for first in firsts})


def denominators(pack: Pack, cycles: Sequence[Cycle], *, on: date) -> list[str]:
    """What each target is counted against, in words: a sentence each."""
    said = []
    for window in windows(pack, cycles, on=on):
        target = window.kind.target
        if target is None or not window.cycles:
            continue
        sentence = f"{target.title}: {target.sentence()}."
        if window.title:
            sentence += f" Counted over {window.title}."
        if window.counted_on:
            days = in_words(f"{day:%-d %B %Y}" for day in window.counted_on)
            sentence += (
                f" The cases are those open on {days}; cases closed since then still count, and cases opened "
                "since do not."
            )
        if target.per == "auditor":
            sentence += (
                " Everybody is counted who holds a post of the audits' pools today; nobody who has left is."
            )
        said.append(sentence)
    return said
