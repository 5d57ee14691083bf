"""Scores as pages and workbooks tell them, so that both say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from goldenthread.measures.score_trends import ScorePoint, ScoreTrend
from goldenthread.measures.scores import Reckoned, ScoreFigures
from goldenthread.measures.trends import Change
from goldenthread.reporting.workbooks import Sheet, Value
from goldenthread.rules.grading import Grading
from goldenthread.rules.scores import ScoreResult

SCORE_HEADS = ("Cycle", "Framework", "Finished", "With a score", "Average", "Lowest", "Highest")


def few_words(point: ScorePoint) -> str:
    """What to say of an average that stands on few audits."""
    return "Few: one can change the average much" if point.row.scored > 0 and point.is_small else ""


def change_words(change: Change, found: ScoreTrend) -> str:
    """A change between two cycles with the averages on both sides, and whether they are compared."""
    averages = {one.cycle.pk: f"{one.row.average}, of {one.row.scored}" for one in found.points}
    sides = [
        f"{cycle.title} ({averages.get(cycle.pk, 'no such score')}, version {cycle.version.number})"
        for cycle in (change.before, change.after)
    ]
    said = "They are not compared." if change.is_break else "They are compared because the framework says so."
    return f"{sides[0]} and {sides[1]}: {change.said} {said}"


def with_scores(sheet: Sheet, grading: Grading, audits: Sequence[int], found: Reckoned) -> Sheet:
    """A sheet of audits with a column for each score, as the audit's own report says it once it is finished.

    `audits` are the keys of its rows, in their order.
    """
    rules = grading.scores
    said = {
        one.audit: [ScoreResult(rule, one.values[name]).words for name, rule in rules.items()]
        for one in found
    }
    none = [""] * len(rules)
    rows = [(*row, *said.get(key, none)) for row, key in zip(sheet.rows, audits, strict=True)]
    return replace(sheet, head=(*sheet.head, *(rule.title for rule in rules.values())), rows=rows)


def score_sheets(scores: Sequence[ScoreFigures]) -> list[Sheet]:
    """The scores of a cycle as its report says them; no sheet where nothing is scored."""
    head = ("Kind", "Score", "Team", *SCORE_HEADS[2:])
    rows: list[tuple[Value, ...]] = [
        (one.kind, one.title, row.label, row.finished, row.scored, row.average, row.lowest, row.highest)
        for one in scores
        for row in one.rows
    ]
    return [Sheet("Scores", head, rows)] if rows else []


def year_sheet(scores: Sequence[tuple[str, ScoreTrend]]) -> list[Sheet]:
    """The scores of a year cycle by cycle; beside a cycle stands what changed since the one before it."""
    head = ("Kind", "Score", *SCORE_HEADS, "Compared with the cycle before", "Few")
    rows: list[tuple[Value, ...]] = [
        (kind, found.title, *year_row(point), _since(found, place), few_words(point))
        for kind, found in scores
        for place, point in enumerate(found.points)
    ]
    return [Sheet("Scores", head, rows)] if rows else []


def year_row(point: ScorePoint) -> tuple[Value, ...]:
    """The cells of a cycle, under the heads of scores."""
    row = point.row
    said = (row.average, row.lowest, row.highest)
    return (point.cycle.title, f"Version {point.cycle.version.number}", row.finished, row.scored, *said)


def _since(found: ScoreTrend, place: int) -> str:
    """Whether a cycle is compared with the one before it, and why not or on whose word."""
    if place == 0:
        return ""
    said = [change_words(one, found) for one in found.changes if one.after == found.points[place].cycle]
    return " ".join(said) or "Yes"
