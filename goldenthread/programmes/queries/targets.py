"""How many audits each of those who owe them owes: the framework's number, their own, or a share of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from goldenthread.frameworks.remits import Area
from goldenthread.people.models import on_date
from goldenthread.programmes.models import UnitTarget
from goldenthread.programmes.queries.caseloads import caseload_by
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.cycles import YearCalendar, first_day_of, year_of
from goldenthread.rules.framework import Framework as Pack


def own_numbers(framework_key: str, target: str, *, on: date) -> dict[int, int]:
    """The units that have a number of their own on a day, by the unit's key."""
    rows = UnitTarget.objects.filter(on_date(on), framework_key=framework_key, target=target)
    return dict(rows.order_by("starts_on").values_list("unit_id", "number"))


def calendar_of(pack: Pack, target: str) -> YearCalendar:
    """The calendar of the first kind of audit that a target counts."""
    kind = pack.audit_types.get(pack.targets[target].counts[0])
    return pack.every_calendar()[(kind.calendar if kind else None) or ""]


def counted_on(pack: Pack, target: str, *, period: date, today: date) -> date:
    """The day on which a target counts open cases, for a period that begins on a day."""
    rule = calendar_of(pack, target)
    return pack.targets[target].day(
        period=period, year=first_day_of(year_of(period, rule), rule), today=today
    )


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
    day = counted_on(pack, target, period=on, today=today or on)
    kinds = pack.kinds_audited(rule.counts)
    cases = caseload_by(rule.per, places_on(day), on=day, kinds=kinds, area=area)
    return {holder: rule.of_caseload(cases[holder]) for holder in holders}
