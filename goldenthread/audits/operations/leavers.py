"""Meetings to come with somebody who has left are called off, in the calendars of all who were asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from goldenthread.audits.models import Conversation, Moderation
from goldenthread.audits.moderating import about as about_moderation
from goldenthread.audits.operations.inviting import take_out_of_calendars
from goldenthread.audits.operations.locking import STANDING, change, locked
from goldenthread.audits.operations.moderating import take_meeting_back
from goldenthread.audits.queries import about
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person


def call_off_meetings_of_leavers(*, at: datetime) -> int:
    """Call off each meeting still to come of which an end has left: auditor, practitioner or moderator.

    Others who were asked do not keep it from being held. One event for each; a second run finds none.
    """
    gone = Person.objects.gone(on=timezone.localdate(at)).values("pk")
    talks = Conversation.objects.filter(held_on=None, arranged_for__gte=at)
    talks = talks.filter(Q(audit__auditor__in=gone) | Q(audit__practitioner__in=gone))
    meetings = Moderation.objects.filter(meets_at__gte=at, finished_at=None)
    meetings = meetings.filter(Q(moderator__in=gone) | Q(audit__auditor__in=gone))
    return sum(_call_off_talk(one, at) for one in talks.order_by("pk")) + sum(
        _call_off_meeting(one, at) for one in meetings.order_by("pk")
    )


@transaction.atomic
def _call_off_talk(talk: Conversation, at: datetime) -> bool:
    audit = locked(talk.audit, *STANDING)
    if not take_out_of_calendars(audit, at=at):
        return False
    assert talk.arranged_for is not None  # as it was found  # noqa: S101
    values = {"arranged_for": change(talk.arranged_for.isoformat(), ""), "place": change(talk.place, "")}
    record("audit.call_off_conversation", about=about(audit), by=None, at=at, values=values)
    return True


@transaction.atomic
def _call_off_meeting(found: Moderation, at: datetime) -> bool:
    rows = Moderation.objects.select_for_update(of=("self",)).select_related("draw__version", "audit")
    moderation = rows.get(pk=found.pk)
    if moderation.meets_at is None or moderation.meets_at < at:
        return False
    before = moderation.meets_at
    moderation.revision += 1
    moderation.save(update_fields=["revision"])
    take_meeting_back(moderation, at=at)
    values = {"meets at": change(before.isoformat(), "")}
    record("moderation.call_off_meeting", about=about_moderation(moderation), by=None, at=at, values=values)
    return True
