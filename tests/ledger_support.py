"""What tests need because the ledger and published frameworks are written once.

`flushable_ledger` lets Django empty the tables between transactional tests (`live_server`,
`transaction=True`), which the ledger's triggers refuse everywhere else. `own_checkpoints` keeps a
test's checkpoints out of the data folder. The root conftest.py brings both to every test:
`from tests.ledger_support import flushable_ledger, own_checkpoints`.
"""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from goldenthread.ledger import operations

WRITTEN_ONCE = import_module("goldenthread.ledger.migrations.0003_values_may_be_blanked")
FRAMEWORKS = import_module("goldenthread.frameworks.migrations.0002_written_once")
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ADA = SimpleNamespace(public_id="ada000000000")


def append(count):
    """Events about one minute apart, alternately by Ada and by the system, in one transaction."""
    with transaction.atomic():
        return [
            operations.record(
                "audit.save_answer",
                about=("audit", f"audit{number}", f"Audit 2026-11/{number:03}"),
                by=ADA if number % 2 else None,
                at=START + timedelta(minutes=number, microseconds=number % 3),
                values={"answer": {"before": None, "after": f"Text {number}, café"}},
            )
            for number in range(count)
        ]


def unlocking_statements():
    """SQL that takes the ledger's triggers away in the database of the tests."""
    if connection.vendor == "sqlite":
        return [*WRITTEN_ONCE.sqlite_removal()]
    return [
        "SET CONSTRAINTS ALL IMMEDIATE",
        *WRITTEN_ONCE.postgresql_removal(),
        "SET CONSTRAINTS ALL DEFERRED",
    ]


def locking_statements():
    """SQL that puts the ledger's triggers back."""
    if connection.vendor == "sqlite":
        return [*WRITTEN_ONCE.sqlite_statements()]
    return [*WRITTEN_ONCE.postgresql_statements()]


def _frameworks(sqlite):
    """SQL that takes away the triggers of published frameworks, and that puts them back."""
    if sqlite:
        return [*FRAMEWORKS.sqlite_removal()], [*FRAMEWORKS.sqlite_statements()]
    return [*FRAMEWORKS.postgresql_removal()], [*FRAMEWORKS.postgresql_statements()]


@contextmanager
def tampered(*statements):
    """Run SQL, each with its parameters, as somebody who owns the database could; undone at the end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in unlocking_statements():
                cursor.execute(statement)
            for statement, *parameters in statements:
                cursor.execute(statement, parameters)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def flushable_ledger():
    """Flush without the triggers, and put them back in the same transaction."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        if any("ledger_event" in statement for statement in sql_list):
            unlocked, locked = _frameworks(connection.vendor == "sqlite")
            sql_list = [*unlocking_statements(), *unlocked, *sql_list, *locking_statements(), *locked]
        return flush(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def own_checkpoints(settings, tmp_path):
    """A data folder of the test's own."""
    settings.DATA = tmp_path
    settings.UPLOADS = tmp_path / "uploads"
