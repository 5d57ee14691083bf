"""Background jobs are lent for a minute at a time, outlive a lost database and wait for whoever has many."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django_q.conf import Conf
from django_q.models import OrmQ

from goldenthread.rules.refusal import Refused
from goldenthread.web import jobs, leases
from goldenthread.web.leases import LEASE, LONGEST, Broker
from tests.make import make_person, moment

pytestmark = pytest.mark.django_db
DONE = []


class Clock:
    """The time, which a test moves on."""

    def __init__(self, monkeypatch):
        self.now = moment("2026-11-05T10:00")
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        monkeypatch.setattr(leases, "sleep", lambda seconds: None)

    def goes_on(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def brokers():
    """Those of two machines."""
    return Broker("goldenthread"), Broker("goldenthread")


def job(key="goldenthread"):
    """A job that waits."""
    return OrmQ.objects.create(key=key, payload="what to do", lock=moment("2026-11-05T09:59"))


def test_a_job_is_given_to_nobody_else_for_as_long_as_its_worker_lives(clock, brokers):
    here, there = brokers
    waiting = job()
    assert here.dequeue() == [(waiting.pk, "what to do")]

    for _ in range(20):
        clock.goes_on(seconds=40)
        assert here.dequeue() is None
        assert there.dequeue() is None


def test_a_job_whose_worker_was_killed_is_given_to_another_within_two_leases(clock, brokers):
    here, there = brokers
    waiting = job()
    here.dequeue()
    clock.goes_on(seconds=30)
    here.dequeue()

    clock.goes_on(seconds=LEASE.seconds - 1)
    early = there.dequeue()
    clock.goes_on(seconds=2)

    assert early is None
    assert there.dequeue() == [(waiting.pk, "what to do")]


def test_no_more_is_taken_than_there_are_workers(clock, brokers, monkeypatch):
    here, there = brokers
    first, second, third = job(), job(), job()
    monkeypatch.setattr(Conf, "WORKERS", 1)

    assert [here.dequeue(), here.dequeue()] == [[(first.pk, "what to do")], None]
    assert there.dequeue() == [(second.pk, "what to do")]
    here.acknowledge(first.pk)
    assert here.dequeue() == [(third.pk, "what to do")]


def test_a_job_whose_worker_never_ended_is_given_out_again_in_the_end(clock, brokers):
    here, there = brokers
    waiting = job()
    here.dequeue()
    minutes = 0
    while not (taken := here.dequeue() or there.dequeue()):
        clock.goes_on(seconds=30)
        minutes += 0.5

    assert taken == [(waiting.pk, "what to do")]
    assert LONGEST.seconds / 60 <= minutes <= LONGEST.seconds / 60 + 2


def test_a_queue_that_cannot_be_reached_is_looked_at_again(clock, brokers, monkeypatch):
    here, _ = brokers
    waiting = job()
    with monkeypatch.context() as patch:
        patch.setattr(here, "_take", lambda: (_ for _ in ()).throw(OperationalError("gone")))
        patch.setattr(leases.connection, "close", lambda: None)  # the test's own transaction
        assert here.dequeue() is None

    assert here.dequeue() == [(waiting.pk, "what to do")]


def note(text):
    """A job of the test."""
    DONE.append(text)


def fails_twice(text):
    """A job that loses its database, twice."""
    DONE.append(text)
    if len(DONE) < 3:
        raise OperationalError("server closed the connection")


def test_a_job_that_loses_its_database_is_done_again(monkeypatch):
    DONE.clear()
    monkeypatch.setattr(jobs, "sleep", lambda seconds: None)
    monkeypatch.setattr(jobs.connections, "close_all", lambda: None)  # the test's own transaction

    jobs.work(f"{__name__}.fails_twice", "x")

    assert DONE == ["x"] * 3


def test_one_person_has_so_many_jobs_in_hand_and_no_more():
    ada, quinn = make_person("Ada"), make_person("Quinn")
    for number in range(jobs.AT_ONCE):
        jobs.run_later(note, str(number), by=ada)

    with pytest.raises(Refused, match="Wait until one of them is done"):
        jobs.run_later(note, "one more", by=ada)
    jobs.run_later(note, "of another", by=quinn)
    jobs.run_later(note, "of the system", by=None)
    OrmQ.objects.order_by("pk")[0].delete()
    jobs.run_later(note, "when one is done", by=ada)

    assert OrmQ.objects.count() == jobs.AT_ONCE + 2
