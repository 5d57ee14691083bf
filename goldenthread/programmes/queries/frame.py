"""The frame of a draw: every open case with what is known of it on the day, read in whole sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.caseload.queries import ISO_DATE
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Unit
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.targets import numbers, own_numbers
from goldenthread.programmes.queries.teams import Place, places_on, unique_names
from goldenthread.rules.conditions import Known, comparisons
from goldenthread.rules.selection import Candidate, FrameRow, SelectionRule, frame

NO_TEAM = "No team recorded"
IN_HAND = ("owed", "working", "checking")


@dataclass
class OpenCase:
    """An open case on the day: who works with it, from which team, since when."""

    subject: int
    key: str
    person: int | None = None
    practitioner: str = ""
    unit: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftStratum:
    """A stratum before the frame is frozen."""

    name: str
    unit: int | None
    size: int


@dataclass(frozen=True)
class Draft:
    """A frame before it is frozen: its rows, its strata in order, and the records behind the keys."""

    rows: list[FrameRow]
    strata: list[DraftStratum]
    cases: Mapping[str, OpenCase]


def draft_frame(cycle: Cycle, audit_type: str, *, on: date) -> Draft:
    """The frame of an audit type of a cycle, as it stands on a day."""
    pack = pack_of(cycle.version)
    rule = pack.selection[pack.audit_types[audit_type].selection or ""]
    cases, places, inside = open_cases(cycle, rule, on=on), places_on(on), _inside(cycle, on)
    teams = {case.unit: places[case.unit] for case in cases if case.unit}
    names = unique_names(places[unit] for unit in _stratum_units(cycle, rule, teams.values()))
    sizes = _sizes(cycle, rule, names, inside)
    candidates = _candidates(cases, rule, teams, names)
    by_key = {case.key: case for case in cases}
    rows = frame(rule, candidates, {names[unit]: size for unit, size in sizes.items()}, Known(on=on))
    rows = [_placed(row, by_key[row.key], cycle, inside) for row in rows]
    return Draft(rows, _strata(names, sizes, rows), by_key)


def _holder(rule: SelectionRule, place: Place) -> Unit:
    """The unit whose stratum a team's cases are in."""
    return place.service if rule.strata == "service" else place.unit


def _stratum_units(cycle: Cycle, rule: SelectionRule, teams: Iterable[Place]) -> set[int]:
    """The units that hold open cases, and those with a number of their own that hold none."""
    own = own_numbers(cycle.framework_key, rule.size, on=cycle.opens_on)
    return {_holder(rule, place).pk for place in teams} | {unit for unit, number in own.items() if number}


def _candidates(
    cases: list[OpenCase], rule: SelectionRule, teams: Mapping[int, Place], names: Mapping[int, str]
) -> list[Candidate]:
    """The cases as the rules take them, with the names of their stratum and their team."""
    team_names, found = unique_names(teams.values()), []
    for case in cases:
        stratum, team = NO_TEAM, ""
        if case.unit:
            place = teams[case.unit]
            stratum, team = names[_holder(rule, place).pk], team_names[case.unit]
            case.facts["team"], case.facts["service"] = place.unit.name, place.names
        practitioner = case.practitioner if rule.one_per_practitioner else ""
        found.append(Candidate(case.key, stratum, practitioner, team, case.facts))
    return found


def _inside(cycle: Cycle, on: date) -> set[int] | None:
    """The units of a themed cycle's service area; None where the whole organisation is meant."""
    if cycle.theme_unit is None:
        return None
    return set(Unit.objects.below(cycle.theme_unit, on=on).values_list("pk", flat=True))


def _sizes(
    cycle: Cycle, rule: SelectionRule, names: Mapping[int, str], inside: set[int] | None
) -> dict[int, int]:
    """How many each stratum gives; none outside a theme's service area."""
    found = numbers(pack_of(cycle.version), rule.size, names, on=cycle.opens_on)
    return {unit: size if inside is None or unit in inside else 0 for unit, size in found.items()}


