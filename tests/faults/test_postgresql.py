"""The database server dies, is restarted and has a full disk, under a product that serves all the while.

The server is the test's own (tests/faults/cluster.py): others' servers are never touched. So it is the same
whichever database the suite runs on, and is run once: with the suite on PostgreSQL, and by `./run faults`.
"""

import os
import signal
import subprocess
import sys
import time
from random import Random

import pytest
from django.db import connection, connections

from goldenthread.audits.models import AnswerVersion
from goldenthread.people.models import Person
from tests.faults import CHOSEN, size
from tests.faults.cluster import Cluster, programs
from tests.faults.kit import SEED, check_answers
from tests.faults.rooms import filled
from tests.faults.test_processes import (
    Browser,
    House,
    Saver,
    history,
    mail,  # noqa: F401 - a fixture
    state_of,
    upload,
    wait_for_saves,
)
from tests.make import make_audit, make_council
from tests.operations.test_processes import wait_until

pytestmark = [
    pytest.mark.skipif(programs() is None, reason="There are no programs of a PostgreSQL server here."),
    pytest.mark.skipif(
        connection.vendor == "sqlite" and not CHOSEN,
        reason="It has a server of its own, and runs with the suite on PostgreSQL and by `./run faults`.",
    ),
]
MEGABYTES = 160  # of the file system that the server has to itself
CRASHES = size(4, 20)
AFTER_SECONDS = 10
"""Within which saves must go on once the server is back. docs/reference/faults.md has what was measured;
a test that runs beside others on a busy machine is not the place to hold it to a second."""
UNAVAILABLE = (0, 500, 503)


class PatientSaver(Saver):
    """Sends a change again, as the page does, until the server says that it is kept."""

    def __init__(self, browser, audit):
        super().__init__(browser, audit)
        self.moments, self.failed, self.words = [], 0, ""

    def save(self, text):
        """One change, with the moment at which it was acknowledged."""
        text = f"{text} {self.words}".strip()
        told = {"question": "voice heard", "value:voice heard": text, "version": len(self.acknowledged)}
        told["key"] = f"change-{len(self.acknowledged):08}"
        while (status := self.browser.post(self.path, told)) in UNAVAILABLE and not self.stopped:
            self.failed += 1
            time.sleep(0.02)
        if status == 200:
            self.acknowledged.append(text)
            self.moments.append(time.monotonic())
        elif status not in UNAVAILABLE:
            self.refused.append((status, text))

    def first_after(self, moment):
        """How many seconds after a moment something was acknowledged."""
        assert wait_until(lambda: self.refused or (self.moments and self.moments[-1] > moment))
        return next(at for at in self.moments if at > moment) - moment


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with the tables of the product, gone afterwards whatever happens."""
    cluster = Cluster(limit=MEGABYTES)
    try:
        cluster.start()
        cluster.make_database("empty")
        environment = os.environ | {
            "DATABASE_URL": cluster.url("empty"),
            "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
            "GOLDENTHREAD_DATA": str(tmp_path_factory.mktemp("data")),
        }
        subprocess.run([sys.executable, "-m", "django", "init_db"], env=environment, check=True)
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def cluster(server):
    """The server with a database that nobody used yet."""
    server.make_database(like="empty")
    return server


@pytest.fixture
def served(cluster, mail, tmp_path, django_db_blocker):  # noqa: F811
    """A house on the server, and somebody who saves all the while; the test looks into its database."""
    (tmp_path / "data").mkdir()
    house = House(tmp_path, mail, cluster.url())
    with django_db_blocker.unblock(), cluster.opened():
        council = make_council()
        audit = make_audit(council)
        saver = PatientSaver(Browser(house.port, council.ada), audit)
        connections.close_all()
        try:
            house.start()
            saver.start()
            yield house, saver
        finally:
            saver.stopped = True
            if saver.ident:
                saver.join(timeout=120)
            if house.server:
                house.stop()
            connections.close_all()


def killed(cluster):
    """The postmaster and all it started."""
    cluster.kill()
    cluster.start()


def a_backend_killed(cluster):
    """One process of the server, which then ends all connections and recovers by itself."""
    assert wait_until(cluster.kill_a_backend)
    assert wait_until(cluster.is_ready)


def restarted_at_once(cluster):
    """An immediate stop, which leaves the recovery to the next start."""
    cluster.stop(signal.SIGQUIT)
    cluster.start()


def restarted(cluster):
    """A restart in good order, as an upgrade of the server does it."""
    cluster.stop(signal.SIGINT)
    cluster.start()


WAYS = (killed, a_backend_killed, restarted_at_once, restarted)


def test_a_database_server_that_dies_costs_the_requests_in_hand_and_no_more(
    cluster, served, capsys, tmp_path
):
    house, saver = served
    waits = []
    quinn = Person.objects.get(name="Quinn")
    extract = upload(Browser(house.port, quinn), tmp_path, 0)

    for number in range(CRASHES):
        wait_for_saves(saver)
        WAYS[number % len(WAYS)](cluster)
        waits.append(saver.first_after(time.monotonic()))
        connections.close_all()  # the test's own was cut too
    wait_for_saves(saver)
    saver.stopped = True
    saver.join(timeout=120)

    with capsys.disabled():
        print(f"\n{len(saver.acknowledged)} saves, {saver.failed} sent again; after s: {sorted(waits)}")
    assert not saver.refused
    assert saver.failed, "nothing was in hand at any of the crashes"
    assert history() == saver.acknowledged
    assert max(waits) < AFTER_SECONDS
    assert wait_until(lambda: state_of(extract) == "previewed"), state_of(extract)
    check_answers()
    nothing_lost(house)


def until_nothing_is_saved(saver):
    """Wait until the server has no room for what is sent; what the product says then."""
    before = saver.failed
    assert wait_until(lambda: saver.refused or (saver.failed > before and saver.browser.told))
    return saver.browser.told


def test_a_full_disk_of_the_database_server_loses_nothing_and_is_over_when_there_is_room(
    cluster, served, capsys
):
    if cluster.limit is None:
        pytest.skip("Only root may mount a file system for the server to fill.")
    house, saver = served
    said, waits = [], []
    saver.words = " ".join(Random(SEED).randbytes(4).hex() for _ in range(1500))

    for number in range(size(1, 200)):
        wait_for_saves(saver)
        saver.browser.told = ""
        ballast = filled(cluster.folder, leave=number * 5_000)
        said.append(until_nothing_is_saved(saver))
        ballast.unlink()
        if not cluster.is_up():  # it may not live without room for its log; whoever watches it starts it
            cluster.start()
        waits.append(saver.first_after(time.monotonic()))
        connections.close_all()  # the test's own was cut too
    wait_for_saves(saver)
    saver.stopped = True
    saver.join(timeout=120)

    with capsys.disabled():
        print(f"\n{len(saver.acknowledged)} saves, {saver.failed} sent again; after s: {sorted(waits)}")
    assert not saver.refused
    assert all("What you saved before is safe" in text for text in said)
    assert history() == saver.acknowledged
    assert max(waits) < AFTER_SECONDS
    check_answers()
    nothing_lost(house)


def nothing_lost(house):
    """The house stops in good order and its ledger verifies."""
    house.stop()
    verdict = house.run("verify")
    house.server = None
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert list(AnswerVersion.objects.order_by("version").values_list("version", flat=True)) == list(
        range(1, AnswerVersion.objects.count() + 1)
    )
