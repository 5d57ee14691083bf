"""The day on which a framework has open cases counted, named so that a pack can say it of every period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from goldenthread.rules.calendars import Calendar, last_day_of
from goldenthread.rules.cycles import YearCalendar, first_day_of, quarter_of, year_of

Day = Literal[
    "first day of the period",
    "first day of the quarter",
    "first day of the year",
    "last day of the month before",
    "last working day of the month before",
    "last day of the quarter before",
    "last working day of the quarter before",
    "today",
]


def needs_working_days(named: Day) -> bool:
    """Whether bank holidays and closed days decide which day it is."""
    return "working" in named


def day_called(named: Day, *, period: date, rule: YearCalendar, today: date, working: Calendar) -> date:
    """The day so named for a period that begins on a day, by the quarters and years of a calendar.

    Never later than today, on which it is asked: what will be open is not known. “The month before” is the
    one before the month in which the period begins, and so is “the quarter before”.
    """
    found = {"first day of the period": period, "today": today}.get(named) or _around(
        named, period, rule, working
    )
    return min(found, today)


def _around(named: Day, period: date, rule: YearCalendar, working: Calendar) -> date:
    """A day that the month, quarter or year around the beginning of a period gives."""
    quarter = quarter_of(period, rule)
    if named == "first day of the year":
        return first_day_of(year_of(period, rule), rule)
    if named == "first day of the quarter":
        return quarter
    named_by = period - timedelta(days=period.weekday()) if rule.is_weekly else period
    end = (quarter if "quarter" in named else named_by.replace(day=1)) - timedelta(days=1)
    if needs_working_days(named):
        return working.last_working_day(end.year, end.month)
    return last_day_of(end.year, end.month)


def on_day(named: Day) -> str:
    """The end of “cases open …”."""
    return "today" if named == "today" else f"on the {named}"
