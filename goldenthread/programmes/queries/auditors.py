"""The pools of auditors of a cycle, what each auditor has had this year, and who can take one audit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from goldenthread.audits.models import Audit
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import Area
from goldenthread.people.models import Person, Post, Unit
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.areas import area_of
from goldenthread.programmes.queries.exclusions import Exclusions, Paired, exclusions
from goldenthread.programmes.queries.so_far import sent_so_far
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.rules import assignment
from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import Known
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.pairs import partners
from goldenthread.rules.selection import Pool

NO_POOL = (
    "No pool of the framework covers this case. Add one to its pairing rule, or choose an auditor by hand."
)


@dataclass(frozen=True)
class Choice:
    """Somebody of an audit's pool: what they have, and what keeps them from it if anything does."""

    person: Person
    this_cycle: int
    this_year: int
    firm: str
    soft: str


@dataclass(frozen=True)
class Bench:
    """The audits to give out and the people of their pools, with all that the rules ask about them."""

    slots: dict[int, Slot]
    people: dict[int, Person]
    pools: dict[int, str]
    members: dict[str, set[int]]
    rules: Exclusions
    capacity: dict[int, int]
    year: dict[int, tuple[int, int]]
    earlier: Counter[int]
    held: Counter[int]
    limited: bool = False

    def pool_of(self, slot: Slot) -> list[Person]:
        """The people of a slot's pool, by name."""
        members = self.members.get(self.pools[slot.pk], set())
        return sorted((self.people[key] for key in members), key=lambda person: (person.name, person.pk))

    def left(self, person: int) -> int:
        """How many more audits of this cycle a person can take."""
        _, room = self.year.get(person, (0, self.capacity[person]))
        return max(0, min(self.capacity[person], room) - self.held[person])

    def _full(self, person: int) -> str:
        """That a person has as many as they may have, in this cycle or in the year."""
        held, (most, room) = self.held[person], self.year.get(person, (0, self.capacity[person]))
        if room < self.capacity[person]:
            return f"already has the {most} audit{'' if most == 1 else 's'} that they may have this year"
        most = self.capacity[person]
        audits = "audit" if most == 1 else "audits"
        return f"already has {held} of the {most} {audits} that they may have in this cycle"

    def choices(self, slot: Slot, *, by_hand: bool = False) -> list[Choice]:
        """Everybody of the slot's pool: those who can take it first, then by the year's load.

        `by_hand`, and where nobody is free of every rule, what the framework lets give way is said as what a
        reason sets aside.
        """
        found = [self._choice(slot, person) for person in self.pool_of(slot)]
        if by_hand and all(one.firm for one in found):
            found = [self._given_way(slot, one) for one in found]
        return sorted(found, key=lambda one: (bool(one.firm), bool(one.soft), one.this_year))

    def _given_way(self, slot: Slot, one: Choice) -> Choice:
        if self.rules.firm(slot, one.person.pk, by_hand=True):
            return one
        both = "; ".join(said for said in (one.firm, one.soft) if said)
        return replace(one, firm="", soft=both)

    def _choice(self, slot: Slot, person: Person) -> Choice:
        held = self.held[person.pk]
        soft = self.rules.soft(slot, person.pk) or ("" if self.left(person.pk) else self._full(person.pk))
        return Choice(person, held, self.earlier[person.pk] + held, self.rules.firm(slot, person.pk), soft)


def day_of(cycle: Cycle, today: date) -> date:
    """The day of which frames and allocations tell: when the cycle opens, or today once it has."""
    return max(today, cycle.opens_on)


def bench(cycle: Cycle, slots: QuerySet[Slot] | list[Slot], *, on: date, held: Counter[int]) -> Bench:
    """All that the allocation of these slots depends on; the number of queries is fixed.

    `held` is what counts against each person's capacity whatever becomes of these slots.
    """
    pack = pack_of(cycle.version)
    rows, places = {slot.pk: slot for slot in slots}, places_on(on)
    pools = _pools(pack, rows.values(), places, on)
    area = area_of(cycle, on)
    posts = _posts_of(pack, set(pools.values()), places, on, area)
    members = {pool: {post.person_id for post in held} for pool, held in posts.items()}
    return Bench(
        slots=rows,
        people={post.person_id: post.person for held in posts.values() for post in held},
        pools=pools,
        members=members,
        rules=exclusions(cycle, slots, on=on, paired=_paired(cycle, rows.values(), pools, posts)),
        capacity=_capacity(pack, members),
        year=_room_this_year(pack, members, cycle),
        earlier=audits_this_year(cycle),
        held=held,
        limited=area is not None,
    )


