"""What was done against what was to be done, for each kind of audit, team and period (CA-7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from goldenthread.audits.models import SEE_REPORTS, Audit, AuditQuerySet
from goldenthread.caseload.models import Subject, Work
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.frameworks.models import Grant, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import Area, Remits, remits_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Post, Reach, Unit, on_date
from goldenthread.programmes.models import Commission, Cycle, Draw, Pick, Slot, Stratum
from goldenthread.programmes.queries.auditors import people_of_pools
from goldenthread.programmes.queries.caseloads import ORGANISATION, WHOLE, caseload_by
from goldenthread.programmes.queries.targets import numbers
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.programmes.queries.windows import Kind, Window, windows
from goldenthread.rules.flow import EXEMPT
from goldenthread.rules.framework import Framework as Pack

PEOPLE = ("practitioner", "auditor")
DONE = ("final", "filed")
STOPPED = "stopped"
FINISHED = Count("pk", filter=Q(phase__in=DONE))


@dataclass(frozen=True)
class CoverageRow:
    """What one unit, person or the organisation owes under a target in a period, was sent and has finished.

    `types` are the kinds of audit that count; `period` is said where it is not the one asked for. Where
    people stand together in one row, `people` says whom, and `still` what each has still to finish, in all.
    """

    unit: Unit | None
    key: str
    title: str
    types: tuple[str, ...]
    target: int
    sent: int
    done: int
    person: Person | None = None
    period: str = ""
    exempt: int = 0
    people: str = ""
    still: int | None = None

    @property
    def missing(self) -> int:
        """How many are still to be finished."""
        return max(0, self.target - self.done) if self.still is None else self.still

    @property
    def holder(self) -> str:
        """Who owes it, by name."""
        named = self.person.name if self.person else self.unit.name if self.unit else ORGANISATION
        return self.people or named


def coverage_of(cycle: Cycle, *, reader: Person, on: date) -> list[CoverageRow]:
    """Coverage of one cycle, as far as the reader may see reports."""
    return coverage([cycle], reader=reader, on=on)


def coverage(cycles: Sequence[Cycle], *, reader: Person, on: date) -> list[CoverageRow]:
    """Coverage of several cycles of one framework together, by kind and then by name."""
    if not cycles:
        return []
    pack, places = pack_of(cycles[-1].version), places_on(on)
    sight = sight_of(reader, cycles[-1].version, on=on, places=places)
    rows, remits = [], remits_of(pack.key)
    counted = [window for window in windows(pack, cycles, on=on) if window.cycles]
    unusual, seen = _unusual(counted), {}
    for window in counted:
        over = tuple(cycle.pk for cycle in window.cycles)
        if over not in seen:
            seen[over] = _covered_by(window.cycles, reader, on)
        types = window.kind.types
        audits = seen[over].filter(audit_type__in=types) if types else seen[over]
        owed = _owed(window, _owed_by_rule(pack, window, places, on, remits), unusual, places)
        rows += _rows(window, owed, _counted(window.kind, places, of_caseload(audits, window)), sight)
    return rows


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


def _rows(
    window: Window,
    owing: tuple[Counter[int], Counter[int]],
    counted: tuple[Counter[int], Counter[int]],
    sight: Sight,
) -> list[CoverageRow]:
    """A row for each of those who owe or have something and whom the reader may see."""
    kind, (owed, exempt), (sent, done) = window.kind, owing, counted
    keys = [key for key in {*owed, *sent, *exempt} if owed[key] or sent[key] or exempt[key]]
    units: dict[int, Unit] = sight.units if kind.per in ("team", "service") else {}
    people = sight.people(keys) if kind.per in PEOPLE else {}
    if kind.per == "organisation":
        keys = [WHOLE] if sight.everywhere else []
    else:
        keys = [key for key in keys if key in units or key in people]
    rows = [
        CoverageRow(
            units.get(key),
            kind.key,
            kind.title,
            kind.types,
            owed[key],
            sent[key],
            done[key],
            people.get(key),
            window.title,
            exempt[key],
        )
        for key in keys
    ]
    return sorted(rows, key=lambda row: (row.holder.casefold(), row.unit.pk if row.unit else 0))


def of_caseload(audits: AuditQuerySet, window: Window) -> AuditQuerySet:
    """Where every open case is owed an audit, only those of cases that were open on the day."""
    if window.kind.target is None or not window.kind.target.everyone:
        return audits
    opened = [Subject.objects.open_on(day).values("pk") for day in window.counted_on]
    return audits.filter(reduce(or_, (Q(subject__in=subjects) for subjects in opened)))


def counting_for(kind: Kind, holder: Unit | Person | None, *, on: date) -> Q:
    """The audits that count for one of those who owe them."""
    if isinstance(holder, Person):
        return Q(auditor=holder) if kind.per == "auditor" else Q(practitioner=holder)
    if holder is None:
        return Q() if kind.per == "organisation" else Q(pk=None)
    if kind.per != "service":
        return Q(unit=holder)
    return Q(unit__in=[key for key, place in places_on(on).items() if place.service.pk == holder.pk])


def _unusual(counted: Iterable[Window]) -> list[Slot]:
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


def _owed(
    window: Window, by_rule: Counter[int], unusual: Iterable[Slot], places: dict[int, Place]
) -> tuple[Counter[int], Counter[int]]:
    """What each owes, and how many audits were exempted and are left out of that.

    An audit of another period that is done again in this one is owed in it as well (WF-9).
    """
    owed, exempt, kind = by_rule, Counter[int](), window.kind
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
    return (slot.practitioner_id or 0) if kind.per == "practitioner" else _answers(kind, places, slot.unit_id)


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
        owed[_answers(kind, places, key) if field == "unit" else key] += number
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
    return {_answers(kind, places, unit) for unit in teams}


def _answers(kind: Kind, places: dict[int, Place], unit: int) -> int:
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
                found[cycle][holder if kind.per == "practitioner" else _answers(kind, places, holder)] += 1
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


def covered(
    cycles: Iterable[Cycle],
    *,
    reader: Person,
    on: date,
    types: Sequence[str] = (),
) -> AuditQuerySet:
    """The audits behind a figure of coverage: those that count and that the reader may see reports of."""
    cycles = list(cycles)
    keys, labels = sorted({one.framework_key for one in cycles}), [one.label for one in cycles]
    found = _in_cycles(Audit.objects.reported_to(reader, on=on), keys, labels)
    return found.filter(audit_type__in=types) if types else found


def _in_cycles(audits: AuditQuerySet, keys: list[str], labels: list[str]) -> AuditQuerySet:
    return audits.exclude(phase=STOPPED).filter(version__framework__key__in=keys, cycle__in=labels)


def _covered_by(cycles: Sequence[Cycle], reader: Person, on: date) -> AuditQuerySet:
    """Those that `covered` gives, by one condition for several statements."""
    keys, labels = sorted({one.framework_key for one in cycles}), [one.label for one in cycles]
    return _covered_in.chosen(held=holding(reader, on), keys=keys, labels=labels)


def _keys_covered(held: Holding, keys: list[str], labels: list[str]) -> QuerySet[Audit, Any]:
    seen = Audit.objects.reported_to(held.reader, on=held.on)
    return _in_cycles(seen, keys, labels).order_by().values("pk")


_covered_in = Compiled(_keys_covered, held=Holding, keys=[str], labels=[str])


def finished_by_cycle(
    cycles: Sequence[Cycle], *, reader: Person, on: date
) -> defaultdict[str, tuple[int, int]]:
    """How many audits of each cycle were sent and are finished, by its label, as the reader may see."""
    found: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    if cycles:
        audits = covered(cycles, reader=reader, on=on).order_by().values_list("cycle")
        for label, sent, done in audits.annotate(sent=Count("pk"), done=FINISHED):
            found[label] = (sent, done)
    return found


def _counted(
    kind: Kind, places: dict[int, Place], audits: AuditQuerySet
) -> tuple[Counter[int], Counter[int]]:
    """Audits sent and finished by those who owe them; each case once where every case is owed one."""
    sent: Counter[int] = Counter()
    done: Counter[int] = Counter()
    everyone = bool(kind.target and kind.target.everyone)
    if kind.per == "organisation":
        one, finished = _sent_and_finished(everyone)
        whole = audits.aggregate(sent=one, done=finished)
        return Counter({WHOLE: whole["sent"]}), Counter({WHOLE: whole["done"]})
    field = {"auditor": "auditor", "practitioner": "practitioner"}.get(kind.per, "unit")
    for key, number, ended in _counted_by[field, everyone](audits=audits):
        holder = _answers(kind, places, key) if field == "unit" else key
        sent[holder] += number
        done[holder] += ended
    return sent, done


def _sent_and_finished(everyone: bool) -> tuple[Count, Count]:
    """How many were sent, and finished; each case once where every case is owed an audit."""
    what = "subject" if everyone else "pk"
    return Count(what, distinct=everyone), Count(what, distinct=True, filter=Q(phase__in=DONE))


def _counting(field: str, everyone: bool, audits: QuerySet[Audit]) -> QuerySet[Audit, Any]:
    sent, done = _sent_and_finished(everyone)
    rows = audits.order_by().exclude(**{field: None}).values_list(field)
    return rows.annotate(sent=sent, done=done)


_counted_by = {
    (field, everyone): Compiled(partial(_counting, field, everyone), audits=Audit)
    for field in ("auditor", "practitioner", "unit")
    for everyone in (True, False)
}


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
