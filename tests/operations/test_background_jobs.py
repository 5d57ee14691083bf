"""Background jobs are lent for a minute at a time, outlive a lost database and wait for whoever has many."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django_q.conf import Conf
from django_q.models import OrmQ

from goldenthread.caseload.operations import extracts
from goldenthread.rules.refusal import Refused
from goldenthread.web import jobs, leases
from goldenthread.web.leases import LEASE, LONGEST, Broker
from tests.make import make_person, moment
from tests.workbooks import LIST_6, make_workbook
from tests.workbooks import child as row_of_list_6

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


def uploaded(folder, *, by):
    """An extract that waits to be read."""
    path = make_workbook(folder / "list.xlsx", {"List 6": [LIST_6, *(row_of_list_6(n) for n in range(6))]})
    with path.open("rb") as file:
        return extracts.upload(
            files=[(file, path.name)],
            preset="annex_a",
            extracted_on=moment().date(),
            by=by,
            at=moment(),
            then=lambda kept: None,
        )


def note(text):
    """A job of the test."""
    DONE.append(text)


def fails_twice(text):
    """A job that loses its database, twice."""
    DONE.append(text)
    if len(DONE) < 3:
        raise OperationalError("server closed the connection")


@pytest.fixture
def without_pauses(monkeypatch):
    DONE.clear()
    monkeypatch.setattr(jobs, "sleep", lambda seconds: None)
    monkeypatch.setattr(jobs.connections, "close_all", lambda: None)  # the test's own transaction


@pytest.mark.usefixtures("without_pauses")
def test_a_job_that_loses_its_database_is_done_again():
    jobs.work(f"{__name__}.fails_twice", "x")

    assert DONE == ["x"] * 3


@jobs.given_up_by(lambda text: note(f"{text}: given up"))
def never_ends(text):
    """A job that never has its database."""
    DONE.append(text)
    raise OperationalError("no room on the disk")


@pytest.mark.usefixtures("without_pauses")
def test_a_job_that_failed_for_good_tells_whoever_waits_and_not_before():
    jobs.work(f"{__name__}.never_ends", "x")

    assert DONE[:-1] == ["x"] * (len(jobs.PAUSES) + 1)
    assert DONE[-1] == "x: given up"


class DatabaseGoes:
    """The database goes away once, when a statement of some kind is sent to it."""

    def __init__(self, what):
        self.what, self.gone = what, 0

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(self.what) and not self.gone:
            self.gone += 1
            raise OperationalError("terminating connection due to administrator command")
        return execute(sql, params, many, context)


@pytest.mark.usefixtures("without_pauses")
@pytest.mark.parametrize(
    ("name", "sent", "was", "then"),
    [
        ("read_extract", 'INSERT INTO "caseload_stagedrow"', "uploaded", "previewed"),
        ("load_extract", 'INSERT INTO "caseload_subject"', "previewed", "committed"),
    ],
)
def test_an_extract_whose_database_goes_for_a_moment_is_not_refused(name, sent, was, then, tmp_path):
    ada = make_person("Ada")
    extract = uploaded(tmp_path, by=ada)
    if was == "previewed":
        jobs.work("goldenthread.web.caseload.jobs.read_extract", extract.public_id, ada.public_id)
        extracts.confirm(extract=extract, by=ada, at=moment())
    goes = DatabaseGoes(sent)

    with connection.execute_wrapper(goes):
        jobs.work(f"goldenthread.web.caseload.jobs.{name}", extract.public_id, ada.public_id)

    extract.refresh_from_db()
    assert goes.gone == 1
    assert (extract.state, extract.problem) == (then, "")


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
