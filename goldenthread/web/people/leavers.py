"""Leavers and joiners: the last day, what is left behind, and invitations after a people file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.audits.moderating import KIND as MODERATION
from goldenthread.audits.operations.leavers import call_off_meetings_of_leavers
from goldenthread.escalations.models.private import PRIVATE
from goldenthread.governance import left_behind as behind
from goldenthread.people.models import Person
from goldenthread.people.operations import leaving as operations
from goldenthread.people.operations.signing_in import invite
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import pass_on_tasks
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.links import url_of
from goldenthread.web.people.forms import LeaverForm
from goldenthread.web.people.rows import person_link, shown
from goldenthread.web.people.signing_in import send_invitation
from goldenthread.web.people.views import MANAGE
from goldenthread.web.tables import Table

DRAW = "draw and allocate"
SEES_WHAT_IS_LEFT = ("replace an auditor", DRAW, MANAGE)
ACTS = {
    behind.AUDIT: "replace_auditor",
    behind.SLOT: "edit_slot",
    behind.TOGETHER: "name_co_auditor",
    behind.RETURN: "show_returns",
}
"""Where a piece is given to somebody else, if not on its own page."""
HEAD = ("Held by", "About", "What to do", "Due")
TITLES = {
    behind.TASKS: "Alerts and other tasks that reach nobody",
    behind.AUDITS: "Audits",
    behind.CO_AUDITORS: "Audits done together",
    behind.RETURNS: "Parts of audits that are still to come",
    behind.ACTIONS: "Actions",
    behind.SLOTS: "Allocations that are not sent yet",
    behind.MODERATIONS: "Moderation",
    behind.COMMISSIONS: "Audits asked for about their work",
    behind.DEPUTIES: "Leave during which they were to stand in",
}


def pass_on(*, at: datetime) -> int:
    """What reaches nobody, but for private concerns and moderation, which are given to a person by name.

    Meetings with somebody who has left are called off first.
    """
    call_off_meetings_of_leavers(at=at)
    return pass_on_tasks(at=at, but_of=(PRIVATE, MODERATION))


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def record_leaver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record somebody's last day; what they owe goes to those who step in as soon as it has passed."""
    person = get_object_or_404(Person.objects.confirmed(), public_id=public_id)
    form = LeaverForm(request.POST or None, initial={"left_on": person.left_on or timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        at = timezone.localtime()
        try:
            person = operations.record_leaver(
                person=person, **form.cleaned_data, by=person_of(request), at=at
            )
        except Refused as refusal:
            form.add_error("left_on", str(refusal))
        else:
            pass_on(at=at)
            messages.success(request, _recorded(person))
            return redirect("show_person", public_id) if person.is_active else redirect("list_left_behind")
    return render(request, "people/record_leaver.html", {"form": form, "person": person})


@require_POST
@needs(MANAGE)
def take_back_leaving(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that somebody stays after all."""
    person = get_object_or_404(Person.objects.confirmed(), public_id=public_id)
    try:
        operations.take_back_leaving(person=person, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{person.name} stays")
    return redirect("show_person", public_id=public_id)


@require_safe
def list_left_behind(request: HttpRequest) -> HttpResponse:
    """What people who have left still held, for those who may give it to somebody else."""
    if not any(may(request, each) for each in SEES_WHAT_IS_LEFT):
        raise PermissionDenied
    names = may(request, MANAGE)
    found = behind.left_behind(
        person_of(request), on=timezone.localdate(), draws=may(request, DRAW), manages=names
    )
    tables = [
        (Table(TITLES[kind], HEAD, [_cells(one, names) for one in pieces]), kind in found.more)
        for kind, pieces in found.pieces.items()
        if pieces
    ]
    return render(request, "people/list_left_behind.html", {"tables": tables})


def invite_joiners(ids: str, by_id: str) -> None:
    """Invite people whom a file added (their ids, with commas), each once: a job for the worker."""
    by = Person.objects.get(public_id=by_id)
    waiting = Person.objects.filter(public_id__in=ids.split(","), invited_at=None, is_active=True)
    for person in waiting.exclude(email=None).order_by("pk"):
        try:
            invited = invite(person=person, email=str(person.email), by=by, at=timezone.localtime())
        except Refused:
            continue  # joined or taken out meanwhile
        send_invitation(invited)


def _recorded(person: Person) -> str:
    if person.is_active:
        return f"{person.name} can sign in until the end of {shown(person.left_on)}"
    return f"{person.name} can no longer sign in. See what they leave behind."


def _cells(piece: behind.Piece, names: bool) -> list[Any]:
    kind, public_id = piece.about
    if kind == behind.LEAVE:
        url = reverse("list_leave")
    else:
        url = reverse(ACTS[kind], args=[public_id]) if kind in ACTS else url_of(kind, public_id)
    due: dict[str, Any] = {"text": shown(piece.due_on)}
    if piece.urgent:
        due["hint"] = "Urgent"
    return [
        person_link(piece.holder) if names else piece.holder.name,
        {"text": piece.label, "url": url},
        piece.what,
        due,
    ]
