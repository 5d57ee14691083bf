"""What an audit reads and what it judges: how far back each goes, and which records count."""

from datetime import date
from typing import Literal

from goldenthread.rules.spans import parse_span, span_before

Reading = Literal[
    "all that is on the record", "only what was known at the time", "the record first, then the conversation"
]
READINGS: dict[str, str] = {
    "all that is on the record": "Go by all that is on the record.",
    "only what was known at the time": "Go only by what was known when it was done.",
    "the record first, then the conversation": "Go by the record first, and then by the conversation.",
}
"""What each tells whoever reads."""


def judged_from(looks_from: date, looks_to: date, judges: str | None) -> date:
    """The first day of what is judged: so long before the last day read, and never before the first."""
    return max(looks_from, span_before(parse_span(judges), looks_to)) if judges else looks_from
