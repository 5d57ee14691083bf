"""The year's calendar: which cycles it has, when each opens and closes, which are themed, what makes way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.calendars import Calendar, in_words, last_day_of
from goldenthread.rules.clocks import LengthText
from goldenthread.rules.parts import Line, Name, Part

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
Length = Literal["week", "month", "two months", "quarter", "half-year", "year"]
LENGTHS: dict[str, int] = {"week": 0, "month": 1, "two months": 2, "quarter": 3, "half-year": 6, "year": 12}
"""How many whole months each length of cycle has."""
LETTERS = {"two months": "P", "quarter": "Q", "half-year": "H"}
"""What stands before the number of a cycle in its label, where the label is not the month itself."""

_LABEL = re.compile(r"(?:[A-Z]{1,4}-)?(?P<year>\d{4})(?:-(?P<letter>[A-Z]?)(?P<number>\d{1,2}))?")


class SwapOut(Part):
    """Cycles in which some kinds of audit make way for something else."""

    cycles: tuple[Month, ...] = Field(min_length=1)
    """The cycles, each by the month with which it begins."""
    of: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that are not done in them."""
    because: Line
    """What takes their place; shown on the cycle's page."""


class Extension(Part):
    """Who may give longer for an audit than its cycle, and how long after it closes at the most."""

    by: tuple[Name, ...] = Field(min_length=1)
    """The roles that may give it."""
    at_most: LengthText | None = None
    """How long after the cycle closes; without it, as long as is needed."""


class YearCalendar(Part):
    """Cycles of one length, with some left out, their edges, those given to a theme, and what makes way.

    A cycle is named by the month with which it begins: in a calendar year, “July” is the third quarter. A
    week is of the month, the quarter and the year of its Monday, so “July” is every week that begins in it.
    One without a working day is no cycle where it would open or close on one.
    """

    cycle: Length
    """How long a cycle is."""
    begins: Month = "January"
    """The month with which the year begins, such as April for a financial year."""
    left_out: tuple[Month, ...] = ()
    """Months without a cycle; of other cycles, those that begin with them and are left out."""
    opens: Edge
    """The day on which a cycle opens."""
    closes: Edge
    """The day on which it closes."""
    themed: tuple[Month, ...] = ()
    """Cycles given to a theme."""
    swap_outs: tuple[SwapOut, ...] = ()
    """Cycles in which kinds of audit make way for something else."""
    continuous: bool = False
    """Whether its audits go out one by one, as triggers say; each counts for the cycle in which it was to be
    sent, and nothing is drawn or sent for the cycle as a whole."""
    extension: tuple[Extension, ...] = ()
    """Who may give an auditor longer, and how long; without it, nobody."""
    mark: str = Field(default="", pattern=r"^[A-Z]{0,4}$")
    """Capital letters before its cycles' labels, where another calendar has cycles of the same length."""

    @model_validator(mode="after")
    def _says_what_can_be(self) -> YearCalendar:
        known = self.first_months()
        for month in (*self.left_out, *self.themed, *(one for swap in self.swap_outs for one in swap.cycles)):
            if month not in known:
                raise ValueError(
                    f"No cycle begins with {month}; the cycles of this year begin with {in_words(known)}."
                )
        if both := set(self.left_out) & set(self.themed):
            raise ValueError(f"{sorted(both)[0]} is left out, so it cannot be themed.")
        for swap in self.swap_outs:
            if both := set(self.left_out) & set(swap.cycles):
                raise ValueError(f"{sorted(both)[0]} is left out, so nothing makes way in it.")
        if self.continuous and (self.left_out or self.themed or self.swap_outs):
            raise ValueError("Things happen in every cycle; leave out “left_out”, “themed” and “swap_outs”.")
        if self.opens.startswith("last") and self.closes.startswith("first"):
            raise ValueError("A cycle cannot close before it opens; let it open on a first day.")
        if set(self.left_out) == set(known):
            raise ValueError("Every cycle is left out; leave at least one in.")
        return self

    @property
    def months(self) -> int:
        """How many whole months a cycle has; a week has none."""
        return LENGTHS[self.cycle]

    @property
    def is_weekly(self) -> bool:
        return self.cycle == "week"

    def first_months(self) -> list[str]:
        """The months with which the cycles of a year begin, in order, those left out included."""
        start = MONTHS.index(self.begins)
        return [MONTHS[(start + step) % 12] for step in range(0, 12, self.months or 1)]

    def in_place_of(self, audit_type: str, opens_in: str) -> str:
        """What takes the place of a kind of audit in the cycle that begins with a month; empty if nothing."""
        for swap in self.swap_outs:
            if audit_type in swap.of and opens_in in swap.cycles:
                return swap.because
        return ""


