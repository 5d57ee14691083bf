"""How many people publish a framework: one may have it need two, and it takes two to let one do it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.frameworks.models import Publishing
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused

ABOUT = ("publishing", "", "How a framework is published")
ONE_ALREADY = "One person publishes a framework here already. There is nothing to do."
NOT_ASKED = "Nobody asks any more that one person may publish. Open the page again to see how it stands."
SAY_WHY = "Say why one person is to publish a framework alone."


@transaction.atomic
def want_two_people(*, by: Person, at: datetime) -> None:
    """Have two people publish a framework from now on; where they do already, nothing changes."""
    row = _row()
    if row is not None and row.two_people:
        return
    _settle(two_people=True, by=by, at=at)
    record("framework.set_publishing", about=ABOUT, by=by, at=at, values={"two_people": True})


@transaction.atomic
def ask_for_one_person(*, because: str, by: Person, at: datetime) -> None:
    """Ask that one person may publish alone; nothing changes until somebody else agrees."""
    row = _two()
    if not because.strip():
        raise Refused(SAY_WHY)
    if row.one_asked_by is not None:
        raise Refused(
            f"{row.one_asked_by} has asked for it already. Somebody else agrees, or it stays as it is."
        )
    row.one_asked_by, row.one_asked_at, row.one_because = by, at, because.strip()
    row.save(update_fields=["one_asked_by", "one_asked_at", "one_because"])
    record("framework.ask_for_one", about=ABOUT, by=by, at=at, values={"because": row.one_because})


@transaction.atomic
def keep_two_people(*, by: Person, at: datetime) -> None:
    """Take back, or decline, that one person may publish alone."""
    row = _two()
    if row.one_asked_by is None:
        raise Refused(NOT_ASKED)
    asked_by = row.one_asked_by.public_id
    row.one_asked_by, row.one_asked_at, row.one_because = None, None, ""
    row.save(update_fields=["one_asked_by", "one_asked_at", "one_because"])
    record("framework.keep_two", about=ABOUT, by=by, at=at, values={"asked_by": asked_by})


@transaction.atomic
def agree_to_one_person(*, by: Person, at: datetime) -> None:
    """Let one person publish alone, as somebody else has asked."""
    row = _two()
    if row.one_asked_by is None:
        raise Refused(NOT_ASKED)
    if row.one_asked_by == by:
        raise Refused("You asked for it, so somebody else agrees to it.")
    values: dict[str, object] = {
        "two_people": False,
        "asked_by": row.one_asked_by.public_id,
        "because": row.one_because,
    }
    _settle(two_people=False, by=by, at=at)
    record("framework.set_publishing", about=ABOUT, by=by, at=at, values=values)


@transaction.atomic
def let_one_person_at_server(*, because: str, by: Person, at: datetime) -> None:
    """Let one person publish alone, from the command line: whoever runs the installation says who and why."""
    _two()
    if not because.strip():
        raise Refused(SAY_WHY)
    values: dict[str, object] = {"two_people": False, "at_the_server": True, "because": because.strip()}
    _settle(two_people=False, by=by, at=at)
    record("framework.set_publishing", about=ABOUT, by=by, at=at, values=values)


def _row() -> Publishing | None:
    return Publishing.objects.select_for_update(of=("self",)).select_related("one_asked_by").first()


def _two() -> Publishing:
    """The row, locked, where two people publish."""
    row = _row()
    if row is None or not row.two_people:
        raise Refused(ONE_ALREADY)
    return row


def _settle(*, two_people: bool, by: Person, at: datetime) -> None:
    said = {"two_people": two_people, "set_by": by, "set_at": at}
    said |= {"one_asked_by": None, "one_asked_at": None, "one_because": ""}
    Publishing.objects.update_or_create(only=True, defaults=said)
