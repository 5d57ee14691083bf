"""Copies: the list, one copy to print and to record, requests for one, and the signing off of reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import about as about_audit
from goldenthread.frameworks.queries import words_of
from goldenthread.governance import copying
from goldenthread.governance.copies import (
    may_be_asked,
    may_read_copied,
    may_settle,
    of_what,
    recipients_of,
    reported,
    rule_of,
    title_of,
)
from goldenthread.governance.models import COPY, Copy, CopyQuerySet, FurtherReport
from goldenthread.ledger.operations import record_read
from goldenthread.programmes.queries.periods import Period
from goldenthread.reporting.audit_documents import TooLong, pdf_of, word_of
from goldenthread.reporting.audit_report import AuditReport
from goldenthread.reporting.copied import copied
from goldenthread.rules.copies import OWN_PART
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.audits.seeing import seen_audit
from goldenthread.web.governance import copy_rows
from goldenthread.web.governance.copy_forms import AskForm, CopyFilter, DropForm, SentForm
from goldenthread.web.reporting.over import address, seen_about, seen_period
from goldenthread.web.tasks.rows import day_in_words, page_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMED = (
    "version",
    "person",
    "task",
    "cycle__version",
    "noted_by",
    "settled_by",
    "audit__version",
    "audit__unit",
)


@require_safe
def list_copies(request: HttpRequest) -> HttpResponse:
    """The copies that the signed-in person may know of, the latest first: owed, sent, not sent."""
    now, form = timezone.localtime(), CopyFilter(request.GET)
    seen, state = _seen(request), form.cleaned_data["state"] if form.is_valid() else ""
    place = seen.filter(public_id=request.GET.get("after", "")).first()
    page = page_of(request, _named(seen.standing(state, now).newest_first(below=place)), place)
    more = f"&state={state}" if state else ""
    context = {
        "form": form,
        "state": state,
        "page": page,
        "head": copy_rows.HEAD,
        "rows": copy_rows.rows_of(page.rows, now),
        "owed": seen.owed().count(),
        "next_url": f"{page.next_url}{more}" if page.next_url else "",
        "previous_url": f"{page.previous_url}?{more[1:]}" if page.previous_url else "",
    }
    return render(request, "governance/list_copies.html", context)


@require_safe
def show_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """One copy: what is owed to whom by when, what to print for those who may read it, and what was done."""
    return _show(request, _copy(request, public_id), SentForm, DropForm)


@require_POST
def note_sent_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that it was sent."""
    copy = _copy(request, public_id)
    form = SentForm(request.POST, rule=rule_of(copy))
    return _settle(request, copy, form, copying.note_sent_copy, "Recorded as sent")


@require_POST
def drop_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that it is not sent, and why."""
    form = DropForm(request.POST)
    return _settle(request, _copy(request, public_id), form, copying.drop_copy, "Recorded as not sent")


def _settle(
    request: HttpRequest,
    copy: Copy,
    form: SentForm | DropForm,
    settle: Callable[..., Copy],
    success: str,
) -> HttpResponse:
    """Settle the copy and say so; what is not taken comes back with what was typed."""
    if form.is_valid():
        try:
            settle(copy, **form.cleaned_data, by=person_of(request), at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, success)
            return redirect("show_copy", copy.public_id)
    is_sent = isinstance(form, SentForm)
    return _show(request, copy, form if is_sent else SentForm, DropForm if is_sent else form)


@require_safe
def download_copy(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """What is copied as a Word document or a PDF, for whoever may read it."""
    copy, now = _copy(request, public_id), timezone.localtime()
    report = _report(request, copy, at=now, how=f"copy, {kind}")
    if report is None or copy.audit is None:
        raise Http404
    try:
        made = word_of(report) if kind == "docx" else pdf_of(report, at=now)
    except TooLong as refusal:
        messages.error(request, str(refusal))
        return redirect("show_copy", public_id)
    name = re.sub(r"[^A-Za-z0-9]+", "-", copy.audit.number).strip("-")
    answer = HttpResponse(made, content_type=WORD if kind == "docx" else "application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="copy-of-{name}.{kind}"'
    return answer


@require_http_methods(["GET", "POST"])
def ask_for_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that somebody asked for a copy of an audit."""
    audit = seen_audit(request, public_id)
    words = words_of(audit.version, audit.audit_type)
    context = {"audit": audit, "words": words, "named": about_audit(audit)[2]}
    return _ask(request, audit, context, back=reverse("show_audit", args=[audit.public_id]))


@require_http_methods(["GET", "POST"])
@needs("see reports")
def ask_for_report(request: HttpRequest, public_id: str, name: str = "") -> HttpResponse:
    """Note that somebody asked for a copy of a report."""
    return _ask_of_report(request, seen_period(request, public_id, name))


@require_http_methods(["GET", "POST"])
def ask_for_person_report(request: HttpRequest, public_id: str, name: str, person_id: str) -> HttpResponse:
    """Note that somebody asked for a copy of a report about a person, whoever may read it."""
    return _ask_of_report(request, seen_about(request, public_id, name, person_id))


