"""Meetings for calendars: as the e-mail brings them, and as a file to download."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse

from goldenthread.rules.meetings import Invite, calendar_of, uid_of
from goldenthread.tasks.models import Appointment


def invite_of(appointment: Appointment, *, attendee: str = "") -> Invite:
    """A meeting as one calendar reads it; without an attendee for whoever downloads it."""
    return Invite(
        uid=uid_of(appointment.about_kind, appointment.about_id),
        sequence=appointment.sequence,
        title=appointment.title,
        starts_at=appointment.starts_at,
        length=settings.MEETING_LENGTH,
        address=settings.ADDRESS + appointment.path,
        written_at=appointment.written_at,
        organiser=settings.ORGANISER,
        attendee=attendee,
        is_off=appointment.is_off,
    )


def calendar_file(kind: str, public_id: str) -> HttpResponse:
    """The meeting about a record as an .ics file; not found where it is called off."""
    appointment = Appointment.objects.latest_of(kind, public_id)
    if appointment is None or appointment.is_off:
        raise Http404
    answer = HttpResponse(calendar_of(invite_of(appointment)), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer
