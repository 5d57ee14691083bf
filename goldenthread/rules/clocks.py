"""Clocks: when something is due, and the sentence that says why then.

The day of the event is day 0, as in section 10 of the Freedom of Information Act 2000 ("the twentieth
working day following the date of receipt"); what is due on a day is due at its last second in London.
Hours are elapsed time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from goldenthread.rules.calendars import Calendar, Holiday, describe_holidays, last_day_of
from goldenthread.rules.refusal import Refused

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)

Unit = Literal["hours", "working days", "calendar days", "weeks", "months", "working months"]
UNITS: dict[str, Unit] = {
    "hour": "hours",
    "working day": "working days",
    "calendar day": "calendar days",
    "day": "calendar days",
    "week": "weeks",
    "month": "months",
    "working month": "working months",
}
AT_ONCE = "immediately"
LENGTH = re.compile(r"([0-9]{1,4}) +((?:working |calendar )?[a-z]+?)s?", re.IGNORECASE)


@dataclass(frozen=True)
class Length:
    """How long a clock runs."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        """Say the length in words: "1 working day", "5 working days", "immediately"."""
        if self.number == 0:
            return AT_ONCE
        return f"{self.number} {self.unit if self.number != 1 else self.unit.removesuffix('s')}"


def parse_length(text: str) -> Length:
    """Read a length such as "5 working days" or "immediately"."""
    if " ".join(text.split()).lower() == AT_ONCE:
        return Length(0, "hours")
    match = LENGTH.fullmatch(" ".join(text.split()))
    unit = UNITS.get(match[2].lower()) if match else None
    if not match or not unit or int(match[1]) == 0:
        raise Refused(
            f"{text!r} is not a length of time. Write a number from 1 to 9999 and a unit: hours, "
            "working days, calendar days, weeks, months or working months, for example 5 working days; "
            "or write immediately."
        )
    return Length(int(match[1]), unit)


def _check_length(text: str) -> str:
    """Let pydantic report a length that cannot be read as a fault of the document."""
    try:
        parse_length(text)
    except Refused as refusal:
        raise ValueError(str(refusal)) from None
    return text


LengthText = Annotated[str, AfterValidator(_check_length)]


class ClockRule(BaseModel):
    """One clock of a framework: how long, from which event, by which calendar, and who owes the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    length: LengthText = Field(description='How long the clock runs, for example "5 working days".')
    starts: str = Field(min_length=1, description='The event it starts from, in a word or two: "receipt".')
    owed_by: str = Field(min_length=1, description="The role that owes what the clock asks for.")
    calendar: Literal["organisation", "england-and-wales", "scotland", "northern-ireland"] = Field(
        default="organisation", description="Whose holidays are skipped; the organisation's own unless said."
    )
    month_end: Literal["clamp"] = Field(
        default="clamp", description="A month from the 31st ends on the last day of a shorter month."
    )


@dataclass(frozen=True)
class Due:
    """When something is due, why then, and the holidays that were skipped."""

    at: datetime
    reason: str
    skipped: tuple[Holiday, ...] = ()


def due(length: Length | str, start: datetime, calendar: Calendar, event: str = "receipt") -> Due:
    """Return when a clock that starts now runs out, with its reason in words."""
    if start.tzinfo is None:
        raise TypeError("A clock starts at a moment with a time zone.")
    length = parse_length(length) if isinstance(length, str) else length
    try:
        start = start.astimezone(LONDON)
        if length.unit == "hours":
            return _due_in_hours(length, start, event)
        return _due_on_a_day(length, start.date(), calendar, event)
    except (OverflowError, ValueError):
        raise Refused(
            f"{length} from {start.date()} is past the end of the calendar. Give a shorter length."
        ) from None


def due_from(length: Length | str, day: date, calendar: Calendar, event: str) -> Due:
    """Return when a clock that starts on a day, at no known hour, runs out; hours count from its end."""
    return due(length, end_of(day), calendar, event)


def before(length: Length | str, day: date, calendar: Calendar) -> date:
    """Return the day that lies so long before another; hours are whole days, rounded up."""
    length = parse_length(length) if isinstance(length, str) else length
    if length.unit == "hours":
        return day - timedelta(days=-(-length.number // 24))
    return _back(length, day, calendar)


def warned_from(due_at: datetime, before: str, calendar: Calendar) -> datetime:
    """Return when something due begins to count as due soon: so long before, from the day's beginning."""
    length, due_at = parse_length(before), due_at.astimezone(LONDON)
    if length.unit == "hours":
        return due_at - timedelta(hours=length.number)
    return datetime.combine(_back(length, due_at.date(), calendar), time.min, LONDON)


def _back(length: Length, day: date, calendar: Calendar) -> date:
    """Count whole days back."""
    if length.unit == "working days":
        return calendar.add_working_days(day, -length.number)
    if length.unit == "months":
        return add_months(day, -length.number)
    if length.unit == "working months":
        day = add_months(day, -length.number)
        return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)
    return day - timedelta(days=length.number * (7 if length.unit == "weeks" else 1))


def until(day: date, event: str) -> Due:
    """Return the end of a day that something else sets: "the cycle closes on Monday 30 November"."""
    return Due(end_of(day), f"{event} on {_day_in_words(day)}")


def ahead_of(length: Length | str | None, day: date, event: str, calendar: Calendar) -> Due:
    """Return the end of the day so long before one that something else sets, or of that day itself."""
    if not length:
        return until(day, event)
    return Due(end_of(before(length, day, calendar)), f"{length} before {event} on {_day_in_words(day)}")


def end_of(day: date) -> datetime:
    """Return the last second of a day in London."""
    return datetime.combine(day, END_OF_DAY, LONDON)


def add_months(day: date, number: int) -> date:
    """Return the same day so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    last = last_day_of(year, month + 1)
    return last.replace(day=min(day.day, last.day))


def _due_in_hours(length: Length, start: datetime, event: str) -> Due:
    """Count elapsed hours, whatever the clocks on the wall do in between."""
    if length.number == 0:
        return Due(start, f"{AT_ONCE}, from {event} at {start:%H:%M} on {_day_in_words(start.date())}")
    at = (start.astimezone(UTC) + timedelta(hours=length.number)).astimezone(LONDON)
    reason = f"{length} from {event} at {start:%H:%M} on {_day_in_words(start.date())}"
    if start.utcoffset() != at.utcoffset():
        reason += "; the clocks change in between, and hours are elapsed time"
    return Due(at, reason)


def _due_on_a_day(length: Length, start: date, calendar: Calendar, event: str) -> Due:
    """Count whole days: due at the end of the last one."""
    reason = f"{length} from {event} on {_day_in_words(start)}"
    skipped: list[Holiday] = []
    if length.unit == "working days":
        day = calendar.add_working_days(start, length.number)
        skipped = calendar.holidays_between(start, day)
    elif length.unit in ("months", "working months"):
        day = add_months(start, length.number)
        if day.day < start.day:
            reason += f"; {day:%B} has no day {start.day}, so its last day counts"
        if length.unit == "working months" and not calendar.is_working_day(day):
            ends, day = day, calendar.add_working_days(day, 1)
            reason += f"; {_day_in_words(ends)} is no working day, so the next one counts"
            skipped = calendar.holidays_between(ends, day)
    else:
        day = start + timedelta(days=length.number * (7 if length.unit == "weeks" else 1))
    if skipped:
        reason += f"; {describe_holidays(skipped)}"
    return Due(end_of(day), reason, tuple(skipped))


def _day_in_words(day: date) -> str:
    """Say a day as people do: "Wednesday 23 December"."""
    return f"{day:%A} {day.day} {day:%B}"
