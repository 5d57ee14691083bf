"""Turns one row of an extract into the values that are kept, or says why it cannot be used."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goldenthread.caseload.fields import age_band
from goldenthread.caseload.layout import Column, Layout, Sheet
from goldenthread.people.spreadsheets import values
from goldenthread.people.spreadsheets.tables import Cell

CLOSED = re.compile(r"\b(?:closed|ended|ceased|inactive|discharged)\b", re.IGNORECASE)
NOT_CLOSED = re.compile(r"\b(?:not|never|re-?opened)\b", re.IGNORECASE)
LONGEST_REFERENCE, LONGEST_EVENT, LONGEST_NAME, LONGEST_FACT = 100, 60, 200, 500
YES = ("1", "true", "yes", "y", "t")
BIRTHS_AHEAD = 300  # days: a child not yet born has an expected date of birth


@dataclass
class Clean:
    """A row's values, ready to be compared with what is stored.

    `since` is the start of what an open row continues, where that lies before the row's own start.
    """

    reference: str
    event: str = ""
    dated: bool = True
    person_reference: str = ""
    replaces: str = ""
    worker: str = ""
    worker_reference: str = ""
    team: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    since: date | None = None
    says_closed: bool = False
    allocated_on: date | None = None
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and not self.says_closed

    @property
    def key(self) -> str:
        """What tells this row from others of its list: the case, the event, the day on which it began."""
        begun = self.opened_on if self.dated else None
        return "|".join([self.reference, *([self.event] if self.event else []), str(begun or "")])

    @property
    def person(self) -> str:
        """Whose row it is: where it does not say so, the case's reference stands for the person."""
        return self.person_reference or self.reference

    @property
    def digest(self) -> str:
        """Changes if, and only if, something changed that is kept; spelling of spaces does not count."""
        kept: list[Any] = [
            self.person_reference,
            values.fold(self.worker),
            values.fold(self.worker_reference),
            values.fold(self.team),
            str(self.closed_on or ""),
            self.says_closed,
            str(self.allocated_on or ""),
            sorted(self.facts.items()),
        ]
        if not self.dated:
            kept.append(str(self.opened_on or ""))
        return hashlib.sha256(json.dumps(kept).encode()).hexdigest()

    def stored(self) -> dict[str, Any]:
        """The values as JSON."""
        return {
            "person": self.person_reference,
            "opened": str(self.since or self.opened_on or ""),
            "closed": str(self.closed_on or ""),
            "says_closed": self.says_closed,
            "facts": self.facts,
        }


class RowRejected(Exception):
    """Why a row cannot be used; never with a value of the row."""

    def __init__(self, column: str, reason: str, reference: str = "") -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        self.reference = reference


