"""Writes many new rows at once, without a model's object for each: a first extract brings a million."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import connection, models

Values = dict[str, Any]
AS_TEXT: dict[type, Callable[[Any], str]] = {
    date: date.isoformat,
    dict: json.JSONEncoder(ensure_ascii=False, check_circular=False).encode,
}


def insert(model: type[models.Model], rows: Sequence[Values]) -> None:
    """Insert rows given as values by column; all have the same columns, every one that must be filled."""
    if not rows:
        return
    names = list(rows[0])
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({quoted}) VALUES ({marks})",  # noqa: S608 - names of our own columns
            [[_as_text(row[name]) for name in names] for row in rows],
        )


def refresh_statistics(*tables: type[models.Model]) -> None:
    """Tell PostgreSQL what has just been inserted, without which it plans as if the tables were empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _as_text(value: Any) -> Any:
    """A value as both databases take it."""
    return AS_TEXT[type(value)](value) if type(value) in AS_TEXT else value
