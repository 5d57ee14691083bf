"""The list file of subjects that are no cases: its columns, and how a row is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from goldenthread.caseload.models import CASE, Subject
from goldenthread.caseload.wanted import Wanted
from goldenthread.people.models import Person, Unit
from goldenthread.people.people_file import (
    Column,
    RejectedRow,
    RowRefused,
    Sheet,
    read_sheet,
    unknown_columns,
)
from goldenthread.people.spreadsheets.tables import Table, opened
from goldenthread.people.spreadsheets.values import fold, header_key, name_keys
from goldenthread.rules.refusal import Refused

LONGEST = 100
MOST_ROWS = 5000
UNDECLARED = (
    "No fact of the framework is called so. Rename the column as a fact is called, or list the fact under "
    "“facts” in a new version of the framework and bring the file in again."
)
"""What to do about a column that a list brings and nobody asked for."""
REFERENCE = Column("Reference", ("Ref", "Id"), True, example="H-001")
CALLED = Column("Called", ("Title", "Label"), example="Household 1")
TEAM = Column("Team", ("Unit",), example="T-01")
WORKER = Column("Worker", ("Staff number", "Practitioner"), example="10234")
FROM = Column("From", ("Opened", "Start", "Start date"), is_date=True, example="01/04/2026")
TO = Column("To", ("Closed", "End", "End date"), is_date=True)
CASES = Column("Cases", ("Members", "Case references"), example="C-1001; C-1002")


@dataclass
class Checked:
    """The rows of a list file that can be used, those that cannot, and the columns that stand for nothing."""

    rows: list[Wanted] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)


def sheet_of(title: str, facts: Iterable[str], days: Collection[str] = ()) -> Sheet:
    """The columns of a list, the framework's own facts last; `days` are those of them that are days."""
    known = tuple(Column(_column(name), is_date=name in days) for name in facts)
    return Sheet(title, "", (REFERENCE, CALLED, TEAM, WORKER, FROM, TO, CASES, *known))


def _column(fact: str) -> str:
    return fact[:1].upper() + fact[1:]


def read_list(
    path: Path, name: str, *, title: str, facts: Iterable[str], days: Collection[str] = ()
) -> Checked:
    """What a list file tells; a row that cannot be used says why and stops nothing."""
    facts = tuple(facts)
    sheet = sheet_of(title, facts, days)
    with opened(path, name) as tables:
        if not tables:
            raise Refused("The file holds no table. Choose a file with the columns of the template.")
        entries, rejected = read_sheet(sheet, tables[0])
        present = _present(sheet, tables[0])
        not_read = [header[:LONGEST] for header in unknown_columns(sheet, tables[0])]
    if len(entries) > MOST_ROWS:
        raise Refused(f"The list has more than {MOST_ROWS:,} rows. Bring it in in parts.")
    checked, names, seen = Checked(rejected=rejected, not_read=not_read), Names(), set[str]()
    for entry in entries:
        try:
            told = entry.texts | {one: _written(entry.days.get(one)) for one in map(_column, days)}
            texts = {name: text for name, text in told.items() if name in present}
            row = wanted_by(names, texts, entry.days, facts)
            if row.source in seen:
                raise RowRefused("Reference", "An earlier row has this reference.")
        except RowRefused as fault:
            checked.rejected.append(RejectedRow(title, entry.row, fault.column, fault.reason))
        else:
            seen.add(row.source)
            checked.rows.append(row)
    return checked


def _written(day: date | None) -> str:
    """A day as a fact holds it, so that time is counted from it."""
    return day.isoformat() if day else ""


def _present(sheet: Sheet, table: Table) -> set[str]:
    """The columns that the file has; what a column that it lacks would say stays as it is."""
    headers = {header_key(cell) for _, cells in table.head() for cell in cells}
    return {column.name for column in sheet.columns if column.keys & headers}


class Names:
    """Teams, staff and cases, found by what a list calls them."""

    def __init__(self) -> None:
        self.units: dict[str, list[Unit]] = {}
        for unit in Unit.objects.confirmed().order_by("pk"):
            for key in {fold(unit.reference), fold(unit.name)} - {""}:
                self.units.setdefault(key, []).append(unit)
        self.people: dict[str, list[Person]] = {}
        for person in Person.objects.filter(joined_into=None).order_by("pk"):
            keys = {fold(person.reference), (person.email or "").lower(), *name_keys(person.name)}
            for key in keys - {""}:
                self.people.setdefault(key, []).append(person)

    def unit(self, text: str) -> int | None:
        """The key of the team that is meant; None where none is named."""
        found = self.units.get(fold(text), []) if text else []
        if text and len(found) != 1:
            raise RowRefused("Team", _one(found, "unit", "reference"))
        return found[0].pk if found else None

    def person(self, text: str) -> int | None:
        """The key of the member of staff who is meant; None where nobody is named."""
        found = (self.people.get(fold(text)) or self.people.get(text.lower()) or []) if text else []
        if text and len(found) != 1:
            raise RowRefused("Worker", _one(found, "member of staff", "staff number"))
        return found[0].pk if found else None


def _one(found: list[Unit] | list[Person], what: str, by: str) -> str:
    several = f"More than one {what} is called this; give the {by}."
    return several if found else f"There is no {what} with this {by} or name."


def wanted_by(
    names: Names, texts: dict[str, str], days: dict[str, date | None], facts: Iterable[str]
) -> Wanted:
    """One row of a list, or what was typed, as the subject should stand."""
    reference = texts["Reference"]
    if len(reference) > LONGEST:
        raise RowRefused("Reference", f"A reference has at most {LONGEST} characters.")
    opened_on, closed_on = days.get("From"), days.get("To")
    if opened_on and closed_on and closed_on < opened_on:
        raise RowRefused("To", "It ends before it begins.")
    worker, team = names.person(texts.get("Worker", "")), names.unit(texts.get("Team", ""))
    told = {name: texts[column][:500] for name in facts if (column := _column(name)) in texts}
    return Wanted(
        source=reference,
        reference=reference,
        label=texts.get("Called", "")[:200],
        opened_on=opened_on,
        closed_on=closed_on,
        works=((worker, team),) if worker or team else (),
        facts=told,
        parts=_cases(texts["Cases"]) if "Cases" in texts else None,
    )


def _cases(text: str) -> tuple[int, ...]:
    """The keys of the cases named, by their references."""
    named = [one.strip() for one in re.split(r"[;,\n]", text) if one.strip()]
    known = dict(
        Subject.objects.of_kind(CASE).filter(reference__in=named[:500]).values_list("reference", "pk")
    )
    if absent := [one for one in named if one not in known]:
        raise RowRefused("Cases", f"There is no case {absent[0]}. Load it with an extract first.")
    return tuple(sorted({known[one] for one in named}))
