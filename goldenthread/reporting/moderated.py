"""How far moderators and auditors agree, as a part of a report: the pairs, and what they say (LA-5)."""

from __future__ import annotations

from datetime import date

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.moderation import PartAgreement, Span, agreements
from goldenthread.people.models import Person
from goldenthread.reporting.blocks import Block, Cell, Listed, Table, Words
from goldenthread.rules.agreement import FEWEST_PAIRS
from goldenthread.rules.framework import Framework
from goldenthread.rules.proportions import FEWEST_FOR_PERCENTAGE, percent, wilson

NOT_SHOWN = "not shown"
HEADS = ("Pairs", "Alike", "Alike (95% interval)", "Weighted agreement", "Kappa", "Gwet’s coefficient")
Found = list[tuple[str, list[PartAgreement]]]
"""The rules of moderation by name, each with the agreement on its parts."""


def agreement_of(version: Version, *, reader: Person, on: date, span: Span | None = None) -> Found:
    """The agreement by each rule over what this person may read; of a span, by when moderation finished."""
    return [
        (name, agreements(version, name, reader, on=on, span=span)) for name in pack_of(version).moderation
    ]


def blocks_of(found: Found, pack: Framework, span: Span | None = None) -> list[Block]:
    """The tables of this part, one for each rule; every number of pairs leads to the pairs."""
    tables: list[Block] = [_table(pack, name, parts, span) for name, parts in found]
    said = (
        f"A pair is the {pack.words['grade']} that {pack.words['auditor']} and moderator each gave the same "
        f"part. With fewer than {FEWEST_PAIRS} pairs a coefficient would move with every single "
        f"one, and with fewer than {FEWEST_FOR_PERCENTAGE} so would a percentage; then only counts are shown."
    )
    return [Words(said), *tables] if any(parts for _, parts in found) else tables


def _table(pack: Framework, name: str, parts: list[PartAgreement], span: Span | None) -> Table:
    rule, words = pack.moderation[name], pack.words
    return Table(
        f"{rule.title}: {words['grades']} given twice",
        (Cell("Part"), *(Cell(head, numeric=True) for head in HEADS)),
        tuple(_row(pack, name, one, span) for one in parts),
        empty=f"No {words['audit']} has been moderated yet.",
    )


def _row(pack: Framework, name: str, one: PartAgreement, span: Span | None) -> tuple[Cell, ...]:
    said = one.agreement
    asked = [("framework", pack.key), ("rule", name), ("part", one.part)]
    asked += [("from", span[0].isoformat()), ("to", span[1].isoformat())] if span else []
    figures = (said.weighted, said.kappa, said.gwet)
    return (
        Cell(one.label),
        Cell(str(said.pairs), listed=Listed("moderation pair", tuple(asked)), numeric=True),
        Cell(str(said.alike), numeric=True),
        Cell(_share(said.alike, said.pairs), numeric=True),
        *(Cell(NOT_SHOWN if figure is None else f"{figure:.2f}", numeric=True) for figure in figures),
    )


def _share(alike: int, pairs: int) -> str:
    """A share with its interval; counts alone where there are too few for a percentage."""
    interval = wilson(alike, pairs)
    if interval is None or pairs < FEWEST_FOR_PERCENTAGE:
        return f"{alike} of {pairs}"
    return f"{percent(alike / pairs)} ({percent(interval.low)} to {percent(interval.high)})"
