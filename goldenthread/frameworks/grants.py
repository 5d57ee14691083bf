"""What the posts of a person grant them on a day, and where: read once, then asked of rows in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.frameworks.models import Grant, Version
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Post, Reach, on_date

NO_ROW = Q(pk__in=())
EVERY_ROW = ~NO_ROW


@dataclass(frozen=True)
class Held:
    """One thing that a kind of post grants: in the newest version of some framework, or in earlier ones."""

    permission: str
    post: str
    scope: str
    is_newest: bool


@dataclass(frozen=True)
class Holding:
    """All that the posts of a person grant on a day."""

    person: int
    on: date
    grants: tuple[Held, ...]

    @cached_property
    def units(self) -> dict[str, list[int]]:
        """The units in which each kind of post is held; asked only where a unit matters."""
        found: dict[str, list[int]] = {}
        for kind, unit in _posts(person=self.person, on=self.on):
            found.setdefault(kind, []).append(unit)
        return found

    @cached_property
    def now(self) -> frozenset[str]:
        """Every permission held somewhere under the newest versions."""
        return frozenset(one.permission for one in self.grants if one.is_newest)

    @cached_property
    def shape(self) -> str:
        """What makes its conditions another statement: what is granted, and the number of units."""
        return repr((self.grants, [(post, len(units)) for post, units in self.units.items()]))

    @property
    def values(self) -> list[Any]:
        """The person, the day and the units, as they stand in its conditions."""
        return [self.person, self.on, *(unit for units in self.units.values() for unit in units)]

    def with_values(self, values: Sequence[Any]) -> Holding:
        """The same posts and grants of somebody, on some day, in some units."""
        person, on, *units = values
        found, each = replace(self, person=person, on=on), iter(units)
        found.__dict__["units"] = {post: [next(each) for _ in held] for post, held in self.units.items()}
        return found

    @property
    def reader(self) -> Person:
        """The person, of whom nothing is read but what their posts grant that day."""
        found = Person.from_db(None, ["id"], [self.person])
        found.worked_out = {self.on: self}
        return found

    def posts(self, *permissions: str, scope: str, only_newest: bool = False) -> list[str]:
        """The kinds of post held that grant one of these permissions over the unit, or anywhere."""
        granting = {
            one.post
            for one in self.grants
            if one.permission in permissions and one.scope == scope and (one.is_newest or not only_newest)
        }
        return sorted(granting)

    def rows(self, permission: str) -> Q:
        """Rows over whose unit, or anywhere, a post is granted the permission by the row's own version."""
        grants = Grant.objects.filter(permission=permission)
        found = NO_ROW
        if anywhere := self.posts(permission, scope=Grant.Scope.ANYWHERE):
            by = grants.filter(post__in=anywhere, scope=Grant.Scope.ANYWHERE)
            found |= Q(version__in=by.values("version"))
        for post in self.posts(permission, scope=Grant.Scope.OVER_THE_UNIT):
            by = grants.filter(post=post, scope=Grant.Scope.OVER_THE_UNIT)
            found |= Q(self.reached(post), version__in=by.values("version"))
        return found

    def rows_now(self, *permissions: str) -> Q:
        """Rows over whose unit, or anywhere, a post is granted one of these by the newest versions."""
        if self.posts(*permissions, scope=Grant.Scope.ANYWHERE, only_newest=True):
            return EVERY_ROW
        over = self.posts(*permissions, scope=Grant.Scope.OVER_THE_UNIT, only_newest=True)
        return self.reached(*over) if over else NO_ROW

    def owed(self) -> Q:
        """Rows that a `post` owes which is held: over the row's `unit`, or anywhere where it names none."""
        if not self.units:
            return NO_ROW
        found = Q(unit=None, post__in=sorted(self.units))
        for post in sorted(self.units):
            found |= Q(self.reached(post), post=post)
        return found

    def reached(self, *posts: str) -> Q:
        """Rows whose unit stood that day in or below one in which such a post is held."""
        above = [unit for post in posts for unit in self.units.get(post, ())]
        reach = Reach.objects.filter(on_date(self.on), above__in=above)
        return Q(unit__in=reach.values("unit"))


def holding(person: Person, on: date) -> Holding:
    """What the person's posts grant on a day: one statement, and none again within one request."""
    if person.worked_out is None:
        return _read(person, on)
    if on not in person.worked_out:
        person.worked_out[on] = _read(person, on)
    return person.worked_out[on]


def granted(permission: str, person: Person, on: date) -> Q:
    """Whether a post that the person holds that day is granted the permission, over a row's unit or anywhere.

    For rows that name their `version` and `unit`; a condition in SQL, never a list of rows. The reader's own
    posts and their units are values in it, and what no post of theirs grants is left out.
    """
    return holding(person, on).rows(permission)


def _read(person: Person, on: date) -> Holding:
    rows = _grants(person=person.pk, on=on)
    return Holding(person.pk, on, tuple(Held(*row) for row in rows))


def _granted_to(person: int, on: date) -> QuerySet[Grant, Any]:
    held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
    later = Version.objects.filter(
        framework=OuterRef("version__framework"), number__gt=OuterRef("version__number")
    )
    grants = Grant.objects.filter(Exists(held)).annotate(is_newest=~Exists(later))
    columns = ("permission", "post", "scope", "is_newest")
    return grants.values_list(*columns).order_by(*columns).distinct()


def _held_in(person: int, on: date) -> QuerySet[Post, Any]:
    held = Post.objects.filter(person=person).on(on)
    return held.values_list("kind", "unit_id").order_by("kind", "unit_id").distinct()


_grants = Compiled(_granted_to, person=int, on=date)
_posts = Compiled(_held_in, person=int, on=date)
