"""The rows of a section on its page: how they are listed, and what the buttons beside them do."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Row
from goldenthread.audits.sheets import Sheet
from goldenthread.ledger.ids import new_id
from goldenthread.rules.forms import Section, missing
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.typed import clean, mark_from


@dataclass(frozen=True)
class Listed:
    """One row in the list: what it is called, what it lacks, and where it is filled in."""

    key: str
    label: str
    status: str
    url: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Rows:
    """The rows of a section, those that were taken out, and the mark of the next change."""

    standing: list[Listed]
    out: list[Row]
    few: str
    is_full: bool
    mark: str = field(default_factory=new_id)


def listed(sheet: Sheet, section: Section) -> Rows:
    """The rows in their order with what each lacks."""
    rows = sheet.rows.get(section.key, ())
    lacking = [
        (row.key if row else "", sentence)
        for one, row, sentence in missing(sheet.form, sheet.given, sheet.known, sheet.skipped)
        if one.key == section.key
    ]
    out = Row.objects.exclude(taken_out_at=None).filter(audit=sheet.audit, section=section.key)
    standing = [
        Listed(
            row.key,
            row.label,
            _status([key for key, _ in lacking].count(row.key)),
            reverse("audit_row", args=[sheet.audit.public_id, section.key, row.key]),
            row.number == 1,
            row.number == len(rows),
        )
        for row in rows
    ]
    few = next((sentence for key, sentence in lacking if not key), "")
    is_full = section.repeats is not None and len(rows) >= section.repeats.at_most
    return Rows(standing, list(out.select_related("taken_out_by").in_order()), few, is_full)


def _status(count: int) -> str:
    if count == 0:
        return "Completed"
    return "1 answer still to give" if count == 1 else f"{count} answers still to give"


def headings(sheet: Sheet, section: Section | None) -> dict[str, str]:
    """The label of each row, under the address of the first question asked in it."""
    by_rows = sheet.by_rows(section) if section else []
    return {questions[0].key: row.label for row, questions in by_rows if row and questions}


def apply(request: HttpRequest, audit: Audit, section: str) -> HttpResponse | None:
    """Do what a row's button asks for; a new row's name that was typed adds it, whichever button was used."""
    what, _, key = clean(request.POST.get("rows", "")).partition(":")
    name = clean(request.POST.get("row-name", ""))
    if what not in ("add", "up", "down", "out", "back") and not name.strip():
        return None
    by, at, row = person_of(request), timezone.now(), None
    try:
        if what == "add" or name.strip():
            row = operations.add_row(audit, section, name=name, by=by, at=at, mark=mark_from(request.POST))
        if what in ("up", "down"):
            operations.move_row(audit, key, up=what == "up", by=by, at=at)
        elif what == "out":
            operations.take_out_row(audit, key, by=by, at=at)
        elif what == "back":
            operations.put_back_row(audit, key, by=by, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if row is not None and what in ("add", ""):
        return redirect("audit_row", audit.public_id, section, row.public_id)
    return redirect(reverse("audit_section", args=[audit.public_id, section]) + "#rows")
