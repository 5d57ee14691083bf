"""Loads staged rows: subjects and episodes, then who works with them and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from goldenthread.caseload.models import Episode, Extract, Fact, StagedRow, Subject, Work
from goldenthread.caseload.operations.changes import Changes, chunks
from goldenthread.caseload.operations.facts import settle_facts
from goldenthread.caseload.operations.inserting import Values, insert, refresh_statistics
from goldenthread.caseload.operations.names import NEEDED, resolve_teams, resolve_workers
from goldenthread.caseload.operations.replacing import replace_references
from goldenthread.caseload.operations.staging import compare, count, missing_episodes
from goldenthread.caseload.operations.working import settle_work

BATCH = 500


def load_staged(extract: Extract) -> dict[str, dict[str, int]]:
    """Bring what is stored in line with the staged rows; the counts by list. Inside a transaction."""
    replaced = replace_references(extract)
    compare(extract)
    counts = count(extract)
    _mark_missing(extract)
    workers, teams = resolve_workers(extract), resolve_teams(extract)
    touched = set(replaced)
    for rows in _batches(extract):
        touched.update(_load_batch(extract, rows, workers, teams))
    refresh_statistics(Subject, Episode)
    for keys in chunks(sorted(touched)):
        changes = Changes(extract)
        references = dict(Subject.objects.filter(pk__in=keys).values_list("pk", "reference"))
        settle_work(extract, references, changes)
        settle_facts(extract, references, changes)
        changes.write()
    refresh_statistics(Work, Fact)
    return counts


def _batches(extract: Extract) -> Iterator[list[StagedRow]]:
    """The rows to be loaded, a few hundred at a time."""
    rows = StagedRow.objects.filter(extract=extract, action__in=NEEDED).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _load_batch(
    extract: Extract, rows: list[StagedRow], workers: dict[tuple[str, str], int], teams: dict[str, int]
) -> set[int]:
    """Create or change the subjects and episodes of some rows; the keys of the subjects."""
    changes = Changes(extract)
    subjects = _subjects(extract, rows, changes)
    lists = {row.list for row in rows}
    stored = {
        (episode.list, episode.key): episode
        for episode in Episode.objects.filter(
            preset=extract.preset, list__in=lists, key__in={row.key for row in rows}
        )
    }
    new: list[Values] = []
    for row in rows:
        told = {
            "subject_id": subjects[row.reference].pk,
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
    return {subjects[row.reference].pk for row in rows}


def _new_episode(extract: Extract, row: StagedRow) -> Values:
    return {
        "preset": extract.preset,
        "list": row.list,
        "key": row.key,
        "first_seen_on": extract.extracted_on,
        "extract_id": extract.pk,
        "closed_on": _closed_on(row, extract, None),
    }


def _subjects(extract: Extract, rows: list[StagedRow], changes: Changes) -> dict[str, Subject]:
    """The subjects of some rows by reference; those not yet known are created."""
    people = {row.reference: str(row.values.get("person", "")) for row in rows}
    known = {one.reference: one for one in Subject.objects.filter(kind="case", reference__in=people)}
    new = [
        Subject(reference=reference, person_reference=person, extract=extract)
        for reference, person in people.items()
        if reference not in known
    ]
    for reference, subject in known.items():
        if people[reference]:
            changes.set("subject", subject, person_reference=people[reference])
    Subject.objects.bulk_create(new)
    return known | {one.reference: one for one in new}


def _closed_on(row: StagedRow, extract: Extract, episode: Episode | None) -> date | None:
    """The day of closing; where a status alone says closed, the day of the first extract that said so."""
    told = _day(row, "closed")
    if told or not row.values.get("says_closed"):
        return told
    if episode is not None and episode.closed_on is not None:
        return episode.closed_on
    return extract.extracted_on


def _day(row: StagedRow, name: str) -> date | None:
    text = row.values.get(name)
    return date.fromisoformat(text) if text else None


def _mark_missing(extract: Extract) -> None:
    """Ask about open episodes that the file no longer shows; the day is that of the first such extract."""
    keys = list(
        missing_episodes(extract).filter(missing_since=None).order_by("pk").values_list("pk", flat=True)
    )
    for some in chunks(keys):
        changes = Changes(extract)
        for episode in Episode.objects.filter(pk__in=some):
            changes.set("episode", episode, missing_since=extract.extracted_on)
        changes.write()
