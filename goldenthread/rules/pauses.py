"""Pauses: how the time of a clock goes on after it stood still, in the clock's own days.

A day that lies in several pauses is counted once, and a pause begins to count the day after it began,
as a clock does; one that began and ended on one day changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import Due, Length, end_of
from goldenthread.rules.refusal import Refused

SAID = "; paused for "
"""What begins the sentence about pauses in the reason of a due date."""
FURTHEST = timedelta(days=3660)


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stands still: those after the first one named, the last one included."""

    after: date
    until: date
    why: str

    def covers(self, day: date) -> bool:
        """Whether the clock stands still on that day."""
        return self.after < day <= self.until


def paused(due: Due, length: Length, pauses: Iterable[Pause], *, start: date, calendar: Calendar) -> Due:
    """Return when a clock of days runs out that stood still meanwhile, with the reason.

    As many of its days as were lost are added, each a day on which it does not stand still. What lies
    after it has run out is no pause of it. Raises `Refused` where no calendar reaches, or after ten years.
    """
    pauses = [one for one in pauses if one.after < one.until]
    works = length.unit == "working days"
    day, lost, in_all, used = start, 0, 0, set()
    base = due.at.date()

    def standing(on: date) -> list[Pause]:
        return [one for one in pauses if one.covers(on)] if not works or calendar.is_working_day(on) else []

    while day < base or lost:
        day += timedelta(days=1)
        if day - base > FURTHEST:
            raise Refused("The clock stands still for more than ten years. Give an end to what pauses it.")
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
    whys = list(dict.fromkeys(one.why for one in pauses if one.why in used))
    return Due(end_of(day), f"{due.reason}{SAID}{days}: {', '.join(whys)}", due.skipped)
