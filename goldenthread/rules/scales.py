"""Scales: the values a grade can take, in order, with their words; nothing compares the words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.parts import Line, Name, Part, Text


class SeenInSection(Part):
    """What one grade looks like in this section, besides what the scale says of it."""

    grade: Name
    """The grade."""
    points: tuple[Text, ...] = Field(min_length=1)
    """What it looks like here, point by point."""


class ScaleValue(Part):
    """One value of a scale.

    `symbol` and `colour` are shown together, since colour never stands alone; `excluded` values
    (no grade given) count neither as good nor as not good.
    """

    key: Name
    """The name of the grade in conditions."""
    label: Line
    """The word shown."""
    number: float | None = None
    """What it is worth in an average of grades."""
    symbol: str = Field(default="", max_length=4)
    """A letter or two shown beside its colour."""
    colour: Literal["green", "turquoise", "blue", "yellow", "orange", "red", "grey"] = "grey"
    """The colour of its tag."""
    good: bool = False
    """Whether it counts as good or better."""
    excluded: bool = False
    """Whether it stands for no grade, and counts neither way."""
    summary: str = ""
    """The grade in one line."""
    descriptors: tuple[Text, ...] = ()
    """What it looks like, point by point."""
    same_as: Name | None = None
    """The grade of the version before that means the same, by its key there, although its word or key
    changed or another scale is used: trends go on over the change on your word."""
    also_same_as: tuple[Name, ...] = ()
    """Further grades of the version before that it means too, where several became one."""

    @property
    def stands_for(self) -> tuple[str, ...]:
        """The keys of the grades of the version before that it means."""
        return (self.same_as or self.key, *self.also_same_as)


class Scale(Part):
    """Values from first to last; `direction` says which end is the better one."""

    direction: Literal["best first", "worst first"]
    """Which end of the list is the better one."""
    values: tuple[ScaleValue, ...] = Field(min_length=2)
    """The grades, in their order."""

    @model_validator(mode="after")
    def _keys_differ(self) -> Scale:
        keys = [value.key for value in self.values]
        if len(set(keys)) != len(keys):
            raise ValueError("Two values of the scale have the same key; give each its own.")
        return self

    def value(self, key: str) -> ScaleValue | None:
        """The value with that key, or None."""
        return next((value for value in self.values if value.key == key), None)

    def label(self, key: str) -> str:
        """The word shown for a key; the key itself if the scale lacks it."""
        value = self.value(key)
        return value.label if value else key

    def rank(self, key: str) -> float | None:
        """Where a value stands, better being higher; None for one that is excluded or unknown."""
        ranked = [value.key for value in self.values if not value.excluded]
        if key not in ranked:
            return None
        place = ranked.index(key)
        return float(len(ranked) - place if self.direction == "best first" else place + 1)

    @property
    def good_words(self) -> str:
        """What counts as good, such as “Good or better”; empty if no value is marked so."""
        good = [value.label for value in self.graded() if value.good]
        return f"{good[-1]} or better" if len(good) > 1 else "".join(good)

    def grades_alike(self, other: Scale) -> bool:
        """Whether the other scale has the same grades in the same order, so that a grade keeps its place."""
        return [one.key for one in self.graded()] == [one.key for one in other.graded()]

    def is_good(self, key: str) -> bool:
        """Whether the value counts as good or better."""
        value = self.value(key)
        return bool(value and value.good)

    def graded(self) -> tuple[ScaleValue, ...]:
        """The values that count, best first."""
        counted = tuple(value for value in self.values if not value.excluded)
        return counted if self.direction == "best first" else counted[::-1]


UNGRADED = Scale.model_construct(direction="best first", values=())
"""The scale of what is not graded at all: it has no values, so no figure counts any."""
