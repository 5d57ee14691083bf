"""Re-audits: which finished audits are looked at again, when, and what share or number of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition
from goldenthread.rules.cycles import YearCalendar, first_day_of, quarter_of, year_of
from goldenthread.rules.draws import Case, Draw, draw, inert
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.spans import SpanText, parse_span, span_after

STRATUM = "qualifies to be looked at again"
NOT_CHOSEN = "it was not chosen by lot"
DRAWN = "took part in an earlier draw of this cycle"


class ReauditRule(Part):
    """When a finished audit of these types is looked at again, as which type, and not before when."""

    after: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that may be looked at again."""
    when: Condition
    """Only if this holds of the finished audit."""
    type: Name
    """The kind of audit that follows."""
    not_before: SpanText
    """How long after the audit was finished, at the least."""
    not_after: SpanText | None = None
    """How long after it was finished, at the most: a cycle that opens later does not place it any more, and
    says so. Without it, it stays due until it is placed."""
    because: Line
    """The reason shown."""
    share: int = Field(default=100, ge=1, le=100)
    """How many in a hundred of those that qualify in a cycle come, rounded up; a seed chooses which, and the
    rest are recorded as not chosen."""
    number: int | None = Field(default=None, ge=1, le=1000)
    """How many come in each period of `each`, instead of a share; a seed chooses which."""
    each: Literal["cycle", "quarter", "year"] = "cycle"
    """The period of `number`, by the calendar of the audits that follow. What was chosen in earlier cycles of
    the same quarter or year counts."""

    @model_validator(mode="after")
    def _says_how_many_in_one_way(self) -> ReauditRule:
        if self.number is not None and "share" in self.model_fields_set:
            raise ValueError("Say how many with “share” or with “number”, not with both.")
        if self.number is None and "each" in self.model_fields_set:
            raise ValueError("“each” says how often the “number” comes; say the number, or leave it out.")
        return self

    @model_validator(mode="after")
    def _leaves_time(self) -> ReauditRule:
        day = date(2026, 1, 31)
        first = span_after(parse_span(self.not_before), day)
        last = span_after(parse_span(self.not_after), day) if self.not_after else date.max
        if last <= first:
            raise ValueError("“not_after” is no later than “not_before”, so nothing could be placed.")
        return self

    def too_late(self, finished_on: date, opens_on: date) -> date | None:
        """The last day for it, if a cycle that opens on a day comes after that; None while there is time."""
        if self.not_after is None:
            return None
        last = span_after(parse_span(self.not_after), finished_on)
        return last if opens_on > last else None

    @property
    def is_drawn(self) -> bool:
        """Whether a seed decides which of those that qualify come."""
        return self.share < 100 or self.number is not None

    def begins(self, opens_on: date, calendar: YearCalendar) -> date:
        """The first day of the period in which the number of a cycle that opens on a day is counted."""
        if self.each == "year":
            return first_day_of(year_of(opens_on, calendar), calendar)
        return quarter_of(opens_on, calendar) if self.each == "quarter" else opens_on

    def left(self, new: int, chosen: int) -> int:
        """How many of the new ones the number still takes, where some were chosen in its period before."""
        return min(new, max(0, (self.number or 0) - chosen))

    def size(self, qualified: int, chosen: int) -> int:
        """How many of a share are still to be chosen of all that qualified in a cycle, some before."""
        return max(0, -(-qualified * self.share // 100) - chosen)


@dataclass(frozen=True)
class Qualified:
    """A finished audit that a rule looks at again: its number and the team that now holds the work.

    One that took part in an earlier draw of the cycle counts, and is not drawn again.
    """

    number: str
    team: str
    drawn_before: bool = False


def lot_of(qualified: Iterable[Qualified]) -> list[Case]:
    """The frame from which a share of re-audits is drawn."""
    return [
        Case(one.number, STRATUM, "", inert(one.team), not one.drawn_before, DRAWN * one.drawn_before)
        for one in qualified
    ]


def choose(frame: Sequence[Case], size: int, seed: str) -> Draw:
    """Which of the frame come, by the tickets of a seed."""
    return draw(frame, seed, [(STRATUM, size)])
