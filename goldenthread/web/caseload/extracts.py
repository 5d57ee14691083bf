"""Pages of an extract: upload, columns, preview, confirm, progress, undo, history."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.caseload.models import Extract, Rejection, StagedRow
from goldenthread.caseload.operations import extracts as operations
from goldenthread.caseload.operations.staging import missing_episodes
from goldenthread.caseload.operations.undoing import undo
from goldenthread.caseload.presets import PRESETS
from goldenthread.caseload.queries import differences
from goldenthread.ledger.operations import record_read
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.caseload import jobs, rows
from goldenthread.web.caseload.forms import MappingForm, UploadForm
from goldenthread.web.jobs import run_later
from goldenthread.web.tables import Table

PAGE = 50
IMPORT = "import the caseload"
KINDS = {
    "new": "New cases",
    "changed": "Changed cases",
    "missing": "Cases that the file no longer shows",
    "rejected": "Rejected rows",
}


@require_GET
@needs(IMPORT)
def list_extracts(request: HttpRequest) -> HttpResponse:
    """Every extract, newest first."""
    found = Extract.objects.select_related("uploaded_by").order_by("-pk")
    last = Extract.objects.filter(public_id=request.GET.get("after", "")).values_list("pk", flat=True).first()
    shown, more = rows.page_of(found.filter(pk__lt=last) if last else found, PAGE)
    context = {
        "table": rows.extracts(shown),
        "next_url": f"?after={shown[-1].public_id}" if more else "",
        "previous_url": reverse("list_extracts") if last else "",
    }
    return render(request, "caseload/list_extracts.html", context)


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def upload_extract(request: HttpRequest) -> HttpResponse:
    """Choose a file, or several that belong together; a job reads them."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            extract = operations.upload(
                files=[(file, file.name) for file in form.cleaned_data["file"]],
                preset=form.cleaned_data["preset"],
                extracted_on=form.cleaned_data["extracted_on"],
                by=person_of(request),
                at=timezone.localtime(),
                then=lambda kept: _later(jobs.read_extract, kept, request),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("show_extract", public_id=extract.public_id)
    context = {"form": form, "waiting": _waiting()}
    return render(request, "caseload/upload_extract.html", context, status=422 if form.errors else 200)


def _waiting() -> list[dict[str, Any]]:
    """The extracts that have to be confirmed or abandoned before another of their kind."""
    found = Extract.objects.waiting().order_by("pk")
    return [{"extract": one, "title": PRESETS[one.preset].title} for one in found]


