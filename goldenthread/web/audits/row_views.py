"""One row of a section that repeats, filled in on a page of its own and saved answer by answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Row
from goldenthread.audits.operations import Stale
from goldenthread.audits.queries import may_edit
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.ledger.ids import new_id
from goldenthread.rules.forms import Section
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits import boxes, saving
from goldenthread.web.audits.form_views import REFUSED, clashed, saved
from goldenthread.web.audits.papers import Paper
from goldenthread.web.audits.seeing import readable_audit, saved_audit
from goldenthread.web.audits.typed import clean, mark_from, version_from


@require_http_methods(["GET", "POST"])
def audit_row(request: HttpRequest, public_id: str, section: str, row: str) -> HttpResponse:
    """One row of a section; a post saves all of it. What nobody may change is read on the section's page."""
    audit = readable_audit(request, public_id)
    found = Row.objects.filter(audit=audit, section=section, public_id=row).first()
    if found is None:
        raise Http404
    on = timezone.localdate()
    if found.taken_out_at is not None:
        messages.error(request, "This row was taken out. Put it back to write in it.")
    if (
        found.taken_out_at is not None
        or section in audit.skipped_sections
        or not may_edit(audit, person_of(request), on=on)
    ):
        if request.method == "POST":
            messages.error(request, "Nothing was saved: this row cannot be changed now, or not by you.")
        return redirect("audit_section", public_id, section)
    if request.method == "GET":
        return render(request, "audits/audit_row.html", _context(request, audit, found, saving.Outcome()))
    outcome = saving.save_row(request, audit, found)
    if outcome.is_clean:
        return _onwards(request, audit, found)
    return render(request, "audits/audit_row.html", _context(request, audit, found, outcome), status=REFUSED)


@require_POST
def save_row_name(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save what a row is called as it is given."""
    audit, posted = saved_audit(request, public_id), request.POST
    key = posted.get("row", "")
    try:
        version = operations.name_row(
            audit,
            key,
            name=clean(posted.get(f"name:{key}", "")),
            expected=version_from(posted),
            by=person_of(request),
            at=timezone.now(),
        )
    except Stale as clash:
        return clashed(boxes.name_clash(clash.current))
    except Refused as refusal:
        return JsonResponse({"sentence": str(refusal)}, status=REFUSED)
    return saved(request, Paper(audit), "", version)


def _context(request: HttpRequest, audit: Audit, row: Row, outcome: saving.Outcome) -> dict[str, Any]:
    """All that the row's page shows."""
    sheet = sheet_of(audit, on=timezone.localdate(), signed=True)
    section, place = _place(sheet, row)
    standing, questions = sheet.by_rows(section)[place]
    found = boxes.boxes_of(sheet, questions, outcome.typed, person=person_of(request))
    for box in found:
        box.error, box.clash = outcome.errors.get(box.question.key, ""), outcome.clashes.get(box.question.key)
    named = boxes.NameBox(
        row.public_id, section.repeats.name if section.repeats else "", row.name, row.version
    )
    named.error, named.clash = outcome.errors.get(saving.NAME, ""), outcome.clashes.get(saving.NAME)
    named.name = row.name if outcome.name is None else outcome.name
    following = sheet.rows[section.key][place + 1 : place + 2]
    return {
        "audit": audit,
        "words": sheet.pack.words,
        "type": sheet.type.title,
        "section": section,
        "label": standing.label if standing else "",
        "boxes": found,
        "takes_files": any(box.question.takes_files for box in found),
        "named": named,
        "next": following[0] if following else None,
        "is_full": section.repeats and len(sheet.rows[section.key]) >= section.repeats.at_most,
        "mark": new_id(),
        "outcome": outcome,
        "has_faults": not outcome.is_clean,
    }


def _place(sheet: Sheet, row: Row) -> tuple[Section, int]:
    """The section of a row, and where the row stands in it; one that is not asked is not found."""
    for section, _ in sheet.sections:
        keys = [one.key for one in sheet.rows.get(section.key, ())]
        if section.key == row.section and row.public_id in keys:
            return section, keys.index(row.public_id)
    raise Http404


def _onwards(request: HttpRequest, audit: Audit, row: Row) -> HttpResponse:
    """Where the save button leads: the next row, a new one, the list of rows, or here again."""
    here = ("audit_row", audit.public_id, row.section)
    if "another" in request.POST:
        by, mark = person_of(request), mark_from(request.POST)
        try:
            added = operations.add_row(audit, row.section, name="", by=by, at=timezone.now(), mark=mark)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(*here, row.public_id)
        return redirect(*here, added.public_id)
    if "stay" in request.POST:
        return redirect(*here, row.public_id)
    keys = [one.key for one in sheet_of(audit).rows.get(row.section, ())]
    following = keys[keys.index(row.public_id) + 1 :] if row.public_id in keys else []
    if "onwards" in request.POST and following:
        return redirect(*here, following[0])
    return redirect("audit_section", audit.public_id, row.section)
