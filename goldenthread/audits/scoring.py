"""What an audit's scores come to, and whether they rest on the audit alone."""

from __future__ import annotations

from fractions import Fraction

from goldenthread.audits.models import KeptScore, value_of
from goldenthread.audits.sheets import OWN_FACTS, Sheet
from goldenthread.rules.conditions import comparisons
from goldenthread.rules.framework import Framework
from goldenthread.rules.grade_rules import CarryForward
from goldenthread.rules.scores import ScoreResult, score


def scores_in(sheet: Sheet) -> dict[str, Fraction | None]:
    """Every score of the audit by name, rounded; None where there is nothing to reckon it from."""
    return {name: score(rule, sheet.look).value for name, rule in sheet.grading.scores.items()}


def result_of(sheet: Sheet, name: str) -> ScoreResult:
    """What a score came to, with its points; once retention has removed words, the kept figure counts."""
    result = score(sheet.grading.scores[name], sheet.look)
    if sheet.audit.blanked_at is None:
        return result
    kept = KeptScore.objects.filter(audit=sheet.audit, score=name).first()
    if kept is None or value_of(kept.thousandths) == result.value:
        return result
    return ScoreResult(result.rule, value_of(kept.thousandths))


def rest_on_the_audit(pack: Framework, audit_type: str) -> bool:
    """Whether the scores of a kind look at nothing that changes without the audit.

    A fact that a later extract corrects can bring a question in or take it out, and a dispute about an
    earlier audit can change a grade that was carried forward.
    """
    if any(isinstance(rule, CarryForward) for rule in pack.grading_of(audit_type).rules):
        return False
    form = pack.form_of(audit_type)
    conditions = [one.when for one in form.sections] + [one.when for one in form.questions()]
    named = {compare.fact_named for condition in conditions for compare in comparisons(condition)}
    return named - {None} <= OWN_FACTS
