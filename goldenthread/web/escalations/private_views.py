"""Pages about private concerns: raising one, one's own list, and reading and answering one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.audits.models import Audit
from goldenthread.escalations import operations
from goldenthread.escalations.models import PrivateConcern, PrivateConcernQuerySet
from goldenthread.escalations.models.private import PRIVATE
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.seeing import seen_audit
from goldenthread.web.escalations.private_forms import PrivateAnswer, RaisePrivate
from goldenthread.web.tasks.rows import day_in_words, moment_in_words, page_of


@require_http_methods(["GET", "POST"])
def raise_private_concern(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what one is worried about in somebody's work, to those of the private route alone."""
    audit, person = seen_audit(request, public_id), person_of(request)
    route = pack_of(audit.version).conduct
    if route is None:
        raise Http404
    people = {one.public_id: one for one in _people(audit) if one.pk != person.pk}
    choices = [(key, one.name) for key, one in people.items()]
    form = RaisePrivate(request.POST or None, people=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            raised = operations.raise_private_concern(
                audit,
                concerns=people[said["concerns"]],
                concern=said["concern"],
                by=person,
                at=timezone.localtime(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your concern is with those of the private route. Nobody else sees it.")
            return redirect("show_private_concern", raised.public_id)
    context = {"audit": audit, "words": words_of(audit.version), "route": route, "form": form}
    return render(request, "escalations/raise_private_concern.html", context)


@require_GET
def list_private_concerns(request: HttpRequest) -> HttpResponse:
    """The private concerns that one raised or was asked about."""
    seen = _seen(request)
    place = seen.filter(public_id=request.GET.get("after", "")).first()
    shown = seen.filter(pk__lt=place.pk) if place else seen
    page = page_of(request, shown.order_by("-pk"), place)
    return render(request, "escalations/list_private_concerns.html", {"page": page})


@require_http_methods(["GET", "POST"])
def show_private_concern(request: HttpRequest, public_id: str) -> HttpResponse:
    """One private concern, its stages, and the answer for whoever's turn it is."""
    person, now = person_of(request), timezone.localtime()
    found = (
        _seen(request).select_related("version", "audit", "concerns", "raised_by").defer("version__document")
    )
    concern = get_object_or_404(found, public_id=public_id)
    form, answerable = None, PrivateConcern.objects.answerable_by(person, on=now.date())
    if request.method == "POST" or answerable.filter(pk=concern.pk).exists():
        form = PrivateAnswer(request.POST or None)
    if form is not None and request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            operations.answer_private_concern(
                concern, said=said["said"], settled=said["settled"] == "yes", by=person, at=now
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your answer is recorded. Whoever raised the concern is told.")
            return redirect("show_private_concern", public_id)
    record_read(about=(PRIVATE, concern.public_id), by=person, at=now)
    context = {
        "concern": concern,
        "words": words_of(concern.version),
        "form": form,
        "stages": _stages(concern),
    }
    return render(request, "escalations/show_private_concern.html", context)


def _seen(request: HttpRequest) -> PrivateConcernQuerySet:
    return PrivateConcern.objects.visible_to(person_of(request), on=timezone.localdate())


def _people(audit: Audit) -> list[Person]:
    """Those whose work the audit shows: who did it, and who audits it."""
    return [one for one in (audit.practitioner, audit.auditor) if one is not None]


def _stages(concern: PrivateConcern) -> list[dict[str, str]]:
    roles = pack_of(concern.version).roles
    rows = []
    for place, stage in enumerate(concern.stages.select_related("ended_by").order_by("number"), 1):
        answered = ""
        if stage.ended_by and stage.ended_at:
            answered = f" Answered {moment_in_words(stage.ended_at)} by {stage.ended_by}."
        rows.append(
            {
                "title": f"Stage {place}: {roles[stage.role].title.lower()}",
                "text": f"Began {moment_in_words(stage.started_at)}, due {day_in_words(stage.due_at)}."
                f"{answered}{' No answer in time.' if stage.silent_at else ''}",
                "said": stage.said,
            }
        )
    return rows
