"""Many processes record at once: no gap, no fork, nothing lost."""

import json
import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

PROCESSES, EACH = 8, 50
WRITER = """
import sys
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from goldenthread.ledger.operations import record
about = ("audit", sys.argv[1], "Audit")
for number in range(int(sys.argv[2])):
    with transaction.atomic():
        record("audit.save", about=about, by=None, at=datetime.now(UTC), values={"number": number})
"""


def environment(data, url):
    """The installation that the processes share."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
        "GOLDENTHREAD_DATA": str(data),
        "DATABASE_URL": url,
    }


def url_of_the_test_database():
    """The PostgreSQL database of the tests, for another process."""
    known = connection.settings_dict
    signed_in = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}@" if known["USER"] else ""
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{signed_in}{quote(known['HOST'], safe='')}{port}/{known['NAME']}"


def goldenthread(env, *arguments):
    """One of our commands in a process of its own."""
    command = [sys.executable, "-m", "django", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def write_together(env):
    """All writers at once; each must end well."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, f"writer{number}", str(EACH)], env=env)
        for number in range(PROCESSES)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * PROCESSES


def check(env):
    """The ledger is whole and holds every event."""
    verdict = json.loads(goldenthread(env, "verify", "--json").stdout)
    assert (verdict["ok"], verdict["fault"], verdict["events"]) == (True, None, PROCESSES * EACH)


def test_eight_processes_record_fifty_events_each_on_sqlite(tmp_path):
    env = environment(tmp_path, f"sqlite:///{tmp_path / 'goldenthread.sqlite3'}")
    for app in ("ledger", "audits"):  # to verify is also to compare the files of answers
        migrated = goldenthread(env, "migrate", app, "--skip-checks")
        assert migrated.returncode == 0, migrated.stderr

    write_together(env)

    check(env)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="runs where the tests run on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_eight_processes_record_fifty_events_each_on_postgresql(tmp_path):
    env = environment(tmp_path, url_of_the_test_database())

    write_together(env)

    check(env)
