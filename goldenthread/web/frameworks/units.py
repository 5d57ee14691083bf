"""Choosing the units that a framework is for, and what was chosen from when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.frameworks.models import Framework, Remit
from goldenthread.frameworks.operations import set_remit
from goldenthread.people.models import Unit
from goldenthread.people.queries import Branch, flattened, tree
from goldenthread.rules.calendars import in_words
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import needs, person_of
from goldenthread.web.forms import FoldedCheckboxes
from goldenthread.web.tables import Table

MANAGE = "manage frameworks"
WHOLE = "The whole organisation"
MOST = 50
FEW = 20
"""As many units stand in one list; more are folded by service."""


class UnitsForm(forms.Form):
    """The units that a framework is for, from which day, and why."""

    units = forms.MultipleChoiceField(
        label="Units",
        required=False,
        widget=FoldedCheckboxes,
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
        roots = tree(timezone.localdate())
        branches = [one for one in flattened(roots) if one.unit.confirmed]
        self.fields["units"].choices = _choices(roots, branches)  # type: ignore[attr-defined]
        self.fields["units"].widget.hints = {one.unit.public_id: one.path for one in branches}


def _choices(roots: Sequence[Branch], branches: Sequence[Branch]) -> list[tuple[str, Any]]:
    """Every confirmed unit; where they are many, those below the top in a group of each service."""
    if len(branches) <= FEW:
        return [_choice(one) for one in branches]
    services = [child for root in roots for child in root.children]
    groups = [(child.unit.name, _below(child)) for child in services]
    return [*(_choice(one) for one in roots if one.unit.confirmed), *(group for group in groups if group[1])]


def _below(branch: Branch) -> list[tuple[str, str]]:
    """The confirmed units of a branch, its own first."""
    own = [_choice(branch)] if branch.unit.confirmed else []
    return [*own, *(choice for child in branch.children for choice in _below(child))]


def _choice(branch: Branch) -> tuple[str, str]:
    return branch.unit.public_id, branch.unit.name


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
