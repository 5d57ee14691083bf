"""Triggers that refuse to change or remove a published version or what it grants."""

from django.db import migrations

REFUSAL = "A published framework never changes: publish a new version."
TABLES = ("frameworks_version", "frameworks_grant")


def sqlite_statements():
    """Row triggers; the one on insert refuses INSERT OR REPLACE, which fires no delete trigger."""
    for table in TABLES:
        for change in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        yield (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def postgresql_statements():
    """One statement trigger for each table, TRUNCATE included."""
    yield (
        "CREATE OR REPLACE FUNCTION framework_written_once() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in TABLES:
        yield (
            f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION framework_written_once()"
        )


def sqlite_removal():
    for table in TABLES:
        for change in ("update", "delete", "replace"):
            yield f"DROP TRIGGER IF EXISTS {table}_no_{change}"


def postgresql_removal():
    for table in TABLES:
        yield f"DROP TRIGGER IF EXISTS {table}_written_once ON {table}"


def create(apps, schema_editor):
    statements = sqlite_statements if schema_editor.connection.vendor == "sqlite" else postgresql_statements
    for statement in statements():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    statements = sqlite_removal if schema_editor.connection.vendor == "sqlite" else postgresql_removal
    for statement in statements():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0001_initial")]
    operations = [migrations.RunPython(create, remove)]
