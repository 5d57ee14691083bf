"""What the ledger keeps of signing in, and of second factors; and giving up those of somebody who lost them.

The factors themselves are rows of django-allauth's: an authenticator app, passkeys, recovery codes.
"""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Session
from goldenthread.people.operations.sessions import end_sessions
from goldenthread.rules.refusal import Refused


@transaction.atomic
def record_sign_in(*, person: Person, how: str, at: datetime) -> None:
    """Somebody signed in: by a password, with what beside it, by a passkey, or through the directory."""
    _record(person, "person.sign_in", by=person, at=at, values={"how": how})


@transaction.atomic
def record_failure(*, person: Person | None, how: str, at: datetime) -> None:
    """A sign-in as somebody known failed; an address that nobody has is not written down."""
    if person is not None:
        _record(person, "person.fail_sign_in", by=None, at=at, values={"how": how})


@transaction.atomic
def record_unknown(*, oid: str, at: datetime) -> None:
    """Somebody whom the organisation's directory vouches for is nobody known here."""
    about = ("directory", "unknown", "Somebody of the directory who is not known here")
    record("directory.refuse", about=about, by=None, at=at, values={"oid": oid[:200]})


def record_factor(*, person: Person, factor: str, at: datetime) -> None:
    """A factor was set up; called in the transaction that does it."""
    _record(person, "person.add_factor", by=person, at=at, values={"factor": factor})


def record_removal(*, person: Person, factor: str, at: datetime) -> None:
    """A factor was removed by the person; called in the transaction that does it."""
    _record(person, "person.remove_factor", by=person, at=at, values={"factor": factor})


def record_name(*, person: Person, at: datetime) -> None:
    """A passkey got another name; called in the transaction that gives it."""
    _record(person, "person.name_passkey", by=person, at=at, values={})


def record_recovery_codes(*, person: Person, at: datetime) -> None:
    """New recovery codes took the place of the old; called in the transaction that does it."""
    _record(person, "person.renew_recovery_codes", by=person, at=at, values={})


@transaction.atomic
def reset_factors(*, person: Person, reason: str, by: Person, at: datetime) -> None:
    """Remove every factor of somebody who lost theirs, so that a password alone signs them in again.

    Their sign-ins end: whoever found the phone is out.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not by.is_administrator:
        raise Refused("Only an administrator can reset how somebody signs in.")
    if by.pk == person.pk:
        raise Refused("You cannot reset your own. Use a recovery code, or ask another administrator.")
    if not reason.strip():
        raise Refused("Say why, and how you made sure that it is them who ask.")
    factors = Authenticator.objects.filter(user=person)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise Refused(f"{person.name} has set up neither an authenticator app nor a passkey.")
    factors.delete()
    end_sessions(person, Session.Ended.BY_ADMINISTRATOR)
    values: dict[str, object] = {"factors": kinds, "reason": reason.strip()}
    _record(person, "person.reset_factors", by=by, at=at, values=values)


def _record(person: Person, what: str, *, by: Person | None, at: datetime, values: dict[str, object]) -> None:
    record(what, about=("person", person.public_id, person.name), by=by, at=at, values=values)
