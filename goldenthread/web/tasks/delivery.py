"""Handing notices to the mail server: each once, urgent ones first, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTPException, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from goldenthread.rules.meetings import calendar_of
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import (
    Habits,
    note_delivery,
    note_failure,
    note_sent,
    put_back,
    take_notices,
)
from goldenthread.web.tasks.calendars import invite_of
from goldenthread.web.tasks.deputies import tell_deputies
from goldenthread.web.tasks.notify import TRIED_BEFORE, Refusal, Unavailable

LINK = "{link}"
DIGEST_SUBJECT = "Golden Thread: {number} notices of today"
PUT_IN = "If it does not go into your calendar by itself, use “Add to my calendar” on that page."
TAKE_OUT = "If it is still in your calendar, take it out."
FOOTER = (
    "This message says as little as it can, because e-mail is not private. Sign in to Golden Thread to read "
    "the rest. Please do not reply to it."
)


@dataclass
class Run:
    """What one run did; `unreachable` says why it ended early."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    unreachable: str = ""

    def __str__(self) -> str:
        """What is printed when the run ends."""
        return f"{self.sent} sent, {self.failed} to be tried again, {self.given_up} given up"


def deliver() -> Run:
    """Send every notice whose turn has come.

    Nothing is sent in a transaction. A run killed between the mail server's yes and our note of it
    sends that one again, under the same Message-ID, so that mail programs show it once.
    """
    tell_deputies(at=timezone.now())
    run, began = Run(), timezone.now()
    connection = get_connection()
    try:
        while Notice.objects.to_try(began).exists() and not run.unreachable:
            _deliver_next(run, connection, began)
    finally:
        connection.close()
        note_delivery(sent=run.sent, failed=run.failed, given_up=run.given_up, at=timezone.now())
    return run


def habits() -> Habits:
    """When the digest goes out, and the quiet hours of whoever chose none, as the settings say."""
    return Habits(settings.DIGEST_AT, settings.QUIET_HOURS)


def message_of(notices: list[Notice], connection=None) -> EmailMultiAlternatives:
    """The mail for a notice, or for all of a digest: references and links, the same Message-ID each time.

    That of a meeting brings it for the reader's calendar; where files do not go with it, the page has it.
    """
    first, host = notices[0], urlsplit(settings.ADDRESS).hostname or "localhost"
    subject = first.subject if len(notices) == 1 else DIGEST_SUBJECT.format(number=len(notices))
    name = first.public_id if len(notices) == 1 else f"digest.{first.public_id}.{len(notices)}"
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body="\n\n".join([*_texts(notices), FOOTER]),
        to=[first.to.email or ""],
        headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    setattr(message, TRIED_BEFORE, any(notice.attempts > 1 for notice in notices))
    if first.appointment is not None:
        invite = invite_of(first.appointment, attendee=first.to.email or "")
        kind = f"text/calendar; method={invite.method}"
        message.attach_alternative(calendar_of(invite).decode(), kind)
    return message


def _texts(notices: list[Notice]) -> list[str]:
    """What each notice says, under its subject where there are several."""
    said = []
    for notice in notices:
        text = notice.text if LINK in notice.text else f"{notice.text}\n\n{LINK}"
        text = text.replace(LINK, settings.ADDRESS + notice.path)
        if notice.appointment is not None:
            text = f"{text}\n\n{TAKE_OUT if notice.appointment.is_off else PUT_IN}"
        said.append(text if len(notices) == 1 else f"{notice.subject}\n{text}")
    return said


def _deliver_next(run: Run, connection, began) -> None:
    """Take what is next and send it; a server that cannot be reached costs no notice an attempt."""
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        run.unreachable = _in_words(error)
        return
    notices = take_notices(waiting_since=began, at=timezone.now(), habits=habits())
    if not notices:
        return
    if problem := _cannot_be_reached(notices[0]):
        _note_failures(run, notices, problem, for_good=True)
        return
    try:
        message_of(notices, connection).send()
    except Unavailable as error:
        put_back(notices, str(error))
        run.unreachable = str(error)
    except Refusal as refusal:
        _note_failures(run, notices, str(refusal), for_good=refusal.for_good)
    except (OSError, SMTPException, ValueError) as error:
        _note_failures(run, notices, _in_words(error))
        if isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException):
            connection.close()
    else:
        at = timezone.now()
        note_sent(notices, at=at)
        run.sent += len(notices)


def _note_failures(run: Run, notices: list[Notice], error: str, *, for_good: bool = False) -> None:
    for notice in notices:
        given_up = note_failure(notice, error, at=timezone.now(), for_good=for_good)
        run.given_up += given_up
        run.failed += not given_up


def _cannot_be_reached(notice: Notice) -> str:
    """Why no mail can go to this person, if none can."""
    if not notice.to.is_active:
        return "The person has left."
    return "" if notice.to.email else "No e-mail address is recorded for the person."


def _in_words(error: Exception) -> str:
    """What the mail server said, for those who look after it."""
    if isinstance(error, Unavailable):
        return str(error)
    return f"{type(error).__name__}: {error}"[:300]
