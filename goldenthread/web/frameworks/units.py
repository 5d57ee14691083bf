"""Choosing the units that a framework is for, and what was chosen from when."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks.models import Framework, Remit
from goldenthread.frameworks.operations import set_remit
from goldenthread.people.models import Unit
from goldenthread.people.queries import flattened, tree
from goldenthread.rules.calendars import in_words
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.forms import Checkboxes
from goldenthread.web.tables import Table

MANAGE = "manage frameworks"
WHOLE = "The whole organisation"
MOST = 50


class UnitsForm(forms.Form):
    """The units that a framework is for, from which day, and why."""

    units = forms.MultipleChoiceField(
        label="Units",
        required=False,
        widget=Checkboxes,
        help_text="Everything below a unit counts with it. Choose none for the whole organisation. "
        "Auditors who stand in a team of their own need that team as well.",
    )
    starts_on = forms.DateField(label="From which day", initial=timezone.localdate)
    reason = forms.CharField(label="Why", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, framework: Framework) -> None:
        chosen = list(framework.remits.prefetch_related("units").order_by("pk"))
        held = [unit.public_id for unit in chosen[-1].units.all()] if chosen else []
        initial = {"after": len(chosen), "units": held}
        super().__init__(data, initial=initial)
        branches = [one for one in flattened(tree(timezone.localdate())) if one.unit.confirmed]
        self.fields["units"].choices = [(one.unit.public_id, one.unit.name) for one in branches]  # type: ignore[attr-defined]
        self.fields["units"].widget.hints = {one.unit.public_id: one.path for one in branches}


@require_http_methods(["GET", "POST"])
@needs(MANAGE)
def set_units(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose the units that a framework is for."""
    framework = get_object_or_404(Framework, public_id=public_id)
    form = UnitsForm(request.POST or None, framework)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            set_remit(
                framework,
                list(Unit.objects.confirmed().filter(public_id__in=told["units"])),
                starts_on=told["starts_on"],
                reason=told["reason"],
                after=told["after"],
                by=person_of(request),
                at=timezone.localtime(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"The units of {framework} are chosen from {told['starts_on']:%-d %B %Y}"
            )
            return redirect("show_framework", public_id=framework.public_id)
    context = {"framework": framework, "form": form, "table": table_of(framework)}
    return render(request, "frameworks/set_units.html", context)


def table_of(framework: Framework) -> Table:
    """What was chosen from when, why and by whom, the last choice first."""
    made = framework.remits.select_related("set_by").prefetch_related("units").order_by("-pk")
    rows = [_row(remit) for remit in made[:MOST]]
    empty = "Nobody has chosen units, so the framework is for the whole organisation."
    return Table("Units it is for", ["Units", "From", "Why", "Chosen by"], rows, empty, True)


def _row(remit: Remit) -> list[str]:
    units = in_words(sorted(unit.name for unit in remit.units.all())) or WHOLE
    who = f"{remit.set_by or 'The command line'}, {timezone.localtime(remit.set_at):%-d %B %Y}"
    return [units, f"{remit.starts_on:%-d %B %Y}", remit.reason, who]
