"""The people file: its sheets, their columns, and how a row is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from goldenthread.people.spreadsheets import values
from goldenthread.people.spreadsheets.tables import Cell, Row, Table


@dataclass(frozen=True)
class Column:
    """A column by its name; `also` are other headers that mean the same."""

    name: str
    also: tuple[str, ...] = ()
    needed: bool = False
    is_date: bool = False
    example: str = ""
    longest: int = 200

    @property
    def keys(self) -> set[str]:
        return {values.header_key(header) for header in (self.name, *self.also)}


@dataclass(frozen=True)
class Sheet:
    """One sheet of the file and what it says."""

    name: str
    about: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        return {values.header_key(name) for name in (self.name, *self.also)}


NUMBER = Column(
    "Staff number",
    ("Staff no", "Employee number", "Employee id", "Payroll number"),
    True,
    example="10234",
    longest=100,
)
UNIT = Column("Unit", ("Team", "Service"), True, example="T-01")
FROM = Column("From", ("Start", "Start date", "Starts", "Starts on"), is_date=True, example="01/04/2024")
TO = Column("To", ("End", "End date", "Ends", "Ends on", "Until"), is_date=True)

SHEETS = (
    Sheet(
        "Units",
        "the organisation, its services and teams, each under another",
        (
            Column("Reference", ("Ref", "Code", "Unit reference"), True, example="T-01", longest=100),
            Column("Name", ("Unit name", "Title"), True, example="Care Management North"),
            Column("Kind", ("Type",), example="team", longest=50),
            Column("Under", ("Parent", "Reports to", "Part of"), example="S-01"),
            Column("Under from", ("Parent from",), is_date=True),
            Column("Nation", example="england-and-wales"),
            FROM,
            TO,
        ),
        ("Teams", "Organisation"),
    ),
    Sheet(
        "Staff",
        "everybody who works there",
        (
            NUMBER,
            Column("Name", ("Full name", "Staff name"), True, example="Ada Auditor"),
            Column("Email", ("E-mail", "Email address"), example="ada@example.org", longest=254),
            Column(
                "Left",
                ("Left on", "Leaving date", "Date of leaving", "Leaver date", "Last working day"),
                is_date=True,
            ),
            Column("Directory id", ("Object id", "Entra object id", "Azure AD object id")),
        ),
        ("People",),
    ),
    Sheet(
        "Posts",
        "who holds which post in which unit, from when to when",
        (
            NUMBER,
            Column("Post", ("Role", "Job title"), True, example="team manager", longest=80),
            UNIT,
            FROM,
            TO,
        ),
        ("Roles",),
    ),
    Sheet(
        "Training",
        "courses completed, and until when they hold",
        (
            NUMBER,
            Column("Course", ("Training",), True, example="audit", longest=120),
            Column("Completed", ("Completed on", "Date"), True, True, "15/01/2026"),
            Column("Expires", ("Expires on", "Valid until"), is_date=True),
        ),
    ),
    Sheet(
        "Leave",
        "days away, first and last included",
        (
            NUMBER,
            Column("First day", ("From", "Start", "Start date"), True, True, "10/08/2026"),
            Column("Last day", ("To", "End", "End date"), True, True, "21/08/2026"),
        ),
        ("Absence",),
    ),
    Sheet(
        "Closures",
        "days on which the organisation is closed besides weekends and bank holidays",
        (
            Column("Day", ("Date",), True, True, "24/12/2026"),
            Column("Name", ("Reason",), example="Office closed", longest=120),
        ),
        ("Closure days",),
    ),
)


@dataclass
class Entry:
    """A row that was read: its place and its cleaned values by column name."""

    sheet: str
    row: int
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class RejectedRow:
    """A row that was not loaded, where it stands and why."""

    sheet: str
    row: int
    column: str
    reason: str


class RowRefused(Exception):
    """Why one row cannot be loaded."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def sheet_of(table: Table) -> Sheet | None:
    """Which sheet a table is: by its name, else by its headers."""
    key = values.header_key(table.name)
    for sheet in SHEETS:
        if key in sheet.keys:
            return sheet
    best = max(SHEETS, key=lambda sheet: _found(sheet, table))
    needed = sum(column.needed for column in best.columns)
    return best if _found(best, table) >= needed and _headers(best, table) else None


