"""The units that owe audits."""

from __future__ import annotations

from datetime import date

from goldenthread.people.models import Unit
from goldenthread.programmes.queries.coverage import teams_with_cases
from goldenthread.programmes.queries.targets import own_numbers
from goldenthread.programmes.queries.teams import places_on


def units_with_targets(framework_key: str, target: str, per: str, *, on: date) -> list[Unit]:
    """The teams or services that hold open cases, and those with a number of their own, by name."""
    places = places_on(on)
    teams = teams_with_cases(on)
    keys = {places[key].service.pk if per == "service" else key for key in teams}
    keys |= set(own_numbers(framework_key, target, on=on))
    return sorted((places[key].unit for key in keys), key=lambda unit: (unit.name.casefold(), unit.pk))
