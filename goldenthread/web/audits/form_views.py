"""The form of an audit, one section at a time: saved answer by answer or, without JavaScript, as a whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Return
from goldenthread.audits.operations import Stale
from goldenthread.audits.queries import answers_shown, judgements_shown
from goldenthread.audits.sheets import Sheet, answers_in, form_for, given_of, sheet_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.governance.removing import may_remove_files
from goldenthread.people.models import Person
from goldenthread.reporting.audit_report import answer_words, carried_words, line_of, reasons_of
from goldenthread.rules.forms import Given, Question, Section, asked_at
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits import advising, boxes, row_changes, saving
from goldenthread.web.audits.naming import NOT_SIGNED
from goldenthread.web.audits.papers import Paper
from goldenthread.web.audits.seeing import readable_audit, saved_audit, seen_audit
from goldenthread.web.audits.typed import clean, given_from, key_from, version_from

CLASHED, REFUSED = 409, 422
SHOWN_VERSIONS = 50


@require_http_methods(["GET", "POST"])
def audit_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """One section of the form, or the overall grade; a post saves all of it."""
    return section_of(request, Paper(readable_audit(request, public_id)), section)


def section_of(request: HttpRequest, paper: Paper, section: str) -> HttpResponse:
    """One section of what is filled in, be it the audit itself or one of its returns."""
    outcome, status = saving.Outcome(), 200
    if request.method == "POST":
        outcome = saving.save_section(request, paper, section)
        changed = row_changes.apply(request, paper.audit, section) if _is_own(paper, outcome) else None
        if changed:
            return changed
        if outcome.is_clean:
            return redirect(_onwards(request, paper, section))
        status = REFUSED
    return render(
        request, "audits/audit_section.html", _context(request, paper, section, outcome), status=status
    )


def _is_own(paper: Paper, outcome: saving.Outcome) -> bool:
    """Whether rows may be changed: all was saved, and it is no return, which has none."""
    return outcome.is_clean and paper.in_return is None


@require_POST
def save_answer(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save one answer as it is given; a clash answers with what somebody else saved."""
    return answer_saved(request, Paper(saved_audit(request, public_id)))


def answer_saved(request: HttpRequest, paper: Paper) -> JsonResponse:
    """Save one answer in what is filled in."""
    posted = request.POST
    place = posted.get("question", "")
    question, row = _question(paper.audit, place, paper.in_return)
    try:
        version = operations.save_answer(
            paper.audit,
            place,
            given_from(asked_at(question, place), posted),
            expected=version_from(posted),
            by=person_of(request),
            at=timezone.now(),
            key=key_from(posted),
            in_return=paper.in_return,
        )
    except Stale as clash:
        return clashed(boxes.answer_clash(asked_at(question, place), clash.current))
    except Refused as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=REFUSED)
    return saved(
        request, paper, _section_of(paper.audit, question.key), version, _shown(paper, question, row)
    )


@require_POST
def save_judgement(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save the grade of one part and its reasons as they are given."""
    return judgement_saved(request, Paper(saved_audit(request, public_id)))


def judgement_saved(request: HttpRequest, paper: Paper) -> JsonResponse:
    """Save one part's grade in what is filled in."""
    audit, posted = paper.audit, request.POST
    part = posted.get("part", "")
    try:
        version = operations.save_judgement(
            audit,
            part,
            grade=posted.get(f"grade:{part}", ""),
            why=clean(posted.get(f"why:{part}", "")),
            expected=version_from(posted),
            by=person_of(request),
            at=timezone.now(),
            key=key_from(posted),
            in_return=paper.in_return,
        )
    except Stale as clash:
        pack = pack_of(audit.version)
        return clashed(boxes.judgement_clash(pack, pack.scale_of(audit.audit_type), clash.current))
    except Refused as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=REFUSED)
    return saved(request, paper, part, version)


@require_POST
def skip_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """Leave a section out, or take it up again."""
    return section_skipped(request, Paper(seen_audit(request, public_id)), section)


