"""Roles: how somebody comes to hold one, relative to the subject on a date, and what it lets them do."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from goldenthread.rules.conditions import Condition
from goldenthread.rules.parts import Line, Name, Part, PostName

Permission = Literal[
    "see audits",
    "see subjects",
    "see staff files",
    "draw and allocate",
    "replace an auditor",
    "record events",
    "see reports",
    "keep agreements",
    "see the ledger",
    "see the read log",
    "keep and remove records",
    "import the caseload",
    "manage people",
    "manage frameworks",
]
Relation = Literal["auditor", "practitioner", "earlier practitioner", "proposer"]


class Role(Part):
    """Held in exactly one way.

    `post`: by whoever holds that post on the day, `of` the subject's unit (or one above it), of the
    auditor's unit, or anywhere. `relation`: by standing in that relation to the audit. `people`: by the
    people with those staff numbers. `otherwise` names the role that steps in where nobody holds this one.
    """

    title: Line
    """What people call the role."""
    post: PostName | None = None
    """Held by whoever holds this post."""
    of: Literal["the subject's unit", "the auditor's unit", "anywhere"] | None = None
    """Where the post must be held."""
    relation: Relation | None = None
    """Held by whoever stands in this relation to the audit."""
    people: tuple[Name, ...] | None = None
    """Held by the people with these staff numbers."""
    may: tuple[Permission, ...] = ()
    """What the role lets people do; only for a post."""
    otherwise: Name | None = None
    """The role that steps in where nobody holds this one."""

    @model_validator(mode="after")
    def _held_in_one_way(self) -> Role:
        if sum(way is not None for way in (self.post, self.relation, self.people)) != 1:
            raise ValueError("Say how the role is held by exactly one of post, relation or people.")
        if (self.post is None) != (self.of is None):
            raise ValueError("A post needs “of”: the subject's unit, the auditor's unit or anywhere.")
        return self


class Addressee(Part):
    """A role that is meant, always or when a condition holds."""

    role: Name
    """The role that is meant."""
    when: Condition | None = None
    """Only if this holds."""
