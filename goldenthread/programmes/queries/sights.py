"""Whose figures somebody may see: by posts that see reports, over some units or anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from goldenthread.audits.models import SEE_REPORTS
from goldenthread.caseload.models import Work
from goldenthread.frameworks.models import Grant, Version
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Post, Reach, Unit, on_date
from goldenthread.programmes.queries.teams import Place


@dataclass(frozen=True)
class Sight:
    """Whose figures a reader may see: units and people, by their keys, and whether that is everybody."""

    units: dict[int, Unit]
    everywhere: bool
    on: date

    def people(self, keys: Iterable[int]) -> dict[int, Person]:
        """Those of some people who hold a post or a case in a unit whose figures the reader sees."""
        found = Person.objects.filter(pk__in=list(keys))
        if not self.everywhere:
            held = Post.objects.filter(person=OuterRef("pk"), unit__in=list(self.units)).on(self.on)
            works = Work.objects.filter(person=OuterRef("pk"), unit__in=list(self.units)).on(self.on)
            found = found.filter(Exists(held) | Exists(works))
        return {person.pk: person for person in found}


def sight_of(
    reader: Person, version: Version, *, on: date, places: Mapping[int, Place] | None = None
) -> Sight:
    """Whose figures a reader may see that day; `places` are those of all units, if they are read."""
    if not sees_everything(reader, version, on=on):
        return Sight({unit.pk: unit for unit in _units_over(reader, version, on=on)}, False, on)
    units = [place.unit for place in places.values()] if places is not None else Unit.objects.all()
    return Sight({unit.pk: unit for unit in units}, True, on)


def sees_everything(reader: Person, version: Version, *, on: date) -> bool:
    """Whether somebody reads the figures of the whole organisation, by a post that sees reports anywhere."""
    return bool(_seeing_everything(person=reader.pk, version=version.pk, on=on))


def _posts_seeing_everything(person: int, version: int, on: date) -> QuerySet[Post, Any]:
    anywhere = Grant.objects.filter(
        version=version, permission=SEE_REPORTS, scope=Grant.Scope.ANYWHERE
    ).values("post")
    return Post.objects.filter(person=person, kind__in=anywhere).on(on).values_list("pk")[:1]


_seeing_everything = Compiled(_posts_seeing_everything, person=int, version=int, on=date)


def _units_over(reader: Person, version: Version, *, on: date) -> QuerySet[Unit]:
    """The units over which somebody holds that day a post that sees reports there."""
    grants = Grant.objects.filter(version=version, permission=SEE_REPORTS)
    held = Post.objects.filter(person=reader).on(on)
    posts = held.filter(kind__in=grants.filter(scope=Grant.Scope.OVER_THE_UNIT).values("post"))
    under = Reach.objects.filter(on_date(on), unit=OuterRef("pk"), above__in=posts.values("unit"))
    return Unit.objects.filter(Exists(under))
