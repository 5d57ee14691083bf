"""Loads the people file: units, staff, posts, training, leave and closure days, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from goldenthread.ledger.operations import record
from goldenthread.people.models import Closure, Leave, Person, Post, Training, Unit
from goldenthread.people.operations.known import Known, Loaded
from goldenthread.people.operations.leaving import end_access
from goldenthread.people.operations.organisation import rebuild_reach, stand_under
from goldenthread.people.people_file import (
    SHEETS,
    Entry,
    RejectedRow,
    RowRefused,
    Sheet,
    read_sheet,
    sheet_of,
    unknown_columns,
)
from goldenthread.people.spreadsheets.tables import Table, opened
from goldenthread.people.spreadsheets.values import fold
from goldenthread.rules.calendars import nation_called
from goldenthread.rules.naming import listed
from goldenthread.rules.refusal import Refused

ALWAYS = date(1900, 1, 1)  # where the file does not say from when
BATCH = 500
LONGEST_HEADER = 100


@transaction.atomic
def load_people(*, path: Path, file_name: str, by: Person | None, at: datetime) -> Loaded:
    """Load everything that a people file tells; rows that cannot be loaded are listed and stop nothing.

    Loading the same file again changes nothing. What the file does not name stays as it is.
    """
    loaded, known = Loaded(), _known(at.date(), by)
    with opened(path, file_name) as tables:
        found = _sheets_in(tables)
        loaded.notes = [f"“{table.name}” was not read." for table in tables if sheet_of(table) is None]
        for sheet in SHEETS:
            if sheet.name in found:
                _load_sheet(sheet, found[sheet.name], known, loaded)
    if known.tree_changed:
        rebuild_reach()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    values: dict[str, object] = {"sha256": digest, "sheets": loaded.sheets}
    loaded.joined, loaded.moved, loaded.rekeyed = known.joined, known.moved, known.rekeyed
    loaded.digest, access = digest[:20], _access(known)
    loaded.gives_access = bool(access)
    values |= access
    if known.left:
        values["left"] = known.left
    record("people.load", about=("people file", digest[:20], file_name), by=by, at=at, values=values)
    return loaded


def _access(known: Known) -> dict[str, object]:
    """Who sees more or comes in otherwise by a file: what the event says by name, and others are told of."""
    said: dict[str, object] = {
        "own posts": known.own_posts,
        "posts": known.posts,
        "units under": known.placed,
        "other addresses": sorted(known.moved),
        "other accounts of the directory": known.rekeyed,
    }
    return {what: found for what, found in said.items() if found}


def _known(on: date, by: Person | None) -> Known:
    known = Known(on, by)
    for unit in Unit.objects.filter(joined_into=None).order_by("pk"):
        known.add_unit(unit)
    for person in Person.objects.filter(joined_into=None).order_by("pk"):
        known.add_person(person)
    return known


def _sheets_in(tables: Iterable[Table]) -> dict[str, Table]:
    """The file's sheets by what they hold; `Refused` where there is none, or two hold the same."""
    found: dict[str, Table] = {}
    for table in tables:
        if (sheet := sheet_of(table)) is None:
            continue
        if other := found.get(sheet.name):
            raise Refused(
                f"“{other.name}” and “{table.name}” both hold what belongs on the sheet {sheet.name}. Put "
                "all of it on one of them, and load the file again. Nothing was changed."
            )
        found[sheet.name] = table
    if not found:
        raise Refused(
            f"None of the sheets {', '.join(sheet.name for sheet in SHEETS)} was found in the file."
        )
    return found


def _not_read(sheet: Sheet, headers: list[str]) -> list[str]:
    """What to do about columns that stand for nothing in a people file, as a sentence; none without any."""
    if not headers:
        return []
    named = listed(f"“{header[:LONGEST_HEADER]}”" for header in headers)
    known = ", ".join(column.name for column in sheet.columns)
    return [
        f"“{sheet.name}”: nothing was read from these columns, since a people file has none of that name: "
        f"{named}. If you need what they hold, rename each as one of {known} and load the file again; "
        "otherwise there is nothing to do."
    ]


def _load_sheet(sheet: Sheet, table: Any, known: Known, loaded: Loaded) -> None:
    entries, rejected = read_sheet(sheet, table)
    loaded.notes += _not_read(sheet, unknown_columns(sheet, table))
    load, prepare, model = LOADERS[sheet.name]
    known.seen, known.new, known.rows = {}, [], prepare()
    loaded_entries = []
    for entry in entries:
        try:
            loaded.count(sheet.name, load(known, entry))
            loaded_entries.append(entry)
        except RowRefused as fault:
            rejected.append(RejectedRow(sheet.name, entry.row, fault.column, fault.reason))
    loaded.count(sheet.name, "rejected", len(rejected))
    loaded.count(sheet.name, "read", len(rejected) + len(loaded_entries))
    model.objects.bulk_create(known.new, batch_size=BATCH)
    if sheet.name == "Units":
        loaded.notes.extend(_place_units(loaded_entries, known))
    loaded.rejections.extend(sorted(rejected, key=lambda row: row.row))


