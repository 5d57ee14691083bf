"""A disagreement with a report: who may raise it, about what, and its stages until it ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.clocks import LengthText
from goldenthread.rules.ladders import Rung
from goldenthread.rules.parts import Name, Part, Text

Subject = Literal["overall", "domains", "facts", "recommendations"]
Decision = Literal["stands", "changed", "amended", "passed up", "referred outside"]
STANDS, CHANGED, AMENDED, PASSED_UP, REFERRED = (
    "stands",
    "changed",
    "amended",
    "passed up",
    "referred outside",
)
DECISIONS: dict[Decision, str] = {
    "stands": "everything stands",
    "changed": "grades changed",
    "amended": "report amended",
    "passed up": "passed to the next stage",
    "referred outside": "referred outside the organisation",
}
"""Each decision as people read it."""
UPHELD = (CHANGED, AMENDED)
"""Decisions that agree with the dispute, at least in part."""


class DisputeRung(Rung):
    """One stage of a dispute: who must answer and when, whether they meet first, who joins, what is decided.

    With `meets`, that clock runs first and `clock`, for the written answer, from the meeting. Whoever joins
    may read the audit while the stage lasts.
    """

    meets: Name | None = None
    """The clock of the meeting or discussion that comes before the answer; without it there need be none."""
    joins: tuple[Name, ...] = ()
    """The roles that take part in the discussion, and may read the audit for it."""
    decides: tuple[Decision, ...] = Field(
        default=("stands", "changed", "amended", "passed up", "referred outside"), min_length=1
    )
    """What may be decided at this stage."""
    exceptional: bool = False
    """Whether it is reached only where the stage before passes the dispute up, not by silence or a reply."""


class DisputeRoute(Part):
    """How somebody disagrees with a report that is final, and who decides.

    The raiser may reply to each answer within the clock `reply` and so take the dispute to the next stage. A
    stage that is silent is passed over; an answer at the last stage is final.
    """

    raised_by: tuple[Name, ...] = Field(min_length=1)
    """The roles that may raise a dispute."""
    about: tuple[Subject, ...] = Field(
        default=("overall", "domains", "facts", "recommendations"), min_length=1
    )
    """What a dispute may be about."""
    evidence: bool = True
    """Whether each point needs evidence besides its reasons."""
    open_for: LengthText | None = None
    """How long after the report became final a dispute may be raised; without it, at any time."""
    holds_filing: bool = True
    """Whether the audit is not filed while a dispute is open."""
    stage: Name | None = None
    """The stage of grading under which changed grades are kept; without it, no grade can be changed."""
    rungs: tuple[DisputeRung, ...] = Field(min_length=1)
    """The stages, the first of them first."""
    reply: Name | None = None
    """The clock within which the raiser may take the dispute to the next stage; needed where there is one."""
    no_reply: Literal["counts as agreed", "moves up"] = "counts as agreed"
    """What it means where the raiser does not reply in time."""
    guidance: Text
    """What somebody reads before raising a dispute."""

    @model_validator(mode="after")
    def _can_be_taken_further(self) -> DisputeRoute:
        if any(not rung.exceptional for rung in self.rungs[1:]) and self.reply is None:
            raise ValueError("Name the clock of the raiser's “reply”, which leads to the next stage.")
        if self.rungs[0].exceptional:
            raise ValueError("The first stage begins by itself, so it cannot be exceptional.")
        changes = any(CHANGED in rung.decides for rung in self.rungs)
        if changes and self.stage is None:
            raise ValueError("Grades may be changed, so name the “stage” of grading that keeps them.")
        return self

    def rung(self, number: int) -> DisputeRung:
        """A stage, counted from 1."""
        return self.rungs[number - 1]

    def next_stage(self, number: int, *, passed_up: bool = False) -> int | None:
        """The stage after this one, if the dispute can come to it: an exceptional one only if passed up."""
        if number >= len(self.rungs):
            return None
        return number + 1 if passed_up or not self.rungs[number].exceptional else None

    def decisions_at(self, number: int) -> tuple[Decision, ...]:
        """What may be decided at a stage; nothing is passed up where nobody stands above."""
        above = self.next_stage(number, passed_up=True)
        return tuple(one for one in self.rung(number).decides if one != PASSED_UP or above)
