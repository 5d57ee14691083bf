"""Finds an extract's lists in its tables: which is which, where its headers stand, what each column is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from goldenthread.caseload.fields import Field, ListOf, Preset, Use
from goldenthread.people.spreadsheets.tables import Row, Table
from goldenthread.people.spreadsheets.values import header_key, plain
from goldenthread.rules.refusal import Refused

NUMBERED = re.compile(r"(?:annex\s*a\W*)?(?:list\W*)?0*(\d{1,2})(?!\d)", re.IGNORECASE)
ANYWHERE = re.compile(r"list[\W_]*0*(\d{1,2})(?!\d)", re.IGNORECASE)
KEPT = "fact: "  # a mapping that keeps a column as a dated fact, with the fact's name
KEPT_AS_DAY = "day: "  # the same for a column of days, from which time can be counted
DROPPED = "drop"
WHOSE = (
    "worker",
    "worker reference",
    "team",
    "allocated",
)  # of a period of work, where a table tells periods


@dataclass(frozen=True)
class Column:
    """One column that is read."""

    place: int
    header: str
    field: Field


@dataclass
class Sheet:
    """A table that is a list of the preset, or that tells something beside its lists."""

    table: Table
    list_of: ListOf
    header_row: int
    columns: list[Column]
    dropped: list[str] = field(default_factory=list)

    def of(self, use: str) -> Column | None:
        return next((column for column in self.columns if column.field.use == use), None)

    @property
    def tells_periods(self) -> bool:
        """Whether a row says from when, or until when, somebody worked with a case or a person."""
        names_somebody = any(self.of(use) for use in ("worker", "worker reference", "team"))
        return names_somebody and bool(self.of("started") or self.of("ended"))


@dataclass
class Layout:
    """What of an extract is read, and what is not: lists of cases, and tables beside them."""

    sheets: list[Sheet]
    beside: list[Sheet] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """As what a table is read: the preset, and what a person said of the columns."""

    preset: Preset
    mapping: Mapping[str, str]

    def sheet(self, table: Table, one: ListOf, *, least: int = 2) -> Sheet | None:
        """The row of the head that has the most known headers, among them one that says which case it is."""
        best: Sheet | None = None
        for number, cells in table.head():
            sheet = self._of_headers(table, one, (number, cells))
            if not sheet.of("reference") and not sheet.of("person reference"):
                continue
            if all(sheet.of(use) for use in one.needs) and len(sheet.columns) > len(
                best.columns if best else ()
            ):
                best = sheet
        return best if best and (len(best.columns) >= least or self.mapping) else None

    def _of_headers(self, table: Table, one: ListOf, row: Row) -> Sheet:
        """Each field's column; where several may be it, the one whose header the field names first."""
        number, cells = row
        found: dict[tuple[str, str], tuple[int, Column]] = {}
        dropped: dict[int, str] = {}
        for place, header in enumerate(plain(cell) for cell in cells):
            known = self.field(one, header) if header else None
            if known is None:
                dropped[place] = header
                continue
            rank, column = _rank(known, header), Column(place, header, known)
            held = found.get((known.name, known.use))
            if held is None or rank < held[0]:
                found[known.name, known.use] = (rank, column)
                column = held[1] if held else column
            if held is not None:
                dropped[column.place] = column.header
        order: dict[tuple[str, str], int] = {
            (known.name, known.use): rank for rank, known in enumerate(one.fields)
        }
        ranked = sorted(found.items(), key=lambda item: (order.get(item[0], len(order)), item[1][1].place))
        columns = [column for _, (_, column) in ranked]
        return Sheet(
            table, one, number, columns, [dropped[place] for place in sorted(dropped) if dropped[place]]
        )

    def field(self, one: ListOf, header: str) -> Field | None:
        """What a column is for: as the mapping says, else by its header."""
        key = header_key(header)
        said = self.mapping.get(key)
        if said is None:
            return next((known for known in one.fields if key in known.keys), None)
        kept: dict[str, Use] = {KEPT: "fact", KEPT_AS_DAY: "date fact"}
        for prefix, use in kept.items():
            if said.startswith(prefix):
                never = self.preset.never_keeps(header)
                return None if never else Field(said.removeprefix(prefix)[:80], use, (header,))
        return next((known for known in one.fields if known.name == said), None)


def _rank(known: Field, header: str) -> int:
    key = header_key(header)
    return known.keys.index(key) if key in known.keys else -1


def layout_of(tables: list[Table], preset: Preset, mapping: Mapping[str, str] | None = None) -> Layout:
    """Find the preset's lists among the tables, or refuse with what is missing."""
    layout, reading = Layout([]), Reading(preset, mapping or {})
    if preset.beside:
        _add_together(layout, tables, reading)
    else:
        for table in tables:
            _add(layout, table, reading)
    if not layout.sheets and not layout.beside:
        raise Refused(preset.unfound)
    _note_dropped(layout)
    return layout


