"""The rows of a section that repeats: added, named, put in order, taken out and put back; none is lost."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.audits.models import Audit, Row
from goldenthread.audits.operations.locking import Stale, change, locked, must_edit, standing_row
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.audits.queries import about
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.forms import Section
from goldenthread.rules.refusal import Refused
from goldenthread.rules.rows import Repeats

LONGEST_NAME = 100


@transaction.atomic
def add_row(audit: Audit, section: str, *, name: str, by: Person, at: datetime, mark: str = "") -> Row:
    """Add a row at the end of a section that repeats; a resend of the same change adds no second one."""
    audit = locked(audit)
    found, repeats = _repeating(audit, section)
    must_edit(audit, by, at)
    name = _fitting(name)
    if mark and (sent := Row.objects.filter(audit=audit, mark=mark).first()):
        return sent
    _must_have_room(audit, found, repeats)
    row = Row.objects.create(
        audit=audit,
        section=section,
        name=name,
        place=_after_the_last(audit, section),
        added_by=by,
        added_at=at,
        mark=mark,
    )
    _record(audit, "audit.add_row", row, by, at, name=change("", name))
    return row


@transaction.atomic
def name_row(audit: Audit, row: str, *, name: str, expected: int, by: Person, at: datetime) -> int:
    """Name a row over the version that the person saw, and return the version it now has."""
    audit = locked(audit)
    must_edit(audit, by, at)
    name, current = _fitting(name), standing_row(audit, row)
    if current.name == name:
        return current.version
    if expected != current.version:
        raise Stale(current)
    Row.objects.filter(pk=current.pk).update(name=name, version=current.version + 1)
    _record(audit, "audit.name_row", current, by, at, name=change(current.name, name))
    return current.version + 1


@transaction.atomic
def move_row(audit: Audit, row: str, *, up: bool, by: Person, at: datetime) -> None:
    """Move a row one place up or down among those of its section; at the end of them it stays."""
    audit = locked(audit)
    must_edit(audit, by, at)
    current = standing_row(audit, row)
    rows = list(Row.objects.standing().in_order().filter(audit=audit, section=current.section))
    keys = [one.pk for one in rows]
    here = keys.index(current.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(keys):
        return
    keys[here], keys[there] = keys[there], keys[here]
    for place, key in enumerate(keys, start=1):
        Row.objects.filter(pk=key).update(place=place)
    _record(audit, "audit.move_row", current, by, at, place=change(here + 1, there + 1))


@transaction.atomic
def take_out_row(audit: Audit, row: str, *, by: Person, at: datetime) -> None:
    """Take a row out: it counts no more; it and what was written in it stay, to be put back."""
    audit = locked(audit)
    must_edit(audit, by, at)
    current = _row(audit, row)
    if current.taken_out_at is not None:
        return
    Row.objects.filter(pk=current.pk).update(taken_out_by=by, taken_out_at=at)
    keep_scores(audit)
    _record(audit, "audit.take_out_row", current, by, at, name=change(current.name, ""))


@transaction.atomic
def put_back_row(audit: Audit, row: str, *, by: Person, at: datetime) -> None:
    """Put a row back, with all that was written in it, after the others."""
    audit = locked(audit)
    must_edit(audit, by, at)
    current = _row(audit, row)
    if current.taken_out_at is None:
        return
    _must_have_room(audit, *_repeating(audit, current.section))
    place = _after_the_last(audit, current.section)
    Row.objects.filter(pk=current.pk).update(taken_out_by=None, taken_out_at=None, place=place)
    keep_scores(audit)
    _record(audit, "audit.put_back_row", current, by, at, name=change("", current.name))


def _repeating(audit: Audit, key: str) -> tuple[Section, Repeats]:
    section = pack_of(audit.version).form_of(audit.audit_type).section(key)
    if section is None or section.repeats is None:
        raise Refused("This section has no rows.")
    return section, section.repeats


def _row(audit: Audit, key: str) -> Row:
    row = Row.objects.filter(audit=audit, public_id=key).first()
    if row is None:
        raise Refused("There is no such row in this form.")
    return row


def _fitting(name: str) -> str:
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise Refused(
            f"Shorten the name of the row to {LONGEST_NAME} characters or fewer; it has {len(name)}."
        )
    return name


def _must_have_room(audit: Audit, section: Section, repeats: Repeats) -> None:
    if Row.objects.standing().filter(audit=audit, section=section.key).count() >= repeats.at_most:
        rows = "1 row" if repeats.at_most == 1 else f"{repeats.at_most} rows"
        raise Refused(f"“{section.title}” takes {rows} at most. Take one out before you add another.")


def _after_the_last(audit: Audit, section: str) -> int:
    places = Row.objects.filter(audit=audit, section=section).values_list("place", flat=True)
    return max(places, default=0) + 1


def _record(audit: Audit, what: str, row: Row, by: Person, at: datetime, **values: object) -> None:
    record(
        what,
        about=about(audit),
        by=by,
        at=at,
        values={"section": row.section, "row": row.public_id, **values},
    )
