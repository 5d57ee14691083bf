"""Gates: what must be so, or who must consent, before a step, the closing of an action, or a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition
from goldenthread.rules.parts import Line, Name, Part

Closed = Literal["the audit", "attached files", "parts from outside"]
THE_AUDIT: Closed = "the audit"
FILES: Closed = "attached files"
FROM_OUTSIDE: Closed = "parts from outside"


class ConsentAsked(Part):
    """A consent that a gate asks for, of as many different people; nobody gives two at one gate."""

    clock: Name
    """The clock of the task: the role that owes it gives the consent, and its title says what is asked."""
    number: int = Field(default=1, ge=1, le=10)
    """How many people of that role must consent."""


class KeptClosed(Part):
    """What nobody opens before the consents exist; it is decided on the day on which the audit is sent."""

    what: tuple[Closed, ...] = Field(min_length=1)
    """All that an audit holds, the files attached to its answers, or the parts that others from outside
    fill in; whoever fills in a part keeps to their own."""
    audit_types: tuple[Name, ...] = ()
    """The kinds of audit meant; every kind unless said."""
    when: Condition | None = None
    """Only audits of which this holds on the day on which they are sent."""
    open_to: tuple[Name, ...] = ()
    """The roles that need no consent to open it."""


class Gate(Part):
    """A gate before steps of flows, or before what is kept closed: shut, it refuses with a sentence.

    Before a step it is open if a condition holds and the consents are there; those named under `passed_by`
    may take the step nevertheless and say why, which is kept. What is kept closed opens by consents alone.
    """

    steps: tuple[Name, ...] = ()
    """The steps that wait for it."""
    keeps_closed: KeptClosed | None = None
    """What nobody opens until the consents are there, instead of steps that wait."""
    open_if: Condition | None = None
    """What must be so."""
    consents: tuple[ConsentAsked, ...] = ()
    """Who must consent besides."""
    says: Line
    """The sentence shown while it is shut, which says what to do; who has still to consent is added."""
    passed_by: tuple[Name, ...] = ()
    """The roles that may take the step nevertheless, with a reason."""

    @model_validator(mode="after")
    def _guards_one_thing(self) -> Gate:
        if bool(self.steps) == (self.keeps_closed is not None):
            raise ValueError("Say what waits: either the steps, or what is kept closed.")
        if self.open_if is None and not self.consents:
            raise ValueError("Say what opens it: a condition under “open_if”, or consents.")
        if self.keeps_closed and (not self.consents or self.open_if is not None or self.passed_by):
            raise ValueError(
                "What is kept closed opens by consents alone: name them, without “open_if” and “passed_by”."
            )
        return self


class ClosingGate(Part):
    """A gate before an action is closed: open if a condition holds and the consents are there; else it stays
    open, with a sentence.

    Those named under `passed_by` may close it nevertheless and say why, which is kept.
    """

    open_if: Condition | None = None
    """What must be so, of the audit and of the action."""
    consents: tuple[ConsentAsked, ...] = ()
    """Who must consent besides, once the action is done or proven."""
    says: Line
    """The sentence shown while it is shut, which says what to do; who has still to consent is added."""
    passed_by: tuple[Name, ...] = ()
    """The roles that may close the action nevertheless, with a reason, whether they close others or not."""

    @model_validator(mode="after")
    def _opens_somehow(self) -> ClosingGate:
        if self.open_if is None and not self.consents:
            raise ValueError("Say what opens it: a condition under “open_if”, or consents.")
        return self


def still_missing(asked: Iterable[ConsentAsked], given: Iterable[str]) -> dict[str, int]:
    """How many consents are missing under each clock, given the clocks under which some stand."""
    stand = list(given)
    left = {one.clock: one.number - stand.count(one.clock) for one in asked}
    return {clock: number for clock, number in left.items() if number > 0}


def missing_in_words(left: Mapping[str, int], titles: Mapping[str, str]) -> str:
    """The sentence that says who has still to consent; nothing where nobody has.

    `titles` says the role that consents under each clock.
    """
    if not left:
        return ""
    said = [
        f"the {titles[clock]}" if number == 1 else f"{number} people as the {titles[clock]}"
        for clock, number in left.items()
    ]
    return f"Still missing: the consent of {' and of '.join(said)}."