@dataclass
class Notes:
    """What was left out of rows that were used, counted by column and reason."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    first_rows: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)

    def add(self, sheet: str, column: str, what: str, row: int) -> None:
        key = (sheet, column, what)
        self.counts[key] += 1
        rows = self.first_rows.setdefault(key, [])
        if len(rows) < 5:
            rows.append(row)

    def sentences(self) -> Iterator[str]:
        for (sheet, column, what), count in self.counts.items():
            rows = self.first_rows[sheet, column, what]
            shown = ", ".join(str(row) for row in rows) + (" and more" if count > len(rows) else "")
            yield f"{sheet}, “{column}”: {what} ({count} {'row' if count == 1 else 'rows'}: {shown})."


@dataclass
class Cleaner:
    """Reads the rows of one sheet."""

    sheet: Sheet
    order: values.DateOrder
    extracted_on: date
    notes: Notes
    number: int = 0

    def clean(self, number: int, cells: list[Cell]) -> Clean:
        """The row's values."""
        self.number = number
        row = Clean(self._reference(cells), dated=self.sheet.list_of.dated)
        try:
            self._fill(row, cells)
            self._end_at_once(row, cells)
            self._check(row)
        except RowRejected as fault:
            fault.reference = row.reference
            raise
        return row

    def is_blank(self, cells: list[Cell]) -> bool:
        """Whether a row says nothing in any column that is read, or repeats the headers."""
        read = [(column, cells[column.place]) for column in self.sheet.columns if column.place < len(cells)]
        told = [(column, cell) for column, cell in read if cell is None or values.plain(cell)]
        return not told or (
            len(told) > 1 and all(values.plain(cell) == column.header for column, cell in told)
        )

    def whose(self, cells: list[Cell], uses: Iterable[str] = ("person reference", "reference")) -> str:
        """Whose row it is, as far as can be read."""
        for column in (self.sheet.of(use) for use in uses):
            text = values.known(cells[column.place]) if column and column.place < len(cells) else ""
            if text:
                return text
        return ""

    def _text(self, cells: list[Cell], column: Column) -> str:
        cell = cells[column.place] if column.place < len(cells) else ""
        if cell is None:
            raise RowRejected(
                column.header,
                f"Cell {letters(column.place)}{self.number} holds a formula without a stored value. "
                "Open the file in Excel, save it and load it again.",
            )
        return cell

    def _reference(self, cells: list[Cell]) -> str:
        """The case's reference; where the list has no such column, the person's."""
        column = self.sheet.of("reference") or self.sheet.of("person reference")
        if column is None:
            raise RowRejected("", "The list has no column that says which case it is.")
        text = values.known(self._text(cells, column))
        if not text:
            raise RowRejected(column.header, f"“{column.header}” is empty, so the case is not known.")
        if len(text) > LONGEST_REFERENCE:
            raise RowRejected(
                column.header, f"“{column.header}” is longer than {LONGEST_REFERENCE} characters."
            )
        return text

    def _fill(self, row: Clean, cells: list[Cell]) -> None:
        for column in self.sheet.columns:
            text = self._text(cells, column)
            match column.field.use:
                case "person reference":
                    row.person_reference = values.known(text)[:LONGEST_REFERENCE]
                case "replaces":
                    row.replaces = values.known(text)[:LONGEST_REFERENCE]
                case "event reference":
                    row.event = values.known(text)[:LONGEST_EVENT]
                case "worker":
                    row.worker = values.named(text)[:LONGEST_NAME]
                case "worker reference":
                    row.worker_reference = values.named(text)[:LONGEST_REFERENCE]
                case "team":
                    row.team = values.named(text)[:LONGEST_NAME]
                case "opened":
                    row.opened_on = self._needed_day(column, text)
                case "closed":
                    ends = (row.closed_on, self._needed_day(column, text))
                    row.closed_on = max((day for day in ends if day), default=None)
                case _:
                    self._fill_fact(row, column, text)

    def _end_at_once(self, row: Clean, cells: list[Cell]) -> None:
        """End a row on its own day where it tells of something that does not stay open."""
        flag, kind = self.sheet.of("ends at once"), self.sheet.of("event type")
        ends = flag is not None and values.known(self._text(cells, flag)).casefold() in YES
        if kind is not None:
            fact = self._fact_of_event(kind, cells)
            if fact:
                row.facts[fact] = str(row.closed_on or row.opened_on or "")
            ends = ends or bool(fact)
        if ends and row.closed_on is None:
            row.closed_on = row.opened_on
            row.says_closed = row.closed_on is None

    def _fact_of_event(self, column: Column, cells: list[Cell]) -> str:
        """The name of the fact that the row's day is; nothing for a kind of row that stays open."""
        text = values.header_key(values.label(self._text(cells, column)))
        for kind, fact in self.sheet.list_of.events:
            if text in (kind, f"{kind}s"):
                return fact
        kinds = ", ".join(kind.capitalize() for kind, _ in self.sheet.list_of.events)
        raise RowRejected(column.header, f"“{column.header}” is none of {kinds}.")

    def _fill_fact(self, row: Clean, column: Column, text: str) -> None:
        match column.field.use:
            case "allocated":
                row.allocated_on = self._other_day(column, text)
            case "status":
                status = values.label(text)
                row.says_closed = bool(CLOSED.search(status)) and not NOT_CLOSED.search(status)
                row.facts["case status"] = status[:LONGEST_FACT]
            case "fact":
                if SLASHED.fullmatch(text.strip()):
                    self._note(column, "a date, but kept in its words, so that no time is counted from it")
                row.facts[column.field.name] = _gendered(column.field.name, values.label(text))[:LONGEST_FACT]
            case "date fact":
                row.facts[column.field.name] = str(self._other_day(column, text) or "")
            case "birth":
                if band := self._band(column, text):
                    row.facts["age band"] = band
            case "age":
                years = values.known(text)
                if "age band" not in row.facts and years.isdecimal() and len(years) < 4:
                    row.facts["age band"] = age_band(int(years))

    def _day(self, text: str) -> date | None:
        return values.day(text, self.order, epoch_1904=self.sheet.table.epoch_1904)

    def _needed_day(self, column: Column, text: str) -> date | None:
        """A day on which the case rests: not read or still to come, the row is not used."""
        try:
            found = self._day(text)
        except values.NotADate as fault:
            raise RowRejected(column.header, f"“{column.header}” is not a date that exists.") from fault
        if found and found > self.extracted_on:
            raise RowRejected(column.header, f"“{column.header}” lies after the day of the extract.")
        return found

    def _other_day(self, column: Column, text: str) -> date | None:
        """Any other day: not read, or for an allocation still to come, it is left out and noted."""
        try:
            found = self._day(text)
        except values.NotADate:
            self._note(column, "not a date that exists, left out")
            return None
        if found and found > self.extracted_on and column.field.use == "allocated":
            self._note(column, "lies in the future, left out")
            return None
        return found

    def _band(self, column: Column, text: str) -> str:
        """The age band on the day of the extract; the date of birth itself goes no further."""
        born = self._other_day(column, text)
        if born is None:
            return ""
        if (born - self.extracted_on).days > BIRTHS_AHEAD:
            self._note(column, "lies in the future, left out")
            return ""
        on = self.extracted_on
        return age_band(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))

    def _note(self, column: Column, what: str) -> None:
        self.notes.add(self.sheet.table.name, column.header, what, self.number)

    def _check(self, row: Clean) -> None:
        if row.opened_on and row.closed_on and row.closed_on < row.opened_on:
            column = self.sheet.of("closed")
            name = column.header if column else ""
            raise RowRejected(name, "The case closes before it opens.")


SLASHED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})")
"""A date as people type it."""

GENDERS = {
    "a": "Male", "m": "Male", "1": "Male", "01": "Male", "male": "Male",
    "b": "Female", "f": "Female", "2": "Female", "02": "Female", "female": "Female",
}  # fmt: skip


def _gendered(name: str, text: str) -> str:
    """Codes of gender as their labels."""
    return GENDERS.get(text.casefold(), text) if name == "gender" else text


def letters(place: int) -> str:
    """A column's letters, as Excel shows them."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def order_of_dates(layout: Layout) -> values.OrderOfDates:
    """Whether days or months come first, over all columns of dates in the extract."""
    order = values.OrderOfDates()
    for sheet in (*layout.sheets, *layout.beside):
        uses = ("opened", "closed", "allocated", "date fact", "birth", "started", "ended")
        places = [column.place for column in sheet.columns if column.field.use in uses]
        for number, cells in sheet.table.rows():
            if number > sheet.header_row:
                for place in places:
                    order.see(cells[place] if place < len(cells) else "")
    return order
