"""The scores of a cycle's finished audits: how many have one, their average, the lowest and the highest.

A score is not kept: it is reckoned from the answers, under the version that each audit ran under, as its own
report says it. So a later version changes no figure of an earlier one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from goldenthread.audits.many import sheets_of
from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.measures.slices import Slice
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.scores import Score, ScoreResult, score


@dataclass(frozen=True)
class ScoreRow:
    """A team, or all: the finished audits, those of them with a score, and their scores in words."""

    label: str
    finished: int
    scored: int
    average: str
    lowest: str
    highest: str
    piece: Slice
    mean: Fraction | None = None
    """The average, not rounded."""


@dataclass(frozen=True)
class ScoreFigures:
    """One score of one kind of audit: all of its audits first, then team by team."""

    kind: str
    title: str
    rows: tuple[ScoreRow, ...]


Reckoned = Sequence[tuple[Audit, dict[str, Fraction | None]]]
"""Audits with their scores by name; None where one has no such score, or nothing to reckon it from."""


def reckoned(pack: Framework, audits: AuditQuerySet) -> dict[str, Reckoned]:
    """The finished audits with their scores, by kind; kinds without a score are left out."""
    found = {}
    for key in pack.audit_types:
        if names := list(pack.grading_of(key).scores):
            of_type = audits.filter(audit_type=key)
            found[key] = reckon(of_type, names)
    return found


def reckon(audits: AuditQuerySet, names: Sequence[str]) -> Reckoned:
    """The finished ones among audits with their scores, by the rules of each one's own version."""
    done = audits.filter(phase__in=DONE).select_related("version", "unit", "subject")
    found = []
    for sheet in sheets_of(list(done.order_by("unit__name", "pk"))):
        rules = sheet.grading.scores
        values = {name: score(rules[name], sheet.look).value if name in rules else None for name in names}
        found.append((sheet.audit, values))
    return found


def figures(pack: Framework, found: Mapping[str, Reckoned], piece: Slice | None = None) -> list[ScoreFigures]:
    """What the scores of each kind come to, for all and team by team; `piece` is what was reckoned of one."""
    return [
        ScoreFigures(
            pack.audit_types[key].title,
            rule.title,
            _rows(rule, [(audit, values[name]) for audit, values in audits], piece or Slice(audit_type=key)),
        )
        for key, audits in found.items()
        for name, rule in pack.grading_of(key).scores.items()
        if audits
    ]


def _rows(rule: Score, found: list[tuple[Audit, Fraction | None]], piece: Slice) -> tuple[ScoreRow, ...]:
    teams: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
    for audit, value in found:
        teams[(audit.unit.public_id, audit.unit.name)].append(value)
    whole = score_row("All", rule, [value for _, value in found], piece.narrowed(progress="done"))
    parts = [
        score_row(name, rule, values, piece.narrowed(progress="done", unit=unit))
        for (unit, name), values in teams.items()
    ]
    return (whole, *parts) if len(parts) > 1 else (whole,) if not parts else tuple(parts)


def score_row(label: str, rule: Score, values: Sequence[Fraction | None], piece: Slice) -> ScoreRow:
    """How many of these have a score, their average, the lowest and the highest."""
    known = [value for value in values if value is not None]
    average = sum(known, Fraction(0)) / len(known) if known else None
    return ScoreRow(
        label,
        len(values),
        len(known),
        ScoreResult(rule, average).words,
        ScoreResult(rule, min(known, default=None)).words,
        ScoreResult(rule, max(known, default=None)).words,
        piece,
        average,
    )
