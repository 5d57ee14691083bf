"""Ending sign-ins: one's own, all but the one in use, or all of somebody's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Session, SessionQuerySet
from goldenthread.people.session_store import ENDED, WAS, SessionStore
from goldenthread.rules.refusal import Refused


def end_sessions(person: Person, why: Session.Ended, *, but: str = "") -> int:
    """End all sign-ins of a person, or all but the one with that digest; they learn why at once.

    No event of its own: it runs inside the operation that ends them.
    """
    found = Session.objects.filter(person=person, ended="").exclude(session_key=but)
    return _end(found, person, why)


@transaction.atomic
def end_own_session(*, person: Person, public_id: str, at: datetime) -> None:
    """End one of one's own sign-ins, such as that of a lost laptop."""
    rows = Session.objects.select_for_update().filter(person=person, public_id=public_id, ended="")
    if not rows.exists():
        raise Refused("This sign-in has ended already.")
    _end(rows, person, Session.Ended.BY_SELF)
    _record(person, 1, by=person, at=at)


@transaction.atomic
def end_other_sessions(*, person: Person, but: str, at: datetime) -> int:
    """End all of one's own sign-ins but the one with that digest; how many ended."""
    ended = end_sessions(person, Session.Ended.BY_SELF, but=but)
    if ended:
        _record(person, ended, by=person, at=at)
    return ended


@transaction.atomic
def end_sessions_of(*, person: Person, by: Person, at: datetime) -> int:
    """End all sign-ins of somebody; how many ended. Those of an administrator, only by another one."""
    if person.is_administrator and not by.is_administrator:
        raise Refused(f"{person.name} is an administrator. Only another administrator can do this.")
    ended = end_sessions(person, Session.Ended.BY_ADMINISTRATOR)
    if ended:
        _record(person, ended, by=by, at=at)
    return ended


def _end(rows: SessionQuerySet, person: Person, why: Session.Ended) -> int:
    """Leave of each nothing but why it ended and whose it was."""
    said = SessionStore().encode({ENDED: why.value, WAS: person.pk})
    return rows.update(session_data=said, person=None, ended=why)


def _record(person: Person, ended: int, *, by: Person, at: datetime) -> None:
    about = ("person", person.public_id, person.name)
    record("person.end_sign_ins", about=about, by=by, at=at, values={"ended": ended})
