"""Who owed audits in a year so far and what came of them, by auditor, by team and by service (WF-18).

Each audit that was sent counts once: it is exempt, or it is owed, and then on time, late, missing, in hand or
not accepted. Those due are the owed ones whose closing day has come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.ledger.compiled import Compiled
from goldenthread.measures.slices import progress, tallied, tally
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.sights import Sight
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.flow import EXEMPT, NOT_ACCEPTED, STOPPED

BY = ("auditor", "team", "service")
OUTCOMES = ("on time", "late", "missing", "not accepted", "in hand")
"""What comes of an audit that is owed; each is one of these."""
COUNTED = ("owed", *OUTCOMES, "extended", "exempt")


@dataclass(frozen=True)
class ComplianceRow:
    """One auditor's, team's or service's audits of the period, counted; or those of all `people` together."""

    holder: Person | Unit | None
    counts: Counter[str]
    people: str = ""

    @property
    def due(self) -> int:
        """The owed audits whose closing day has come, or that were finished before it: the denominator."""
        return self.counts["owed"] - self.counts["in hand"]

    @property
    def name(self) -> str:
        """Who it is."""
        return self.holder.name if self.holder else self.people


def cycles_so_far(framework_key: str, year: int, *, on: date) -> list[Cycle]:
    """The cycles of a year that have opened by a day."""
    found = Cycle.objects.filter(framework_key=framework_key, year=year, opens_on__lte=on)
    return list(
        found.select_related("version__framework").defer("version__document").order_by("opens_on", "pk")
    )


def audits_owed(cycles: Sequence[Cycle], *, reader: Person, on: date) -> AuditQuerySet:
    """The audits of cycles that count, as far as the reader may see reports of them."""
    return (
        Audit.objects.reported_to(reader, on=on)
        .filter(
            version__framework__key__in={cycle.framework_key for cycle in cycles},
            cycle__in=[cycle.label for cycle in cycles],
        )
        .filter(~Q(phase=STOPPED) | Q(stopped_as__in=[NOT_ACCEPTED, EXEMPT]))
    )


def counted_as(word: str, *, today: date) -> Q:
    """Which audits a column counts."""
    owed = ~Q(stopped_as=EXEMPT)
    match word:
        case "exempt":
            return Q(stopped_as=EXEMPT)
        case "extended":
            return owed & Q(extended_to__isnull=False)
        case "owed":
            return owed
        case _:
            return progress(word, today=today)


def counted(audits: AuditQuerySet, by: str, *, today: date) -> dict[int, Counter[str]]:
    """What the audits of each auditor, or else of each team, come to: one statement, of which all rows and
    the whole are made.
    """
    column = "auditor" if by == "auditor" else "unit"
    found = tallied(_tally_by[column](audits=audits, today=today), [column], _words(today))
    return {key: counts for (key,), counts in found.items()}


def _words(today: date) -> dict[str, Q]:
    return {word: counted_as(word, today=today) for word in COUNTED if word not in ("on time", "late")}


def _tally(column: str, audits: QuerySet[Audit], today: date) -> QuerySet[Audit, Any]:
    return tally(audits, [column], _words(today), today=today)


_tally_by = {
    column: Compiled(partial(_tally, column), audits=Audit, today=date) for column in ("auditor", "unit")
}


def counted_by_all(audits: AuditQuerySet, *, today: date) -> dict[str, dict[int, Counter[str]]]:
    """The same by each word of `BY`, in two statements: a service is counted by its teams."""
    teams = counted(audits, "team", today=today)
    return {"auditor": counted(audits, "auditor", today=today), "team": teams, "service": teams}


def compliance(counts: Mapping[int, Counter[str]], by: str, *, sight: Sight) -> list[ComplianceRow]:
    """A row for each who has an audit among those counted, by name; of services those that are seen whole."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    places = places_on(sight.on) if by == "service" else {}
    for key, one in counts.items():
        held[places[key].service.pk if by == "service" else key].update(one)
    if by == "service" and not sight.everywhere:
        held = defaultdict(Counter, {key: one for key, one in held.items() if key in sight.units})
    model = Person if by == "auditor" else Unit
    holders = model._default_manager.in_bulk(list(held))
    rows = [ComplianceRow(holders[key], one) for key, one in held.items()]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.holder.pk if row.holder else 0))


def total(counts: Mapping[int, Counter[str]]) -> Counter[str]:
    """All of them together."""
    return sum(counts.values(), start=Counter())


def held_by(by: str, holder: Person | Unit, *, on: date) -> Q:
    """The audits that count for one auditor, team or service."""
    if isinstance(holder, Person):
        return Q(auditor=holder)
    if by == "service":
        return Q(unit__in=[key for key, place in places_on(on).items() if place.service.pk == holder.pk])
    return Q(unit=holder)
