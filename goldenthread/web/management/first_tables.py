"""The tables of an empty database, made at once as all migrations together would leave them."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.recorder import MigrationRecorder


def make_first_tables(connection: BaseDatabaseWrapper) -> None:
    """Make every table in one transaction and count all migrations as done; leave one with tables as it is.

    Step by step, Django builds nearly all models anew for each step, which takes most of the time. What
    steps do by code or by SQL, such as the triggers of the ledger, is done in their order in the end.
    """
    recorder = MigrationRecorder(connection)
    held = set(connection.introspection.table_names()) - {recorder.Migration._meta.db_table}
    if held or recorder.applied_migrations():
        return
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    steps = [step for step, _ in executor.migration_plan(leaves, clean_start=True)]
    state = executor.loader.project_state()
    recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for step in steps:
            for operation in step.operations:
                if isinstance(operation, (RunPython, RunSQL)):
                    operation.database_forwards(step.app_label, editor, state, state)
        for step in steps:
            recorder.record_applied(step.app_label, step.name)