def _found(sheet: Sheet, table: Table) -> int:
    return max((len(_columns(sheet, cells)) for _, cells in table.head()), default=0)


def _columns(sheet: Sheet, cells: list[Cell]) -> dict[str, int]:
    """Where each of the sheet's columns stands in a row of headers."""
    keys = [values.header_key(cell) for cell in cells]
    places: dict[str, int] = {}
    for column in sheet.columns:
        place = next((index for index, key in enumerate(keys) if key and key in column.keys), None)
        if place is not None and place not in places.values():
            places[column.name] = place
    return places


def _headers(sheet: Sheet, table: Table) -> tuple[int, dict[str, int]] | None:
    """The row of headers, which may stand below a title, and where its columns are."""
    needed = {column.name for column in sheet.columns if column.needed}
    for number, cells in table.head():
        places = _columns(sheet, cells)
        if needed <= set(places):
            return number, places
    return None


def read_sheet(sheet: Sheet, table: Table) -> tuple[list[Entry], list[RejectedRow]]:
    """Every row of a sheet, read or rejected; empty rows are passed over."""
    headers = _headers(sheet, table)
    if headers is None:
        needed = ", ".join(column.name for column in sheet.columns if column.needed)
        return [], [RejectedRow(sheet.name, 1, "", f"The sheet needs the columns {needed}.")]
    order = _order(sheet, table, headers[1])
    entries, rejected = [], []
    for row in table.rows():
        if row[0] <= headers[0]:
            continue
        try:
            entries.append(_entry(sheet, table, row, headers[1], order))
        except RowRefused as fault:
            rejected.append(RejectedRow(sheet.name, row[0], fault.column, fault.reason))
    return entries, rejected


def unknown_columns(sheet: Sheet, table: Table) -> list[str]:
    """The headers that are none of the sheet's, so that nothing of their columns is read."""
    if (headers := _headers(sheet, table)) is None:
        return []
    known = frozenset().union(*(column.keys for column in sheet.columns))
    cells = next((cells for number, cells in table.head() if number == headers[0]), ())
    return [cell.strip() for cell in cells if cell and cell.strip() and values.header_key(cell) not in known]


def _order(sheet: Sheet, table: Table, places: dict[str, int]) -> values.DateOrder:
    dates = values.OrderOfDates()
    columns = [places[column.name] for column in sheet.columns if column.is_date and column.name in places]
    for _, cells in table.rows():
        for place in columns:
            dates.see(cells[place] if place < len(cells) else "")
    return dates.order


def _entry(sheet: Sheet, table: Table, row: Row, places: dict[str, int], order: values.DateOrder) -> Entry:
    number, cells = row
    entry = Entry(sheet.name, number)
    for column in sheet.columns:
        place = places.get(column.name, -1)
        cell = cells[place] if 0 <= place < len(cells) else ""
        if cell is None:
            raise RowRefused(column.name, "The cell holds a formula without a stored value.")
        if column.is_date:
            entry.days[column.name] = _day(column, cell, order, table.epoch_1904)
        else:
            entry.texts[column.name] = text = values.known(cell)
            if len(text) > column.longest:
                said = f"“{column.name}” has {len(text)} characters; at most {column.longest} are kept."
                raise RowRefused(column.name, said)
        if column.needed and not (entry.texts.get(column.name) or entry.days.get(column.name)):
            raise RowRefused(column.name, f"“{column.name}” is empty.")
    return entry


def _day(column: Column, cell: str, order: values.DateOrder, epoch_1904: bool) -> date | None:
    try:
        return values.day(cell, order, epoch_1904=epoch_1904)
    except values.NotADate as fault:
        raise RowRefused(column.name, f"“{column.name}” is not a date that exists.") from fault
