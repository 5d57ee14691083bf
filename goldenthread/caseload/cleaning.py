"""Turns one row of an extract into the values that are kept, or says why it cannot be used."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any

from goldenthread.caseload.fields import Use, age_band, next_birthday
from goldenthread.caseload.layout import Column, Layout, Sheet
from goldenthread.people.spreadsheets import values
from goldenthread.people.spreadsheets.tables import Cell

CLOSED = re.compile(r"\b(?:closed|ended|ceased|inactive|discharged)\b", re.IGNORECASE)
NOT_CLOSED = re.compile(r"\b(?:not|never|re-?opened)\b", re.IGNORECASE)
LONGEST_REFERENCE, LONGEST_EVENT, LONGEST_NAME, LONGEST_FACT = 100, 60, 200, 500
YES = ("1", "true", "yes", "y", "t")
REMEMBERED = 4_096  # texts of each kind: the staff, teams, days and words of a list recur in row after row
BIRTHS_AHEAD = 300  # days: a child not yet born has an expected date of birth


_as_json = json.JSONEncoder(check_circular=False).encode
_fold = lru_cache(REMEMBERED)(values.fold)  # the names of staff and teams


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
            _fold(self.worker),
            _fold(self.worker_reference),
            _fold(self.team),
            str(self.closed_on or ""),
            self.says_closed,
            str(self.allocated_on or ""),
            sorted(self.facts.items()),
        ]
        if not self.dated:
            kept.append(str(self.opened_on or ""))
        return hashlib.sha256(_as_json(kept).encode()).hexdigest()

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
    """Reads the rows of one sheet; what texts that recur mean is remembered as long as it reads.

    Of the row read last, `noted` is whether something of it was left out, and `anew_on` the first day on
    which the same row would say something else, if there is one.
    """

    sheet: Sheet
    order: values.DateOrder
    extracted_on: date
    notes: Notes
    number: int = 0
    noted: bool = False
    anew_on: date | None = None

    def __post_init__(self) -> None:
        day = partial(values.day, order=self.order, epoch_1904=self.sheet.table.epoch_1904)
        self._day = lru_cache(REMEMBERED)(day)
        self._named = lru_cache(REMEMBERED)(values.named)
        self._label = lru_cache(REMEMBERED)(values.label)
        self._of = {column.field.use: column for column in reversed(self.sheet.columns)}
        self._fills = [(column, FILLS.get(column.field.use)) for column in self.sheet.columns]

    def clean(self, number: int, cells: list[Cell]) -> Clean:
        """The row's values."""
        self.number, self.noted, self.anew_on = number, False, None
        row = Clean(self._reference(cells), dated=self.sheet.list_of.dated)
        try:
            for column, fill in self._fills:
                text = self._text(cells, column)
                if fill is not None:
                    fill(self, row, column, text)
            self._end_at_once(row, cells)
            self._check(row)
        except RowRejected as fault:
            fault.reference = row.reference
            raise
        return row

    def is_blank(self, cells: list[Cell]) -> bool:
        """Whether a row says nothing in any column that is read, or repeats the headers."""
        repeated = 0
        for column in self.sheet.columns:
            cell = cells[column.place] if column.place < len(cells) else ""
            text = values.plain(cell)
            if text == column.header != "":
                repeated += 1
            elif text or cell is None:
                return False
        return repeated != 1

    def whose(self, cells: list[Cell], uses: Iterable[Use] = ("person reference", "reference")) -> str:
        """Whose row it is, as far as can be read."""
        for use in uses:
            column = self._of.get(use)
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
        column = self._of.get("reference") or self._of.get("person reference")
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

    def _fill_person(self, row: Clean, column: Column, text: str) -> None:
        row.person_reference = values.known(text)[:LONGEST_REFERENCE]

    def _fill_replaces(self, row: Clean, column: Column, text: str) -> None:
        row.replaces = values.known(text)[:LONGEST_REFERENCE]

    def _fill_event(self, row: Clean, column: Column, text: str) -> None:
        row.event = values.known(text)[:LONGEST_EVENT]

    def _fill_worker(self, row: Clean, column: Column, text: str) -> None:
        row.worker = self._named(text)[:LONGEST_NAME]

    def _fill_worker_reference(self, row: Clean, column: Column, text: str) -> None:
        row.worker_reference = self._named(text)[:LONGEST_REFERENCE]

    def _fill_team(self, row: Clean, column: Column, text: str) -> None:
        row.team = self._named(text)[:LONGEST_NAME]

    def _fill_opened(self, row: Clean, column: Column, text: str) -> None:
        row.opened_on = self._needed_day(column, text)

    def _fill_closed(self, row: Clean, column: Column, text: str) -> None:
        ends = (row.closed_on, self._needed_day(column, text))
        row.closed_on = max((day for day in ends if day), default=None)

    def _end_at_once(self, row: Clean, cells: list[Cell]) -> None:
        """End a row on its own day where it tells of something that does not stay open."""
        flag, kind = self._of.get("ends at once"), self._of.get("event type")
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

    def _fill_allocated(self, row: Clean, column: Column, text: str) -> None:
        row.allocated_on = self._other_day(column, text)

    def _fill_status(self, row: Clean, column: Column, text: str) -> None:
        status = self._label(text)
        row.says_closed = bool(CLOSED.search(status)) and not NOT_CLOSED.search(status)
        row.facts["case status"] = status[:LONGEST_FACT]

    def _fill_fact(self, row: Clean, column: Column, text: str) -> None:
        if SLASHED.fullmatch(text.strip()):
            self._note(column, "a date, but kept in its words, so that no time is counted from it")
        row.facts[column.field.name] = _gendered(column.field.name, self._label(text))[:LONGEST_FACT]

    def _fill_date(self, row: Clean, column: Column, text: str) -> None:
        row.facts[column.field.name] = str(self._other_day(column, text) or "")

    def _fill_birth(self, row: Clean, column: Column, text: str) -> None:
        if band := self._band(column, text):
            row.facts["age band"] = band

    def _fill_age(self, row: Clean, column: Column, text: str) -> None:
        years = values.known(text)
        if "age band" not in row.facts and years.isdecimal() and len(years) < 4:
            row.facts["age band"] = age_band(int(years))

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
        self.anew_on = next_birthday(born, on)
        return age_band(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))

    def _note(self, column: Column, what: str) -> None:
        self.noted = True
        self.notes.add(self.sheet.table.name, column.header, what, self.number)

    def _check(self, row: Clean) -> None:
        if row.opened_on and row.closed_on and row.closed_on < row.opened_on:
            column = self._of.get("closed")
            name = column.header if column else ""
            raise RowRejected(name, "The case closes before it opens.")


SLASHED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{2}|\d{4})")
"""A date as people type it."""

FILLS: dict[Use, Callable[[Cleaner, Clean, Column, str], None]] = {
    "person reference": Cleaner._fill_person,
    "replaces": Cleaner._fill_replaces,
    "event reference": Cleaner._fill_event,
    "worker": Cleaner._fill_worker,
    "worker reference": Cleaner._fill_worker_reference,
    "team": Cleaner._fill_team,
    "opened": Cleaner._fill_opened,
    "closed": Cleaner._fill_closed,
    "allocated": Cleaner._fill_allocated,
    "status": Cleaner._fill_status,
    "fact": Cleaner._fill_fact,
    "date fact": Cleaner._fill_date,
    "birth": Cleaner._fill_birth,
    "age": Cleaner._fill_age,
}

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
