"""Pages of frameworks: what they say in words, their steps as a drawing, and publishing a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.frameworks.models import Framework, Publishing, Version
from goldenthread.frameworks.operations import publish
from goldenthread.frameworks.queries import newest_versions, pack_of, words_of
from goldenthread.rules.reading import examine, write_pack
from goldenthread.rules.refusal import Refused
from goldenthread.rules.vocabulary import STANDARD_WORDS
from goldenthread.tasks.queries import working_calendar
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.frameworks import changes, previews, units, wording
from goldenthread.web.frameworks.comparability import trends_over
from goldenthread.web.frameworks.forms import PublishForm
from goldenthread.web.tables import Table

MANAGE = "manage frameworks"
MOST_VERSIONS = 50
NONE_YET = (
    "No framework is published yet. One begins as a draft, from what comes with Golden Thread or from a "
    "file, and everything else waits for it."
)


@require_GET
def list_frameworks(request: HttpRequest) -> HttpResponse:
    """Every framework with its newest version; they hold nothing personal, so all staff may read them."""
    rows = [
        [
            {"text": version.framework.title, "url": previews.address(version)},
            str(version.number),
            f"{version.effective_on:%-d %B %Y}",
            previews.review_cell(version, on=timezone.localdate()),
        ]
        for version in newest_versions()[:MOST_VERSIONS]
    ]
    head = ["Framework", "Newest version", "In force from", "Review due"]
    table = Table("Frameworks", head, rows, NONE_YET, True)
    manages = may(request, MANAGE)
    context = {
        "table": table,
        "manages": manages,
        "drafts": previews.drafts() if manages else None,
        "asked": Publishing.objects.filter(one_asked_by__isnull=False).exists() if manages else False,
    }
    return render(request, "frameworks/list_frameworks.html", context)


@require_GET
def show_framework(request: HttpRequest, public_id: str) -> HttpResponse:
    """A framework's versions."""
    framework = get_object_or_404(Framework, public_id=public_id)
    versions = framework.versions.select_related("published_by").defer("document").order_by("-number")
    table = previews.versions(framework, versions[:MOST_VERSIONS])
    newest = versions.first()
    context = {
        "framework": framework,
        "words": words_of(newest) if newest else STANDARD_WORDS,
        "table": table,
        "units": units.table_of(framework),
        "manages": may(request, MANAGE),
        "newest": newest.public_id if newest else "",
    }
    return render(request, "frameworks/show_framework.html", context)


@require_GET
def show_framework_version(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """A version in words."""
    version = _version(public_id, number)
    today = timezone.localdate()
    blocks = wording.blocks(pack_of(version), working_calendar(on=today), today.year, public_id, number)
    context = {
        "version": version,
        "words": pack_of(version).words,
        "pack": pack_of(version),
        "summary": previews.about(version, pack_of(version)),
        "blocks": blocks,
    }
    return render(request, "frameworks/show_framework_version.html", context)


@require_GET
def show_framework_form(request: HttpRequest, public_id: str, number: int, name: str) -> HttpResponse:
    """A form as auditors will see it, with when each question is asked and what it takes."""
    version = _version(public_id, number)
    pack = pack_of(version)
    if name not in pack.forms:
        raise Http404
    context = {"version": version, "words": pack.words, **previews.form_page(pack, name)}
    return render(request, "frameworks/show_framework_form.html", context)


@require_GET
def show_framework_flow(request: HttpRequest, public_id: str, number: int, name: str) -> HttpResponse:
    """The steps of an audit as a drawing and as tables."""
    version = _version(public_id, number)
    pack = pack_of(version)
    if name not in pack.flows:
        raise Http404
    context = {"version": version, "words": pack.words, **previews.flow_page(pack, name)}
    return render(request, "frameworks/show_framework_flow.html", context)


@require_GET
def export_framework(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The version's document as a file."""
    version = _version(public_id, number)
    name = f"{version.framework.key}-{version.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(version.document, content_type="application/yaml; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def publish_framework(request: HttpRequest) -> HttpResponse:
    """Check a pack, show its faults or what it would change, and publish it."""
    form = PublishForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context = _examined(form.cleaned_data["document"])
        if "publish" in request.POST and not context["faults"]:
            return _publish(request, form)
        context["form"] = PublishForm(initial=form.cleaned_data)
    return render(request, "frameworks/publish_framework.html", context)


def _examined(document: str) -> dict[str, Any]:
    """The faults of a document, or what it would change."""
    pack, found = examine(document)
    if pack is None or found:
        return {"faults": found, "checked": True}
    newest = newest_versions().filter(framework__key=pack.key).first()
    rows = changes.changes(newest.document, write_pack(pack)) if newest else []
    table = Table(
        "What would change", ["Where", "Now", "Then"], rows[: changes.MOST_SHOWN], "Nothing would change."
    )
    return {
        "faults": [],
        "checked": True,
        "pack": pack,
        "newest": newest,
        "changes": table,
        "count": len(rows),
        "trends": trends_over(newest.document, document) if newest else None,
    }


def _publish(request: HttpRequest, form: PublishForm) -> HttpResponse:
    """Publish what was checked."""
    try:
        version = publish(
            form.cleaned_data["document"],
            by=person_of(request),
            at=timezone.localtime(),
            effective_on=form.cleaned_data["effective_on"],
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "frameworks/publish_framework.html", {"form": form})
    messages.success(request, f"{version} is the newest version")
    return redirect(previews.address(version))


def _version(public_id: str, number: int) -> Version:
    """One version of one framework."""
    versions = Version.objects.select_related("framework", "published_by")
    return get_object_or_404(versions, framework__public_id=public_id, number=number)
