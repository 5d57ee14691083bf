"""A score over cycles and versions: its average in each, joined only where versions reckon it alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from goldenthread.audits.models import AuditQuerySet
from goldenthread.measures.scores import ScoreRow, reckon, score_row
from goldenthread.measures.slices import Slice
from goldenthread.measures.trends import SCORE, Asked, Change, packs_over, stretches
from goldenthread.programmes.models import Cycle
from goldenthread.rules.framework import Framework
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE
from goldenthread.rules.scores import AverageOfGrades, CountOfAnswers, Score

MOST_CYCLES_SCORED = 12
"""How many of the latest cycles a page shows of a score; a score that is not kept is reckoned anew."""


@dataclass(frozen=True)
class ScorePoint:
    """One cycle: how many finished audits, how many with a score, and what those come to."""

    cycle: Cycle
    row: ScoreRow
    stretch: int

    @property
    def is_small(self) -> bool:
        """Whether an average stands on so few that one audit can change it much."""
        return self.row.scored < FEWEST_FOR_PERCENTAGE


@dataclass(frozen=True)
class ScoreTrend:
    """Points from the earliest to the latest, and what happened between them."""

    title: str
    points: list[ScorePoint]
    changes: list[Change]
    span: tuple[float, float]
    """The lowest and the highest that the score can be, or came to where it has no bounds."""


def scores_of(pack: Framework, audit_type: str) -> dict[str, Score]:
    """The scores of a kind of audit by name; none of a kind that the version lacks."""
    return pack.grading_of(audit_type).scores if audit_type in pack.audit_types else {}


def score_trend(cycles: Sequence[Cycle], audits: AuditQuerySet, asked: Asked) -> ScoreTrend:
    """The trend of a score; one statement for all of the audits, where their scores are kept."""
    if asked.unit:
        audits = audits.filter(unit__public_id=asked.unit)
    packs = packs_over(cycles)
    placed, changes = stretches(cycles, packs, asked)
    names = list(dict.fromkeys(key for _, key, _ in placed))
    values: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
    counted = audits.filter(cycle__in=[cycle.label for cycle, _, _ in placed])
    for one in reckon(counted, names) if names else ():
        for name in names:
            values[one.cycle, name].append(one.values[name])
    piece = Slice(audit_type=asked.audit_type, unit=asked.unit, progress="done")
    points = [
        ScorePoint(
            cycle,
            score_row(
                cycle.title,
                packs[cycle.version.number].grading_of(asked.audit_type).scores[key],
                values[cycle.label, key],
                piece,
            ),
            stretch,
        )
        for cycle, key, stretch in placed
    ]
    pack = packs[cycles[-1].version.number] if cycles else None
    rule = scores_of(pack, asked.audit_type).get(asked.key) if pack else None
    title = rule.title if rule else asked.key
    return ScoreTrend(title, points, changes, _span(rule, pack, asked, points))


def year_of_scores(
    pack: Framework, cycles: Sequence[Cycle], audits: AuditQuerySet
) -> list[tuple[str, ScoreTrend]]:
    """Every score of every kind that was finished over the cycles of a year, with the title of its kind."""
    found = []
    for key, kind in pack.audit_types.items():
        own = [cycle for cycle in cycles if cycle.sent_at and cycle.calendar == (kind.calendar or "")]
        of_kind = audits.filter(audit_type=key)
        for name in scores_of(pack, key) if own else ():
            found.append((kind.title, score_trend(own, of_kind, Asked(key, SCORE, name))))
    return [(kind, one) for kind, one in found if any(point.row.finished for point in one.points)]


def _span(
    rule: Score | None, pack: Framework | None, asked: Asked, points: Sequence[ScorePoint]
) -> tuple[float, float]:
    if rule is None or pack is None:
        return 0.0, 1.0
    if isinstance(rule, AverageOfGrades):
        values = pack.scale_of(asked.audit_type).graded()
        numbers = [value.number for value in values if value.number is not None]
        return min(numbers, default=0.0), max(numbers, default=1.0)
    if isinstance(rule, CountOfAnswers):
        return 0.0, max([1.0, *(float(one.row.mean) for one in points if one.row.mean is not None)])
    return 0.0, 100.0
