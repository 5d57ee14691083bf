"""The frame of a draw: every open case with what is known of it on the day, read in whole sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import OUTSIDE, Area
from goldenthread.people.models import Unit
from goldenthread.programmes.models import Cycle, Nomination, Stratum
from goldenthread.programmes.queries.areas import area_of
from goldenthread.programmes.queries.caseloads import ORGANISATION, WHOLE
from goldenthread.programmes.queries.open_cases import OpenCase, add_teams, mark_outside, open_cases
from goldenthread.programmes.queries.shares import group_of, shares_of_groups
from goldenthread.programmes.queries.targets import numbers, own_numbers, shares
from goldenthread.programmes.queries.teams import Place, places_on, unique_names
from goldenthread.rules.conditions import Known
from goldenthread.rules.draws import inert, method_of
from goldenthread.rules.selection import Candidate, FrameRow, SelectionRule, frame, with_nominations
from goldenthread.rules.targets import Share

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


@dataclass(frozen=True)
class DraftStratum:
    """A stratum before the frame is frozen."""

    name: str
    unit: int | None
    size: int
    practitioner: int | None = None
    share: Share | None = None


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
    add_teams(cases, teams)
    holders = {case.key: _holder(rule, case, teams, on) for case in cases}
    ours = area.units(on) if area else places.keys()
    names = _names(cycle, rule, cases, holders, places, ours=ours)
    by_share = _shares(cycle, rule, audit_type, cases, names, on=on, area=area)
    sizes = _sizes(cycle, rule, names, by_share, on=on, area=area)
    if inside is not None:
        within = {holders[case.key] for case in cases if case.unit in inside}
        within |= {*inside} if rule.strata in UNITS else set()
        sizes = {holder: size if holder in within else 0 for holder, size in sizes.items()}
        by_share = {holder: share for holder, share in by_share.items() if holder in within}
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
    return Draft(rows, _strata(rule, names, sizes, by_share, rows), by_key, method)


def _holder(rule: SelectionRule, case: OpenCase, teams: Mapping[int, Place], on: date) -> Holder | None:
    """What a case's stratum stands for: its group where it is of one; None if it is not known."""
    if case.outside or case.unit is None:
        return None
    if group := group_of(rule, case, on=on):
        return group
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


def _shares(
    cycle: Cycle,
    rule: SelectionRule,
    audit_type: str,
    cases: list[OpenCase],
    names: Mapping[Holder, str],
    *,
    on: date,
    area: Area | None,
) -> dict[Holder, Share]:
    """Of how many cases each stratum gives which share, where it does not give a number."""
    found: dict[Holder, Share] = {}
    found.update(shares_of_groups(cycle, rule, audit_type, cases, on=on, area=area).items())
    if rule.size is not None:
        pack, others = pack_of(cycle.version), [holder for holder in names if isinstance(holder, int)]
        found.update(shares(pack, rule.size, others, on=cycle.opens_on, today=on, area=area).items())
    return found


def _sizes(
    cycle: Cycle,
    rule: SelectionRule,
    names: Mapping[Holder, str],
    by_share: Mapping[Holder, Share],
    *,
    on: date,
    area: Area | None,
) -> dict[Holder, int]:
    """How many each stratum gives, without those of which everything that is eligible is taken."""
    sizes: dict[Holder, int] = {
        group.title: group.number for group in rule.groups if group.number is not None
    }
    others = [holder for holder in names if isinstance(holder, int) and holder not in by_share]
    if rule.size is not None and others:
        pack = pack_of(cycle.version)
        sizes.update(numbers(pack, rule.size, others, on=cycle.opens_on, today=on, area=area).items())
    return sizes | {holder: share.size() for holder, share in by_share.items()}


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
    rule: SelectionRule,
    names: Mapping[Holder, str],
    sizes: Mapping[Holder, int],
    by_share: Mapping[Holder, Share],
    rows: list[FrameRow],
) -> list[DraftStratum]:
    """Groups, then strata by name; the cases of which nobody is known come last."""
    strata = []
    for holder in sorted(names, key=lambda holder: (isinstance(holder, int), names[holder].casefold())):
        number = holder if isinstance(holder, int) else None
        unit = number if rule.strata in UNITS else None
        person = number if rule.strata == "practitioner" else None
        strata.append(DraftStratum(names[holder], unit, sizes[holder], person, by_share.get(holder)))
    for unknown in (NOT_KNOWN[rule.strata], OTHER_UNITS):
        if any(row.stratum == unknown for row in rows):
            strata.append(DraftStratum(unknown, None, 0))
    return strata
