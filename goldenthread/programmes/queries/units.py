"""The units that owe audits."""

from __future__ import annotations

from datetime import date

from goldenthread.frameworks.remits import remits_of
from goldenthread.people.models import Unit
from goldenthread.programmes.queries.owed import teams_with_cases
from goldenthread.programmes.queries.targets import own_numbers
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.framework import Framework as Pack


def units_with_targets(pack: Pack, target: str, *, on: date) -> list[Unit]:
    """The teams or services that hold what a target's audits look at, and those with a number of their own.

    Of those that the framework is for, in the order of their names.
    """
    places, rule = places_on(on), pack.targets[target]
    teams = teams_with_cases(on, pack.kinds_audited(rule.counts))
    keys = {places[key].service.pk if rule.per == "service" else key for key in teams}
    keys |= set(own_numbers(pack.key, target, on=on))
    if area := remits_of(pack.key).on(on):
        keys &= {places[key].service.pk if rule.per == "service" else key for key in area.units(on)}
    return sorted((places[key].unit for key in keys), key=lambda unit: (unit.name.casefold(), unit.pk))
