"""No column of audits, the caseload or the ledger has an index of its own that another one begins with."""

import pytest
from django.apps import apps
from django.db import connection

LABELS = ("audits", "caseload", "ledger")


def whole_indexes(table):
    """The columns of each index that covers every row in every database, as this one tells them."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    partial = {
        one.name
        for model in apps.get_models()
        if model._meta.db_table == table
        for one in (*model._meta.indexes, *model._meta.constraints)
        if getattr(one, "condition", None) is not None
        or getattr(one, "nulls_distinct", None) is False  # which SQLite does not make
    }
    return [
        tuple(said["columns"])
        for name, said in found.items()
        if (said["index"] or said["unique"]) and said["columns"] and name not in partial
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("label", LABELS)
def test_no_column_is_indexed_by_itself_where_a_longer_index_begins_with_it(label):
    twice = []
    for model in apps.get_app_config(label).get_models():
        columns = whole_indexes(model._meta.db_table)
        longer = {one[0] for one in columns if len(one) > 1}
        by_itself = {one[0] for one in columns if len(one) == 1}
        twice += [f"{model._meta.label}.{name}" for name in sorted(longer & by_itself)]

    assert twice == []
