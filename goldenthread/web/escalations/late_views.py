"""Pages about late work: what one was asked about or told of, and one of them with stages and reply."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.audits.models import Audit
from goldenthread.escalations import operations
from goldenthread.escalations.models import LateWork, LateWorkQuerySet
from goldenthread.escalations.models.late import LATE
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record_read
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.web.access import person_of
from goldenthread.web.links import url_of
from goldenthread.web.tasks.rows import day_in_words, moment_in_words, page_of


class Reply(forms.Form):
    """What is being done about it."""

    said = forms.CharField(
        label="Your reply",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write your reply."},
    )


@require_GET
def list_late_work(request: HttpRequest) -> HttpResponse:
    """The late work that one was asked about or told of, newest first."""
    seen = _seen(request).select_related("task")
    place = seen.filter(public_id=request.GET.get("after", "")).first()
    page = page_of(request, seen.newest_first(below=place), place)
    return render(request, "escalations/list_late_work.html", {"page": page})


@require_http_methods(["GET", "POST"])
def show_late_work(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is late, since when, who was asked, and the reply of whoever's turn it is."""
    person, now = person_of(request), timezone.localtime()
    found = _seen(request).select_related("version", "task__person", "task__unit").defer("version__document")
    late = get_object_or_404(found, public_id=public_id)
    form = Reply(request.POST or None) if _may_reply(late, request) or request.method == "POST" else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            operations.reply_about_late_work(late, said=form.cleaned_data["said"], by=person, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your reply is recorded.")
            return redirect("show_late_work", public_id)
    record_read(about=(LATE, late.public_id), by=person, at=now)
    ladder = pack_of(late.version).ladders[late.ladder]
    if form is not None:
        form.fields["said"].help_text = ladder.asks
    context = {
        "late": late,
        "ladder": ladder,
        "form": form,
        "whose": _whose(late.task),
        "due": day_in_words(late.task.due_at),
        "over": late.ended_at is not None or LateWork.objects.over(now).filter(pk=late.pk).exists(),
        "record_url": _record_url(late.task, request),
        "stages": _stages(late),
    }
    return render(request, "escalations/show_late_work.html", context)


def _seen(request: HttpRequest) -> LateWorkQuerySet:
    return LateWork.objects.visible_to(person_of(request), on=timezone.localdate())


def _may_reply(late: LateWork, request: HttpRequest) -> bool:
    """Whether it is this person's turn, and no reply is here yet."""
    asked = LateWork.objects.asked_of(person_of(request), on=timezone.localdate()).filter(pk=late.pk)
    return asked.exists() and late.stages.running().filter(replied_at=None).exists()


def _whose(task: Task) -> str:
    if task.person is not None:
        return task.person.name
    return f"Whoever holds the post of {task.post}{f', {task.unit}' if task.unit else ''}"


def _record_url(task: Task, request: HttpRequest) -> str:
    """The way to the audit, for those who may see it; a record of another kind is found by its own tasks."""
    if task.about_kind != "audit":
        return ""
    seen = Audit.objects.visible_to(person_of(request), on=timezone.localdate())
    return url_of("audit", task.about_id) if seen.filter(public_id=task.about_id).exists() else ""


def _stages(late: LateWork) -> list[dict[str, str]]:
    roles = pack_of(late.version).roles
    rows = []
    for stage in late.stages.select_related("replied_by", "task").order_by("number"):
        text = f"Asked {moment_in_words(stage.started_at)}."
        if stage.replied_at is not None:
            text += f" {stage.replied_by} replied {moment_in_words(stage.replied_at)}."
            text += " It was still not done in time." if stage.silent_at else ""
        else:
            text += " No reply in time." if stage.silent_at else ""
        if stage.ended_at is None and stage.silent_at is None:
            what = "The work is" if stage.replied_at else "A reply is"
            text += f" {what} to be here by {day_in_words(stage.task.due_at)}: {stage.task.reason}."
        rows.append(
            {
                "title": f"Stage {stage.number}: {roles[stage.role].title.lower()}",
                "text": text,
                "said": stage.said,
            }
        )
    return rows
