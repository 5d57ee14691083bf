"""What was found in finished audits, counted by what is said of it: theme, source, likely cause, severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, F, QuerySet

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.findings.models import Finding, FindingQuerySet
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.measures.figures import Figure
from goldenthread.measures.slices import Slice
from goldenthread.programmes.queries.periods import Period
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework

PARTS = {"themes": "theme", "sources": "source", "causes": "cause", "severities": "severity"}
"""The parts of a report that count findings, and what of a finding each goes by."""


@dataclass(frozen=True)
class FoundRow:
    """A theme, source, likely cause or severity: audits with good practice under it, and with gaps."""

    label: str
    good: Figure
    gaps: Figure


def findings_in(audits: QuerySet[Audit]) -> FindingQuerySet:
    """What stands as found in those of the audits that are finished."""
    return Finding.objects.standing().filter(
        about_kind="audit", about_id__in=audits.filter(phase__in=DONE).values("public_id")
    )


def labels_over(part: str, period: Period) -> dict[str, str]:
    """What can be said, by key: of every version of the period, in the newest one's words and order."""
    found: dict[str, str] = {}
    for cycle in period.cycles:
        found |= labels_in(pack_of(cycle.version), part)
    newest = labels_in(period.pack, part)
    return newest | {key: found[key] for key in found if key not in newest}


def labels_in(pack: Framework, part: str) -> dict[str, str]:
    """What one version can say of a finding, by key."""
    if part in ("themes", "sources"):
        return pack.themes if part == "themes" else pack.sources
    named = pack.causes if part == "causes" else pack.severities
    return {key: one.title for key, one in named.items()}


def found_by(part: str, period: Period, audits: AuditQuerySet) -> list[FoundRow]:
    """Audits, not mentions: what is found twice in one file counts once.

    What was found most often comes first; severities keep their order, the gravest first.
    """
    rows = [row for row in _rows(PARTS[part], labels_over(part, period), audits) if _counts(row)]
    if part == "severities":
        return rows[::-1]
    return sorted(rows, key=lambda row: (-row.gaps.count, -row.good.count))


def _with_findings(column: str, audits: QuerySet[Audit]) -> QuerySet[Finding, Any]:
    """In how many of the audits each is found, as good practice and as a gap."""
    found = findings_in(audits).values_list(column, "kind")
    return found.annotate(n=Count(F("about_id"), distinct=True)).order_by()


_found_by_column = {
    column: Compiled(partial(_with_findings, column), audits=Audit) for column in PARTS.values()
}


def _counts(row: FoundRow) -> bool:
    return bool(row.good.count or row.gaps.count)


def _rows(column: str, labels: Mapping[str, str], audits: AuditQuerySet) -> list[FoundRow]:
    counts = {(value, kind): n for value, kind, n in _found_by_column[column](audits=audits)}
    return [
        FoundRow(
            label,
            *(
                Figure(
                    counts.get((key, kind), 0), Slice(finding=kind, progress="done").narrowed(**{column: key})
                )
                for kind in (Finding.Kind.GOOD.value, Finding.Kind.GAP.value)
            ),
        )
        for key, label in labels.items()
    ]
