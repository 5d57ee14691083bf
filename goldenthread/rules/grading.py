"""Judgements: which parts are graded at which stages, scores, and rules that suggest or question a grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field

from goldenthread.rules.conditions import Condition, Known, holds
from goldenthread.rules.forms import Form, Given, shown
from goldenthread.rules.parts import Line, Name, Part

OVERALL = "overall"
"""The part that stands for the whole audit."""


class Stage(Part):
    """A moment at which every applicable part is graded, by whom."""

    key: Name
    """The name of the stage in conditions."""
    label: Line
    """The words shown."""
    by: Name
    """The role that grades at this stage."""


class GradeRule(Part):
    """When the condition holds, suggest a grade for a part, or ask why the one given differs.

    `judgement` alone leaves the grade to the person named by the stage.
    """

    part: Name = OVERALL
    """The part that it is about: the key of a graded section, or overall."""
    kind: Literal["judgement", "suggest", "cap"]
    """Whether it suggests a grade, asks why a better one is given, or leaves it to judgement."""
    when: Condition | None = None
    """Only if this holds."""
    grade: Name | None = None
    """The grade suggested, or the best one without a reason."""
    because: Line
    """The sentence shown."""


class Score(Part):
    """Points over the maximum of the questions that applied, as a percentage with whole-number rounding.

    A question answered “not applicable” leaves the maximum; “not seen” and “no evidence” stay in it.
    """

    title: Line
    """What people call the score."""
    kind: Literal["points over applicable maximum"]
    """How it is reckoned."""
    sections: tuple[Name, ...] = Field(min_length=1)
    """The sections whose points it counts."""


class Grading(Part):
    """How an audit is judged: a scale, stages in order, the overall part, scores and rules."""

    scale: Name
    """The scale of its grades."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    """When the parts are graded, in order."""
    overall: bool = True
    """Whether the whole is graded too."""
    overall_label: Line = "Overall"
    """What the grade of the whole is called."""
    ungraded_allowed: bool = False
    """Whether a part may be left without a grade."""
    rationale: bool = True
    """Whether each grade needs a reason."""
    rules: tuple[GradeRule, ...] = ()
    """Rules that suggest or question a grade."""
    scores: dict[Name, Score] = Field(default_factory=dict)
    """Scores by name."""

    def stage(self, key: str) -> Stage | None:
        """The stage with that key, or None."""
        return next((stage for stage in self.stages if stage.key == key), None)


@dataclass(frozen=True)
class ScoreResult:
    """A score: points of an applicable maximum; the percentage is None where nothing applied."""

    points: Fraction
    maximum: Fraction

    @property
    def percentage(self) -> int | None:
        """Rounded half up to a whole number, so that bands with whole edges leave no gap."""
        if not self.maximum:
            return None
        return int(self.points / self.maximum * 100 + Fraction(1, 2))


def parts_to_grade(
    form: Form, grading: Grading, known: Known, skipped: frozenset[str]
) -> list[tuple[str, str]]:
    """The parts that apply to this audit as (key, label): the graded sections asked, then the whole."""
    parts = [(section.key, section.title) for section, _ in shown(form, known, skipped) if section.graded]
    return [*parts, (OVERALL, grading.overall_label)] if grading.overall else parts


def score(rule: Score, form: Form, answers: Mapping[str, Given], known: Known) -> ScoreResult:
    """Points given over the points that could have been given."""
    points = maximum = Fraction(0)
    for section, questions in shown(form, known):
        for question in questions if section.key in rule.sections else []:
            possible = [Fraction(str(c.points)) for c in question.options if c.points is not None]
            given = answers.get(question.key, Given())
            if not possible or given.is_blank or given.instead == "not applicable":
                continue
            maximum += max(possible)
            chosen = next((c for c in question.options if c.key == given.value), None)
            points += Fraction(str(chosen.points)) if chosen and chosen.points is not None else 0
    return ScoreResult(points, maximum)


@dataclass(frozen=True)
class Advice:
    """What the rules say of one part: a suggested grade, or the best one allowed, and why."""

    part: str
    kind: str
    grade: str
    because: str


def advice(grading: Grading, known: Known) -> list[Advice]:
    """Every rule that applies, in the framework's order; the system suggests, a named person judges."""
    return [
        Advice(rule.part, rule.kind, rule.grade, rule.because)
        for rule in grading.rules
        if rule.kind != "judgement" and rule.grade is not None and holds(rule.when, known)
    ]
