"""Pauses of clocks: what a record's page shows of them, letting a clock stand still, and ending that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from goldenthread.audits.models import Audit, Return
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.audits.returns import KIND as RETURN
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement import operations
from goldenthread.improvement.models import ACTION, RESPONSE, Action, Response
from goldenthread.improvement.standing_still import audits_of, may_pause, takes_pauses
from goldenthread.people.models import Person
from goldenthread.rules.pauses import PauseRule
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import ClockPause, Task
from goldenthread.web.access import person_of
from goldenthread.web.audits.forms import Words
from goldenthread.web.forms import Radios
from goldenthread.web.links import url_of
from goldenthread.web.tasks.rows import day_in_words

MOST = 50


def parts_seen(person: Person, *, on: date) -> QuerySet[Return]:
    """The parts of audits that a person may know of; their pages show by when each is due."""
    return Return.objects.filter(audit__in=Audit.objects.visible_to(person, on=on))


SEEN = {
    AUDIT: Audit.objects.visible_to,
    RETURN: parts_seen,
    RESPONSE: Response.objects.visible_to,
    ACTION: Action.objects.visible_to,
}


class Still(forms.Form):
    """From when, until when and why a clock stands still."""

    reason = forms.ChoiceField(label="Why does it stand still?", widget=Radios)
    why = Words(
        label="Say it in your own words",
        rows=4,
        max_length=2000,
        help_text="Everybody who may open this record reads it.",
    )
    starts_on = forms.DateField(label="First day")
    until_on = forms.DateField(
        label="Last day, if it is known",
        required=False,
        help_text="For example, 23/12/2026. If left empty, until somebody ends the pause.",
    )

    def __init__(self, data=None, *, rule: PauseRule, **given):
        super().__init__(data, **given)
        self.fields["reason"].choices = [*rule.reasons.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class PauseRow:
    """One pause as a record's page shows it."""

    pause: ClockPause
    title: str
    days: str
    reason: str
    may_end: bool


def pauses_about(
    kind: str,
    public_id: str,
    version: Version,
    person: Person,
    *,
    at: datetime,
    parts: Iterable[Return] = (),
) -> dict[str, object]:
    """The pauses of a record's clocks, and the clocks that this person may pause; for its page.

    `parts` are those of an audit, whose clocks are shown with its own.

    Nothing is asked of the database where the framework lets nobody record a pause.
    """
    rule = pack_of(version).pauses
    if rule is None:
        return {}
    on = timezone.localdate(at)
    ids = [one.public_id for one in parts]
    of_record = Q(about_kind=kind, about_id=public_id) | Q(about_kind=RETURN, about_id__in=ids)
    owed = (
        Task.objects.open()
        .filter(of_record)
        .select_related("version", "unit")
        .defer("version__document")
        .order_by("due_at", "pk")
    )
    clocks = [task for task in owed if takes_pauses(task)]
    may = bool(clocks) and may_pause(clocks[0], person, on=on)
    found = ClockPause.objects.filter(task__in=Task.objects.filter(of_record))
    found = found.select_related("task", "paused_by", "ended_by").order_by("-pk")[:MOST]
    open_ones = {task.pk for task in clocks}
    rows = [
        PauseRow(
            pause=one,
            title=one.task.title,
            days=_days(one),
            reason=rule.reasons.get(one.reason, one.reason),
            may_end=may and one.task_id in open_ones and _stands(one, at),
        )
        for one in found
    ]
    return {"pauses": rows, "clocks_to_pause": clocks if may else []}


@require_http_methods(["GET", "POST"])
def pause_clock(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the clock of something that is owed stand still."""
    task, person, now = _task(request, public_id), person_of(request), timezone.localtime()
    rule = pack_of(task.version).pauses if task.version else None
    if rule is None or not may_pause(task, person, on=now.date()):
        raise PermissionDenied
    form = Still(request.POST or None, rule=rule, initial={"starts_on": now.date().strftime("%d/%m/%Y")})
    back = _page_of(task)
    if form.is_valid():
        try:
            operations.record_pause(task, **form.cleaned_data, by=person, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The clock stands still. The page says by when it is due now.")
            return redirect(back)
    context = {
        "task": task,
        "form": form,
        "due": day_in_words(task.due_at),
        "most": rule.at_most_working_days,
        "back_url": back,
    }
    return render(request, "improvement/pause_clock.html", context)


@require_POST
def end_pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a clock run on."""
    pause = get_object_or_404(
        ClockPause.objects.select_related("task__version").defer("task__version__document"),
        public_id=public_id,
    )
    task = _task(request, pause.task.public_id)
    try:
        operations.end_pause(pause, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The pause ends today. The page says by when it is due now.")
    return redirect(_page_of(task))


def _task(request: HttpRequest, public_id: str) -> Task:
    """A task about an audit, or what follows it, that the signed-in person may see; else not found."""
    task = get_object_or_404(
        Task.objects.select_related("version", "unit", "person").defer("version__document"),
        public_id=public_id,
    )
    if task.about_kind not in SEEN or not takes_pauses(task):
        raise Http404
    seen = SEEN[task.about_kind](person_of(request), on=timezone.localdate())
    get_object_or_404(seen, public_id=task.about_id)
    return task


def _page_of(task: Task) -> str:
    """The page that shows the pauses of a task's clock; for a part of an audit, that of the audit."""
    if task.about_kind == RETURN:
        return url_of(AUDIT, audits_of(task).values_list("public_id", flat=True)[0])
    return url_of(task.about_kind, task.about_id)


def _stands(one: ClockPause, at: datetime) -> bool:
    return one.ended_at is None and (one.until_on is None or one.until_on >= timezone.localdate(at))


def _days(one: ClockPause) -> str:
    """From when until when, in words."""
    first = f"From {one.starts_on.day} {one.starts_on:%B %Y}"
    if one.ended_at is not None:
        ended = timezone.localdate(one.ended_at)
        return f"{first}; ended on {ended.day} {ended:%B %Y} by {one.ended_by}"
    return (
        f"{first} to {one.until_on.day} {one.until_on:%B %Y}"
        if one.until_on
        else f"{first}, until it is ended"
    )
