"""Pauses: how the time of a clock goes on after it stood still, in the clock's own days or hours.

What is paused twice at once is counted once, and what lies after a clock has run out is no pause of it.
Of a clock of days a pause counts from the day after it began, as a clock does, to the day on which it ended.
Hours are elapsed time, so of a clock of hours it counts from its moment, to the end of the day on which it
ended: while it goes on, the day is then shown later once a day and not at every look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from pydantic import Field

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import LONDON, Due, Length, end_of
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.refusal import Refused

SAID = "; paused for "
"""What begins the sentence about pauses in the reason of a due date."""
FURTHEST = timedelta(days=3660)
TOO_LONG = "The clock stands still for more than ten years. Give an end to what pauses it."
DISPUTE, LEAVE, RECORDED = "a dispute", "leave", "a recorded reason"
"""What can pause a clock."""


class PauseRule(Part):
    """Who may let a clock of an audit, its parts or what follows it stand still, why, and for how long.

    It is for clocks that name “a recorded reason” under `paused_by`.
    """

    by: tuple[Name, ...] = Field(min_length=1)
    """The roles that may pause a clock and end the pause."""
    reasons: dict[Name, Line] = Field(min_length=1)
    """The reasons to choose among, by name; each pause says more in words."""
    at_most_working_days: int | None = Field(default=None, ge=1, le=500)
    """On how many working days in all one clock may be paused so; without it, on as many as are recorded."""


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stands still: those after the first one named, the last one included.

    `since` is the moment at which it began, where it is known and not the first moment of its first day.
    """

    after: date
    until: date
    why: str
    since: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the clock stands still on that day."""
        return self.after < day <= self.until

    def span(self) -> tuple[datetime, datetime]:
        """From when and until when hours stand still; nothing where it is over before it begins."""
        begins = self.since or _beginning_of(self.after + timedelta(days=1))
        return begins.astimezone(UTC), _beginning_of(self.until + timedelta(days=1)).astimezone(UTC)


def paused(due: Due, length: Length, pauses: Iterable[Pause], *, start: datetime, calendar: Calendar) -> Due:
    """Return when a clock runs out that stood still meanwhile, with the reason.

    As many of its days, or as much of its hours, as were lost are added, in time in which it does not stand
    still. Raises `Refused` where no calendar reaches, or after ten years.
    """
    if length.unit == "hours":
        return _in_hours(due, pauses, start)
    return _in_days(due, length, pauses, start.astimezone(LONDON).date(), calendar)


def within(pauses: Iterable[Pause], at_most: int | None, calendar: Calendar) -> list[Pause]:
    """Return the pauses, the first to begin first, as far as they cover so many working days in all."""
    found, left = [], at_most
    for one in sorted(pauses, key=lambda one: (one.after, one.until)):
        if left is None or one.after >= one.until:
            found.append(one)
            continue
        until = one.until
        if calendar.working_days_between(one.after, until) > left:
            until = calendar.add_working_days(one.after, left)
        left -= calendar.working_days_between(one.after, until)
        found.append(replace(one, until=until))
    return found


def _in_days(due: Due, length: Length, pauses: Iterable[Pause], start: date, calendar: Calendar) -> Due:
    pauses = [one for one in pauses if one.after < one.until]
    works = length.unit == "working days"
    day, lost, in_all, used = start, 0, 0, set()
    base = due.at.date()

    def standing(on: date) -> list[Pause]:
        return [one for one in pauses if one.covers(on)] if not works or calendar.is_working_day(on) else []

    while day < base or lost:
        day += timedelta(days=1)
        if day - base > FURTHEST:
            raise Refused(TOO_LONG)
        still = standing(day)
        used |= {one.why for one in still}
        in_all += bool(still)
        if day <= base:
            lost += bool(still)
        elif not still and (not works or calendar.is_working_day(day)):
            lost -= 1
    if not in_all:
        return due
    if length.unit == "working months" and not calendar.is_working_day(day):
        day = calendar.add_working_days(day, 1)
    days = f"{in_all} {'working ' if works else ''}day{'' if in_all == 1 else 's'}"
    return Due(end_of(day), _because(due, days, pauses, used), due.skipped)


def _in_hours(due: Due, pauses: Iterable[Pause], start: datetime) -> Due:
    pauses = sorted(pauses, key=lambda one: one.span())
    now, lost, used = start.astimezone(UTC), timedelta(), set()
    left = due.at.astimezone(UTC) - now
    for one in pauses:
        begins, ends = one.span()
        runs = max(begins - now, timedelta())
        if runs >= left:
            break
        if ends <= max(begins, now):
            continue
        left -= runs
        lost += ends - (now + runs)
        now = ends
        used.add(one.why)
    if not used:
        return due
    if lost > FURTHEST:
        raise Refused(TOO_LONG)
    at = (now + left).astimezone(LONDON)
    return Due(at, _because(due, _elapsed(lost), pauses, used), due.skipped)


def _because(due: Due, how_long: str, pauses: Sequence[Pause], used: set[str]) -> str:
    whys = dict.fromkeys(one.why for one in pauses if one.why in used)
    return f"{due.reason}{SAID}{how_long}: {', '.join(whys)}"


def _elapsed(time: timedelta) -> str:
    hours, minutes = divmod(round(time / timedelta(minutes=1)), 60)
    counted = [f"{hours} hour{'' if hours == 1 else 's'}"] * bool(hours)
    return " ".join(counted + [f"{minutes} minute{'' if minutes == 1 else 's'}"] * bool(minutes or not hours))


def _beginning_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)
