"""How many audits each of those who owe them owes: the framework's number, their own, or a share of cases."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date

from goldenthread.frameworks.remits import Area
from goldenthread.people.models import Unit, on_date
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Cycle, UnitTarget
from goldenthread.programmes.queries.caseloads import caseload_by
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.stated_days import Day, needs_working_days
from goldenthread.rules.targets import Share


def own_numbers(framework_key: str, target: str, *, on: date) -> dict[int, int]:
    """The units that have a number of their own on a day, by the unit's key."""
    rows = UnitTarget.objects.filter(on_date(on), framework_key=framework_key, target=target)
    return dict(rows.order_by("starts_on").values_list("unit_id", "number"))


def number_set(framework_key: str, target: str, unit: Unit) -> UnitTarget | None:
    """The number of its own that a unit was given last, which may begin later than today."""
    rows = UnitTarget.objects.filter(framework_key=framework_key, target=target, unit=unit, ends_on=None)
    return rows.first()


def as_seen(*parts: str) -> str:
    """A short sign of what stands in a form, by which a save says what it saw."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def theme_as_seen(cycle: Cycle) -> str:
    """The sign of a cycle's theme."""
    return as_seen(cycle.theme, cycle.theme_unit.public_id if cycle.theme_unit else "")


def number_as_seen(stands: UnitTarget | None) -> str:
    """The sign of a unit's own number; empty for none."""
    return as_seen(str(stands.number), stands.starts_on.isoformat()) if stands else ""


def calendar_of(pack: Pack, target: str) -> YearCalendar:
    """The calendar of the first kind of audit that a target counts."""
    kind = pack.audit_types.get(pack.targets[target].counts[0])
    return pack.every_calendar()[(kind.calendar if kind else None) or ""]


def counted_on(pack: Pack, target: str, *, period: date, today: date) -> date:
    """The day on which a target counts open cases, for a period that begins on a day."""
    rule = pack.targets[target]
    working = working_days(rule.caseload_on, on=today)
    return rule.day(period=period, rule=calendar_of(pack, target), today=today, working=working)


def working_days(named: Day, *, on: date) -> Calendar:
    """The organisation's working days, where a named day depends on them; else nobody's are read."""
    return organisation_calendar(on=on) if needs_working_days(named) else Calendar()


def shares(
    pack: Pack, target: str, holders: Iterable[int], *, on: date, today: date, area: Area | None = None
) -> dict[int, Share]:
    """Of how many cases, open when, each of these owes which share in a period that opens on a day.

    Nothing where the target is no share. Only the cases count that the units of the area hold.
    """
    rule = pack.targets[target]
    if rule.per_cent is None:
        return {}
    day, cases = _cases(pack, target, on=on, today=today, area=area)
    return {holder: Share(per_cent=rule.per_cent, cases=cases[holder], open_on=day) for holder in holders}


def numbers(
    pack: Pack,
    target: str,
    holders: Iterable[int],
    *,
    on: date,
    today: date | None = None,
    area: Area | None = None,
) -> dict[int, int]:
    """How many audits each of these owes under a target in a period that opens that day.

    A share of cases is one of those that the units of the area hold.
    """
    rule = pack.targets[target]
    if rule.number is not None:
        own = own_numbers(pack.key, target, on=on) if rule.per in ("team", "service") else {}
        return {holder: own.get(holder, rule.number) for holder in holders}
    if not rule.counts_cases:
        return dict.fromkeys(holders, 0)
    _, cases = _cases(pack, target, on=on, today=today or on, area=area)
    return {holder: rule.of_caseload(cases[holder]) for holder in holders}


def _cases(pack: Pack, target: str, *, on: date, today: date, area: Area | None) -> tuple[date, Counter[int]]:
    """The day on which a target counts cases, and how many were then open with each that owes it."""
    rule, day = pack.targets[target], counted_on(pack, target, period=on, today=today)
    kinds = pack.kinds_audited(rule.counts)
    return day, caseload_by(rule.per, places_on(day), on=day, kinds=kinds, area=area)
