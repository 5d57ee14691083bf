"""The conversation with the practitioner, findings, and what is said of earlier work."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Conversation, EarlierWork
from goldenthread.audits.operations import Stale
from goldenthread.audits.queries import (
    about,
    earlier_work_shown,
    findings_shown,
    may_edit,
    may_read,
    standing_of,
)
from goldenthread.audits.sheets import meant, sheet_of
from goldenthread.findings.operations import Found
from goldenthread.findings.queries import said_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Appointment
from goldenthread.tasks.queries import people_of
from goldenthread.web.access import person_of
from goldenthread.web.audits import forms
from goldenthread.web.audits.seeing import note_read, readable_audit, seen_audit
from goldenthread.web.tasks.rows import delivery_of

SHOWN_FINDINGS = 100


@require_GET
def show_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """When and where the conversation is for all who take part; what it added for those who may read it."""
    audit, person, on = seen_audit(request, public_id), person_of(request), timezone.localdate()
    note_read(request, audit)
    last = Appointment.objects.latest_of(*about(audit)[:2])
    context = {
        "audit": audit,
        "words": words_of(audit.version, audit.audit_type),
        "conversation": Conversation.objects.select_related("arranged_by").filter(audit=audit).first(),
        "asked": _asked(audit),
        "in_calendars": last is not None and not last.is_off,
        "told": _told(last) if may_edit(audit, person, on=on) else [],
        "reads": may_read(audit, person, on=on),
        "is_editable": may_edit(audit, person, on=on),
    }
    return render(request, "audits/show_conversation.html", context)


@require_http_methods(["GET", "POST"])
def arrange_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say when and where auditor and practitioner meet."""
    audit = _editable(request, public_id)
    held = Conversation.objects.filter(audit=audit).first()
    so_far = forms.Arrangement.so_far
    initial = so_far(held.version, held.arranged_for, held.place) if held else so_far(0)
    form = forms.Arrangement(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.arrange_conversation(
                audit,
                arranged_for=said["arranged_for"],
                place=said["place"],
                expected=said["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            _note(form, refusal)
        else:
            done = "The {conversation} is arranged, and those who take part are told."
            messages.success(request, done.format_map(words_of(audit.version, audit.audit_type)))
            return redirect("show_conversation", public_id)
    return _render(request, "arrange_conversation", audit, form, held)


@require_http_methods(["GET", "POST"])
def record_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say when the conversation was held, who took part and what it added."""
    audit = _editable(request, public_id)
    held = Conversation.objects.filter(audit=audit).first()
    form = forms.Held(
        request.POST or None,
        words=words_of(audit.version, audit.audit_type),
        initial=_held_so_far(audit, held),
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.record_conversation(
                audit,
                held_on=said["held_on"],
                attended=said["attended"],
                added=said["added"],
                expected=said["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            _note(form, refusal)
        else:
            done = "The {conversation} is recorded. Now give each {domain} its {grade} again."
            messages.success(request, done.format_map(words_of(audit.version, audit.audit_type)))
            return redirect("show_audit", public_id)
    return _render(request, "record_conversation", audit, form, held)


@require_http_methods(["GET", "POST"])
def list_findings(request: HttpRequest, public_id: str) -> HttpResponse:
    """Good practice and areas to improve; a post notes another."""
    audit, person, on = readable_audit(request, public_id), person_of(request), timezone.localdate()
    sheet = sheet_of(audit, on=on)
    form = forms.FoundForm(
        request.POST or None,
        pack=sheet.pack,
        parts=[(section.key, sheet.form.title_of(section)) for section, _ in sheet.sections],
        words=sheet.words,
        initial={"part": request.GET.get("part", "")},
    )
    if form.is_valid():
        try:
            operations.note_finding(audit, Found(**form.cleaned_data), by=person, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Noted. It is part of the report.")
            return redirect("list_findings", public_id)
    found = list(findings_shown(audit, person, on=on).order_by("found_at", "pk")[:SHOWN_FINDINGS])
    context = {
        "audit": audit,
        "words": sheet.words,
        "form": form,
        "found": [(one, sheet.pack.themes.get(one.theme, ""), said_of(one, sheet.pack)) for one in found],
        "is_editable": may_edit(audit, person, on=on),
    }
    return render(request, "audits/list_findings.html", context)


@require_POST
def withdraw_finding(request: HttpRequest, public_id: str, finding: str) -> HttpResponse:
    """Take a finding back."""
    audit, person = seen_audit(request, public_id), person_of(request)
    found = get_object_or_404(findings_shown(audit, person, on=timezone.localdate()), public_id=finding)
    try:
        operations.take_back_finding(audit, found, by=person, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back. It no longer counts.")
    return redirect("list_findings", public_id)


@require_http_methods(["GET", "POST"])
def record_earlier_work(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """What the audit found about the work of somebody who had the case before."""
    audit = _editable(request, public_id)
    words = words_of(audit.version, audit.audit_type)
    earlier = _earlier_work(request, audit, place)
    initial = {"strengths": earlier.strengths, "concerns": earlier.concerns, "version": earlier.version}
    form = forms.Earlier(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            operations.record_earlier_work(
                earlier,
                strengths=said["strengths"],
                concerns=said["concerns"],
                expected=said["version"],
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            _note(form, refusal)
        else:
            messages.success(request, f"Saved. Those concerned are told when the {words['audit']} is final.")
            return redirect("show_audit", public_id)
    context = {"audit": audit, "words": words, "earlier": earlier, "form": form}
    return render(request, "audits/record_earlier_work.html", context)


def _editable(request: HttpRequest, public_id: str) -> Audit:
    """An audit that the signed-in person may write in now; else not found."""
    audit = readable_audit(request, public_id)
    if not may_edit(audit, person_of(request), on=timezone.localdate()):
        raise Http404
    return audit


def _earlier_work(request: HttpRequest, audit: Audit, place: int) -> EarlierWork:
    found = list(earlier_work_shown(audit, person_of(request), on=timezone.localdate())[:place])
    if not 1 <= place <= len(found):
        raise Http404
    return found[place - 1]


def _asked(audit: Audit) -> list[str]:
    """Who is asked to the conversation besides the auditor, with their part."""
    on, pack = timezone.localdate(), pack_of(audit.version)
    sheet, standing = sheet_of(audit, on=on), standing_of(audit)
    roles = meant(sheet.flow.conversation, sheet.known)
    return [
        f"{person.name} ({pack.roles[role].title.lower()})"
        for role in roles
        for person in people_of(role, pack, standing, on=on)
    ]


def _told(last: Appointment | None) -> list[dict[str, str]]:
    """Who was told of the time as it stands, and what became of the e-mail."""
    notices = last.notices.select_related("to").order_by("pk") if last is not None else ()
    return [{"key": notice.to.name, "value": delivery_of(notice)} for notice in notices]


def _held_so_far(audit: Audit, held: Conversation | None) -> dict[str, object]:
    """What the form begins with: who was asked, until it says who came."""
    day = held.held_on if held else None
    return {
        "version": held.version if held else 0,
        "held_on": f"{day:%d/%m/%Y}" if day else "",
        "attended": held.attended
        if held and held.attended
        else ", ".join([audit.auditor.name, *_asked(audit)]),
        "added": held.added if held else "",
    }


def _note(form: forms.forms.Form, refusal: Refused) -> None:
    """Say why it was refused; after a clash the next save goes over what is then seen."""
    form.add_error(None, str(refusal))
    if isinstance(refusal, Stale) and refusal.current is not None:
        seen = QueryDict(mutable=True)
        seen.update(form.data)
        seen["version"] = str(refusal.current.version)
        form.data = seen
        form.clash = refusal.current  # type: ignore[attr-defined]


def _render(
    request: HttpRequest, name: str, audit: Audit, form: forms.forms.Form, held: Conversation | None
) -> HttpResponse:
    context = {
        "audit": audit,
        "words": words_of(audit.version, audit.audit_type),
        "form": form,
        "conversation": held,
        "asked": _asked(audit),
    }
    return render(request, f"audits/{name}.html", context)