@dataclass(frozen=True)
class CycleDates:
    """One cycle: its label (“2026-11”, “2026-Q4”, “2026-W05”), its year, its edges, whether it is themed."""

    label: Name
    title: str
    year: int
    begins_in: str
    opens_on: date
    closes_on: date
    themed: bool


def cycles_of(year: int, rule: YearCalendar, calendar: Calendar) -> list[CycleDates]:
    """The cycles of a year in order; a year is known by the calendar year in which it begins."""
    if rule.is_weekly:
        mondays = _mondays(first_day_of(year, rule), first_day_of(year + 1, rule))
        return [cycle for monday in mondays if (cycle := _week(monday, rule, calendar))]
    return [
        _cycle(year, place, rule, calendar)
        for place, month in enumerate(rule.first_months())
        if month not in rule.left_out
    ]


def cycle_on(day: date, rule: YearCalendar, calendar: Calendar) -> CycleDates | None:
    """The cycle in whose months or week a day falls; None if it is left out."""
    if rule.is_weekly:
        return _week(_monday(day), rule, calendar)
    place = _place(day, rule)
    left_out = rule.first_months()[place] in rule.left_out
    return None if left_out else _cycle(year_of(day, rule), place, rule, calendar)


def month_of(day: date, rule: YearCalendar) -> str:
    """The month that names the cycle in which a day falls, whether it is left out or not."""
    return rule.first_months()[_place(_monday(day) if rule.is_weekly else day, rule)]


def year_of(day: date, rule: YearCalendar) -> int:
    """The year that a day belongs to, known by the calendar year in which it begins."""
    day = _monday(day) if rule.is_weekly else day
    return day.year if day.month > MONTHS.index(rule.begins) else day.year - 1


def begun_by(label: str, rule: YearCalendar) -> tuple[str, int] | None:
    """The month with which the cycle of a label begins, and its year; None where it is no cycle's label.

    A label says how long its cycle is, so that one of a calendar of another length is read too; of the rule
    the month with which the year begins is asked alone.
    """
    said = _LABEL.fullmatch(label)
    if said is None:
        return None
    year, number, letter = int(said["year"]), int(said["number"] or 1), said["letter"] or ""
    if letter == "W":
        monday = date.fromisocalendar(year, number, 1)
        return MONTHS[monday.month - 1], year_of(monday, rule)
    if said["number"] and not letter:
        return MONTHS[number - 1], year_of(date(year, number, 1), rule)
    months = next((LENGTHS[name] for name, one in LETTERS.items() if one == letter), 0)
    return MONTHS[(MONTHS.index(rule.begins) + (number - 1) * months) % 12], year


def facts_of_cycle(label: str, rule: YearCalendar) -> dict[str, str | int]:
    """What conditions may ask of the cycle of a label, by the names of the facts."""
    found = begun_by(label, rule)
    return {"month of the cycle": found[0], "year of the cycle": found[1]} if found else {}


def first_day_of(year: int, rule: YearCalendar) -> date:
    """The day with which a year begins."""
    return date(year, MONTHS.index(rule.begins) + 1, 1)


