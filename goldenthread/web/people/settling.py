"""Pages that settle what an extract named: a worker or a team is new, or one that is known already."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.caseload.models import Work, WorkQuerySet
from goldenthread.caseload.operations.answers import join_person, join_unit
from goldenthread.people.models import Person, Unit
from goldenthread.people.operations import organisation
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.people.forms import JoinPersonForm, JoinUnitForm

MANAGE = "manage people"


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def settle_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a worker of an extract, or say which member of staff they really are."""
    person = get_object_or_404(Person.objects.unconfirmed(), public_id=public_id)
    form = JoinPersonForm(request.POST if "join" in request.POST else None)
    if "confirm" in request.POST:
        return _settled(request, person.name, lambda **how: organisation.confirm_person(person=person, **how))
    return _joined(request, person, form, join_person, Work.objects.filter(person=person))


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def settle_unit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Confirm a team of an extract, or say which unit it really is."""
    unit = get_object_or_404(Unit.objects.unconfirmed(), public_id=public_id)
    form = JoinUnitForm(request.POST if "join" in request.POST else None)
    if "confirm" in request.POST:
        return _settled(request, unit.name, lambda **how: organisation.confirm_unit(unit=unit, **how))
    return _joined(request, unit, form, join_unit, Work.objects.filter(unit=unit))


def _joined(
    request: HttpRequest, one: Person | Unit, form: Form, join: Callable[..., None], work: WorkQuerySet
) -> HttpResponse:
    """Join it into what it really is, once that was shown and the person who joins it said yes to this one.

    What is joined cannot be taken apart again, and a staff number is mistyped quickly.
    """
    kind = "person" if isinstance(one, Person) else "unit"
    template, context = f"people/settle_{kind}.html", {kind: one, "form": form}
    if not (request.method == "POST" and form.is_valid()):
        return render(request, template, context)
    into = form.cleaned_data["into"]
    if request.POST.get("sure") != into.public_id:
        count = work.values("subject").distinct().count()
        return render(request, f"people/join_{kind}.html", context | {"into": into, "count": count})
    return _settled(
        request, one.name, lambda **how: join(**{kind: one}, into=into, **how), (template, context)
    )


def _settled(
    request: HttpRequest, name: str, settle: Callable[..., None], shown: tuple[str, Any] | None = None
) -> HttpResponse:
    """Do it and go on to the next, or say why not: on the page whose form it came from, if there is one."""
    try:
        settle(by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        if shown is not None:
            shown[1]["form"].add_error(None, str(refusal))
            return render(request, *shown)
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{name} settled")
    return redirect("list_unconfirmed")
