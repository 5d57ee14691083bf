"""The sheets of an XLSForm as rows with named cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from goldenthread.rules.refusal import Refused

Cells = list[str | None]
Rows = Iterable[tuple[int, Cells]]
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message", "media")
ALIASES = {
    "list name": "list_name",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "calculate": "calculation",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "value": "name",
    "caption": "label",
}
EARLY = re.compile(r"(?:1899-\d\d-\d\d|1900-0[12]-\d\d)(?:T.*)?")


@dataclass
class Line:
    """A row of a sheet: its number, and its cells by the heads of their columns."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it stands, as people look for it."""
        name = self.get("name")
        return f"{self.sheet}, row {self.number}" + (f" ({name})" if name else "")

    def get(self, head: str) -> str:
        """A cell without the space around it; nothing where there is none."""
        return self.cells.get(head, "").strip()


@dataclass
class Sheet:
    """A sheet with the heads of its columns and its rows."""

    name: str
    heads: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def read_sheet(name: str, rows: Rows) -> Sheet:
    """A sheet whose first row names its columns; `Refused` for a column twice, or a cell without a value."""
    sheet, heads = Sheet(name), None
    for number, cells in rows:
        _check_cells(name, number, cells)
        words = [cell or "" for cell in cells]
        if heads is None:
            heads = [head_of(cell) for cell in words]
            _check_heads(name, heads, words)
            sheet.heads = [head for head in heads if head]
            continue
        line = Line(name, number)
        for place, cell in enumerate(words):
            if cell.strip():
                head = heads[place] if place < len(heads) else ""
                line.cells[head or f"column {column_letter(place)}"] = cell
        sheet.lines.append(line)
    return sheet


def check_days(name: str, rows: Rows) -> None:
    """Refuse a day before March 1900, which spreadsheet programs count differently."""
    for number, cells in rows:
        for place, cell in enumerate(cells):
            if cell and EARLY.fullmatch(cell):
                raise Refused(
                    f"The cell {column_letter(place)}{number} of the sheet “{name}” holds {cell[:10]}, "
                    "a date that spreadsheet programs read differently. Change it and try again."
                )


def _check_cells(name: str, number: int, cells: Cells) -> None:
    for place, cell in enumerate(cells):
        if cell is None:
            raise Refused(
                f"The cell {column_letter(place)}{number} of the sheet “{name}” holds a formula without a "
                "stored value. Open the workbook in Excel, save it and try again."
            )


def _check_heads(name: str, heads: list[str], words: list[str]) -> None:
    twice = next((place for place, head in enumerate(heads) if head and head in heads[:place]), None)
    if twice is not None:
        raise Refused(
            f"The sheet “{name}” has the column “{words[twice].strip()}” twice; keep one and try again."
        )


def head_of(cell: str) -> str:
    """The head of a column in one spelling; a language stays behind two colons."""
    words = " ".join(cell.split())
    base, mark, language = words.partition("::")
    if not mark and ":" in words:
        base, mark, language = words.partition(":")
    base = base.strip().lower()
    if mark and base in TRANSLATED:
        return f"{base}::{language.strip()}"
    whole = words.lower()
    return ALIASES.get(whole, whole.replace(" ", "_"))


def in_language(line: Line, head: str, language: str) -> tuple[str, list[str]]:
    """The text of a column that may stand in several languages, and the heads of those not taken."""
    own = [head, *([f"{head}::{language}"] if language else [])]
    heads = [*own, *(one for one in line.cells if one.startswith(f"{head}::") and one not in own)]
    found = next((one for one in heads if line.get(one)), None)
    if found is None:
        return "", []
    return line.cells[found], [one for one in heads if one != found and line.get(one)]


def sheet_called(sheets: Mapping[str, Rows], name: str) -> str | None:
    """What a sheet is really called, in whatever capitals."""
    return next((one for one in sheets if one.strip().lower() == name), None)


def column_letter(place: int) -> str:
    """The letters over a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
