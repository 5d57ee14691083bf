"""Pages about people: staff, the organisation on a day, and names that extracts brought."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.people import queries
from goldenthread.people.models import Leave, Person, Post, Training, Unit
from goldenthread.people.operations import signing_in as operations
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import access_changes, tell_of_access
from goldenthread.web.access import needs, person_of
from goldenthread.web.people import rows
from goldenthread.web.people.forms import (
    FindForm,
    InviteForm,
    OnForm,
    PersonForm,
)
from goldenthread.web.people.sessions import running
from goldenthread.web.people.signing_in import (
    address_in_use,
    link_to_pass_on,
    send_invitation,
    tell_former_address,
)

PAGE = 50
LONG = 200  # posts or teams of one unit
MANAGE = "manage people"


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def list_people(request: HttpRequest) -> HttpResponse:
    """Staff by name, fifty at a time; a search is posted, so that no name stands in an address."""
    staff = Person.objects.confirmed().order_by("name", "pk")
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"].strip()
        staff = staff.filter(
            Q(name__icontains=words) | Q(reference__icontains=words) | Q(email__icontains=words)
        )
    last = Person.objects.filter(public_id=request.GET.get("after", "")).first()
    if last:
        staff = staff.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(staff[: PAGE + 1])
    more = len(found) > PAGE
    context = {
        "form": form,
        "table": rows.staff(found[:PAGE]),
        "next_url": f"?after={found[PAGE - 1].public_id}" if more and request.method == "GET" else "",
        "previous_url": reverse("list_people") if last else "",
        "more": more and request.method == "POST",
        "unconfirmed": Person.objects.unconfirmed().exists() or Unit.objects.unconfirmed().exists(),
    }
    return render(request, "people/list_people.html", context)


@require_GET
@needs(MANAGE)
def show_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One member of staff: posts, training, leave."""
    person = get_object_or_404(Person, public_id=public_id)
    posts = Post.objects.filter(person=person).select_related("unit").order_by("-starts_on", "kind")
    training = Training.objects.filter(person=person).order_by("-completed_on")
    leave = Leave.objects.filter(person=person).select_related("deputy").order_by("-starts_on")
    context = {
        "person": person,
        "summary": [
            {"key": "Staff number", "value": person.reference or "Not known"},
            {"key": "E-mail address", "value": person.email or "Not known"},
            {"key": "Directory id", "value": person.external_id or "Not known"},
            {"key": "Signing in", "value": rows.account(person)["text"]},
            *([{"key": "Last day", "value": rows.shown(person.left_on)}] if person.left_on else []),
        ],
        "tables": [
            rows.posts(list(posts[:PAGE])),
            rows.training(list(training[:PAGE])),
            rows.leave(list(leave[:PAGE])),
        ],
        "signed_in": running(person, timezone.now()).exists(),
        "may_reset": _may_reset(request, person),
        "may_close": person.is_active and person.pk != person_of(request).pk,
    }
    return render(request, "people/show_person.html", context)


def _may_reset(request: HttpRequest, person: Person) -> bool:
    """Whether there is a second factor that this administrator may reset."""
    by = person_of(request)
    return by.is_administrator and by.pk != person.pk and queries.has_second_factor(person)


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def add_person(request: HttpRequest) -> HttpResponse:
    """Enter a member of staff by hand."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = operations.add_person(
                **form.cleaned_data, by=person_of(request), at=timezone.localtime()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person.name} added")
            return redirect("show_person", public_id=person.public_id)
    return render(request, "people/add_person.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def invite_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let somebody sign in: they get a link by e-mail."""
    person = get_object_or_404(Person.objects.confirmed(), public_id=public_id)
    form = InviteForm(request.POST or None, initial={"email": person.email})
    if request.method == "POST" and form.is_valid():
        former, at = address_in_use(person), timezone.localtime()
        try:
            person = _invite(person, form.cleaned_data["email"], by=person_of(request), at=at)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            tell_former_address(former, person)
            _tell_of_invitation(request, person)
            return redirect("show_person", public_id=person.public_id)
    return render(request, "people/invite_person.html", {"form": form, "person": person})


def _invite(person: Person, email: str, *, by: Person, at: datetime) -> Person:
    """Invite somebody, and tell the others who look after people."""
    with transaction.atomic():
        person = operations.invite(person=person, email=email, by=by, at=at)
        path = reverse("show_history", args=["person", person.public_id])
        tell_of_access(access_changes.LET_IN, path=path, by=by, at=at)
    return person


def _tell_of_invitation(request: HttpRequest, person: Person) -> None:
    if said := link_to_pass_on(person):
        messages.success(request, said)
    elif send_invitation(person):
        messages.success(request, f"Invitation sent to {person.email}")
    else:
        messages.error(request, "The mail server did not take the invitation. Invite them again later.")


@require_POST
@needs(MANAGE)
def close_account(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop somebody from signing in."""
    person = get_object_or_404(Person, public_id=public_id)
    try:
        operations.close_account(person=person, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{person.name} can no longer sign in")
    return redirect("show_person", public_id=public_id)


@require_GET
@needs(MANAGE)
def show_organisation(request: HttpRequest) -> HttpResponse:
    """The tree of units as it stood on a day."""
    form, on = _on(request)
    branches = queries.flattened(queries.tree(on))
    context = {"form": form, "on": on, "table": rows.tree(list(branches))}
    return render(request, "people/show_organisation.html", context)


def _on(request: HttpRequest) -> tuple[Form, date]:
    """The day asked for, else today."""
    form = OnForm(request.GET if "on" in request.GET else None)
    today = timezone.localdate()
    return form, (form.cleaned_data["on"] or today) if form.is_valid() else today


@require_GET
@needs(MANAGE)
def show_unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One unit on a day: where it stood, what stood under it, who held which post."""
    unit = get_object_or_404(Unit, public_id=public_id)
    form, on = _on(request)
    held = Post.objects.filter(unit=unit).on(on).select_related("person").order_by("kind", "person__name")
    context = {
        "unit": unit,
        "form": form,
        "on": on,
        "path": queries.unit_path(unit, on)[:-1],
        "tables": [rows.holders(list(held[:LONG])), rows.units(list(queries.children(unit, on=on)[:LONG]))],
    }
    return render(request, "people/show_unit.html", context)


@require_GET
@needs(MANAGE)
def list_unconfirmed(request: HttpRequest) -> HttpResponse:
    """Workers and teams that extracts named and nobody has confirmed yet."""
    people = list(Person.objects.unconfirmed().order_by("pk")[: PAGE + 1])
    units = list(Unit.objects.unconfirmed().order_by("pk")[: PAGE + 1])
    context: dict[str, Any] = {
        "people": people[:PAGE],
        "units": units[:PAGE],
        "more": len(people) > PAGE or len(units) > PAGE,
    }
    return render(request, "people/list_unconfirmed.html", context)
