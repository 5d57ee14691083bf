"""What was done against what was to be done, for each kind of audit, team and period (CA-7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from goldenthread.audits.models import SEE_REPORTS, Audit, AuditQuerySet
from goldenthread.caseload.models import Subject, Work
from goldenthread.frameworks.models import Grant, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Post, Reach, Unit, on_date
from goldenthread.programmes.models import Cycle, Draw, Slot, Stratum
from goldenthread.programmes.queries.targets import numbers
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.rules.framework import Framework as Pack

DONE = ("final", "filed")
STOPPED = "stopped"
FINISHED = Count("pk", filter=Q(phase__in=DONE))


@dataclass(frozen=True)
class CoverageRow:
    """One unit under one target in a period: owed, sent, finished; `types` are the audit types that count."""

    unit: Unit
    key: str
    title: str
    types: tuple[str, ...]
    target: int
    sent: int
    done: int

    @property
    def missing(self) -> int:
        """How many are still to be finished."""
        return max(0, self.target - self.done)


@dataclass(frozen=True)
class _Kind:
    """What is counted together: a target's audit types, or a type that has no target."""

    key: str
    title: str
    types: tuple[str, ...]
    per_service: bool = False


def coverage_of(cycle: Cycle, *, reader: Person, on: date) -> list[CoverageRow]:
    """Coverage of one cycle, as far as the reader may see reports."""
    return coverage([cycle], reader=reader, on=on)


def coverage(cycles: Sequence[Cycle], *, reader: Person, on: date) -> list[CoverageRow]:
    """Coverage of several cycles of one framework together, by kind and then by unit's name."""
    if not cycles:
        return []
    pack, places = pack_of(cycles[-1].version), places_on(on)
    units = {unit.pk: unit for unit in units_reported_to(reader, cycles[-1].version, on=on)}
    sent, done = _counted(covered(cycles, reader=reader, on=on))
    rows = []
    for kind in _kinds(pack):
        owed = _owed(kind, cycles, places, on)
        rows += _rows(kind, units, owed, _held(kind, places, sent), _held(kind, places, done))
    return rows


def _rows(
    kind: _Kind, units: dict[int, Unit], owed: Counter[int], sent: Counter[int], done: Counter[int]
) -> list[CoverageRow]:
    """A row for each unit that owes or has something and that the reader may see."""
    keys = [key for key in {*owed, *sent} if key in units and (owed[key] or sent[key])]
    return [
        CoverageRow(units[key], kind.key, kind.title, kind.types, owed[key], sent[key], done[key])
        for key in sorted(keys, key=lambda key: (units[key].name.casefold(), key))
    ]


def units_counted(unit: Unit, pack: Pack, kind: str, *, on: date) -> list[int]:
    """The teams that count for a unit's row: itself, or the teams of a service."""
    target = pack.targets.get(kind)
    if target is None or target.per != "service":
        return [unit.pk]
    return [key for key, place in places_on(on).items() if place.service.pk == unit.pk]


def _held(kind: _Kind, places: dict[int, Place], found: Counter[tuple[int, str]]) -> Counter[int]:
    """How many of the kind's types each unit that answers for them has."""
    held: Counter[int] = Counter()
    for (unit, name), number in found.items():
        if name in kind.types:
            held[_holder(kind, places, unit)] += number
    return held


def _holder(kind: _Kind, places: dict[int, Place], unit: int) -> int:
    return places[unit].service.pk if kind.per_service else unit


def _kinds(pack: Pack) -> list[_Kind]:
    """The framework's targets, then its audit types that no target counts."""
    targets = [
        _Kind(name, target.title, target.counts, target.per == "service")
        for name, target in pack.targets.items()
    ]
    counted = {name for target in pack.targets.values() for name in target.counts}
    rest = [
        _Kind(name, kind.title, (name,)) for name, kind in pack.audit_types.items() if name not in counted
    ]
    return targets + rest


