"""What follows an audit: who discusses it by when, who is thanked, and what silence leads to (WF-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Condition, Known, holds
from goldenthread.rules.ladders import Rung
from goldenthread.rules.parts import Line, Name, Part, Text
from goldenthread.rules.scales import Scale
from goldenthread.rules.spans import SpanText

BETTER, SAME, WORSE = "better", "same", "worse"


class Repeats(Part):
    """How often something must have come up within a period, this audit among them."""

    of: Literal["practitioner", "team"]
    """Whose audits are counted."""
    when: Condition
    """Which of their final audits count."""
    within: SpanText
    """How far back from the day on which the audit became final."""
    at_least: int = Field(default=2, ge=2, le=50)
    """How many there must be."""


class DiscussionNote(Part):
    """The words in which a discussion is copied to where it is recorded.

    They may use {type}, {reference} and {date}; the text {present}, {discussed}, {good} and {actions} too.
    """

    title: Line
    """The title; filled in, it has at most 100 characters."""
    text: Text
    """What the note says."""


class DiscussionRule(Part):
    """A discussion of what the audit found: whoever owes its clock holds it and records it."""

    clock: Name
    """The clock within which it is held and recorded; whoever owes it records it."""
    with_: tuple[Name, ...] = Field(alias="with", min_length=1)
    """The roles with whom it is held."""
    actions: Literal["needed", "welcome", "none"] = "welcome"
    """Whether actions must be agreed, may be agreed, or are not asked for."""
    recorded_as: tuple[Line, ...] = Field(min_length=1)
    """Where the record is kept, such as “supervision note”; of several, one is chosen."""
    note: DiscussionNote
    """The words to copy there."""
    check: Name | None = None
    """The clock of its check: whoever owes it accepts the record, or says what is missing."""
    complete: Name | None = None
    """The clock within which what was missing is added; the discussion's own unless said."""
    missing: tuple[Rung, ...] = ()
    """Who hears, in turn, when the time has passed without a record."""


class Acknowledgement(Part):
    """Thanks for good work: a message on the audit's page, and an e-mail that there is one.

    The e-mail may use {type}, {reference}, {cycle} and {link}; it holds no names, grades or reasons.
    """

    to: tuple[Name, ...] = Field(min_length=1)
    """The roles that are thanked, or hear of it."""
    message: Text
    """What they read on the audit's page."""
    subject: Line
    """The subject of the e-mail."""
    text: Text
    """What the e-mail says."""


class ResponseRule(Part):
    """What follows a final audit: a discussion, thanks, or both.

    Rules are tried in their order. The first that holds applies, and every later one that says `besides`.
    """

    title: Line
    """What people call it."""
    after: tuple[Name, ...] = ()
    """The audit types that it follows; all unless said."""
    when: Condition | None = None
    """Only if this holds of the final audit."""
    repeats: Repeats | None = None
    """Only if this has come up so often."""
    besides: bool = False
    """Whether it applies also where an earlier rule has applied."""
    discussion: DiscussionRule | None = None
    """The discussion that follows."""
    acknowledgement: Acknowledgement | None = None
    """The thanks that follow."""

    @model_validator(mode="after")
    def _something_follows(self) -> ResponseRule:
        if self.discussion is None and self.acknowledgement is None:
            raise ValueError("Say what follows: a discussion, an acknowledgement or both.")
        return self


def change_of(before: str | None, after: str | None, scale: Scale, earlier: Scale) -> str:
    """Whether a grade is better, the same or worse than the one before, by its place on the scale.

    Empty where one of the two is missing or is no place on the scale, or the scales differ.
    """
    if not before or not after or not scale.grades_alike(earlier):
        return ""
    old, new = scale.rank(before), scale.rank(after)
    if old is None or new is None:
        return ""
    return BETTER if new > old else WORSE if new < old else SAME


def may_follow(rules: Mapping[str, ResponseRule], audit_type: str, known: Known) -> list[str]:
    """The rules whose audit type and condition fit, in their order; what repeats is counted afterwards."""
    fitting = {name: rule for name, rule in rules.items() if not rule.after or audit_type in rule.after}
    return [name for name, rule in fitting.items() if holds(rule.when, known)]


def that_apply(rules: Mapping[str, ResponseRule], fitting: Iterable[str]) -> list[str]:
    """Of the rules that hold, the first, and every later one that applies besides."""
    found: list[str] = []
    for name in fitting:
        if not found or rules[name].besides:
            found.append(name)
    return found


def clocks_of(rules: Iterable[ResponseRule]) -> set[str]:
    """Every clock that these rules start."""
    found: set[str] = set()
    for rule in rules:
        if (talk := rule.discussion) is not None:
            found |= {talk.clock, *filter(None, (talk.check, talk.complete))}
            found |= {rung.clock for rung in talk.missing}
    return found


def roles_of(rules: Iterable[ResponseRule]) -> set[str]:
    """Every role that these rules name; whoever owes a clock is named by the clock."""
    found: set[str] = set()
    for rule in rules:
        if rule.discussion is not None:
            found |= set(rule.discussion.with_)
            found |= {role for rung in rule.discussion.missing for role in (rung.role, *rung.tells)}
        if rule.acknowledgement is not None:
            found |= set(rule.acknowledgement.to)
    return found
