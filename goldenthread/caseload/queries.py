"""Answers about subjects on a date: who worked with them, in which team, and what was known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from goldenthread.caseload.models import Episode, Extract, Fact, StagedRow, Subject, Work
from goldenthread.people import queries as people
from goldenthread.people.models import Person, Unit
from goldenthread.people.spreadsheets.values import name_keys

DAY = timedelta(days=1)
CHUNK = 500  # keys in one statement: well under every database's limit
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def workers_on(subject: Subject, *, on: date) -> list[Work]:
    """Everybody who worked with the subject that day; the latest start, which counts, first."""
    rows = Work.objects.filter(subject=subject).on(on).select_related("person", "unit")
    return list(rows.order_by("-starts_on", "-pk"))


def worked_with(subject: Subject, *, on: date) -> Work | None:
    """The work that counted that day: of several current workers, the one who started last."""
    rows = workers_on(subject, on=on)
    return next((row for row in rows if row.person_id), rows[0] if rows else None)


def practitioner_of(subject: Subject, on: date) -> Person | None:
    """Whose case it was on that day."""
    work = worked_with(subject, on=on)
    return work.person if work else None


def team_of(subject: Subject, on: date) -> Unit | None:
    """Which team held the case on that day."""
    work = worked_with(subject, on=on)
    return work.unit if work else None


def post_holder(subject: Subject, post: str, on: date) -> Person | None:
    """Who held the post over the case that day: in its team or, where nobody did, nearest above it."""
    team = team_of(subject, on)
    found = people.nearest_holders(post, unit=team, on=on) if team else []
    return found[0] if found else None


def workers_between(subject: Subject, first: date, last: date) -> QuerySet[Work]:
    """Work with the subject that touched those days, in order of its start."""
    rows = Work.objects.filter(subject=subject).between(first, last)
    return rows.select_related("person", "unit").order_by("starts_on", "pk")


def involved_since(subject: Subject, on: date) -> date | None:
    """The start of the earliest involvement that was running on that day."""
    begun = Episode.objects.filter(subject=subject).open_on(on).exclude(opened_on=None)
    return begun.order_by("opened_on").values_list("opened_on", flat=True).first()


def facts_of(subjects: Iterable[Subject | int], on: date) -> dict[int, dict[str, Any]]:
    """What was known of each subject on that day, by its key, in a handful of queries for any number.

    Besides the dated facts that extracts brought (dates as dates): `status` (open or closed), `opened`,
    `practitioner` and `team` (the people's and units' public ids), `practitioner name`, `team name`,
    `allocated` and `allocation basis` (how the start is known).
    """
    keys = sorted({one if isinstance(one, int) else one.pk for one in subjects})
    known: dict[int, dict[str, Any]] = {key: {"status": "closed"} for key in keys}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        _add_stored(known, chunk, on)
        _add_status(known, chunk, on)
        _add_work(known, chunk, on)
    return known


def _add_stored(known: dict[int, dict[str, Any]], chunk: list[int], on: date) -> None:
    rows = Fact.objects.filter(subject__in=chunk).on(on).order_by("starts_on", "pk")
    for subject, name, value in rows.values_list("subject_id", "name", "value"):
        known[subject][name] = date.fromisoformat(value) if ISO_DATE.match(value) else value


def _add_status(known: dict[int, dict[str, Any]], chunk: list[int], on: date) -> None:
    """Open if an involvement was running; `opened` is the latest start among those running."""
    rows = Episode.objects.filter(subject__in=chunk, missing_since=None).open_on(on).order_by("opened_on")
    for subject, opened_on in rows.values_list("subject_id", "opened_on"):
        known[subject]["status"] = "open"
        if opened_on:
            known[subject]["opened"] = opened_on


def _add_work(known: dict[int, dict[str, Any]], chunk: list[int], on: date) -> None:
    for subject, work in works_of(chunk, on).items():
        known[subject] |= {
            "practitioner": work.person.public_id if work.person else "",
            "practitioner name": work.person.name if work.person else "",
            "team": work.unit.public_id if work.unit else "",
            "team name": work.unit.name if work.unit else "",
            "allocation basis": work.basis,
        }
    for subject, since in allocated_since(chunk, on).items():
        known[subject]["allocated"] = since


def allocated_since(subjects: Iterable[int], on: date) -> dict[int, date]:
    """Since when the practitioner of that day has had each case; a change of team alone is no new start."""
    found: dict[int, date] = {}
    keys = sorted(set(subjects))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        begun: dict[tuple[int, int], list[tuple[date, date | None]]] = defaultdict(list)
        rows = Work.objects.filter(subject__in=chunk, starts_on__lte=on).exclude(person=None)
        for subject, person, first, last in rows.values_list(
            "subject_id", "person_id", "starts_on", "ends_on"
        ):
            begun[subject, person].append((first, last))
        for subject, work in works_of(chunk, on).items():
            if work.person_id:
                found[subject] = _unbroken(begun[subject, work.person_id], work.starts_on)
    return found


def _unbroken(spans: list[tuple[date, date | None]], since: date) -> date:
    """The start of the chain of spans that leads to `since` without a day between."""
    for first, last in sorted(spans, reverse=True):
        if first < since and (last is None or last >= since - DAY):
            since = first
    return since


def works_of(subjects: Iterable[int], on: date) -> dict[int, Work]:
    """The work that counted that day for each of many subjects, by the subject's key."""
    found: dict[int, Work] = {}
    keys = sorted(set(subjects))
    for start in range(0, len(keys), CHUNK):
        rows = Work.objects.filter(subject__in=keys[start : start + CHUNK]).on(on)
        for work in rows.select_related("person", "unit").order_by("starts_on", "pk"):
            held = found.get(work.subject_id)
            if held is None or work.person_id or not held.person_id:
                found[work.subject_id] = work
    return found


