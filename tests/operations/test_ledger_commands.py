"""The ledger's commands, and the checkpoint that a request leaves."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.http import HttpResponse

from goldenthread.ledger import checkpoints
from goldenthread.web.ledger.middleware import leaves_a_checkpoint
from tests.ledger_support import START, append, tampered


@pytest.mark.django_db
def test_verify_prints_one_json_object():
    append(3)
    output = StringIO()

    call_command("verify", "--json", stdout=output)

    said = json.loads(output.getvalue())
    assert (said["ok"], said["events"], said["fault"]) == (True, 3, None)
    assert len(said["root"]) == 64


@pytest.mark.django_db
def test_verify_names_the_fault_and_exits_1():
    append(3)
    output = StringIO()

    with (
        tampered(("UPDATE ledger_event SET what = 'x' WHERE position = 2",)),
        pytest.raises(SystemExit) as ended,
    ):
        call_command("verify", stdout=output)

    assert ended.value.code == 1
    assert "ok: no" in output.getvalue()
    assert "fault: Event 2 (x, 2026-11-02T09:31:00.000001Z) was altered" in output.getvalue()


@pytest.mark.django_db
def test_verify_compares_with_checkpoints_kept_elsewhere(tmp_path):
    append(3)
    call_command("checkpoint", stdout=StringIO())
    checkpoints.folder().rename(tmp_path / "elsewhere")
    output = StringIO()

    with (
        tampered(
            ("DELETE FROM ledger_event_values WHERE event_id = 3",),
            ("DELETE FROM ledger_event WHERE position = 3",),
        ),
        pytest.raises(SystemExit),
    ):
        call_command("verify", "--json", "--checkpoints", str(tmp_path / "elsewhere"), stdout=output)

    assert "Event 3 was removed from the end" in json.loads(output.getvalue())["fault"]


@pytest.mark.django_db
def test_checkpoint_says_what_it_wrote_and_fails_on_a_damaged_ledger():
    append(3)
    output = StringIO()
    call_command("checkpoint", stdout=output)
    call_command("checkpoint", stdout=output)
    assert "over 3 events" in output.getvalue()
    assert "Nothing new" in output.getvalue()

    damage = (
        ("DELETE FROM ledger_event_values WHERE event_id > 2",),
        ("DELETE FROM ledger_event WHERE position > 2",),
    )
    with tampered(*damage), pytest.raises(CommandError, match="does not continue"):
        call_command("checkpoint", stdout=output)


@pytest.mark.django_db(transaction=True)
def test_a_request_that_changes_something_leaves_a_checkpoint_and_another_does_not():
    checkpoints.settle(at=START)  # what an earlier test owes
    checkpoints._owed.last = float("-inf")  # and long ago
    reads, writes = (leaves_a_checkpoint(lambda request, n=n: HttpResponse(append(n))) for n in (0, 2))

    reads(None)
    assert checkpoints.names(checkpoints.folder()) == []

    writes(None)
    assert checkpoints.names(checkpoints.folder()) == ["000000000002.json"]


def test_a_command_that_changes_something_leaves_a_checkpoint_when_it_ends(tmp_path):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "goldenthread.config.settings",
        "GOLDENTHREAD_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'goldenthread.sqlite3'}",
    }
    command = [sys.executable, "-c", "from goldenthread.config.commandline import main; main()"]
    script = (
        "from datetime import UTC, datetime; import django.db\n"
        "from goldenthread.ledger.operations import record\n"
        "with django.db.transaction.atomic():\n"
        "    record('a.b', about=('a', 'b', 'c'), by=None, at=datetime.now(UTC), values={})\n"
    )

    for words in (["migrate", "ledger", "--skip-checks"], ["shell", "-c", script]):
        done = subprocess.run([*command, *words], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    assert checkpoints.names(tmp_path / "checkpoints") == ["000000000001.json"]
