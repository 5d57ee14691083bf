"""How an audit is judged: its scale, the stages and parts that are graded, its scores and rules."""

from __future__ import annotations

from pydantic import Field, model_validator

from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.forms import Form, shown
from goldenthread.rules.grade_rules import OVERALL, AnyRule, CarryForward
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.scores import Score

__all__ = ["OVERALL", "Grading", "Stage", "labels_of", "parts_to_grade"]


class Stage(Part):
    """A moment at which every applicable part is graded, by whom."""

    key: Name
    """The name of the stage in conditions."""
    label: Line
    """The words shown."""
    by: Name
    """The role that grades at this stage."""


class Grading(Part):
    """How an audit is judged: a scale, stages in order, the overall part, scores and rules.

    Without a scale nothing is graded: there are no stages, no overall grade and no rules, but maybe scores.
    """

    scale: Name | None = None
    """The scale of its grades; without one, nothing is graded."""
    stages: tuple[Stage, ...] = ()
    """When the parts are graded, in order."""
    overall: bool = True
    """Whether the whole is graded too."""
    overall_label: Line = "Overall"
    """What the grade of the whole is called."""
    ungraded_allowed: bool = False
    """Whether a part may be left without a grade."""
    rationale: bool = True
    """Whether each grade needs a reason."""
    judged_after: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    """The parts that must be graded before a part is, by the key of that part."""
    rules: tuple[AnyRule, ...] = ()
    """Rules that give, suggest or limit a grade; the first that gives one counts, and so does every limit."""
    scores: dict[Name, Score] = Field(default_factory=dict)
    """Scores by name."""
    overall_same_as: Name | None = None
    """The way of grading of the version before whose overall grade means the same, by its name there,
    although sections or rules changed: trends go on over the change on your word."""

    @model_validator(mode="after")
    def _is_graded_or_not(self) -> Grading:
        if self.scale is None and (self.stages or self.rules or self.judged_after):
            raise ValueError("Without a scale nothing is graded: leave out stages, rules and judged_after.")
        if self.scale is None and self.overall:
            raise ValueError("Without a scale nothing is graded: name a scale, or say “overall: false”.")
        if self.scale is not None and not self.stages:
            raise ValueError("Grades are given at a stage; name at least one under “stages”.")
        return self

    def stage(self, key: str) -> Stage | None:
        """The stage with that key, or None."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def rules_about(self, part: str) -> list[AnyRule]:
        """The rules about a part, in their order."""
        return [rule for rule in self.rules if rule.part == part]

    def carries(self, known: Known) -> set[str]:
        """The parts that keep an earlier audit's grade where this one does not look at them."""
        rules = [rule for rule in self.rules if isinstance(rule, CarryForward)]
        return {rule.part for rule in rules if holds(rule.when, known)}


def labels_of(form: Form, grading: Grading) -> dict[str, str]:
    """What each part of a form is called: the graded sections, then the whole."""
    labels = {one.key: form.title_of(one) for one in form.sections if one.graded}
    return {**labels, OVERALL: grading.overall_label} if grading.overall else labels


def parts_to_grade(
    form: Form, grading: Grading, known: Known, skipped: frozenset[str]
) -> list[tuple[str, str]]:
    """The parts that apply to this audit as (key, label): the graded sections asked, then the whole."""
    asked = (section for section, _ in shown(form, known, skipped) if section.graded)
    parts = [(section.key, form.title_of(section)) for section in asked]
    return [*parts, (OVERALL, grading.overall_label)] if grading.overall else parts
