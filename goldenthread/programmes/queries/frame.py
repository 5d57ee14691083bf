"""The frame of a draw: every open case with what is known of it on the day, read in whole sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.caseload.queries import ISO_DATE
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import OUTSIDE, Area
from goldenthread.people.models import Unit
from goldenthread.programmes.models import Cycle, Nomination, Slot, Stratum
from goldenthread.programmes.queries.areas import area_of
from goldenthread.programmes.queries.caseloads import ORGANISATION, WHOLE
from goldenthread.programmes.queries.so_far import sent_so_far, unfinished
from goldenthread.programmes.queries.targets import numbers, own_numbers
from goldenthread.programmes.queries.teams import Place, places_on, unique_names
from goldenthread.rules.conditions import Known, comparisons
from goldenthread.rules.draws import inert, method_of
from goldenthread.rules.selection import Candidate, FrameRow, SelectionRule, frame, with_nominations
from goldenthread.rules.turns import REFERENCE

Holder = int | str
"""What a stratum stands for: a unit or a practitioner by its number, the whole, or a group by its title."""
OTHER_UNITS = OUTSIDE.capitalize()
"""The stratum of the cases of teams that the framework is not for."""
NO_TEAM, NO_PRACTITIONER = "No team recorded", "No practitioner recorded"
NO_GROUP = "In none of the groups"
A_GROUP = " (a group)"
"""What tells a group from a unit of the same name."""
UNITS = ("team", "service")
NOT_KNOWN = {
    "team": NO_TEAM,
    "service": NO_TEAM,
    "organisation": NO_TEAM,
    "practitioner": NO_PRACTITIONER,
    "groups": NO_GROUP,
}
"""The stratum of the cases that belong to no other."""


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


@dataclass(frozen=True)
class DraftStratum:
    """A stratum before the frame is frozen."""

    name: str
    unit: int | None
    size: int
    practitioner: int | None = None


@dataclass(frozen=True)
class Draft:
    """A frame before it is frozen: its rows, its strata in order, and the records behind the keys."""

    rows: list[FrameRow]
    strata: list[DraftStratum]
    cases: Mapping[str, OpenCase]
    method: str


def draft_frame(cycle: Cycle, audit_type: str, *, on: date) -> Draft:
    """The frame of an audit type of a cycle, as it stands on a day."""
    pack = pack_of(cycle.version)
    rule = pack.selection[pack.audit_types[audit_type].selection or ""]
    cases, places, inside = (
        open_cases(cycle, rule, on=on, audit_type=audit_type),
        places_on(on),
        _inside(cycle, on),
    )
    teams = {case.unit: places[case.unit] for case in cases if case.unit}
    area = area_of(cycle, on)
    mark_outside(cases, area, on=on)
    _add_teams(cases, teams)
    holders = {case.key: _holder(rule, case, teams, on) for case in cases}
    ours = area.units(on) if area else places.keys()
    names = _names(cycle, rule, cases, holders, places, ours=ours)
    sizes = _sizes(cycle, rule, names, holders, on=on, area=area)
    if inside is not None:
        within = {holders[case.key] for case in cases if case.unit in inside}
        within |= {*inside} if rule.strata in UNITS else set()
        sizes = {holder: size if holder in within else 0 for holder, size in sizes.items()}
    candidates = _candidates(cases, rule, teams, holders, names)
    by_key = {case.key: case for case in cases}
    rows = frame(rule, candidates, {names[holder]: size for holder, size in sizes.items()}, Known(on=on))
    words = pack.words_for(audit_type)
    rows = [_placed(row, by_key[row.key], cycle, inside, words) for row in rows]
    if rule.choice != "draw":
        agreed = Nomination.objects.agreed().filter(cycle__pk=cycle.pk, audit_type=audit_type)
        rows = with_nominations(rule, rows, set(agreed.values_list("subject__public_id", flat=True)))
    sizes = _everyone(names, rows) | sizes
    method = method_of(rule.order, rule.sorted_by, nominated=rule.choice != "draw")
    return Draft(rows, _strata(rule, names, sizes, rows), by_key, method)


def mark_outside(cases: Iterable[OpenCase], area: Area | None, *, on: date) -> None:
    """Say of each case of a known team whether the framework is not for that team."""
    units = area.units(on) if area else frozenset()
    for case in cases:
        case.outside = area is not None and case.unit is not None and case.unit not in units


def _add_teams(cases: Iterable[OpenCase], teams: Mapping[int, Place]) -> None:
    """The team of each case that has one, and the services above it."""
    for case in cases:
        if case.unit:
            case.facts["team"], case.facts["service"] = teams[case.unit].unit.name, teams[case.unit].names


def _holder(rule: SelectionRule, case: OpenCase, teams: Mapping[int, Place], on: date) -> Holder | None:
    """What a case's stratum stands for: its group where it is of one; None if it is not known."""
    if case.outside or case.unit is None:
        return None
    if group := rule.group_of(Known(on=on, facts=case.facts)):
        return group.title
    place = teams[case.unit]
    others = {"organisation": WHOLE, "service": place.service.pk, "team": place.unit.pk}
    return case.person if rule.strata == "practitioner" else others.get(rule.strata)


def _names(
    cycle: Cycle,
    rule: SelectionRule,
    cases: list[OpenCase],
    holders: Mapping[str, Holder | None],
    places: Mapping[int, Place],
    *,
    ours: Collection[int],
) -> dict[Holder, str]:
    """Each stratum's name by what it stands for; no two have the same. A practitioner's names nobody."""
    others: dict[int, str] = {}
    if rule.strata == "organisation":
        others = {WHOLE: ORGANISATION}
    elif rule.strata == "practitioner":
        others = {
            case.person: case.practitioner
            for case in cases
            if case.person and case.person == holders[case.key]
        }
    elif rule.strata in UNITS:
        own = own_numbers(cycle.framework_key, rule.size or "", on=cycle.opens_on)
        units = {unit for unit in holders.values() if isinstance(unit, int)}
        units |= {unit for unit, number in own.items() if number and unit in ours}
        others = _inert(unique_names(places[unit] for unit in units))
    return dict([*_names_of_groups(rule, others.values()), *others.items()])


