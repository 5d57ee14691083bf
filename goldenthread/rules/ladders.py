"""Ladders: who must answer first, and who next where nobody answers or nothing is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from goldenthread.rules.parts import Line, Name, Part, Text


class Rung(Part):
    """One stage of a ladder: the role that must answer, within which clock, and who else hears of it."""

    role: Name
    """The role that must answer."""
    clock: Name
    """The clock of its answer; it has a length."""
    tells: tuple[Name, ...] = ()
    """The roles that are told when this stage begins."""


class PrivateRoute(Part):
    """The private way for concerns about somebody's competence or conduct: a ladder and readers of its own.

    Only whoever raised a concern and those whom its stages ask see it: no permission opens it, and never the
    person it is about, who is passed over where they hold a post of the ladder.
    """

    title: Line
    """What people call it."""
    guidance: Text
    """What somebody reads before raising a private concern."""
    rungs: tuple[Rung, ...] = Field(min_length=1)
    """The stages: who must answer first, and who next on silence; `tells` is left out here."""


def is_last(rungs: Sequence[Rung], stage: int) -> bool:
    """Whether no rung is above the one at which a stage (counted from 1) stands."""
    return stage >= len(rungs)