def _ask_of_report(request: HttpRequest, period: Period) -> HttpResponse:
    back = address(period, "show_highlights")
    return _ask(request, period, {"words": period.pack.words, "named": title_of(period)}, back=back)


@require_POST
@needs("see reports")
def sign_off_report(request: HttpRequest, public_id: str, name: str = "") -> HttpResponse:
    """Sign a report off."""
    return _sign_off(request, seen_period(request, public_id, name))


@require_POST
def sign_off_person_report(request: HttpRequest, public_id: str, name: str, person_id: str) -> HttpResponse:
    """Sign a report about a person off, for those who may read it and have it in their tasks."""
    return _sign_off(request, seen_about(request, public_id, name, person_id))


def _sign_off(request: HttpRequest, period: Period) -> HttpResponse:
    try:
        copying.sign_off_report(period, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The report is signed off")
    return redirect(address(period, "show_highlights"))


@require_safe
@needs("see reports")
def open_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead on to a further report, as tasks name it."""
    of_all = FurtherReport.objects.filter(person=None).select_related("cycle")
    known = get_object_or_404(of_all, public_id=public_id)
    period = seen_period(request, known.cycle.public_id, known.report)
    return redirect(address(period, "show_highlights"))


@require_safe
def open_person_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead on to a report about a person, as tasks name it."""
    known = get_object_or_404(FurtherReport.objects.select_related("cycle", "person"), public_id=public_id)
    whom = known.person.public_id if known.person else ""
    period = seen_about(request, known.cycle.public_id, known.report, whom)
    return redirect(address(period, "show_highlights"))


def _ask(request: HttpRequest, of: Audit | Period, context: dict[str, Any], *, back: str) -> HttpResponse:
    person, now = person_of(request), timezone.localtime()
    offered = may_be_asked(of, person, on=now.date())
    if not offered:
        raise Http404
    form = AskForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copying.ask_for_copy(of, **form.cleaned_data, by=person, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The request is noted, and whoever sends the copy has it in their tasks"
            )
            return redirect("show_copy", copy.public_id)
    context |= {"form": form, "back": back}
    return render(request, "governance/ask_for_copy.html", context)


def _show(request: HttpRequest, copy: Copy, sent: Any, dropped: Any) -> HttpResponse:
    """The page, with the forms as they were sent, or new where only their class is given."""
    person, now = person_of(request), timezone.localtime()
    rule, settles = rule_of(copy), may_settle(copy, person, on=now.date())
    recipients = recipients_of(copy, on=now.date()) if copy.settled_at is None else []
    names = ", ".join(one.name for one in recipients)
    state, colour = copy_rows.state_of(copy, now)
    forms = {
        "sent": sent(rule=rule, to=names) if isinstance(sent, type) else sent,
        "dropped": dropped() if isinstance(dropped, type) else dropped,
    }
    record_read(about=(COPY, copy.public_id), by=person, at=now)
    context = {
        "copy": copy,
        "audit": copy.audit,
        "rule": rule,
        "words": words_of(copy.version, copy.audit.audit_type if copy.audit else ""),
        "named": of_what(copy),
        "state": state,
        "colour": colour,
        "due": day_in_words(copy.task.due_at),
        "summary": copy_rows.summary(copy, recipients),
        "settles": settles,
        "report": _report(request, copy, at=now, how="copy"),
        **_addresses(copy),
        "is_own_part": rule.what == OWN_PART,
        "reads": may_read_copied(copy, person, on=now.date()),
        **forms,
        "form": next((one for one in forms.values() if one.is_bound), None),
    }
    return render(request, "governance/show_copy.html", context)


def _addresses(copy: Copy) -> dict[str, str]:
    """Where the report is that is copied, as a page and as a document."""
    period = reported(copy)
    if period is None:
        return {}
    pages = {"report_url": "show_highlights", "word_url": "download_highlights"}
    return {name: address(period, page) for name, page in pages.items()}


def _report(request: HttpRequest, copy: Copy, *, at: datetime, how: str) -> AuditReport | None:
    """What is copied of an audit, where the signed-in person may read it; the read is noted."""
    person = person_of(request)
    if copy.audit is None or not may_read_copied(copy, person, on=at.date()):
        return None
    record_read(about=about_audit(copy.audit), by=person, at=at, how=how)
    return copied(copy.audit, rule_of(copy), on=at.date())


def _seen(request: HttpRequest) -> CopyQuerySet:
    return Copy.objects.visible_to(person_of(request), on=timezone.localdate())


def _named(found: Any) -> Any:
    """Copies with what their pages name; of the frameworks all but their texts."""
    texts = [f"{way}version__document" for way in ("", "cycle__", "audit__")]
    return found.select_related(
        *NAMED, "audit__auditor", "audit__practitioner", "audit__subject", "audit__previous"
    ).defer(*texts)


def _copy(request: HttpRequest, public_id: str) -> Copy:
    return get_object_or_404(_named(_seen(request)), public_id=public_id)
