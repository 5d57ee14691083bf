"""Who stands in for somebody on leave: named by themselves, or by those who look after people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.ledger.operations import record
from goldenthread.people.models import Leave, Person
from goldenthread.rules.refusal import Refused


@transaction.atomic
def name_deputy(leave: Leave, deputy: Person | None, *, by: Person, at: datetime) -> Leave:
    """Say who stands in during one's leave, or that nobody does; it lets nobody see more than they may."""
    leave = Leave.objects.select_for_update(of=("self",)).select_related("person", "deputy").get(pk=leave.pk)
    if by != leave.person:
        raise Refused("Only you name who stands in for you. Ask the person to sign in and name somebody.")
    if leave.ends_on < timezone.localdate(at):
        raise Refused("This leave is over.")
    if deputy is not None and deputy.pk == leave.person_id:
        raise Refused("You cannot stand in for yourself. Name somebody else.")
    if deputy is not None and (not deputy.is_active or deputy.is_outside or deputy.joined_into_id):
        raise Refused(f"{deputy} cannot stand in: they are no longer here. Name somebody else.")
    if leave.deputy == deputy:
        return leave
    before, leave.deputy = leave.deputy, deputy
    leave.save(update_fields=["deputy"])
    values: dict[str, object] = {
        "leave": [leave.starts_on.isoformat(), leave.ends_on.isoformat()],
        "deputy": [one.public_id if one else "" for one in (before, deputy)],
    }
    about = ("person", leave.person.public_id, leave.person.name)
    record("person.name_deputy", about=about, by=by, at=at, values=values)
    return leave