def differences(extract: Extract, rows: Iterable[StagedRow]) -> dict[int, list[str]]:
    """What each staged row would change, in words, by the row's key; for one page of rows."""
    shown = list(rows)
    stored = {
        (episode.list, episode.key): episode
        for episode in Episode.objects.filter(
            preset=extract.preset, list__in={row.list for row in shown}, key__in={row.key for row in shown}
        ).select_related("worker", "team")
    }
    facts: dict[int, dict[str, str]] = defaultdict(dict)
    running = Fact.objects.filter(subject__in={one.subject_id for one in stored.values()}, ends_on=None)
    for subject, name, value in running.values_list("subject_id", "name", "value"):
        facts[subject][name] = value
    return {
        row.pk: _difference(row, episode, facts[episode.subject_id])
        for row in shown
        if (episode := stored.get((row.list, row.key)))
    }


def _difference(row: StagedRow, episode: Episode, facts: dict[str, str]) -> list[str]:
    pairs = [
        ("worker", episode.worker.name if episode.worker else "", row.worker or row.worker_reference),
        ("team", episode.team.name if episode.team else "", row.team),
        ("closed", str(episode.closed_on or ""), row.values.get("closed", "")),
        *((name, facts.get(name, ""), value) for name, value in row.values.get("facts", {}).items()),
    ]
    told = [
        f"{name}: {before or 'nothing'} → {after or 'nothing'}"
        for name, before, after in pairs
        if not set(name_keys(before)) & set(name_keys(after))
    ]
    return [*told, *(["in the extract again"] if episode.missing_since else [])]


def timeline(subject: Subject) -> dict[str, list[Any]]:
    """All that is known of a subject, for its own page."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.filter(subject=subject).order_by("name", "-starts_on"):
        facts[fact.name].append(fact)
    return {
        "episodes": list(
            Episode.objects.filter(subject=subject)
            .select_related("worker", "team")
            .order_by("-opened_on", "-pk")
        ),
        "work": list(
            Work.objects.filter(subject=subject).select_related("person", "unit").order_by("-starts_on")
        ),
        "facts": list(facts.items()),
        "formerly": list(
            Subject.objects.filter(replaced_by=subject).values_list("reference", flat=True)[:20]
        ),
    }
