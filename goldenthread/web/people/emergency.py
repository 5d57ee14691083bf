"""Emergency access of an administrator: its end, its banner on every page, and the list of all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from goldenthread.governance.break_glass import end_break_glass
from goldenthread.governance.models import BreakGlass
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.people.rows import person_link
from goldenthread.web.tables import Table
from goldenthread.web.tasks.rows import page_of

PAGE = 50
HEAD = ("Who", "Why", "From", "Until", "Begun by", "Ended")
WHEN = "%-d %B %Y, %H:%M"
ON_THE_SERVER = "On the server"


def emergency_ends(get_response):
    """Emergency access is over at the very request after its time, whether or not the sweep has run."""

    def answer(request):
        until = getattr(request.user, "emergency_until", None)
        if until is not None and until <= timezone.now():
            for row in BreakGlass.objects.running().filter(person=request.user):
                end_break_glass(row, by=None, at=timezone.localtime())
            request.user.refresh_from_db()
            messages.info(request, "Your emergency access as an administrator has ended.")
        return get_response(request)

    return answer


@require_safe
def list_break_glass(request: HttpRequest) -> HttpResponse:
    """Every emergency access, the newest first, for administrators."""
    _administrators_only(request)
    found = BreakGlass.objects.select_related("person", "begun_by", "ended_by").newest_first()
    place = found.filter(public_id=request.GET.get("after", "")).first()
    page = page_of(request, found.newest_first(below=place), place)
    context = {
        "running": BreakGlass.objects.running().select_related("person").order_by("pk")[:PAGE],
        "table": _table(page.rows),
        "page": page,
    }
    return render(request, "people/list_break_glass.html", context)


@require_POST
def end_emergency(request: HttpRequest, public_id: str) -> HttpResponse:
    """End emergency access before its time: one's own, or anybody's as an administrator."""
    by = person_of(request)
    seen = BreakGlass.objects.running()
    if not by.is_administrator:
        seen = seen.filter(person=by)
    row = get_object_or_404(seen, public_id=public_id)
    try:
        end_break_glass(row, by=by, at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Emergency access ended")
    return redirect("my_tasks" if row.person_id == by.pk else "list_break_glass")


def emergency(request: HttpRequest) -> dict[str, Any]:
    """The emergency access of the person who reads a page; no query where there is none."""
    user = getattr(request, "user", None)
    if not isinstance(user, Person) or user.emergency_until is None:
        return {}
    return {"emergency": BreakGlass.objects.running().filter(person=user).first()}


def _administrators_only(request: HttpRequest) -> None:
    if not person_of(request).is_administrator:
        raise PermissionDenied


def _table(rows: list[BreakGlass]) -> Table:
    cells = [_cells(row) for row in rows]
    return Table("Emergency access", HEAD, cells, "There was none yet.", hide_caption=True)


def _cells(row: BreakGlass) -> list[Any]:
    return [
        person_link(row.person),
        row.reason,
        _moment(row.began_at),
        _moment(row.until),
        row.begun_by.name if row.begun_by else ON_THE_SERVER,
        _ended(row),
    ]


def _ended(row: BreakGlass) -> str:
    if row.ended_at is None:
        return "Running"
    return f"{_moment(row.ended_at)}, {f'by {row.ended_by.name}' if row.ended_by else 'by itself'}"


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime(WHEN)
