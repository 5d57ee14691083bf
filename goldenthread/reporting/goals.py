"""What was aimed at and what was reached, as a part of the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.improvement.models import Action, Response, standing
from goldenthread.measures.compliance import audits_owed, counted_as, cycles_so_far
from goldenthread.measures.slices import Slice, judgements_of_record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period
from goldenthread.reporting.blocks import Block, Cell, Table
from goldenthread.rules.flow import EXEMPT
from goldenthread.rules.goals import TEAM, Aim, Goal
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, percent


@dataclass(frozen=True)
class Reached:
    """One goal and how many of how many came to it, as one reader may see it; of one unit or of all."""

    name: str
    goal: Goal
    count: int
    total: int
    unit: str = ""
    unit_name: str = ""

    @property
    def words(self) -> str:
        """Whether it is met or how it is rated; nothing is said where nothing counts."""
        if rated := self.goal.rating(self.count, self.total):
            return rated
        met = self.goal.is_met(self.count, self.total)
        return "Nothing to count yet" if met is None else "Met" if met else "Not met"

    @property
    def share(self) -> str:
        """The percentage, where there are enough for one."""
        return percent(self.count / self.total) if self.total >= FEWEST_FOR_PERCENTAGE else ""


def goals_of(period: Period, *, reader: Person, at: datetime) -> list[Reached]:
    """Each goal of the period's framework; two statements a goal at most, however many audits there are."""
    found = []
    for name, goal in period.pack.goals.items():
        counted, reached = _counted(goal, period, reader, at)
        if goal.per == TEAM:
            found += _by_unit(name, goal, counted, reached)
        else:
            found.append(Reached(name, goal, counted.filter(reached).count(), counted.count()))
    return found


def _by_unit(name: str, goal: Goal, counted: QuerySet, reached: Q) -> list[Reached]:
    """The goal for each unit whose work is counted, by the units' names; one statement."""
    way = _to_audit(goal, "unit")
    units = counted.order_by().values(f"{way}__public_id", f"{way}__name")
    rows = units.annotate(total=Count("pk"), count=Count("pk", filter=reached)).order_by(f"{way}__name")
    found = [
        Reached(name, goal, row["count"], row["total"], row[f"{way}__public_id"], row[f"{way}__name"])
        for row in rows
        if row[f"{way}__public_id"]
    ]
    return found or [Reached(name, goal, 0, 0)]


def _to_audit(goal: Goal, field: str) -> str:
    """The way from what a goal counts to a field of its audit."""
    way = WAYS[goal.share_of]
    return field if way == "pk" else f"{way}__{field}"


def behind(
    period: Period, name: str, *, came_to_it: bool, unit: str = "", reader: Person, at: datetime
) -> AuditQuerySet:
    """The audits behind a goal's figures: all that count, or those that came to it; of one unit or of all."""
    goal = period.pack.goals[name]
    counted, reached = _counted(goal, period, reader, at)
    rows = counted.filter(reached) if came_to_it else counted
    if unit:
        rows = rows.filter(**{_to_audit(goal, "unit__public_id"): unit})
    return Audit.objects.filter(pk__in=rows.order_by().values(WAYS[goal.share_of]))


@dataclass(frozen=True)
class _Asked:
    """A goal with the audits that it is about, as a reader may see them at a moment."""

    goal: Goal
    audits: AuditQuerySet
    reader: Person
    at: datetime
    no_grades: frozenset[str]
    """Values of the scales that stand for no grade."""

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


Counted = tuple[QuerySet, Q]
"""What counts at all, and which of it comes to the goal."""


WAYS: dict[Aim, str] = {
    "overall grades": "audit",
    "grades of a part": "audit",
    "audits finished in time": "pk",
    "discussions in time": "audit",
    "actions done in time": "response__audit",
}
"""The way from what is counted to its audit."""


def _counted(goal: Goal, period: Period, reader: Person, at: datetime) -> Counted:
    owed = audits_owed(_cycles(goal, period, at), reader=reader, on=timezone.localdate(at))
    scales = [period.pack.scale_of(kind) for kind in goal.of]
    none = frozenset(value.key for scale in scales for value in scale.values if value.excluded)
    asked = _Asked(goal, owed.exclude(stopped_as=EXEMPT).filter(audit_type__in=goal.of), reader, at, none)
    count: dict[Aim, Callable[[_Asked], Counted]] = {
        "overall grades": _grades,
        "grades of a part": _grades,
        "audits finished in time": _finished,
        "discussions in time": _discussions,
        "actions done in time": _actions,
    }
    return count[goal.share_of](asked)


def _cycles(goal: Goal, period: Period, at: datetime) -> Sequence[Cycle]:
    """Those of the period, or all of its last one's calendar in the year up to it."""
    if goal.over == "cycle":
        return period.cycles
    last = period.last
    found = cycles_so_far(last.framework_key, last.year, on=timezone.localdate(at))
    return [one for one in found if one.calendar == last.calendar and one.opens_on <= last.opens_on]


def _grades(asked: _Asked) -> Counted:
    judged = judgements_of_record().filter(audit__in=asked.audits.done(), part=asked.goal.counted_part)
    return judged.exclude(grade__in={"", *asked.no_grades}), Q(grade__in=asked.goal.grades)


def _finished(asked: _Asked) -> Counted:
    due = asked.audits.exclude(counted_as("in hand", today=asked.on))
    return due, counted_as("on time", today=asked.on)


def _discussions(asked: _Asked) -> Counted:
    seen = Response.objects.reported_to(asked.reader, on=asked.on)
    due = seen.discussions().filter(audit__in=asked.audits).exclude(standing("in hand", asked.at))
    return due, standing("on time", asked.at)


def _actions(asked: _Asked) -> Counted:
    seen = Action.objects.reported_to(asked.reader, on=asked.on)
    agreed = seen.filter(response__audit__in=asked.audits).annotate(done_on=TruncDate("done_at"))
    return agreed.filter(Q(due_on__lt=asked.on) | Q(done_at__isnull=False)), Q(done_on__lte=F("due_on"))


def blocks_of(reached: Sequence[Reached], period: Period) -> list[Block]:
    """The table of this part."""
    rows = tuple(
        (
            Cell(f"{one.goal.title}: {one.unit_name}" if one.unit else one.goal.title),
            Cell(f"The {period.word}" if one.goal.over == "cycle" else "The year so far"),
            Cell(one.goal.aim[0].upper() + one.goal.aim[1:]),
            _figure(one, one.count, came_to="yes"),
            _figure(one, one.total),
            Cell(one.share, numeric=True),
            Cell(one.words),
        )
        for one in reached
    )
    numbers = (Cell(word, numeric=True) for word in ("Reached", "Of", "Share"))
    heads = (Cell("Goal"), Cell("Counted over"), Cell("Aimed at"), *numbers, Cell("Result"))
    return [Table("What was aimed at and what was reached", heads, rows, empty="There are no goals.")]


def _figure(one: Reached, count: int, **narrowed: str) -> Cell:
    """A number that leads to its audits."""
    return Cell(str(count), Slice(goal=one.name, unit=one.unit, **narrowed) if count else None, numeric=True)
