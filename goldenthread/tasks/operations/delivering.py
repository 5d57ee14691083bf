"""Delivering notices: whose turn it is, what is held until its reader wants it, and what came of each try.

A run that delivered something is one event; the marks on single notices are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from goldenthread.ledger.operations import record
from goldenthread.people.models import Leave, Person
from goldenthread.rules.notices import GROUPS, Choices, Quiet, Turn, group_of, turn_of
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, NoticeChoices

IN_HAND = timedelta(minutes=5)
"""How long one run keeps a notice to itself; a run that was killed gives it back after that."""
STANDS_IN = "You have this because you stand in for somebody who is on leave."
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0, 5, 15, 60, 240, 720, 1440, 1440))
"""How long a notice waits after each failure; after one more, 65 hours after the first, it is given up.

A server that takes nothing from Friday evening to Monday morning keeps nothing from anybody."""


@dataclass(frozen=True)
class Habits:
    """What the organisation does where nobody chose otherwise: the hour of the digest, the quiet hours."""

    digest_at: time
    quiet: Quiet | None = None


@transaction.atomic
def take_notices(*, waiting_since: datetime, at: datetime, habits: Habits) -> list[Notice]:
    """Take the next notice whose turn had come by `waiting_since`, urgent ones first, for this run alone.

    With one for somebody's digest come all others for it, but a meeting goes alone; what its reader does
    not want yet is held until they do. The hold is a moment in the row, not a lock, so that no transaction
    stays open while a mail server thinks. On PostgreSQL runs skip what another is taking; SQLite lets one
    in at a time.
    """
    turn = Notice.objects.to_try(waiting_since).order_by("-urgent", "created_at", "pk")
    notice = turn.select_for_update(skip_locked=True, of=("self",)).select_related("to").first()
    if notice is None:
        return []
    choices = choices_of(notice.to, habits)
    if not _may_go(notice, choices, habits, at=at):
        return []
    taken = [notice]
    is_alone = notice.urgent or notice.appointment_id is not None
    if not is_alone and group_of(notice.about_kind) in choices.digest:
        others = turn.filter(to=notice.to_id, urgent=False, appointment=None).exclude(pk=notice.pk)
        others = others.select_for_update(skip_locked=True, of=("self",)).select_related("to")
        of_digest = [one for one in others if group_of(one.about_kind) in choices.digest]
        taken += [one for one in of_digest if _may_go(one, choices, habits, at=at)]
    for one in taken:
        one.not_before, one.held, one.attempts = at + IN_HAND, "", one.attempts + 1
        one.save(update_fields=["not_before", "held", "attempts"])
    return taken


def choices_of(person: Person, habits: Habits) -> Choices:
    """What somebody chose, or the organisation's habits."""
    chosen = NoticeChoices.objects.filter(person=person).first()
    if chosen is None:
        return Choices(quiet=habits.quiet)
    quiet = (chosen.quiet_from, chosen.quiet_until)
    return Choices(frozenset(chosen.digest), quiet if quiet[0] and quiet[1] else None)  # type: ignore[arg-type]


@transaction.atomic
def choose_notices(
    person: Person, *, digest: Iterable[str], quiet: Quiet | None, by: Person, at: datetime
) -> NoticeChoices:
    """Say what waits for the daily digest and when nothing is to come; what is held is looked at afresh.

    A safety alert is sent at once whatever is chosen.
    """
    wanted = [group for group in GROUPS if group in set(digest)]
    if by != person:
        raise Refused("Only you choose how you are told. Ask the person to sign in and choose.")
    if quiet and quiet[0] == quiet[1]:
        raise Refused("Quiet hours cannot last the whole day. Let them end at another time.")
    first, last = quiet or (None, None)
    said = {"digest": wanted, "quiet_from": first, "quiet_until": last}
    kept = NoticeChoices.objects.select_for_update().filter(person=person).first()
    if kept and all(getattr(kept, name) == value for name, value in said.items()):
        return kept
    kept, _ = NoticeChoices.objects.update_or_create(person=person, defaults={**said, "chosen_at": at})
    Notice.objects.held().filter(to=person).update(not_before=None, held="")
    values = {"digest": wanted, "quiet": [f"{clock:%H:%M}" for clock in quiet or ()]}
    record(
        "person.choose_notices", about=("person", person.public_id, person.name), by=by, at=at, values=values
    )
    return kept


