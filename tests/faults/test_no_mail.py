"""A day without a mail server: the work and its clocks go on; in the end everybody has everything once."""

import socket
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.urls import reverse

from goldenthread.escalations.operations import raise_alert
from goldenthread.tasks.models import Notice, Task
from goldenthread.web.tasks.delivery import deliver
from tests.faults import CHOSEN
from tests.faults.kit import check_answers, check_ledger
from tests.faults.test_kills import Clock
from tests.faults.test_machine import save
from tests.faults.test_together import signed_in
from tests.make import make_audit, make_council, make_person, make_subject, moment, publish_pack
from tests.operations.test_deliver_notices import Sink, free_port, write

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = {"full": range(1, 1441), "tenth": range(10, 1441, 10)}.get(CHOSEN, (1, 2, 8, 25, 90, 340, 1080, 1440))
"""The minutes of the day at which what happens by itself happens and something new has to be told; few are
those at which what failed is tried again."""


@contextmanager
def nobody_there(settings):
    """No server at all."""
    settings.EMAIL_PORT = free_port()
    yield


@contextmanager
def one_that_says_nothing(settings):
    """A server that takes the connection and never speaks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = listening.getsockname()[1], 0.02
        yield


@contextmanager
def one_that_takes_nothing(settings):
    """A server that asks to be tried again later, whatever it is sent."""
    with a_server(settings, Sink(lambda number, address: True)):
        yield


@contextmanager
def a_server(settings, sink):
    """A mail server at work."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = controller.port, 10
    try:
        yield
    finally:
        controller.stop()


@pytest.mark.parametrize("down", [nobody_there, one_that_says_nothing, one_that_takes_nothing])
def test_a_day_without_mail_keeps_nothing_waiting_but_the_mail(monkeypatch, settings, down):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "127.0.0.1", False, False
    clock = Clock(monkeypatch, "2026-11-02T10:00")
    publish_pack()
    council, people = make_council(), [make_person(f"Person {number}") for number in range(3)]
    audit = make_audit(council)
    subject = make_subject("S-1", unit=council.team, practitioner=council.priya)
    alert = raise_alert(subject=subject, concern="Bruises", by=council.priya, at=clock.now)
    path = reverse("show_alert", args=[alert.public_id])
    assert signed_in(council.theo).get("/tasks/").content.decode().count(path), "shown at once"

    began = moment("2026-11-09T14:00")  # the time to answer it runs out at midnight
    with down(settings):
        for turn in AFTER:
            clock.now = began + timedelta(minutes=turn)
            write(people, key=f"turn {turn}", at=clock.now)
            call_command("sweep")
            run = deliver()
            assert not run.sent
            assert not run.given_up
            assert save(signed_in(council.ada), audit, f"Save {turn}").status_code == 200
    assert list(alert.stages.values_list("number", flat=True)) == [1, 2]
    assert Task.objects.open().owed_by(council.hana, on=clock.now.date()).filter(about_id=alert.public_id)

    sink = Sink()
    clock.now += timedelta(hours=24)
    with a_server(settings, sink):
        deliver()
    assert not Notice.objects.waiting().exists()
    with_address = Notice.objects.filter(sent_at__isnull=False)
    assert with_address.count() == Notice.objects.count() > 3 * len(AFTER)
    assert Counter(sink.addresses) == Counter(with_address.values_list("to__email", flat=True))
    assert len({message["Message-ID"] for _, message in sink.taken}) == len(sink.taken)
    check_answers()
    check_ledger()
