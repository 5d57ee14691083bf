"""The script in the documentation verifies a copy of the ledger without our code, and finds what is wrong."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, transaction

from goldenthread.ledger import checkpoints
from goldenthread.ledger.blanking import blank_events
from goldenthread.web.management import databases
from tests.ledger_support import START, append

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/verify-the-ledger.md"
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the script reads SQLite's file"),
]


@pytest.fixture
def copy(tmp_path):
    """A copy of the database with 11 events, and a checkpoint over 7 of them."""
    append(7)
    checkpoints.write(at=START, where=tmp_path)
    append(4)
    databases.copy(tmp_path / "copy.sqlite3")
    return tmp_path / "copy.sqlite3"


def check(copy):
    """What the script says, and whether it is content."""
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    (checkpoint,) = copy.parent.glob("0*.json")
    done = subprocess.run(
        [sys.executable, "-", copy, checkpoint], input=script, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr, done.returncode


def alter(copy, statement):
    """Change the copy as its owner can."""
    with closing(sqlite3.connect(copy)) as database, database:
        for (name,) in database.execute(TRIGGERS).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement)


def test_an_outsider_finds_the_ledger_whole(copy):
    assert check(copy) == ("11 events, as they were written; the checkpoint over 7 fits\n", 0)


def blanking(copy):
    """The same ledger after retention blanked two events, copied anew."""
    with transaction.atomic():
        blank_events([3, 9], about=("audit", "audit2", "Audit"), by=None, at=START, values={})
    databases.copy(copy)
    return copy


def test_an_outsider_accepts_what_retention_blanked_and_nothing_else(copy):
    blanking(copy)
    assert check(copy) == ("12 events, as they were written; the checkpoint over 7 fits\n", 0)

    alter(
        copy,
        "UPDATE ledger_event_values SET \"values\" = NULL, salt = '' , blanked_at = '' WHERE event_id = 4",
    )

    assert "values of event 4 are missing" in check(copy)[0]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE ledger_event SET by = '' WHERE position = 4", "event 4 is not"),
        ("UPDATE ledger_event SET at = '2026-01-01 00:00:00' WHERE position = 4", "event 4 is not"),
        ("DELETE FROM ledger_event WHERE position = 4", "event 4 is not"),
        ("UPDATE ledger_event_values SET \"values\" = '{}' WHERE event_id = 9", "values of event 9"),
        ("DELETE FROM ledger_event_values WHERE event_id = 9", "values of event 9"),
        ("DELETE FROM ledger_event WHERE position > 5", "2 events are missing"),
    ],
)
def test_an_outsider_finds_what_was_altered(copy, statement, said):
    alter(copy, statement)

    output, status = check(copy)

    assert said in output
    assert status == 1


def test_an_outsider_finds_a_checkpoint_that_does_not_fit(copy):
    path = copy.parent / "000000000007.json"
    path.write_text(path.read_text().replace(checkpoints.load(path).root, "0" * 64))

    assert "not those that the checkpoint" in check(copy)[0]
