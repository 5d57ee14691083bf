"""What tables beside the cases tell of their people: who works with them, since when, what is known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from goldenthread.caseload.cleaning import (
    FILLS,
    LONGEST_FACT,
    LONGEST_NAME,
    LONGEST_REFERENCE,
    Clean,
    Cleaner,
)
from goldenthread.caseload.fields import Use
from goldenthread.caseload.layout import Column
from goldenthread.people.spreadsheets import values
from goldenthread.people.spreadsheets.tables import Cell

BEGINS = "s"  # the reason for a new episode that says that a child started to be looked after
Of = tuple[str, str]  # "case" or "person", and the reference


class Period(NamedTuple):
    """Somebody's work that runs; of several, the one that compares highest counts: the latest start."""

    started: date
    worker_reference: str
    worker: str
    team: str


@dataclass
class Beside:
    """What is told by person, and of work by case or person; the order of tables and rows is no matter."""

    facts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    periods: dict[Of, Period] = field(default_factory=dict)
    begun: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    def add_to(self, row: Clean) -> Clean:
        """Complete an open row with what is told of its person and its case; a row's own word stands."""
        if not row.is_open:
            return row
        for name, value in self.facts.get(row.person, {}).items():
            row.facts[name] = row.facts.get(name) or value
        period = self.periods.get(("case", row.reference)) or self.periods.get(("person", row.person))
        if period and not (row.worker or row.worker_reference):
            row.worker, row.worker_reference = period.worker, period.worker_reference
            row.team = row.team or period.team
            row.allocated_on = None if period.started == date.min else period.started
        begun = [day for day in self.begun.get(row.person, ()) if row.opened_on and day <= row.opened_on]
        if begun:
            row.since = max(begun)
            row.facts["looked after since"] = str(row.since)
        return row


class BesideReader(Cleaner):
    """Reads the rows of one table beside the cases; what cannot be read is left out and noted."""

    def read(self, number: int, cells: list[Cell], into: Beside) -> None:
        """Add what a row tells."""
        self.number = number
        person = self.whose(cells, ("person reference",))[:LONGEST_REFERENCE]
        for column in self.sheet.columns:
            self._add_fact(into.facts[person], column, self._cell(cells, column))
        new, opened = self._of.get("begins anew"), self._of.get("opened")
        if new and opened and values.known(self._cell(cells, new)).casefold() == BEGINS:
            into.begun[person].update(filter(None, [self._other_day(opened, self._cell(cells, opened))]))
        if self.sheet.tells_periods and (period := self._period(cells)):
            case = self._told(cells, "reference")[:LONGEST_REFERENCE]
            of = ("case", case) if case else ("person", person)
            into.periods[of] = max(period, into.periods.get(of, period))

    def _cell(self, cells: list[Cell], column: Column | None) -> str:
        """A cell's text; a formula without a stored value is noted."""
        cell = cells[column.place] if column and column.place < len(cells) else ""
        if cell is None and column:
            self._note(column, "a formula without a stored value, left out")
        return cell or ""

    def _told(self, cells: list[Cell], use: Use) -> str:
        return values.named(self._cell(cells, self._of.get(use)))

    def _add_fact(self, facts: dict[str, str], column: Column, text: str) -> None:
        """Of several values of a fact the greatest is kept: of days, the latest."""
        row = Clean("")
        if column.field.use in ("birth", "age", "fact", "date fact"):
            FILLS[column.field.use](self, row, column, text)
        for name, value in row.facts.items():
            facts[name] = max(facts.get(name, ""), value[:LONGEST_FACT])

    def _period(self, cells: list[Cell]) -> Period | None:
        """The work that a row tells of, if somebody is named and it runs on the day of the extract."""
        start, end = self._of.get("started"), self._of.get("ended")
        worker, reference = self._told(cells, "worker"), self._told(cells, "worker reference")
        team = self._told(cells, "team")
        if not (worker or reference or team) or (end and self._has_ended(end, self._cell(cells, end))):
            return None
        started = self._other_day(start, self._cell(cells, start)) if start else None
        if started and started > self.extracted_on:
            return None
        return Period(
            started or date.min, reference[:LONGEST_REFERENCE], worker[:LONGEST_NAME], team[:LONGEST_NAME]
        )

    def _has_ended(self, column: Column, text: str) -> bool:
        """Whether the work is over: an end that cannot be read is an end all the same."""
        try:
            ended = self._day(text)
        except values.NotADate:
            self._note(column, "not a date that exists; the work is taken to be over")
            return True
        return ended is not None and ended <= self.extracted_on
