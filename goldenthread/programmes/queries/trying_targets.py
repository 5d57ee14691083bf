"""How far the picks of tried cycles would have reached the framework's targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goldenthread.frameworks.remits import remits_of
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.owed import holders_of
from goldenthread.programmes.queries.targets import calendar_of, numbers
from goldenthread.programmes.queries.teams import places_on
from goldenthread.programmes.queries.windows import Kind
from goldenthread.rules.cycles import first_day_of, quarter_of
from goldenthread.rules.framework import Framework as Pack


def targets_reached(
    pack: Pack, cycles: Sequence[Cycle], tried: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each target with how many audits it owes over the tried cycles, were picked, and found an auditor."""
    return [
        {
            "title": target.title,
            "sentence": target.sentence(),
            "each": target.each,
            "owed": _owed(pack, name, cycles),
            "picked": _summed(tried, target.counts, "picked"),
            "given": _summed(tried, target.counts, "given"),
        }
        for name, target in pack.targets.items()
    ]


def _owed(pack: Pack, name: str, cycles: Sequence[Cycle]) -> int:
    """What all who owe it owe together: in each of the cycles, or in the quarters or years they are of."""
    target = pack.targets[name]
    calendars = {pack.audit_types[kind].calendar or "" for kind in target.counts if kind in pack.audit_types}
    mine = [cycle for cycle in cycles if cycle.calendar in calendars]
    rule = calendar_of(pack, name)
    if target.each == "year":
        firsts = {first_day_of(cycle.year, rule) for cycle in mine}
    elif target.each == "quarter":
        firsts = {quarter_of(cycle.opens_on, rule) for cycle in mine}
    else:
        firsts = {cycle.opens_on for cycle in mine}
    total, area = 0, remits_of(pack.key).newest
    for first in sorted(firsts):
        last = max(cycle.opens_on for cycle in mine if cycle.opens_on >= first)
        kind = Kind(name, target.title, target.counts, target)
        holders = holders_of(pack, kind, places_on(last), last, area)
        total += sum(numbers(pack, name, holders, on=first, today=last, area=area).values())
    return total


def _summed(tried: Sequence[dict[str, Any]], kinds: Sequence[str], what: str) -> int:
    return sum(int(kind.get(what, 0)) for cycle in tried for kind in cycle["kinds"] if kind["key"] in kinds)
