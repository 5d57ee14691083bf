"""Meetings in calendars: the file to download, calling one off, and the meeting about a moderation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.audits import operations
from goldenthread.audits.models import Moderation
from goldenthread.audits.moderating import KIND, rule_of
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Appointment
from goldenthread.web.access import person_of
from goldenthread.web.audits import forms
from goldenthread.web.audits.seeing import note_read, readable_audit, seen_audit
from goldenthread.web.tasks.calendars import calendar_file

NAMED = ("draw__version", "moderator", "audit__version", "audit__auditor")


@require_safe
def download_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """The conversation as an .ics file, for all who may see when it is."""
    audit = seen_audit(request, public_id)
    note_read(request, audit, "calendar")
    return calendar_file(AUDIT, audit.public_id)


@require_POST
def call_off_conversation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back the time of a conversation that was not held."""
    audit, expected = readable_audit(request, public_id), request.POST.get("version", "")
    try:
        operations.call_off_conversation(
            audit,
            expected=int(expected) if expected.isdecimal() else -1,
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = "The {conversation} is called off, and those who were asked are told."
        messages.success(request, done.format_map(words_of(audit.version, audit.audit_type)))
    return redirect("show_conversation", public_id)


@require_http_methods(["GET", "POST"])
def show_moderation_meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """When moderator and auditor meet, for both of them; the moderator arranges it."""
    moderation, person = _meeting(public_id, person_of(request)), person_of(request)
    arranges = moderation.moderator_id == person.pk and moderation.finished_at is None
    if request.method == "POST" and not arranges:
        raise Http404
    initial = forms.Arrangement.so_far(moderation.revision, moderation.meets_at, moderation.place)
    form = forms.Arrangement(request.POST or None, initial=initial)
    if form.is_valid() and _arrange(request, moderation, form):
        return redirect("show_moderation_meeting", public_id)
    record_read(about=(KIND, moderation.public_id), by=person, at=timezone.now(), how="meeting")
    context = {
        "moderation": moderation,
        "rule": rule_of(moderation.draw),
        "words": words_of(moderation.draw.version, moderation.audit.audit_type),
        "is_moderator": moderation.moderator_id == person.pk,
        "form": form if arranges and moderation.graded_at else None,
    }
    status = 422 if form.errors else 200
    return render(request, "audits/show_moderation_meeting.html", context, status=status)


@require_POST
def call_off_moderation_meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back the time of the meeting about a moderation."""
    moderation, revision = _meeting(public_id, person_of(request)), request.POST.get("version", "")
    try:
        operations.call_off_moderation_meeting(
            moderation,
            revision=int(revision) if revision.isdecimal() else -1,
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The meeting is called off, and both of you are told.")
    return redirect("show_moderation_meeting", public_id)


@require_safe
def download_moderation_meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """The meeting about a moderation as an .ics file, for those two who meet."""
    moderation, person = _meeting(public_id, person_of(request)), person_of(request)
    record_read(about=(KIND, moderation.public_id), by=person, at=timezone.now(), how="calendar")
    return calendar_file(KIND, moderation.public_id)


def _arrange(request: HttpRequest, moderation: Moderation, form: forms.Arrangement) -> bool:
    """Arrange the meeting as typed; tells whether it was."""
    said = form.cleaned_data
    try:
        operations.arrange_moderation_meeting(
            moderation,
            meets_at=said["arranged_for"],
            place=said["place"],
            revision=said["version"],
            by=person_of(request),
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "The meeting is arranged, and both of you are told.")
    return True


def _meeting(public_id: str, person: Person) -> Moderation:
    """A moderation that this person does, or about which they were asked to meet; else not found."""
    moderation = get_object_or_404(Moderation.objects.select_related(*NAMED), public_id=public_id)
    is_asked = (
        moderation.audit.auditor_id == person.pk
        and Appointment.objects.filter(about_kind=KIND, about_id=public_id).exists()
    )
    if moderation.moderator_id != person.pk and not is_asked:
        raise Http404
    return moderation
