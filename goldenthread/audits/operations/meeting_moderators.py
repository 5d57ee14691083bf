"""The meeting of moderator and auditor about a moderation: planned, put into calendars, called off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.audits.models import Moderation
from goldenthread.audits.moderating import about, rule_of
from goldenthread.audits.operations.locking import change
from goldenthread.audits.operations.moderating import meeting_of, own_moderation
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import appoint, call_off

ASKED = (
    "{reference}: a meeting about its moderation",
    "A meeting about the moderation of {reference} is arranged. When and where is here: {link}",
)


@transaction.atomic
def arrange_moderation_meeting(
    moderation: Moderation, *, meets_at: datetime, place: str, revision: int, by: Person, at: datetime
) -> Moderation:
    """Note when and where moderator and auditor meet, once the grades are in, and ask both."""
    moderation = own_moderation(moderation, revision, by=by)
    words = words_of(moderation.draw.version)
    if not rule_of(moderation.draw).meeting:
        raise Refused("The framework asks for no meeting about this. Write the feedback.")
    if not moderation.graded_at:
        raise Refused(f"Give your {words['grades']} first; then arrange the meeting.")
    if meets_at < at:
        raise Refused("Choose a time that is still to come.")
    if (moderation.meets_at, moderation.place) == (meets_at, place[:200]):
        return moderation
    before = moderation.meets_at
    _put(moderation, meets_at, place[:200])
    appoint(meeting_of(moderation), meets_at, [(ASKED, [by, moderation.audit.auditor])], at=at)
    values = {"meets at": change(before.isoformat() if before else "", meets_at.isoformat())}
    record("moderation.arrange_meeting", about=about(moderation), by=by, at=at, values=values)
    return moderation


@transaction.atomic
def call_off_moderation_meeting(
    moderation: Moderation, *, revision: int, by: Person, at: datetime
) -> Moderation:
    """Take back the time of a meeting about a moderation; both are told."""
    moderation = own_moderation(moderation, revision, by=by)
    if moderation.meets_at is None:
        return moderation
    before = moderation.meets_at
    _put(moderation, None, "")
    call_off(meeting_of(moderation), at=at)
    values = {"meets at": change(before.isoformat(), "")}
    record("moderation.call_off_meeting", about=about(moderation), by=by, at=at, values=values)
    return moderation


def _put(moderation: Moderation, meets_at: datetime | None, place: str) -> None:
    moderation.meets_at, moderation.place = meets_at, place
    moderation.revision += 1
    moderation.save(update_fields=["meets_at", "place", "revision"])
