"""Notices are handed to a real mail server: each once, whatever it refuses and whoever is killed."""

import re
import socket
import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from goldenthread.ledger.models import Event
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import PAUSES, retry_notice, take_notices, write_notices
from goldenthread.web.tasks.delivery import deliver, habits, message_of
from tests.make import make_council, make_person

pytestmark = pytest.mark.django_db(transaction=True)


class Sink:
    """A mail server that keeps what it takes and refuses what it is told to."""

    def __init__(self, refuses=lambda number, address: False):
        self.refuses = refuses
        self.taken = []
        self.asked = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        if self.refuses(self.asked, envelope.rcpt_tos[0]):
            return "451 Try again later"
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        return "250 OK"

    @property
    def addresses(self):
        return [address for address, _ in self.taken]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def serving(settings):
    """Start a mail server and send to it."""
    started = []

    def serve(sink):
        controller = Controller(sink, hostname="127.0.0.1", port=free_port())
        controller.start()
        started.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        return sink

    yield serve
    for controller in started:
        controller.stop()


def write(people, *, key="test", urgent=False, at=None):
    write_notices(
        pack=None,
        notice=("{type} {reference}: to check", "The report of {reference} is ready: {link}"),
        about=("audit", "abc"),
        path="/audits/abc/",
        people=people,
        values={"type": "Case audit", "reference": "2026-11/001"},
        at=at or timezone.now(),
        urgent=urgent,
        key=key,
    )


def people(number):
    return [make_person(f"Person {n}", email=f"p{n}@example.org") for n in range(number)]


def test_a_server_that_refuses_every_third_message_gives_everybody_one_in_the_end(serving):
    sink = serving(Sink(lambda number, address: number % 3 == 0))
    write(people(10))

    first, second, third = deliver(), deliver(), deliver()

    assert (first.sent, first.failed) == (7, 3)
    assert second.sent == 2
    assert Counter(sink.addresses).most_common(1)[0][1] == 1
    assert len(sink.taken) == 9
    Notice.objects.waiting().update(not_before=None)
    assert deliver().sent == 1
    assert Counter(sink.addresses) == {f"p{n}@example.org": 1 for n in range(10)}
    assert third.sent == 0


def test_nobody_gets_a_notice_twice_by_running_twice(serving):
    sink = serving(Sink())
    write(people(4))

    deliver()
    deliver()

    assert Counter(sink.addresses) == {f"p{n}@example.org": 1 for n in range(4)}


def test_nobody_gets_a_notice_twice_by_writing_it_twice(serving):
    sink = serving(Sink())
    somebody = people(1)

    write(somebody)
    write(somebody)
    deliver()

    assert len(sink.taken) == 1


def test_runs_at_the_same_time_share_the_work(serving):
    sink = serving(Sink())
    write(people(20))

    def run():
        deliver()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(sink.addresses) == {f"p{n}@example.org": 1 for n in range(20)}
    assert not Notice.objects.waiting().exists()


def test_a_run_killed_after_the_servers_yes_sends_it_again_under_the_same_message_id(serving):
    sink = serving(Sink())
    write(people(1))
    before = timezone.now()
    (notice,) = take_notices(waiting_since=before, at=before, habits=habits())
    message_of([notice]).send()  # and here the run is killed

    assert deliver().sent == 0, "another run leaves it alone while it may be in hand"
    Notice.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert deliver().sent == 1

    ids = {message["Message-ID"] for _, message in sink.taken}
    assert ids == {f"<{notice.public_id}@localhost>"}


def test_urgent_notices_go_first(serving):
    sink = serving(Sink())
    one, two = people(2)
    write([one], key="usual", at=timezone.now() - timedelta(hours=1))
    write([two], key="urgent", urgent=True)

    deliver()

    assert sink.addresses == [two.email, one.email]


def test_a_notice_refused_again_and_again_is_given_up_and_says_why(serving):
    serving(Sink(lambda number, address: True))
    write(people(1))

    runs = []
    for _ in range(len(PAUSES) + 1):
        runs.append(deliver())
        Notice.objects.update(not_before=None)

    notice = Notice.objects.get()
    assert [run.given_up for run in runs] == [0] * len(PAUSES) + [1]
    assert notice.given_up_at
    assert "451" in notice.last_error
    assert deliver().failed == 0


def test_a_notice_given_up_can_be_tried_again(serving):
    sink = serving(Sink(lambda number, address: number <= len(PAUSES) + 1))
    (person,) = people(1)
    write([person])
    for _ in range(len(PAUSES) + 1):
        deliver()
        Notice.objects.update(not_before=None)

    retry_notice(Notice.objects.get(), by=person, at=timezone.now())
    deliver()

    assert len(sink.taken) == 1
    assert not Notice.objects.undelivered().exists()
    assert Event.objects.filter(what="notice.retry").count() == 1


def test_where_the_server_cannot_be_reached_nothing_is_lost_and_no_attempt_is_counted(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_USE_TLS = False
    write(people(2))

    with pytest.raises(CommandError, match="cannot be reached"):
        call_command("deliver_notices", stdout=StringIO())

    assert list(Notice.objects.values_list("attempts", "sent_at")) == [(0, None), (0, None)]


def test_somebody_without_an_address_or_who_has_left_keeps_nobody_waiting(serving):
    sink = serving(Sink())
    write(
        [
            make_person("Nell", email="nell@example.org", is_active=False),
            make_person("Moss", email="moss@example.org"),
        ]
    )
    make = make_person("Noah")
    make.email = None
    make.save()
    write([make])

    run = deliver()

    assert (run.sent, run.given_up) == (1, 2)
    assert sink.addresses == ["moss@example.org"]
    assert set(Notice.objects.undelivered().values_list("last_error", flat=True)) == {
        "The person has left.",
        "No e-mail address is recorded for the person.",
    }


def test_a_run_is_one_event_and_an_idle_one_is_none(serving):
    serving(Sink())
    write(people(3))

    deliver()
    deliver()

    assert Event.objects.filter(what="notices.deliver").count() == 1


def test_a_mail_holds_a_reference_and_a_link_and_says_that_a_program_wrote_it(serving, settings):
    settings.ADDRESS = "https://audit.example.org"
    sink = serving(Sink())
    write(people(1))

    deliver()

    ((_, mail),) = sink.taken
    body = mail.get_payload(decode=True).decode()
    assert mail["Subject"] == "Case audit 2026-11/001: to check"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@audit.example.org>")
    assert body.startswith("The report of 2026-11/001 is ready: https://audit.example.org/audits/abc/")


def test_a_notice_cannot_speak_of_anything_else():
    council = make_council()

    with pytest.raises(ValueError, match="grade"):
        write_notices(
            pack=None,
            notice=("Subject", "{grade}"),
            about=("audit", "abc"),
            path="/",
            people=[council.ada],
            values={"grade": "inadequate"},
            at=timezone.now(),
            key="test",
        )


def test_the_command_says_what_it_did(serving):
    serving(Sink())
    write(people(2))
    said = StringIO()

    call_command("deliver_notices", stdout=said)

    assert re.fullmatch(r"2 sent, 0 to be tried again, 0 given up\n", said.getvalue())
