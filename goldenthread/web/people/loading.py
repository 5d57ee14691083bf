"""The people file on screen: choose it, see what came of it; templates to fill in."""

import csv
import json
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.people.models import Person
from goldenthread.people.operations.known import COUNTS, Loaded
from goldenthread.people.operations.loading import load_people
from goldenthread.people.people_file import SHEETS
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import access_changes, sign_in_changes, tell_of_access, tell_of_sign_in
from goldenthread.web.access import needs, person_of
from goldenthread.web.jobs import run_later
from goldenthread.web.people.forms import PeopleFileForm
from goldenthread.web.people.leavers import invite_joiners, pass_on
from goldenthread.web.people.signing_in import address_in_use, tell_former_address
from goldenthread.web.tables import Table, number, numeric

SHOWN = 200  # rejected rows on the page


@require_http_methods(["GET", "POST"])
@needs("manage people")
def load_people_page(request: HttpRequest) -> HttpResponse:
    """Load a people file and say what came of it."""
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    loaded = None
    if request.method == "POST" and form.is_valid():
        try:
            loaded = _load(request, form.cleaned_data["file"])
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            pass_on(at=timezone.localtime())
            if loaded.moved:
                run_later(tell_who_moved, json.dumps(loaded.moved), by=None)
            messages.success(request, _said(request, loaded, invites=form.cleaned_data["invite"]))
            form = PeopleFileForm()
    context = {"form": form, "sheets": SHEETS, "loaded": loaded, **(_result(loaded) if loaded else {})}
    return render(request, "people/load_people.html", context, status=422 if form.errors else 200)


def tell_who_moved(moved: str) -> None:
    """Tell those who could sign in that a file gave them another address: a job, of former ones by id."""
    former = json.loads(moved)
    for person in Person.objects.filter(public_id__in=former).order_by("pk"):
        if address_in_use(person):
            tell_former_address(former[person.public_id], person)


def _said(request: HttpRequest, loaded: Loaded, *, invites: bool) -> str:
    """What came of the file in a sentence; those whom it added are invited in the background."""
    if not invites or not loaded.joined:
        return "The file was loaded"
    by = person_of(request)
    try:
        run_later(invite_joiners, ",".join(loaded.joined), by.public_id, by=by)
    except Refused:
        return "The file was loaded, but nobody was invited: you have too much in hand. Invite them singly"
    return f"The file was loaded, and {len(loaded.joined)} invited"


def _load(request: HttpRequest, file: UploadedFile) -> Loaded:
    """Load from a temporary file of our own, gone afterwards."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.UPLOADS) as kept:
        for block in file.chunks():
            kept.write(block)
        kept.flush()
        by, at = person_of(request), timezone.localtime()
        with transaction.atomic():
            loaded = load_people(path=Path(kept.name), file_name=str(file.name), by=by, at=at)
            _tell(loaded, by=by, at=at)
        return loaded


def _tell(loaded: Loaded, *, by: Person, at: datetime) -> None:
    """Tell whoever comes in by another account from now on, and those who look after people."""
    for person in Person.objects.filter(public_id__in=loaded.rekeyed, is_active=True).order_by("pk"):
        if person.last_login:
            tell_of_sign_in(person, sign_in_changes.ACCOUNT_OF_DIRECTORY, at=at)
    if loaded.gives_access:
        path = reverse("show_history", args=["people file", loaded.digest])
        tell_of_access(access_changes.LOADED, path=path, by=by, at=at)


def _result(loaded: Loaded) -> dict[str, object]:
    counts = [[sheet, *map(number, numbers.values())] for sheet, numbers in loaded.sheets.items()]
    rejected = [[row.sheet, str(row.row), row.column, row.reason] for row in loaded.rejections[:SHOWN]]
    return {
        "counts": Table(
            "What came of it", ("Sheet", *(numeric(what.capitalize()) for what in COUNTS)), counts
        ),
        "rejected": Table("Rows that were not loaded", ("Sheet", "Row", "Column", "Why"), rejected),
        "more": len(loaded.rejections) > SHOWN,
    }


@require_GET
@needs("manage people")
def download_people_template(request: HttpRequest, name: str) -> HttpResponse:
    """One sheet's headers and an example row, to fill in."""
    sheet = next((sheet for sheet in SHEETS if sheet.name.lower() == name), None)
    if sheet is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(column.name for column in sheet.columns)
    writer.writerow(column.example for column in sheet.columns)
    return response
