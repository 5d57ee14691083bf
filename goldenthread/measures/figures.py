"""What a figure is: a number, the slice of audits that it counts, and rows of such numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from goldenthread.measures.slices import Slice
from goldenthread.rules.proportions import Interval, wilson
from goldenthread.rules.scales import Scale


@dataclass(frozen=True)
class Figure:
    """A number, the slice of audits it counts, and what it is a part of."""

    count: int
    piece: Slice
    total: int | None = None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95% interval of the count in its total."""
        return wilson(self.count, self.total) if self.total else None


@dataclass(frozen=True)
class GradeRow:
    """One domain, team or whole: how many at each grade, and how many good or better of those graded."""

    label: str
    graded: Figure
    grades: tuple[Figure, ...]
    good: Figure


@dataclass(frozen=True)
class MoveRow:
    """One part: how its grade of record compares with the first stage's."""

    label: str
    up: Figure
    same: Figure
    down: Figure


def grade_rows(
    grades: Iterable[tuple[str, str]],
    labels: dict[str, str],
    *,
    scale: Scale,
    piece: Slice,
    said: Callable[[str], dict[str, str]],
) -> list[GradeRow]:
    """Rows of one table: `grades` are pairs of a row's key and a grade, `labels` names and orders the rows,
    `said` narrows the slice."""
    tally: dict[str, Counter[str]] = {}
    for value, grade in grades:
        tally.setdefault(value, Counter())[grade] += 1
    return [
        _grade_row(label, tally[value], scale, piece.narrowed(**said(value)))
        for value, label in labels.items()
        if value in tally
    ]


def _grade_row(label: str, counts: Counter[str], scale: Scale, piece: Slice) -> GradeRow:
    graded = [value.key for value in scale.graded()]
    total = sum(counts[key] for key in graded)
    good = sum(counts[key] for key in graded if scale.is_good(key))
    return GradeRow(
        label=label,
        graded=Figure(total, piece),
        grades=tuple(Figure(counts[key], piece.narrowed(grade=key), total) for key in graded),
        good=Figure(good, piece.narrowed(good="yes"), total),
    )