def section_skipped(request: HttpRequest, paper: Paper, section: str) -> HttpResponse:
    """Leave a section of what is filled in out, or take it up again."""
    wanted = request.POST.get("skip")
    if wanted not in ("yes", "no"):
        messages.error(request, "Choose one of the buttons on this page.")
        return redirect(paper.section_url(section))
    skip = wanted == "yes"
    try:
        operations.skip_section(
            paper.audit,
            section,
            skip=skip,
            by=person_of(request),
            at=timezone.now(),
            in_return=paper.in_return,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(paper.url if skip else paper.section_url(section))


@require_GET
def show_answer_history(request: HttpRequest, public_id: str, question: str) -> HttpResponse:
    """Every version of one answer, the newest first."""
    audit = readable_audit(request, public_id)
    (asked, row), person, on = _question(audit, question), person_of(request), timezone.localdate()
    place = {"row__public_id": row} if row else {"row": None}
    answer = get_object_or_404(answers_shown(audit, person, on=on), question=asked.key, **place)
    rows = answer.versions.select_related("saved_by").order_by("-version")[: SHOWN_VERSIONS + 1]
    versions = [(row, line_of(asked, given_of(row))) for row in rows]
    context = {
        "audit": audit,
        "words": words_of(audit.version, audit.audit_type),
        "title": asked.text,
        "versions": versions[:SHOWN_VERSIONS],
        "more": len(versions) > SHOWN_VERSIONS,
        "section": _section_of(audit, asked.key),
    }
    if asked.takes_files:
        context["may_remove"] = may_remove_files(audit, person, on=on)
    return render(request, "audits/show_answer_history.html", context)


@require_GET
def show_grade_history(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    """Every judgement of one part, at every stage, the newest first."""
    audit = readable_audit(request, public_id)
    found = judgements_shown(audit, person_of(request), on=timezone.localdate()).filter(part=part)
    rows = list(found.select_related("judged_by").order_by("-judged_at", "-pk")[: SHOWN_VERSIONS + 1])
    if not rows:
        raise Http404
    sheet = sheet_of(audit)
    labels = {stage.key: stage.label for stage in sheet.grading.stages}
    judged = [
        (row, labels.get(row.stage, row.stage), sheet.scale.label(row.grade), reasons_of(sheet, row))
        for row in rows
    ]
    label = dict(sheet.parts).get(part, part)
    context = {
        "audit": audit,
        "words": sheet.words,
        "title": label,
        "judged": judged[:SHOWN_VERSIONS],
        "part": part,
    }
    return render(request, "audits/show_grade_history.html", context)


def _context(request: HttpRequest, paper: Paper, key: str, outcome: saving.Outcome) -> dict[str, Any]:
    """All that the section's page shows."""
    audit, person, on = paper.audit, person_of(request), timezone.localdate()
    sheet = sheet_of(audit, on=on, signed=True, in_return=paper.in_return)
    section, questions = _asked(sheet, key)
    repeats = section.repeats if section else None
    is_editable = paper.may_edit(person, on=on) and key not in sheet.skipped
    found = boxes.boxes_of(
        sheet,
        [] if repeats and is_editable else questions,
        outcome.typed,
        person=person if is_editable else None,
    )
    for box in found:
        box.error, box.clash = outcome.errors.get(box.question.key, ""), outcome.clashes.get(box.question.key)
    return {
        "audit": audit,
        "paper": paper,
        "skip_url": paper.skip_url(key),
        "words": sheet.words,
        "sheet": sheet,
        "type": sheet.type.title,
        "section": section,
        "key": key,
        "title": sheet.form.title_of(section) if section else sheet.grading.overall_label,
        "boxes": found,
        "takes_files": any(box.question.takes_files for box in found),
        "grade": _grade(sheet, section, key, outcome, person) if is_editable else None,
        "graded": _standing_grades(sheet, section, key),
        "is_editable": is_editable,
        "is_left_out": key in sheet.skipped,
        "kept": carried_words(sheet, sheet.carried[key]) if key in sheet.carried else "",
        "next": _next(sheet, key),
        "outcome": outcome,
        "has_faults": not outcome.is_clean,
        "lines": [(box, answer_words(box.question, box.given, sheet.names)) for box in found],
        "headings": row_changes.headings(sheet, section),
        "repeats": repeats,
        "rows": row_changes.listed(sheet, section) if section and repeats else None,
    }


def _grade(
    sheet: Sheet, section: Section | None, key: str, outcome: saving.Outcome, person: Person
) -> boxes.GradeBox | None:
    """The grading, where the section has one and a stage is open."""
    if sheet.stage is None or not (section is None or section.graded):
        return None
    label = sheet.form.title_of(section) if section else sheet.grading.overall_label
    box = boxes.grade_box(sheet, key, label, sheet.stage)
    advice = sheet.advice_on(key)
    may_give = advising.open_to(sheet, advice, person)
    box.advice = advising.lines_of(sheet, advice, may_give)
    box.error, box.clash = outcome.errors.get("grade", ""), outcome.clashes.get("grade")
    if outcome.grade is not None:
        box.grade, box.why = outcome.grade
        box.saved = ""
    box.offer(sheet.scale, may_give, is_computed=advice.is_computed)
    return box


def _standing_grades(sheet: Sheet, section: Section | None, key: str) -> list[boxes.Grade]:
    """The grades as they stand, for a page on which nothing can be graded."""
    if section is not None and not section.graded:
        return []
    stages = [(stage, sheet.judged(key, stage.key)) for stage in sheet.grading.stages]
    return [
        boxes.Grade(stage.label, boxes.grade_label(sheet, j), reasons_of(sheet, j))
        for stage, j in stages
        if j
    ]


def _asked(sheet: Sheet, key: str) -> tuple[Section | None, list[Question]]:
    """The section and its questions; the overall grade has no questions."""
    if key == OVERALL and sheet.grading.overall:
        return None, []
    for section, questions in sheet.offered:
        if section.key == key:
            return section, questions
    raise Http404


def _next(sheet: Sheet, key: str) -> tuple[str, str] | None:
    """The section after this one, or the overall grade after the last."""
    order = [(section.key, sheet.form.title_of(section)) for section, _ in sheet.sections]
    if sheet.grading.overall:
        order.append((OVERALL, sheet.grading.overall_label))
    keys = [one for one, _ in order]
    place = keys.index(key) + 1 if key in keys else len(order)
    return order[place] if place < len(order) else None


def _onwards(request: HttpRequest, paper: Paper, key: str) -> str:
    """Where the save button leads: to the next section, or back to the audit."""
    sheet = sheet_of(paper.audit, in_return=paper.in_return)
    following = _next(sheet, key) if "onwards" in request.POST else None
    if "stay" in request.POST:
        return paper.section_url(key)
    return paper.section_url(following[0]) if following else paper.url


def _question(audit: Audit, place: str, in_return: Return | None = None) -> tuple[Question, str]:
    """The question at an address, and the key of its row if it has one."""
    found = form_for(audit, in_return).question_at(place)
    if found is None:
        raise Http404
    return found


def _section_of(audit: Audit, question: str) -> str:
    section = pack_of(audit.version).form_of(audit.audit_type).section_of(question)
    return section.key if section else ""


def _shown(paper: Paper, question: Question, row: str) -> dict[str, str]:
    """The words of a signature, which the server alone writes."""
    if not question.is_signature:
        return {}
    found = answers_in(paper.audit, paper.in_return).filter(question=question.key)
    answer = found.filter(row__public_id=row) if row else found.filter(row=None)
    given = next((given_of(one) for one in answer), Given())
    return {"shown": answer_words(question, given) if given.value else NOT_SIGNED}


def saved(
    request: HttpRequest, paper: Paper, part: str, version: int, shown: dict[str, str] | None = None
) -> JsonResponse:
    """What the page needs after a save: what the rules say now of the part, if there are rules about it, and
    which questions it asks now, if that hangs on anything."""
    told: dict[str, Any] = {"version": version, "saved": f"Saved at {timezone.localtime():%H:%M}"}
    told |= shown or {}
    pack = pack_of(paper.audit.version)
    is_advised = bool(pack.grading_of(paper.audit.audit_type).rules_about(part))
    section = pack.form_of(paper.audit.audit_type).section(part)
    hangs = section is not None and not section.repeats and any(one.when for one in section.questions)
    if not (is_advised or hangs):
        return JsonResponse(told)
    sheet = sheet_of(paper.audit, on=timezone.localdate(), in_return=paper.in_return)
    if is_advised:
        advice = sheet.advice_on(part)
        may_give = advising.open_to(sheet, advice, person_of(request))
        told["advice"] = advising.lines_of(sheet, advice, may_give)
    if hangs:
        asked = next((questions for one, questions in sheet.offered if one.key == part), [])
        told["asked"] = [question.key for question in asked if not question.is_note]
    return JsonResponse(told)


def clashed(clash: boxes.Clash) -> JsonResponse:
    return JsonResponse({"sentence": operations.CLASH, "theirs": asdict(clash)}, status=CLASHED)
