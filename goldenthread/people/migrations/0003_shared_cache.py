from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    call_command("createcachetable", "shared_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE shared_cache")


class Migration(migrations.Migration):
    """The table in which all processes share which codes were used and how often somebody guessed."""

    dependencies = [("people", "0002_leavers_and_sign_ins")]

    operations = [migrations.RunPython(make_table, drop_table)]
