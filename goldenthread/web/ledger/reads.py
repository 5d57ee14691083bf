"""The read log: who opened what, searched by person, record, kind and day; as a page and as a text file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from goldenthread.audits.models import Audit, Moderation, Return
from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import Alert, Dispute
from goldenthread.frameworks.models import Framework
from goldenthread.improvement.models import Action, Response
from goldenthread.ledger import queries
from goldenthread.ledger.models import Read, ReadQuerySet
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.registers.models import Agreement
from goldenthread.web.access import needs, person_of
from goldenthread.web.ledger import pages
from goldenthread.web.ledger.forms import ReadFilter, ReadSearch

SEE_THE_READ_LOG = "see the read log"
HEAD = ("When", "Who", "How", "Record")
MOST = 20_000
"""Rows of a text file; more is asked for day by day."""
ALIKE = 20
"""People of one name that are offered to choose from."""
CALLED: dict[str, tuple[Any, str]] = {
    "action": (Action, "response__audit__number"),
    "agreement": (Agreement, "unit__name"),
    "alert": (Alert, "audit__number"),
    "audit": (Audit, "number"),
    "cycle": (Cycle, "title"),
    "dispute": (Dispute, "audit__number"),
    "framework": (Framework, "title"),
    "moderation": (Moderation, "audit__number"),
    "response": (Response, "audit__number"),
    "return": (Return, "audit__number"),
    "subject": (Subject, "reference"),
}
"""Where what people call a record stands, by the kind under which its reading is noted."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What would make a spreadsheet calculate a cell instead of showing it."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE_THE_READ_LOG)
def list_reads(request: HttpRequest) -> HttpResponse:
    """Who opened which record, newest first; a search is posted and leads to an address of ids and days."""
    asked = ReadFilter(request.GET)
    form = ReadSearch(request.POST) if request.method == "POST" else ReadSearch(initial=_initial(asked))
    alike: list[Person] = []
    about = ""
    if request.method == "POST" and form.is_valid():
        alike = _people(form)
        about = _record(form)
        if len(alike) <= 1 and form.is_valid():
            return redirect(_address(form, by=alike[0].public_id if alike else "", about=about))
    page = pages.page_of(request, _found(asked), key="id")
    context = {
        "form": form,
        "alike": [(one, _address(form, by=one.public_id, about=about)) for one in alike],
        "narrowed": any(asked.data.get(name) for name in asked.fields),
        "asked": urlencode({name: value for name, value in request.GET.items() if name != "before"}),
        "page": page,
        "head": HEAD,
        "rows": pages.read_cells(page.rows, _labels(page.rows)),
    }
    return render(request, "ledger/list_reads.html", context, status=422 if form.errors else 200)


@require_safe
@needs(SEE_THE_READ_LOG)
def download_reads(request: HttpRequest) -> HttpResponse:
    """What was found as a text file, newest first. That somebody took it is noted in the log itself."""
    found = list(_found(ReadFilter(request.GET)).before(None)[:MOST])
    record_read(about=("read log", ""), by=person_of(request), at=timezone.now(), how="spreadsheet")
    people, labels = pages.names_of(found), _labels(found)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="read-log.csv"'
    writer = csv.writer(response)
    writer.writerow((*HEAD[:3], "Kind", "Record", "Id"))
    for read in found:
        row = (
            timezone.localtime(read.at).isoformat(timespec="seconds"),
            people.get(read.by, read.by),
            read.how,
            read.about_kind,
            labels.get(read.about_id, ""),
            read.about_id,
        )
        writer.writerow(plain(cell) for cell in row)
    return response


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _found(asked: ReadFilter) -> ReadQuerySet:
    """The reads that an address asks for; none where it makes no sense."""
    if not asked.is_valid():
        return Read.objects.none()
    given = asked.cleaned_data
    found = queries.reads(
        by=given["by"],
        kind=given["kind"],
        about=_with_audits(given["about"]),
        since=_start_of(given["since"]),
        until=_start_of(given["until"] and given["until"] + timedelta(days=1)),
    )
    return pages.without_private(found)


def _with_audits(public_id: str) -> list[str]:
    """The record meant and, of a case, every audit of it."""
    if not public_id:
        return []
    audits = Audit.objects.filter(subject__public_id=public_id).values_list("public_id", flat=True)
    return [public_id, *audits]


def _people(form: ReadSearch) -> list[Person]:
    """Whom the words can mean; that there is nobody stands at the field."""
    words = form.cleaned_data["person"].strip()
    if not words:
        return []
    meant = Q(name__icontains=words) | Q(reference__iexact=words) | Q(email__iexact=words)
    found = list(Person.objects.filter(meant).order_by("name", "pk")[: ALIKE + 1])
    if not found:
        form.add_error("person", "Nobody has this name, staff number or e-mail address.")
    if len(found) > ALIKE:
        form.add_error("person", "Many people have this in their name. Enter more of it.")
        return []
    return found


def _record(form: ReadSearch) -> str:
    """The id of the audit or the case that the reference names."""
    reference = form.cleaned_data.get("reference", "").strip()
    if not reference:
        return ""
    for model, field in ((Audit, "number"), (Subject, "reference")):
        found = model.objects.filter(**{f"{field}__iexact": reference}).values_list("public_id", flat=True)
        if public_id := found.order_by("pk").first():
            return public_id
    form.add_error("reference", "No audit has this number, and no case this reference.")
    return ""


def _address(form: ReadSearch, *, by: str, about: str) -> str:
    given = form.cleaned_data
    asked = {"by": by, "about": about, "kind": given.get("kind"), "since": given.get("since")}
    asked["until"] = given.get("until")
    return f"{reverse('list_reads')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _initial(asked: ReadFilter) -> dict[str, Any]:
    """The search as the address says it, with the name and the number that its ids stand for."""
    if not asked.is_valid():
        return {}
    given = asked.cleaned_data
    by, about = given["by"], given["about"]
    names = Person.objects.filter(public_id=by).values_list("name", flat=True).first() if by else ""
    return {
        "person": names or "",
        "reference": _label(about),
        "kind": given["kind"],
        "since": given["since"],
        "until": given["until"],
    }


def _label(public_id: str) -> str:
    if not public_id:
        return ""
    number = Audit.objects.filter(public_id=public_id).values_list("number", flat=True).first()
    case = Subject.objects.filter(public_id=public_id).values_list("reference", flat=True)
    return number or case.first() or ""


def _labels(rows: Iterable[Read]) -> dict[str, str]:
    """What people call the records that were opened, by id: one query for each kind that is among them."""
    ids: dict[str, set[str]] = {}
    for row in rows:
        ids.setdefault(row.about_kind, set()).add(row.about_id)
    found: dict[str, str] = {}
    for kind, (model, field) in CALLED.items():
        if kind in ids:
            found |= dict(model.objects.filter(public_id__in=ids[kind]).values_list("public_id", field))
    return {public_id: label for public_id, label in found.items() if label}


def _start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
