"""The rules of grading as a framework writes them: what gives a grade, what limits it, who may differ."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from goldenthread.rules.conditions import Condition
from goldenthread.rules.parts import Line, Name, Part, kind_of, word_or_list

OVERALL = "overall"
"""The part that stands for the whole audit."""

Override = Annotated[
    Annotated[Literal["allowed", "with reason", "never"], Tag("<word>")]
    | Annotated[tuple[Name, ...], Tag("<list>")],
    Discriminator(word_or_list),
]


class GradeRule(Part):
    """What every rule says: the part that it is about, when it holds, and the sentence shown."""

    part: Name = OVERALL
    """The part that it is about: the key of a graded section, or overall."""
    when: Condition | None = None
    """Only if this holds."""
    because: Line
    """The sentence shown."""


class LeftToJudgement(GradeRule):
    """The grade is left to the person who grades; no later rule gives one."""

    kind: Literal["judgement"]
    """Always: judgement."""


class Suggestion(GradeRule):
    """A grade is suggested; somebody still chooses one."""

    kind: Literal["suggest"]
    """Always: suggest."""
    grade: Name
    """The grade suggested."""
    override: Override = "with reason"
    """Whether another may be given, or the roles that may give one with a reason."""


class Band(Part):
    """A grade from a number upwards, as far as the band above it."""

    from_: float = Field(alias="from")
    """The least that the score must be."""
    grade: Name
    """The grade that it gives."""


class Bands(GradeRule):
    """The grade follows from a score: the first band that the score reaches, from the highest down."""

    kind: Literal["bands"]
    """Always: bands."""
    score: Name
    """The score that it looks at."""
    bands: tuple[Band, ...] = Field(min_length=1)
    """The bands, the highest first; below the last one the rule does not fit."""
    override: Override = "with reason"
    """Whether another grade may be given, or the roles that may give one with a reason."""

    @model_validator(mode="after")
    def _falls(self) -> Bands:
        edges = [band.from_ for band in self.bands]
        if any(below >= above for above, below in zip(edges, edges[1:], strict=False)):
            raise ValueError("Each band begins below the one before it; put the highest first.")
        return self


class Tally(Part):
    """How many of the parts have one of these grades: at least so many, at most so many, or both."""

    grades: tuple[Name, ...] = Field(min_length=1)
    """The grades that are counted together."""
    at_least: int | None = Field(default=None, ge=1, le=100)
    """No fewer than this."""
    at_most: int | None = Field(default=None, ge=0, le=100)
    """No more than this."""

    @model_validator(mode="after")
    def _counts(self) -> Tally:
        if self.at_least is None and self.at_most is None:
            raise ValueError("Say at_least, at_most or both.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("No number is both: at_least is more than at_most.")
        return self


class Counting(GradeRule):
    """The grade follows from how many parts have which grades, once each of them has one.

    Grades that stand for no grade are not counted.
    """

    kind: Literal["count"]
    """Always: count."""
    of: tuple[Name, ...] = ()
    """The parts that it looks at; unless said, the graded sections that apply and that are a part of the one
    it is about, or for the whole those that are a part of none."""
    counts: tuple[Tally, ...] = Field(min_length=1)
    """What must all be so."""
    rest: tuple[Name, ...] = ()
    """The grades that all the other parts must have; any unless said."""
    grade: Name
    """The grade that it gives."""
    override: Override = "with reason"
    """Whether another grade may be given, or the roles that may give one with a reason."""


class Cap(GradeRule):
    """No better grade than this."""

    kind: Literal["cap"]
    """Always: cap."""
    grade: Name
    """The best grade that remains."""
    override: Override = "with reason"
    """Whether a better one may be given, or the roles that may give one with a reason."""


class Narrowing(GradeRule):
    """Only these grades remain; a single one is thereby fixed, whatever a score or a count gives."""

    kind: Literal["narrow"]
    """Always: narrow."""
    grades: tuple[Name, ...] = Field(min_length=1)
    """The grades that remain."""
    override: Override = "never"
    """Whether another may be given, or the roles that may give one with a reason."""


class CarryForward(GradeRule):
    """A part that this audit does not look at keeps the grade of the case's last audit that did.

    It is shown with that audit's date and counted by rules about other parts, and never in a figure.
    """

    kind: Literal["carry forward"]
    """Always: carry forward."""


AnyRule = Annotated[
    Annotated[LeftToJudgement, Tag("<judgement>")]
    | Annotated[Suggestion, Tag("<suggest>")]
    | Annotated[Bands, Tag("<bands>")]
    | Annotated[Counting, Tag("<count>")]
    | Annotated[Cap, Tag("<cap>")]
    | Annotated[Narrowing, Tag("<narrow>")]
    | Annotated[CarryForward, Tag("<carry forward>")],
    Discriminator(kind_of),
]


def overriders(rule: AnyRule) -> tuple[Name, ...]:
    """The roles that alone may go against a rule, where it names any."""
    override = getattr(rule, "override", ())
    return override if isinstance(override, tuple) else ()
