"""Reports: over which period, of what, about whom, for whom, with which names and numbers, and who signs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.breakdowns import Breakdown
from goldenthread.rules.calendars import Calendar, in_words
from goldenthread.rules.cycles import LENGTHS, CycleDates, Month, YearCalendar, cycle_on
from goldenthread.rules.parts import Line, Name, Part

ReportPart = Literal[
    "audited",
    "grades",
    "scores",
    "stages",
    "teams",
    "before",
    "coverage",
    "goals",
    "themes",
    "sources",
    "causes",
    "severities",
    "breakdowns",
    "good practice",
    "follow-up",
    "moderation",
    "late and missing",
]
OF_EVERYBODY = ("teams", "coverage", "goals", "follow-up", "moderation")
"""Parts that say nothing of one person."""
CYCLE, ALL, AUDITOR = "cycle", "all", "an auditor"


class Report(Part):
    """The report of each cycle: its title and its parts in order; those who may see reports read it."""

    title: Line
    """The report's title."""
    parts: tuple[ReportPart, ...] = Field(min_length=1)
    """Its parts, in their order."""
    breakdowns: tuple[Breakdown, ...] = Field(default=(), max_length=12)
    """What the part `breakdowns` tells the audits apart by, in their order."""
    signed_off: Name | None = None
    """The clock within which it is signed off, from the day on which the cycle closes or the period ends;
    whoever owes it signs, and copies are owed from then. Without it, nobody signs it."""
    without_names: bool = False
    """Whether it names nobody, nor its figures: a role's word stands for each person. Of the cycle's own it
    also goes for spreadsheets, compliance and coverage."""


class PeriodReport(Report):
    """A further report: over the cycles that close within a period, for its own readers.

    Its clocks run from the last day of the period.
    """

    period: Literal["cycle", "quarter", "half-year", "year"]
    """Over how long; quarters and halves are counted from the month with which the year begins."""
    about: Literal["all", "an auditor", "a practitioner"] = "all"
    """Of everybody's audits, or of one person's at a time: those that they audited, or those of their work.
    One about a person is read by that person, and by those whose post lets them see the audits."""
    readers: tuple[Name, ...] = ()
    """The roles that read it; all who may see reports unless said."""
    fewest: int | None = Field(default=None, ge=2, le=50)
    """Numbers below this are not shown, nor what would give them away; without it all are."""

    @model_validator(mode="after")
    def _is_of_one_or_of_all(self) -> PeriodReport:
        if self.fewest and "late and missing" in self.parts:
            raise ValueError(
                "“late and missing” lists single audits, which “fewest” keeps out; leave one of the two out."
            )
        if self.about == ALL:
            return self
        if self.readers:
            raise ValueError(
                "A report about a person is read by them and by those who may see the audits; leave "
                "“readers” out."
            )
        if found := [part for part in self.parts if part in OF_EVERYBODY]:
            raise ValueError(f"These parts say nothing of one person; leave out: {in_words(found)}.")
        return self


def dates_of(period: str, day: date, begins: Month) -> CycleDates:
    """The quarter, half or year in which a day falls, of a year that begins with a month."""
    rule = YearCalendar(cycle=period, begins=begins, opens="first day", closes="last day")
    found = cycle_on(day, rule, Calendar())
    assert found is not None  # nothing is left out  # noqa: S101
    return found


def is_long_enough(report: PeriodReport, calendars: Iterable[YearCalendar]) -> bool:
    """Whether a cycle of some calendar is no longer than the report's period."""
    return report.period == CYCLE or any(one.months <= LENGTHS[report.period] for one in calendars)
