"""Returns: the parts of one audit that different parties fill in apart, and how their grades compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import model_validator

from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.scales import Scale

OUTSIDE = "somebody invited from outside"
NO_ACCOUNT = "somebody without an account"


class ReturnRule(Part):
    """One return of an audit: the form, or some of it, as one party fills it in and sends it in.

    What is filled in stays beside the audit's own answers; the grade of record is the audit's own.
    """

    title: Line
    """Whose part it is, in a word or two: an agency, the worker, the panel."""
    filled_in_by: Literal["the role", "somebody invited from outside", "somebody without an account"] = (
        "the role"
    )
    """Who fills it in: the role, a person whom it invites, or one whose words it types in."""
    role: Name
    """The role that fills it in, that invites, or that types in what was said."""
    sections: tuple[Name, ...] = ()
    """The sections that it fills in; all that do not repeat, and the grade of the whole, unless said."""
    graded: bool = True
    """Whether it grades too; it does so once, as at the first stage."""
    sees_others: Literal["never", "after sending in its own", "at any time"] = "never"
    """When whoever fills it in may read the other returns that are in. Somebody invited never may."""
    needed_for: tuple[Name, ...] = ()
    """The steps that wait for this return, besides those that require “all returns”."""
    clock: Name
    """By when it is to be sent in; the clock starts with the audit or the invitation."""

    @model_validator(mode="after")
    def _outside_sees_its_own(self) -> ReturnRule:
        if self.filled_in_by == OUTSIDE and self.sees_others != "never":
            raise ValueError(
                "Somebody invited from outside sees their own return alone; leave it at “never”."
            )
        return self


@dataclass(frozen=True)
class Comparison:
    """The grades that several parties gave to one part: whether they agree, and how far they lie apart.

    `apart` counts places on the scale; None where fewer than two of them gave a grade that counts.
    """

    grades: tuple[str, ...]
    apart: int | None

    @property
    def words(self) -> str:
        """The comparison as people read it."""
        if self.apart is None:
            return "Nothing to compare"
        if self.apart == 0:
            return "The same"
        return "1 place apart" if self.apart == 1 else f"{self.apart} places apart"


def compared(scale: Scale, grades: Sequence[str]) -> Comparison:
    """How far the grades of one part lie apart: by their places on the scale, never by their words."""
    ranks = [rank for grade in grades if (rank := scale.rank(grade)) is not None]
    return Comparison(tuple(grades), int(max(ranks) - min(ranks)) if len(ranks) > 1 else None)


def agreement(comparisons: Sequence[Comparison]) -> tuple[int, int]:
    """Of the parts that can be compared, how many have the same grade from all: (the same, in all)."""
    counted = [one for one in comparisons if one.apart is not None]
    return sum(one.apart == 0 for one in counted), len(counted)
