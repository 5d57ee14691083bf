"""The triggers let an event's values be blanked, whole and once; they refuse everything else as before."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("goldenthread.ledger.migrations.0002_written_once")
REFUSAL = BEFORE.REFUSAL
VALUES = "ledger_event_values"
BLANKING = (
    "NEW.event_id = OLD.event_id AND OLD.\"values\" IS NOT NULL AND NEW.\"values\" IS NULL "
    "AND NEW.salt = '' AND OLD.blanked_at IS NULL AND NEW.blanked_at IS NOT NULL"
)
"""The one change allowed: the values and their salt go, the moment comes, and nothing else moves."""


def sqlite_narrowing():
    yield f"DROP TRIGGER IF EXISTS {VALUES}_no_update"
    yield (
        f"CREATE TRIGGER {VALUES}_no_update BEFORE UPDATE ON {VALUES} WHEN NOT ({BLANKING}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def postgresql_narrowing():
    yield f"DROP TRIGGER IF EXISTS {VALUES}_written_once ON {VALUES}"
    yield (
        f"CREATE TRIGGER {VALUES}_written_once BEFORE DELETE OR TRUNCATE ON {VALUES} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_written_once()"
    )
    yield (
        f"CREATE TRIGGER {VALUES}_only_blanked BEFORE UPDATE ON {VALUES} "
        f"FOR EACH ROW WHEN (NOT ({BLANKING})) EXECUTE FUNCTION ledger_written_once()"
    )


def sqlite_statements():
    """All triggers of the ledger, as they stand after this migration."""
    yield from BEFORE.sqlite_statements()
    yield from sqlite_narrowing()


def postgresql_statements():
    """All triggers of the ledger, as they stand after this migration."""
    yield from BEFORE.postgresql_statements()
    yield from postgresql_narrowing()


sqlite_removal = BEFORE.sqlite_removal


def postgresql_removal():
    yield from BEFORE.postgresql_removal()
    yield f"DROP TRIGGER IF EXISTS {VALUES}_only_blanked ON {VALUES}"


def narrow(apps, schema_editor):
    statements = sqlite_narrowing if schema_editor.connection.vendor == "sqlite" else postgresql_narrowing
    for statement in statements():
        schema_editor.execute(statement, params=None)


def widen(apps, schema_editor):
    """Take all triggers away and put those of the migration before back."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    removal = sqlite_removal if is_sqlite else postgresql_removal
    back = BEFORE.sqlite_statements if is_sqlite else BEFORE.postgresql_statements
    for statement in (*removal(), *back()):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_written_once")]
    operations = [migrations.RunPython(narrow, widen)]
