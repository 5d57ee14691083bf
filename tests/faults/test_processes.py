"""The real processes of `goldenthread serve`, killed while they work and started again.

A client saves an answer over HTTP as the page does: where no reply came, it sends the same change again
under the same key. So in the end the history must be exactly what was acknowledged, in that order.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from django_q.models import OrmQ

from goldenthread.audits.models import AnswerVersion
from goldenthread.caseload.models import Episode, Extract
from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import raise_alert
from goldenthread.tasks.models import Notice, Task
from goldenthread.web.leases import LEASE
from tests.faults import size
from tests.faults.kit import SEED, check_answers
from tests.make import make_audit, make_council, make_subject
from tests.operations.test_deliver_notices import Sink
from tests.operations.test_processes import answer_of, children_of, free_port, is_running, wait_until
from tests.workbooks import LIST_6, child, make_workbook

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "voice heard"
VICTIMS = (("web", "job"), ("everything",), ("job",), ("parent",), ("job", "web"), ("minute",))
"""Killed in a turn: a web worker, the processes of the jobs, the whole house, the parent, the loop."""
TURNS = size(2, 200)
CSRF = "c" * 32
CASES = 200  # in each extract
LEAST = 3  # saves acknowledged before something is killed


class House:
    """`goldenthread serve` on the test's own database or another, with a data folder and a mail server."""

    def __init__(self, folder, mail, url=None):
        self.port, self.server = free_port(), None
        self.log = (folder / "serve.log").open("ab")
        self.environment = os.environ | {
            "DATABASE_URL": url or database_url(),
            "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
            "GOLDENTHREAD_DATA": str(folder / "data"),
            "GOLDENTHREAD_SECRET_KEY": settings.SECRET_KEY,
            "GOLDENTHREAD_SMTP_HOST": mail.hostname,
            "GOLDENTHREAD_SMTP_PORT": str(mail.port),
            "GOLDENTHREAD_SMTP_SECURITY": "none",
        }

    def start(self):
        """Start all processes and wait until the first of them answers."""
        command = [sys.executable, "-m", "django", "serve", "--port", str(self.port)]
        self.server = subprocess.Popen(
            command, env=self.environment, start_new_session=True, stdout=self.log, stderr=self.log
        )
        assert wait_until(lambda: answer_of(self.port) == "ok")

    def kill(self, *victims):
        """End processes without a word, and start the house again where it ended with them."""
        everything = children_of(self.server.pid)
        for pid in [pid for victim in victims for pid in self.pids_of(victim)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not {"web", "job"}.issuperset(victims):
            self.server.wait(timeout=60)
            assert wait_until(lambda: not any(map(is_running, everything)))
            self.start()

    def pids_of(self, victim):
        """The processes that are meant by a name."""
        below = children_of(self.server.pid)
        if victim == "parent":
            return [self.server.pid]
        if victim == "everything":
            return [self.server.pid, *below]
        word = {"web": "web", "job": "job", "minute": "every-minute"}[victim]
        named = sorted(pid for pid in below if name_of(pid) == word)
        if victim == "minute":
            return named
        if victim == "web":
            return named[1:2]  # the first is their master
        keeper = named[1]
        assert wait_until(lambda: len(children_of(keeper)) >= 3)
        return sorted(children_of(keeper))

    def stop(self):
        """Have it stop in good order."""
        everything = children_of(self.server.pid)
        self.server.terminate()
        try:
            self.server.wait(timeout=60)
        finally:
            for pid in filter(is_running, [self.server.pid, *everything]):
                os.kill(pid, signal.SIGKILL)
            self.log.close()

    def run(self, *arguments):
        """Run a command of the installation to its end."""
        command = [sys.executable, "-m", "django", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


def database_url():
    """The test's own database, as an installation is told of it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    address, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{address}/{name}"


def name_of(pid):
    """What a process is called."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


class Browser:
    """Somebody signed in, over real HTTP."""

    def __init__(self, port, person):
        signed = Client()
        signed.force_login(person)
        key = signed.cookies[settings.SESSION_COOKIE_NAME].value
        self.base, self.told = f"http://127.0.0.1:{port}", ""
        self.headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={CSRF}",
            "X-CSRFToken": CSRF,
        }

    def post(self, path, told, kind="application/x-www-form-urlencoded"):
        """The status of the answer, or 0 where none came."""
        body = urlencode(told).encode() if isinstance(told, dict) else told
        request = urllib.request.Request(
            self.base + path, data=body, headers=self.headers | {"Content-Type": kind}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
                return answer.status
        except urllib.error.HTTPError as refused:
            self.told = refused.read().decode()
            return refused.code
        except OSError:
            return 0


class Saver(threading.Thread):
    """Saves an answer again and again; a change without a reply is sent again, as the page does."""

    def __init__(self, browser, audit):
        super().__init__()
        self.browser, self.path = browser, f"/audits/{audit.public_id}/save-answer/"
        self.acknowledged, self.refused, self.resent, self.stopped = [], [], 0, False

    def run(self):
        """Save until told to stop; the change in hand is brought to its end."""
        while not self.stopped and not self.refused:
            self.save(f"Save {len(self.acknowledged) + 1}")

    def save(self, text):
        """One change, until somebody says that it is kept."""
        told = {"question": QUESTION, f"value:{QUESTION}": text, "version": len(self.acknowledged)}
        told["key"] = f"change-{len(self.acknowledged):08}"
        while not (status := self.browser.post(self.path, told)):
            self.resent += 1
            time.sleep(0.05)
        if status == 200:
            self.acknowledged.append(text)
        else:
            self.refused.append((status, text))


@pytest.fixture
def mail():
    """A mail server that keeps what it is given."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    controller.sink = sink
    yield controller
    controller.stop()


@pytest.fixture
def house(tmp_path, mail):
    """A house that is not started yet, and is stopped whatever happens."""
    (tmp_path / "data").mkdir()
    house = House(tmp_path, mail)
    yield house
    if house.server:
        house.stop()
    connections.close_all()


def late_alert(council, turn):
    """An alert that nobody answered for a fortnight, for a sweep to move."""
    subject = make_subject(f"Late {turn}", unit=council.team, practitioner=council.priya)
    at = timezone.localtime() - timedelta(days=15)
    return raise_alert(subject=subject, concern="Bruises", by=council.priya, at=at)


def upload(browser, folder, turn):
    """Bring an extract, which a job reads."""
    rows = [child(turn * CASES + number) for number in range(CASES)]
    path = make_workbook(folder / f"{turn}.xlsx", {"List 6": [LIST_6, *rows]})
    file = SimpleUploadedFile(path.name, path.read_bytes())
    told = encode_multipart(BOUNDARY, {"preset": "annex_a", "file": file})
    assert browser.post("/caseload/extracts/upload/", told, MULTIPART_CONTENT) == 200
    return Extract.objects.order_by("-pk")[0]


def in_hand():
    """Whether the worker has taken a job."""
    return OrmQ.objects.filter(lock__gt=timezone.now()).exists()


def a_minute_later():
    """The time after which a job whose worker is gone is given to another."""
    for waiting in OrmQ.objects.all():
        OrmQ.objects.filter(pk=waiting.pk).update(lock=waiting.lock - LEASE)


def killed_in_a_job(house, extract, victims, *, ends):
    """Kill something while a job has the extract in hand; a minute later the job ends all the same."""
    assert wait_until(lambda: in_hand() or state_of(extract) == ends)
    house.kill(*victims)
    a_minute_later()
    assert wait_until(lambda: state_of(extract) == ends), state_of(extract)


def state_of(extract):
    """Where the extract stands now."""
    return Extract.objects.get(pk=extract.pk).state


def test_processes_killed_while_they_work_lose_nothing_and_do_nothing_twice(house, mail, tmp_path):
    council, chance = make_council(), Random(SEED)
    audit = make_audit(council)
    late_alert(council, "at the start")
    house.start()
    saver, quinn = Saver(Browser(house.port, council.ada), audit), Browser(house.port, council.quinn)
    saver.start()
    try:
        for turn in range(TURNS):
            late_alert(council, turn)
            wait_for_saves(saver)
            time.sleep(chance.random() / 4)
            if "job" in (victims := VICTIMS[turn % len(VICTIMS)]):
                house.kill("job")  # while it waits; what comes next must be read all the same
            one_extract(house, quinn, upload(quinn, tmp_path, turn), victims)
        wait_for_saves(saver)
    finally:
        saver.stopped = True
        saver.join(timeout=120)
    assert wait_until(lambda: Alert.objects.filter(stages__number=2).count() >= TURNS)

    assert not saver.refused
    assert history() == saver.acknowledged
    check_answers()
    loaded = Extract.objects.filter(state="committed").count()
    assert Episode.objects.count() - Alert.objects.count() - 1 == CASES * loaded
    nothing_twice(mail.sink)
    house.stop()
    verdict = house.run("verify")
    house.server = None
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def wait_for_saves(saver):
    """Until some more saves are acknowledged."""
    before = len(saver.acknowledged)
    assert wait_until(lambda: saver.refused or len(saver.acknowledged) >= before + LEAST)


def one_extract(house, quinn, extract, victims):
    """Kill while an extract is read, or while it is loaded where nobody but the house can be killed."""
    if "job" in victims:
        killed_in_a_job(house, extract, victims, ends="previewed")
        assert quinn.post(f"/caseload/extracts/{extract.public_id}/abandon/", {}) == 200
        return
    assert wait_until(lambda: state_of(extract) == "previewed")
    assert quinn.post(f"/caseload/extracts/{extract.public_id}/confirm/", {}) == 200
    killed_in_a_job(house, extract, victims, ends="committed")


def history():
    """Every version of the answer, oldest first."""
    rows = AnswerVersion.objects.filter(answer__question=QUESTION).order_by("version")
    return list(rows.values_list("value", flat=True))


def nothing_twice(sink):
    """Each stage, task, notice and mail is there once."""
    stages = Alert.objects.values_list("pk", "stages__number")
    assert len(set(stages)) == len(stages)
    tasks = Task.objects.values_list("kind", "about_id", "person", "role", "unit", "started_at")
    assert len(set(tasks)) == len(tasks)
    assert len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()
    mails = Counter(address for address, _ in {(to, mail["Message-ID"]) for to, mail in sink.taken})
    notices = Counter(Notice.objects.values_list("to__email", flat=True))
    assert all(number <= notices[address] for address, number in mails.items())
    assert mails
