"""The year: its cycles, their themes, and the targets of teams."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.frameworks.models import Framework
from goldenthread.frameworks.queries import current, pack_of, words_of
from goldenthread.people.models import Unit
from goldenthread.programmes import operations
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import year as queries
from goldenthread.programmes.queries.coverage import finished_by_cycle
from goldenthread.programmes.queries.targets import (
    number_as_seen,
    number_set,
    own_numbers,
    theme_as_seen,
)
from goldenthread.programmes.queries.units import units_with_targets
from goldenthread.rules.cycles import year_title
from goldenthread.rules.refusal import Refused
from goldenthread.rules.targets import Target
from goldenthread.rules.vocabulary import counted
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.programmes import rows
from goldenthread.web.programmes.forms import TargetForm, ThemeForm, YearForm

DRAW = "draw and allocate"


def framework_of(request: HttpRequest) -> Framework:
    """The framework asked for, or the first that is published."""
    published = queries.frameworks()
    asked = request.GET.get("framework") or request.POST.get("framework")
    found = next((one for one in published if one.key == asked or not asked), None)
    if found is None:
        raise Http404("No framework is published yet.")
    return found


@require_safe
def list_cycles(request: HttpRequest) -> HttpResponse:
    """The year's cycles and how far each has come; readers of reports are shown coverage alone."""
    if not may(request, DRAW):
        if may(request, "see reports"):
            return redirect("show_coverage")
        raise PermissionDenied
    published = queries.frameworks()
    if not published:
        return render(request, "programmes/no_framework.html")
    framework, today = framework_of(request), timezone.localdate()
    planned, now = queries.years_planned(framework.key), queries.this_year(framework.key, on=today)
    form = YearForm(request.GET if "year" in request.GET else None)
    year = form.cleaned_data["year"] if form.is_bound and form.is_valid() else now
    cycles = queries.cycles_of_year(framework.key, year)
    done = finished_by_cycle(cycles, reader=person_of(request), on=today)
    words, calendar = words_of(current(framework.key)), pack_of(current(framework.key)).calendar
    context = {
        "framework": framework,
        "words": words,
        "frameworks": published,
        "year": year,
        "title": year_title(year, calendar),
        "years": [(one, year_title(one, calendar)) for one in sorted({*planned, now, now + 1}, reverse=True)],
        "table": rows.table(
            f"{words['Cycles']} of {year_title(year, calendar)}",
            f"{words['Cycle']}|First and last day|{words['Theme']}|State|#Finished",
            [rows.cycle_row(cycle, *done[cycle.label], today=today) for cycle in cycles],
            hide_caption=True,
        ),
    }
    return render(request, "programmes/list_cycles.html", context)


@require_POST
@needs(DRAW)
def plan_year(request: HttpRequest) -> HttpResponse:
    """Make the year's cycles from the framework's calendar."""
    framework, form = framework_of(request), YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a year between 2000 and 2100.")
        return redirect("list_cycles")
    year, words = form.cleaned_data["year"], words_of(current(framework.key))
    try:
        made = operations.plan_year(framework.key, year, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"{counted(len(made), 'cycle', words)} planned" if made else f"{year} was planned already",
        )
    return redirect(f"{reverse('list_cycles')}?framework={framework.key}&year={year}")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def set_theme(request: HttpRequest, public_id: str) -> HttpResponse:
    """The topic or service area of a themed month."""
    cycle = get_object_or_404(Cycle.objects.select_related("theme_unit", "version"), public_id=public_id)
    words = words_of(cycle.version)
    units = Unit.objects.on(cycle.opens_on).confirmed().exclude(placements=None).order_by("name")
    area = cycle.theme_unit.public_id if cycle.theme_unit else ""
    initial = {"theme": cycle.theme, "unit": area, "seen": theme_as_seen(cycle)}
    form = ThemeForm(request.POST or None, initial=initial, units=units, words=words)
    if request.method == "POST" and form.is_valid():
        unit = units.filter(public_id=form.cleaned_data["unit"]).first()
        theme, by, seen = form.cleaned_data["theme"], person_of(request), form.cleaned_data["seen"]
        try:
            operations.set_theme(cycle, theme=theme, unit=unit, seen=seen, by=by, at=timezone.localtime())
        except operations.Overtaken as refusal:
            cycle.refresh_from_db()
            form.overtaken(refusal, rows.theme_of(cycle))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The {words['theme']} of {cycle.title} is set")
            return redirect("show_cycle", public_id=cycle.public_id)
    return render(request, "programmes/set_theme.html", {"form": form, "cycle": cycle, "words": words})


@require_safe
@needs(DRAW)
def list_targets(request: HttpRequest) -> HttpResponse:
    """What each team owes in each cycle."""
    framework, today = framework_of(request), timezone.localdate()
    pack = pack_of(current(framework.key))
    tables, said = [], []
    for name, target in pack.targets.items():
        if not _own_number_may_be_set(target):
            said.append(f"{target.title}: {target.sentence()}.")
            continue
        units = units_with_targets(pack, name, on=today)
        own = own_numbers(framework.key, name, on=today)
        found = rows.target_rows(name, target.number or 0, units, own, framework.key)
        tables.append(
            rows.table(
                target.title,
                f"Unit|#Each {pack.words.get(target.each, target.each)}|Whose number|Change",
                found,
            )
        )
    context = {"framework": framework, "words": pack.words, "tables": tables, "said": said}
    return render(request, "programmes/list_targets.html", context)


def _own_number_may_be_set(target: Target) -> bool:
    """Whether a team or service may have a number of its own."""
    return target.number is not None and target.per in ("team", "service")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def set_target(request: HttpRequest, target: str, public_id: str) -> HttpResponse:
    """One unit's own number, from a day on."""
    framework, unit = framework_of(request), get_object_or_404(Unit, public_id=public_id)
    pack, today = pack_of(current(framework.key)), timezone.localdate()
    if target not in pack.targets or not _own_number_may_be_set(pack.targets[target]):
        raise Http404
    number = own_numbers(framework.key, target, on=today).get(unit.pk)
    stands = number_set(framework.key, target, unit)
    initial = {"number": number, "starts_on": today, "seen": number_as_seen(stands)}
    form = TargetForm(request.POST or None, initial=initial, words=pack.words)
    if request.method == "POST" and form.is_valid():
        by, at = person_of(request), timezone.localtime()
        try:
            operations.set_target(framework.key, target, unit, **form.cleaned_data, by=by, at=at)
        except operations.Overtaken as refusal:
            form.overtaken(refusal, rows.number_in_words(number_set(framework.key, target, unit)))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The number for {unit} is set")
            return redirect(f"{reverse('list_targets')}?framework={framework.key}")
    context = {
        "form": form,
        "words": pack.words,
        "unit": unit,
        "target": pack.targets[target],
        "framework": framework,
        "later": rows.number_in_words(stands) if stands and stands.starts_on > today else "",
    }
    return render(request, "programmes/set_target.html", context)
