"""Actions: what each must say, what is too vague, by when it is due, and how it is proven (LA-4, LA-6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from goldenthread.rules.clocks import LengthText
from goldenthread.rules.gates import ClosingGate
from goldenthread.rules.parts import Line, Name, Part

OPEN, DONE, VERIFIED, CLOSED = "open", "done", "verified", "closed"
FEWEST_WORDS = 4


class Severity(Part):
    """How much an action matters: what follows for its date and its proof."""

    title: Line
    """What people call it."""
    due_within: LengthText
    """The time it has unless another date is agreed."""
    proven: bool = False
    """Whether the way to prove that it worked is chosen before work begins."""
    evidence: bool = False
    """Whether whoever has done it says what shows that it is done."""


OPENS_AGAIN, ANOTHER, LONGER, ASKED = "it opens again", "another action", "more time", "a ladder"


class NotHeld(Part):
    """What follows a look at which an action had not worked."""

    then: Literal["it opens again", "another action", "more time", "a ladder"]
    """The action is open again with a new day; another one is agreed in its place, with the same proof; it is
    looked at once more, without new work; or it is open again and a ladder asks about it."""
    clock: Name | None = None
    """For more time: the clock within which it is looked at once more, counted from the look."""
    times: int = Field(default=1, ge=1, le=5)
    """For more time: how often that is given; then the action opens again."""
    ladder: Name | None = None
    """For a ladder: one of the `ladders`, of which nothing else begins it; it ends with a reply."""


class Look(Part):
    """One look at whether an action worked."""

    title: Line
    """What people call it, such as “targeted sample”."""
    by: Literal["audit", "sample", "observation", "document"]
    """What is looked at; a proof by audit or sample may name the audit."""
    not_before: LengthText | None = None
    """How long after the action is done it can be told; at once unless said."""
    clock: Name
    """The clock of the verification, which starts when the action is done; whoever owes it verifies."""
    holds_if: Line | None = None
    """What must be seen for it to hold, in words; shown to whoever looks."""
    if_not: NotHeld | None = None
    """What follows where it does not hold; the action is open again unless said."""

    def after(self, failed: int) -> str:
        """What follows the n-th time in a row that this look did not hold."""
        if self.if_not is None or (self.if_not.then == LONGER and failed > self.if_not.times):
            return OPENS_AGAIN
        return self.if_not.then


class Proof(Look):
    """A way to show that an action worked: one look, or several, such as after six weeks and three months."""

    then: tuple[Look, ...] = ()
    """Further looks, each after the one before has held; the action stays open until the last one does.
    Their times too are counted from when the action is done; each says what follows if it does not hold."""

    def looks(self) -> tuple[Look, ...]:
        """Every look, in order."""
        return (self, *self.then)


class ActionRule(Part):
    """How actions are agreed, done, proven and closed."""

    levels: dict[Name, Line] = Field(min_length=1)
    """What actions are about, by name: the case, the worker, the team, the service."""
    kinds: dict[Name, Line] = Field(default_factory=dict)
    """Kinds of action to be counted, by name, such as a training need."""
    severities: dict[Name, Severity] = Field(min_length=1)
    """How much an action can matter, by name."""
    proofs: dict[Name, Proof] = Field(default_factory=dict)
    """Ways to show that an action worked, by name."""
    given_by: tuple[Name, ...] = ()
    """The roles that may give an action to somebody else, with a reason; whoever may close it may always."""
    due_at_most: LengthText = "24 months"
    """How far ahead a day that is agreed for an action may lie, counted from the discussion."""
    paused_by: tuple[Literal["a dispute", "leave", "a recorded reason"], ...] = ()
    """What moves the day agreed for an action that is not done, by as many days as its time stood still: as
    for clocks. The day that was agreed stays on its page."""
    closing: Name
    """The clock within which an action that is done, or proven, is closed; whoever owes it may close it."""
    gates: dict[Name, ClosingGate] = Field(default_factory=dict)
    """What must be so besides before an action is closed, by name."""
    prompts: tuple[Line, ...] = ()
    """Questions that help to write an action that is specific."""
    vague: tuple[Line, ...] = ()
    """Phrases that are questioned; they may stay if somebody says why."""


DO = "do the action"
"""The kind of the task of whoever does an action, by the day that was agreed."""


def vague_in(text: str, phrases: Iterable[str]) -> list[str]:
    """The phrases that an action uses, as whole words, whatever the capitals and the spaces."""
    said = _plain(text)
    return [one for one in phrases if re.search(rf"(?<!\w){re.escape(_plain(one))}(?!\w)", said)]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def questions_about(text: str, rule: ActionRule) -> list[str]:
    """What to ask whoever writes this action; nothing where it says what will be done."""
    found = [f"“{one}” does not say what will be different." for one in vague_in(text, rule.vague)]
    if not found and len(text.split()) < FEWEST_WORDS:
        found = ["So few words do not say who will see what has changed."]
    return found


def needs_proof(rule: ActionRule, severity: str) -> bool:
    """Whether an action of this severity has its proof chosen before work begins."""
    return severity in rule.severities and rule.severities[severity].proven


def may_close(state: str, *, proof: str) -> bool:
    """Whether an action may be closed: one with a proof only once a verification says that it worked."""
    return state == (VERIFIED if proof else DONE)


def after_verification(*, held: bool, more: bool = False, then: str = OPENS_AGAIN) -> str:
    """Where a verification leaves an action: proven, done while `more` looks follow, or as `then` says.

    One that gives way to another action is closed; one that is given more time is still done.
    """
    if not held:
        return {ANOTHER: CLOSED, LONGER: DONE}.get(then, OPEN)
    return DONE if more else VERIFIED
