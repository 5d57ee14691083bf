"""What a person says about an extract's open questions: missing cases, and names not known yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.db import transaction

from goldenthread.caseload.models import Episode, Work, WorkQuerySet
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Post, Unit
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.rules.refusal import Refused

Answer = Literal["closed", "gone", "still open"]


@transaction.atomic
def answer_missing(
    *, episode: Episode, answer: Answer, closed_on: date | None, by: Person | None, at: datetime
) -> None:
    """Say what became of a case that an extract no longer showed: closed on a day, gone, or still open."""
    episode = Episode.objects.select_for_update().select_related("subject").get(pk=episode.pk)
    if episode.missing_since is None:
        raise Refused("This has been answered already, or the case has come back in a later extract.")
    since = episode.missing_since
    if answer != "still open":
        episode.closed_on = _closing_day(episode, answer, closed_on, at.date())
        episode.row_digest = ""  # should a later extract show it as open, that is a change
    episode.missing_since = None
    episode.save(update_fields=["closed_on", "missing_since", "row_digest"])
    if episode.closed_on:
        _end_work(episode, episode.closed_on)
    subject = episode.subject
    values: dict[str, object] = {
        "list": episode.list,
        "missing_since": str(since),
        "closed_on": str(episode.closed_on or ""),
    }
    about = ("subject", subject.public_id, f"Case {subject.reference}")
    record(f"episode.{answer.replace(' ', '_')}", about=about, by=by, at=at, values=values)


def _closing_day(episode: Episode, answer: Answer, given: date | None, today: date) -> date:
    if answer == "gone":
        first = episode.missing_since or today
        return max(first, episode.opened_on) if episode.opened_on else first
    if given is None:
        raise Refused("Say on which day the case closed.")
    if given > today or (episode.opened_on and given < episode.opened_on):
        raise Refused("The closing day must lie between the day the case opened and today.")
    return given


def _end_work(episode: Episode, closed_on: date) -> None:
    """End the worker's work unless another open episode of the case needs it."""
    still = Episode.objects.filter(subject=episode.subject_id, closed_on=None)
    if still.filter(worker=episode.worker_id, team=episode.team_id).exists():
        return
    running = Work.objects.filter(subject=episode.subject_id, ends_on=None)
    for work in running.filter(person=episode.worker_id, unit=episode.team_id):
        work.ends_on = max(closed_on, work.starts_on)
        work.save(update_fields=["ends_on"])


@transaction.atomic
def join_person(*, person: Person, into: Person, by: Person | None, at: datetime) -> None:
    """Say that a worker first seen in an extract is somebody known: their work becomes that person's."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.confirmed or person.joined_into_id:
        raise Refused(f"{person.name} has been confirmed or joined already.")
    if into.pk == person.pk or into.joined_into_id:
        raise Refused("Choose the person that this worker really is.")
    touched = list(Work.objects.filter(person=person).values_list("subject_id", flat=True))
    Work.objects.filter(person=person).update(person=into)
    Episode.objects.filter(worker=person).update(worker=into)
    _end_doubles(into, touched)
    person.joined_into = into
    person.is_active = False
    person.save(update_fields=["joined_into", "is_active"])
    about = ("person", person.public_id, person.name)
    values: dict[str, object] = {"into": into.public_id, "cases": len(set(touched))}
    record("person.join", about=about, by=by, at=at, values=values)


@transaction.atomic
def join_unit(*, unit: Unit, into: Unit, by: Person | None, at: datetime) -> None:
    """Say that a team first seen in an extract is a unit known: its cases become that unit's."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.confirmed or unit.joined_into_id:
        raise Refused(f"“{unit.name}” has been confirmed or joined already.")
    if into.pk == unit.pk or into.joined_into_id:
        raise Refused("Choose the unit that this team really is.")
    touched = list(Work.objects.filter(unit=unit).values_list("subject_id", flat=True))
    Work.objects.filter(unit=unit).update(unit=into)
    Episode.objects.filter(team=unit).update(team=into)
    Post.objects.filter(unit=unit).update(unit=into)
    _end_doubles_of_unit(into, touched)
    unit.joined_into = into
    unit.save(update_fields=["joined_into"])
    rebuild_reach()
    values: dict[str, object] = {"into": into.public_id, "cases": len(set(touched))}
    record("unit.join", about=("unit", unit.public_id, unit.name), by=by, at=at, values=values)


def _end_doubles(person: Person, subjects: list[int]) -> None:
    _keep_earliest(Work.objects.filter(person=person, ends_on=None), subjects)


def _end_doubles_of_unit(unit: Unit, subjects: list[int]) -> None:
    _keep_earliest(Work.objects.filter(unit=unit, ends_on=None), subjects)


def _keep_earliest(running: WorkQuerySet, subjects: list[int]) -> None:
    """Where joining made two running rows of one worker and team, keep the one that began first."""
    seen: set[tuple[int, int | None, int | None]] = set()
    for start in range(0, len(subjects), 500):
        rows = running.filter(subject__in=subjects[start : start + 500])
        for work in rows.order_by("starts_on", "pk"):
            key = (work.subject_id, work.person_id, work.unit_id)
            if key in seen:
                work.delete()
            seen.add(key)
