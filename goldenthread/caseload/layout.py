"""Finds an extract's lists in a file: which sheet is which, where its headers stand, what each column is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from goldenthread.caseload.presets import Field, ListOf, Preset, is_personal
from goldenthread.people.spreadsheets.tables import Cell, Table
from goldenthread.people.spreadsheets.values import header_key, plain
from goldenthread.rules.refusal import Refused

NUMBERED = re.compile(r"(?:annex\s*a\W*)?(?:list\W*)?0*(\d{1,2})(?!\d)", re.IGNORECASE)
ANYWHERE = re.compile(r"list[\W_]*0*(\d{1,2})(?!\d)", re.IGNORECASE)
KEPT = "fact: "  # a mapping that keeps a column as a dated fact, with the fact's name
DROPPED = "drop"


@dataclass(frozen=True)
class Column:
    """One column that is read."""

    place: int
    header: str
    field: Field


@dataclass
class Sheet:
    """A table that is a list of the preset."""

    table: Table
    list_of: ListOf
    header_row: int
    columns: list[Column]
    dropped: list[str] = field(default_factory=list)

    def of(self, use: str) -> Column | None:
        return next((column for column in self.columns if column.field.use == use), None)


@dataclass
class Layout:
    """What of a file is read, and what is not."""

    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)


def layout_of(tables: list[Table], preset: Preset, mapping: Mapping[str, str] | None = None) -> Layout:
    """Find the preset's lists among the tables, or refuse with what is missing."""
    layout = Layout([])
    for table in tables:
        _add(layout, table, preset, mapping or {})
    if not layout.sheets:
        raise Refused(_nothing_found(preset))
    for sheet in layout.sheets:
        if sheet.dropped:
            names = ", ".join(f"“{header}”" for header in sheet.dropped)
            layout.notes.append(f"{sheet.table.name}: not kept: {names}.")
    return layout


def _nothing_found(preset: Preset) -> str:
    if preset.numbered:
        return (
            "None of the lists 6, 7, 8 and 9 of Annex A was found. Name the sheets “List 6” to “List 9” "
            "and keep the headers, among them “Child Unique ID”."
        )
    return (
        "No row of headers with a case or person reference was found. "
        "Say which column is which (on screen, or with --map “Header=case reference”)."
    )


def _add(layout: Layout, table: Table, preset: Preset, mapping: Mapping[str, str]) -> None:
    head = table.head()
    number = _number(table.name) if preset.numbered else None
    if preset.numbered:
        one = _numbered_list(preset, number, head)
        if one is None:
            what = f"list {number} holds no open cases" if number else "it is none of the lists 6 to 9"
            layout.notes.append(f"{table.name}: not read, since {what}.")
            return
    else:
        one = preset.lists[0]
    sheet = _sheet(table, one, head, mapping)
    if sheet is not None:
        layout.sheets.append(sheet)
    elif head:
        layout.notes.append(f"{table.name}: not read, since no headers that say which case it is were found.")


def _number(name: str) -> str | None:
    match = NUMBERED.match(name.strip().replace("_", " ")) or ANYWHERE.search(name)
    return match[1] if match else None


def _numbered_list(preset: Preset, number: str | None, head: list[tuple[int, list[Cell]]]) -> ListOf | None:
    """The list by the sheet's number, else by headers that only it has."""
    if number is not None and 1 <= int(number) <= 11:
        return next((one for one in preset.lists if one.name == number), None)
    seen = {header_key(cell) for _, cells in head for cell in cells}
    return next((one for one in preset.lists if any(header_key(mark) in seen for mark in one.marks)), None)


def _sheet(
    table: Table, one: ListOf, head: list[tuple[int, list[Cell]]], mapping: Mapping[str, str]
) -> Sheet | None:
    """The row of the head that has the most known headers, among them one that says which case it is."""
    best: Sheet | None = None
    for number, cells in head:
        columns, dropped = _columns(one, cells, mapping)
        uses = {column.field.use for column in columns}
        if not uses & {"reference", "person reference"}:
            continue
        if best is None or len(columns) > len(best.columns):
            best = Sheet(table, one, number, columns, dropped)
    return best if best and (len(best.columns) > 1 or mapping) else None


def _columns(one: ListOf, cells: list[Cell], mapping: Mapping[str, str]) -> tuple[list[Column], list[str]]:
    columns: list[Column] = []
    dropped: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells):
        header = plain(cell)
        if not header:
            continue
        found = _field(one, header, mapping)
        if found is None or found.name + found.use in taken:
            dropped.append(header)
            continue
        taken.add(found.name + found.use)
        columns.append(Column(place, header, found))
    return columns, dropped


def _field(one: ListOf, header: str, mapping: Mapping[str, str]) -> Field | None:
    """What a column is for: as the mapping says, else by its header."""
    key = header_key(header)
    said = mapping.get(key)
    if said is None:
        return next((known for known in one.fields if key in known.keys), None)
    if said.startswith(KEPT):
        return None if is_personal(header) else Field(said.removeprefix(KEPT)[:80], "fact", (header,))
    return next((known for known in one.fields if known.name == said), None)


def headers_of(tables: list[Table], preset: Preset) -> list[str]:
    """The headers of the file's main table, for a person to say what each is."""
    fullest: list[str] = []
    for table in tables:
        head = table.head()
        sheet = _sheet(table, preset.lists[0], head, {})
        if sheet is not None:
            cells = next(cells for number, cells in head if number == sheet.header_row)
            return [header for cell in cells if (header := plain(cell))]
        for _, cells in head:
            headers = [header for cell in cells if (header := plain(cell))]
            if len(headers) > len(fullest):
                fullest = headers
    return fullest


def suggested(headers: list[str], preset: Preset) -> dict[str, str]:
    """What each header is taken for unless a person says otherwise, by the header's key."""
    suggestions: dict[str, str] = {}
    for header in headers:
        found = _field(preset.lists[0], header, {})
        name = found.name if found and found.name not in suggestions.values() else DROPPED
        suggestions[header_key(header)] = name
    return suggestions


def digest_of(headers: list[str]) -> str:
    """What tells one set of headers from another, whatever their order."""
    return hashlib.sha256("\n".join(sorted({header_key(header) for header in headers})).encode()).hexdigest()