def _note_dropped(layout: Layout) -> None:
    """Say which columns of each table are not kept by any of the lists that read it."""
    read = [*layout.sheets, *layout.beside]
    for table in dict.fromkeys(id(sheet.table) for sheet in read):
        sheets = [sheet for sheet in read if id(sheet.table) == table]
        kept = {column.header for sheet in sheets for column in sheet.columns}
        dropped = [header for header in sheets[0].dropped if header not in kept]
        if dropped:
            names = ", ".join(f"“{header}”" for header in dropped)
            layout.notes.append(f"{sheets[0].table.name}: not kept: {names}.")


def _add(layout: Layout, table: Table, reading: Reading) -> None:
    """Read a table as the one list of its preset that it is."""
    one = reading.preset.lists[0]
    if reading.preset.numbered:
        number = _number(table.name)
        numbered = _numbered_list(reading.preset, number, table.head())
        if numbered is None:
            what = f"list {number} holds no open cases" if number else "it is none of the lists 6 to 9"
            layout.notes.append(f"{table.name}: not read, since {what}.")
            return
        one = numbered
    sheet = reading.sheet(table, one)
    if sheet is not None:
        layout.sheets.append(sheet)
    elif table.head():
        layout.notes.append(f"{table.name}: not read, since no headers that say which case it is were found.")


def _number(name: str) -> str | None:
    match = NUMBERED.match(name.strip().replace("_", " ")) or ANYWHERE.search(name)
    return match[1] if match else None


def _numbered_list(preset: Preset, number: str | None, head: list[Row]) -> ListOf | None:
    """The list by the sheet's number, else by headers that only it has."""
    if number is not None and 1 <= int(number) <= 11:
        return next((one for one in preset.lists if one.name == number), None)
    seen = {header_key(cell) for _, cells in head for cell in cells}
    return next((one for one in preset.lists if any(header_key(mark) in seen for mark in one.marks)), None)


def _add_together(layout: Layout, tables: list[Table], reading: Reading) -> None:
    """Read tables that belong together: those with a start or an end hold cases, all may tell of people.

    Where none has a start or an end, those are the cases' that have a reference of the case.
    """
    one = reading.preset.lists[0]
    beside = ListOf("beside", "beside the cases", reading.preset.beside)
    named = [sheet for table in tables if (sheet := reading.sheet(table, one)) and sheet.of("reference")]
    dated = [sheet for sheet in named if sheet.of("opened") or sheet.of("closed")]
    layout.sheets = dated or (named if one.has_own_reference else [])
    layout.beside = [sheet for table in tables if (sheet := reading.sheet(table, beside, least=1))]
    told = {id(sheet.table): sheet for sheet in layout.beside if sheet.tells_periods}
    for sheet in layout.sheets:
        if id(sheet.table) in told:
            sheet.columns = [column for column in sheet.columns if column.field.use not in WHOSE]
    read = {id(sheet.table) for sheet in (*layout.sheets, *layout.beside)}
    unread = [table.name for table in tables if id(table) not in read and table.head()]
    layout.notes += [
        f"{name}: not read, since no headers that say whose it is were found." for name in unread
    ]
    if not layout.sheets:
        layout.notes.append(f"None of the tables has {one.title}, so no case was read.")


def headers_of(tables: list[Table], preset: Preset) -> list[str]:
    """The headers of the main table, or of all that belong together, for a person to say what each is."""
    reading = Reading(preset, {})
    if preset.beside:
        headers = [header for table in tables for header in _headers(table, reading)]
        return list({header_key(header): header for header in headers}.values())
    main = next((table for table in tables if reading.sheet(table, preset.lists[0])), None)
    if main is not None:
        return _headers(main, reading)
    return max((_headers(table, reading) for table in tables), key=len, default=[])


def _headers(table: Table, reading: Reading) -> list[str]:
    """The headers of a table: the row that is known, else the fullest of its head."""
    wide = ListOf("", "", (*reading.preset.lists[0].fields, *reading.preset.beside))
    sheet = reading.sheet(table, wide)
    rows = [(number, [header for cell in cells if (header := plain(cell))]) for number, cells in table.head()]
    if sheet is not None:
        return next(headers for number, headers in rows if number == sheet.header_row)
    return max((headers for _, headers in rows), key=len, default=[])


def suggested(headers: list[str], preset: Preset) -> dict[str, str]:
    """What each header is taken for unless a person says otherwise, by the header's key."""
    suggestions: dict[str, str] = {}
    wide = ListOf("", "", (*preset.lists[0].fields, *preset.beside))
    for header in headers:
        found = Reading(preset, {}).field(wide, header)
        name = found.name if found and found.name not in suggestions.values() else DROPPED
        suggestions[header_key(header)] = name
    return suggestions


def digest_of(headers: list[str]) -> str:
    """What tells one set of headers from another, whatever their order."""
    return hashlib.sha256("\n".join(sorted({header_key(header) for header in headers})).encode()).hexdigest()
