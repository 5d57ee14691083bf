"""Recording what leads to audits: a supervision of a worker, an incident of a case; and taking it back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import team_of
from goldenthread.frameworks.queries import permissions_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Commission, Occurrence
from goldenthread.programmes.models.commissions import RECORD_EVENTS
from goldenthread.programmes.queries.commissions import incident_kinds, unit_of_worker, workers_recorded_by
from goldenthread.rules.refusal import Refused
from goldenthread.rules.spans import parse_span, span_before

LONGEST_AGO = parse_span("1 year")


def about(occurrence: Occurrence) -> tuple[str, str, str]:
    """How the ledger names what happened; it names nobody."""
    return ("occurrence", occurrence.public_id, occurrence.get_kind_display().capitalize())


@transaction.atomic
def record_supervision(*, worker: Person, happened_on: date, by: Person, at: datetime) -> Occurrence:
    """Note that a worker's supervision was held on a day."""
    on = timezone.localdate(at)
    _may_be(happened_on, on)
    if not workers_recorded_by(by, on=on).filter(pk=worker.pk).exists():
        raise Refused(f"{worker} does not work in a team whose supervisions you record. Ask their manager.")
    unit = unit_of_worker(worker, on=happened_on)
    said = f"A supervision of {worker} on {happened_on:%-d %B %Y} is recorded already."
    return _record(
        Occurrence(kind=Occurrence.Kind.SUPERVISION, happened_on=happened_on, worker=worker, unit=unit),
        said,
        by=by,
        at=at,
    )


@transaction.atomic
def record_incident(
    *, subject: Subject, what: str, happened_on: date, by: Person, at: datetime
) -> Occurrence:
    """Note that an incident of a kind that a framework lists happened; nothing else is said of it."""
    _may_be(happened_on, timezone.localdate(at))
    if what not in incident_kinds():
        raise Refused("Choose one of the kinds of incident that a framework lists.")
    if RECORD_EVENTS not in permissions_of(by, on=timezone.localdate(at)):
        raise Refused("You may not record incidents. Ask a manager of the team that holds the case.")
    if not Subject.objects.visible_to(by, on=timezone.localdate(at)).filter(pk=subject.pk).exists():
        raise Refused("You may not record incidents of this case. Ask the team that holds it.")
    said = f"This incident of {subject} on {happened_on:%-d %B %Y} is recorded already."
    unit = team_of(subject, happened_on)
    return _record(
        Occurrence(
            kind=Occurrence.Kind.INCIDENT, what=what, happened_on=happened_on, subject=subject, unit=unit
        ),
        said,
        by=by,
        at=at,
    )


def _may_be(happened_on: date, today: date) -> None:
    if happened_on > today:
        raise Refused("This day is still to come. Record it once it has happened.")
    if happened_on < span_before(LONGEST_AGO, today):
        raise Refused("This is more than a year ago, so no audit follows it any more. Check the day.")


def _record(occurrence: Occurrence, twice: str, *, by: Person, at: datetime) -> Occurrence:
    occurrence.recorded_by, occurrence.recorded_at = by, at
    try:
        with transaction.atomic():
            occurrence.save()
    except IntegrityError:
        raise Refused(twice) from None
    values = {"kind": occurrence.what or occurrence.kind, "on": occurrence.happened_on.isoformat()}
    record("occurrence.record", about=about(occurrence), by=by, at=at, values=values)
    return occurrence


@transaction.atomic
def withdraw_occurrence(occurrence: Occurrence, *, because: str, by: Person, at: datetime) -> Occurrence:
    """Take back what was recorded by mistake; audits that have not gone out yet are dropped with it."""
    rows = Occurrence.objects.select_for_update(of=("self",)).visible_to(by, on=timezone.localdate(at))
    found = rows.filter(pk=occurrence.pk).exclude(worker=by).first()
    if found is None:
        raise Refused("Whoever recorded this takes it back, or somebody who records it for the team.")
    if found.withdrawn_at:
        raise Refused("This was taken back already.")
    if not because.strip():
        raise Refused("Say why this is taken back: it stays on record with the reason.")
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_because = at, by, because.strip()[:300]
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    dropped = Commission.objects.waiting().filter(occurrence=found)
    told = f"what led to it was taken back: {found.withdrawn_because}"[:500]
    number = dropped.update(state=Commission.State.DROPPED, told=told, ended_at=at, ended_by=by)
    values = {"because": found.withdrawn_because, "audits dropped": number}
    record("occurrence.withdraw", about=about(found), by=by, at=at, values=values)
    return found
