"""Summaries: what some roles read of an audit on screen instead of all of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from goldenthread.rules.parts import Name, Part

TO_IMPROVE, SCORES = "areas to improve", "scores"
SummaryPart = Literal["areas to improve", "scores"]


class Summary(Part):
    """What roles read that are shown a summary and no more, once the state of the audit shows it to them.

    They see the grades, good practice and what follows; never answers, evidence, reasons, comments or files.
    Whoever holds another role to which the audit is shown reads all of it.
    """

    to: tuple[Name, ...] = Field(min_length=1)
    """The roles that read a summary where others read all; each is among those to whom a state is shown."""
    also: tuple[SummaryPart, ...] = ()
    """What stands in it besides the grades and good practice."""
