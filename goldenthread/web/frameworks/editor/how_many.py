"""How many people publish a framework: have two do it, ask that one may, agree to that or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks import publishing as operations
from goldenthread.frameworks.models import Publishing
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.frameworks.editor.forms import OnePersonForm

MANAGE = "manage frameworks"
DOES: dict[str, tuple[Callable[..., None], str]] = {
    "two": (operations.want_two_people, "Two people now publish a framework"),
    "keep": (operations.keep_two_people, "Two people go on publishing a framework"),
    "agree": (operations.agree_to_one_person, "One person now publishes a framework"),
}
ASKED = "Somebody else who manages frameworks now agrees or not. Until then two people publish."
CHOOSE = "Choose one of the buttons on this page."


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def set_publishing(request: HttpRequest) -> HttpResponse:
    """How many people it takes to publish a framework."""
    form = OnePersonForm(request.POST if request.POST.get("do") == "ask" else None)
    if request.method == "POST" and _done(request, form, by=person_of(request), at=timezone.localtime()):
        return redirect("list_frameworks")
    publishing = Publishing.objects.select_related("set_by", "one_asked_by").first()
    context = {"form": form, "publishing": publishing, "own": _asked_by(publishing) == request.user}
    return render(request, "frameworks/set_publishing.html", context)


def _asked_by(publishing: Publishing | None) -> Person | None:
    return publishing.one_asked_by if publishing else None


def _done(request: HttpRequest, form: OnePersonForm, *, by: Person, at: datetime) -> bool:
    """Do what was chosen; whether it was done."""
    does = request.POST.get("do", "")
    try:
        if does == "ask" and form.is_valid():
            operations.ask_for_one_person(because=form.cleaned_data["because"], by=by, at=at)
            messages.success(request, ASKED)
        elif does in DOES:
            operation, said = DOES[does]
            operation(by=by, at=at)
            messages.success(request, said)
        else:
            if does != "ask":
                messages.error(request, CHOOSE)
            return False
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    return True
