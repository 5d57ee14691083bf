"""Grading a part at the stage that is open; a new judgement supersedes, and none is ever erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.gaps import kept_to_others, may_override, sentence_of
from goldenthread.audits.models import Audit, Judgement, Return
from goldenthread.audits.operations.locking import (
    REUSED,
    Stale,
    change,
    in_which,
    locked,
    must_edit,
    must_fit,
)
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.audits.queries import about, flow_of, holds_one_of
from goldenthread.audits.sheets import Sheet, form_for, grading_for, judgements_in, sheet_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import Happening, record, record_many
from goldenthread.people.models import Person
from goldenthread.rules.advice import Advice
from goldenthread.rules.calendars import in_words
from goldenthread.rules.forms import Form
from goldenthread.rules.grade_rules import overriders
from goldenthread.rules.grading import OVERALL, Grading, Stage
from goldenthread.rules.refusal import Refused


class Judged(NamedTuple):
    """One part's grade with its reasons, and when it was given."""

    part: str
    grade: str
    why: str
    at: datetime


@transaction.atomic
def save_judgement(
    audit: Audit,
    part: str,
    *,
    grade: str,
    why: str,
    expected: int,
    by: Person,
    at: datetime,
    key: str = "",
    in_return: Return | None = None,
) -> int:
    """Grade a part at the open stage over the version that the person saw, and return the new version.

    The grade or its reasons may come first; a step that needs grades asks for both. A grade that a rule
    forbids to this person is refused with the rule's sentence; one that differs from what the rules give is
    kept with what they gave. A save over another version changes nothing and raises `Stale`; a resend of the
    same change writes nothing. `in_return` grades it there.
    """
    audit = locked(audit)
    stage = _open_stage(audit, in_return)
    must_edit(audit, by, at, in_return)
    must_be_gradable(audit, part, grade, why, in_return)
    if in_return is None:
        _must_grade(audit, stage, part, by, at)
    stands = judgements_in(audit, in_return).filter(part=part, stage=stage.key)
    if key and (sent := stands.filter(key=key).first()):
        return _resent(sent, grade, why)
    current = stands.current().first()
    advice = _advice(audit, part, grade, by=by, at=at, in_return=in_return)
    judged = judgement_at(audit, stage, Judged(part, grade, why, at), by, advice, in_return=in_return)
    if current is not None and _is_same(current, judged):
        return current.version
    if expected != (current.version if current else 0):
        raise Stale(current)
    if current is None and not grade and not why:
        return 0
    supersede(current, judged, key=key)
    keep_scores(audit)
    values = _values(current, judged) | in_which(in_return)
    record("audit.judge", about=about(audit), by=by, at=at, values=values)
    return judged.version


@transaction.atomic
def save_first_judgements(audit: Audit, said: Sequence[Judged], *, by: Person) -> None:
    """Grade many parts that have no grade at the open stage yet, each at its own moment: all, or none.

    For histories that are made up (decision 9): it leaves the rows and events that `save_judgement`
    would leave, one after the other; where the framework has rules for grades, it is just that.
    """
    grading = pack_of(audit.version).grading_of(audit.audit_type)
    if grading.rules or grading.judged_after:
        for one in said:
            save_judgement(audit, one.part, grade=one.grade, why=one.why, expected=0, by=by, at=one.at)
        return
    audit = locked(audit)
    stage = _open_stage(audit)
    for one in said:
        must_edit(audit, by, one.at)
        must_be_gradable(audit, one.part, one.grade, one.why)
        _must_grade(audit, stage, one.part, by, one.at)
    said = [one for one in said if one.grade or one.why]
    stands = Judgement.objects.current().filter(audit=audit, stage=stage.key)
    current = stands.filter(part__in=[one.part for one in said]).first()
    if current is not None:
        raise Stale(current)
    judgements = Judgement.objects.bulk_create(
        judgement_at(audit, stage, one, by, Advice(one.part)) for one in said
    )
    keep_scores(audit)
    record_many(
        [
            Happening("audit.judge", about(audit), by, judged.judged_at, _values(None, judged))
            for judged in judgements
        ]
    )


def _open_stage(audit: Audit, in_return: Return | None = None) -> Stage:
    state = flow_of(audit).states[audit.state]
    grading = pack_of(audit.version).grading_of(audit.audit_type)
    stage = grading.stage(state.stage) if state.stage else None
    if in_return:
        stage = next(iter(grading_for(audit, in_return).stages), None)
    if stage is None:
        words = words_of(audit.version, audit.audit_type)
        raise Refused(
            f"{words['Grades']} cannot be given now: the {words['audit']} is “{state.label.lower()}”."
        )
    return stage


