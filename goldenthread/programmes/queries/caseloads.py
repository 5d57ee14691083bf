"""The open cases of a day with the team and the practitioner that held each, for shares of a caseload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from goldenthread.caseload.models import CASE, Subject, Work
from goldenthread.frameworks.remits import Area
from goldenthread.programmes.queries.teams import Place

ORGANISATION = "The whole organisation"
WHOLE = 0
"""Stands for the whole organisation among those who owe audits."""


@dataclass(frozen=True)
class Held:
    """An open case: which team and which practitioner held it."""

    subject: int
    unit: int | None = None
    person: int | None = None

    def by(self, per: str, places: dict[int, Place]) -> int | None:
        """Who answers for it; None where that is not known."""
        if per == "organisation":
            return WHOLE
        if per == "practitioner":
            return self.person
        return places[self.unit].service.pk if self.unit and per == "service" else self.unit


def caseload(on: date, kinds: Iterable[str] = (CASE,)) -> list[Held]:
    """Every subject of these kinds open on a day: the latest start counts, but no row without a person
    over one with."""
    subjects = Subject.objects.of_kind(*kinds).open_on(on)
    found = {pk: Held(pk) for pk in subjects.values_list("pk", flat=True)}
    rows = Work.objects.on(on).filter(subject__in=subjects).order_by("starts_on", "pk")
    for subject, person, unit in rows.values_list("subject_id", "person_id", "unit_id"):
        if subject in found and (person or not found[subject].person):
            found[subject] = Held(subject, unit, person)
    return list(found.values())


def caseload_by(
    per: str,
    places: dict[int, Place],
    *,
    on: date,
    kinds: Iterable[str] = (CASE,),
    area: Area | None = None,
) -> Counter[int]:
    """How many open cases each team, service, practitioner or the whole organisation had on a day.

    Of other kinds of subject, and only in the units of an area, if asked.
    """
    units = area.units(on) if area else None
    holders = (held.by(per, places) for held in caseload(on, kinds) if units is None or held.unit in units)
    return Counter(holder for holder in holders if holder is not None)
