"""What each owes under the targets: by the strata where a frame was frozen, else as a target says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from goldenthread.caseload.models import Subject, Work
from goldenthread.frameworks.remits import Area, Remits
from goldenthread.ledger.compiled import Compiled
from goldenthread.programmes.models import Commission, Cycle, Draw, Pick, Slot, Stratum
from goldenthread.programmes.queries.auditors import people_of_pools
from goldenthread.programmes.queries.caseloads import WHOLE, caseload_by
from goldenthread.programmes.queries.targets import numbers
from goldenthread.programmes.queries.teams import Place
from goldenthread.programmes.queries.windows import Kind, Window
from goldenthread.rules.flow import EXEMPT
from goldenthread.rules.framework import Framework as Pack


def unusual_places(counted: Iterable[Window]) -> list[Slot]:
    """The places of all windows for audits that are done again, or that were exempted."""
    cycles = sorted({one.pk for window in counted for one in window.cycles})
    return _unusual_in(cycles=cycles) if cycles else []


_unusual_in = Compiled(
    lambda cycles: (
        Slot.objects.standing()
        .filter(Q(instead_of__isnull=False) | Q(audit__stopped_as=EXEMPT), cycle__in=cycles)
        .select_related("audit", "instead_of")
        .only(
            *("cycle", "audit_type", "unit", "practitioner", "auditor"),
            *("audit__stopped_as", "audit__auditor", "instead_of__cycle"),
        )
        .order_by("pk")
    ),
    cycles=[int],
)


def owed_of(
    pack: Pack, window: Window, unusual: Iterable[Slot], places: dict[int, Place], remits: Remits, *, on: date
) -> tuple[Counter[int], Counter[int]]:
    """What each owes, and how many audits were exempted and are left out of that.

    An audit of another period that is done again in this one is owed in it as well (WF-9).
    """
    kind, exempt = window.kind, Counter[int]()
    owed = _owed_by_rule(pack, window, places, on, remits)
    keys, labels = {one.pk for one in window.cycles}, {one.label for one in window.cycles}
    mine = [slot for slot in unusual if slot.cycle_id in keys and slot.audit_type in kind.types]
    for slot in mine if kind.target else ():
        if slot.instead_of and slot.instead_of.cycle not in labels:
            owed[_held_by(kind, places, slot)] += 1
    for slot in mine:
        if slot.audit and slot.audit.stopped_as == EXEMPT:
            holder = _held_by(kind, places, slot)
            exempt[holder] += 1
            owed[holder] = max(0, owed[holder] - 1)
    return owed, exempt


def _held_by(kind: Kind, places: dict[int, Place], slot: Slot) -> int:
    """Who owes the audit of a slot under a kind."""
    if kind.per == "organisation":
        return WHOLE
    if kind.per == "auditor":
        return (slot.audit.auditor_id if slot.audit else slot.auditor_id) or 0
    if kind.per == "practitioner":
        return slot.practitioner_id or 0
    return who_answers(kind, places, slot.unit_id)


def _owed_by_rule(
    pack: Pack, window: Window, places: dict[int, Place], on: date, remits: Remits
) -> Counter[int]:
    """What each owes: as its strata said where a frame was frozen for it, else as the target says now.

    The units are those that the framework was for on the period's last day, or is for now.
    """
    kind, owed = window.kind, Counter[int]()
    if kind.target is None:
        cycles, labels = [one.pk for one in window.cycles], [one.label for one in window.cycles]
        return Counter(dict(_placed(cycles=cycles, labels=labels, types=kind.types)))
    if kind.target.each_time is not None:
        return _each_time(window, kind.target.each_time, places)
    asked: dict[Area | None, set[int]] = {}

    def add(first: date, last: date) -> None:
        area = remits.on(max(first, min(last, on)))
        if area not in asked:
            asked[area] = holders_of(pack, kind, places, on, area)
        owed.update(numbers(pack, kind.key, asked[area], on=first, today=on, area=area))

    if kind.target.each != "cycle":
        for first in window.periods:
            add(first, window.last_day(first))
        return owed
    frozen = _frozen(pack, window, places)
    for sizes in frozen.values():
        owed.update(sizes)
    for cycle in _held_at_all(window.cycles, on):
        if cycle.pk not in frozen:
            add(cycle.opens_on, cycle.closes_on)
    return owed


_placed = Compiled(
    lambda cycles, labels, types: (
        Slot.objects.standing()
        .filter(cycle__in=cycles, audit_type__in=types)
        .exclude(instead_of__cycle__in=labels)
        .order_by()
        .values_list("unit")
        .annotate(Count("pk"))
    ),
    cycles=[int],
    labels=[str],
    types=[str],
)


def _each_time(window: Window, trigger: str, places: dict[int, Place]) -> Counter[int]:
    """One for each time that counted under a trigger, such as each supervision held."""
    kind, owed = window.kind, Counter[int]()
    asked = Commission.objects.owed().filter(cycle__in=window.cycles, trigger=trigger).order_by()
    if kind.per == "organisation":
        return Counter({WHOLE: asked.count()})
    field = "worker" if kind.per == "practitioner" else "unit"
    for key, number in asked.exclude(**{field: None}).values_list(field).annotate(Count("pk")):
        owed[who_answers(kind, places, key) if field == "unit" else key] += number
    return owed


def holders_of(
    pack: Pack, kind: Kind, places: dict[int, Place], on: date, area: Area | None = None
) -> set[int]:
    """Those who owe audits of a kind: who has open cases, who may audit, or the organisation.

    Of a framework that is for some units, only those and the people in them.
    """
    if kind.per == "organisation":
        return {WHOLE}
    if kind.per == "auditor":
        rules = {pack.audit_types[name].pairing for name in kind.types if name in pack.audit_types}
        return people_of_pools(pack, rules, places, on, area)
    if kind.per == "practitioner":
        kinds = pack.kinds_audited(kind.types)
        return set(caseload_by("practitioner", places, on=on, kinds=kinds, area=area))
    teams = teams_with_cases(on, pack.kinds_audited(kind.types))
    teams = teams & area.units(on) if area else teams
    return {who_answers(kind, places, unit) for unit in teams}


def who_answers(kind: Kind, places: dict[int, Place], unit: int) -> int:
    """The unit that owes the audits of a team: itself, or its service."""
    return places[unit].service.pk if kind.per == "service" else unit


def _held_at_all(cycles: Sequence[Cycle], on: date) -> list[Cycle]:
    """Without the months that had closed before the organisation began: nobody owes anything for them."""
    first = _begun.first(key=cycles[-1].framework_key) or on
    return [cycle for cycle in cycles if cycle.closes_on >= min(first, on)]


_begun = Compiled(
    lambda key: (
        Cycle.objects.filter(framework_key=key)
        .exclude(reaudits_placed_at=None)
        .order_by("opens_on")
        .values_list("opens_on", flat=True)[:1]
    ),
    key=str,
)


def _frozen(pack: Pack, window: Window, places: dict[int, Place]) -> dict[int, Counter[int]]:
    """The sizes of the strata of each cycle whose frame is frozen, where the target gave them."""
    kind = window.kind
    by_it = [
        name
        for name in kind.types
        if (rule := pack.selection.get(pack.audit_types[name].selection or "")) and rule.size == kind.key
    ]
    found: dict[int, Counter[int]] = defaultdict(Counter)
    if not by_it:
        return found
    asked = {"cycles": [one.pk for one in window.cycles], "types": by_it}
    for cycle, unit, person, size in _sizes(**asked):
        if unit or person or kind.per == "organisation":
            found[cycle][unit or person or WHOLE] += size
    if kind.per != "organisation":
        field = "practitioner" if kind.per == "practitioner" else "unit"
        for cycle, holder in _from_groups[field](**asked):
            if holder is not None:
                found[cycle][holder if kind.per == "practitioner" else who_answers(kind, places, holder)] += 1
    return found


def _strata(cycles: list[int], types: list[str]) -> QuerySet[Stratum]:
    return Stratum.objects.filter(
        draw__in=Draw.objects.standing().filter(cycle__in=cycles, audit_type__in=types)
    )


def _picked_for_groups(field: str, cycles: list[int], types: list[str]) -> QuerySet[Pick, Any]:
    """What groups gave is owed besides, by whoever holds the case: it counts among what was done too."""
    strata = _strata(cycles, types)
    groups = strata.filter(unit=None, practitioner=None, draw=OuterRef("draw"), size__gt=0)
    picks = Pick.objects.filter(
        Exists(groups.filter(name=OuterRef("entry__stratum"))),
        draw__in=strata.values("draw"),
        replaced_by=None,
    )
    return picks.values_list("draw__cycle", f"entry__{field}")


_sizes = Compiled(
    lambda cycles, types: _strata(cycles, types).values_list("draw__cycle", "unit", "practitioner", "size"),
    cycles=[int],
    types=[str],
)
_from_groups = {
    field: Compiled(partial(_picked_for_groups, field), cycles=[int], types=[str])
    for field in ("practitioner", "unit")
}


def teams_with_cases(on: date, kinds: Iterable[str]) -> set[int]:
    """The teams that hold an open case, or another subject of these kinds, on a day."""
    subjects = Subject.objects.of_kind(*kinds).open_on(on)
    work = Work.objects.on(on).filter(subject__in=subjects, unit__isnull=False)
    return set(work.order_by().values_list("unit", flat=True).distinct())
