"""What a report is made of, before it becomes a page or a Word document, so that both say the same."""

from __future__ import annotations

from dataclasses import dataclass

from goldenthread.measures.slices import Slice


@dataclass(frozen=True)
class Listed:
    """A list of records other than audits, by their kind, and what it is narrowed by."""

    kind: str
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `piece` leads down to the audits that it counts, `listed` to other records."""

    text: str
    piece: Slice | None = None
    numeric: bool = False
    listed: Listed | None = None


@dataclass(frozen=True)
class Words:
    """A paragraph; `counts` is whether it says numbers of audits."""

    text: str
    counts: bool = False


@dataclass(frozen=True)
class Chart:
    """An SVG drawing, and one for a narrow screen; the table with its numbers always follows."""

    title: str
    description: str
    svg: str
    narrow: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a heading row; the first cell of each row names the row."""

    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing to show."


@dataclass(frozen=True)
class Quote:
    """Words from an audit, with the audit they come from."""

    text: str
    source: str
    audit_id: str


Block = Words | Chart | Table | Quote


@dataclass(frozen=True)
class Chapter:
    """One part of a report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report: its title, a line under it, and its parts."""

    title: str
    subtitle: str
    chapters: tuple[Chapter, ...]
