"""An empty database gets its tables at once: those that the migrations would leave one by one."""

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from goldenthread.people.models import Unit
from goldenthread.web.management.first_tables import make_first_tables
from tests.faults.kit import empty_database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POSTGRESQL = (
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
              is_identity FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)


@pytest.fixture
def empty(tmp_path):
    """An empty database of the kind that the tests run on, under an alias of its own."""
    with empty_database(tmp_path) as name:
        other = connection.copy("empty")
        other.settings_dict["NAME"] = name
        connections["empty"] = other
        yield other
        other.close()
        del connections["empty"]


def schema(of):
    """What a database holds besides rows; the order of columns is not looked at, as nothing relies on it."""
    with of.cursor() as cursor:
        if of.vendor == "postgresql":
            found = []
            for question in POSTGRESQL:
                cursor.execute(question)
                found += cursor.fetchall()
            return set(found)
        cursor.execute("SELECT type, name, sql FROM sqlite_master")
        return {
            (kind, name, tuple(sorted((sql or "").removesuffix(")").split(", "))))
            for kind, name, sql in cursor.fetchall()
        }


def test_tables_made_at_once_are_those_that_the_steps_leave(empty):
    make_first_tables(empty)

    assert schema(empty) == schema(connection)
    loader = MigrationLoader(connection)
    assert set(MigrationRecorder(empty).applied_migrations()) == set(loader.graph.nodes)


def test_a_database_that_holds_tables_is_left_as_it_is(empty):
    call_command("migrate", "contenttypes", database="empty", verbosity=0)
    before = schema(empty)

    make_first_tables(empty)

    assert schema(empty) == before
    assert Unit._meta.db_table not in empty.introspection.table_names()


def test_what_failed_on_the_way_leaves_nothing_and_may_be_done_again(empty, monkeypatch):
    recorded = MigrationRecorder.record_applied

    def break_off(self, app, name):
        if app == "tasks":
            raise KeyboardInterrupt
        recorded(self, app, name)

    monkeypatch.setattr(MigrationRecorder, "record_applied", break_off)
    with pytest.raises(KeyboardInterrupt):
        make_first_tables(empty)
    assert empty.introspection.table_names() == ["django_migrations"]
    monkeypatch.undo()

    make_first_tables(empty)

    assert schema(empty) == schema(connection)
