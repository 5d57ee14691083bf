"""How long the words of an audit are kept, from when, and when they are due to be removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from goldenthread.rules.parts import Line, Part
from goldenthread.rules.spans import SpanText, describe_span, parse_span, span_after

Since = Literal["it is finished", "its case is closed", "its cycle has ended"]
Then = Literal["the words and names are removed and the figures kept"]
WORDS_REMOVED: Then = "the words and names are removed and the figures kept"


class Retention(Part):
    """How long audits of a kind are kept as they are; without it they are kept until told otherwise."""

    keep: SpanText
    """How long, such as “5 years”."""
    since: Since = "it is finished"
    """From when that is counted. One that was stopped is counted from the end of its cycle instead of from
    its finish."""
    then: Then = WORDS_REMOVED
    """What becomes of it at the end. Grades, dates, counts and choices stay, so no figure changes."""
    because: Line
    """Where the rule comes from: the retention schedule or the law, in a sentence."""


@dataclass(frozen=True)
class Ended:
    """The days from which a rule may count, for one audit; `closed` is None while its case is open."""

    cycle: date
    finished: date | None
    closed: date | None


def due_on(rule: Retention, ended: Ended) -> date | None:
    """The day from which the words are due to be removed; None while the time has not begun to run."""
    match rule.since:
        case "its case is closed":
            start = ended.closed
        case "its cycle has ended":
            start = ended.cycle
        case _:
            start = ended.finished or ended.cycle
    return None if start is None else span_after(parse_span(rule.keep), start)


def sentence(rule: Retention) -> str:
    """The rule as people read it."""
    return f"Kept for {describe_span(parse_span(rule.keep))} since {rule.since}; then {rule.then}."
