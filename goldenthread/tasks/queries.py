"""Who holds a role of a framework, relative to a subject on a day; and the working days that clocks count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people import queries as people
from goldenthread.people.models import Closure, Leave, Person, Post, Reach, Unit, on_date
from goldenthread.rules.calendars import ENGLAND_AND_WALES, Calendar
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused
from goldenthread.rules.roles import Role
from goldenthread.tasks.models import Task

STEPS_IN = "replace an auditor"
"""The permission whose holders step in where a relation is held by nobody who is still here (WF-14)."""


@dataclass(frozen=True)
class Standing:
    """Who stands in which relation to what is looked at: the facts that roles are resolved from."""

    unit: Unit | None
    auditor: Person | None = None
    practitioner: Person | None = None
    earlier: tuple[Person, ...] = ()
    proposer: Person | None = None
    co_auditors: tuple[Person, ...] = ()

    def in_relation(self, relation: str) -> tuple[Person, ...]:
        """The people in that relation who are still here."""
        if relation == "earlier practitioner":
            named: tuple[Person | None, ...] = self.earlier
        elif relation == "auditor":
            named = (self.auditor, *self.co_auditors)
        else:
            named = (getattr(self, relation),)
        return tuple(person for person in named if person is not None and person.is_active)


@dataclass(frozen=True)
class Owner:
    """Whoever owes something: a person, or the holders of a post (over a unit, or anywhere)."""

    role: str
    person: Person | None = None
    post: str = ""
    unit: Unit | None = None


def owner_of(
    role_name: str, pack: Framework, standing: Standing, *, on: date, not_for: Person | None = None
) -> Owner:
    """Who owes what is asked of a role on that day: its holder, or the role that steps in where it has none.

    A role that is held by nobody but whom it is `not_for` is as one that has no holder.

    A relation that nobody is in any more falls to those who may name somebody else. Where nobody at
    all can be found it is the first vacant post, whose next holder will see it.
    """
    tried = [*_chain(role_name, pack), *_those_who_step_in(role_name, pack)]
    for name in tried:
        if _but(not_for, holders_of(name, pack, standing, on=on)):
            return _owner(name, pack, standing, on=on, not_for=not_for)
    for name in tried:
        if pack.roles[name].post:
            return _owner(name, pack, standing, on=on)
    raise Refused(f"Nobody is {role_name} now, and no role steps in. Record who is, then try again.")


def people_of(
    role_name: str, pack: Framework, standing: Standing, *, on: date, not_for: Person | None = None
) -> list[Person]:
    """Everybody who holds a role on that day; where nobody does, those of the role that steps in.

    Without whom it is `not_for`, who may not do what the role is asked.
    """
    for name in _chain(role_name, pack):
        if found := _but(not_for, holders_of(name, pack, standing, on=on)):
            return found
    return []


def _but(not_for: Person | None, people: list[Person]) -> list[Person]:
    return [one for one in people if one != not_for]


def roles_of(person: Person, pack: Framework, standing: Standing, *, on: date) -> set[str]:
    """Every role that this person holds on that day, also those in which they step in for nobody."""
    held = _held_directly(person, pack, standing, on=on)
    stepping_in = {
        name
        for name, role in pack.roles.items()
        if name not in held and role.otherwise and held & set(_chain(role.otherwise, pack))
    }
    return held | {name for name in stepping_in if person in people_of(name, pack, standing, on=on)}


def holders_of(role_name: str, pack: Framework, standing: Standing, *, on: date) -> list[Person]:
    """Who holds exactly this role on that day; of a post over a unit, those nearest to the unit."""
    role = pack.roles[role_name]
    if role.relation:
        return list(standing.in_relation(role.relation))
    if role.people:
        return list(Person.objects.filter(reference__in=role.people, is_active=True).order_by("pk"))
    unit = _unit_of(role, standing, on=on)
    if role.of != "anywhere" and unit is None:
        return []
    return _holders(str(role.post), unit, on=on)


def stand_ins(person: Person, tasks: Iterable[Task], *, on: date) -> list[Person]:
    """Who stands in for somebody on leave that day: whoever they named, else for what they owe the holders
    of the role that the framework names to step in. Nobody where they are not on leave."""
    away = Leave.objects.on(on).filter(person=person).select_related("deputy")
    named = [one.deputy for one in away if one.deputy is not None and one.deputy.is_active]
    if named or not away:
        return named
    found: list[Person] = []
    for task in tasks:
        pack = pack_of(task.version) if task.version else None
        if pack and task.role in pack.roles:
            chain = [*_chain(task.role, pack)][1:]
            held = (holders_of(name, pack, Standing(task.unit), on=on) for name in chain)
            found += next((people for people in held if people), [])
    return [one for one in dict.fromkeys(found) if one != person]


def working_calendar(
    unit: Unit | None = None, nation: str | None = None, *, on: date | None = None
) -> Calendar:
    """The working days where a unit works: its nation's holidays, by the nearest unit above that names
    one, else the organisation's, and the days on which the organisation is closed."""
    return Calendar(nation or _nation_of(unit, on) or ENGLAND_AND_WALES, frozenset(_closures()))


def _nation_of(unit: Unit | None, on: date | None) -> str:
    if unit is None:
        named = Unit.objects.exclude(nation="").filter(placements=None).order_by("pk")
        return named.values_list("nation", flat=True).first() or ""
    nation: str | None = _nations_on.first(unit=unit.pk, on=on) if on else _nations.first(unit=unit.pk)
    return unit.nation if nation is None else nation