def _pools(pack: Pack, slots: Iterable[Slot], places: Mapping[int, Place], on: date) -> dict[int, str]:
    """The pool of each slot: its pairing rule's name and the pool's place in it; empty if none covers it."""
    slots = list(slots)
    facts = facts_of([slot.subject_id for slot in slots], on)
    found = {}
    for slot in slots:
        name = pack.audit_types[slot.audit_type].pairing
        known = Known(on=on, facts={**facts[slot.subject_id], **_own_facts(slot, places)})
        pool = pack.pairing[name].pool_for(known)
        found[slot.pk] = f"{name}#{pack.pairing[name].pools.index(pool)}" if pool else ""
    return found


def _own_facts(slot: Slot, places: Mapping[int, Place]) -> dict[str, object]:
    """What the slot says itself: the team and practitioner whose work is audited."""
    practitioner = slot.practitioner.public_id if slot.practitioner else ""
    return {"team": slot.unit.name, "service": places[slot.unit_id].names, "practitioner": practitioner}


def pool_named(pack: Pack, pool: str) -> Pool:
    """The pool behind a name of `_pools`."""
    name, _, place = pool.rpartition("#")
    return pack.pairing[name].pools[int(place)]


def _posts_of(
    pack: Pack, pools: Iterable[str], places: Mapping[int, Place], on: date, area: Area | None
) -> dict[str, list[Post]]:
    """The posts of each pool that are held that day, in the right place, by somebody who is still here.

    Of a framework that is for some units: in those, or above them.
    """
    ours = area.posts(on) if area else places.keys()
    rules = {pool: pool_named(pack, pool) for pool in pools if pool}
    posts = {post for rule in rules.values() for post in rule.posts}
    held = Post.objects.on(on).filter(
        kind__in=sorted(posts), person__is_active=True, person__joined_into=None
    )
    found: dict[str, list[Post]] = {pool: [] for pool in pools}
    for post in held.select_related("person"):
        for pool, rule in rules.items():
            if post.unit_id in ours and rule.takes(post.kind, places[post.unit_id].names):
                found[pool].append(post)
    return found


def people_of_pools(
    pack: Pack, rules: Iterable[str], places: Mapping[int, Place], on: date, area: Area | None = None
) -> set[int]:
    """Everybody in some pool of these pairing rules that day."""
    pools = [f"{name}#{place}" for name in rules for place in range(len(pack.pairing[name].pools))]
    found = _posts_of(pack, pools, places, on, area)
    return {post.person_id for posts in found.values() for post in posts}


def _paired(
    cycle: Cycle, slots: Iterable[Slot], pools: Mapping[int, str], posts: Mapping[str, list[Post]]
) -> dict[int, Paired]:
    """Who audits each slot of a pool whose teams audit each other; none where the team has nobody in it."""
    pack, found = pack_of(cycle.version), {}
    pairs = {pool: pairs_of(cycle, pack, pool, posts[pool]) for pool in posts if pool}
    for slot in slots:
        pool = pools[slot.pk]
        partner = pairs.get(pool, {}).get(slot.unit_id)
        if partner is not None:
            people = frozenset(post.person_id for post in posts[pool] if post.unit_id == partner.pk)
            found[slot.pk] = Paired(partner.name, people)
    return found


def pairs_of(cycle: Cycle, pack: Pack, pool: str, posts: Iterable[Post]) -> dict[int, Unit]:
    """For each team of a pool that goes in pairs, the team that audits its work in this cycle."""
    rule = pool_named(pack, pool)
    if rule.pairs is None:
        return {}
    units = {unit.public_id: unit for unit in Unit.objects.filter(pk__in={post.unit_id for post in posts})}
    turn = cycle.year if rule.pairs == "each year" else _cycles_before(cycle)
    return {units[team].pk: units[other] for team, other in partners(list(units), turn).items()}


def _cycles_before(cycle: Cycle) -> int:
    """How many cycles of the same calendar came before."""
    same = Cycle.objects.filter(framework_key=cycle.framework_key, calendar=cycle.calendar)
    return same.filter(opens_on__lt=cycle.opens_on).count()


def pairs_in(cycle: Cycle, *, on: date) -> list[tuple[str, str]]:
    """Each team with the team that audits its work in a cycle, by name; empty where no pool goes in pairs."""
    pack = pack_of(cycle.version)
    rules = {pack.audit_types[name].pairing for name in pack.types_in(cycle.calendar)}
    pools = [
        f"{name}#{place}"
        for name in sorted(rules)
        for place, pool in enumerate(pack.pairing[name].pools)
        if pool.pairs
    ]
    places = places_on(on) if pools else {}
    found = []
    area = area_of(cycle, on) if pools else None
    for pool, posts in _posts_of(pack, pools, places, on, area).items() if pools else ():
        pairs = pairs_of(cycle, pack, pool, posts)
        found += [(places[unit].unit.name, other.name) for unit, other in pairs.items()]
    return sorted(found)