@require_GET
@needs(IMPORT)
def show_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where an extract stands: being read, its preview, being loaded, or what came of it."""
    extract = get_object_or_404(Extract.objects.select_related("uploaded_by"), public_id=public_id)
    works = extract.state == Extract.State.UPLOADED or _is_loading(extract)
    context: dict[str, Any] = {
        "extract": extract,
        "title": PRESETS[extract.preset].title,
        "state": rows.state(extract),
        "works": works,
        "is_loading": _is_loading(extract),
        "awaits_yes": extract.state == Extract.State.PREVIEWED and not extract.is_confirmed,
        "counts": rows.counts(extract) if extract.counts else None,
        "people": rows.people(extract.people),
        "kinds": _kinds(extract),
        "left_out": rows.left_out(extract),
    }
    if request.headers.get("HX-Request"):
        asks_again = render(request, "caseload/_progress.html", context)
        return asks_again if works else HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "caseload/show_extract.html", context)


def _is_loading(extract: Extract) -> bool:
    return extract.state == Extract.State.PREVIEWED and extract.is_confirmed


def _kinds(extract: Extract) -> list[dict[str, Any]]:
    """The lists of rows that can be opened, each with how many there are."""
    counted = {"new": "created", "changed": "changed", "missing": "missing", "rejected": "rejected"}
    waiting = extract.state == Extract.State.PREVIEWED
    shown = KINDS if waiting else {"rejected": KINDS["rejected"]}
    return [
        {
            "title": title,
            "count": sum(one.get(counted[kind], 0) for one in extract.counts.values()),
            "url": reverse("list_extract_rows", args=[extract.public_id, kind]),
        }
        for kind, title in shown.items()
        if extract.counts
    ]


@require_GET
@needs(IMPORT)
def list_extract_rows(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """The rows of one kind: new, changed, missing or rejected."""
    extract = get_object_or_404(Extract, public_id=public_id)
    if kind not in KINDS:
        raise Http404
    table, next_place = _rows_of(extract, kind, request.GET.get("after", ""))
    record_read(about=("extract", public_id), by=person_of(request), at=timezone.now(), how="rows")
    context = {
        "extract": extract,
        "title": KINDS[kind],
        "table": table,
        "next_url": f"?{urlencode({'after': next_place})}" if next_place else "",
        "previous_url": reverse("list_extract_rows", args=[public_id, kind])
        if "after" in request.GET
        else "",
    }
    return render(request, "caseload/list_extract_rows.html", context)


def _rows_of(extract: Extract, kind: str, place: str) -> tuple[Table, str]:
    """One page of rows from below a place, and the place where the next page begins."""
    is_compared = extract.state == Extract.State.PREVIEWED
    if kind == "missing":
        found = missing_episodes(extract).select_related("subject", "worker")
        gone = found if is_compared else found.none()
        episodes, more = rows.page_of(rows.missing_after(gone, place), PAGE)
        return rows.missing(episodes, may_answer=False), rows.missing_place(episodes[-1]) if more else ""
    rejected = Rejection.objects.filter(extract=extract)
    staged = StagedRow.objects.filter(extract=extract, action=kind)
    of_kind = rejected if kind == "rejected" else staged if is_compared else staged.none()
    shown, more = rows.page_of(rows.rows_after(of_kind, place), PAGE)
    if kind == "rejected":
        table = rows.rejections(shown)
    elif kind == "changed":
        table = rows.changed(shown, differences(extract, shown))
    else:
        table = rows.staged(shown)
    return table, rows.row_place(shown[-1]) if more else ""


@require_http_methods(["GET", "POST"])
@needs(IMPORT)
def map_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what each column is; remembered for files with the same headers."""
    extract = get_object_or_404(Extract, public_id=public_id)
    preset = PRESETS[extract.preset]
    if not preset.mappable or not extract.headers:
        raise Http404
    form = MappingForm(request.POST or None, headers=extract.headers, mapping=extract.mapping, preset=preset)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                operations.map_columns(
                    extract=extract, mapping=form.mapping(), by=person_of(request), at=timezone.localtime()
                )
                _later(jobs.read_extract, extract, request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("show_extract", public_id=public_id)
    return render(request, "caseload/map_extract.html", {"form": form, "extract": extract})


@require_POST
@needs(IMPORT)
def confirm_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes: a job loads what the preview showed."""
    extract = get_object_or_404(Extract, public_id=public_id)
    try:
        with transaction.atomic():
            operations.confirm(extract=extract, by=person_of(request), at=timezone.localtime())
            _later(jobs.load_extract, extract, request)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("show_extract", public_id=public_id)


def _later(job: Callable[[str, str], None], extract: Extract, request: HttpRequest) -> None:
    """Have the worker do something with an extract, for whoever asks."""
    by = person_of(request)
    run_later(job, extract.public_id, by.public_id, by=by)


@require_POST
@needs(IMPORT)
def abandon_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """No: the file and what was read from it are deleted."""
    extract = get_object_or_404(Extract, public_id=public_id)
    try:
        operations.abandon(extract=extract, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The extract was abandoned and its file deleted")
    return redirect("show_extract", public_id=public_id)


@require_POST
@needs(IMPORT)
def undo_extract(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a loaded extract back whole."""
    extract = get_object_or_404(Extract, public_id=public_id)
    try:
        undo(extract=extract, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The extract was undone: everything is as it was before it")
    return redirect("show_extract", public_id=public_id)
