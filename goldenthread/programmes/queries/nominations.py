"""Who may nominate a case for a draw and who agrees, which are open to it, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import works_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Post, Unit
from goldenthread.programmes.models import Cycle, Draw, FrameEntry, Nomination, Pick
from goldenthread.programmes.queries.areas import area_of
from goldenthread.programmes.queries.year import drawn_types
from goldenthread.rules.calendars import in_words
from goldenthread.rules.selection import SelectionRule
from goldenthread.rules.turns import NOMINATED
from goldenthread.tasks.queries import Standing, roles_of

AHEAD, MOST = timedelta(days=100), 20
"""How far ahead of a cycle its cases can be nominated, and how many cycles are offered at once."""


def rule_of(cycle: Cycle, audit_type: str) -> SelectionRule:
    """How the cases of a kind of audit are chosen in a cycle."""
    pack = pack_of(cycle.version)
    return pack.selection[pack.audit_types[audit_type].selection or ""]


def nominated_types(cycle: Cycle) -> list[str]:
    """The kinds of audit of a cycle for which people nominate cases, in the pack's order."""
    return [kind for kind in drawn_types(cycle) if rule_of(cycle, kind).choice != "draw"]


def open_types(cycle: Cycle) -> list[str]:
    """Those of them whose frame is not frozen yet."""
    frozen = set(Draw.objects.standing().filter(cycle=cycle).values_list("audit_type", flat=True))
    return [kind for kind in nominated_types(cycle) if kind not in frozen] if not cycle.sent_at else []


def open_cycles(*, on: date) -> list[Cycle]:
    """The cycles for which cases can be nominated now: not sent, not over, with a kind that takes them."""
    rows = Cycle.objects.filter(sent_at=None, closes_on__gte=on, opens_on__lte=on + AHEAD)
    found = (
        rows.select_related("version__framework").defer("version__document").order_by("opens_on", "pk")[:MOST]
    )
    return [cycle for cycle in found if open_types(cycle)]


def roles_towards(
    person: Person, cycle: Cycle, unit: Unit | None, practitioner: Person | None, on: date
) -> set[str]:
    """The roles of the cycle's framework that somebody holds towards the work with a case."""
    return roles_of(person, pack_of(cycle.version), Standing(unit, practitioner=practitioner), on=on)


def may_nominate(person: Person, cycle: Cycle, subject: Subject, *, on: date) -> list[str]:
    """The kinds of audit for which somebody may nominate a case in a cycle."""
    work = works_of([subject.pk], on).get(subject.pk)
    unit, practitioner = (work.unit, work.person) if work else (None, None)
    held = roles_towards(person, cycle, unit, practitioner, on)
    return [kind for kind in open_types(cycle) if held & set(rule_of(cycle, kind).nominated_by)]


def is_outside(cycle: Cycle, unit: Unit, *, on: date) -> bool:
    """Whether a cycle's framework is not for a unit, so that no case of it is chosen."""
    day = max(on, cycle.opens_on)
    area = area_of(cycle, day)
    return area is not None and unit.pk not in area.units(day)


def may_settle(person: Person, nomination: Nomination, *, on: date) -> bool:
    """Whether somebody agrees to a nomination or declines it; nobody does to their own."""
    if person.pk == nomination.nominated_by_id:
        return False
    agreed_by = rule_of(nomination.cycle, nomination.audit_type).agreed_by
    held = roles_towards(person, nomination.cycle, nomination.unit, nomination.practitioner, on)
    return bool(held & set(agreed_by))


def concerned_with_nominations(person: Person, cycle: Cycle, *, on: date) -> bool:
    """Whether a post of somebody's, or their work, may let them nominate or agree in a cycle."""
    pack = pack_of(cycle.version)
    names = {name for kind in nominated_types(cycle) for name in _roles(rule_of(cycle, kind))}
    roles = [pack.roles[name] for name in names]
    posts = [role.post for role in roles if role.post]
    if any(person.reference and person.reference in (role.people or ()) for role in roles):
        return True
    by_work = any(role.relation == "practitioner" for role in roles)
    held = Post.objects.filter(person=person, kind__in=posts).on(on).exists()
    return held or (by_work and Subject.objects.visible_to(person, on=on).exists())


def _roles(rule: SelectionRule) -> Iterable[str]:
    return (*rule.nominated_by, *rule.agreed_by)


def visible_to(person: Person, *, on: date) -> QuerySet[Nomination]:
    """The nominations that somebody made, or whose case they may see; never of their own work."""
    rows = Nomination.objects.select_related(
        "cycle__version", "subject", "unit", "practitioner", "nominated_by", "settled_by", "entry"
    ).defer("cycle__version__document")
    seen = Subject.objects.visible_to(person, on=on).filter(pk=OuterRef("subject"))
    return rows.filter(Q(nominated_by=person) | Exists(seen) & ~Q(practitioner=person))


def open_types_titled(cycle: Cycle) -> str:
    """The kinds of audit for which cases can be nominated in a cycle, in words."""
    types = pack_of(cycle.version).audit_types
    return in_words(types[kind].title for kind in open_types(cycle))


def is_nominated(entry: FrameEntry) -> bool:
    """Whether a case stands in a frame as nominated and agreed."""
    return entry.turn.startswith(NOMINATED)


def outcomes(draw: Draw) -> list[tuple[Nomination, str]]:
    """What became of each nomination in a draw: taken, or passed over and why."""
    rows = Nomination.objects.filter(cycle=draw.cycle, audit_type=draw.audit_type).select_related(
        "subject", "unit", "nominated_by", "settled_by", "entry"
    )
    mine = rows.filter(Q(entry__draw=draw) | Q(entry=None)).order_by("state", "nominated_at", "pk")
    picked = set(Pick.objects.filter(draw=draw).values_list("entry_id", flat=True))
    return [(one, _outcome(one, draw, picked)) for one in mine]


def _outcome(one: Nomination, draw: Draw, picked: set[int]) -> str:
    if one.state != Nomination.State.AGREED:
        return f"{one.get_state_display()}{': ' + one.settled_because if one.settled_because else ''}"
    if one.entry is None:
        return "passed over: the case was not open on the day of the frame"
    if not one.entry.eligible:
        return f"passed over: {one.entry.reason}"
    if draw.drawn_at is None:
        return "takes a place of its stratum first"
    if one.entry_id in picked:
        return "chosen"
    return "passed over: the places of its stratum, or of its practitioner, were taken by other nominations"
