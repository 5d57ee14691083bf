"""The report of an audit: read, checked, downloaded, and filed with its case note."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.audits import operations
from goldenthread.audits.filing import FilingNote, note_for
from goldenthread.audits.holding import obstacles
from goldenthread.audits.models import Audit, CaseNote
from goldenthread.audits.operations import Incomplete
from goldenthread.audits.queries import roles_in
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.governance.removing import may_remove_files
from goldenthread.reporting.audit_answers import answers_as_fhir, file_name
from goldenthread.reporting.audit_documents import TooLong, pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.flow import CHECKING, DONE, Step
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits import forms
from goldenthread.web.audits.rows import may_pass
from goldenthread.web.audits.seeing import readable_audit
from goldenthread.web.audits.typed import clean

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CASE_NOTE = "a case note"
NOT_YOURS = (
    "Nothing was saved: this was done meanwhile, or is not yours to do now. The page says where it stands."
)


@require_GET
def show_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole report on one page, as it stands."""
    audit = readable_audit(request, public_id, "report")
    person, on = person_of(request), timezone.localdate()
    report = report_of(audit, on=on, reader=person)
    context = {"audit": audit, "words": words_of(audit.version, audit.audit_type), "report": report}
    if any(line.files for chapter in report.chapters for line in chapter.lines):
        context["may_remove"] = may_remove_files(audit, person, on=on)
    return render(request, "audits/show_report.html", context)


@require_GET
def download_report(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """The report as a Word document or a PDF; the file's name carries the audit's number alone."""
    audit = readable_audit(request, public_id, kind)
    report = report_of(audit, on=timezone.localdate(), reader=person_of(request))
    try:
        made = word_of(report) if kind == "docx" else pdf_of(report, at=timezone.now())
    except TooLong as refusal:
        messages.error(request, str(refusal))
        return redirect("show_report", public_id)
    name = re.sub(r"[^A-Za-z0-9]+", "-", audit.number).strip("-")
    answer = HttpResponse(made, content_type=WORD if kind == "docx" else "application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{name}.{kind}"'
    return answer


@require_GET
def download_answers(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answers of a finished audit for other programs."""
    audit = readable_audit(request, public_id, "answers")
    try:
        made = answers_as_fhir(audit, reader=person_of(request))
    except Refused:
        raise Http404 from None
    answer = HttpResponse(made, content_type="application/fhir+json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(audit)}"'
    return answer


@require_http_methods(["GET", "POST"])
def check_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """The report to check, and the decision: accept it, or return it with points."""
    audit = readable_audit(request, public_id, "quality check")
    steps = _open_steps(request, audit) if audit.phase == CHECKING else []
    if not steps:
        if request.method == "POST":
            messages.error(request, NOT_YOURS)
        return redirect("show_audit", public_id)
    form = forms.Check(request.POST or None, steps=steps, words=words_of(audit.version, audit.audit_type))
    if form.is_valid() and _check(request, audit, form):
        return redirect("show_audit", public_id)
    report = report_of(audit, on=timezone.localdate(), reader=person_of(request))
    checks = audit.quality_checks.select_related("checked_by").order_by("-checked_at")[:20]
    return render(
        request,
        "audits/check_report.html",
        {
            "audit": audit,
            "words": words_of(audit.version, audit.audit_type),
            "form": form,
            "report": report,
            "checks": checks,
            **_held(request, audit, [name for name, _ in steps]),
        },
    )


@require_http_methods(["GET", "POST"])
def show_case_note(request: HttpRequest, public_id: str) -> HttpResponse:
    """The case note, ready to copy; a post says that it has been filed."""
    audit = readable_audit(request, public_id, "case note")
    if audit.phase not in DONE or pack_of(audit.version).is_kept_here(audit.audit_type):
        raise Http404
    now = timezone.localtime()
    steps = [name for name, step in _open_steps(request, audit) if CASE_NOTE in step.requires]
    words = words_of(audit.version, audit.audit_type)
    form = forms.Filed(request.POST or None, words=words, initial={"noted_at": f"{now:%d/%m/%Y %H:%M}"})
    if steps and form.is_valid():
        note = note_for(audit, at=form.cleaned_data["noted_at"])
        try:
            operations.take_step(
                audit, steps[0], by=person_of(request), at=now, case_note=note, passing=_passing(request)
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Filed. The note is kept as it was made.")
        return redirect("show_audit", public_id)
    if request.method == "POST" and not steps:
        messages.error(request, NOT_YOURS)
    context = {
        "audit": audit,
        "words": words,
        "note": _note_of(audit),
        "form": form if steps else None,
        **_held(request, audit, steps[:1]),
    }
    return render(request, "audits/show_case_note.html", context)


def _check(request: HttpRequest, audit: Audit, form: forms.Check) -> bool:
    """Take the step decided on; False where something is missing, which the form then says."""
    try:
        operations.take_step(
            audit,
            form.cleaned_data["step"],
            by=person_of(request),
            at=timezone.now(),
            points=form.cleaned_data["points"],
            passing=_passing(request),
        )
    except Incomplete as refusal:
        form.add_error("points", " ".join(gap.sentence for gap in refusal.gaps))
        return False
    except Refused as refusal:
        messages.error(request, str(refusal))
        return True
    messages.success(request, "Done. Those concerned are told.")
    return True


def _passing(request: HttpRequest) -> str:
    """Why a shut gate is passed, if that was said."""
    return clean(request.POST.get("passing", ""))


def _held(request: HttpRequest, audit: Audit, steps: list[str]) -> dict[str, object]:
    """What stands in the way of these steps, and whether the reader may pass it."""
    on = timezone.localdate()
    sheet = sheet_of(audit, on=on)
    held = [one for name in steps for one in obstacles(sheet, name)]
    roles = roles_in(audit, person_of(request), on=on) if held else set()
    return {"held": list(dict.fromkeys(held)), "may_pass": may_pass(held, roles)}


def _open_steps(request: HttpRequest, audit: Audit) -> list[tuple[str, Step]]:
    on = timezone.localdate()
    roles = roles_in(audit, person_of(request), on=on)
    return sheet_of(audit, on=on).flow.open_to(state=audit.state, roles=roles)


def _note_of(audit: Audit) -> FilingNote:
    """The note as it was filed, or as it would be now."""
    kept = CaseNote.objects.filter(audit=audit).first()
    if kept is None:
        return note_for(audit, at=timezone.now())
    return FilingNote(kept.title, kept.note_type, kept.noted_at, kept.text, kept.alerted)
