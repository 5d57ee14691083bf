"""The conversation with the practitioner: arranged, held, and what it added (WF-8)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit, Conversation
from goldenthread.audits.operations.inviting import ask_to_conversation, take_back
from goldenthread.audits.operations.locking import STANDING, Stale, change, locked, must_edit, must_fit
from goldenthread.audits.operations.stepping import move
from goldenthread.audits.queries import about, flow_of, holds_one_of
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.flow import Requirement
from goldenthread.rules.refusal import Refused


@transaction.atomic
def arrange_conversation(
    audit: Audit, *, arranged_for: datetime, place: str, expected: int, by: Person, at: datetime
) -> Conversation:
    """Note when and where auditor and practitioner meet, ask them, and take the step that this allows."""
    audit = locked(audit, *STANDING)
    must_edit(audit, by, at)
    must_fit(place)
    held = _conversation(audit)
    if (held.arranged_for, held.place) == (arranged_for, place[:200]):
        return held
    _must_be_seen(held, expected)
    was_for, was_at = held.arranged_for, held.place
    held.arranged_for, held.place, held.arranged_by = arranged_for, place[:200], by
    held.version += 1
    held.save(update_fields=["arranged_for", "place", "arranged_by", "version"])
    _take(audit, "a conversation arranged", by, at)
    ask_to_conversation(audit, held, at=at)
    values = {
        "arranged_for": change(_iso(was_for), arranged_for.isoformat()),
        "place": change(was_at, held.place),
        "state": audit.state,
    }
    record("audit.arrange_conversation", about=about(audit), by=by, at=at, values=values)
    return held


@transaction.atomic
def call_off_conversation(audit: Audit, *, expected: int, by: Person, at: datetime) -> Conversation:
    """Take back the time of a conversation that was not held; those who were asked are told."""
    audit = locked(audit, *STANDING)
    must_edit(audit, by, at)
    held, talk = _conversation(audit), words_of(audit.version)["conversation"]
    if held.arranged_for is None:
        return held
    if held.held_on is not None:
        raise Refused(f"The {talk} was held already. It cannot be called off.")
    _must_be_seen(held, expected)
    was_for, was_at = held.arranged_for, held.place
    take_back(audit, held, at=at)
    values = {"arranged_for": change(_iso(was_for), ""), "place": change(was_at, "")}
    record("audit.call_off_conversation", about=about(audit), by=by, at=at, values=values)
    return held


@transaction.atomic
def record_conversation(
    audit: Audit, *, held_on: date, attended: str, added: str, expected: int, by: Person, at: datetime
) -> Conversation:
    """Note that the conversation was held, by whom and what it added, and take the step that this allows."""
    audit = locked(audit, *STANDING)
    must_edit(audit, by, at)
    must_fit(added)
    held = _conversation(audit)
    if (held.held_on, held.attended, held.added) == (held_on, attended[:300], added):
        return held
    _must_be_seen(held, expected)
    talk = words_of(audit.version)["conversation"]
    if held_on > timezone.localdate(at):
        raise Refused(f"The {talk} cannot have been held on a day that is still to come.")
    if not added.strip():
        raise Refused(f"Say what the {talk} added. If it added nothing, say that.")
    was_on, were_there, was_added = held.held_on, held.attended, held.added
    held.held_on, held.attended, held.added = held_on, attended[:300], added
    held.version += 1
    held.save(update_fields=["held_on", "attended", "added", "version"])
    if held.arranged_for is not None and held.arranged_for > at:  # held before its time
        take_back(audit, held, at=at)
    settled = _take(audit, "a conversation held", by, at)
    values = {
        "held_on": change(_iso(was_on), held_on.isoformat()),
        "attended": change(were_there, held.attended),
        "added": change(was_added, added),
        "state": audit.state,
        **settled,
    }
    record("audit.record_conversation", about=about(audit), by=by, at=at, values=values)
    return held


def _conversation(audit: Audit) -> Conversation:
    return Conversation.objects.get_or_create(audit=audit)[0]


def _must_be_seen(held: Conversation, expected: int) -> None:
    """Refuse a save over what this person has not seen."""
    if held.version != expected:
        raise Stale(held)


def _take(audit: Audit, requirement: Requirement, by: Person, at: datetime) -> dict[str, object]:
    """The step that needs just this, where the flow has one here; else the note alone is kept.

    Returns the grades that the step computed.
    """
    on = timezone.localdate(at)
    for name, step in flow_of(audit).steps.items():
        is_here = requirement in step.requires and audit.state in step.from_
        if is_here and holds_one_of(step.by, audit, by, on=on):
            return move(audit, name, by=by, at=at)
    return {}


def _iso(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""
