"""Standards: what must be seen in practice, where each comes from, and whose expectations it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from goldenthread.rules.forms import Form, Question
from goldenthread.rules.parts import Line, Name, Part, Text

MET, IN_PART, MISSED = "met", "met in part", "missed"
OUTCOMES = (MISSED, IN_PART, MET)
"""What an audit can say of a standard, the graver first: one answer that misses it outweighs the others."""


class Scheme(Part):
    """A reader of evidence with expectations of its own: a regulator, a commissioner, an NHS pathway."""

    title: Line
    """What people call it."""
    about: str = ""
    """Who reads it, and what for."""
    expectations: dict[Name, Line] = Field(min_length=1)
    """Its expectations: a key, and the words of each."""


class Answers(Part):
    """The expectations of one scheme that a standard answers."""

    scheme: Name
    """The scheme."""
    expectations: tuple[Name, ...] = Field(min_length=1)
    """Its expectations that the standard answers."""


class Standard(Part):
    """A statement of what should be so, with a definition by which two auditors come to the same view."""

    title: Line
    """The statement."""
    means: Text
    """What must be seen for it to be met; shown beside the questions that ask about it."""
    source: Literal["statutory", "guidance", "local"]
    """Where it comes from; a later version cannot relax a statutory one."""
    reference: str = ""
    """The law, the guidance or the decision that sets it."""
    non_negotiable: bool = False
    """Whether it must be visible in every file; a critical question then asks about it."""
    answers: tuple[Answers, ...] = ()
    """Whose expectations it answers, so that the same evidence serves them all."""


@dataclass(frozen=True)
class Telling:
    """The answers to one question that say whether a standard is met; `instead` that miss it are apart."""

    question: str
    met: frozenset[str]
    in_part: frozenset[str]
    missed: frozenset[str]

    def values(self, outcome: str) -> frozenset[str]:
        """The answers that say so."""
        return {MET: self.met, IN_PART: self.in_part, MISSED: self.missed}[outcome]


def telling(question: Question) -> Telling | None:
    """Which answers to a question meet a standard and which miss it; None if its answers cannot tell.

    The most points meet it and the fewest miss it; without points, “yes” meets it and “no” misses it.
    """
    if question.type not in ("one of", "yes or no"):
        return None
    points = {one.key: one.points for one in question.options if one.points is not None}
    if not points and question.type == "yes or no":
        points = {"yes": 1.0, "no": 0.0}
    if len(set(points.values())) < 2:
        return None
    most, least = max(points.values()), min(points.values())
    return Telling(
        question.key,
        frozenset(key for key, value in points.items() if value == most),
        frozenset(key for key, value in points.items() if least < value < most),
        frozenset(key for key, value in points.items() if value == least),
    )


def tellings(form: Form, standard: str) -> list[Telling]:
    """The questions of a form whose answers say whether a standard is met."""
    found = (telling(one) for one in form.questions() if standard in one.standards)
    return [one for one in found if one is not None]


def relaxed(before: Mapping[str, Standard], after: Mapping[str, Standard], ended: Iterable[str]) -> list[str]:
    """The statutory standards of an earlier version that a later one would relax, as sentences.

    One may be worded anew; it can only be left out where the later version says why it ended.
    """
    found = []
    for name, standard in before.items():
        if standard.source != "statutory" or name in ended:
            continue
        if name not in after:
            found.append(
                f"“{standard.title}” is statutory, so it cannot be left out. Put it back, or say under "
                "ended_standards what changed in the law."
            )
        elif after[name].source != "statutory":
            found.append(
                f"“{standard.title}” is statutory and cannot become {after[name].source}; write it so."
            )
        elif standard.non_negotiable and not after[name].non_negotiable:
            found.append(f"“{standard.title}” is statutory, so it stays a non-negotiable.")
    return found
