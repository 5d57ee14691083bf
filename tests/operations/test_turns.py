"""Writers of one SQLite file take turns, also where one of them is killed."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, transaction

from goldenthread.config.sqlite3 import turns

pytestmark = pytest.mark.skipif(not turns.KEPT, reason="the system has no locks that belong to an open file")
LONG = 60  # seconds; only a test that fails waits so long
HOLDER = """
import sys, time
from pathlib import Path
from goldenthread.config.sqlite3.turns import Turn
turn = Turn(Path(sys.argv[1]), patience=0)
print(flush=True)
time.sleep(60)
"""


def drawn(database):
    """How many numbers were drawn so far."""
    return int.from_bytes(database.with_name(database.name + turns.SUFFIX).read_bytes()[:8], "little")


def wait_until_drawn(database, number):
    end = time.monotonic() + LONG
    while drawn(database) < number and time.monotonic() < end:
        time.sleep(0.005)


def begin(work):
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_who_came_first_goes_first(tmp_path):
    database, order = tmp_path / "database", []

    def write(name):
        turn = turns.Turn(database, patience=LONG)
        order.append(name)
        turn.give_back()

    first, waiting = turns.Turn(database, patience=LONG), []
    for name in range(5):
        waiting.append(begin(lambda name=name: write(name)))
        wait_until_drawn(database, name + 2)
    before = list(order)
    first.give_back()
    for thread in waiting:
        thread.join(LONG)

    assert before == []
    assert order == [0, 1, 2, 3, 4]


def test_the_turn_of_a_killed_process_is_over(tmp_path):
    database = tmp_path / "database"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE)
    holder.stdout.readline()
    waiting = begin(lambda: turns.Turn(database, patience=LONG).give_back())
    wait_until_drawn(database, 2)

    waited = waiting.is_alive()
    holder.kill()
    holder.communicate()
    waiting.join(LONG)

    assert waited
    assert not waiting.is_alive()


def test_who_has_waited_long_goes_on_to_sqlites_own_lock(tmp_path):
    first = turns.Turn(tmp_path / "database", patience=LONG)

    second = turns.Turn(tmp_path / "database", patience=0.01)

    second.give_back()
    first.give_back()


def test_where_the_file_cannot_be_written_nobody_waits_for_a_turn(tmp_path):
    assert turns.take(tmp_path / "no such folder" / "database", patience=LONG) is None


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL locks rows, in order")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_transaction_has_a_turn_until_it_ends(end):
    connection.ensure_connection()
    with transaction.atomic():
        had = connection._turn
        transaction.set_rollback(end == "rollback")
        if end == "close":
            transaction.set_rollback(True)
            connection.close()

    assert had is not None
    assert connection._turn is None


@pytest.mark.django_db
def test_postgresql_has_no_turns():
    assert hasattr(connection, "_turn") == (connection.vendor == "sqlite")
