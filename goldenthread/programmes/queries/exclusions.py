"""The rules that keep an auditor from an audit, each with the words that tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from goldenthread.audits.models import Audit
from goldenthread.audits.registering import parties_to
from goldenthread.caseload.models import Subject, Work
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Leave, Post, on_date
from goldenthread.people.queries import organisation_calendar, trained_people
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.selection import PairingRule
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.rules.subjects import COMPLETED_AUDITS

OVER_THE_SUBJECT = "the subject's unit"
Slots = QuerySet[Slot] | list[Slot]


@dataclass(frozen=True)
class Paired:
    """Who audits the work of a team that is one of a pair, and of which team they are."""

    team: str
    people: frozenset[int]


@dataclass(frozen=True)
class Exclusions:
    """What is known of auditors on a day, as the framework's pairing rules ask for it."""

    pack: Pack
    on: date
    own_work: set[tuple[int, int]]
    parties: Mapping[int, set[int]]
    own_team: set[tuple[int, int]]
    own_service: set[tuple[int, int]]
    own_line: set[tuple[int, int]]
    paired: Mapping[int, Paired]
    trained: dict[str, set[int]]
    days_away: dict[int, int]
    days: int

    def rule_of(self, slot: Slot) -> PairingRule:
        """The pairing rule of a slot's audit type."""
        return self.pack.pairing[self.pack.audit_types[slot.audit_type].pairing]

    def firm(self, slot: Slot, person: int, *, by_hand: bool = False) -> str:
        """The rule that nobody may set aside, in words that follow the person's name; empty if none.

        `by_hand` leaves out those that the framework lets give way to a choice by hand.
        """
        rule = self.rule_of(slot)
        if by_hand:
            kept = tuple(one for one in rule.independence if one not in rule.set_aside_by_hand)
            rule = rule.model_copy(update={"independence": kept})
        if too_near_or_far := self._independence(rule, slot, person):
            return too_near_or_far
        if slot.pk in self.paired and person not in self.paired[slot.pk].people:
            return f"is not paired with {slot.unit}; {self.paired[slot.pk].team} is"
        if "not the earlier auditor" in rule.independence and person in earlier_auditors(slot):
            words = self.pack.words_for(slot.audit_type)
            return "did the earlier {audit} of this {case}".format_map(words)
        if rule.trained_in and person not in self.trained[rule.trained_in]:
            return f"has no training in {rule.trained_in} that holds on {self.on:%-d %B %Y}"
        return ""

    def _independence(self, rule: PairingRule, slot: Slot, person: int) -> str:
        """How a person stands to the work audited, where that keeps them from it."""
        asked, here = rule.independence, (slot.unit_id, person)
        case = self.pack.words_for(slot.audit_type)["case"]
        if person in self.parties.get(slot.subject_id, ()):
            return f"took part in this {case} as its {{auditor}} or {{practitioner}}".format_map(
                self.pack.words
            )
        if "not their own work" in asked and self._worked(slot, person):
            return f"worked on this {case} in the period audited"
        if "only their own work" in asked and person != slot.practitioner_id:
            return f"does not work with this {case}, and it is audited by whoever does"
        if "not their own team" in asked and here in self.own_team:
            return f"belongs to the team whose work is audited, {slot.unit}"
        if "only their own service" in asked and here not in self.own_service:
            return f"works in another service than the team whose work is audited, {slot.unit}"
        if "not their own line" in asked and here in self.own_line:
            return f"manages the team whose work is audited, {slot.unit}, or a unit above it"
        return ""

    def soft(self, slot: Slot, person: int) -> str:
        """The rule that gives way to a reason written by a person; empty if none."""
        rule, away = self.rule_of(slot), self.days_away.get(person, 0)
        if away * 100 > rule.may_be_away * self.days:
            most = f"at most {rule.may_be_away} per cent is allowed"
            return (
                f"is on leave on {away} of the {self.pack.words['cycle']}'s {self.days} working days ({most})"
            )
        return ""

    def why_not(self, slot: Slot, person: int) -> str:
        """The first rule that keeps a person from an audit; empty if none."""
        return self.firm(slot, person) or self.soft(slot, person)

    def _worked(self, slot: Slot, person: int) -> bool:
        return person == slot.practitioner_id or (slot.subject_id, person) in self.own_work


def exclusions(cycle: Cycle, slots: Slots, *, on: date, paired: Mapping[int, Paired]) -> Exclusions:
    """What the rules look at for these slots, in a fixed number of queries."""
    pack = pack_of(cycle.version)
    courses = {rule.trained_in for rule in pack.pairing.values() if rule.trained_in}
    asked = {one for rule in pack.pairing.values() for one in rule.independence}
    away, days = _days_away(cycle)
    return Exclusions(
        pack=pack,
        on=on,
        own_work=_own_work(pack, slots, on),
        parties=_parties(pack, slots),
        own_service=_in_service(slots, on) if "only their own service" in asked else set(),
        own_line=_managers(pack, slots, on) if "not their own line" in asked else set(),
        paired=paired,
        own_team=_posts_in(slots, on) | _workers_in(slots, on) | _nearest_managers(pack, slots, on),
        trained={course: trained_people(course, on=on) for course in courses},
        days_away=away,
        days=days,
    )


