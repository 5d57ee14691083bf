"""What an organisation aims at, as shares: grades, work finished in time, discussions held, actions done."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.parts import Line, Name, Part

Aim = Literal["overall grades", "audits finished in time", "discussions in time", "actions done in time"]


class Goal(Part):
    """A share that is aimed at, shown in the report beside what was reached; it decides nothing.

    Work still in hand counts neither way, nor does an audit without an overall grade.
    """

    title: Line
    """What people call it."""
    of: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that it is about."""
    share_of: Aim
    """What is counted: overall grades, audits finished by the day they were due, the discussions that follow
    within their clock, or actions done by the day agreed."""
    grades: tuple[Name, ...] = ()
    """With `overall grades`: the grades that are counted together."""
    at_least: float | None = Field(default=None, ge=0, le=100)
    """Per cent that are to be reached, or more."""
    at_most: float | None = Field(default=None, ge=0, le=100)
    """Per cent that are not to be passed."""
    over: Literal["cycle", "year so far"] = "cycle"
    """Whether it is counted in the cycle of the report, or in all of the year's up to it."""

    @model_validator(mode="after")
    def _says_one_limit_and_what_it_counts(self) -> Goal:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("Say what is aimed at with exactly one of “at_least” and “at_most”.")
        if (self.share_of == "overall grades") != bool(self.grades):
            raise ValueError("“grades” go with the share of overall grades, and only with that.")
        return self

    @property
    def aim(self) -> str:
        """The limit in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}%"
        return f"at most {self.at_most:g}%"

    def is_met(self, count: int, total: int) -> bool | None:
        """Whether so many of so many meet it; None where nothing counts yet."""
        if not total:
            return None
        share = Fraction(100 * count, total)
        if self.at_least is not None:
            return share >= Fraction(str(self.at_least))
        return share <= Fraction(str(self.at_most))
