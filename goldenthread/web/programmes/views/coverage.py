"""Coverage against target, and the audits behind each of its numbers (CA-7)."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.audits.models import Audit
from goldenthread.frameworks.models import Framework
from goldenthread.frameworks.queries import current, pack_of, words_of
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import year as queries
from goldenthread.programmes.queries.caseloads import ORGANISATION
from goldenthread.programmes.queries.coverage import (
    DONE,
    PEOPLE,
    counting_for,
    coverage,
    covered,
    of_caseload,
)
from goldenthread.programmes.queries.sights import Sight, sight_of
from goldenthread.programmes.queries.windows import Kind, denominators, kinds_of, window_of
from goldenthread.reporting import nameless
from goldenthread.web.access import needs, person_of
from goldenthread.web.programmes import rows
from goldenthread.web.programmes.forms import PeriodForm
from goldenthread.web.programmes.views.year import framework_of

REPORTS = "see reports"
SO_FAR, WHOLE = "so-far", "year"
PAGE = 50


def _year(request: HttpRequest, framework: Framework) -> int:
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        return int(asked)
    return queries.this_year(framework.key, on=timezone.localdate())


def _cycles(framework: Framework, year: int, period: str) -> list[Cycle]:
    """The cycles of a period: one, those that have opened, or the whole year's."""
    found = Cycle.objects.filter(framework_key=framework.key, year=year)
    found = found.select_related("version__framework").defer("version__document").order_by("opens_on")
    if period == WHOLE:
        return list(found)
    if period and period != SO_FAR:
        return list(found.filter(label=period))
    return list(found.filter(opens_on__lte=timezone.localdate()))


@require_safe
@needs(REPORTS)
def show_coverage(request: HttpRequest) -> HttpResponse:
    """What each team owes, was sent and has finished, for a month or the year."""
    if not queries.frameworks():
        return render(request, "programmes/no_framework.html")
    framework, period = framework_of(request), request.GET.get("period", "")
    year = _year(request, framework)
    cycles = _cycles(framework, year, period)
    found = coverage(cycles, reader=person_of(request), on=timezone.localdate())
    found = nameless.covered(found, pack_of(cycles[-1].version)) if cycles else found
    kinds = dict.fromkeys((row.key, row.title) for row in found)
    if kind := request.GET.get("kind", ""):
        found = [row for row in found if row.key == kind]
    every = Cycle.objects.filter(framework_key=framework.key, year=year).order_by("opens_on")
    periods = [(SO_FAR, "The year so far"), (WHOLE, "The whole year"), *every.values_list("label", "title")]
    now = queries.this_year(framework.key, on=timezone.localdate())
    years = {*queries.years_planned(framework.key), now}
    words = words_of(current(framework.key))
    base = {"framework": framework.key, "year": year, "period": period}
    form = PeriodForm(
        {**base, "kind": kind},
        years=sorted(years, reverse=True),
        periods=periods,
        kinds=list(kinds),
        words=words,
    )
    context = {
        "form": form,
        "words": words,
        "framework": framework,
        "table": rows.table(
            "Coverage",
            f"Team or {words['auditor']}|Kind|#Owed|#Sent|#Finished|#Still to finish",
            rows.coverage_rows(found, lambda row, what: _link(base, row, what)),
        ),
        "denominators": denominators(pack_of(cycles[-1].version), cycles, on=timezone.localdate())
        if cycles
        else [],
        "target": sum(row.target for row in found),
        "sent": sum(row.sent for row in found),
        "done": sum(row.done for row in found),
        "exempt": sum(row.exempt for row in found),
    }
    return render(request, "programmes/show_coverage.html", context)


def _link(base: dict, row, what: str) -> str:
    """Where the audits behind a number are listed."""
    query = {**base, "kind": row.key, "what": what}
    query |= {"unit": row.unit.public_id} if row.unit else {}
    query |= {"person": row.person.public_id} if row.person else {}
    return f"{reverse('list_covered_audits')}?{urlencode(query)}"


@require_safe
@needs(REPORTS)
def list_covered_audits(request: HttpRequest) -> HttpResponse:
    """The audits behind one number of coverage, fifty at a time."""
    framework, reader, today = framework_of(request), person_of(request), timezone.localdate()
    cycles = _cycles(framework, _year(request, framework), request.GET.get("period", ""))
    pack = pack_of(cycles[-1].version) if cycles else None
    kind = next((one for one in kinds_of(pack) if one.key == request.GET.get("kind")), None) if pack else None
    if pack is None or kind is None:
        raise Http404
    sight = sight_of(reader, cycles[-1].version, on=today)
    window = window_of(pack, kind, cycles, on=today)
    audits = of_caseload(covered(window.cycles, reader=reader, on=today, types=kind.types), window)
    if kind.per in PEOPLE and pack.report.without_names:
        holder, whose = None, pack.words[f"{kind.per.capitalize()}s"]
        audits = audits.filter(
            **{f"{kind.per}__in": [*sight.people(audits.values_list(kind.per, flat=True))]}
        )
    else:
        holder = _holder(request, kind, sight)
        audits, whose = audits.filter(counting_for(kind, holder, on=today)), str(holder or ORGANISATION)
    if request.GET.get("what") == "done":
        audits = audits.filter(phase__in=DONE)
    page = list(
        audits.filter(number__gt=request.GET.get("after", ""))
        .select_related("unit", "auditor", "version")
        .defer("version__document")
        .order_by("number")[: PAGE + 1]
    )
    mine = Audit.objects.visible_to(reader, on=today).filter(pk__in=[audit.pk for audit in page])
    query = {**request.GET.dict(), "after": page[PAGE - 1].number} if len(page) > PAGE else {}
    context = {
        "unit": whose,
        "without_names": pack.report.without_names,
        "words": words_of(current(framework.key)),
        "finished": request.GET.get("what") == "done",
        "title": kind.title,
        "count": audits.count(),
        "audits": page[:PAGE],
        "openable": set(mine.values_list("pk", flat=True)),
        "next_url": f"?{urlencode(query)}" if query else "",
        "back_url": f"{reverse('show_coverage')}?{_period_query(request)}",
    }
    return render(request, "programmes/list_covered_audits.html", context)


def _holder(request: HttpRequest, kind: Kind, sight: Sight) -> Unit | Person | None:
    """Whose number is opened: a unit's, a person's whom the reader sees, or the whole organisation's."""
    if kind.per == "organisation":
        return None
    if kind.per in PEOPLE:
        person = get_object_or_404(Person, public_id=request.GET.get("person", ""))
        if person.pk not in sight.people([person.pk]):
            raise Http404
        return person
    return get_object_or_404(Unit, public_id=request.GET.get("unit", ""))


def _period_query(request: HttpRequest) -> str:
    return urlencode({name: request.GET.get(name, "") for name in ("framework", "year", "period")})
