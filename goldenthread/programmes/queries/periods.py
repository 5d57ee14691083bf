"""What a report is over: one cycle, or all of a framework's that close within a quarter, a half or a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Post
from goldenthread.programmes.models import Cycle
from goldenthread.rules.cycles import Month
from goldenthread.rules.framework import Framework
from goldenthread.rules.reports import ALL, CYCLE, PeriodReport, dates_of


@dataclass(frozen=True)
class Period:
    """The cycles of one report, which were sent, from the first to the last; `name` is that of the report.

    The newest version among them says what the report is; `pack` is read with it for its report. A cycle's
    own report has no name. `about` is the person whose report it is, where it is of one.
    """

    name: str
    title: str
    opens_on: date
    closes_on: date
    cycles: tuple[Cycle, ...]
    version: Version
    pack: Framework
    about: Person | None = None

    @property
    def last(self) -> Cycle:
        """The cycle by which the report is known: each of its cycles leads to it."""
        return self.cycles[-1]

    @property
    def rule(self) -> PeriodReport | None:
        """What the framework says of it; nothing more for a cycle's own."""
        return self.pack.report if isinstance(self.pack.report, PeriodReport) else None

    @property
    def word(self) -> str:
        """What it is called, such as “quarter”; a cycle by the framework's word."""
        return (
            self.pack.words["cycle"] if self.rule is None or self.rule.period == CYCLE else self.rule.period
        )

    @property
    def theme(self) -> str:
        """The theme of a single cycle."""
        return self.last.theme if len(self.cycles) == 1 else ""

    @property
    def fewest(self) -> int:
        """Numbers below this are not shown; 0 where all are."""
        return (self.rule.fewest or 0) if self.rule else 0

    def of(self, person: Person) -> Period:
        """The same about one person."""
        return replace(self, about=person)


def own_period(cycle: Cycle) -> Period:
    """What a cycle's own report is over."""
    pack = pack_of(cycle.version)
    return Period("", cycle.title, cycle.opens_on, cycle.closes_on, (cycle,), cycle.version, pack)


def period_of(cycle: Cycle, name: str = "") -> Period | None:
    """What a report is over that has this cycle in it; None where there is no such report."""
    if not name:
        return own_period(cycle)
    sent = Cycle.objects.filter(framework_key=cycle.framework_key).exclude(sent_at=None)
    near = sent.filter(closes_on__year__range=(cycle.closes_on.year - 1, cycle.closes_on.year + 1))
    found = periods_among(near.select_related("version").defer("version__document"))
    return next((one for one in found if one.name == name and cycle in one.cycles), None)


def period_before(period: Period) -> Period | None:
    """What the same report was over before; None where nothing was sent then."""
    sent = Cycle.objects.filter(framework_key=period.last.framework_key).exclude(sent_at=None)
    earlier = sent.filter(closes_on__lt=period.opens_on).select_related("version").defer("version__document")
    latest = earlier.order_by("-closes_on", "-opens_on", "-pk")
    if period.rule is None or period.rule.period == CYCLE:
        latest = latest.filter(calendar=period.last.calendar)
    cycle = latest.first()
    found = period_of(cycle, period.name) if cycle else None
    return replace(found, about=period.about) if found else None


def periods_among(cycles: Iterable[Cycle]) -> list[Period]:
    """Every further report over some of these cycles, of one framework or several, the latest first."""
    rows = sorted(cycles, key=lambda one: (one.closes_on, one.opens_on, one.pk))
    packs = {one.version_id: pack_of(one.version) for one in rows}
    declared = {
        (one.framework_key, name, report.period)
        for one in rows
        for name, report in packs[one.version_id].reports.items()
    }
    found = [
        _over(held, name, length, packs)
        for key, name, length in declared
        for held in _in_one_period([one for one in rows if one.framework_key == key], length, packs)
    ]
    periods = [one for one in found if one]
    return sorted(periods, key=lambda one: (one.closes_on, one.opens_on, one.name), reverse=True)


def _in_one_period(rows: list[Cycle], length: str, packs: dict[int, Framework]) -> list[list[Cycle]]:
    """The cycles of a framework that close in one quarter, half or year; or each cycle alone."""
    found: dict[object, list[Cycle]] = {}
    for one in rows:
        opens_on = _edges(one, length, packs[one.version_id].calendar.begins)[1]
        found.setdefault(one.pk if length == CYCLE else opens_on, []).append(one)
    return list(found.values())


def _over(held: list[Cycle], name: str, length: str, packs: dict[int, Framework]) -> Period | None:
    """A report over these cycles, the earliest first; None where their newest version has it no more."""
    newest = max(held, key=lambda one: one.version.number).version
    pack = packs[newest.pk]
    if name not in pack.reports or pack.reports[name].period != length:
        return None
    edges = _edges(held[-1], length, packs[held[-1].version_id].calendar.begins)
    return Period(name, *edges, tuple(held), newest, pack.for_report(name))


def title_over(cycle: Cycle, pack: Framework, name: str) -> str:
    """What the period of a report is called that has this cycle in it."""
    return _edges(cycle, pack.reports[name].period, pack.calendar.begins)[0] if name else cycle.title


def _edges(cycle: Cycle, period: str, begins: Month) -> tuple[str, date, date]:
    if period == CYCLE:
        return cycle.title, cycle.opens_on, cycle.closes_on
    dates = dates_of(period, cycle.closes_on, begins)
    return dates.title, dates.opens_on, dates.closes_on


def is_reader(person: Person, period: Period, *, on: date) -> bool:
    """Whether the report is for a post that the person holds, besides that they may see reports."""
    rule = period.rule
    if rule is None or not rule.readers:
        return rule is None or rule.about == ALL
    posts = posts_of_readers(rule, period.pack)
    return Post.objects.filter(person=person, kind__in=posts).on(on).exists()


def posts_of_readers(rule: PeriodReport, pack: Framework) -> list[str]:
    """The posts for which a report with readers of its own is."""
    posts = {pack.roles[name].post for name in rule.readers if name in pack.roles}
    return sorted(one for one in posts if one)