def _placed(row: FrameRow, case: OpenCase, cycle: Cycle, inside: set[int] | None) -> FrameRow:
    """The row, excluded where no team or another service area holds the case."""
    if case.unit is None and row.eligible:
        return FrameRow(
            row.key, row.stratum, row.practitioner, row.team, False, "no team is recorded for the case"
        )
    if inside is not None and case.unit and case.unit not in inside:
        reason = f"outside the service area of this month's theme, {cycle.theme_unit}"
        return FrameRow(row.key, row.stratum, row.practitioner, row.team, False, reason)
    return row


def _strata(names: Mapping[int, str], sizes: Mapping[int, int], rows: list[FrameRow]) -> list[DraftStratum]:
    """Strata by name; the cases without a team come last."""
    ordered = sorted(names, key=lambda unit: names[unit].casefold())
    strata = [DraftStratum(names[unit], unit, sizes[unit]) for unit in ordered]
    if any(row.stratum == NO_TEAM for row in rows):
        strata.append(DraftStratum(NO_TEAM, None, 0))
    return strata


def open_cases(cycle: Cycle, rule: SelectionRule, *, on: date) -> list[OpenCase]:
    """Every open case with the facts that the rule names; a dozen queries for any number of cases."""
    subjects = Subject.objects.open_on(on)
    cases = {
        pk: OpenCase(pk, key) for pk, key in subjects.order_by("public_id").values_list("pk", "public_id")
    }
    _add_stored(cases, subjects, _named(rule), on)
    _add_status(cases, on)
    _add_work(cases, subjects, on)
    _add_audits(cases)
    _add_practitioners(cases, cycle)
    return list(cases.values())


def _named(rule: SelectionRule) -> set[str]:
    """The facts that the rule's conditions name."""
    conditions = [rule.frame, *(exclusion.when for exclusion in rule.exclude)]
    found = [compare.fact or compare.since for condition in conditions for compare in comparisons(condition)]
    return {name for name in found if name}


def _add_stored(cases: dict[int, OpenCase], subjects: QuerySet[Subject], named: set[str], on: date) -> None:
    """Facts as extracts told them; a day becomes a date."""
    rows = Fact.objects.on(on).filter(name__in=sorted(named), subject__in=subjects)
    for subject, name, value in rows.order_by("starts_on", "pk").values_list("subject_id", "name", "value"):
        if subject in cases:
            cases[subject].facts[name] = date.fromisoformat(value) if ISO_DATE.match(value) else value


def _add_status(cases: dict[int, OpenCase], on: date) -> None:
    """Open, and the latest start among the involvements that are running."""
    for case in cases.values():
        case.facts["status"] = "open"
    running = Episode.objects.filter(missing_since=None).open_on(on).exclude(opened_on=None)
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


def _add_audits(cases: dict[int, OpenCase]) -> None:
    """When each case was last audited, and what is still in hand, sent or about to be."""
    audited = Audit.objects.exclude(phase="stopped").order_by().values_list("subject_id")
    for subject, sent_at in audited.annotate(last=Max("sent_at")):
        if subject in cases:
            cases[subject].facts["audited"] = timezone.localdate(sent_at)
    in_hand = Audit.objects.filter(phase__in=IN_HAND).order_by().values_list("subject_id")
    planned = Slot.objects.unsent().order_by().values_list("subject_id")
    for rows in (in_hand, planned):
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
    placed = slots.filter(cycle=cycle, pick=None)
    re_audits = dict(placed.values_list("practitioner").annotate(Count("pk")))
    for case in cases.values():
        if case.person in picked:
            case.facts["practitioner audited"] = picked[case.person]
        case.facts["re-audits this cycle"] = re_audits.get(case.person, 0)
        case.facts.setdefault("audits in hand", 0)
