"""The pools of auditors of a cycle, what each auditor has had this year, and who can take one audit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from goldenthread.audits.models import Audit
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Post
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.exclusions import Exclusions, exclusions
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.rules import assignment
from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import Known
from goldenthread.rules.framework import Framework as Pack
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
    earlier: Counter[int]
    held: Counter[int]

    def pool_of(self, slot: Slot) -> list[Person]:
        """The people of a slot's pool, by name."""
        members = self.members.get(self.pools[slot.pk], set())
        return sorted((self.people[key] for key in members), key=lambda person: (person.name, person.pk))

    def left(self, person: int) -> int:
        """How many more audits of this cycle a person can take."""
        return max(0, self.capacity[person] - self.held[person])

    def choices(self, slot: Slot) -> list[Choice]:
        """Everybody of the slot's pool: those who can take it first, then by the year's load."""
        found = [self._choice(slot, person) for person in self.pool_of(slot)]
        return sorted(found, key=lambda one: (bool(one.firm), bool(one.soft), one.this_year))

    def _choice(self, slot: Slot, person: Person) -> Choice:
        held = self.held[person.pk]
        full = f"already has {held} of the {self.capacity[person.pk]} audits that they may have in this cycle"
        soft = self.rules.soft(slot, person.pk) or (full if not self.left(person.pk) else "")
        return Choice(person, held, self.earlier[person.pk] + held, self.rules.firm(slot, person.pk), soft)


def day_of(cycle: Cycle, today: date) -> date:
    """The day of which frames and allocations tell: when the cycle opens, or today once it has."""
    return max(today, cycle.opens_on)


def bench(cycle: Cycle, slots: QuerySet[Slot], *, on: date, held: Counter[int]) -> Bench:
    """All that the allocation of these slots depends on; the number of queries is fixed.

    `held` is what counts against each person's capacity whatever becomes of these slots.
    """
    pack = pack_of(cycle.version)
    rows, places = {slot.pk: slot for slot in slots}, places_on(on)
    pools = _pools(pack, rows.values(), places, on)
    members = _members(pack, set(pools.values()), places, on)
    everybody = {person.pk: person for group in members.values() for person in group}
    return Bench(
        slots=rows,
        people=everybody,
        pools=pools,
        members={pool: {person.pk for person in group} for pool, group in members.items()},
        rules=exclusions(cycle, slots, on=on),
        capacity=_capacity(pack, members),
        earlier=audits_this_year(cycle),
        held=held,
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


def _members(
    pack: Pack, pools: Iterable[str], places: Mapping[int, Place], on: date
) -> dict[str, set[Person]]:
    """The people of each pool: who holds one of its posts that day, in the right place, and is still here."""
    rules = {pool: pool_named(pack, pool) for pool in pools if pool}
    posts = {post for rule in rules.values() for post in rule.posts}
    held = Post.objects.on(on).filter(
        kind__in=sorted(posts), person__is_active=True, person__joined_into=None
    )
    found: dict[str, set[Person]] = {pool: set() for pool in pools}
    for post in held.select_related("person"):
        for pool, rule in rules.items():
            if rule.takes(post.kind, places[post.unit_id].names):
                found[pool].add(post.person)
    return found


def people_of_pools(pack: Pack, rules: Iterable[str], places: Mapping[int, Place], on: date) -> set[int]:
    """Everybody in some pool of these pairing rules that day."""
    pools = [f"{name}#{place}" for name in rules for place in range(len(pack.pairing[name].pools))]
    return {person.pk for group in _members(pack, pools, places, on).values() for person in group}


def _capacity(pack: Pack, members: Mapping[str, set[Person]]) -> dict[int, int]:
    """How many audits each may have in a cycle: the least that the rules of their pools allow."""
    found: dict[int, int] = {}
    for pool, people in members.items():
        for person in people:
            allowed = pack.pairing[pool.rpartition("#")[0]].capacity
            found[person.pk] = min(found.get(person.pk, allowed), allowed)
    return found


def nobody(pack: Pack, pool: str) -> str:
    """Why a pool has no people, in words."""
    if not pool:
        return NO_POOL
    rule = pool_named(pack, pool)
    where = f" in {in_words(rule.within)}" if rule.within else ""
    return f"Nobody holds a post of this case's pool{where} on the day: {', '.join(rule.posts)}."


def audits_this_year(cycle: Cycle) -> Counter[int]:
    """How many audits each person has had in the other cycles of the year."""
    year = Slot.objects.standing().filter(cycle__framework_key=cycle.framework_key, cycle__year=cycle.year)
    return by_auditor(year.exclude(cycle=cycle))


def by_auditor(slots: QuerySet[Slot]) -> Counter[int]:
    """Audits by the person who has them now; once it is sent, the audit knows."""
    rows = slots.exclude(audit__phase="stopped").annotate(now=Coalesce("audit__auditor", "auditor"))
    return Counter(dict(rows.exclude(now=None).order_by().values_list("now").annotate(Count("pk"))))


def repeats_of(cycle: Cycle) -> dict[tuple[str, str], int]:
    """How often each auditor has audited each practitioner's work, by public ids."""
    audits = Audit.objects.filter(version__framework__key=cycle.framework_key).exclude(practitioner=None)
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
