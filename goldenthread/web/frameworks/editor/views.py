"""Pages of drafts as wholes: begin, look over, check, preview, offer, publish, discard."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.frameworks import operations
from goldenthread.frameworks.models import Draft, Version
from goldenthread.frameworks.queries import needs_two_people, newest_versions
from goldenthread.rules.documents import read_document
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reading import examine
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.queries import working_calendar
from goldenthread.web.access import needs, person_of
from goldenthread.web.frameworks import changes, previews, wording
from goldenthread.web.frameworks.comparability import trends_over
from goldenthread.web.frameworks.editor import words
from goldenthread.web.frameworks.editor.forms import BeginForm, PublishDraftForm
from goldenthread.web.frameworks.editor.groups import grouped
from goldenthread.web.frameworks.editor.offered import comparable, latest_two, sources
from goldenthread.web.frameworks.editor.opened import open_draft, revision_of
from goldenthread.web.frameworks.editor.places import address
from goldenthread.web.frameworks.shipped import read_file, skeleton
from goldenthread.web.tables import Table

MANAGE = "manage frameworks"
MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def begin_draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft: empty, from a framework that ships with the product, from a version, from a file."""
    wanted = request.GET.get("from", "")
    form = BeginForm(
        request.POST or None, request.FILES or None, sources=sources(wanted), initial={"source": wanted}
    )
    if request.method == "POST" and form.is_valid():
        try:
            document, based_on = _begun(form.cleaned_data["source"], form.cleaned_data["file"])
            title = _title_of(document)
            draft = operations.begin_draft(
                document, title=title, based_on=based_on, by=person_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("file" if form.cleaned_data["source"] == "file" else "source", str(refusal))
        else:
            messages.success(request, f"A draft of {draft} is begun")
            return redirect("show_draft", public_id=draft.public_id)
    return render(request, "frameworks/begin_draft.html", {"form": form})


def _begun(source: str, file: str) -> tuple[str, Version | None]:
    """The document that a draft begins with, and the version that it is of."""
    if source == "empty":
        return skeleton(), None
    if source == "file":
        return file, None
    if source.startswith("ships "):
        return read_file(source.removeprefix("ships ")), None
    version = Version.objects.get(public_id=source)
    return version.document, version


def _title_of(document: str) -> str:
    """What a document calls itself; one that cannot be kept as a draft is refused."""
    reading = read_document(document)
    if reading.faults or not isinstance(reading.data, dict):
        said = " ".join(sentence for _, sentence in reading.faults[:5])
        raise Refused(f"This file cannot be kept as a draft. {said or 'It holds no keys and values.'}")
    title = reading.data.get("title")
    return title[:200] if isinstance(title, str) and title else "A framework without a title"


@require_GET
@needs(MANAGE)
def show_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The parts of a draft, and what can be done with it."""
    drafts = Draft.objects.select_related("based_on__framework", "saved_by", "offered_by")
    draft = get_object_or_404(drafts, public_id=public_id)
    data = read_document(draft.document).data
    found = words.faults_of(draft)
    context = {
        "draft": draft,
        "is_open": draft.state in (Draft.State.WRITTEN, Draft.State.OFFERED),
        "groups": grouped(words.rows(draft, data, ())),
        "faults": len(found),
        "first": address(draft, ()),
        "strangers": words.strangers(data, ()),
        "brought_in": [one for one in draft.brought_in.order_by("pk")[:MOST_SHOWN] if one.left_out],
    }
    return render(request, "frameworks/show_draft.html", context)


@require_GET
@needs(MANAGE)
def check_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every fault of a draft, each with the page of its place."""
    draft = open_draft(public_id)
    found = words.faults_of(draft)
    data = read_document(draft.document).data
    context = {"draft": draft, "count": len(found), "faults": words.linked(draft, data, found[:MOST_SHOWN])}
    return render(request, "frameworks/check_draft.html", context)


@require_GET
@needs(MANAGE)
def export_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The draft as a file."""
    draft = get_object_or_404(Draft, public_id=public_id)
    headers = {"Content-Disposition": f'attachment; filename="draft-{draft.public_id}.yaml"'}
    return HttpResponse(draft.document, content_type="application/yaml; charset=utf-8", headers=headers)


@require_GET
@needs(MANAGE)
def preview_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """The forms, the steps and the year of a draft, as far as it can be read."""
    draft = open_draft(public_id)
    pack = examine(draft.document)[0]
    today = timezone.localdate()
    year = wording.year_of(pack, working_calendar(on=today), today.year) if pack is not None else None
    context = {"draft": draft, "pack": pack, "year": year}
    return render(request, "frameworks/preview_draft.html", context)


@require_GET
@needs(MANAGE)
def preview_draft_form(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """A form of a draft as auditors will see it."""
    draft, pack = _readable(public_id)
    if pack is None or name not in pack.forms:
        return _not_yet(request, draft, "This form cannot be shown yet.")
    context = previews.form_page(pack, name)
    return render(
        request, "frameworks/show_framework_form.html", {"version": draft, "draft": draft, **context}
    )


@require_GET
@needs(MANAGE)
def preview_draft_flow(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """The steps of a draft as a drawing and as tables."""
    draft, pack = _readable(public_id)
    faulty = words.faults_at(words.faults_of(draft), ("flows", name))
    if pack is None or name not in pack.flows or faulty:
        return _not_yet(request, draft, "These steps cannot be drawn yet.")
    context = previews.flow_page(pack, name)
    return render(
        request, "frameworks/show_framework_flow.html", {"version": draft, "draft": draft, **context}
    )


def _readable(public_id: str) -> tuple[Draft, Pack | None]:
    draft = open_draft(public_id)
    return draft, examine(draft.document)[0]


def _not_yet(request: HttpRequest, draft: Draft, why: str) -> HttpResponse:
    """Lead to the faults that stand in the way."""
    messages.error(request, f"{why} Correct what is wrong first.")
    return redirect("check_draft", public_id=draft.public_id)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def publish_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """What publishing would change; publish it, or offer it to a second person."""
    draft = open_draft(public_id)
    form = PublishDraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _publish_or_offer(request, draft, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "draft": draft,
        "form": form,
        "two_people": needs_two_people(),
        "offered": draft.state == Draft.State.OFFERED,
        "own": draft.offered_by == person_of(request),
        **_would_change(draft),
    }
    return render(request, "frameworks/publish_draft.html", context)


def _publish_or_offer(request: HttpRequest, draft: Draft, said: dict[str, Any]) -> HttpResponse:
    at = timezone.localtime()
    asked = {"revision": revision_of(request), "by": person_of(request), "at": at, **said}
    if needs_two_people():
        operations.offer_draft(draft, **asked)
        messages.success(request, "The draft is offered: somebody else now publishes it or sends it back")
        return redirect("publish_draft", public_id=draft.public_id)
    version = operations.publish_draft(draft, **asked)
    messages.success(request, f"{version} is the newest version")
    return redirect(previews.address(version))


def _would_change(draft: Draft) -> dict[str, Any]:
    """The faults of a draft, or what it would change."""
    pack, found = examine(draft.document)
    if pack is None or found:
        return {"faults": len(found)}
    newest = newest_versions().filter(framework__key=pack.key).first()
    rows = changes.changes(newest.document, draft.document) if newest else []
    shown = rows[: changes.MOST_SHOWN]
    table = Table("What would change", ["Where", "Now", "Then"], shown, "Nothing would change.")
    trends = trends_over(newest.document, draft.document) if newest else None
    return {"faults": 0, "newest": newest, "changes": table, "count": len(rows), "trends": trends}


@require_POST
@needs(MANAGE)
def confirm_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish what somebody else has offered."""
    draft = open_draft(public_id)
    try:
        version = operations.confirm_draft(
            draft, revision=revision_of(request), by=person_of(request), at=timezone.localtime()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("publish_draft", public_id=public_id)
    messages.success(request, f"{version} is the newest version")
    return redirect(previews.address(version))


@require_POST
@needs(MANAGE)
def send_draft_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take an offer back, or decline it."""
    draft = open_draft(public_id)
    try:
        operations.send_draft_back(
            draft, revision=revision_of(request), by=person_of(request), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The draft is being written again")
    return redirect("show_draft", public_id=public_id)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def discard_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a draft off the list."""
    draft = open_draft(public_id)
    if request.method == "POST":
        try:
            operations.discard_draft(
                draft, revision=revision_of(request), by=person_of(request), at=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("show_draft", public_id=public_id)
        messages.success(request, f"The draft of {draft} is discarded")
        return redirect("list_frameworks")
    return render(request, "frameworks/discard_draft.html", {"draft": draft})


@require_GET
@needs(MANAGE)
def compare_frameworks(request: HttpRequest) -> HttpResponse:
    """Two versions, or a draft and a version, side by side in words."""
    one, other = request.GET.get("a", ""), request.GET.get("b", "")
    offered = dict(comparable(one, other))
    table = trends = None
    if one in offered and other in offered:
        rows = changes.changes(_document(one), _document(other))
        trends = trends_over(_document(one), _document(other))
        table = Table("What differs", ["Where", offered[one], offered[other]], rows, "Both say the same.")
    first, second = (one, other) if one or other else latest_two(offered)
    context = {"offered": offered.items(), "a": first, "b": second, "table": table, "trends": trends}
    return render(request, "frameworks/compare_frameworks.html", context)


def _document(public_id: str) -> str:
    draft = Draft.objects.open().filter(public_id=public_id).first()
    return draft.document if draft else Version.objects.get(public_id=public_id).document
