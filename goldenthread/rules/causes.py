"""Why something was found and how grave it is, as a framework names it, and what each finding must say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from goldenthread.rules.parts import Line, Part, Text


class Cause(Part):
    """A likely cause of what was found, such as knowledge, time or an unclear process."""

    title: Line
    """What people call it."""
    means: Text | None = None
    """When it is the one to choose; shown where a finding is noted."""


class Gravity(Part):
    """How grave something to improve is."""

    title: Line
    """What people call it."""
    means: Text | None = None
    """When it is the one to choose; shown where a finding is noted."""


Said = Literal["theme", "source", "cause", "severity"]


class FindingRule(Part):
    """What a finding says besides its words."""

    needs: tuple[Said, ...] = Field(min_length=1)
    """What must be said of each thing to improve; the rest may be said. Good practice has neither a likely
    cause nor a severity, and is not asked for the others."""
