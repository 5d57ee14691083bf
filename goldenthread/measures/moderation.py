"""How far moderators and auditors agree, part by part; counted only over audits in one's reports (LA-5).

A pair is the auditor's grade of record of a part and the moderator's, as both stood when the moderator's
grades were fixed. Parts that either left without a grade are no pairs; the coefficients are those of
`rules.agreement`, shown from 30 pairs on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from goldenthread.audits.models import Audit, ModerationGrade
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
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
    pack = pack_of(version)
    counted = [one.key for one in pack.scale_of(pack.moderation[name].of[0]).graded()]
    found = ModerationGrade.objects.filter(
        moderation__draw__framework=pack.key,
        moderation__draw__rule=name,
        moderation__finished_at__isnull=False,
        moderation__audit__in=Audit.objects.reported_to(reader, on=on).order_by().values("pk"),
        grade__in=counted,
        auditors__in=counted,
    )
    return found.filter(moderation__finished_at__date__range=span) if span else found


def agreements(
    version: Version, name: str, reader: Person, *, on: date, span: Span | None = None
) -> list[PartAgreement]:
    """The agreement on each part that has pairs, the whole first, then in the order of the form."""
    pack = pack_of(version)
    rule = pack.moderation[name]
    grades = [one.key for one in pack.scale_of(rule.of[0]).graded()]
    found: dict[str, list[tuple[str, str]]] = {}
    rows = pairs_of(version, name, reader, on=on, span=span).order_by("pk")
    for part, auditors, moderators in rows.values_list("part", "auditors", "grade"):
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
