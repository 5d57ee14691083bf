"""The trend of a score as chart, table and sentences, for the pages that show one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from goldenthread.measures.score_trends import ScorePoint, ScoreTrend
from goldenthread.reporting.scores import SCORE_HEADS, change_words, few_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.trend_charts import DRAWINGS, Dot
from goldenthread.web.tables import Table, numeric

BREAK = "A break: not compared with the row above"


def score_charts(found: ScoreTrend) -> list[str]:
    """The averages, cycle by cycle, for wide and narrow screens; nothing where no cycle was sent."""
    dots = [_dot(point, found.span) for point in found.points]
    return [draw(dots, title=found.title, name="trend", span=found.span) for draw in DRAWINGS if dots]


def _dot(point: ScorePoint, span: tuple[float, float]) -> Dot:
    low, high = span
    mean, scored = point.row.mean, point.row.scored
    at = (float(mean) - low) / (high - low) if mean is not None and high > low else None
    said = f"{point.row.average} (n {scored})" if scored else "none"
    return Dot(f"{point.cycle.opens_on:%b %Y}", scored, scored, point.stretch, False, at, said)


def score_table(found: ScoreTrend, pack: Framework, caption: str = "") -> Table:
    """Each cycle with how many have a score, and what the scores come to; finished ones can be opened."""
    rows, before = [], None
    for point in found.points:
        broken = before is not None and before != point.stretch
        before = point.stretch
        url = (
            f"{reverse('list_figure', args=[point.cycle.public_id])}?{urlencode(point.row.piece.as_query())}"
        )
        numbers = (point.row.average, point.row.lowest, point.row.highest)
        rows.append(
            [
                {"text": point.cycle.title, "hint": BREAK if broken else ""},
                f"Version {point.cycle.version.number}",
                {"text": str(point.row.finished), "url": url, "numeric": True},
                {"text": str(point.row.scored), "numeric": True, "hint": few_words(point)},
                *({"text": said, "numeric": True} for said in numbers),
            ]
        )
    first, version, *others = SCORE_HEADS
    heads = [pack.words.get(first, first), version, *(numeric(one) for one in others)]
    title = caption or f"{found.title} in each {pack.words['cycle']}"
    return Table(title, heads, rows, "Nothing is finished yet.")


def score_changes(found: ScoreTrend) -> list[dict[str, Any]]:
    """What happened between two cycles, as sentences."""
    return [{"is_break": one.is_break, "text": change_words(one, found)} for one in found.changes]
