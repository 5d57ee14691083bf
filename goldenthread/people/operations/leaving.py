"""That somebody leaves: their last day, and the end of their access when it has passed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Session
from goldenthread.people.operations.sessions import end_sessions
from goldenthread.rules.refusal import Refused

FARTHEST = 5 * 366
"""Days; a last day that is farther away is a slip of the pen."""


@transaction.atomic
def record_leaver(*, person: Person, left_on: date, at_once: bool, by: Person | None, at: datetime) -> Person:
    """Record somebody's last day. Access ends with that day, or now where `at_once` says so."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    on = timezone.localdate(at)
    if by is not None and by.pk == person.pk:
        raise Refused("You cannot record your own leaving. Ask another administrator.")
    if person.is_administrator and by is not None and not by.is_administrator:
        raise Refused(f"{person.name} is an administrator. Only another administrator can do this.")
    if not person.confirmed or person.joined_into_id or person.is_outside:
        raise Refused(f"{person.name} is not a confirmed member of staff.")
    if (left_on - on).days > FARTHEST:
        raise Refused("The last day is more than five years away. Check the year.")
    before, person.left_on = person.left_on, left_on
    person.save(update_fields=["left_on"])
    if at_once or person.has_left(on):
        end_access(person)
    values = {"left_on": {"before": before, "after": left_on}, "access ended": not person.is_active}
    record("person.leave", about=_about(person), by=by, at=at, values=values)
    return person


@transaction.atomic
def take_back_leaving(*, person: Person, by: Person, at: datetime) -> Person:
    """Note that somebody stays after all, while their access has not ended."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.left_on is None:
        raise Refused(f"No last day of {person.name} is recorded.")
    if not person.is_active or person.has_left(timezone.localdate(at)):
        raise Refused(f"{person.name} has left. Invite them again if they are back.")
    before, person.left_on = person.left_on, None
    person.save(update_fields=["left_on"])
    values = {"left_on": {"before": before, "after": None}}
    record("person.leave", about=_about(person), by=by, at=at, values=values)
    return person


@transaction.atomic
def end_access_of_leavers(*, at: datetime) -> int:
    """End the access of everybody whose last day has passed; one event for each."""
    gone = Person.objects.leaving(on=timezone.localdate(at)).select_for_update().order_by("pk")
    for person in gone:
        end_access(person)
        values = {"left_on": person.left_on, "access ended": True}
        record("person.leave", about=_about(person), by=None, at=at, values=values)
    return len(gone)


def end_access(person: Person) -> None:
    """Close a leaver's account and end their sign-ins; for use inside an operation that records it."""
    person.is_active = person.is_administrator = False
    person.emergency_until = None
    person.set_unusable_password()
    person.save(update_fields=["is_active", "is_administrator", "emergency_until", "password"])
    end_sessions(person, Session.Ended.LEFT)


def _about(person: Person) -> tuple[str, str, str]:
    return "person", person.public_id, person.name
