"""Two sweeps, and two deliveries, as two processes at the same time: nothing moves or is sent twice."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import raise_alert
from goldenthread.ledger.models import Event
from goldenthread.tasks.models import Notice, ReminderDay, Task
from tests.make import make_audit, make_council, publish_pack
from tests.operations.test_late_work import with_ladders
from tests.operations.test_record_together import url_of_the_test_database

pytestmark = pytest.mark.django_db(transaction=True)
AUDITS = 4
PATIENCE = 240
TOGETHER = """
import pathlib, sys, time
import django
django.setup()
from django.core.management import call_command
from django.db import connection
connection.ensure_connection()
print("ready", flush=True)
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.005)
call_command(sys.argv[1])
"""


def environment(tmp_path):
    """Where the processes find the database of this test."""
    if connection.vendor == "postgresql":
        url = url_of_the_test_database()
    else:
        url = f"sqlite:///{quote(str(connection.settings_dict['NAME']))}"
    said = {name: value for name, value in os.environ.items() if not name.startswith("GOLDENTHREAD_")}
    return said | {
        "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
        "GOLDENTHREAD_DATA": str(tmp_path),
        "GOLDENTHREAD_REMIND_FROM": "0",
        "DATABASE_URL": url,
    }


def at_once(tmp_path, command):
    """What two processes print that are let go at the same moment; both must end well."""
    go = tmp_path / f"go-{command}-{Event.objects.count()}"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, command, str(go)],
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline().strip() for process in running] == ["ready", "ready"]
    go.touch()
    ended = [process.communicate(timeout=PATIENCE) for process in running]
    assert [process.returncode for process in running] == [0, 0], [errors for _, errors in ended]
    return [printed for printed, _ in ended]


def moved(printed, what):
    """How many each said that it had moved, together."""
    return sum(int(re.search(rf"(\d+) {what}", one)[1]) for one in printed)


@pytest.fixture
def waiting():
    """Late checks, alerts that nobody answered, and audits whose discussion begins, all a month old."""
    council = make_council()
    ago = timezone.localtime() - timedelta(days=30)
    publish_pack(document=with_ladders(), at=ago - timedelta(days=30))
    late = [make_audit(council, "checking", at=ago) for _ in range(AUDITS)]
    for audit in late:
        raise_alert(audit=audit, concern="Bruises", by=council.ada, at=ago)
    for _ in range(AUDITS):
        make_audit(council, "final", at=ago, grade="inadequate")


def test_two_sweeps_at_once_move_and_tell_everything_once(waiting, tmp_path):
    printed = at_once(tmp_path, "sweep")

    assert moved(printed, "alerts moved up") == AUDITS
    assert moved(printed, "stages of late work begun") == AUDITS
    assert moved(printed, "responses begun") == AUDITS
    events = Counter(Event.objects.values_list("what", flat=True))
    assert (events["alert.escalate"], events["late.begin"], events["response.begin"]) == (AUDITS,) * 3
    assert [late.stages.count() for late in LateWork.objects.all()] == [1] * AUDITS
    asked = Task.objects.open().values_list("kind", "about_id", "role", "person")
    assert max(Counter(asked).values()) == 1
    assert ReminderDay.objects.count() == events["tasks.remind"] <= 1

    again = at_once(tmp_path, "sweep")
    assert moved(again, "alerts moved up") + moved(again, "stages of late work begun") == 0


def test_two_deliveries_at_once_send_each_notice_once(waiting, tmp_path):
    number = Notice.objects.waiting().count()

    printed = at_once(tmp_path, "deliver_notices")

    sent = re.findall(r"^Message-ID: (\S+)", "\n".join(printed), re.MULTILINE)
    assert len(sent) == len(set(sent)) == number > AUDITS
    assert not Notice.objects.waiting().exists()
