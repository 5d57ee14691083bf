"""Reports about one person: for that person, and for those whose post lets them see the audits."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.ledger.operations import record_read
from goldenthread.measures.slices import people_reported
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period, periods_among
from goldenthread.rules.reports import ALL
from goldenthread.web.access import person_of
from goldenthread.web.reporting.over import (
    address,
    figure_page,
    in_word,
    on_page,
    period_about_people,
    seen_about,
)
from goldenthread.web.reporting.views import handed_on

MOST_CYCLES = 60
MOST_PERIODS = 12
PAGE = 50


@require_safe
def list_person_reports(request: HttpRequest) -> HttpResponse:
    """The latest periods over which the signed-in person may read a report about somebody."""
    person, today = person_of(request), timezone.localdate()
    cycles = Cycle.objects.exclude(sent_at=None).select_related("version").defer("version__document")
    sent = cycles.order_by("-closes_on", "-pk")
    about = [one for one in periods_among(sent[:MOST_CYCLES]) if one.rule and one.rule.about != ALL]
    found = [one for one in about[:MOST_PERIODS] if people_reported(one, reader=person, on=today).exists()]
    return render(request, "reporting/list_person_reports.html", {"periods": found})


@require_safe
def list_people_reported(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """The people about whom the signed-in person may read this report."""
    period = period_about_people(public_id, name)
    people = people_reported(period, reader=person_of(request), on=timezone.localdate())
    if not people.exists():
        raise Http404
    place = people.filter(public_id=request.GET.get("after", "")).first()
    if place is not None:
        people = people.filter(Q(name__gt=place.name) | Q(name=place.name, pk__gt=place.pk))
    rows = list(people.order_by("name", "pk")[: PAGE + 1])
    context = {
        "period": period,
        "words": period.pack.words,
        "people": [(one.name, address(period.of(one), "show_highlights")) for one in rows[:PAGE]],
        "next_url": f"?after={rows[PAGE - 1].public_id}" if len(rows) > PAGE else "",
    }
    return render(request, "reporting/list_people_reported.html", context)


@require_safe
def show_person_report(request: HttpRequest, public_id: str, name: str, person_id: str) -> HttpResponse:
    """The report about one person, of what the signed-in person may read."""
    period = _about(request, public_id, name, person_id, how="report")
    context = on_page(period, reader=person_of(request)) | handed_on(request, period)
    return render(request, "reporting/show_highlights.html", context)


@require_safe
def download_person_report(request: HttpRequest, public_id: str, name: str, person_id: str) -> HttpResponse:
    """The same as a Word document."""
    period = _about(request, public_id, name, person_id, how="report in Word")
    return in_word(period, reader=person_of(request))


@require_safe
def list_person_figure(request: HttpRequest, public_id: str, name: str, person_id: str) -> HttpResponse:
    """The audits behind one figure of it."""
    return figure_page(request, _about(request, public_id, name, person_id, how="figure"))


def _about(request: HttpRequest, public_id: str, name: str, person_id: str, *, how: str) -> Period:
    """What the report about a person is over, where the signed-in person may read it; the read is noted."""
    period = seen_about(request, public_id, name, person_id)
    about = ("person", person_id)
    record_read(about=about, by=person_of(request), at=timezone.now(), how=how)
    return period
