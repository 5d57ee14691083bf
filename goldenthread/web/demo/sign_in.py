"""Signing in with one click, as anybody of the demo council; elsewhere there is no such page."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from goldenthread.people.models import Person, Post
from goldenthread.tasks.models import Task

BACKEND = "django.contrib.auth.backends.ModelBackend"
ADMINISTRATOR = "administrator"
SHOWN, LOOKED_AT = 2, 8
KINDS = {
    "quality officer": "draws and sends the month's audits, checks reports, sees what is late",
    "audit manager": "leads the quality team; also people, frameworks and the ledger",
    "accredited auditor": "audits files of other teams",
    "practitioner": "sees audits of their own work, and what was found",
    "team manager": "sees audits of the team, and answers safety alerts",
    "head of service": "sees audits of the services, and what needs attention",
    "assistant director": "sees audits and reports of the area",
    "director": "sees every audit and report",
    "principal social worker": "sees every audit and report",
    "qa manager": "audits files where a manager has to",
    "senior manager": "audits files where a manager has to, and looks at work again",
    ADMINISTRATOR: "sets the installation up: people, frameworks, caseload; sees no audits",
}
"""Kinds of user in the order of the page, with what each comes for."""


@dataclass(frozen=True)
class Kind:
    """One kind of user, what they come for, and some who are it."""

    title: str
    comes_for: str
    people: list[Person]


def kinds_of_user() -> list[Kind]:
    """Each post that somebody holds today, with a few of its holders, faces new on the page first."""
    on, found = timezone.localdate(), []
    held = Post.objects.on(on).order_by("kind").values_list("kind", flat=True).distinct()
    shown: set[Person] = set()
    for kind in [*KINDS, *(kind for kind in held if kind.casefold() not in KINDS)]:
        people = sorted(_some(kind, on), key=lambda person: person in shown)[:SHOWN]
        shown.update(people)
        if people:
            found.append(Kind(_title(kind), KINDS.get(kind, ""), people))
    return found


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign in as somebody of the demo council, without a password."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(Person.objects.filter(is_active=True), public_id=public_id)
    login(request, person, backend=BACKEND)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted if is_ours else settings.LOGIN_REDIRECT_URL)


def _some(kind: str, on: date) -> list[Person]:
    """Some of a kind: those who owe something first, what is due soonest or late longest before all."""
    active = Person.objects.filter(is_active=True, joined_into=None)
    if kind == ADMINISTRATOR:
        return list(active.filter(is_administrator=True).order_by("name")[:LOOKED_AT])
    owes = Task.objects.open().filter(person=OuterRef("pk")).order_by("due_at").values("due_at")
    holders = active.filter(pk__in=Post.objects.filter(kind__iexact=kind).on(on).values("person"))
    return list(
        holders.annotate(due=Subquery(owes[:1])).order_by(F("due").asc(nulls_last=True), "name")[:LOOKED_AT]
    )


def _title(kind: str) -> str:
    return kind.replace("qa ", "QA ") if kind.startswith("qa ") else kind[:1].upper() + kind[1:]
