"""Re-audits: which finished audits are looked at again, when, and what share of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition
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

    def size(self, qualified: int, chosen: int) -> int:
        """How many are still to be chosen of all that have qualified in a cycle, where some were before."""
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
