"""What the case system says beside a question: facts, and days reckoned from them; none decides an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import model_validator

from goldenthread.rules.parts import Line, Name, Part

NOT_KNOWN = "not in the extract"


class Beside(Part):
    """One thing shown beside a question: a fact as it stands, or how many days have passed since one."""

    label: Line
    """What is shown, in the words of those who read it."""
    fact: Name | None = None
    """The fact that is shown as it stands."""
    since: Name | None = None
    """The date from which days are counted to the day of the page."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Beside:
        if (self.fact is None) == (self.since is None):
            raise ValueError("Name exactly one of fact or since: what is shown, or the date to count from.")
        return self

    @property
    def named(self) -> str:
        """The fact that it needs."""
        return self.fact or self.since or ""


@dataclass(frozen=True)
class Prompt:
    """What stands beside a question: its label, and the fact in words."""

    label: str
    words: str


def prompt(beside: Beside, facts: Mapping[str, Any], on: date) -> Prompt:
    """What is shown on a day, given the facts of that day; a missing fact says that it is missing."""
    found = facts.get(beside.named)
    if found is None or found == "":
        return Prompt(beside.label, NOT_KNOWN)
    return Prompt(beside.label, _since(found, on) if beside.since else _in_words(found))


def _since(found: Any, on: date) -> str:
    """Whole days from a date to the day; a date to come is said as one."""
    if not isinstance(found, date):
        return f"cannot be counted: the extract has “{found}”, which is not a date"
    days = (on - found).days
    if days < 0:
        return f"{_days(-days)} to come, on {_in_words(found)}"
    return f"{_days(days)}, since {_in_words(found)}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _in_words(found: Any) -> str:
    return f"{found.day} {found:%B %Y}" if isinstance(found, date) else str(found)
