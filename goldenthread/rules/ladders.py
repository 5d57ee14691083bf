"""Ladders: who must answer first, and who next where nobody answers or nothing is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from goldenthread.rules.parts import Name, Part


class Rung(Part):
    """One stage of a ladder: the role that must answer, within which clock, and who else hears of it."""

    role: Name
    """The role that must answer."""
    clock: Name
    """The clock of its answer; it has a length."""
    tells: tuple[Name, ...] = ()
    """The roles that are told when this stage begins."""


def is_last(rungs: Sequence[Rung], stage: int) -> bool:
    """Whether no rung is above the one at which a stage (counted from 1) stands."""
    return stage >= len(rungs)
