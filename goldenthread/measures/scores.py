"""The scores of a cycle's finished audits: how many have one, their average, the lowest and the highest.

A score is not kept: it is reckoned from the answers, under the version that each audit ran under, as its own
report says it. So a later version changes no figure of an earlier one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import sheet_of
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


@dataclass(frozen=True)
class ScoreFigures:
    """One score of one kind of audit: all of its audits first, then team by team."""

    kind: str
    title: str
    rows: tuple[ScoreRow, ...]


def scores_in(pack: Framework, audits: AuditQuerySet) -> list[ScoreFigures]:
    """Every score of every kind that was finished; two statements and a few for each audit."""
    found = []
    for key, kind in pack.audit_types.items():
        rules = pack.grading_of(key).scores
        of_type = audits.filter(audit_type=key, phase__in=DONE).select_related("version", "unit", "subject")
        reckoned = _reckoned(of_type.order_by("unit__name", "pk"), list(rules)) if rules else []
        for name, rule in rules.items() if reckoned else ():
            rows = _rows(rule, [(audit, results[name]) for audit, results in reckoned], Slice(audit_type=key))
            found.append(ScoreFigures(kind.title, rule.title, rows))
    return found


def _reckoned(audits: AuditQuerySet, names: list[str]) -> list[tuple[Audit, dict[str, Fraction | None]]]:
    """Each audit with its scores, by the rules of its own version; one that had no such score has None."""
    found = []
    for audit in audits:
        sheet = sheet_of(audit)
        rules = sheet.grading.scores
        values = {name: score(rules[name], sheet.look).value if name in rules else None for name in names}
        found.append((audit, values))
    return found


def _rows(rule: Score, found: list[tuple[Audit, Fraction | None]], piece: Slice) -> tuple[ScoreRow, ...]:
    teams: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
    for audit, value in found:
        teams[(audit.unit.public_id, audit.unit.name)].append(value)
    whole = _row("All", rule, [value for _, value in found], piece.narrowed(progress="done"))
    parts = [
        _row(name, rule, values, piece.narrowed(progress="done", unit=unit))
        for (unit, name), values in teams.items()
    ]
    return (whole, *parts) if len(parts) > 1 else (whole,) if not parts else tuple(parts)


def _row(label: str, rule: Score, values: list[Fraction | None], piece: Slice) -> ScoreRow:
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
    )