def _chain(role_name: str, pack: Framework) -> Iterator[str]:
    """A role and those that step in for it, in order."""
    seen: set[str] = set()
    name: str | None = role_name
    while name and name not in seen:
        if name not in pack.roles:
            raise Refused(f"The framework “{pack.title}” has no role “{name}”.")
        seen.add(name)
        yield name
        name = pack.roles[name].otherwise


def _those_who_step_in(role_name: str, pack: Framework) -> Iterable[str]:
    """For a relation, the roles that may name somebody else: those nearest to the work first."""
    if not pack.roles[role_name].relation:
        return ()
    may = [name for name, role in pack.roles.items() if STEPS_IN in role.may and role.post]
    return sorted(may, key=lambda name: pack.roles[name].of == "anywhere")


def _owner(
    role_name: str, pack: Framework, standing: Standing, *, on: date, not_for: Person | None = None
) -> Owner:
    """The owner that a role stands for; what a post owes belongs to the post, not to its holder of today."""
    role = pack.roles[role_name]
    if role.post:
        return Owner(role_name, post=role.post, unit=_unit_of(role, standing, on=on))
    return Owner(role_name, person=_but(not_for, holders_of(role_name, pack, standing, on=on))[0])


def _unit_of(role: Role, standing: Standing, *, on: date) -> Unit | None:
    """The unit over which a role's post must be held; none where it is held anywhere."""
    if role.of == "the subject's unit":
        return standing.unit
    if role.of == "the auditor's unit" and standing.auditor:
        return _own_unit(standing.auditor, on=on)
    return None


def _own_unit(person: Person, *, on: date) -> Unit | None:
    """The unit in which somebody works: of several, the furthest down the tree."""
    units = [post.unit for post in _where_placed(person=person.pk, on=on)]
    depths = people.units_above([unit.pk for unit in units], on=on) if units else {}
    return max(units, key=lambda unit: len(depths[unit.pk]), default=None)


def _holders(post: str, unit: Unit | None, *, on: date) -> list[Person]:
    if unit is None:
        return _holders_anywhere(post=post, on=on)
    nearest = _holders_over(post=post, unit=unit.pk, on=on)
    return list(dict.fromkeys(row.person for row in nearest if row.distance == nearest[0].distance))


def _held_directly(person: Person, pack: Framework, standing: Standing, *, on: date) -> set[str]:
    """The roles that a person holds by relation, by name or by a post, in two queries."""
    posts = _posts_of(person=person.pk, on=on)
    held = {kind for kind, _ in posts}
    over: dict[int, set[str]] = {}

    def holds(role: Role) -> bool:
        if role.relation:
            return person in standing.in_relation(role.relation)
        if role.people:
            return bool(person.reference) and person.reference in role.people
        if role.of == "anywhere" or role.post not in held:
            return role.post in held
        unit = _unit_of(role, standing, on=on)
        if unit is None:
            return False
        if unit.pk not in over:
            above = set(_above(unit=unit.pk, on=on))
            over[unit.pk] = {kind for kind, where in posts if where in above}
        return role.post in over[unit.pk]

    return {name for name, role in pack.roles.items() if holds(role)}


# ---- what is asked very often ----


def _of_a_post_over(post: str, unit: int, on: date) -> QuerySet[Post]:
    """The posts of that kind over a unit, those nearest to it first."""
    posts = Post.objects.filter(
        on_date(on),
        on_date(on, "unit__reached_by__"),
        kind=post,
        person__is_active=True,
        unit__reached_by__unit=unit,
    )
    found = posts.annotate(distance=F("unit__reached_by__depth")).select_related("person").only("person")
    return found.order_by("distance", "-starts_on", "-pk")


def _of_a_post_anywhere(post: str, on: date) -> QuerySet[Person]:
    held = Person.objects.filter(on_date(on, "posts__"), posts__kind=post, is_active=True)
    return held.distinct().order_by("pk")


def _nations_above(unit: int, *when: Q) -> QuerySet:
    """The nation that each unit above names, the nearest first."""
    reaches = Reach.objects.filter(*when, unit=unit).exclude(above__nation="")
    return reaches.order_by("depth", "pk").values_list("above__nation", flat=True)[:1]


_holders_over = Compiled(_of_a_post_over, post=str, unit=int, on=date)
_holders_anywhere = Compiled(_of_a_post_anywhere, post=str, on=date)
_posts_of = Compiled(
    lambda person, on: Post.objects.filter(person=person).on(on).values_list("kind", "unit_id"),
    person=int,
    on=date,
)
_where_placed = Compiled(
    lambda person, on: Post.objects.filter(person=person).on(on).select_related("unit").order_by("kind"),
    person=int,
    on=date,
)
_above = Compiled(
    lambda unit, on: Reach.objects.filter(on_date(on), unit=unit).values_list("above", flat=True),
    unit=int,
    on=date,
)
_closures = Compiled(lambda: Closure.objects.values_list("day", flat=True))
_nations_on = Compiled(lambda unit, on: _nations_above(unit, on_date(on)), unit=int, on=date)
_nations = Compiled(lambda unit: _nations_above(unit, Q(ends_on=None)), unit=int)
