"""The subjects that are no cases, as they should stand on a day: units, staff files, pairs, episodes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from goldenthread.caseload.models import CASE, Episode, Fact
from goldenthread.people.models import Person, Post, Unit
from goldenthread.people.queries import nearest_holders
from goldenthread.rules.subjects import SubjectKind

GATHERED, KEPT = "gathered", "kept"
"""The preset of the involvement of a subject that is no case: brought up to date, or of a list."""


@dataclass(frozen=True)
class Wanted:
    """A subject as it should stand: what it stands for, what it is called, who works with it, what is known.

    `works` are pairs of a person's and a unit's key; of several the last counts. `since` says from which day
    a fact is known, where that is not the day on which the subject began. `parts` are the keys of the
    subjects that belong to it; None leaves them as they are.
    """

    source: str
    reference: str
    label: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    works: tuple[tuple[int | None, int | None], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    parts: tuple[int, ...] | None = None


def wanted(kind: SubjectKind, on: date, facts: Collection[str] = ()) -> list[Wanted]:
    """The subjects of a kind that comes from the organisation itself or from its extracts.

    `facts` are those of a case that its involvements are known by too.
    """
    if kind.come_from == "involvements":
        return list(_involvements(on, facts))
    found = {"units": _units, "staff": _staff, "supervision": _pairs}
    return list(found[kind.come_from](kind, on))


def _units(kind: SubjectKind, on: date) -> Iterator[Wanted]:
    """Each unit of these kinds that stands that day, with whoever answers for it."""
    kinds = {one.casefold() for one in kind.units}
    for unit in Unit.objects.on(on).confirmed().order_by("pk"):
        if unit.kind.casefold() not in kinds:
            continue
        head = _leader(kind, unit, on) if kind.led_by else None
        yield Wanted(
            source=unit.public_id,
            reference=unit.reference or unit.public_id,
            label=unit.name,
            opened_on=unit.starts_on,
            works=((head.pk if head else None, unit.pk),),
            facts={"kind of unit": unit.kind},
        )


def _leader(kind: SubjectKind, unit: Unit, on: date, besides: int | None = None) -> Person | None:
    """Who leads that day: the holder of the post in the unit or nearest above it, who began last."""
    found = nearest_holders(kind.led_by or "", unit=unit, on=on)
    return next((person for person in found if person.pk != besides), None)


def _held(kind: SubjectKind, on: date) -> list[Post]:
    """One post of each member of staff: the first in the kind's order, then the one that began last."""
    rows = Post.objects.on(on).filter(kind__in=kind.posts, person__is_active=True, person__joined_into=None)
    found: dict[int, Post] = {}
    order = {name: place for place, name in enumerate(kind.posts)}
    latest_first = rows.select_related("person", "unit").order_by("-starts_on", "pk")
    for post in sorted(latest_first, key=lambda post: order[post.kind]):
        found.setdefault(post.person_id, post)
    return sorted(found.values(), key=lambda post: post.person_id)


def _number(person: Person) -> str:
    """What names a member of staff without their name."""
    return person.reference or person.public_id


def _staff(kind: SubjectKind, on: date) -> Iterator[Wanted]:
    """The file of each member of staff; they are the one it is about."""
    for post in _held(kind, on):
        yield Wanted(
            source=post.person.public_id,
            reference=_number(post.person),
            label=post.person.name,
            opened_on=post.starts_on,
            works=((post.person_id, post.unit_id),),
            facts={"post": post.kind},
        )


def _pairs(kind: SubjectKind, on: date) -> Iterator[Wanted]:
    """Each member of staff with their supervisor, whose work is looked at: so the supervisor comes last."""
    leaders: dict[tuple[int, int | None], Person | None] = {}
    for post in _held(kind, on):
        leads = post.kind == kind.led_by
        asked = (post.unit_id, post.person_id if leads else None)
        if asked not in leaders:
            leaders[asked] = _leader(kind, post.unit, on, besides=asked[1])
        leader = leaders[asked]
        if leader is None or leader.pk == post.person_id:
            continue
        yield Wanted(
            source=f"{post.person.public_id}+{leader.public_id}",
            reference=f"{_number(post.person)[:45]} with {_number(leader)[:45]}",
            label=f"{post.person.name} with {leader.name}"[:200],
            opened_on=max(post.starts_on, _leading_since(kind, leader, on)),
            works=((post.person_id, post.unit_id), (leader.pk, post.unit_id)),
            facts={"post": post.kind},
        )


def _leading_since(kind: SubjectKind, leader: Person, on: date) -> date:
    """Since when somebody holds the post that leads; of several, the earliest of those held that day."""
    held = Post.objects.filter(person=leader, kind=kind.led_by).on(on)
    return held.order_by("starts_on").values_list("starts_on", flat=True)[0]


def _involvements(on: date, facts: Collection[str]) -> Iterator[Wanted]:
    """Each involvement with a case that extracts show, named after the case and the day on which it began.

    What is known of the case is known of each involvement that runs; what is not known any more has ended.
    """
    told = _told(on, facts)
    rows = Episode.objects.filter(subject__kind=CASE, missing_since=None).select_related("subject")
    seen: Counter[str] = Counter()
    for one in rows.order_by("pk"):
        begun = one.opened_on or one.first_seen_on
        called = f"{one.subject.reference[:70]} from {begun:%d/%m/%Y}"
        seen[called] += 1
        reference = called if seen[called] == 1 else f"{called} ({seen[called]})"
        known = {} if one.closed_on and one.closed_on < on else told.get(one.subject_id, {})
        yield Wanted(
            source=str(one.pk),
            reference=reference,
            opened_on=begun,
            closed_on=one.closed_on,
            works=((one.worker_id, one.team_id),) if one.worker_id or one.team_id else (),
            facts={name: fact.value if fact else "" for name, fact in known.items()},
            since={name: max(begun, fact.starts_on) for name, fact in known.items() if fact},
            parts=(one.subject_id,),
        )


def _told(on: date, facts: Collection[str]) -> dict[int, dict[str, Fact | None]]:
    """These facts of each case as they stand that day; None for one that was told and has ended."""
    found: dict[int, dict[str, Fact | None]] = defaultdict(dict)
    rows = Fact.objects.filter(subject__kind=CASE, name__in=sorted(facts), starts_on__lte=on)
    for fact in rows.order_by("starts_on", "pk"):
        found[fact.subject_id][fact.name] = fact if fact.ends_on is None or fact.ends_on >= on else None
    return found
