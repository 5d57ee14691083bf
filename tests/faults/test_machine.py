"""The machine fails: its disk is full, its connections are cut, its clock is wrong."""

import os
import resource
import signal
import subprocess
import sys
from datetime import datetime
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection, connections
from django.test import Client
from django.urls import reverse

from goldenthread.audits.models import Answer, AnswerVersion
from goldenthread.ledger import checkpoints, verification
from goldenthread.ledger.models import Event
from goldenthread.tasks.models import Notice
from tests.faults import size
from tests.faults.kit import SEED, check_answers, check_ledger, child
from tests.faults.test_together import QUESTION, at_once, signed_in
from tests.ledger_support import append, tampered
from tests.make import make_audit, make_council, moment, publish_pack
from tests.operations.test_verify import COLUMNS

pytestmark = pytest.mark.django_db(transaction=True)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the file is SQLite's")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no connections")


def save(browser, audit, text):
    """Save an answer as the page does."""
    seen = Answer.objects.filter(audit=audit).first()
    told = {"question": QUESTION, f"value:{QUESTION}": text, "version": seen.version if seen else 0}
    return browser.post(reverse("save_answer", args=[audit.public_id]), told)


def until_full(audit, room):
    """Save until there is no more room in any file, then make room and save once more."""

    def work(say):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        browser = Client(raise_request_exception=False)
        browser.force_login(audit.auditor)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # a file that was large before would be full only after as much again
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        largest = max(path.stat().st_size for path in files_of_database())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, resource.RLIM_INFINITY))
        for number in range(2000):
            try:
                answer = save(browser, audit, f"{room} {number} " + "words " * 2000)
            except Exception as fault:  # noqa: BLE001 - the reading of a disk that is full
                say(f"fault {fault}")
                break
            if answer.status_code != 200:
                say(f"refused {answer.status_code} {'saved before is safe' in answer.content.decode()}")
                break
            say(f"kept {answer.json()['version']}")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        say(f"then {save(browser, audit, 'There is room again').status_code}")

    return work


def files_of_database():
    """The file of the database and those beside it."""
    name = Path(connection.settings_dict["NAME"])
    return list(name.parent.glob(f"{name.name}*"))


@on_sqlite
@pytest.mark.parametrize("room", range(65_536, 65_536 + size(1, 200) * 50_000, 50_000))
def test_a_full_disk_loses_nothing_says_so_and_is_over_when_there_is_room(room):
    audit = make_audit(make_council())

    said = child(until_full(audit, room)).said

    acknowledged = {int(line.split()[1]) for line in said if line.startswith("kept")}
    assert acknowledged
    assert "refused 503 True" in said or any(line.startswith("fault") for line in said)
    assert said[-1] == "then 200"
    assert set(AnswerVersion.objects.values_list("version", flat=True)) >= acknowledged
    check_answers()
    check_ledger()


@on_postgresql
def test_a_cut_connection_costs_the_requests_in_hand_and_no_more():
    audit = make_audit(make_council())
    kept, failed = [], []
    browser = Client(raise_request_exception=False)
    browser.force_login(audit.auditor)

    def save_often():
        for number in range(size(30, 600)):
            close_old_connections()  # as the server does where the client of a test does not
            try:
                answer = save(browser, audit, f"Save {number}")
            except Exception as fault:  # noqa: BLE001 - the test's own reading was cut
                failed.append(fault)
                connections.close_all()
                continue
            if answer.status_code == 200:
                kept.append(answer.json()["version"])
            else:
                failed.append(answer.status_code)

    def cut():
        for _ in range(size(4, 60)):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    connection.close()
    met = at_once(save_often, cut)
    assert met == [None, None]
    browser = signed_in(audit.auditor)

    assert save(browser, audit, "Afterwards").status_code == 200
    assert kept
    assert set(AnswerVersion.objects.values_list("version", flat=True)) >= set(kept)
    check_answers()
    check_ledger()


def test_a_clock_set_back_by_an_hour_changes_no_order(monkeypatch):
    audit = make_audit(make_council())
    browser = signed_in(audit.auditor)
    for text in ("2026-11-05T10:00", "2026-11-05T10:05", "2026-11-05T09:05", "2026-11-05T09:06"):
        at = moment(text)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        assert save(browser, audit, f"At {text}").status_code == 200

    saved = Event.objects.filter(what="audit.answer").order_by("position")
    assert [event.position for event in saved] == sorted(event.position for event in saved)
    assert Answer.objects.get().value == "At 2026-11-05T09:06"
    check_answers()
    check_ledger()


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_the_nights_on_which_the_clock_changes_remind_nobody_twice(monkeypatch, day):
    publish_pack()
    make_audit(make_council(), at=moment(f"{day}T00:00"))
    for text in (
        "T00:30+00:00",
        "T00:59+00:00",
        "T01:00+00:00",
        "T01:30+00:00",
        "T08:30+00:00",
        "T08:30+00:00",
    ):
        at = datetime.fromisoformat(day + text)
        monkeypatch.setattr("django.utils.timezone.now", lambda at=at: at)
        call_command("sweep", stdout=StringIO())

    assert len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()
    check_ledger()


def test_every_single_row_altered_or_gone_is_found_out():
    """By chance here; tests/operations/test_verify.py goes through each column with all it may hold."""
    append(9)
    chance = Random(SEED)
    for _ in range(size(12, 100)):
        position, column = chance.randint(1, 9), chance.choice([*COLUMNS, "gone"])
        statement = f'UPDATE ledger_event SET "{column}" = %s WHERE position = %s'
        change = (statement, f"x{chance.random()}", position)
        gone = ("DELETE FROM ledger_event WHERE position = %s", min(position, 8))
        with tampered(gone if column == "gone" else change):
            assert not verification.verify(checkpoints.folder()).ok, (position, column)
    check_ledger()


@on_sqlite
def test_the_product_waits_for_the_disk_at_every_commit(tmp_path):
    probe = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "print(connection.cursor().execute('PRAGMA synchronous').fetchone()[0])"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "goldenthread.config.settings", "GOLDENTHREAD_DATA": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | settings

    said = subprocess.run(
        [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "2", "2 is FULL"