def _names_of_groups(rule: SelectionRule, taken: Iterable[str]) -> list[tuple[Holder, str]]:
    """Each group's title and its name: the title, unless a unit is called so."""
    units = {name.casefold() for name in taken}
    named = {group.title: inert(group.title) for group in rule.groups}
    return [
        (title, f"{name}{A_GROUP}" if name.casefold() in units else name) for title, name in named.items()
    ]


def is_taken_whole(rule: SelectionRule, stratum: Stratum) -> bool:
    """Whether a stratum of a draw by this rule is a group of which every case is taken."""
    if stratum.unit_id or stratum.practitioner_id:
        return False
    whole = [inert(group.title) for group in rule.groups if group.everyone]
    return stratum.name in whole or stratum.name.removesuffix(A_GROUP) in whole


def _inert(names: Mapping[int, str]) -> dict[int, str]:
    """Names of units, which extracts bring, as no formula."""
    return {unit: inert(name) for unit, name in names.items()}


def _candidates(
    cases: list[OpenCase],
    rule: SelectionRule,
    teams: Mapping[int, Place],
    holders: Mapping[str, Holder | None],
    names: Mapping[Holder, str],
) -> list[Candidate]:
    """The cases as the rules take them, with the names of their stratum and their team.

    One of a group that is taken whole stands without its practitioner, of whom it is then not the only one.
    """
    team_names, found = _inert(unique_names(teams.values())), []
    whole = {group.title for group in rule.groups if group.everyone}
    for case in cases:
        holder = holders[case.key]
        unknown = OTHER_UNITS if case.outside else NOT_KNOWN[rule.strata]
        stratum = unknown if holder is None else names[holder]
        practitioner = case.practitioner if rule.one_per_practitioner and holder not in whole else ""
        team = team_names.get(case.unit or 0, "")
        found.append(Candidate(case.key, stratum, practitioner, team, case.facts))
    return found


def _inside(cycle: Cycle, on: date) -> set[int] | None:
    """The units of a themed cycle's service area; None where the whole organisation is meant."""
    if cycle.theme_unit is None:
        return None
    return set(Unit.objects.below(cycle.theme_unit, on=on).values_list("pk", flat=True))


def _sizes(
    cycle: Cycle,
    rule: SelectionRule,
    names: Mapping[Holder, str],
    holders: Mapping[str, Holder | None],
    *,
    on: date,
    area: Area | None,
) -> dict[Holder, int]:
    """How many each stratum gives, without those of which everything that is eligible is taken."""
    cases = Counter(holders.values())
    sizes: dict[Holder, int] = {
        group.title: group.size(cases[group.title]) for group in rule.groups if not group.everyone
    }
    if rule.size is not None:
        others = [holder for holder in names if isinstance(holder, int)]
        pack = pack_of(cycle.version)
        sizes.update(numbers(pack, rule.size, others, on=cycle.opens_on, today=on, area=area).items())
    return sizes


def _everyone(names: Mapping[Holder, str], rows: Iterable[FrameRow]) -> dict[Holder, int]:
    """Every eligible case of each stratum; of a practitioner who gives one at most, one."""
    limits = {(row.stratum, row.practitioner or row.key) for row in rows if row.eligible}
    counted = Counter(stratum for stratum, _ in limits)
    return {holder: counted[name] for holder, name in names.items()}


def _placed(
    row: FrameRow, case: OpenCase, cycle: Cycle, inside: set[int] | None, words: Mapping[str, str]
) -> FrameRow:
    """The row, excluded where no team, no stratum, or another framework's or theme's unit holds the case."""
    if case.outside:
        return replace(row, eligible=False, reason=OUTSIDE)
    if case.unit is None and row.eligible:
        return replace(row, eligible=False, reason=f"no team is recorded for the {words['case']}")
    if case.again and row.eligible:
        reason = f"{words['an_audit']} of the {words['case']} is done again in this {words['cycle']}"
        return replace(row, eligible=False, reason=reason)
    if row.stratum == NO_GROUP and row.eligible:
        return replace(row, eligible=False, reason=f"the {words['case']} is in none of the groups drawn from")
    if row.stratum == NO_PRACTITIONER and row.eligible:
        return replace(
            row, eligible=False, reason=f"no {words['practitioner']} is recorded for the {words['case']}"
        )
    if inside is not None and case.unit and case.unit not in inside:
        reason = f"outside the service area of the theme, {cycle.theme_unit}"
        return replace(row, eligible=False, reason=reason)
    return row


def _strata(
    rule: SelectionRule, names: Mapping[Holder, str], sizes: Mapping[Holder, int], rows: list[FrameRow]
) -> list[DraftStratum]:
    """Groups, then strata by name; the cases of which nobody is known come last."""
    strata = []
    for holder in sorted(names, key=lambda holder: (isinstance(holder, int), names[holder].casefold())):
        number = holder if isinstance(holder, int) else None
        unit = number if rule.strata in UNITS else None
        person = number if rule.strata == "practitioner" else None
        strata.append(DraftStratum(names[holder], unit, sizes[holder], person))
    for unknown in (NOT_KNOWN[rule.strata], OTHER_UNITS):
        if any(row.stratum == unknown for row in rows):
            strata.append(DraftStratum(unknown, None, 0))
    return strata


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
