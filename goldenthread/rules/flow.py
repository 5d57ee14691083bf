"""The flow of an audit: one table that decides each step, shows the buttons and draws the diagram.

States and steps belong to the framework; code knows only the phase that a state is in.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field

from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.refusal import Refused
from goldenthread.rules.roles import Addressee

Phase = Literal["owed", "working", "checking", "final", "filed", "stopped"]
OWED, WORKING, CHECKING, FINAL, FILED, STOPPED = "owed", "working", "checking", "final", "filed", "stopped"
DONE = (FINAL, FILED)
"""Phases in which the audit's grades are those of record."""

PHASES: dict[Phase, str] = {
    "owed": "not begun",
    "working": "in work",
    "checking": "being checked",
    "final": "final",
    "filed": "filed",
    "stopped": "stopped",
}
"""Each phase as people read it."""

Requirement = Literal[
    "answers",
    "grades",
    "a conversation arranged",
    "a conversation held",
    "points",
    "a discussion",
    "a note",
    "a case note",
    "all returns",
]
"""What must be there before a step; “a discussion” offers the auditor one with the points."""


StoppedAs = Literal["not accepted", "exempt"]
NOT_ACCEPTED, EXEMPT = "not accepted", "exempt"


class State(Part):
    """Where an audit can stand.

    `edited_by` may answer; `stage` is the stage of grading open here; `shown_to` may read what was
    found, where others see only that the audit exists and how far it is. `counts_as` and `done_again`
    are for a stopped state only.
    """

    phase: Phase
    """What the state means to the program."""
    label: Line
    """The words shown."""
    edited_by: tuple[Name, ...] = ()
    """The roles that may answer here."""
    stage: Name | None = None
    """The stage of grading open here."""
    shown_to: tuple[Name, ...] = ()
    """The roles that may read what was found; others see only that the audit exists."""
    counts_as: StoppedAs | None = None
    """What figures call an audit that was stopped here: one not accepted stays owed and is shown as such,
    one exempt is left out of what was owed."""
    done_again: Literal["by the same auditor", "by another auditor"] | None = None
    """Whether the case is audited again in time for the next cycle, and by whom; it comes on top of that
    cycle's own audits."""


class Step(Part):
    """A move: from where to where, by whom, what must be there first, which clocks it starts and finishes."""

    label: Line
    """The words of the button."""
    from_: tuple[Name, ...] = Field(alias="from", min_length=1)
    """The states in which it may be taken."""
    to: Name
    """The state that follows."""
    by: tuple[Name, ...] = Field(min_length=1)
    """The roles that may take it."""
    requires: tuple[Requirement, ...] = ()
    """What must be there first."""
    starts: tuple[Name, ...] = ()
    """The clocks that it starts."""
    finishes: tuple[Name, ...] = ()
    """The clocks that it finishes."""
    once_late: tuple[Name, ...] = ()
    """Only once one of these clocks has run out with nothing done; without it, at any time."""
    guidance: str = ""
    """What helps to take it."""


class Flow(Part):
    """States and steps; an audit begins at `first`, and `conversation` says who takes part in that."""

    title: Line
    """What people call the flow."""
    first: Name
    """The state in which an audit begins."""
    conversation: tuple[Addressee, ...] = ()
    """Who takes part in the conversation besides the auditor."""
    states: dict[Name, State] = Field(min_length=1)
    """Where an audit can stand, by name."""
    steps: dict[Name, Step] = Field(default_factory=dict)
    """How it gets from one to another, by name."""

    @property
    def asks_for_conversation(self) -> bool:
        """Whether a conversation belongs to it: somebody takes part in one, or a step waits for one."""
        waits = {"a conversation arranged", "a conversation held"}
        return bool(self.conversation) or any(waits & {*step.requires} for step in self.steps.values())

    def reachable(self) -> set[str]:
        """The states that an audit can come to."""
        reached, waiting = set(), [self.first]
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            waiting += [step.to for step in self.steps.values() if state in step.from_]
        return reached

    def move(self, step: str, *, state: str, roles: Collection[str]) -> Step:
        """The step, if somebody with these roles may take it now; `Refused` says why not."""
        found = self.steps.get(step)
        if found is None:
            raise Refused(f"There is no step “{step}” in {self.title}.")
        if state not in found.from_:
            raise Refused(
                f"“{found.label}” cannot be done now: the audit is {self.states[state].label.lower()}."
            )
        if not set(found.by) & set(roles):
            raise Refused(f"“{found.label}” can be done only by {_either(found.by)}.")
        return found

    def open_to(self, *, state: str, roles: Collection[str]) -> list[tuple[str, Step]]:
        """The steps that somebody with these roles may take from here: the buttons of the page."""
        return [
            (name, step)
            for name, step in self.steps.items()
            if state in step.from_ and set(step.by) & set(roles)
        ]

    def diagram(self) -> str:
        """The flow as a Mermaid state diagram, for the documentation."""
        lines = ["stateDiagram-v2", f"    [*] --> {_node(self.first)}"]
        lines += [f"    {_node(name)}: {state.label} ({state.phase})" for name, state in self.states.items()]
        for step in self.steps.values():
            lines += [f"    {_node(start)} --> {_node(step.to)}: {step.label}" for start in step.from_]
        return "\n".join(lines) + "\n"


def _node(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


def _either(names: Collection[str]) -> str:
    return " or ".join(f"the {name}" for name in names)
