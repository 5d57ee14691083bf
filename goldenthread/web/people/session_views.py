"""One's own sign-ins: where one is signed in, ending one, all others, or all of somebody's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from goldenthread.people.models import Person, Session
from goldenthread.people.operations import sessions as operations
from goldenthread.people.session_store import digest_of
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.people.sessions import KEPT, running, seconds_left
from goldenthread.web.people.views import MANAGE

SHOWN = 50


@require_safe
def list_my_sign_ins(request: HttpRequest) -> HttpResponse:
    """Where this person is signed in."""
    found = list(running(person_of(request), timezone.now())[: SHOWN + 1])
    own = _own(request)
    context: dict[str, Any] = {
        "sign_ins": [{"one": one, "is_this": one.session_key == own} for one in found[:SHOWN]],
        "more": len(found) > SHOWN,
    }
    return render(request, "people/list_my_sign_ins.html", context)


@require_POST
def end_my_sign_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """End one of one's own sign-ins."""
    person = person_of(request)
    get_object_or_404(Session.objects.filter(person=person), public_id=public_id)
    try:
        operations.end_own_session(person=person, public_id=public_id, at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Sign-in ended")
    return redirect("list_my_sign_ins")


@require_POST
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """End all of one's own sign-ins but this one."""
    ended = operations.end_other_sessions(
        person=person_of(request), but=_own(request), at=timezone.localtime()
    )
    messages.success(request, f"Other sign-ins ended: {ended}")
    return redirect("list_my_sign_ins")


@require_POST
@needs(MANAGE)
def end_sign_ins(request: HttpRequest, public_id: str) -> HttpResponse:
    """End every sign-in of one person; they may sign in again."""
    person = get_object_or_404(Person, public_id=public_id)
    try:
        ended = operations.end_sessions_of(person=person, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Sign-ins of {person.name} ended: {ended}")
    return redirect("show_person", public_id=public_id)


@require_safe
def time_left(request: HttpRequest) -> JsonResponse:
    """For how many seconds this sign-in still lasts; to ask does not make it last longer."""
    return JsonResponse({"left": seconds_left(request.session, timezone.now().timestamp())})


@require_POST
def stay_signed_in(request: HttpRequest) -> JsonResponse:
    """Make this sign-in last longer, as every use does; the seconds that it now lasts."""
    return JsonResponse({"left": seconds_left(request.session, timezone.now().timestamp())})


@require_POST
def discard_kept_words(request: HttpRequest) -> HttpResponse:
    """Throw away what was typed before a sign-in ended."""
    kept = request.session.pop(KEPT, None)
    return redirect(kept["at"] if kept else "my_tasks")


def _own(request: HttpRequest) -> str:
    return digest_of(str(request.session.session_key))