def quarter_of(day: date, rule: YearCalendar) -> date:
    """The first day of the quarter that a day is in, counted from the beginning of the year."""
    day = _monday(day) if rule.is_weekly else day
    months = (day.month - 1 - MONTHS.index(rule.begins)) % 12 % 3
    back = day.year * 12 + day.month - 1 - months
    return date(back // 12, back % 12 + 1, 1)


def year_title(year: int, rule: YearCalendar) -> str:
    """The year as people write it: “2026”, or “2026/27” where it does not begin in January."""
    return f"{year}" if rule.begins == "January" else f"{year}/{(year + 1) % 100:02}"


def sentences(rule: YearCalendar) -> list[str]:
    """The calendar in words."""
    said = "One cycle a month" if rule.months == 1 else f"One cycle each {rule.cycle}"
    if rule.cycle == "two months":
        said = "One cycle every two months"
    year = "" if rule.begins == "January" else f" of a year that begins in {rule.begins}"
    without = f", except {_which(rule, rule.left_out)}" if rule.left_out else ""
    if rule.continuous:
        return [
            f"{said}{year}, by which audits are counted that go out one by one as things happen.",
            "Nothing is drawn or sent for the whole.",
        ]
    edges = f"Each opens on the {rule.opens} and closes on the {rule.closes} of its months."
    if rule.months <= 1:
        edges = f"Each opens on the {rule.opens} of its {rule.cycle} and closes on the {rule.closes}."
    theme = "No month is given to a theme." if rule.months == 1 else "None is given to a theme."
    if rule.themed:
        theme = f"{_capital(_which(rule, rule.themed).removeprefix('in '))} are given to a theme."
    longer = [
        f"Longer may be given by the {' or the '.join(one.by)}"
        + (f", for {one.at_most} at the most." if one.at_most else ", as long as is needed.")
        for one in rule.extension
    ]
    return [f"{said}{year}{without}. {edges}", theme, *longer]


def _place(day: date, rule: YearCalendar) -> int:
    """The place of a day among the first months of the year, counted from 0."""
    return (day.month - 1 - MONTHS.index(rule.begins)) % 12 // (rule.months or 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(first: date, end: date) -> Iterator[date]:
    """The Mondays from a day, up to but not on another."""
    monday = _monday(first + timedelta(days=6))
    while monday < end:
        yield monday
        monday += timedelta(weeks=1)


def _week(monday: date, rule: YearCalendar, calendar: Calendar) -> CycleDates | None:
    """The cycle of a week, labelled by its number in ISO 8601; None if it is left out."""
    name, number = MONTHS[monday.month - 1], monday.isocalendar()
    days = [monday + timedelta(days=number) for number in range(7)]
    opens, closes = (_day_of(days, edge, calendar) for edge in (rule.opens, rule.closes))
    if name in rule.left_out or opens is None or closes is None:
        return None
    return CycleDates(
        label=f"{rule.mark}-{number.year}-W{number.week:02}".removeprefix("-"),
        title=f"Week of {monday.day} {name} {monday.year}",
        year=year_of(monday, rule),
        begins_in=name,
        opens_on=opens,
        closes_on=closes,
        themed=name in rule.themed,
    )


def _day_of(days: list[date], edge: Edge, calendar: Calendar) -> date | None:
    """The day of a week that an edge names; None if it is to be a working day and none is."""
    found = [day for day in days if calendar.is_working_day(day)] if "working" in edge else days
    return found[0 if edge.startswith("first") else -1] if found else None


def _which(rule: YearCalendar, months: Iterable[str]) -> str:
    return f"in {in_words(months)}" if rule.months == 1 else f"those that begin in {in_words(months)}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _cycle(year: int, place: int, rule: YearCalendar, calendar: Calendar) -> CycleDates:
    """The cycle at a place of the year, counted from 0."""
    first = MONTHS.index(rule.begins) + place * rule.months
    last = first + rule.months - 1
    opening, closing = (year + first // 12, first % 12 + 1), (year + last // 12, last % 12 + 1)
    name = MONTHS[first % 12]
    return CycleDates(
        label=f"{rule.mark}-{_label(year, place, rule, opening)}".removeprefix("-"),
        title=_title(opening, closing, rule),
        year=year,
        begins_in=name,
        opens_on=_edge(rule.opens, opening, closing, calendar),
        closes_on=_edge(rule.closes, opening, closing, calendar),
        themed=name in rule.themed,
    )


def _label(year: int, place: int, rule: YearCalendar, opening: tuple[int, int]) -> str:
    if rule.cycle == "month":
        return f"{opening[0]}-{opening[1]:02}"
    return f"{year}-{LETTERS[rule.cycle]}{place + 1}" if rule.cycle in LETTERS else f"{year}"


def _title(opening: tuple[int, int], closing: tuple[int, int], rule: YearCalendar) -> str:
    first, last = f"{MONTHS[opening[1] - 1]} {opening[0]}", f"{MONTHS[closing[1] - 1]} {closing[0]}"
    if rule.months == 1:
        return first
    if opening[0] == closing[0]:
        return f"{opening[0]}" if rule.months == 12 else f"{MONTHS[opening[1] - 1]} to {last}"
    return f"{first} to {last}"


def _edge(edge: Edge, opening: tuple[int, int], closing: tuple[int, int], calendar: Calendar) -> date:
    """A day that begins with “first” is of the first month, another of the last."""
    if edge == "first working day":
        return calendar.first_working_day(*opening)
    if edge == "last working day":
        return calendar.last_working_day(*closing)
    return date(*opening, 1) if edge == "first day" else last_day_of(*closing)
