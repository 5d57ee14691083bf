"""Whose supervisions somebody records, which incidents count, and which case of a worker comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q

from goldenthread.caseload.models import Subject, Work
from goldenthread.caseload.queries import works_of
from goldenthread.frameworks.grants import holding
from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.frameworks.remits import OUTSIDE
from goldenthread.people.models import Person, PersonQuerySet, Post, Unit
from goldenthread.programmes.models import Commission, Cycle, Slot
from goldenthread.programmes.models.commissions import RECORD_EVENTS
from goldenthread.programmes.queries.areas import area_of
from goldenthread.programmes.queries.auditors import Choice, bench, by_auditor
from goldenthread.programmes.queries.events import Happened, work_of
from goldenthread.programmes.queries.open_cases import OpenCase, mark_outside, open_cases
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.conditions import Known
from goldenthread.rules.draws import ticket_order
from goldenthread.rules.refusal import Refused
from goldenthread.rules.selection import Candidate, FrameRow, frame


def workers_recorded_by(person: Person, *, on: date) -> PersonQuerySet:
    """Those whose supervisions somebody records: who works in a unit over which a post lets them."""
    where = holding(person, on).rows_now(RECORD_EVENTS)
    posts = Post.objects.filter(where, person=OuterRef("pk")).on(on)
    works = Work.objects.filter(where, person=OuterRef("pk")).on(on)
    found = Person.objects.filter(is_active=True, joined_into=None).exclude(pk=person.pk)
    return found.filter(Exists(posts) | Exists(works)).order_by("name", "pk")


def unit_of_worker(worker: Person, *, on: date) -> Unit | None:
    """The team in which somebody works on a day: by a post, or by their cases."""
    post = Post.objects.filter(person=worker).on(on).select_related("unit").order_by("-starts_on").first()
    if post is not None:
        return post.unit
    rows = Work.objects.filter(person=worker).on(on).exclude(unit=None)
    work = rows.select_related("unit").order_by("-starts_on").first()
    return work.unit if work else None


def incident_kinds() -> list[str]:
    """The kinds of incident that lead to audits under the frameworks now in use."""
    packs = [pack_of(version) for version in newest_versions()]
    return list(dict.fromkeys(kind for pack in packs for one in pack.triggers.values() for kind in one.kinds))


def supervisions_count() -> bool:
    """Whether a supervision leads to an audit under some framework now in use."""
    packs = [pack_of(version) for version in newest_versions()]
    return any(one.about_a_worker for pack in packs for one in pack.triggers.values())


@dataclass(frozen=True)
class Chosen:
    """The case of a worker that comes next, and where each of their cases stood; none if all are left out."""

    case: OpenCase | None
    rows: list[FrameRow]

    def as_values(self) -> list[dict[str, str]]:
        """What is kept of the choice: each case by its opaque key, its turn, or why it was left out."""
        return [
            {"case": row.key, "turn": row.turn, "left out": "" if row.eligible else row.reason}
            for row in self.rows
        ]


def slot_wanted(
    cycle: Cycle, commission: Commission, *, on: date
) -> tuple[Slot | None, list[dict[str, str]]]:
    """The audit that a commission asks for, not saved, and how its case was chosen.

    It is of the case that the commission is about, or of the worker's case whose turn it is; none where no
    case of theirs can be chosen. Where no team is known it has no unit yet.
    """
    considered: list[dict[str, str]] = []
    if commission.subject is not None:
        event = Happened("", commission.happened_on, commission.subject_id)
        work = works_of([commission.subject.pk], on).get(commission.subject.pk) or work_of(event)
        unit, practitioner = (work.unit_id, work.person_id) if work else (None, None)
        subject = commission.subject.pk
    else:
        worker = commission.worker
        if worker is None:
            raise Refused("This names neither a case nor a worker.")
        chosen = next_case(cycle, commission.audit_type, worker, on=on, seed=commission.public_id)
        considered = chosen.as_values()
        if chosen.case is None:
            return None, considered
        subject, unit, practitioner = chosen.case.subject, chosen.case.unit, chosen.case.person
    slot = Slot(
        cycle=cycle,
        audit_type=commission.audit_type,
        subject_id=subject,
        practitioner_id=practitioner,
        commission=commission,
        because=commission.because,
    )
    if unit is not None:
        slot.unit_id = unit
    return slot, considered


def who_could_do(commission: Commission, *, on: date) -> list[Choice]:
    """Everybody of the pool of what a commission asks for, with what speaks against each choice by hand."""
    cycle = commission.cycle
    slot, _ = slot_wanted(cycle, commission, on=on)
    if slot is None or slot.unit_id is None:
        return []
    held = by_auditor(Slot.objects.own().filter(cycle=cycle))
    return bench(cycle, [slot], on=on, held=held).choices(slot, by_hand=True)


def next_case(cycle: Cycle, audit_type: str, worker: Person, *, on: date, seed: str) -> Chosen:
    """The case of a worker whose turn it is, by the selection rule; equal turns by the tickets of a seed."""
    pack = pack_of(cycle.version)
    rule = pack.selection[pack.audit_types[audit_type].selection or ""]
    own = Subject.objects.open_on(on).filter(
        Exists(Work.objects.filter(Q(person=worker), subject=OuterRef("pk")).on(on))
    )
    cases = [
        one
        for one in open_cases(cycle, rule, on=on, audit_type=audit_type, of=own)
        if one.person == worker.pk
    ]
    mark_outside(cases, area_of(cycle, on), on=on)
    outside = {case.key for case in cases if case.outside}
    rows = [
        replace(row, eligible=False, reason=OUTSIDE) if row.key in outside else row
        for row in frame(rule, _candidates(cases, on), {worker.public_id: 1}, Known(on=on))
    ]
    eligible = {row.key: row.turn for row in rows if row.eligible}
    order = sorted(ticket_order(eligible, seed), key=lambda key: eligible[key])
    by_key = {case.key: case for case in cases}
    return Chosen(by_key[order[0]] if order else None, rows)


def _candidates(cases: Iterable[OpenCase], on: date) -> list[Candidate]:
    """A worker's cases as the rules take them; the worker is the stratum, and each case stands for itself."""
    places, found = places_on(on), []
    for case in cases:
        place = places.get(case.unit or 0)
        if place:
            case.facts["team"], case.facts["service"] = place.unit.name, place.names
        found.append(Candidate(case.key, case.practitioner, "", place.unit.name if place else "", case.facts))
    return found
