"""What was aimed at and what was reached, as a part of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from goldenthread.audits.models import AuditQuerySet
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Action, Response, standing
from goldenthread.measures.compliance import audits_owed, counted_as, cycles_so_far
from goldenthread.measures.slices import judgements_of_record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.reporting.blocks import Block, Cell, Table
from goldenthread.rules.flow import EXEMPT
from goldenthread.rules.goals import Goal
from goldenthread.rules.grade_rules import OVERALL
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, percent


@dataclass(frozen=True)
class Reached:
    """One goal and how many of how many came to it, as one reader may see it."""

    goal: Goal
    count: int
    total: int

    @property
    def words(self) -> str:
        """Whether it is met; nothing is said where nothing counts."""
        met = self.goal.is_met(self.count, self.total)
        return "Nothing to count yet" if met is None else "Met" if met else "Not met"

    @property
    def share(self) -> str:
        """How many of how many, with a percentage where there are enough."""
        if self.total < FEWEST_FOR_PERCENTAGE:
            return f"{self.count} of {self.total}"
        return f"{self.count} of {self.total} ({percent(self.count / self.total)})"


def goals_of(cycle: Cycle, *, reader: Person, at: datetime) -> list[Reached]:
    """Each goal of the cycle's framework; two statements a goal, however many audits there are."""
    on = timezone.localdate(at)
    goals = pack_of(cycle.version).goals.values()
    upto = [
        one
        for one in (cycles_so_far(cycle.framework_key, cycle.year, on=on) if goals else [])
        if one.calendar == cycle.calendar and one.opens_on <= cycle.opens_on
    ]
    return [_reached(goal, [cycle] if goal.over == "cycle" else upto, reader, at) for goal in goals]


@dataclass(frozen=True)
class _Asked:
    """A goal with the audits that it is about, as a reader may see them at a moment."""

    goal: Goal
    audits: AuditQuerySet
    reader: Person
    at: datetime

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


Counted = tuple[QuerySet, Q]
"""What counts at all, and which of it comes to the goal."""


def _reached(goal: Goal, cycles: Sequence[Cycle], reader: Person, at: datetime) -> Reached:
    owed = audits_owed(cycles, reader=reader, on=timezone.localdate(at))
    asked = _Asked(goal, owed.exclude(stopped_as=EXEMPT).filter(audit_type__in=goal.of), reader, at)
    counted, reached = {
        "overall grades": _grades,
        "audits finished in time": _finished,
        "discussions in time": _discussions,
        "actions done in time": _actions,
    }[goal.share_of](asked)
    return Reached(goal, counted.filter(reached).count(), counted.count())


def _grades(asked: _Asked) -> Counted:
    graded = judgements_of_record().filter(audit__in=asked.audits.done(), part=OVERALL).exclude(grade="")
    return graded, Q(grade__in=asked.goal.grades)


def _finished(asked: _Asked) -> Counted:
    due = asked.audits.exclude(counted_as("in hand", today=asked.on))
    return due, counted_as("on time", today=asked.on)


def _discussions(asked: _Asked) -> Counted:
    seen = Response.objects.visible_to(asked.reader, on=asked.on).reported_to(asked.reader, on=asked.on)
    due = seen.discussions().filter(audit__in=asked.audits).exclude(standing("in hand", asked.at))
    return due, standing("on time", asked.at)


def _actions(asked: _Asked) -> Counted:
    seen = Action.objects.visible_to(asked.reader, on=asked.on).reported_to(asked.reader, on=asked.on)
    agreed = seen.filter(response__audit__in=asked.audits).annotate(done_on=TruncDate("done_at"))
    return agreed.filter(Q(due_on__lt=asked.on) | Q(done_at__isnull=False)), Q(done_on__lte=F("due_on"))


def blocks_of(reached: Sequence[Reached]) -> list[Block]:
    """The table of this part."""
    rows = tuple(
        (
            Cell(one.goal.title),
            Cell("The cycle" if one.goal.over == "cycle" else "The year so far"),
            Cell(one.goal.aim[0].upper() + one.goal.aim[1:]),
            Cell(one.share, numeric=True),
            Cell(one.words),
        )
        for one in reached
    )
    heads = (
        Cell("Goal"),
        Cell("Counted over"),
        Cell("Aimed at"),
        Cell("Reached", numeric=True),
        Cell("Result"),
    )
    return [Table("What was aimed at and what was reached", heads, rows, empty="There are no goals.")]
