"""Moderation: which finished audits are graded again, when, by whom, and what comes of it (WF-17, LA-5)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.agreement import Weights
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.cycles import CycleDates, Month, YearCalendar, cycles_of, year_of
from goldenthread.rules.draws import Case, inert
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.scales import Scale
from goldenthread.rules.spans import SpanText

STRATUM = "finished"
"""The one stratum of a draw of finished audits."""

Blind = Literal["no", "to grades", "to grades and answers"]


class ModerationRule(Part):
    """Finished audits that somebody else grades again: which, when, by whom, on which parts, and to what end.

    Whoever audited it, did the work that it looks at, or made and checked its report never moderates it.
    """

    title: Line
    """What people call it."""
    of: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that are moderated."""
    looks_back: SpanText = "3 months"
    """How long ago an audit may have been finished, on the day of the draw."""
    graded: Literal["any grade", "good or better", "below good", "lowest grade"] = "any grade"
    """Only audits whose overall grade is such, by the `good` mark of the scale."""
    number: int | None = Field(default=None, ge=1, le=1000)
    """How many are drawn; all of them unless this or `per_cent` is said."""
    per_cent: int | None = Field(default=None, ge=1, le=100)
    """Which share of them is drawn, rounded up."""
    each_auditor: int | None = Field(default=None, ge=1, le=100)
    """At least so many of each auditor, or all where they finished fewer. With `per_cent` the share is of
    each auditor's own, and this the least."""
    new_auditors: SpanText | None = None
    """Only audits of auditors whose first one of these kinds was finished no longer ago than this."""
    new_forms: SpanText | None = None
    """Only audits under a form that came into force no longer ago than this: with the version of the
    framework that was the first to have it as it is."""
    every: int | None = Field(default=None, ge=1, le=12)
    """Every how many cycles of the year it is done, such as 3: in the third, the sixth and so on."""
    cycles: tuple[Month, ...] = ()
    """The cycles in which it is done, each by the month with which it begins."""
    in_place_of: Name | None = None
    """The kind of audit in whose place it is done: in the cycles in which that makes way."""
    by: tuple[Name, ...] = Field(min_length=1)
    """The roles that moderate."""
    not_own_team: bool = True
    """Whether nobody moderates the work of a team in which they hold a post."""
    parts: tuple[Name, ...] = ()
    """The sections that are graded again, and `overall`; all that were graded unless said."""
    clock: Name
    """The clock of the task to moderate, from the day on which it is given to somebody."""
    blind: Blind = "to grades"
    """What the moderator does not see of the audit until their own grades are in."""
    meeting: bool = True
    """Whether the moderator meets the auditor."""
    stage: Name | None = None
    """The stage of grading at which the moderator's grades count; without it the grade of record stays."""
    weights: Weights = "linear"
    """How grades that lie close count when agreement is measured: not at all, the less the further apart
    they lie, or by the square of that."""

    @model_validator(mode="after")
    def _says_how_many_and_when(self) -> ModerationRule:
        if self.number is not None and self.per_cent is not None:
            raise ValueError("Say how many with “number” or with “per_cent”, not with both.")
        if self.number is not None and self.each_auditor is not None:
            raise ValueError("With “each_auditor” the number follows from the auditors; leave “number” out.")
        if sum((self.every is not None, bool(self.cycles), self.in_place_of is not None)) != 1:
            raise ValueError("Say when with exactly one of “every”, “cycles” and “in_place_of”.")
        return self

    def months(self, year: YearCalendar) -> tuple[str, ...]:
        """The months that begin the cycles in which it is done, by the calendar of its audits."""
        kept = [month for month in year.first_months() if month not in year.left_out]
        if self.cycles:
            return tuple(month for month in kept if month in self.cycles)
        if self.in_place_of is not None:
            return tuple(month for month in kept if year.in_place_of(self.in_place_of, month))
        return tuple(kept[(self.every or 1) - 1 :: self.every or 1])

    def size(self, eligible: int) -> int:
        """How many are drawn of so many."""
        if self.per_cent is not None:
            return math.ceil(eligible * self.per_cent / 100)
        return min(eligible, self.number or eligible)

    def size_of_auditor(self, eligible: int) -> int:
        """How many of one auditor's are drawn, where each gives at least some."""
        share = self.size(eligible) if self.per_cent is not None else 0
        return max(share, min(eligible, self.each_auditor or eligible))


def strata_of(rule: ModerationRule, frame: Sequence[Case]) -> list[tuple[str, int]]:
    """What is drawn from: all that was finished together, or what each auditor finished, by their ids."""
    eligible = Counter(one.stratum for one in frame if one.eligible)
    if rule.each_auditor is None:
        return [(STRATUM, rule.size(eligible[STRATUM]))]
    return [(auditor, rule.size_of_auditor(number)) for auditor, number in sorted(eligible.items())]


def cycle_due(rule: ModerationRule, year: YearCalendar, calendar: Calendar, on: date) -> CycleDates | None:
    """The latest cycle that has opened in which moderation is done; it stays due until the next one."""
    months, this_year = rule.months(year), year_of(on, year)
    found = [
        cycle
        for number in (this_year - 1, this_year)
        for cycle in cycles_of(number, year, calendar)
        if cycle.begins_in in months and cycle.opens_on <= on
    ]
    return found[-1] if found else None


@dataclass(frozen=True)
class Finished:
    """A finished audit as the frame knows it; of its auditor the opaque id."""

    number: str
    team: str
    grade: str
    moderated: bool = False
    disputed: bool = False
    auditor: str = ""
    new_auditor: bool = False
    new_form: bool = False


def frame_of(rule: ModerationRule, finished: Sequence[Finished], scale: Scale) -> list[Case]:
    """Every finished audit, eligible or left out with the reason."""
    rows = ((one, _left_out(rule, one, scale)) for one in finished)
    by_auditor = rule.each_auditor is not None
    return [
        Case(one.number, one.auditor if by_auditor else STRATUM, "", inert(one.team), not reason, reason)
        for one, reason in rows
    ]


def _left_out(rule: ModerationRule, one: Finished, scale: Scale) -> str:
    if one.moderated:
        return "it was drawn for this before"
    if one.disputed:
        return "something open holds it, such as a disagreement"
    if rule.new_auditors is not None and not one.new_auditor:
        return f"its auditor finished the first of this kind more than {rule.new_auditors} ago"
    if rule.new_forms is not None and not one.new_form:
        return f"its form came into force more than {rule.new_forms} ago"
    if rule.graded == "any grade":
        return ""
    if scale.rank(one.grade) is None:
        return "it has no overall grade"
    if rule.graded == "lowest grade":
        fits = one.grade == scale.graded()[-1].key
    else:
        fits = scale.is_good(one.grade) == (rule.graded == "good or better")
    return "" if fits else f"only audits of this kind are moderated: {rule.graded}"
