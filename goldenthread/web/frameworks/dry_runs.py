"""The page on which a draft is tried on last quarter's cases, with nothing sent or counted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks.models import Draft
from goldenthread.programmes.models import DryRun
from goldenthread.programmes.operations.dry_runs import ask_for_dry_run
from goldenthread.rules.reading import examine
from goldenthread.rules.refusal import Refused
from goldenthread.rules.vocabulary import STANDARD_WORDS
from goldenthread.web.access import may, person_of
from goldenthread.web.frameworks import dry_run_rows as rows
from goldenthread.web.frameworks.editor.opened import open_draft
from goldenthread.web.jobs import run_later

JOB = "goldenthread.web.frameworks.jobs.try_draft"
"""By name, since only the worker loads the solver."""
MANAGE = "manage frameworks"
STAFF = ("draw and allocate", "manage people")
"""Who may see what single members of staff would get."""


class DryRunForm(forms.Form):
    """The day whose quarter before is tried."""

    on = forms.DateField(label="Try the quarter before this day", initial=timezone.localdate)


@require_http_methods(["GET", "POST"])
def dry_run_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for a dry run, see how far it is, and what came of the last one."""
    if not may(request, MANAGE):
        raise Http404
    draft = open_draft(public_id)
    form = DryRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, draft, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    found = examine(draft.document)[1]
    run = DryRun.objects.filter(draft=draft).select_related("asked_by").order_by("-pk").first()
    context: dict[str, Any] = {"draft": draft, "form": form, "faults": len(found), "run": run}
    context["waiting"] = bool(run and not run.finished_at)
    if run and run.result:
        context |= _shown(request, run)
    return render(request, "frameworks/dry_run_draft.html", context)


def _ask(request: HttpRequest, draft: Draft, form: DryRunForm) -> HttpResponse:
    by = person_of(request)
    with transaction.atomic():
        run = ask_for_dry_run(draft, on=form.cleaned_data["on"], by=by, at=timezone.localtime())
        run_later(JOB, run.public_id, by.public_id, by=by)
    messages.success(request, "The draft is being tried; nothing is sent or counted")
    return redirect("dry_run_draft", public_id=draft.public_id)


def _shown(request: HttpRequest, run: DryRun) -> dict[str, Any]:
    """The tables of a finished run, with the names that its reader may see."""
    tried, pack = run.result["draft"], examine(run.document)[0]
    words = pack.words if pack else STANDARD_WORDS
    seen = rows.Seen(
        tried,
        person_of(request),
        cases=may(request, "see subjects"),
        staff=any(may(request, one) for one in STAFF),
        on=timezone.localdate(),
    )
    return {
        "words": words,
        "tried": tried,
        "published": run.result.get("published"),
        "comparison": rows.comparison(run.result, words),
        "cycles": rows.cycles(tried, words, reader=seen),
        "targets": rows.targets(tried, words),
        "dates": rows.dates(tried),
        "forms": rows.forms(tried, words),
        "seen": seen,
        "most": rows.MOST_PICKS,
    }
