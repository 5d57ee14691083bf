"""Ladders: who must answer first, and who next where nobody answers or nothing is resolved (WF-18)."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from goldenthread.rules.clocks import LengthText
from goldenthread.rules.parts import Line, Name, Part, Text


class Rung(Part):
    """One stage of a ladder: the role that must answer, within which clock, and who else hears of it."""

    role: Name
    """The role that must answer."""
    clock: Name
    """The clock of its answer; it has a length."""
    tells: tuple[Name, ...] = ()
    """The roles that are told when this stage begins."""


class StageNote(Part):
    """The case note that records one stage of an alert on the case system.

    The words may use {reference}, {stage}, {role}, {outcome}, {said} and {date}.
    """

    title: Line
    """The title; filled in, it has at most 100 characters."""
    note_type: Name
    """The type of the note on the case system."""
    text: Text
    """What the note says."""


class ConcernRoute(Part):
    """What happens when somebody reading a file is worried: who must answer, and who next on silence."""

    rungs: tuple[Rung, ...] = Field(min_length=1)
    """The stages of an alert: the first begins at once, each next where the one before is silent or
    does not resolve it."""
    tells: tuple[Name, ...] = Field(min_length=1)
    """The roles that are told at once, besides the one that must answer."""
    guidance: Text
    """What somebody reads before raising an alert."""
    note: StageNote
    """The case note of each stage."""


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


class Repeated(Part):
    """How often within which time something comes back to the same person, such as a report not accepted."""

    clocks: tuple[Name, ...] = Field(min_length=1)
    """The clocks that are counted each time that one starts for a person, such as to amend a report."""
    times: int = Field(ge=2, le=50)
    """Which time begins the ladder, such as 3 for the third; then the count begins anew."""
    within: LengthText
    """How far back is counted, such as “6 months”."""


class LateLadder(Part):
    """Who must say what is being done where work is late or keeps coming back, and who next on silence.

    One for late work begins when a task of one of its clocks is late, and ends as soon as that is done or
    owed no more: a reply gives the stage its time once more, counted from the reply; then the next stage
    begins. One for what keeps coming back, or for an action that has not worked, ends with the first reply.
    """

    title: Line
    """What people call it."""
    when_late: tuple[Name, ...] = ()
    """The clocks whose tasks, once late, begin it; or else `when_repeated`, or neither where the proof of an
    action names it under `if_not`."""
    when_repeated: Repeated | None = None
    """What begins it once it has come back to a person so many times; or else `when_late`."""
    asks: Line = "Say what is being done, and by when it will be done."
    """What whoever is asked must say in reply."""
    rungs: tuple[Rung, ...] = Field(min_length=1)
    """The stages: who must reply first, and who next; nobody is asked who owes the late work alone."""


def is_last(rungs: Sequence[Rung], stage: int) -> bool:
    """Whether no rung is above the one at which a stage (counted from 1) stands."""
    return stage >= len(rungs)
