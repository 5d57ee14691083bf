"""People from outside: invited to one record, and the end of that.

None of these is an event of its own: each runs inside the operation that invites, in its transaction.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from goldenthread.people.models import OutsideParticipant, Person
from goldenthread.rules.refusal import Refused


def invite_from_outside(
    *,
    name: str,
    organisation: str,
    email: str,
    about: tuple[str, str, str],
    until: date | None,
    by: Person,
    at: datetime,
) -> OutsideParticipant:
    """Open one record to somebody who is no member of staff, in place of whoever was invited to it before."""
    kind, public_id, label = about
    on, address = timezone.localdate(at), email.strip().lower()
    if not name.strip() or not organisation.strip() or not address:
        raise Refused("Give the person's name, their organisation and their e-mail address.")
    if until is not None and until < on:
        raise Refused("The last day of their access has passed already. Choose a later one, or none.")
    person = Person.objects.select_for_update().filter(email__iexact=address).first()
    if person is not None and not person.is_outside:
        raise Refused("Somebody on the staff has this e-mail address. A role of the framework asks staff.")
    is_new = person is None
    person = person or Person(email=address, name=name.strip(), is_outside=True)
    person.is_active = True
    if is_new or not person.has_usable_password():
        person.set_unusable_password()
        person.invited_at = at
    person.save()
    withdraw_from(about=about, at=at)
    return OutsideParticipant.objects.create(
        person=person,
        organisation=organisation.strip(),
        about_kind=kind,
        about_id=public_id,
        about_label=label[:200],
        invited_by=by,
        invited_at=at,
        starts_on=on,
        ends_on=until,
    )


def withdraw_from(*, about: tuple[str, ...], at: datetime) -> None:
    """End the access of whoever is invited to the record."""
    invited = OutsideParticipant.objects.about(about[0], about[1]).filter(withdrawn_at=None)
    invited.update(withdrawn_at=at)
