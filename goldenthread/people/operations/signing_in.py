"""Who may sign in: the first administrator, invitations, passwords, and the end of it."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth import password_validation
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Session
from goldenthread.people.operations.sessions import end_sessions
from goldenthread.rules.refusal import Refused


class WrongPassword(Refused):
    """The password that somebody gave to change it is not theirs."""


class InvitationTokens(PasswordResetTokenGenerator):
    """Tokens that work once: setting the password, or a newer invitation, spends them."""

    key_salt = "goldenthread.people.invitation"

    def _make_hash_value(self, user: Person, timestamp: int) -> str:
        invited = user.invited_at.isoformat() if user.invited_at else ""
        return f"{super()._make_hash_value(user, timestamp)}{invited}{user.is_active}"


invitation_tokens = InvitationTokens()


def invitation_of(person: Person) -> tuple[str, str]:
    """The two parts of the link with which this person sets a password."""
    return urlsafe_base64_encode(force_bytes(person.public_id)), invitation_tokens.make_token(person)


@transaction.atomic
def create_administrator(*, email: str, name: str, by: Person | None, at: datetime) -> Person:
    """Make somebody an administrator, without a password: they set it from a link that works once.

    Any second factor they had is removed with the password: this is the way back in for an organisation
    whose only administrator lost both, or whose secret key is gone.
    """
    address = email.strip().lower()
    person = Person.objects.select_for_update().filter(email__iexact=address).first()
    person = person or Person(email=address)
    person.name = name.strip() or person.name
    person.is_administrator = person.is_active = True
    person.left_on = person.emergency_until = None
    person.confirmed = True
    _invited(person, at)
    person.save()
    removed, _ = Authenticator.objects.filter(user=person).delete()
    values = {"is_administrator": True, "factors_removed": removed}
    _record(person, "person.make_administrator", by=by, at=at, values=values)
    return person


@transaction.atomic
def invite(*, person: Person, email: str, by: Person | None, at: datetime) -> Person:
    """Let a member of staff sign in: the notice with their link goes to that address."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    address = email.strip().lower()
    _check_rank(person, by)
    if person.joined_into_id or not person.confirmed:
        raise Refused(f"Confirm {person.name} as a member of staff first.")
    if Person.objects.filter(email__iexact=address).exclude(pk=person.pk).exists():
        raise Refused("Somebody else has this e-mail address. Use another, or invite that person.")
    before = person.email
    person.email = address
    person.is_active = True
    if person.has_left(timezone.localdate(at)):
        person.left_on = None  # back again
    _invited(person, at)
    person.save(update_fields=["email", "is_active", "left_on", "password", "invited_at"])
    _record(person, "person.invite", by=by, at=at, values={"email": {"before": before, "after": address}})
    return person


@transaction.atomic
def add_person(*, name: str, email: str, reference: str, by: Person | None, at: datetime) -> Person:
    """Enter a member of staff by hand."""
    address, number = email.strip().lower() or None, reference.strip()
    if address and Person.objects.filter(email__iexact=address).exists():
        raise Refused("Somebody has this e-mail address already.")
    if number and Person.objects.filter(reference=number).exists():
        raise Refused("Somebody has this staff number already.")
    person = Person(name=name.strip(), email=address, reference=number)
    person.set_unusable_password()
    person.save()
    _record(person, "person.add", by=by, at=at, values={"name": person.name, "reference": number})
    return person


@transaction.atomic
def set_password(*, person: Person, password: str, at: datetime) -> None:
    """Set the password that somebody chose from their own link."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    _give_password(person, password)
    end_sessions(person, Session.Ended.PASSWORD)
    _record(person, "person.set_password", by=person, at=at, values={})


@transaction.atomic
def change_password(*, person: Person, old: str, new: str, but: str, at: datetime) -> Person:
    """Change one's own password, which ends all sign-ins but the one with the digest `but`.

    Raises WrongPassword where `old` is not the one they have.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.has_usable_password():
        raise Refused("You have no password here, so there is none to change.")
    if not person.check_password(old):
        raise WrongPassword("The password is wrong. Check it and try again.")
    if old == new:
        raise Refused("This is the password that you have. Choose another.")
    _give_password(person, new)
    ended = end_sessions(person, Session.Ended.PASSWORD, but=but)
    _record(person, "person.change_password", by=person, at=at, values={"sign-ins ended": ended})
    return person


@transaction.atomic
def close_account(*, person: Person, by: Person | None, at: datetime) -> None:
    """Stop somebody from signing in, and end every sign-in of theirs."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if by is not None and by.pk == person.pk:
        raise Refused("You cannot close your own account. Ask another administrator.")
    _check_rank(person, by)
    person.is_active = False
    person.is_administrator = False
    person.emergency_until = None
    person.set_unusable_password()
    person.save(update_fields=["is_active", "is_administrator", "emergency_until", "password"])
    end_sessions(person, Session.Ended.CLOSED)
    _record(person, "person.close_account", by=by, at=at, values={"is_active": False})


def _give_password(person: Person, password: str) -> None:
    """Keep a password, if it is one that may be chosen."""
    try:
        password_validation.validate_password(password, person)
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from fault
    person.set_password(password)
    person.save(update_fields=["password"])


def _check_rank(person: Person, by: Person | None) -> None:
    """Whoever could invite an administrator to another address would become one."""
    if person.is_administrator and by is not None and not by.is_administrator:
        raise Refused(f"{person.name} is an administrator. Only another administrator can do this.")


def _invited(person: Person, at: datetime) -> None:
    if person.pk:
        end_sessions(person, Session.Ended.PASSWORD)
    person.set_unusable_password()
    person.invited_at = at


def _record(person: Person, what: str, *, by: Person | None, at: datetime, values: dict[str, object]) -> None:
    record(what, about=("person", person.public_id, person.name), by=by, at=at, values=values)