def _owed(kind: _Kind, cycles: Sequence[Cycle], places: dict[int, Place], on: date) -> Counter[int]:
    """What each unit owes: as its strata said where a frame was frozen, else as the target says now."""
    owed: Counter[int] = Counter()
    pack = pack_of(cycles[-1].version)
    if kind.key not in pack.targets:
        placed = Slot.objects.standing().filter(cycle__in=cycles, audit_type__in=kind.types).order_by()
        return Counter(dict(placed.values_list("unit").annotate(Count("pk"))))
    frozen = _frozen(cycles, kind)
    for sizes in frozen.values():
        owed.update(sizes)
    if rest := [cycle for cycle in _held_at_all(cycles, on) if cycle.pk not in frozen]:
        holders = {_holder(kind, places, unit) for unit in teams_with_cases(on)}
        for cycle in rest:
            owed.update(numbers(pack, kind.key, holders, on=cycle.opens_on))
    return owed


def _held_at_all(cycles: Sequence[Cycle], on: date) -> list[Cycle]:
    """Without the months that had closed before the organisation began: nobody owes anything for them."""
    begun = Cycle.objects.filter(framework_key=cycles[-1].framework_key).exclude(reaudits_placed_at=None)
    first = begun.order_by("opens_on").values_list("opens_on", flat=True).first() or on
    return [cycle for cycle in cycles if cycle.closes_on >= min(first, on)]


def _frozen(cycles: Sequence[Cycle], kind: _Kind) -> dict[int, Counter[int]]:
    """The sizes of the strata of each cycle whose frame is frozen."""
    strata = Stratum.objects.filter(
        draw__in=Draw.objects.standing().filter(cycle__in=cycles, audit_type__in=kind.types),
        unit__isnull=False,
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for cycle, unit, size in strata.values_list("draw__cycle", "unit", "size"):
        found[cycle][unit] += size
    return found


def teams_with_cases(on: date) -> set[int]:
    """The teams that hold an open case on a day."""
    work = Work.objects.on(on).filter(subject__in=Subject.objects.open_on(on), unit__isnull=False)
    return set(work.order_by().values_list("unit", flat=True).distinct())


def covered(
    cycles: Iterable[Cycle],
    *,
    reader: Person,
    on: date,
    types: Sequence[str] = (),
    units: Sequence[int] | None = None,
) -> AuditQuerySet:
    """The audits behind a figure of coverage: those that count and that the reader may see reports of."""
    cycles = list(cycles)
    found = Audit.objects.reported_to(reader, on=on).exclude(phase=STOPPED)
    found = found.filter(
        version__framework__key__in={cycle.framework_key for cycle in cycles},
        cycle__in=[cycle.label for cycle in cycles],
    )
    if types:
        found = found.filter(audit_type__in=types)
    return found if units is None else found.filter(unit__in=units)


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


def _counted(audits: QuerySet[Audit]) -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str]]]:
    """Audits sent and finished by unit and type."""
    sent: Counter[tuple[int, str]] = Counter()
    done: Counter[tuple[int, str]] = Counter()
    rows = audits.order_by().values_list("unit", "audit_type")
    for unit, name, number, finished in rows.annotate(sent=Count("pk"), done=FINISHED):
        sent[unit, name], done[unit, name] = number, finished
    return sent, done


def units_reported_to(reader: Person, version: Version, *, on: date) -> QuerySet[Unit]:
    """The units whose figures somebody may read that day, by a post that sees reports there or anywhere."""
    grants = Grant.objects.filter(version=version, permission=SEE_REPORTS)
    held = Post.objects.filter(person=reader).on(on)
    anywhere = grants.filter(scope=Grant.Scope.ANYWHERE).values("post")
    if held.filter(kind__in=anywhere).exists():
        return Unit.objects.all()
    posts = held.filter(kind__in=grants.filter(scope=Grant.Scope.OVER_THE_UNIT).values("post"))
    under = Reach.objects.filter(on_date(on), unit=OuterRef("pk"), above__in=posts.values("unit"))
    return Unit.objects.filter(Exists(under))
