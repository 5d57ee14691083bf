"""What was done against what was to be done, for each kind of audit, team and period (CA-7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import remits_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.caseloads import ORGANISATION, WHOLE
from goldenthread.programmes.queries.owed import owed_of, unusual_places, who_answers
from goldenthread.programmes.queries.sights import Sight, sight_of
from goldenthread.programmes.queries.teams import Place, places_on
from goldenthread.programmes.queries.windows import Kind, Window, windows

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
    unusual, seen = unusual_places(counted), {}
    for window in counted:
        over = tuple(cycle.pk for cycle in window.cycles)
        if over not in seen:
            seen[over] = _covered_by(window.cycles, reader, on)
        types = window.kind.types
        audits = seen[over].filter(audit_type__in=types) if types else seen[over]
        owed = owed_of(pack, window, unusual, places, remits, on=on)
        rows += _rows(window, owed, _counted(window.kind, places, of_caseload(audits, window)), sight)
    return rows


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


def covered(
    cycles: Iterable[Cycle],
    *,
    reader: Person,
    on: date,
    types: Sequence[str] = (),
) -> AuditQuerySet:
    """The audits behind a figure of coverage: those that count and that the reader may see reports of."""
    found = _in_cycles(Audit.objects.reported_to(reader, on=on), **_as_named(list(cycles)))
    return found.filter(audit_type__in=types) if types else found


def _in_cycles(audits: AuditQuerySet, keys: list[str], labels: list[str]) -> AuditQuerySet:
    return audits.exclude(phase=STOPPED).filter(version__framework__key__in=keys, cycle__in=labels)


def _covered_by(cycles: Sequence[Cycle], reader: Person, on: date) -> AuditQuerySet:
    """Those that `covered` gives, by one condition for several statements."""
    return _covered_in.chosen(held=holding(reader, on), **_as_named(cycles))


def _as_named(cycles: Sequence[Cycle]) -> dict[str, list[str]]:
    """By what audits name some cycles."""
    keys, labels = sorted({one.framework_key for one in cycles}), [one.label for one in cycles]
    return {"keys": keys, "labels": labels}


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
        holder = who_answers(kind, places, key) if field == "unit" else key
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