def settle_grades(sheet: Sheet, *, by: Person, at: datetime) -> dict[str, object]:
    """Put on record what the rules give at the open stage, and return what changed, for the step's event.

    A part that nobody graded gets its computed grade; beside a grade that somebody gave stands what the rules
    say now, should it be something else than when it was given.
    """
    if sheet.stage is None:
        return {}
    changed: dict[str, object] = {}
    for part, _ in sheet.parts:
        current, advice = sheet.judged(part, sheet.stage.key), sheet.advice_on(part)
        why = current.why if current else ""
        typed = current.grade if current and not current.is_computed else ""
        if not typed and not advice.is_computed:
            continue
        said = Judged(part, typed or advice.grade, why, at)
        judged = judgement_at(sheet.audit, sheet.stage, said, by, advice, in_return=sheet.in_return)
        if current and typed:
            judged.judged_by_id = current.judged_by_id
        else:
            judged.source = Judgement.Source.COMPUTED
        if current is not None and _is_same(current, judged):
            continue
        supersede(current, judged)
        if judged.is_computed:
            changed[part] = change(current.grade if current else "", judged.grade)
    return {"computed": changed} if changed else {}


def _must_grade(audit: Audit, stage: Stage, part: str, by: Person, at: datetime) -> None:
    rules = pack_of(audit.version).grading_of(audit.audit_type).rules_about(part)
    may = (stage.by, *(role for rule in rules for role in overriders(rule)))
    if not holds_one_of(may, audit, by, on=timezone.localdate(at)):
        raise Refused(
            f"{words_of(audit.version)['Grades']} {stage.label.lower()} are given by the {stage.by}."
        )


def must_be_gradable(audit: Audit, part: str, grade: str, why: str, in_return: Return | None = None) -> None:
    pack = pack_of(audit.version)
    grading, form = grading_for(audit, in_return), form_for(audit, in_return)
    if not _is_graded(form, grading, part) or part in (in_return or audit).skipped_sections:
        raise Refused(f"This part of the {pack.words['audit']} is not graded.")
    if grade and pack.scale_of(audit.audit_type).value(grade) is None:
        raise Refused(f"Choose one of the {pack.words['grades']} shown.")
    must_fit(why)


def _is_graded(form: Form, grading: Grading, part: str) -> bool:
    if part == OVERALL:
        return grading.overall
    section = form.section(part)
    return section is not None and section.graded


def _advice(
    audit: Audit, part: str, grade: str, *, by: Person, at: datetime, in_return: Return | None
) -> Advice:
    """What the rules say of the part; refused if they forbid the grade to this person, or it is too early."""
    grading = pack_of(audit.version).grading_of(audit.audit_type)
    if not grading.rules_about(part) and part not in grading.judged_after:
        return Advice(part)
    sheet = sheet_of(audit, on=timezone.localdate(at), in_return=in_return)
    words = words_of(audit.version, audit.audit_type)
    advice = sheet.advice_on(part)
    if grade and (first := sheet.to_grade_first(part)):
        raise Refused(f"Give {in_words(f'“{one}”' for one in first)} {words['a_grade']} first.")
    against = advice.against(grade) if grade else []
    for said in sorted(against, key=lambda one: one.override != "never"):
        if said.override == "never":
            why = sentence_of(said, advice, sheet.scale)
            raise Refused(f"{why} The framework allows no other {words['grade']}.")
        if not may_override(said, audit, by, on=timezone.localdate(at)):
            raise Refused(kept_to_others(said, advice, sheet))
    return advice


def _is_same(current: Judgement, judged: Judgement) -> bool:
    """Whether nothing would change, in what the rules say neither."""
    kept = ("grade", "why", "source", "advised", "rule", "because")
    return all(getattr(current, name) == getattr(judged, name) for name in kept)


def _resent(sent: Judgement, grade: str, why: str) -> int:
    """The version that this very change was saved as before; a key is not used for other words."""
    if (sent.grade, sent.why) == (grade, why):
        return sent.version
    raise Refused(REUSED)


def judgement_at(
    audit: Audit,
    stage: Stage,
    said: Judged,
    by: Person | None,
    advice: Advice,
    *,
    in_return: Return | None = None,
) -> Judgement:
    stages = pack_of(audit.version).grading_of(audit.audit_type).stages
    advised, rule, because = advice.on_record(said.grade)
    return Judgement(
        audit=audit,
        in_return=in_return,
        part=said.part,
        stage=stage.key,
        stage_order=[one.key for one in stages].index(stage.key) + 1,
        grade=said.grade,
        why=said.why,
        advised=advised,
        rule=rule,
        because=because,
        judged_by=by,
        judged_at=said.at,
    )


def supersede(current: Judgement | None, judged: Judgement, *, key: str = "") -> None:
    """Put the new judgement in place of the current one, which stays on record."""
    if current is not None:
        Judgement.everywhere.filter(pk=current.pk).update(is_current=False)
        judged.version = current.version + 1
    judged.key = key
    judged.save()


def _values(current: Judgement | None, judged: Judgement) -> dict[str, object]:
    """What the judgement changed, for the ledger."""
    values: dict[str, object] = {
        "part": judged.part,
        "stage": judged.stage,
        "version": change(judged.version - 1, judged.version),
        "grade": change(current.grade if current else "", judged.grade),
        "why": change(current.why if current else "", judged.why),
    }
    return values | ({"advised": judged.advised} if judged.advised else {})
