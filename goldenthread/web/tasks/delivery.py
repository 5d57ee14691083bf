"""Handing notices to the mail server: each once, urgent ones first, whatever happens in between."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTPException, SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import note_delivery, note_failure, note_sent, take_notice

LINK = "{link}"
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
    run, began = Run(), timezone.now()
    connection = get_connection()
    try:
        while Notice.objects.to_try(began).exists() and not run.unreachable:
            _deliver_next(run, connection, began)
    finally:
        connection.close()
        note_delivery(sent=run.sent, failed=run.failed, given_up=run.given_up, at=timezone.now())
    return run


def message_of(notice: Notice, connection=None) -> EmailMessage:
    """The mail for a notice: a reference and a link; its Message-ID is the same at every attempt."""
    link = settings.ADDRESS + notice.path
    text = notice.text if LINK in notice.text else f"{notice.text}\n\n{LINK}"
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(notice.subject.split()),
        body=f"{text.replace(LINK, link)}\n\n{FOOTER}",
        to=[notice.to.email or ""],
        headers={"Message-ID": f"<{notice.public_id}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _deliver_next(run: Run, connection, began) -> None:
    """Take one notice and send it; a server that cannot be reached costs no notice an attempt."""
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        run.unreachable = _in_words(error)
        return
    notice = take_notice(waiting_since=began, at=timezone.now())
    if notice is None:
        return
    if problem := _cannot_be_reached(notice):
        run.given_up += note_failure(notice, problem, at=timezone.now(), for_good=True)
        return
    try:
        message_of(notice, connection).send()
    except (OSError, SMTPException, ValueError) as error:
        given_up = note_failure(notice, _in_words(error), at=timezone.now())
        run.given_up += given_up
        run.failed += not given_up
        if isinstance(error, SMTPServerDisconnected) or not isinstance(error, SMTPException):
            connection.close()
    else:
        note_sent(notice, at=timezone.now())
        run.sent += 1


def _cannot_be_reached(notice: Notice) -> str:
    """Why no mail can go to this person, if none can."""
    if not notice.to.is_active:
        return "The person has left."
    return "" if notice.to.email else "No e-mail address is recorded for the person."


def _in_words(error: Exception) -> str:
    """What the mail server said, for those who look after it."""
    return f"{type(error).__name__}: {error}"[:300]
