"""The open cases of a day with what is known of each of them then, read in whole sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.caseload.queries import ISO_DATE
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import Area
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.so_far import sent_so_far, unfinished
from goldenthread.programmes.queries.teams import Place
from goldenthread.rules.conditions import comparisons
from goldenthread.rules.selection import SelectionRule
from goldenthread.rules.turns import REFERENCE


@dataclass
class OpenCase:
    """An open case on the day: who works with it, from which team, since when."""

    subject: int
    key: str
    person: int | None = None
    practitioner: str = ""
    unit: int | None = None
    again: bool = False
    outside: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def open_cases(
    cycle: Cycle,
    rule: SelectionRule,
    *,
    on: date,
    audit_type: str = "",
    of: QuerySet[Subject] | None = None,
) -> list[OpenCase]:
    """Every open case, or each of some, with the facts that the rule names; a dozen queries in all.

    Where audits of the type look at something else than cases, every open subject of that kind.
    """
    kind = pack_of(cycle.version).kind_audited(audit_type)
    subjects = Subject.objects.of_kind(kind).open_on(on) if of is None else of
    cases = {
        pk: OpenCase(pk, key) for pk, key in subjects.order_by("public_id").values_list("pk", "public_id")
    }
    _add_stored(cases, subjects, _named(rule), on)
    if rule.sorted_by == REFERENCE:
        for pk, reference in subjects.values_list("pk", "reference"):
            cases[pk].facts[REFERENCE] = reference
    only = Q() if of is None else Q(subject__in=list(cases))
    _add_status(cases, on, only)
    _add_work(cases, subjects, on)
    _add_audits(cases, cycle, audit_type, on, only)
    _add_practitioners(cases, cycle)
    return list(cases.values())


def _named(rule: SelectionRule) -> set[str]:
    """The facts that the rule's conditions name."""
    found = [compare.fact_named for condition in rule.conditions() for compare in comparisons(condition)]
    return {name for name in (*found, rule.sorted_by) if name}


def _add_stored(cases: dict[int, OpenCase], subjects: QuerySet[Subject], named: set[str], on: date) -> None:
    """Facts as extracts told them; a day becomes a date."""
    rows = Fact.objects.on(on).filter(name__in=sorted(named), subject__in=subjects)
    for subject, name, value in rows.order_by("starts_on", "pk").values_list("subject_id", "name", "value"):
        if subject in cases:
            cases[subject].facts[name] = date.fromisoformat(value) if ISO_DATE.match(value) else value


def _add_status(cases: dict[int, OpenCase], on: date, only: Q) -> None:
    """Open, and the latest start among the involvements that are running."""
    for case in cases.values():
        case.facts["status"] = "open"
    running = Episode.objects.filter(only, missing_since=None).open_on(on).exclude(opened_on=None)
    for subject, opened_on in running.order_by("opened_on").values_list("subject_id", "opened_on"):
        if subject in cases:
            cases[subject].facts["opened"] = opened_on


def _add_work(cases: dict[int, OpenCase], subjects: QuerySet[Subject], on: date) -> None:
    """The work that counted: the latest start; a row without a person never stands over one with a person."""
    rows = Work.objects.on(on).filter(subject__in=subjects).order_by("starts_on", "pk")
    fields = ("subject_id", "person_id", "person__public_id", "unit_id", "starts_on")
    for subject, person, public_id, unit, starts_on in rows.values_list(*fields):
        case = cases.get(subject)
        if case is None or (person is None and case.person):
            continue
        case.person, case.practitioner, case.unit = person, public_id or "", unit
        case.facts["practitioner"] = public_id or ""
        case.facts["allocated"] = starts_on if person else None


def _add_audits(cases: dict[int, OpenCase], cycle: Cycle, audit_type: str, on: date, only: Q) -> None:
    """When each case was last audited, at all and in this kind, and what is in hand, sent or about to be."""
    audited = sent_so_far(cycle, Audit.objects.filter(only).exclude(phase="stopped"), on=on).order_by()
    of_this_kind = audited.filter(version__framework__key=cycle.framework_key, audit_type=audit_type)
    for name, audits in (("audited", audited), ("audited in this kind", of_this_kind)):
        for subject, sent_at in audits.values_list("subject_id").annotate(last=Max("sent_at")):
            if subject in cases:
                cases[subject].facts[name] = timezone.localdate(sent_at)
    again = Slot.objects.standing().filter(
        cycle__pk=cycle.pk, audit_type=audit_type, instead_of__isnull=False
    )
    for subject in [] if cycle.is_tried else again.values_list("subject_id", flat=True):
        if subject in cases:
            cases[subject].again = True
    in_hand = unfinished(cycle, on=on).filter(only).order_by().values_list("subject_id")
    planned = Slot.objects.none() if cycle.is_tried else Slot.objects.unsent().filter(only)
    for rows in (in_hand, planned.order_by().values_list("subject_id")):
        for subject, number in rows.annotate(number=Count("pk")):
            if subject in cases:
                facts = cases[subject].facts
                facts["audits in hand"] = facts.get("audits in hand", 0) + number


def _add_practitioners(cases: dict[int, OpenCase], cycle: Cycle) -> None:
    """When each practitioner's work was last picked, and the re-audits of it placed in this cycle."""
    slots = Slot.objects.standing().exclude(practitioner=None).order_by()
    earlier = slots.filter(
        cycle__framework_key=cycle.framework_key, cycle__opens_on__lt=cycle.opens_on, pick__isnull=False
    )
    picked = dict(earlier.values_list("practitioner").annotate(Max("cycle__opens_on")))
    placed = slots.filter(cycle__pk=cycle.pk, previous__isnull=False)
    re_audits = dict(placed.values_list("practitioner").annotate(Count("pk")))
    for case in cases.values():
        if case.person in picked:
            case.facts["practitioner audited"] = picked[case.person]
        case.facts["re-audits this cycle"] = re_audits.get(case.person, 0)
        case.facts.setdefault("audits in hand", 0)


def mark_outside(cases: Iterable[OpenCase], area: Area | None, *, on: date) -> None:
    """Say of each case of a known team whether the framework is not for that team."""
    units = area.units(on) if area else frozenset()
    for case in cases:
        case.outside = area is not None and case.unit is not None and case.unit not in units


def add_teams(cases: Iterable[OpenCase], teams: Mapping[int, Place]) -> None:
    """The team of each case that has one, and the services above it."""
    for case in cases:
        if case.unit:
            case.facts["team"], case.facts["service"] = teams[case.unit].unit.name, teams[case.unit].names
