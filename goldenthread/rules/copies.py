"""Copies: who gets one of an audit's report or of another, of how much, when, and who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition, Known, holds
from goldenthread.rules.parts import Line, Name, Part

OF_AN_AUDIT, OF_THE_REPORT, OF_A_REPORT = "an audit", "the month's report", "a report"
ALWAYS, ON_REQUEST = "always", "on request"
WHOLE, SUMMARY, OWN_PART = "the whole report", "a summary", "their own part"


class CopyRule(Part):
    """Who gets a copy: a task asks somebody to send it and to record to whom, when and how they did.

    Nothing is sent by itself. Whoever owes the clock may read what is copied, and gives the address.
    """

    title: Line
    """What people call it, such as “summary for the family”."""
    of: Literal["an audit", "the month's report", "a report"] = "an audit"
    """What it is a copy of: a final audit, the report of a cycle that has closed, or one of the `reports`."""
    report: Name | None = None
    """With `a report`: which of the `reports`."""
    after: tuple[Name, ...] = ()
    """The audit types of which it is given; all unless said."""
    when: Condition | None = None
    """Only if this holds of the final audit."""
    role: Name | None = None
    """The role that gets it; or else `outside`."""
    outside: Line | None = None
    """Who gets it outside the organisation, in words; whoever sends it gives the address."""
    given: Literal["always", "on request"] = "always"
    """Whether it is owed each time, or once somebody asks."""
    what: Literal["the whole report", "a summary", "their own part"] = "the whole report"
    """How much: all of it; the grades and findings without answers, reasons and conversation; or one return
    alone."""
    part: Name | None = None
    """With `their own part`: which of the `returns`."""
    clock: Name
    """The clock within which it is sent: from the final audit, from the end or signing off of a report, or
    from the request. Whoever owes it sends it."""
    ways: tuple[Line, ...] = Field(min_length=1)
    """The ways of sending that are offered, such as “secure e-mail”."""

    @model_validator(mode="after")
    def _fits_together(self) -> CopyRule:
        if (self.role is None) == (self.outside is None):
            raise ValueError("Say who gets it by exactly one of role or outside.")
        if (self.what == OWN_PART) != (self.part is not None):
            raise ValueError("“their own part” and “part” belong together: name the return, or leave it out.")
        if (self.of == OF_A_REPORT) != (self.report is not None):
            raise ValueError(
                "“a report” and “report” belong together: name one of the reports, or leave it out."
            )
        if self.is_of_report and (self.after or self.when is not None or self.what != WHOLE):
            raise ValueError("A report is copied whole: leave “after”, “when” and “what” out.")
        return self

    @property
    def is_of_report(self) -> bool:
        """Whether it is a copy of a report, and not of one audit."""
        return self.of != OF_AN_AUDIT

    def is_for(self, audit_type: str) -> bool:
        """Whether audits of this type are copied by this rule."""
        return not self.is_of_report and (not self.after or audit_type in self.after)


def fitting(rules: Mapping[str, CopyRule], audit_type: str, known: Known, *, given: str) -> list[str]:
    """The copies of a final audit that are given so, always or on request, by name."""
    found = {name: one for name, one in rules.items() if one.is_for(audit_type) and one.given == given}
    return [name for name, one in found.items() if holds(one.when, known)]


def of_report(rules: Mapping[str, CopyRule], given: str, report: str = "") -> list[str]:
    """The copies of a report that are given so, by name; of the month's unless one is named."""
    found = {name: one for name, one in rules.items() if one.is_of_report and one.given == given}
    return [name for name, one in found.items() if (one.report or "") == report]
