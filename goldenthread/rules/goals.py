"""What is aimed at or rated, as shares: grades, work finished in time, discussions held, actions done."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.grade_rules import OVERALL
from goldenthread.rules.parts import Line, Name, Part

Aim = Literal[
    "overall grades",
    "grades of a part",
    "audits finished in time",
    "discussions in time",
    "actions done in time",
]
OF_GRADES = ("overall grades", "grades of a part")
TEAM = "team"


class Rating(Part):
    """What a share is called from so many per cent upwards, as far as the rating above it."""

    from_: float = Field(alias="from", ge=0, le=100)
    """The least per cent that the share must be."""
    title: Line
    """What a share of so much is called, or what follows from it."""


class Goal(Part):
    """A share that is aimed at or rated, shown in the report beside what was reached; it decides nothing.

    Work still in hand counts neither way, nor does an audit without the grade that is counted.
    """

    title: Line
    """What people call it."""
    of: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that it is about."""
    share_of: Aim
    """What is counted: overall grades, the grades of one part, audits finished by the day they were due, the
    discussions that follow within their clock, or actions done by the day agreed."""
    part: Name | None = None
    """With `grades of a part`: the graded section whose grades are counted."""
    grades: tuple[Name, ...] = ()
    """With `overall grades` and `grades of a part`: the grades that are counted together."""
    per: Literal["organisation", "team"] = "organisation"
    """Whether it is one share of all, or one for each team, home or other unit whose work was looked at."""
    at_least: float | None = Field(default=None, ge=0, le=100)
    """Per cent that are to be reached, or more."""
    at_most: float | None = Field(default=None, ge=0, le=100)
    """Per cent that are not to be passed."""
    ratings: tuple[Rating, ...] = ()
    """What each share is called, the highest first, instead of one limit; the last begins at 0."""
    over: Literal["cycle", "year so far"] = "cycle"
    """Whether it is counted in the cycle of the report, or in all of the year's up to it."""

    @model_validator(mode="after")
    def _says_one_limit_and_what_it_counts(self) -> Goal:
        if (self.at_least is not None) + (self.at_most is not None) + bool(self.ratings) != 1:
            raise ValueError("Say what is aimed at with exactly one of “at_least”, “at_most” and “ratings”.")
        if (self.share_of in OF_GRADES) != bool(self.grades):
            raise ValueError("“grades” go with a share of grades, and only with that.")
        if (self.share_of == "grades of a part") != bool(self.part):
            raise ValueError("“part” goes with the share of “grades of a part”, and only with that.")
        return self

    @model_validator(mode="after")
    def _rates_every_share(self) -> Goal:
        edges = [one.from_ for one in self.ratings]
        if any(lower >= higher for higher, lower in zip(edges, edges[1:], strict=False)):
            raise ValueError("Each rating begins below the one before it; put the highest first.")
        if edges and edges[-1] != 0:
            raise ValueError("The last rating begins at 0, so that every share has one.")
        return self

    @property
    def counted_part(self) -> str:
        """The part whose grades are counted, where grades are."""
        return self.part or OVERALL

    @property
    def aim(self) -> str:
        """The limit or the ratings in words."""
        if self.ratings:
            return "; ".join(f"{one.from_:g}% or more: {one.title}" for one in self.ratings)
        if self.at_least is not None:
            return f"at least {self.at_least:g}%"
        return f"at most {self.at_most:g}%"

    def is_met(self, count: int, total: int) -> bool | None:
        """Whether so many of so many meet the limit; None where nothing counts yet or there is no limit."""
        if not total or self.ratings:
            return None
        share = Fraction(100 * count, total)
        if self.at_least is not None:
            return share >= Fraction(str(self.at_least))
        return share <= Fraction(str(self.at_most))

    def rating(self, count: int, total: int) -> str:
        """What so many of so many are called: the first rating that the exact share reaches; else empty."""
        if not total:
            return ""
        share = Fraction(100 * count, total)
        return next((one.title for one in self.ratings if share >= Fraction(str(one.from_))), "")
