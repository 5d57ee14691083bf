"""What tests need because the ledger is written once.

`flushable_ledger` lets Django empty the tables between transactional tests (`live_server`,
`transaction=True`), which the ledger's triggers refuse everywhere else. `own_checkpoints` keeps a
test's checkpoints out of the data folder. Both come to every test through the root conftest.py:
`from tests.ledger_support import flushable_ledger, own_checkpoints`.
"""

from importlib import import_module

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

WRITTEN_ONCE = import_module("goldenthread.ledger.migrations.0002_written_once")


def unlocking_statements():
    """SQL that takes the ledger's triggers away in the database of the tests."""
    yield from (
        WRITTEN_ONCE.sqlite_removal if connection.vendor == "sqlite" else WRITTEN_ONCE.postgresql_removal
    )()


def locking_statements():
    """SQL that puts the ledger's triggers back."""
    yield from (
        WRITTEN_ONCE.sqlite_statements
        if connection.vendor == "sqlite"
        else WRITTEN_ONCE.postgresql_statements
    )()


def tamper(*statements):
    """Run SQL on the ledger as somebody who owns the database could."""
    with connection.cursor() as cursor:
        for statement in [*unlocking_statements(), *statements, *locking_statements()]:
            cursor.execute(*([statement] if isinstance(statement, str) else statement))


@pytest.fixture(autouse=True, scope="session")
def flushable_ledger():
    """Flush without the triggers, and put them back in the same transaction."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(operations, sql_list):
        if any("ledger_event" in statement for statement in sql_list):
            sql_list = [*unlocking_statements(), *sql_list, *locking_statements()]
        return flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def own_checkpoints(settings, tmp_path):
    """A data folder of the test's own."""
    settings.DATA = tmp_path
