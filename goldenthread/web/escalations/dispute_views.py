"""Pages about disputes: raising one, reading it and doing what it waits for, withdrawing it, and the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.audits.queries import may_read
from goldenthread.audits.sheets import sheet_of
from goldenthread.escalations import operations
from goldenthread.escalations.models import Dispute, DisputeQuerySet
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.escalations.queries import (
    closes_at,
    decisions_open,
    disputable,
    is_party,
    may_open,
    may_reply,
    may_settle,
    route_of,
    stage_of,
    waits_for,
)
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.seeing import readable_audit
from goldenthread.web.audits.typed import clean
from goldenthread.web.escalations import dispute_forms as forms
from goldenthread.web.escalations import dispute_rows as rows
from goldenthread.web.tasks.rows import day_in_words, page_of

DONE = {
    forms.Meeting: "The meeting is recorded. The written answer is due next.",
    forms.Answer: "The answer is recorded. Those concerned are told.",
    forms.Reply: "Your reply is recorded.",
}

DOING = {
    forms.Meeting: {"title": "Your turn: record the meeting", "button": "Record the meeting"},
    forms.Answer: {"title": "Your turn: answer the dispute", "button": "Record the answer"},
    forms.Reply: {"title": "Your turn: reply to the answer", "button": "Record your reply"},
}

TYPED = ("attended", "discussed", "said", "amended", "why")
"""Keys of what somebody writes in these forms."""


@require_http_methods(["GET", "POST"])
def raise_dispute(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what one disagrees with in a final report, and why."""
    audit, person = readable_audit(request, public_id, "dispute"), person_of(request)
    route = route_of(audit)
    if route is None or not is_party(audit, person, on=timezone.localdate()):
        raise Http404
    words, until = words_of(audit.version), closes_at(audit)
    form = forms.RaiseDispute(
        request.POST or None, points=disputable(audit), evidence=route.evidence, words=words
    )
    if request.method == "POST" and form.is_valid():
        try:
            dispute = operations.raise_dispute(audit, form.given(), by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "Your dispute is on record. Those who answer it have it in their tasks."
            )
            return redirect("show_dispute", dispute.public_id)
    context = {
        "audit": audit,
        "words": words,
        "form": form,
        "route": route,
        "until": day_in_words(until) if until else "",
    }
    return render(request, "escalations/raise_dispute.html", context)


@require_GET
def list_disputes(request: HttpRequest) -> HttpResponse:
    """The disputes that the signed-in person may know of, open ones first."""
    seen = _seen(request)
    place = seen.filter(public_id=request.GET.get("after", "")).first()
    shown = (
        seen.open_first(below=place)
        .select_related("audit", "unit", "raised_by", "version")
        .defer("version__document")
    )
    page = page_of(request, shown, place)
    return render(
        request, "escalations/list_disputes.html", {"page": page, "rows": rows.list_rows(page.rows)}
    )


@require_http_methods(["GET", "POST"])
def show_dispute(request: HttpRequest, public_id: str) -> HttpResponse:
    """One dispute: its points, its stages, and the form of what it waits for, for whoever's turn it is."""
    dispute, person = _one(request, public_id), person_of(request)
    form, left_over = _form(dispute, person, request.POST or None), []
    if request.method == "POST":
        if form is None or request.POST.get("turn") != _turn(dispute):
            messages.error(
                request, "This dispute has moved on since you opened the page. See where it stands."
            )
            form = _form(dispute, person, None)
            left_over = [text for key in TYPED if (text := clean(request.POST.get(key, "")).strip())]
        elif form.is_valid() and _did(request, dispute, form):
            return redirect("show_dispute", public_id)
    record_read(about=(DISPUTE, dispute.public_id), by=person, at=timezone.localtime())
    sheet = sheet_of(dispute.audit)
    state, colour = rows.status_of(dispute)
    context = {
        "dispute": dispute,
        "words": sheet.pack.words,
        "form": form,
        "left_over": left_over,
        "doing": DOING.get(type(form)) if form else None,
        "turn": _turn(dispute),
        "state": state,
        "colour": colour,
        "points": rows.points_of(dispute, sheet),
        "stages": rows.stages_of(dispute),
        "reads": may_read(dispute.audit, person, on=timezone.localdate()),
        "may_withdraw": dispute.ended_at is None and dispute.raised_by_id == person.pk,
    }
    return render(request, "escalations/show_dispute.html", context)


@require_POST
def withdraw_dispute(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own dispute back."""
    dispute, because = _one(request, public_id), clean(request.POST.get("because", ""))
    try:
        operations.withdraw_dispute(dispute, because=because, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The dispute is withdrawn.")
    return redirect("show_dispute", public_id)


def _seen(request: HttpRequest) -> DisputeQuerySet:
    return Dispute.objects.visible_to(person_of(request), on=timezone.localdate())


def _one(request: HttpRequest, public_id: str) -> Dispute:
    found = (
        _seen(request)
        .select_related(
            "version", "unit", "raised_by", "ended_by", "audit__version", "audit__unit", "audit__subject"
        )
        .defer("version__document", "audit__version__document")
    )
    found = found.select_related("audit__auditor", "audit__practitioner")
    dispute = get_object_or_404(found, public_id=public_id)
    if not may_open(dispute, person_of(request), on=timezone.localdate()):
        raise Http404
    return dispute


def _turn(dispute: Dispute) -> str:
    """What the page's form is for, so that a late one does nothing else."""
    stage = stage_of(dispute)
    return f"{stage.number}:{waits_for(dispute, stage)}" if stage else ""


def _form(dispute: Dispute, person: Person, given: QueryDict | None) -> Form | None:
    """The form of what the dispute waits for, if it is this person's turn."""
    on = timezone.localdate()
    stage, words = stage_of(dispute), words_of(dispute.version)
    if stage is None:
        return None
    if may_reply(dispute, person, on=on):
        return forms.Reply(given, words=words)
    if not may_settle(dispute, person, on=on):
        return None
    if waits_for(dispute, stage) == "a meeting":
        return forms.Meeting(given, words=words, initial={"met_on": f"{on:%d/%m/%Y}"})
    sheet = sheet_of(dispute.audit)
    return forms.Answer(
        given,
        words=words,
        decisions=decisions_open(dispute, stage),
        parts=rows.present_grades(sheet),
        grades=[(value.key, value.label) for value in sheet.scale.graded()],
    )


def _did(request: HttpRequest, dispute: Dispute, form: Form) -> bool:
    """Do what the form says; False where it is refused, which the form then says."""
    said: dict[str, Any] = form.cleaned_data
    named: dict[str, Any] = {"by": person_of(request), "at": timezone.localtime()}
    try:
        if isinstance(form, forms.Meeting):
            operations.record_dispute_meeting(dispute, **said, **named)
        elif isinstance(form, forms.Reply):
            operations.reply_to_answer(dispute, agrees=said["agrees"] == "yes", why=said["why"], **named)
        elif isinstance(form, forms.Answer):
            operations.answer_dispute(
                dispute,
                outcome=said["outcome"],
                said=said["said"],
                amended=said["amended"],
                grades=form.changed(),
                **named,
            )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, DONE[type(form)])
    return True
