"""What was found, as parts of a report: by theme, by source, by likely cause and by severity."""

from __future__ import annotations

from collections.abc import Callable

from goldenthread.measures.figures import Figure
from goldenthread.measures.found import PARTS
from goldenthread.measures.month import Month
from goldenthread.reporting.blocks import Block, Cell, Table
from goldenthread.reporting.workbooks import Sheet

__all__ = ["PARTS", "blocks_of", "found_sheets", "words_of"]

CAPTIONS = {
    "themes": "{Audits} in which {a_theme} was found",
    "sources": "{Audits} in which something was found in a source",
    "causes": "{Audits} in which something to improve had {a_likely_cause}",
    "severities": "{Audits} in which something to improve had {a_severity}",
}
EMPTY = {
    "themes": "No {theme} has been recorded in finished {audits} of this {cycle}.",
    "sources": "No finding names a source in finished {audits} of this {cycle}.",
    "causes": "No finding names {a_likely_cause} in finished {audits} of this {cycle}.",
    "severities": "No finding names {a_severity} in finished {audits} of this {cycle}.",
}
HEADS = {"themes": "{Theme}", "sources": "Source", "causes": "{Likely_cause}", "severities": "{Severity}"}
OF_GAPS = ("causes", "severities")
"""Parts of which good practice has nothing."""


def words_of(month: Month) -> dict[str, str]:
    """The framework's words, in which the report's own period stands for the cycle."""
    return month.pack.words | {"cycle": month.period.word}


def blocks_of(month: Month, part: str, number: Callable[[Figure], Cell]) -> list[Block]:
    """The table of one of these parts; `number` is how the report says a count."""
    words = words_of(month)
    heads = [HEADS[part].format_map(words), "To improve"]
    rows = [[Cell(row.label), number(row.gaps)] for row in month.found[part]]
    if part not in OF_GAPS:
        heads.append(words["Good_practice"])
        for cells, row in zip(rows, month.found[part], strict=True):
            cells.append(number(row.good))
    return [
        Table(
            CAPTIONS[part].format_map(words),
            tuple(Cell(text, numeric=place > 0) for place, text in enumerate(heads)),
            tuple(tuple(cells) for cells in rows),
            empty=EMPTY[part].format_map(words),
        )
    ]


def found_sheets(month: Month) -> list[Sheet]:
    """A sheet for each of likely causes and severities that the report counts."""
    words = words_of(month)
    return [
        Sheet(
            HEADS[part].format_map(words),
            (HEADS[part].format_map(words), CAPTIONS[part].format_map(words)),
            [(row.label, row.gaps.count) for row in month.found[part]],
            note=EMPTY[part].format_map(words),
        )
        for part in OF_GAPS
        if part in month.found
    ]
