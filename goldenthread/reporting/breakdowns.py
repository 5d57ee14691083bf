"""Audits told apart by team, auditor, fact and more: a part of the report, and sheets of its spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

from goldenthread.measures.breakdowns import MOST_VALUES, Broken, BrokenRow
from goldenthread.measures.figures import Figure
from goldenthread.measures.month import Month, TypeFigures
from goldenthread.measures.slices import Slice
from goldenthread.people.queries import naming_somebody
from goldenthread.reporting.blocks import Block, Cell, Table, Words
from goldenthread.reporting.workbooks import Sheet
from goldenthread.rules.breakdowns import FINDINGS, IN_EACH, Breakdown
from goldenthread.rules.proportions import percent
from goldenthread.rules.reports import Report

Write = Callable[[Figure], Cell]
"""How a report says a figure."""
BY = {
    "team": "team",
    "service": "service",
    "auditor": "{auditor}",
    "part": "{domain}",
    "question": "question",
    "grade": "overall {grade}",
    "status": "status",
    "theme": "{theme}",
    "source": "source",
    "cause": "{likely_cause}",
    "severity": "{severity}",
}


def said_by(rule: Breakdown, words: dict[str, str]) -> str:
    """What a breakdown goes by, in the framework's words."""
    return rule.fact if rule.fact is not None else BY[rule.by].format_map(words)


def tells(report: Report, piece: Slice) -> bool:
    """Whether a report tells its audits apart by what a figure's address asks about.

    What a reader may not know of a file is so not found by guessing addresses: a fact, who audited it, what
    was found in it, or how a grade came about, where the report does not say so of any. Grades of record are
    told by every report, since trends are open to the same readers and lead here.
    """
    told, parts = {one.by for one in report.breakdowns}, set(report.parts)
    if piece.fact and piece.fact not in {one.fact for one in report.breakdowns}:
        return False
    if piece.fact and report.without_names and naming_somebody([piece.value]):
        return False
    if piece.auditor and ("auditor" not in told or report.without_names):
        return False
    found = [name for name in FINDINGS if getattr(piece, name)]
    if piece.finding and not found:
        return False
    if any(name not in told and FINDINGS[name] not in parts for name in found):
        return False
    if (piece.stage or piece.moved) and "stages" not in parts:
        return False
    if piece.before and "before" not in parts:
        return False
    return not piece.goal or "goals" in parts


def blocks_of(month: Month, number: Write, share: Write) -> list[Block]:
    """The tables of this part, one for each breakdown of each kind of audit."""
    blocks = [
        block
        for one in month.types
        for told in one.broken
        for block in _blocks(month, one, told, number, share)
    ]
    return blocks or [Words(f"No {month.pack.words['audits']} have been sent in this {month.period.word}.")]


def _blocks(month: Month, one: TypeFigures, told: Broken, number: Write, share: Write) -> list[Block]:
    words = month.pack.words
    by = said_by(told.rule, words)
    columns = _columns(one, told.rule)
    heads = (Cell(by[:1].upper() + by[1:]), *(Cell(word, numeric=True) for word, _ in columns))
    good = _good_words(one, told.rule)
    table = Table(
        f"{one.title}: {words['audits']} by {by}",
        (*heads, *([Cell(f"{good} (95% interval)", numeric=True)] if good else [])),
        tuple(
            (
                Cell(row.label),
                *(number(count(row)) for _, count in columns),
                *([share(row.good)] if good else []),
            )
            for row in told.rows
        ),
        empty=f"None of the {words['audits']} can be told apart by {by} yet.",
    )
    return [table, *(Words(sentence) for sentence in _notes(told, words))]


def _notes(told: Broken, words: dict[str, str]) -> list[str]:
    """What must be known of a table: that its rows add up to more than the whole, or are not all."""
    found: list[str] = []
    if told.has_names:
        found.append(
            f"Values of “{told.rule.fact}” that name somebody are not shown: this report names nobody."
        )
    if not told.rows:
        return found
    if told.rule.by in FINDINGS:
        found.append(
            f"{words['An_audit']} counts once in each row of which something was found, and may stand in "
            f"several: the rows may add up to more than all {words['audits']}."
        )
    if told.rule.by in IN_EACH:
        found.append(f"{words['An_audit']} stands in several rows: they add up to more than the whole.")
    if told.left:
        found.append(f"The {MOST_VALUES} most frequent values are shown; there are {told.left} more.")
    if told.rule.fact is not None:
        found.append(
            f"“{told.rule.fact}” is read as it stood on the day on which each {words['audit']} was sent."
        )
    return found


def _good_words(one: TypeFigures, rule: Breakdown) -> str:
    """What counts as good in a table; nothing where its rows are the grades, or nothing is good."""
    if rule.by == "question":
        return "Best answer"
    return "" if rule.by == "grade" else one.scale.good_words


Column = tuple[str, Callable[[BrokenRow], Figure]]


def _columns(one: TypeFigures, rule: Breakdown) -> list[Column]:
    """The counts of a table: all, and then what they are made up of, so that none is known only from others.

    Where a small number is kept out, it could else be found by subtraction.
    """
    first = "Finished" if rule.by in FINDINGS else "Number" if rule.by == "grade" else "Sent"
    columns: list[Column] = [(first, lambda row: row.audits)]
    if rule.by == "question":
        return [("Answered", lambda row: row.audits), ("Best answer", _good), ("Another answer", _below)]
    if rule.by == "grade" or not one.scale.graded():
        return columns
    if rule.by == "part":
        columns = [("Graded", lambda row: row.audits)]
    if good := one.scale.good_words:
        columns += [(good, _good), ("Below that", _below)]
    elif rule.by != "part":
        columns.append(("Graded", lambda row: row.graded))
    return columns if rule.by == "part" else [*columns, ("Not graded", lambda row: row.ungraded)]


def _good(row: BrokenRow) -> Figure:
    return row.good


def _below(row: BrokenRow) -> Figure:
    return row.below


def breakdown_sheets(month: Month) -> list[Sheet]:
    """A sheet for each breakdown of each kind, with the numbers of the page and the share as a percentage."""
    sheets = []
    for one in month.types:
        for told in one.broken:
            by, columns = said_by(told.rule, month.pack.words), _columns(one, told.rule)
            good = _good_words(one, told.rule)
            sheets.append(
                Sheet(
                    f"By {by}" if len(month.types) == 1 else f"By {by}, {one.title}",
                    (
                        by[:1].upper() + by[1:],
                        *(word for word, _ in columns),
                        *([f"{good}, of those"] if good else []),
                    ),
                    [
                        (
                            row.label,
                            *(count(row).count for _, count in columns),
                            *([_percentage(row.good)] if good else []),
                        )
                        for row in told.rows
                    ],
                )
            )
    return sheets


def notes_of(month: Month) -> list[tuple[str, str]]:
    """What a spreadsheet says of its breakdowns, such as which rows add up to more than the whole."""
    words = month.pack.words
    found: dict[str, str] = {}
    for one in month.types:
        for told in one.broken:
            if notes := _notes(told, words):
                found.setdefault(f"By {said_by(told.rule, words)}", " ".join(notes))
    return list(found.items())


def _percentage(figure: Figure) -> str:
    return percent(figure.count / figure.total) if figure.total else ""