def earlier_auditors(slot: Slot) -> set[int]:
    """Who did the audits that this one looks at again."""
    found: set[int] = set()
    audit: Audit | None = slot.previous
    while audit is not None:
        found.add(audit.auditor_id)
        audit = audit.previous
    return found


def _of(slots: Slots, field: str) -> QuerySet | set[int]:
    """One column of the slots, for a subquery, or as it is where the slots are only tried."""
    if isinstance(slots, list):
        return {getattr(slot, f"{field}_id") for slot in slots}
    return slots.order_by().values(field)


def _own_work(pack: Pack, slots: Slots, on: date) -> set[tuple[int, int]]:
    """Who worked on which case within the longest period that these audits look back on."""
    first = min(span_before(parse_span(kind.looks_back), on) for kind in pack.audit_types.values())
    work = Work.objects.between(first, on).filter(subject__in=_of(slots, "subject")).exclude(person=None)
    return set(work.values_list("subject_id", "person_id"))


def _parties(pack: Pack, slots: Slots) -> dict[int, set[int]]:
    """Who did a completed audit that is to be looked at, and whose work it looked at: never its auditor."""
    kinds = [name for name, kind in pack.subjects.items() if kind.come_from == COMPLETED_AUDITS]
    if not kinds:
        return {}
    subjects = Subject.objects.of_kind(*kinds).filter(pk__in=_of(slots, "subject"))
    sources = dict(subjects.values_list("source", "pk"))
    return {sources[source]: people for source, people in parties_to(list(sources)).items()}


def _posts_in(slots: Slots, on: date) -> set[tuple[int, int]]:
    """Who holds any post in a team itself."""
    posts = Post.objects.on(on).filter(unit__in=_of(slots, "unit"))
    return set(posts.values_list("unit_id", "person_id"))


def _workers_in(slots: Slots, on: date) -> set[tuple[int, int]]:
    """Who works with cases of a team."""
    work = Work.objects.on(on).filter(unit__in=_of(slots, "unit")).exclude(person=None)
    return set(work.order_by().values_list("unit_id", "person_id").distinct())


def _in_service(slots: Slots, on: date) -> set[tuple[int, int]]:
    """Who holds a post in the service of a team, or below it."""
    if not slots:
        return set()
    places = places_on(on)
    members: dict[int, set[int]] = defaultdict(set)
    for unit, person in Post.objects.on(on).values_list("unit_id", "person_id"):
        members[places[unit].service.pk].add(person)
    units = {slot.unit_id for slot in slots}
    return {(unit, person) for unit in units for person in members[places[unit].service.pk]}


def _managing(pack: Pack, slots: Slots, on: date) -> QuerySet:
    """Holders of a managing post at or above a team, each with the team and how far above they are."""
    managing = sorted(
        {role.post for role in pack.roles.values() if role.post and role.of == OVER_THE_SUBJECT}
    )
    posts = Post.objects.on(on).filter(kind__in=managing, unit__reached_by__unit__in=_of(slots, "unit"))
    return posts.filter(on_date(on, "unit__reached_by__")).annotate(
        team=F("unit__reached_by__unit"), distance=F("unit__reached_by__depth")
    )


def _managers(pack: Pack, slots: Slots, on: date) -> set[tuple[int, int]]:
    """Everybody who manages a team or a unit above it."""
    return set(_managing(pack, slots, on).values_list("team", "person_id"))


def _nearest_managers(pack: Pack, slots: Slots, on: date) -> set[tuple[int, int]]:
    """Who manages a team that has no manager of its own: the nearest holders of a managing post above it."""
    rows = _managing(pack, slots, on)
    found: dict[int, tuple[int, set[int]]] = {}
    for team, distance, person in rows.order_by("distance").values_list("team", "distance", "person_id"):
        nearest, people = found.setdefault(team, (distance, set()))
        if distance == nearest:
            people.add(person)
    return {(team, person) for team, (_, people) in found.items() for person in people}


def _days_away(cycle: Cycle) -> tuple[dict[int, int], int]:
    """How many of the cycle's working days each person is on leave, and how many it has."""
    calendar = organisation_calendar(on=cycle.opens_on)
    span = (cycle.closes_on - cycle.opens_on).days + 1
    listed = [cycle.opens_on + timedelta(days=number) for number in range(span)]
    days = [day for day in listed if calendar.is_working_day(day)]
    away: dict[int, set[date]] = defaultdict(set)
    leave = Leave.objects.filter(starts_on__lte=cycle.closes_on, ends_on__gte=cycle.opens_on)
    for person, starts_on, ends_on in leave.values_list("person_id", "starts_on", "ends_on"):
        away[person].update(day for day in days if starts_on <= day <= ends_on)
    return {person: len(found) for person, found in away.items()}, len(days)