@transaction.atomic
def tell_deputy(notice: Notice, deputy: Person, *, at: datetime) -> bool:
    """Let whoever stands in for a notice's reader have it too, once; tells whether it was written.

    Whether they may see what it is about is asked by whoever calls. A meeting goes into no other calendar.
    """
    if notice.instead_of_id is not None or notice.to_id == deputy.pk:
        return False
    copy = Notice(
        key=f"deputy:{notice.public_id}:{deputy.public_id}",
        to=deputy,
        about_kind=notice.about_kind,
        about_id=notice.about_id,
        subject=notice.subject,
        text=f"{STANDS_IN}\n\n{notice.text}",
        path=notice.path,
        urgent=notice.urgent,
        instead_of=notice,
        created_at=at,
    )
    if Notice.objects.filter(key=copy.key).exists():
        return False
    Notice.objects.bulk_create([copy], ignore_conflicts=True)
    return True


def note_sent(notices: Iterable[Notice], *, at: datetime) -> None:
    """The mail server has taken them."""
    waiting = Notice.objects.waiting().filter(pk__in=[notice.pk for notice in notices])
    waiting.update(sent_at=at, not_before=None, held="", last_error="")


def count_as_sent() -> None:
    """Count every waiting notice as sent when it was written: nobody is mailed about what was made up."""
    Notice.objects.waiting().update(sent_at=F("created_at"), not_before=None, held="", last_error="")


def note_failure(notice: Notice, error: str, *, at: datetime, for_good: bool = False) -> bool:
    """It could not be sent: put it off, or give it up after the last pause; tells whether it is given up."""
    given_up = for_good or notice.attempts > len(PAUSES)
    waiting = Notice.objects.waiting().filter(pk=notice.pk)
    if given_up:
        waiting.update(given_up_at=at, not_before=None, last_error=error[:300])
    else:
        waiting.update(not_before=at + PAUSES[notice.attempts - 1], last_error=error[:300])
    return given_up


def put_back(notices: Iterable[Notice], error: str) -> None:
    """Nothing could be handed over: as if these had not been tried, but for the sentence that says why."""
    waiting = Notice.objects.waiting().filter(pk__in=[notice.pk for notice in notices])
    waiting.update(not_before=None, attempts=F("attempts") - 1, last_error=error[:300])


@transaction.atomic
def note_delivery(*, sent: int, failed: int, given_up: int, at: datetime) -> None:
    """One event for a run that delivered or gave up something."""
    if sent or given_up:
        values: dict[str, object] = {"sent": sent, "failed": failed, "given up": given_up}
        record("notices.deliver", about=("notices", "", "Notices"), by=None, at=at, values=values)


@transaction.atomic
def retry_notice(notice: Notice, *, by: Person, at: datetime) -> None:
    """Let a notice that failed be tried again from the start."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.sent_at is not None:
        raise Refused("This notice has been sent in the meantime. There is nothing to do.")
    notice.given_up_at, notice.not_before, notice.held, notice.attempts = None, None, "", 0
    notice.save(update_fields=["given_up_at", "not_before", "held", "attempts"])
    about = ("notice", notice.public_id, "A notice that was not delivered")
    record("notice.retry", about=about, by=by, at=at, values={"error": notice.last_error})


def _may_go(notice: Notice, choices: Choices, habits: Habits, *, at: datetime) -> bool:
    """Whether a locked notice may go out now; if not, it is held."""
    turn = _turn_of(notice, choices, habits, at=at)
    if turn.because:
        notice.not_before, notice.held = turn.at, turn.because
        notice.save(update_fields=["not_before", "held"])
    return not turn.because


def _turn_of(notice: Notice, choices: Choices, habits: Habits, *, at: datetime) -> Turn:
    if notice.urgent:
        return Turn(at)
    on = timezone.localdate(at)
    away = Leave.objects.on(on).filter(person=notice.to_id).exists()
    return turn_of(
        notice.created_at,
        at,
        choices=choices,
        group=group_of(notice.about_kind),
        digest_at=habits.digest_at,
        away_on=on if away else None,
    )
