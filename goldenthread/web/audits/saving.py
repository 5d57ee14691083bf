"""Saving a whole section at once, each answer by itself, for browsers without JavaScript."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404, HttpRequest
from django.utils import timezone

from goldenthread.audits import operations
from goldenthread.audits.models import AnswerVersion, Audit, Judgement, Row
from goldenthread.audits.operations import Stale
from goldenthread.audits.sheets import Sheet, answers_in, form_for, given_of, judgements_in, sheet_of
from goldenthread.rules.forms import NOT_COMPARED, Given, Question
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.boxes import Clash, answer_clash, judgement_clash, name_clash
from goldenthread.web.audits.papers import Paper
from goldenthread.web.audits.typed import clean, given_from, is_sent_back, version_from

GRADE, NAME = "grade", "name"


@dataclass
class Outcome:
    """What could not be saved, and why: everything else was."""

    typed: dict[str, Given] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    clashes: dict[str, Clash] = field(default_factory=dict)
    grade: tuple[str, str] | None = None
    name: str | None = None

    @property
    def is_clean(self) -> bool:
        return not self.errors and not self.clashes


def save_section(request: HttpRequest, paper: Paper, key: str) -> Outcome:
    """Save each answer of the section that was changed, and its grade."""
    sheet, outcome = sheet_of(paper.audit, in_return=paper.in_return), Outcome()
    for question in _questions(sheet, key):
        _save_answer(request, paper, question, outcome)
    if f"grade:{key}" in request.POST or f"why:{key}" in request.POST or "same" in request.POST:
        _save_grade(request, sheet, key, outcome)
    return outcome


def save_row(request: HttpRequest, audit: Audit, row: Row) -> Outcome:
    """Save the name of a row, and each answer in it that was changed."""
    sheet, outcome = sheet_of(audit), Outcome()
    if f"name:{row.public_id}" in request.POST:
        _save_name(request, audit, row, outcome)
    for question in _questions(sheet, row.section, row.public_id):
        _save_answer(request, Paper(audit), question, outcome)
    return outcome


def _questions(sheet: Sheet, key: str, row: str = "") -> list[Question]:
    """What the page asks: a section, or one row of it; a section that repeats has its rows on other pages."""
    if key == OVERALL:
        return []
    for section, _ in sheet.sections:
        if section.key == key:
            asked = [qs for one, qs in sheet.by_rows(section) if (one.key if one else "") == row]
            return [question for questions in asked for question in questions if not question.is_note]
    raise Http404


def _save_name(request: HttpRequest, audit: Audit, row: Row, outcome: Outcome) -> None:
    key = row.public_id
    name = clean(request.POST.get(f"name:{key}", ""))
    seen = version_from(request.POST, f"version:name:{key}")
    try:
        operations.name_row(audit, key, name=name, expected=seen, by=person_of(request), at=timezone.now())
    except Stale as clash:
        outcome.clashes[NAME], outcome.name = name_clash(clash.current), name
    except Refused as refusal:
        outcome.errors[NAME], outcome.name = str(refusal), name


def _save_answer(request: HttpRequest, paper: Paper, question: Question, outcome: Outcome) -> None:
    key = question.key
    if question.type in NOT_COMPARED and f"version:{key}" not in request.POST:
        return  # it was not on the page, so nobody took a signature back or a file out
    given, seen = given_from(question, request.POST), version_from(request.POST, f"version:{key}")
    files = request.FILES.getlist(f"file:{key}")
    try:
        operations.attach_files(
            paper.audit,
            key,
            given,
            files,
            expected=seen,
            by=person_of(request),
            at=timezone.now(),
            in_return=paper.in_return,
        )
    except Stale as clash:
        if files or not _is_untouched(paper, key, given, seen):
            outcome.clashes[key] = answer_clash(question, clash.current)
            outcome.typed[key] = given
    except Refused as refusal:
        outcome.errors[key], outcome.typed[key] = str(refusal), given


def _is_untouched(paper: Paper, question: str, given: Given, seen: int) -> bool:
    """Whether the page sent back what it was given, so that there is nothing of theirs to lose."""
    if seen == 0:
        return given.is_blank and not given.evidence
    found = form_for(paper.audit, paper.in_return).question_at(question)
    if found is None:
        return False
    row = {"row__public_id": found[1]} if found[1] else {"row": None}
    answers = answers_in(paper.audit, paper.in_return).filter(question=found[0].key, **row)
    was = AnswerVersion.objects.filter(answer__in=answers, version=seen).first()
    return was is not None and is_sent_back(found[0], given_of(was), given)


def _save_grade(request: HttpRequest, sheet: Sheet, part: str, outcome: Outcome) -> None:
    grade, why = request.POST.get(f"grade:{part}", ""), clean(request.POST.get(f"why:{part}", ""))
    if "same" in request.POST and (before := _before(sheet, part)):
        grade, why = before.grade, before.why
    seen = version_from(request.POST, f"version:{GRADE}:{part}")
    try:
        operations.save_judgement(
            sheet.audit,
            part,
            grade=grade,
            why=why,
            expected=seen,
            by=person_of(request),
            at=timezone.now(),
            in_return=sheet.in_return,
        )
    except Stale as clash:
        if not _is_the_grade_seen(sheet, part, grade, why, seen):
            outcome.clashes[GRADE] = judgement_clash(sheet.pack, sheet.scale, clash.current)
            outcome.grade = (grade, why)
    except Refused as refusal:
        outcome.errors[GRADE], outcome.grade = str(refusal), (grade, why)


def _before(sheet: Sheet, part: str) -> Judgement | None:
    """The latest earlier stage's judgement of the part."""
    stages = list(sheet.grading.stages)
    if sheet.stage is None:
        return None
    found = [sheet.judged(part, stage.key) for stage in stages[: stages.index(sheet.stage)]]
    return next((judged for judged in reversed(found) if judged and judged.grade), None)


def _is_the_grade_seen(sheet: Sheet, part: str, grade: str, why: str, seen: int) -> bool:
    if seen == 0:
        return not grade and not why
    stage = sheet.stage.key if sheet.stage else ""
    rows = judgements_in(sheet.audit, sheet.in_return).filter(part=part, stage=stage, version=seen)
    return rows.filter(grade=grade, why=why).exists()
