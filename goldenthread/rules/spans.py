"""Spans of calendar time as a framework writes them: "3 months", "6 weeks", "10 days", "1 year"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from dateutil.relativedelta import relativedelta
from pydantic import AfterValidator

UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


@dataclass(frozen=True)
class Span:
    """A number of days, weeks, months or years."""

    number: int
    unit: str


@lru_cache(maxsize=256)
def parse_span(text: str) -> Span:
    """Read "3 months"; a ValueError says what is wrong with anything else."""
    match = re.fullmatch(r"(\d{1,4}) (day|week|month|year)s?", text.strip())
    if not match:
        raise ValueError(
            f"“{text}” is not a span of time; write for example “3 months”, “6 weeks” or “10 days”."
        )
    return Span(int(match[1]), match[2])


def describe_span(span: Span) -> str:
    """The span in words."""
    return f"{span.number} {span.unit if span.number == 1 else UNITS[span.unit]}"


def _delta(span: Span) -> relativedelta:
    return relativedelta(**{UNITS[span.unit]: span.number})


@lru_cache(maxsize=1024)
def span_before(span: Span, on: date) -> date:
    """The day that lies the span before `on`; the 31st less a month is the month's last day.

    Before the first day that there is lies the first; people write “9999 years” for never.
    """
    try:
        return on - _delta(span)
    except (ValueError, OverflowError):
        return date.min


def span_after(span: Span, on: date) -> date:
    """The day that lies the span after `on`; the 31st and a month is the month's last day.

    After the last day that there is lies the last.
    """
    try:
        return on + _delta(span)
    except (ValueError, OverflowError):
        return date.max


def _checked(text: str) -> str:
    parse_span(text)
    return text


SpanText = Annotated[str, AfterValidator(_checked)]
"""A span as written in a pack."""