def _unit(known: Known, entry: Entry) -> str:
    text = entry.texts
    known.once(fold(text["Reference"]), entry)
    starts_on, ends_on = _span(entry)
    wanted = {
        "reference": text["Reference"],
        "name": text["Name"],
        "kind": text["Kind"] or "team",
        "nation": _nation(text["Nation"]),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "confirmed": True,
    }
    unit = known.units.get(fold(text["Reference"])) or _unconfirmed(
        known.unit_names.get(fold(text["Name"]), [])
    )
    if unit is None:
        unit = Unit.objects.create(**wanted)
        known.add_unit(unit)
        known.tree_changed = True
        return "created"
    changed = _update(unit, wanted)
    known.add_unit(unit)
    known.tree_changed |= changed == "changed"
    return changed


def _nation(text: str) -> str:
    try:
        return nation_called(text)
    except Refused as refusal:
        raise RowRefused("Nation", str(refusal)) from None


def _unconfirmed(found: list[Any]) -> Any:
    """The one of that name that an extract brought, if there is one and only one."""
    waiting = [one for one in found if not one.confirmed]
    return waiting[0] if len(waiting) == 1 else None


def _place_units(entries: list[Entry], known: Known) -> list[str]:
    """Put each unit under its parent, once all are known; what could not be placed, in words."""
    notes, parents = [], dict(_parents())
    for entry in entries:
        if not entry.texts["Under"]:
            continue
        unit = known.units[fold(entry.texts["Reference"])]
        try:
            parent = known.unit(entry.texts["Under"], "Under")
            _check_no_loop(unit, parent, parents)
        except RowRefused as fault:
            notes.append(f"Units, row {entry.row}: the unit was loaded but stands under none. {fault.reason}")
            continue
        stands = parents.get(unit.pk) == parent.pk
        given = entry.days["Under from"]
        if not stands or given:
            first = given or (known.on if unit.pk in parents else unit.starts_on)
            if stand_under(unit, parent, starts_on=first):
                known.tree_changed = True
                known.placed[unit.name] = f"{parent.name}, from {first.isoformat()}"
            parents[unit.pk] = parent.pk
    return notes


def _parents() -> Any:
    from_placements = Unit.objects.filter(placements__ends_on=None, placements__isnull=False)
    return from_placements.values_list("pk", "placements__parent")


def _check_no_loop(unit: Unit, parent: Unit, parents: dict[int, int]) -> None:
    above: int | None = parent.pk
    while above is not None:
        if above == unit.pk:
            raise RowRefused("Under", "The unit would stand under itself.")
        above = parents.get(above)


def _staff(known: Known, entry: Entry) -> str:
    text = entry.texts
    email = text["Email"].lower() or None
    known.once(fold(text["Staff number"]), entry)
    person = known.people.get(fold(text["Staff number"])) or known.emails.get(email or "")
    person = person or _unconfirmed(known.names.get(fold(text["Name"]), []))
    other = known.emails.get(email or "")
    if other is not None and person is not None and other.pk != person.pk:
        raise RowRefused("Email", "Somebody else has this e-mail address.")
    if person is not None:
        known.once(("person", person.pk), entry)
    _must_be_changeable(person, entry, known.by)
    _check_address(email)
    wanted: dict[str, Any] = {"reference": text["Staff number"], "name": text["Name"], "confirmed": True}
    if email:
        wanted["email"] = email
    if left_on := entry.days["Left"]:
        wanted["left_on"] = left_on
    if directory_id := text["Directory id"].lower():
        _check_directory_id(directory_id, person, known)
        wanted["external_id"] = directory_id
    if person is None:
        person = Person(**wanted, is_active=not (left_on and left_on < known.on))
        person.set_unusable_password()
        person.save()
        known.once(("person", person.pk), entry)
        known.add_person(person)
        known.joined += [person.public_id] if email and person.is_active else []
        return "created"
    former, account = person.email, person.external_id
    changed = _update(person, wanted)
    if person.external_id != account:
        known.rekeyed.append(person.public_id)
    if former and former != person.email:
        known.moved[person.public_id] = former
    if changed == "changed" and person.is_active and person.has_left(known.on):
        end_access(person)
        known.left[person.public_id] = person.left_on
    known.add_person(person)
    return changed


