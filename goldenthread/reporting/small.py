"""Small numbers kept out of a report, with whatever would give them away (statistical disclosure control).

In each row and column of a table at least two numbers are withheld where one is, since the others might add
up to it, and so many that together they are not small: two that come to two are known to be ones. What is
reckoned from a row with such a number, or from numbers that stand in no row, goes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from goldenthread.reporting.blocks import Block, Cell, Chart, Report, Table, Words

NOT_SHOWN = "not shown"
Place = tuple[int, int]


def without_small(report: Report, fewest: int) -> Report:
    """The report with every number from 1 to below `fewest` withheld; the same where that is 0."""
    if not fewest:
        return report
    chapters = (replace(one, blocks=tuple(_blocks(one.blocks, fewest))) for one in report.chapters)
    said = f"Numbers below {fewest} are not shown, nor others of the same table that would give them away."
    return replace(report, subtitle=f"{report.subtitle} {said}", chapters=tuple(chapters))


def _blocks(blocks: tuple[Block, ...], fewest: int) -> Iterable[Block]:
    """The blocks; a chart goes where the table after it lost a number, and every sentence with figures."""
    for place, block in enumerate(blocks):
        if isinstance(block, Table):
            yield _table(block, fewest)
        elif isinstance(block, Chart):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if not (isinstance(following, Table) and withheld(following, fewest)):
                yield block
        elif not (isinstance(block, Words) and block.counts):
            yield block


def _table(table: Table, fewest: int) -> Table:
    gone = withheld(table, fewest)
    counted = {at for at, row in enumerate(table.rows) if any(_is_count(cell) for cell in row)}
    rows = {row for row, _ in gone} | {at for at in range(len(table.rows)) if at not in counted}
    return replace(
        table,
        rows=tuple(
            tuple(
                _without(cell) if (at, column) in gone or (at in rows and _is_reckoned(cell)) else cell
                for column, cell in enumerate(row)
            )
            for at, row in enumerate(table.rows)
        ),
    )


def _without(cell: Cell) -> Cell:
    return replace(cell, text=NOT_SHOWN, piece=None, listed=None)


def _is_count(cell: Cell) -> bool:
    return cell.numeric and cell.text.isdecimal()


def _is_reckoned(cell: Cell) -> bool:
    """Whether it says a share, an average or another figure that is no count."""
    return cell.numeric and not cell.text.isdecimal()


def withheld(table: Table, fewest: int) -> set[Place]:
    """The counts that are not shown, as row and column."""
    counts = {
        (at, column): int(cell.text)
        for at, row in enumerate(table.rows)
        for column, cell in enumerate(row)
        if _is_count(cell)
    }
    gone = {place for place, number in counts.items() if 0 < number < fewest}

    def in_row(place: Place) -> int:
        return place[0]

    def in_column(place: Place) -> int:
        return place[1]

    while more := _next(counts, gone, in_row, fewest) or _next(counts, gone, in_column, fewest):
        gone.add(more)
    return gone


def _next(
    counts: dict[Place, int], gone: set[Place], line: Callable[[Place], int], fewest: int
) -> Place | None:
    """The smallest number beside what is alone in its line, or small together; a zero if nothing else is."""
    for at in sorted({line(place) for place in gone}):
        mine = [counts[place] for place in gone if line(place) == at]
        if len(mine) == 1 or sum(mine) < fewest:
            beside = [place for place in counts if line(place) == at and place not in gone]
            if beside:
                return min(beside, key=lambda place: (counts[place] == 0, counts[place], place))
    return None
