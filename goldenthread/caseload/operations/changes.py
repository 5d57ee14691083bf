"""What an extract changed in rows that stood before it, kept so that it can be undone whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models

from goldenthread.caseload.models import Change, Episode, Extract, Fact, Subject, Work

TABLES: dict[str, type[models.Model]] = {"subject": Subject, "episode": Episode, "work": Work, "fact": Fact}
BATCH = 500


class Changes:
    """Collects changes of rows and writes rows and changes together."""

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self.rows: dict[str, dict[int, models.Model]] = {table: {} for table in TABLES}
        self.before: dict[tuple[str, int], dict[str, Any]] = {}
        self.deleted: dict[str, list[models.Model]] = {table: [] for table in TABLES}

    def set(self, table: str, row: models.Model, **wanted: Any) -> bool:
        """Set fields of a stored row, remembering what they were; whether anything changed."""
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        if not changed:
            return False
        before = self.before.setdefault((table, row.pk), {})
        for name, value in changed.items():
            before.setdefault(name, getattr(row, name))
            setattr(row, name, value)
        self.rows[table][row.pk] = row
        return True

    def delete(self, table: str, row: models.Model) -> None:
        """Take a row away that this extract shows to have been mistaken."""
        self.deleted[table].append(row)

    def write(self) -> None:
        """Write what was collected, and start afresh."""
        for table, model in TABLES.items():
            self._write_deleted(table, model)
            self._write_changed(table, model)
        self.before.clear()

    def _write_deleted(self, table: str, model: type[models.Model]) -> None:
        gone = self.deleted[table]
        if gone:
            changes = [
                Change(extract=self.extract, table=table, row=row.pk, before=as_json(row)) for row in gone
            ]
            Change.objects.bulk_create(changes)
            model._default_manager.filter(pk__in=[row.pk for row in gone]).delete()
            for row in gone:
                self.rows[table].pop(row.pk, None)
        self.deleted[table] = []

    def _write_changed(self, table: str, model: type[models.Model]) -> None:
        rows = self.rows[table]
        names = sorted(
            {name for (kind, _), before in self.before.items() if kind == table for name in before}
        )
        if rows and names:
            changes = [
                Change(
                    extract=self.extract,
                    table=table,
                    row=pk,
                    before=_jsonable(self.before[table, pk]),
                    after=_jsonable({name: getattr(row, name) for name in self.before[table, pk]}),
                )
                for pk, row in rows.items()
            ]
            Change.objects.bulk_create(changes)
            model._default_manager.bulk_update(list(rows.values()), names, batch_size=BATCH)
        self.rows[table] = {}


def as_json(row: models.Model) -> dict[str, Any]:
    """Every column of a row as JSON."""
    return _jsonable({field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})


def _jsonable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_json(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The values as the model's fields hold them."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}


def chunks(keys: Iterable[int], size: int = BATCH) -> Iterable[list[int]]:
    """The keys in lists short enough for one statement."""
    held = list(keys)
    for start in range(0, len(held), size):
        yield held[start : start + size]
