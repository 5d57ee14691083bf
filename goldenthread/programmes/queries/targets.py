"""How many audits each unit owes, from the framework or from the unit's own number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from goldenthread.people.models import on_date
from goldenthread.programmes.models import UnitTarget
from goldenthread.rules.framework import Framework as Pack


def own_numbers(framework_key: str, target: str, *, on: date) -> dict[int, int]:
    """The units that have a number of their own on a day, by the unit's key."""
    rows = UnitTarget.objects.filter(on_date(on), framework_key=framework_key, target=target)
    return dict(rows.order_by("starts_on").values_list("unit_id", "number"))


def numbers(pack: Pack, target: str, units: Iterable[int], *, on: date) -> dict[int, int]:
    """How many audits each of these units owes under a target in a cycle that opens that day."""
    own = own_numbers(pack.key, target, on=on)
    return {unit: own.get(unit, pack.targets[target].number) for unit in units}
