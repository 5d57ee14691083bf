"""How far moderators and auditors agree, part by part; counted only over audits in one's reports (LA-5).

A pair is the auditor's grade of record of a part and the moderator's, as both stood when the moderator's
grades were fixed. Parts that either left without a grade are no pairs; the coefficients are those of
`rules.agreement`, shown from 30 pairs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from goldenthread.audits.models import Audit, ModerationGrade
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person
from goldenthread.rules.agreement import Agreement, agreement
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL, labels_of

Span = tuple[date, date]
"""The first and the last day of a period."""


@dataclass(frozen=True)
class PartAgreement:
    """How far grades of one part agree."""

    part: str
    label: str
    agreement: Agreement


def pairs_of(
    version: Version, name: str, reader: Person, *, on: date, span: Span | None = None
) -> QuerySet[ModerationGrade]:
    """The pairs of grades by a rule that this person may read, of moderations finished (in a span)."""
    found = _pairs(holding(reader, on), pack_of(version).key, name, _grades(version, name))
    return _between(found, *span) if span else found


def _grades(version: Version, name: str) -> list[str]:
    """The grades that count; a part that was left without one is in no pair."""
    pack = pack_of(version)
    return [one.key for one in pack.scale_of(pack.moderation[name].of[0]).graded()]


def _pairs(held: Holding, key: str, rule: str, grades: list[str]) -> QuerySet[ModerationGrade]:
    return ModerationGrade.objects.filter(
        moderation__draw__framework=key,
        moderation__draw__rule=rule,
        moderation__finished_at__isnull=False,
        moderation__audit__in=Audit.objects.reported_to(held.reader, on=held.on).order_by().values("pk"),
        grade__in=grades,
        auditors__in=grades,
    )


def _between(pairs: QuerySet[ModerationGrade], first: date, last: date) -> QuerySet[ModerationGrade]:
    return pairs.filter(moderation__finished_at__date__range=(first, last))


def _in_order(pairs: QuerySet[ModerationGrade]) -> QuerySet[ModerationGrade, Any]:
    return pairs.order_by("pk").values_list("part", "auditors", "grade")


_all_pairs = Compiled(
    lambda **asked: _in_order(_pairs(**asked)), held=Holding, key=str, rule=str, grades=[str]
)
_pairs_between = Compiled(
    lambda first, last, **asked: _in_order(_between(_pairs(**asked), first, last)),
    held=Holding,
    key=str,
    rule=str,
    grades=[str],
    first=date,
    last=date,
)


def agreements(
    version: Version, name: str, reader: Person, *, on: date, span: Span | None = None
) -> list[PartAgreement]:
    """The agreement on each part that has pairs, the whole first, then in the order of the form."""
    pack = pack_of(version)
    rule = pack.moderation[name]
    grades = _grades(version, name)
    asked = {"held": holding(reader, on), "key": pack.key, "rule": name, "grades": grades}
    rows = _pairs_between(**asked, first=span[0], last=span[1]) if span else _all_pairs(**asked)
    found: dict[str, list[tuple[str, str]]] = {}
    for part, auditors, moderators in rows:
        found.setdefault(part, []).append((auditors, moderators))
    labels = part_labels(pack, rule.of)
    order = [*labels, *(part for part in found if part not in labels)]
    return [
        PartAgreement(part, labels.get(part, part), agreement(found[part], grades, rule.weights))
        for part in order
        if part in found
    ]


def part_labels(pack: Framework, kinds: Iterable[str]) -> dict[str, str]:
    """The parts that audits of these kinds are graded on, the whole first."""
    labels: dict[str, str] = {}
    for kind in kinds:
        grading = pack.grading_of(kind)
        labels |= {OVERALL: grading.overall_label} if grading.overall and OVERALL not in labels else {}
        found = labels_of(pack.form_of(kind), grading)
        labels |= {part: label for part, label in found.items() if part not in labels}
    return labels