def _must_be_changeable(person: Person | None, entry: Entry, by: Person | None) -> None:
    """Nobody loads their own leaving or somebody from outside, and only administrators the row of one."""
    if person is not None and person.is_outside:
        raise RowRefused("Email", "Somebody from outside was invited at this address. Use another.")
    if person is None or by is None:
        return
    if person.is_administrator and not by.is_administrator:
        raise RowRefused("Email", "This is an administrator, whose row only an administrator can load.")
    if person.pk == by.pk and entry.days["Left"]:
        raise RowRefused("Left", "You cannot record your own leaving. Ask another administrator.")


def _check_address(email: str | None) -> None:
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise RowRefused("Email", "This is not an e-mail address.") from None


def _check_directory_id(directory_id: str, person: Person | None, known: Known) -> None:
    """One account of the directory is one person."""
    other = known.directory_ids.get(directory_id)
    if other is not None and (person is None or other.pk != person.pk):
        raise RowRefused("Directory id", "Somebody else has this directory id.")


def _post(known: Known, entry: Entry) -> str:
    person, unit = known.person(entry), known.unit(entry.texts["Unit"], "Unit")
    kind = fold(entry.texts["Post"])
    starts_on, ends_on = _span(entry)
    key = (person.pk, kind, unit.pk, starts_on)
    known.once(key, entry)
    stored = known.rows.get(key)
    if known.by == person and (stored is None or stored.ends_on != ends_on):
        _note_own_post(known, kind)
    post = Post(person=person, kind=kind, unit=unit, starts_on=starts_on)
    put = _put(known, key, post, {"ends_on": ends_on})
    if put != "unchanged":
        until = f", until {ends_on.isoformat()}" if ends_on else ""
        known.posts.setdefault(person.public_id, []).append(f"{kind}, {unit.name}{until}")
    return put


def _note_own_post(known: Known, kind: str) -> None:
    """Nobody gives themselves a post, or takes one, but an administrator, of whom the event says so."""
    if known.by is None or not known.by.is_administrator:
        said = "Nobody gives themselves a post, or ends their own. Ask an administrator to load this row."
        raise RowRefused("Staff number", said)
    known.own_posts.append(kind)


def _training(known: Known, entry: Entry) -> str:
    person, course = known.person(entry), entry.texts["Course"]
    completed, expires = entry.days["Completed"], entry.days["Expires"]
    if completed is None or (expires and expires < completed):
        raise RowRefused("Expires", "The training expires before it was completed.")
    key = (person.pk, fold(course), completed)
    known.once(key, entry)
    row = Training(person=person, course=fold(course), completed_on=completed)
    return _put(known, key, row, {"expires_on": expires})


def _leave(known: Known, entry: Entry) -> str:
    person, first, last = known.person(entry), entry.days["First day"], entry.days["Last day"]
    if first is None or last is None or last < first:
        raise RowRefused("Last day", "The leave ends before it begins.")
    key = (person.pk, first)
    known.once(key, entry)
    return _put(known, key, Leave(person=person, starts_on=first), {"ends_on": last})


def _closure(known: Known, entry: Entry) -> str:
    day = entry.days["Day"] or ALWAYS
    known.once(day, entry)
    return _put(known, day, Closure(day=day), {"name": entry.texts["Name"] or "Closed"})


def _put(known: Known, key: Any, row: Any, wanted: dict[str, Any]) -> str:
    """Bring the stored row with this key in line, or keep a new one for the end of the sheet."""
    stored = known.rows.get(key)
    if stored is not None:
        return _update(stored, wanted)
    for name, value in wanted.items():
        setattr(row, name, value)
    known.new.append(row)
    return "created"


def _update(row: Any, wanted: dict[str, Any]) -> str:
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return "changed" if changed else "unchanged"


def _span(entry: Entry) -> tuple[date, date | None]:
    starts_on, ends_on = entry.days["From"] or ALWAYS, entry.days["To"]
    if ends_on and ends_on < starts_on:
        raise RowRefused("To", "It ends before it starts.")
    return starts_on, ends_on


def _posts_by_key() -> dict[Any, Post]:
    return {(row.person_id, row.kind, row.unit_id, row.starts_on): row for row in Post.objects.all()}


def _training_by_key() -> dict[Any, Training]:
    return {(row.person_id, fold(row.course), row.completed_on): row for row in Training.objects.all()}


def _leave_by_key() -> dict[Any, Leave]:
    return {(row.person_id, row.starts_on): row for row in Leave.objects.all()}


def _closures_by_key() -> dict[Any, Closure]:
    return {row.day: row for row in Closure.objects.all()}


LOADERS: dict[str, tuple[Callable[[Known, Entry], str], Callable[[], dict[Any, Any]], Any]] = {
    "Units": (_unit, dict, Unit),
    "Staff": (_staff, dict, Person),
    "Posts": (_post, _posts_by_key, Post),
    "Training": (_training, _training_by_key, Training),
    "Leave": (_leave, _leave_by_key, Leave),
    "Closures": (_closure, _closures_by_key, Closure),
}
