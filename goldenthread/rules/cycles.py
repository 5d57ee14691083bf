"""The year's calendar: which months have a cycle, when each opens and closes, and which are themed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import model_validator

from goldenthread.rules.calendars import Calendar, last_day_of
from goldenthread.rules.parts import Name, Part

Month = Literal[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTHS: tuple[str, ...] = Month.__args__  # type: ignore[attr-defined]
Edge = Literal["first working day", "last working day", "first day", "last day"]


class YearCalendar(Part):
    """Cycles of one month each, with months left out, edges, and months given to a theme."""

    cycle: Literal["month"]
    """How long a cycle is: always a month."""
    left_out: tuple[Month, ...] = ()
    """Months without a cycle."""
    opens: Edge
    """The day on which a cycle opens."""
    closes: Edge
    """The day on which it closes."""
    themed: tuple[Month, ...] = ()
    """Months given to a theme."""

    @model_validator(mode="after")
    def _themed_months_have_a_cycle(self) -> YearCalendar:
        if both := set(self.left_out) & set(self.themed):
            raise ValueError(f"{sorted(both)[0]} is left out, so it cannot be themed.")
        if len(set(self.left_out)) == 12:
            raise ValueError("Every month is left out; leave at least one in.")
        return self


@dataclass(frozen=True)
class CycleDates:
    """One cycle: its label (“2026-11”), its edges, and whether a theme takes it."""

    label: Name
    title: str
    opens_on: date
    closes_on: date
    themed: bool


def cycles_of(year: int, rule: YearCalendar, calendar: Calendar) -> list[CycleDates]:
    """The cycles of a calendar year in order."""
    return [
        cycle_of(year, month, rule, calendar)
        for month in range(1, 13)
        if MONTHS[month - 1] not in rule.left_out
    ]


def cycle_of(year: int, month: int, rule: YearCalendar, calendar: Calendar) -> CycleDates:
    """The cycle of one month."""
    name = MONTHS[month - 1]
    return CycleDates(
        label=f"{year}-{month:02}",
        title=f"{name} {year}",
        opens_on=_edge(rule.opens, year, month, calendar),
        closes_on=_edge(rule.closes, year, month, calendar),
        themed=name in rule.themed,
    )


def _edge(edge: Edge, year: int, month: int, calendar: Calendar) -> date:
    if edge == "first working day":
        return calendar.first_working_day(year, month)
    if edge == "last working day":
        return calendar.last_working_day(year, month)
    return date(year, month, 1) if edge == "first day" else last_day_of(year, month)
