"""Breakdowns of a report: by what its audits are told apart, and which audits stand in several rows."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from goldenthread.rules.parts import Name, Part

By = Literal[
    "team",
    "service",
    "auditor",
    "part",
    "question",
    "grade",
    "status",
    "theme",
    "source",
    "cause",
    "severity",
    "fact",
]
FINDINGS = {"theme": "themes", "source": "sources", "cause": "causes", "severity": "severities"}
"""Those that go by what was found in an audit, each with what a framework calls the list."""
IN_EACH = ("part", "question")
"""Those in which an audit has a row of each value, and not one row among them."""
SEVERAL = (*FINDINGS, *IN_EACH)
"""Those of which an audit may have several values, so that the rows may add up to more than the whole."""


class Breakdown(Part):
    """One way of telling a report's audits apart: how many, and how many good or better, for each value."""

    by: By
    """By what: the team, or the service as it stood when the audit was sent; who audited; each graded part or
    question; the overall grade; how far the audit has come; what findings say; or a dated fact."""
    fact: Name | None = None
    """With `fact`: which of the `facts`, as it stood on the day on which each audit was sent."""

    @model_validator(mode="after")
    def _names_a_fact_with_fact(self) -> Breakdown:
        if (self.by == "fact") != (self.fact is not None):
            raise ValueError("“by: fact” and “fact” belong together: name one of the facts, or leave it out.")
        return self
