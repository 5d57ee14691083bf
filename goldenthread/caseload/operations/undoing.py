"""Takes back a loaded extract whole: every row as it stood before."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import models, transaction
from django.db.models.deletion import ProtectedError

from goldenthread.caseload.models import Change, Episode, Extract, Fact, Subject, Work
from goldenthread.caseload.operations.changes import TABLES, chunks, from_json
from goldenthread.caseload.operations.extracts import about, one_at_a_time
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused

SINCE = (
    "Something that this extract brought has been changed since by a person, so it cannot be undone whole."
)


@transaction.atomic
def undo(*, extract: Extract, by: Person | None, at: datetime) -> None:
    """Undo an extract, if nothing that came later rests on it."""
    one_at_a_time()
    extract = Extract.objects.select_for_update().get(pk=extract.pk)
    if extract.state != Extract.State.COMMITTED:
        raise Refused("Only an extract that has been loaded can be undone.")
    later = (
        Extract.objects.committed().filter(finished_at__gte=extract.finished_at, pk__gt=extract.pk).first()
    )
    later = later or Extract.objects.committed().filter(finished_at__gt=extract.finished_at).first()
    if later is not None:
        raise Refused(f"The extract “{later.file_name}” was loaded after this one. Undo that one first.")
    changes = _changes_by_table(extract)
    _check_untouched(changes)
    _delete_new(extract)
    _restore(changes)
    _delete_names(extract)
    Change.objects.filter(extract=extract).delete()
    extract.state, extract.finished_at = Extract.State.UNDONE, at
    extract.save(update_fields=["state", "finished_at"])
    record("caseload.undo", about=about(extract), by=by, at=at, values={"lists": extract.counts})


def _changes_by_table(extract: Extract) -> dict[str, list[Change]]:
    """Changes of rows that stood before, the latest first."""
    changes: dict[str, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(extract=extract, table__in=TABLES).order_by("-pk"):
        changes[change.table].append(change)
    return changes


def _check_untouched(changes: dict[str, list[Change]]) -> None:
    """Refuse where a row no longer is as the extract left it."""
    for table, held in changes.items():
        model, expected = TABLES[table], _left(held)
        for keys in chunks(expected):
            present = model._default_manager.in_bulk(keys)
            for key in keys:
                if not _is_as_left(model, present.get(key), expected[key]):
                    raise Refused(SINCE)


def _left(changes: list[Change]) -> dict[int, dict[str, object] | None]:
    """How the extract left each row; None where it took the row away."""
    left: dict[int, dict[str, object] | None] = {}
    for change in reversed(changes):
        if change.after is None:
            left[change.row] = None
        else:
            left[change.row] = {**(left.get(change.row) or {}), **change.after}
    return left


def _is_as_left(model: type[models.Model], row: models.Model | None, left: dict[str, object] | None) -> bool:
    if row is None or left is None:
        return row is None and left is None
    return all(getattr(row, name) == value for name, value in from_json(model, left).items())


def _delete_new(extract: Extract) -> None:
    """Delete what the extract brought, unless something rests on it."""
    if Episode.objects.filter(extract=extract).exclude(missing_since=None).exists():
        raise Refused(SINCE)
    try:
        for model in (Fact, Work, Episode):
            model.objects.filter(extract=extract).delete()
        Subject.objects.filter(extract=extract, replaced_by__isnull=False).delete()
        Subject.objects.filter(extract=extract).delete()
    except ProtectedError as fault:
        raise Refused(
            "Audits, draws or other subjects rest on cases that this extract brought, so it cannot be undone."
        ) from fault


def _restore(changes: dict[str, list[Change]]) -> None:
    for table in ("subject", "episode", "work", "fact"):
        model = TABLES[table]
        for change in changes.get(table, []):
            before = from_json(model, change.before or {})
            if change.after is None:
                model(**before).save(force_insert=True)
            else:
                model._default_manager.filter(pk=change.row).update(**before)


def _delete_names(extract: Extract) -> None:
    """Delete the people and teams that it brought, except those that a person has vouched for since."""
    for table, model in (("person", Person), ("unit", Unit)):
        keys = Change.objects.filter(extract=extract, table=table).values_list("row", flat=True)
        for row in model.objects.filter(pk__in=list(keys), confirmed=False, joined_into=None):
            try:
                with transaction.atomic():
                    row.delete()
            except ProtectedError:
                continue
