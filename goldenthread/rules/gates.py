"""Gates: what must be so before a step is taken or an action closed, and who may do it nevertheless."""

from __future__ import annotations

from pydantic import Field

from goldenthread.rules.conditions import Condition
from goldenthread.rules.parts import Line, Name, Part


class Gate(Part):
    """A gate before steps of flows: open if a condition holds; else the step is refused with a sentence.

    Those named under `passed_by` may take the step nevertheless and say why, which is kept.
    """

    steps: tuple[Name, ...] = Field(min_length=1)
    """The steps that wait for it."""
    open_if: Condition
    """What must be so."""
    says: Line
    """The sentence shown while it is shut, which says what to do."""
    passed_by: tuple[Name, ...] = ()
    """The roles that may take the step nevertheless, with a reason."""


class ClosingGate(Part):
    """A gate before an action is closed: open if a condition holds; else it stays open, with a sentence.

    Those named under `passed_by` may close it nevertheless and say why, which is kept.
    """

    open_if: Condition
    """What must be so, of the audit and of the action."""
    says: Line
    """The sentence shown while it is shut, which says what to do."""
    passed_by: tuple[Name, ...] = ()
    """The roles that may close the action nevertheless, with a reason, whether they close others or not."""
