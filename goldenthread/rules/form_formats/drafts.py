"""A form that was brought in: the form itself, what the file held, and what could not be applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goldenthread.rules.conditions import Condition
from goldenthread.rules.forms import Form

MOST_ITEMS = 5_000
"""Far more than any form has; a file with more is not read."""
LONGEST_LINE = 150
FOR_EACH = "each entry"
"""What rows are for where a file does not say."""
LONGEST_NAME = 80


@dataclass(frozen=True)
class NotApplied:
    """Something of the file that the form does not do: where it stands, why not, and its words."""

    place: str
    reason: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" + (f" Not applied: {self.text}" if self.text else "")


@dataclass(frozen=True)
class Counts:
    """What the file itself holds, so that it can be counted there by hand."""

    sections: int = 0
    items: int = 0
    questions: int = 0
    required: int = 0
    conditions: int = 0


@dataclass(frozen=True)
class Draft:
    """A form as far as it could be read, to be corrected by a person."""

    format: str
    key: str
    title: str
    form: Form
    counts: Counts
    not_applied: tuple[NotApplied, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """What there is to say of it, as plain data."""
        return {
            "format": self.format,
            "key": self.key,
            "title": self.title,
            "sections": self.counts.sections,
            "items": self.counts.items,
            "questions": self.counts.questions,
            "required": self.counts.required,
            "conditions": self.counts.conditions,
            "unsupported": [
                {"place": one.place, "reason": one.reason, "text": one.text} for one in self.not_applied
            ],
        }


class NotUnderstoodError(Exception):
    """A condition that the framework's own language cannot say; its text is the reason."""


@dataclass(frozen=True)
class Asked:
    """What conditions may know of a question: its key, what it takes, and its answers if they are given."""

    key: str
    type: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A condition as the file says it, read once every question is known."""

    place: str
    text: str
    read: Callable[[Mapping[str, Asked]], Condition]


@dataclass
class Item:
    """A question of the file: its fields, how it is called there, and when it is asked and required.

    `kept` are fields that only Golden Thread knows and that travelled with the file; each holds only
    while the file's own words for it (`sources`) are those that it was written with.
    """

    place: str
    name: str
    fields: dict[str, Any]
    when: tuple[Said, ...] = ()
    required: bool | Said = False
    kept: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)


@dataclass
class Group:
    """A group of the file: its heading, when it is asked, what it repeats for, and what was kept of it."""

    place: str
    name: str
    title: str
    guidance: str = ""
    when: tuple[Said, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    repeats: dict[str, Any] | None = None


def one_line(text: str, limit: int = LONGEST_LINE) -> str:
    """Text on one line and no longer than the limit."""
    line = text.strip()
    if not re.fullmatch(r"[^\n\r\t\v\f\x85\u2028\u2029]*", line):
        line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def key_of(text: str, otherwise: str) -> str:
    """A name for other parts of the form to refer to."""
    return one_line(text, LONGEST_NAME) or otherwise


def slug(text: str, otherwise: str = "form") -> str:
    """A name of small letters, numbers and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-") or otherwise


def unlike(name: str, taken: set[str]) -> str:
    """The name, numbered if it is taken, and taken from now on."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name[: LONGEST_NAME - 8]}-{number}"
    taken.add(found)
    return found
