"""What a column of an extract may be for, what an extract is made of, and which columns are never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from goldenthread.people.spreadsheets.values import header_key

Use = Literal[
    "reference",
    "person reference",
    "replaces",
    "event reference",
    "event type",
    "status",
    "opened",
    "closed",
    "ends at once",
    "begins anew",
    "team",
    "worker",
    "worker reference",
    "allocated",
    "started",
    "ended",
    "birth",
    "age",
    "fact",
    "date fact",
]


@dataclass(frozen=True)
class Field:
    """Something a column may tell: its name (of the fact, where it is one), its headers, its use."""

    name: str
    use: Use
    headers: tuple[str, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The headers' keys; of two columns that may be this field, the one named first here is it."""
        return tuple(header_key(header) for header in self.headers)


@dataclass(frozen=True)
class ListOf:
    """One list of an extract; `marks` are headers that no other list has.

    `needs` are uses without which a table is not this list. `events` are the kinds of row, each with the
    name of the fact that its day is; a kind without such a name stays open until it has an end. Rows about
    one case and start are one involvement, unless they are `apart`: then every row that differs is one.
    Where the rows are not `dated`, the reference alone tells one involvement from another.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    marks: tuple[str, ...] = ()
    needs: tuple[Use, ...] = ()
    events: tuple[tuple[str, str], ...] = ()
    apart: bool = False
    dated: bool = True

    @property
    def has_own_reference(self) -> bool:
        """Whether a case has a reference of its own beside the person's."""
        return any(one.use == "person reference" for one in self.fields)


@dataclass(frozen=True)
class Preset:
    """An extract that can be read, its lists, and whether a person may say what its columns are.

    `beside` are the columns of tables that hold no cases but tell of their people: who works with them,
    when they were last reviewed. `reader` is the module that turns XML of this kind into tables.
    """

    name: str
    title: str
    hint: str
    unfound: str
    lists: tuple[ListOf, ...]
    numbered: bool = False
    mappable: bool = False
    several: bool = False
    beside: tuple[Field, ...] = ()
    reader: str = ""
    unkept: tuple[str, ...] = ()

    def list_named(self, name: str) -> ListOf:
        return next(one for one in self.lists if one.name == name)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a person may say that a column is, each name once."""
        return tuple({(one.name, one.use): one for one in (*self.lists[0].fields, *self.beside)}.values())

    def never_keeps(self, header: str) -> bool:
        """Whether a column may not be kept even if a person asks for it."""
        key = header_key(header)
        return is_personal(header) or any(header_key(word) in key for word in self.unkept)


def field(name: str, use: Use, headers: str) -> Field:
    """A field whose headers are given in one text, with a stroke between them."""
    return Field(name, use, tuple(headers.split("|")))


ALLOCATED = field(
    "worker allocated on",
    "allocated",
    "Worker allocated on|Worker allocated date|Worker allocation date|Allocated worker start date|"
    "Allocated worker date|Allocated worker since|Worker start date|Worker start|Worker since|"
    "Date worker allocated|Date allocated to worker|Date allocated|Date of allocation|Allocated on|"
    "Allocated date|Allocation date|Allocated since|Allocation start date",
)
WORKER_REFERENCE = field(
    "worker reference",
    "worker reference",
    "Worker reference|Worker ref|Worker id|Worker number|Worker staff number|Allocated worker id|"
    "Allocated worker reference|Allocated worker number|Staff number|Staff id|Employee number",
)
BIRTH = field("age band", "birth", "Date of birth|DOB|Birth date|D.O.B.")
AGE = field("age band", "age", "Age|Age in years|Current age")
GENDER = field("gender", "fact", "Gender|Sex")
TEAM = field(
    "team",
    "team",
    "Team|Team name|Allocated team|Allocated team name|Current team|Responsible team|Worker team",
)
WORKER = field(
    "worker",
    "worker",
    "Worker|Worker name|Allocated worker|Allocated worker name|Allocated to|Key worker|Keyworker|Case worker|"
    "Caseworker|Social worker|Social worker name|Practitioner|Allocated practitioner|Lead worker|"
    "Lead practitioner|Responsible worker|Current worker|Care co-ordinator|Care coordinator|"
    "Care co-ordinator name",
)

PERSONAL_WORDS = (
    "forename|surname|first name|last name|full name|family name|given name|middle name|"
    "preferred name|client name|person name|child name|childs name|patient name|service user name|"
    "customer name|subject name|name of child|name of person|name of client|nhs number|nhs no|"
    "post code|address|telephone|phone|mobile|e-mail|uprn|national insurance|nino|upn|date of birth|"
    "dob|next of kin|mother|father|carer name|parent name"
)
PERSONAL = frozenset(header_key(word) for word in PERSONAL_WORDS.split("|"))


def is_personal(header: str) -> bool:
    """Whether a column seems to name or locate somebody who receives care; such a column is never kept."""
    key = header_key(header)
    return key in ("name", "names", "client", "person", "child", "patient") or any(
        word in key for word in PERSONAL
    )


def age_band(age: int) -> str:
    """The band that stands in for a date of birth."""
    if age < 0:
        return "unborn"
    for first, last in ((0, 4), (5, 9), (10, 15), (16, 17), (18, 24), (25, 44), (45, 64), (65, 74), (75, 84)):
        if age <= last:
            return f"{first} to {last}"
    return "85 and over"


def next_birthday(born: date, on: date) -> date:
    """The first day after `on` on which somebody is a year older; born on 29 February, often on 1 March."""
    this_year = _birthday(born, on.year)
    return this_year if this_year > on else _birthday(born, on.year + 1)


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
