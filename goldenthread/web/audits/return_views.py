"""The returns of an audit: one's own part, filled in as an audit is, and all of them side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Return
from goldenthread.audits.operations import Unfinished
from goldenthread.audits.returns import (
    holder_words,
    may_fill,
    may_open,
    may_see_others,
    open_to,
    returns_of,
    returns_shown,
    rule,
    task_of,
)
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.reporting.audit_report import chapters_of
from goldenthread.reporting.audit_returns import side_by_side
from goldenthread.rules.refusal import Refused
from goldenthread.rules.returns import NO_ACCOUNT
from goldenthread.web.access import person_of
from goldenthread.web.audits import form_views, return_rows, rows
from goldenthread.web.audits.papers import Paper
from goldenthread.web.audits.seeing import known_return, note_read, opened_return, own_return, seen_audit


@require_GET
def list_my_returns(request: HttpRequest) -> HttpResponse:
    """What somebody from outside has been invited to, and nothing else."""
    person = person_of(request)
    if not person.is_outside:
        return redirect("my_tasks")
    found = open_to(person, on=timezone.localdate())
    return render(request, "audits/list_my_returns.html", {"items": return_rows.own_items(found)})


@require_GET
def show_return(request: HttpRequest, public_id: str) -> HttpResponse:
    """One return: its sections while it is filled in, and what it says once it is in."""
    of, person, on = known_return(request, public_id), person_of(request), timezone.localdate()
    if not may_open(of, person, on=on):
        return redirect("invite_to_return", public_id)
    sheet = sheet_of(of.audit, on=on, in_return=of)
    is_editable = may_fill(of, person, on=on)
    context = {
        "of": of,
        "audit": of.audit,
        "paper": Paper(of.audit, of),
        "words": sheet.words,
        "title": rule(of).title,
        "type": sheet.type.title,
        "holder": holder_words(of),
        "task": task_of(of),
        "is_editable": is_editable,
        "is_typed_in": rule(of).filled_in_by == NO_ACCOUNT,
        "may_see_audit": Audit.objects.visible_to(person, on=on).filter(pk=of.audit_id).exists(),
        "sections": rows.section_items(sheet) if is_editable else [],
        "chapters": [] if is_editable else chapters_of(sheet),
    }
    return render(request, "audits/show_return.html", context)


@require_http_methods(["GET", "POST"])
def return_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """One section of a return."""
    of = opened_return(request, public_id)
    return form_views.section_of(request, Paper(of.audit, of), section)


@require_POST
def save_return_answer(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save one answer of a return as it is given."""
    return form_views.answer_saved(request, _paper(request, public_id))


@require_POST
def save_return_judgement(request: HttpRequest, public_id: str) -> JsonResponse:
    """Save one grade of a return as it is given."""
    return form_views.judgement_saved(request, _paper(request, public_id))


@require_POST
def skip_return_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """Leave a section of a return out, or take it up again."""
    return form_views.section_skipped(request, _paper(request, public_id), section)


@require_POST
def send_in_return(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send one's part in."""
    of = own_return(request, public_id)
    try:
        operations.send_in(of, by=person_of(request), at=timezone.now())
    except Unfinished as refusal:
        count = len(refusal.gaps)
        messages.error(
            request,
            f"{'One thing is' if count == 1 else f'{count} things are'} still missing. See below where.",
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Sent in. Thank you: it stands as it is now.")
    return redirect("show_return", public_id)


@require_GET
def show_returns(request: HttpRequest, public_id: str) -> HttpResponse:
    """The returns of an audit with their states; side by side, for those who may read them."""
    audit, person, on = seen_audit(request, public_id), person_of(request), timezone.localdate()
    if not pack_of(audit.version).audit_types[audit.audit_type].returns:
        raise Http404
    note_read(request, audit, "returns")
    sees = may_see_others(audit, person, on=on)
    shown = [one for one in returns_shown(audit, person, on=on) if one.is_in]
    context = {
        "audit": audit,
        "words": pack_of(audit.version).words_for(audit.audit_type),
        "returns": return_rows.rows_of(returns_of(audit), person, on=on),
        "sees": sees,
        "table": side_by_side(audit, shown, on=on) if sees and shown else None,
    }
    return render(request, "audits/show_returns.html", context)


def _paper(request: HttpRequest, public_id: str) -> Paper:
    of: Return = own_return(request, public_id)
    return Paper(of.audit, of)
