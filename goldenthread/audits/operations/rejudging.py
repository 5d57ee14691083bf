"""Grades changed from above the audit's flow, such as after a dispute: a stage of their own, all kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from goldenthread.audits.gaps import kept_to_others, may_override, sentence_of
from goldenthread.audits.models import Audit, Judgement
from goldenthread.audits.operations.judging import Judged, judgement_at, must_be_gradable, supersede
from goldenthread.audits.operations.locking import change
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.advice import Advice, advice, look_of
from goldenthread.rules.grading import Stage
from goldenthread.rules.refusal import Refused


def judge_again(
    audit: Audit, stage: str, grades: Mapping[str, str], *, why: str, by: Person, at: datetime
) -> dict[str, object]:
    """Give these parts other grades at a later stage than the flow's; earlier grades stay as they are.

    Within the operation that causes it, on a locked audit; returns what changed, for its event. A grade that
    the framework's rules allow to nobody, or not to this person, is refused, the new grades of other parts
    taken into account.
    """
    grading = pack_of(audit.version).grading_of(audit.audit_type)
    at_stage = grading.stage(stage)
    if at_stage is None:
        words = pack_of(audit.version).words
        raise Refused(f"Nothing of this {words['audit']} is given {words['a_grade']} {stage}.")
    for part, grade in grades.items():
        must_be_gradable(audit, part, grade, why)
    sheet = sheet_of(audit, on=timezone.localdate(at))
    stood = {part: judged.grade for part in grades if (judged := sheet.of_record(part))}
    advised = {part: _advice_on(sheet, at_stage, grades, part) for part in grades}
    for part, grade in grades.items():
        _must_be_allowed(sheet, advised[part], grade, by=by, at=at)
    changed: dict[str, object] = {}
    for part, grade in grades.items():
        if stood.get(part) == grade:
            continue
        rows = Judgement.objects.filter(audit=audit, part=part, stage=stage)
        judged = judgement_at(audit, at_stage, Judged(part, grade, why, at), by, advised[part])
        supersede(rows.current().first(), judged)
        changed[part] = change(stood.get(part, ""), grade)
    keep_scores(audit)
    return changed


def _advice_on(sheet: Sheet, stage: Stage, grades: Mapping[str, str], part: str) -> Advice:
    """What the rules say of a part once these grades stand at the stage."""
    if not sheet.grading.rules_about(part):
        return Advice(part)
    given = {(key, stage.key): grade for key, grade in grades.items()}
    look = look_of(
        sheet.grading,
        sheet.form,
        sheet.given,
        replace(sheet.known, grades={**sheet.known.grades, **given}),
        skipped=sheet.skipped,
        stage=stage.key,
        carried={key: kept.grade for key, kept in sheet.carried.items()},
    )
    return advice(sheet.grading, look, part)


def _must_be_allowed(sheet: Sheet, advised: Advice, grade: str, *, by: Person, at: datetime) -> None:
    """Refuse a grade that some rule allows to nobody, or to others than this person alone."""
    for said in advised.against(grade):
        if said.override == "never":
            why = sentence_of(said, advised, sheet.scale)
            words = sheet.pack.words
            raise Refused(
                f"{why} The framework allows no other {words['grade']}; change the {words['grades']} that it "
                "rests on too."
            )
        if not may_override(said, sheet.audit, by, on=timezone.localdate(at)):
            raise Refused(kept_to_others(said, advised, sheet))
