"""An administrator in an emergency: for some hours, with a reason, told to every administrator, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from goldenthread.governance.models import BreakGlass
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import write_notices

LONGEST = 300
MOST_HOURS = 24
BEGUN = ("Somebody is an administrator in an emergency", "Who, why and until when: {link}")
ENDED = ("An administrator's emergency access has ended", "What was done meanwhile is in the ledger: {link}")
PATH = "/people/break-glass/"


@transaction.atomic
def break_glass(*, person: Person, reason: str, hours: int, by: Person | None, at: datetime) -> BreakGlass:
    """Make somebody an administrator for some hours; every administrator is told, and they themselves."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    reason = reason.strip()
    if not person.is_active or person.is_outside or person.joined_into_id or not person.confirmed:
        raise Refused(f"{person.name} is not a member of staff who can sign in. Invite them first.")
    if person.is_administrator:
        raise Refused(f"{person.name} is an administrator already.")
    if not reason:
        raise Refused("Say why this is needed, such as that no administrator can be reached.")
    if len(reason) > LONGEST:
        raise Refused(f"Shorten the reason to {LONGEST} characters; it has {len(reason)}.")
    if not 1 <= hours <= MOST_HOURS:
        raise Refused(f"Emergency access lasts from 1 to {MOST_HOURS} hours.")
    until = at + timedelta(hours=hours)
    person.is_administrator, person.emergency_until = True, until
    person.save(update_fields=["is_administrator", "emergency_until"])
    row = BreakGlass.objects.create(person=person, reason=reason, began_at=at, until=until, begun_by=by)
    values = {"reason": reason, "until": until}
    record("person.break_glass", about=_about(person), by=by, at=at, values=values)
    _tell(row, BEGUN, key="begun", at=at)
    return row


@transaction.atomic
def end_break_glass(row: BreakGlass, *, by: Person | None, at: datetime) -> BreakGlass:
    """End emergency access, before its time or when that is over; ending it twice changes nothing."""
    row = BreakGlass.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    if row.ended_at is not None:
        return row
    if by is not None and by.pk != row.person_id and not by.is_administrator:
        raise Refused("Emergency access is ended by an administrator, or by whoever has it.")
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["ended_at", "ended_by"])
    person = Person.objects.select_for_update().get(pk=row.person_id)
    if person.emergency_until is not None:  # else they have become an administrator for good, or have left
        person.is_administrator, person.emergency_until = False, None
        person.save(update_fields=["is_administrator", "emergency_until"])
    record("person.end_break_glass", about=_about(person), by=by, at=at, values={"until": row.until})
    _tell(row, ENDED, key="ended", at=at)
    return row


def end_emergencies(*, at: datetime) -> int:
    """End every emergency access whose time is over; one of somebody who has left ends too."""
    rows = BreakGlass.objects.running().select_related("person").order_by("pk")
    over = [row for row in rows if row.until <= at or not row.person.is_active]
    for row in over:
        end_break_glass(row, by=None, at=at)
    return len(over)


def _tell(row: BreakGlass, wording: tuple[str, str], *, key: str, at: datetime) -> None:
    told = Person.objects.filter(is_administrator=True, is_active=True, emergency_until=None)
    write_notices(
        pack=None,
        notice=wording,
        about=("person", row.person.public_id),
        path=PATH,
        people=[*told.order_by("pk"), row.person],
        values={},
        at=at,
        key=f"break glass:{row.public_id}:{key}",
        urgent=True,
    )


def _about(person: Person) -> tuple[str, str, str]:
    return "person", person.public_id, person.name
