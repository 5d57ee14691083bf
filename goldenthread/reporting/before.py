"""A period beside the one before it, as a part of a report: kinds that are measured alike, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from goldenthread.measures.figures import Figure
from goldenthread.measures.month import Month, TypeFigures, goes_on
from goldenthread.reporting.blocks import Block, Cell, Table, Words

Write = Callable[[Figure, str], Cell]
"""How a report says a figure, and whether it is of the period before."""


@dataclass(frozen=True)
class Writers:
    """How a report says a count and a share."""

    count: Write
    share: Write


def blocks_of(month: Month, before: Month | None, writers: Writers) -> list[Block]:
    """The tables of this part, one for each kind of audit that either period has."""
    if before is None:
        return [Words(f"There is no {month.period.word} before it to compare with.")]
    earlier = {one.key: one for one in before.types}
    blocks: list[Block] = []
    for one in month.types:
        blocks += _kind(month, before, one, earlier.get(one.key), writers)
    return blocks or [Words(f"Nothing has been sent in this {month.period.word}.")]


def _kind(
    month: Month, before: Month, one: TypeFigures, other: TypeFigures | None, writers: Writers
) -> list[Block]:
    """One kind: nothing is compared of which versions, or parts of a period, measure otherwise."""
    if other is None:
        return [Words(f"{one.title}: nothing was sent in {before.period.title}.")]
    alone = all([each.key for each in part.types].count(one.key) == 1 for part in (month, before))
    if not alone or not goes_on(other.pack, one.pack, one.key):
        said = "the framework changed so that its figures are not compared"
        return [Words(f"{one.title}: since {before.period.title} {said}.")]
    rows = [("Sent", other.sent, one.sent, writers.count)]
    rows += [
        (word.capitalize(), other.progress[word], one.progress[word], writers.count)
        for word in ("on time", "late")
    ]
    if one.overall and other.overall:
        rows.append(("Graded overall", other.overall.graded, one.overall.graded, writers.count))
        if good := one.scale.good_words:
            rows.append((good, other.overall.good, one.overall.good, writers.share))
    heads = (Cell("Figure"), Cell(before.period.title, numeric=True), Cell(month.period.title, numeric=True))
    return [
        Table(
            f"{one.title}: {month.period.title} beside {before.period.title}",
            heads,
            tuple((Cell(word), write(then, "yes"), write(now, "")) for word, then, now, write in rows),
        )
    ]
