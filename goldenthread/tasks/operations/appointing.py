"""Asking people to a meeting, so that it stands in their calendars: each change told once, with its notice.

No event of its own: each runs inside the operation that sets or calls off the meeting, in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from goldenthread.people.models import Person
from goldenthread.tasks.models import Appointment
from goldenthread.tasks.operations.owing import write_notices

Wording = tuple[str, str]
"""The subject and the text of a notice."""


@dataclass(frozen=True)
class Meeting:
    """A meeting about a record: what calendars call it, where its page is, what is said if it is called off.

    `values` fill the words in braces; `sequence` is higher than at the change before.
    """

    about: tuple[str, str]
    sequence: int
    title: str
    path: str
    off: Wording
    values: Mapping[str, str]


def appoint(
    meeting: Meeting, starts_at: datetime, told: Iterable[tuple[Wording, Iterable[Person]]], *, at: datetime
) -> Appointment:
    """Ask these people to a meeting at that time, or tell them its new time; each reads the first wording.

    Whoever was asked before and is not any more has it taken out of their calendar.
    """
    before = asked_to(*meeting.about)
    appointment = _appointment(meeting, starts_at, at=at)
    asked: list[Person] = []
    for wording, people in told:
        new = [person for person in people if person not in asked]
        _tell(meeting, appointment, wording, new, at=at)
        asked += new
    if gone := [person for person in before if person not in asked]:
        _tell(meeting, _appointment(meeting, starts_at, at=at, is_off=True), meeting.off, gone, at=at)
    return appointment


def call_off(meeting: Meeting, *, at: datetime) -> list[Person]:
    """Take a meeting that people were asked to out of their calendars; returns whom it was taken from."""
    before, last = asked_to(*meeting.about), Appointment.objects.latest_of(*meeting.about)
    if before and last is not None:
        appointment = _appointment(meeting, last.starts_at, at=at, is_off=True)
        _tell(meeting, appointment, meeting.off, before, at=at)
    return before


def asked_to(kind: str, public_id: str) -> list[Person]:
    """Who is asked to the meeting about a record as it stands; nobody where it was called off."""
    last = Appointment.objects.latest_of(kind, public_id)
    if last is None or last.is_off:
        return []
    return list(Person.objects.filter(notices__appointment=last).order_by("notices__pk"))


def _appointment(meeting: Meeting, starts_at: datetime, *, at: datetime, is_off: bool = False) -> Appointment:
    kind, public_id = meeting.about
    return Appointment.objects.create(
        about_kind=kind,
        about_id=public_id,
        sequence=meeting.sequence,
        is_off=is_off,
        starts_at=starts_at,
        title=meeting.title[:200],
        path=meeting.path,
        written_at=at,
    )


def _tell(
    meeting: Meeting, appointment: Appointment, wording: Wording, people: Iterable[Person], *, at: datetime
) -> None:
    kind, public_id = meeting.about
    write_notices(
        pack=None,
        notice=wording,
        about=meeting.about,
        path=meeting.path,
        people=people,
        values=meeting.values,
        at=at,
        key=f"meeting:{kind}:{public_id}:{meeting.sequence}{':off' * appointment.is_off}",
        appointment=appointment,
    )
