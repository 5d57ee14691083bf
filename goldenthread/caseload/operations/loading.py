"""Loads staged rows: subjects and episodes, then who works with them and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from goldenthread.caseload.models import CASE, Episode, Extract, Fact, StagedRow, Subject, Work
from goldenthread.caseload.operations.changes import Changes, chunks
from goldenthread.caseload.operations.facts import settle_facts
from goldenthread.caseload.operations.inserting import Values, insert, refresh_statistics
from goldenthread.caseload.operations.known import Known, remember
from goldenthread.caseload.operations.names import NEEDED, resolve_teams, resolve_workers
from goldenthread.caseload.operations.replacing import replace_references
from goldenthread.caseload.operations.staging import compare, count, missing_from
from goldenthread.caseload.operations.touched import touched
from goldenthread.caseload.operations.working import settle_work
from goldenthread.ledger.ids import new_id

BATCH = 2_000


class Row(NamedTuple):
    """A staged row that is to be loaded."""

    id: int
    action: str
    reference: str
    list: str
    key: str
    worker: str
    worker_reference: str
    team: str
    digest: str
    values: dict[str, Any]


def load_staged(extract: Extract, known: Known) -> dict[str, dict[str, int]]:
    """Bring what is stored in line with the staged rows; the counts by list. Inside a transaction."""
    replaced = replace_references(extract)
    compare(extract)
    missing = missing_from(extract, known)
    counts = count(extract, known, missing)
    _mark_missing(extract, [key for key, _ in missing])
    workers, teams = resolve_workers(extract), resolve_teams(extract)
    concerned = set(replaced)
    for rows in _batches(extract):
        concerned.update(_load_batch(extract, rows, workers, teams))
    refresh_statistics(Subject, Episode)
    for keys in chunks(sorted(concerned), BATCH):
        some, changes = touched(extract, keys), Changes(extract)
        settle_work(extract, some, changes)
        settle_facts(extract, some, changes)
        changes.write()
    remember(extract)
    refresh_statistics(Work, Fact)
    return counts


def _batches(extract: Extract) -> Iterator[list[Row]]:
    """The rows to be loaded, a few thousand at a time."""
    rows = _needed(extract).order_by("pk").values_list(*Row._fields)
    last = 0
    while batch := list(map(Row._make, rows.filter(pk__gt=last)[:BATCH])):
        yield batch
        last = batch[-1].id


def _needed(extract: Extract) -> QuerySet[StagedRow]:
    return StagedRow.objects.filter(extract=extract, action__in=NEEDED)


def _load_batch(
    extract: Extract, rows: list[Row], workers: dict[tuple[str, str], int], teams: dict[str, int]
) -> set[int]:
    """Create or change the subjects and episodes of some rows; the keys of the subjects."""
    changes = Changes(extract)
    subjects = _subjects(extract, rows, changes)
    stored = _stored(extract, rows)
    new: list[Values] = []
    for row in rows:
        told = {
            "subject_id": subjects[row.reference],
            "worker_id": workers.get((row.worker, row.worker_reference)),
            "team_id": teams.get(row.team),
            "opened_on": _day(row, "opened"),
            "row_digest": row.digest,
            "missing_since": None,
        }
        episode = stored.get((row.list, row.key))
        if episode is None:
            new.append(_new_episode(extract, row) | told)
        else:
            changes.set("episode", episode, closed_on=_closed_on(row, extract, episode), **told)
    insert(Episode, new)
    changes.write()
    return set(subjects.values())


def _stored(extract: Extract, rows: list[Row]) -> dict[tuple[str, str], Episode]:
    """The stored episodes of rows that change one, by list and key."""
    changed = [row for row in rows if row.action == StagedRow.Action.CHANGED]
    keys, lists = {row.key for row in changed}, {row.list for row in changed}
    stored = Episode.objects.filter(preset=extract.preset, list__in=lists, key__in=keys)
    return {(episode.list, episode.key): episode for episode in stored}


def _new_episode(extract: Extract, row: Row) -> Values:
    return {
        "preset": extract.preset,
        "list": row.list,
        "key": row.key,
        "first_seen_on": extract.extracted_on,
        "extract_id": extract.pk,
        "closed_on": _closed_on(row, extract, None),
    }


def _subjects(extract: Extract, rows: list[Row], changes: Changes) -> dict[str, int]:
    """The keys of the subjects of some rows by reference; those not yet known are created."""
    people = {row.reference: str(row.values.get("person", "")) for row in rows}
    batch = _needed(extract).filter(pk__gte=rows[0].id, pk__lte=rows[-1].id)
    subjects = Subject.objects.filter(kind=CASE, reference__in=batch.values("reference"))
    known = {
        reference: (key, person)
        for reference, key, person in subjects.values_list("reference", "pk", "person_reference")
    }
    other = [key for reference, (key, person) in known.items() if people[reference] not in ("", person)]
    for keys in chunks(other):
        for subject in Subject.objects.filter(pk__in=keys):
            changes.set("subject", subject, person_reference=people[subject.reference])
    new = [
        _new_subject(extract, reference, person)
        for reference, person in people.items()
        if reference not in known
    ]
    insert(Subject, new)
    return dict(subjects.values_list("reference", "pk"))


def _new_subject(extract: Extract, reference: str, person: str) -> Values:
    return {
        "public_id": new_id(),
        "kind": CASE,
        "reference": reference,
        "label": "",
        "source": "",
        "about_staff": False,
        "person_reference": person,
        "replaced_by_id": None,
        "extract_id": extract.pk,
    }


def _closed_on(row: Row, extract: Extract, episode: Episode | None) -> date | None:
    """The day of closing; where a status alone says closed, the day of the first extract that said so."""
    told = _day(row, "closed")
    if told or not row.values.get("says_closed"):
        return told
    if episode is not None and episode.closed_on is not None:
        return episode.closed_on
    return extract.extracted_on


def _day(row: Row, name: str) -> date | None:
    text = row.values.get(name)
    return date.fromisoformat(text) if text else None


def _mark_missing(extract: Extract, keys: list[int]) -> None:
    """Ask about open episodes that the file no longer shows; the day is that of the first such extract."""
    for some in chunks(keys):
        changes = Changes(extract)
        for episode in Episode.objects.filter(pk__in=some, missing_since=None):
            changes.set("episode", episode, missing_since=extract.extracted_on)
        changes.write()
