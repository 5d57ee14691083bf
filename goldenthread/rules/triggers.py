"""Triggers: audits that something leads to, instead of a calendar; which day it means, and when it is due."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import model_validator

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import Due, LengthText, before, due_from, until
from goldenthread.rules.conditions import Condition
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.spans import SpanText, parse_span, span_after

Happening = Literal["a supervision", "an incident", "a closure", "a day", "an audit completed"]
YEARS = 30
"""How many anniversaries are counted."""
RECORDED = ("a supervision", "an incident")
"""What people record on screen; the other things are read from the caseload and the audits."""


class Trigger(Part):
    """Something that leads to an audit by itself, however often it happens.

    A supervision leads to an audit of one of the worker's own cases, chosen by the selection rule of the
    kind of audit, in its order; anything else to an audit of the case that it is about.
    """

    title: Line
    """What people call it; shown as the reason for the audit."""
    on: Happening
    """What happens: a supervision or an incident, which people record; a case's closure; a day that is known
    of a case; or an audit completed."""
    fact: Name | None = None
    """With `a day`: the fact whose day it is, such as a review date; `opened` and `allocated` are known."""
    each_year: bool = False
    """With `a day`: whether each anniversary of that day counts, and not the day itself."""
    kinds: tuple[Line, ...] = ()
    """With `an incident`: the kinds of incident that people may record and that count."""
    of: tuple[Name, ...] = ()
    """With `an audit completed`: the kinds of audit that count."""
    audit_type: Name
    """The kind of audit that follows; its cycles are of a calendar that is `continuous`."""
    when: Condition | None = None
    """Only if this holds of the case on that day; a supervision is about no one case and takes none."""
    after: LengthText | None = None
    """How long after that day the audit is sent; at once unless said."""
    before: LengthText | None = None
    """How long before that day the audit is sent; only where the day is known beforehand."""
    due: LengthText | None = None
    """How long after that day the audit is due; without it, by the end of that day."""
    times: Literal["each time", "once"] = "each time"
    """Whether each time leads to an audit, or the first alone, of the same case or worker."""
    at_most_every: SpanText | None = None
    """How long after the last time that counted another of the same case or worker does not."""

    @model_validator(mode="after")
    def _says_what_fits(self) -> Trigger:
        for key, only, needed in (
            ("fact", "a day", True),
            ("kinds", "an incident", True),
            ("of", "an audit completed", True),
        ):
            given = bool(getattr(self, key))
            if given and self.on != only:
                raise ValueError(f"“{key}” belongs to “{only}”; leave it out.")
            if needed and not given and self.on == only:
                raise ValueError(f"Say with “{key}” which {only.split(' ', 1)[1]} is meant.")
        if (self.each_year or self.before) and self.on != "a day":
            raise ValueError("Only “a day” comes each year or is known beforehand; leave that out.")
        if self.when and self.on == "a supervision":
            raise ValueError("A supervision is about no one case; put the condition into the selection rule.")
        if self.before and (self.after or self.due):
            raise ValueError("Sent before the day, the audit is due by its end; leave “after” and “due” out.")
        if not self.before and not self.due:
            raise ValueError("Say with “due” how long after that day the audit is due.")
        return self

    @property
    def is_recorded(self) -> bool:
        """Whether people record it on screen."""
        return self.on in RECORDED

    @property
    def about_a_worker(self) -> bool:
        """Whether it is about a worker, one of whose cases is chosen."""
        return self.on == "a supervision"

    def sent_from(self, day: date, calendar: Calendar) -> date:
        """The day from which the audit is sent, for something that happened on a day."""
        if self.before:
            return before(self.before, day, calendar)
        return due_from(self.after, day, calendar, self.title).at.date() if self.after else day

    def due_by(self, day: date, calendar: Calendar) -> Due:
        """When the audit is due, and why then."""
        event = self.title[0].lower() + self.title[1:]
        return due_from(self.due, day, calendar, event) if self.due else until(day, self.title)

    def sentence(self) -> str:
        """When the audit is sent and due, in words."""
        day = {
            "a day": f"the day of “{self.fact}”"
            if not self.each_year
            else f"each anniversary of “{self.fact}”"
        }
        event = day.get(self.on, self.on)
        if self.kinds:
            event += f" ({', '.join(self.kinds)})"
        sent = (
            f"{self.before} before {event}"
            if self.before
            else f"{self.after} after {event}"
            if self.after
            else event
        )
        said = f"Sent with {sent}" if not (self.before or self.after) else f"Sent {sent}"
        said += f", due {self.due} after it" if self.due else ", due by the end of that day"
        limit = f", at most every {self.at_most_every}" if self.at_most_every else ""
        return f"{said}; {self.times}{limit}"


def not_owed(trigger: Trigger, day: date, earlier: Iterable[date]) -> str:
    """Why something that happened on a day leads to no audit, given the days that counted; else empty."""
    days = sorted(earlier)
    if trigger.times == "once" and days:
        return f"this counts once, and it counted on {days[0]:%-d %B %Y}"
    if trigger.at_most_every:
        span = parse_span(trigger.at_most_every)
        for one in days:
            first, last = min(one, day), max(one, day)
            if last < span_after(span, first):
                return f"another counted on {one:%-d %B %Y}, less than {trigger.at_most_every} away"
    return ""


def sources_of(day: date, *, each_year: bool) -> list[date]:
    """The days whose own day, or whose anniversary, is this one; 29 February has its own on the 28th."""
    if not each_year:
        return [day]
    found = [date(year, day.month, day.day) for year in range(day.year - YEARS, day.year) if _is(year, day)]
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        found += [date(year, 2, 29) for year in range(day.year - YEARS, day.year) if isleap(year)]
    return found


def _is(year: int, day: date) -> bool:
    return (day.month, day.day) != (2, 29) or isleap(year)
