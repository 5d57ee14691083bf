"""Of how many open cases a share is drawn, and on which day they were counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import Area
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.open_cases import OpenCase, add_teams, mark_outside, open_cases
from goldenthread.programmes.queries.targets import working_days
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.conditions import Known
from goldenthread.rules.selection import SelectionRule
from goldenthread.rules.stated_days import Day, day_called
from goldenthread.rules.targets import Share


def group_of(rule: SelectionRule, case: OpenCase, *, on: date) -> str | None:
    """The title of the group that a case is of on a day; none where its team is not known or not ours."""
    if case.outside or case.unit is None:
        return None
    group = rule.group_of(Known(on=on, facts=case.facts))
    return group.title if group else None


def shares_of_groups(
    cycle: Cycle,
    rule: SelectionRule,
    audit_type: str,
    frame: Iterable[OpenCase],
    *,
    on: date,
    area: Area | None,
) -> dict[str, Share]:
    """Of each group that gives a share, by its title, of how many cases on the day that it names.

    The cases of the frame are counted where that is its own day. On an earlier one those that were open
    then, each in the group that it then was of by what was known of it.
    """
    counted: dict[date, Counter[str | None]] = {}
    found = {}
    for group in rule.groups:
        if group.per_cent is None:
            continue
        day = _day(cycle, group.caseload_on, audit_type, on=on)
        if day not in counted:
            cases = frame if day == on else _cases_on(cycle, rule, audit_type, day, area)
            counted[day] = Counter(group_of(rule, case, on=day) for case in cases)
        found[group.title] = Share(per_cent=group.per_cent, cases=counted[day][group.title], open_on=day)
    return found


def _day(cycle: Cycle, named: Day, audit_type: str, *, on: date) -> date:
    """The day so named for a cycle."""
    rule = pack_of(cycle.version).calendar_of(audit_type)
    working = working_days(named, on=on)
    return day_called(named, period=cycle.opens_on, rule=rule, today=on, working=working)


def _cases_on(
    cycle: Cycle, rule: SelectionRule, audit_type: str, day: date, area: Area | None
) -> list[OpenCase]:
    """The cases that were open on an earlier day, with their teams and what was known of them."""
    cases, places = open_cases(cycle, rule, on=day, audit_type=audit_type), places_on(day)
    mark_outside(cases, area, on=day)
    add_teams(cases, {case.unit: places[case.unit] for case in cases if case.unit})
    return cases
