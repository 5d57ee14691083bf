"""Rows: a section of a form that is asked once for each person sampled, each event, each visit."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field, model_validator

from goldenthread.rules.parts import Line, Part

MOST_ROWS = 100
"""More rows than any section is filled in with; a form that needs more samples too much."""
MOST_UNSAID = 30
BETWEEN = "@"


class Repeats(Part):
    """What a section is repeated for: its questions are asked once for each row.

    A score counts the questions of every row, and so does “critical missed”. A section with too few
    rows is not complete; where none are needed, one without rows has nothing missing.
    """

    title: Line
    """What it is repeated for, such as “each person sampled”."""
    at_least: int = Field(default=1, ge=0, le=MOST_ROWS)
    """The fewest rows that make the section complete; 0 if there may be none."""
    at_most: int = Field(default=MOST_UNSAID, ge=1, le=MOST_ROWS)
    """The most rows that can be added."""
    name: Line = "A short name"
    """What a row is known by, such as “initials” or “date”; it is asked for when a row is added."""

    @model_validator(mode="after")
    def _fewest_below_most(self) -> Repeats:
        if self.at_least > self.at_most:
            raise ValueError("The fewest rows are more than the most; change one of them.")
        return self


@dataclass(frozen=True)
class Row:
    """One row as it stands: its opaque key, its number in the order, and the name that people gave it."""

    key: str
    number: int
    name: str = ""

    @property
    def label(self) -> str:
        """How the row is called where others stand beside it."""
        return f"{self.number}. {self.name}" if self.name else f"Row {self.number}"


def address(question: str, row: str) -> str:
    """Where the answer to a question stands: the question's key, and the row's if it is in one."""
    return f"{question}{BETWEEN}{row}" if row else question


def row_of(place: str) -> tuple[str, str]:
    """The question's key and the row's of an address in a row."""
    question, _, row = place.rpartition(BETWEEN)
    return question, row


def too_few(repeats: Repeats, count: int) -> str:
    """What a section with so many rows still needs, as a sentence; nothing if it has enough."""
    if count >= repeats.at_least:
        return ""
    rows = "1 row" if repeats.at_least == 1 else f"{repeats.at_least} rows"
    there = "there is none yet" if count == 0 else "there is 1" if count == 1 else f"there are {count}"
    return f"Add at least {rows}, one for {repeats.title}; {there}"