def _capacity(pack: Pack, members: Mapping[str, set[int]]) -> dict[int, int]:
    """How many audits each may have in a cycle: the least that the rules of their pools allow."""
    found: dict[int, int] = {}
    for pool, people in members.items():
        for person in people:
            allowed = pack.pairing[pool.rpartition("#")[0]].capacity
            found[person] = min(found.get(person, allowed), allowed)
    return found


def _room_this_year(pack: Pack, members: Mapping[str, set[int]], cycle: Cycle) -> dict[int, tuple[int, int]]:
    """Of those whose year is limited: how many audits they may have in it, and how many are left."""
    found: dict[int, tuple[int, int]] = {}
    for name in {pool.rpartition("#")[0] for pool in members if pool}:
        most = pack.pairing[name].capacity_in_year
        if most is None:
            continue
        had = audits_this_year(cycle, [key for key, kind in pack.audit_types.items() if kind.pairing == name])
        for person in set().union(*(group for pool, group in members.items() if pool.startswith(f"{name}#"))):
            here = (most, max(0, most - had[person]))
            found[person] = min(found.get(person, here), here, key=lambda one: one[1])
    return found


def nobody(table: Bench, slot: Slot) -> str:
    """Why the pool of a slot has no people, in words."""
    pool = table.pools[slot.pk]
    if not pool:
        return NO_POOL
    rule = pool_named(table.rules.pack, pool)
    where = f" in {in_words(rule.within)}" if rule.within else ""
    where += " in the units that this framework is for, or above them," if table.limited else ""
    return f"Nobody holds a post of this case's pool{where} on the day: {', '.join(rule.posts)}."


def audits_this_year(cycle: Cycle, types: Iterable[str] | None = None) -> Counter[int]:
    """How many audits, of all kinds or of some, each person has had in the other cycles of the year."""
    year = Slot.objects.standing().filter(cycle__framework_key=cycle.framework_key, cycle__year=cycle.year)
    year = year if types is None else year.filter(audit_type__in=list(types))
    if cycle.is_tried:
        year = year.filter(cycle__opens_on__lt=cycle.opens_on)
    return by_auditor(year.exclude(cycle__pk=cycle.pk))


def by_auditor(slots: QuerySet[Slot]) -> Counter[int]:
    """Audits by the person who has them now; once it is sent, the audit knows."""
    rows = slots.exclude(audit__phase="stopped").annotate(now=Coalesce("audit__auditor", "auditor"))
    return Counter(dict(rows.exclude(now=None).order_by().values_list("now").annotate(Count("pk"))))


def repeats_of(cycle: Cycle) -> dict[tuple[str, str], int]:
    """How often each auditor has audited each practitioner's work, by public ids."""
    audits = Audit.objects.filter(version__framework__key=cycle.framework_key).exclude(practitioner=None)
    audits = sent_so_far(cycle, audits, on=cycle.opens_on)
    rows = audits.order_by().values_list("auditor__public_id", "practitioner__public_id")
    return {(auditor, practitioner): number for auditor, practitioner, number in rows.annotate(Count("pk"))}


def as_rules(bench: Bench) -> tuple[list[assignment.Slot], list[assignment.Auditor]]:
    """The bench as the rules of allocation take it, by public ids."""
    covered = [slot for slot in bench.slots.values() if bench.pools[slot.pk]]
    slots = [_rule_slot(bench, slot, turn) for turn, slot in enumerate(covered)]
    pools: dict[int, set[str]] = defaultdict(set)
    for pool, members in bench.members.items():
        for person in members:
            pools[person].add(pool)
    auditors = [
        assignment.Auditor(
            key=person.public_id,
            name=person.name,
            pools=frozenset(pools[key]),
            capacity=bench.left(key),
            load=bench.earlier[key] + bench.held[key],
        )
        for key, person in bench.people.items()
    ]
    return slots, auditors


def _rule_slot(bench: Bench, slot: Slot, turn: int) -> assignment.Slot:
    """One slot; where there are too few auditors, re-audits go first, the oldest before the others."""
    pool = bench.pools[slot.pk]
    why_not = {bench.people[key].public_id: bench.rules.why_not(slot, key) for key in bench.members[pool]}
    return assignment.Slot(
        key=slot.public_id,
        pool=pool,
        practitioner=slot.practitioner.public_id if slot.practitioner else "",
        excluded={person: rule for person, rule in why_not.items() if rule},
        turn=turn,
    )
