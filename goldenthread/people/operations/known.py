"""What a people file tells is held against units and people as they stand, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goldenthread.people.models import Person, Unit
from goldenthread.people.people_file import Entry, RejectedRow, RowRefused
from goldenthread.people.spreadsheets.values import fold

COUNTS = ("read", "created", "changed", "unchanged", "rejected")


@dataclass
class Loaded:
    """What came of a people file, sheet by sheet."""

    sheets: dict[str, dict[str, int]] = field(default_factory=dict)
    rejections: list[RejectedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    """Ids of the people whom the file added and who can be invited."""
    moved: dict[str, str] = field(default_factory=dict)
    """By the id of each person who had another address, the one that they had."""
    rekeyed: list[str] = field(default_factory=list)
    """Ids of the people who were known and come in by another account of the directory from now on."""
    gives_access: bool = False
    """Whether it gave somebody a post or a way in, or moved a unit, so that more is seen by somebody."""
    digest: str = ""

    def count(self, sheet: str, what: str, number: int = 1) -> None:
        self.sheets.setdefault(sheet, dict.fromkeys(COUNTS, 0))
        self.sheets[sheet][what] += number

    @property
    def total(self) -> dict[str, int]:
        return {what: sum(counts[what] for counts in self.sheets.values()) for what in COUNTS}


@dataclass
class Known:
    """Units and people as they stand, found by number, address or name."""

    on: date
    by: Person | None = None
    units: dict[str, Unit] = field(default_factory=dict)
    unit_names: dict[str, list[Unit]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    emails: dict[str, Person] = field(default_factory=dict)
    directory_ids: dict[str, Person] = field(default_factory=dict)
    names: dict[str, list[Person]] = field(default_factory=dict)
    rows: dict[Any, Any] = field(default_factory=dict)
    new: list[Any] = field(default_factory=list)
    seen: dict[Any, int] = field(default_factory=dict)
    tree_changed: bool = False
    left: dict[str, date | None] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    rekeyed: list[str] = field(default_factory=list)
    own_posts: list[str] = field(default_factory=list)
    posts: dict[str, list[str]] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)

    def add_unit(self, unit: Unit) -> None:
        if unit.reference:
            self.units[fold(unit.reference)] = unit
        named = self.unit_names.setdefault(fold(unit.name), [])
        if unit not in named:
            named.append(unit)

    def add_person(self, person: Person) -> None:
        if person.reference:
            self.people[fold(person.reference)] = person
        if person.email:
            self.emails[person.email.lower()] = person
        if person.external_id:
            self.directory_ids[person.external_id] = person
        named = self.names.setdefault(fold(person.name), [])
        if person not in named:
            named.append(person)

    def unit(self, text: str, column: str) -> Unit:
        found = self.units.get(fold(text))
        named = self.unit_names.get(fold(text), [])
        if found is None and len(named) == 1:
            found = named[0]
        if found is None:
            raise RowRefused(column, "There is no unit with this reference or name.")
        return found

    def person(self, entry: Entry) -> Person:
        text = entry.texts["Staff number"]
        found = self.people.get(fold(text)) or self.emails.get(text.lower())
        if found is None:
            raise RowRefused("Staff number", "There is nobody with this staff number. Add them to “Staff”.")
        return found

    def once(self, key: Any, entry: Entry) -> None:
        """Refuse a second row about the same thing."""
        first = self.seen.setdefault(key, entry.row)
        if first != entry.row:
            raise RowRefused("", f"Row {first} says the same thing or contradicts this row.")
