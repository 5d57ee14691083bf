"""My tasks: what one owes, what one finished, what one was told; and notices that were not delivered."""

from datetime import date, datetime

from django.contrib import messages
from django.db.models import Count, Q, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.frameworks.grants import Holding, holding
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Leave
from goldenthread.people.operations import leave as leave_operations
from goldenthread.rules.refusal import Refused
from goldenthread.tasks import operations
from goldenthread.tasks.models import Notice, Task, TaskQuerySet
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.tasks import rows
from goldenthread.web.tasks.beginning import first_steps
from goldenthread.web.tasks.delivery import habits
from goldenthread.web.tasks.deputies import owed_by_people_away
from goldenthread.web.tasks.forms import DeputyForm, NoticesForm

LOOKS_AFTER_NOTICES = "manage people"


@require_GET
def my_tasks(request: HttpRequest) -> HttpResponse:
    """What the signed-in person owes: what cannot wait first, then by the day it is due."""
    now = timezone.localtime()
    person = person_of(request)
    held = holding(person, now.date())
    place = _place(request, _owed(held)) if request.GET else None
    shown = _owed_below(held, place) if place else _first_owed(held=held)
    page = rows.page_of(request, shown, place)
    number, late = _numbers_owed.first(held=held, now=now) or (0, 0)
    context = {
        "page": page,
        "rows": rows.rows_for(person, page.rows, now),
        "counts": {"all": number, "late": late},
        "for_others": rows.rows_for_others(person, owed_by_people_away(person, on=now.date()), now),
        "first_steps": first_steps(request),
        "looks_after_notices": may(request, LOOKS_AFTER_NOTICES),
    }
    return render(request, "tasks/my_tasks.html", context)


def _owed(held: Holding) -> TaskQuerySet:
    return Task.objects.open().owed_by(held.reader, on=held.on)


def _owed_below(held: Holding, place: Task) -> TaskQuerySet:
    return _owed(held).after(place).urgent_first().select_related("unit")


_first_owed = Compiled(
    lambda held: _owed(held).urgent_first().select_related("unit")[: rows.PAGE + 1], held=Holding
)
_numbers_owed = Compiled(
    lambda held, now: (
        _owed(held)
        .order_by()
        .values_list(Value(1))
        .annotate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
        .values_list("all", "late")
    ),
    held=Holding,
    now=datetime,
)


@require_GET
def list_finished_tasks(request: HttpRequest) -> HttpResponse:
    """What the signed-in person finished, newest first."""
    person = person_of(request)
    done = Task.objects.finished().filter(finished_by=person)
    place = _place(request, done)
    shown = done.before(place) if place else done
    page = rows.page_of(request, shown.newest_first().select_related("unit"), place)
    context = {"page": page, "rows": rows.rows_for(person, page.rows, timezone.localtime())}
    return render(request, "tasks/list_finished_tasks.html", context)


@require_GET
def list_notices(request: HttpRequest) -> HttpResponse:
    """What the signed-in person was told, newest first."""
    told = Notice.objects.filter(to=person_of(request))
    place = _place(request, told)
    page = rows.page_of(request, told.newest_first(below=place), place)
    context = {"page": page, "rows": [(notice, rows.delivery_of(notice)) for notice in page.rows]}
    return render(request, "tasks/list_notices.html", context)


@require_http_methods(["GET", "POST"])
def choose_notices(request: HttpRequest) -> HttpResponse:
    """How the signed-in person wants to be told: at once or once a day, and when not at all."""
    person, chosen = person_of(request), operations.choices_of(person_of(request), habits())
    form = NoticesForm(request.POST or None, initial=NoticesForm.initial_of(chosen))
    if form.is_valid():
        try:
            operations.choose_notices(person, **form.said(), by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. It holds from now on, also for what was waiting.")
            return redirect("choose_notices")
    leave = Leave.objects.filter(person=person).not_over(timezone.localdate()).select_related("deputy")
    context = {
        "form": form,
        "digest_at": habits().digest_at,
        "email": person.email,
        "leave": rows.own_leave(leave[: rows.PAGE]),
    }
    return render(request, "tasks/choose_notices.html", context)


@require_http_methods(["GET", "POST"])
def name_deputy(request: HttpRequest, starts_on: date) -> HttpResponse:
    """Who stands in during the leave of the signed-in person that begins on that day."""
    person = person_of(request)
    found = Leave.objects.filter(person=person).select_related("deputy")
    leave = get_object_or_404(found.not_over(timezone.localdate()), starts_on=starts_on)
    initial = {"email": leave.deputy.email if leave.deputy else ""}
    form = DeputyForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            leave_operations.name_deputy(leave, form.deputy, by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, "Saved. What they may see goes to them too while you are on leave.")
            return redirect("choose_notices")
    return render(request, "tasks/name_deputy.html", {"form": form, "leave": leave})


@require_GET
@needs(LOOKS_AFTER_NOTICES)
def list_leave(request: HttpRequest) -> HttpResponse:
    """Who is on leave now or later, and who stands in for them."""
    found = Leave.objects.not_over(timezone.localdate()).select_related("person", "deputy")
    after = request.GET.get("after", "")
    start = int(after[:9]) if after.isdecimal() else 0
    shown = list(found.order_by("starts_on", "pk")[start : start + rows.PAGE + 1])
    context = {
        "table": rows.leave_of_all(shown[: rows.PAGE]),
        "next_url": f"?after={start + rows.PAGE}" if len(shown) > rows.PAGE else "",
        "previous_url": request.path if start else "",
    }
    return render(request, "tasks/list_leave.html", context)


@require_GET
@needs(LOOKS_AFTER_NOTICES)
def list_undelivered_notices(request: HttpRequest) -> HttpResponse:
    """Notices whose e-mail failed: to whom, since when, and what the mail server said."""
    failed = Notice.objects.undelivered()
    place = _place(request, failed)
    page = rows.page_of(request, failed.newest_first(below=place).select_related("to"), place)
    return render(request, "tasks/list_undelivered_notices.html", {"page": page})


@require_POST
@needs(LOOKS_AFTER_NOTICES)
def retry_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let a notice that failed be tried again."""
    notice = get_object_or_404(Notice.objects.undelivered(), public_id=public_id)
    try:
        operations.retry_notice(notice, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The notice will be tried again within a minute")
    return redirect("list_undelivered_notices")


def _place(request: HttpRequest, found):
    """The row after which the page begins, if the address names one of this list's."""
    named = request.GET.get("after", "")
    return found.filter(public_id=named).first() if named else None
