"""Reports over a month or longer as page and Word, and every figure down to its audits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.governance.copies import (
    copies_of,
    has_to_sign_off,
    may_be_asked,
    may_sign_off,
    signed_off,
    waits_for_nobody,
)
from goldenthread.ledger.operations import record_read
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period, is_reader, periods_among
from goldenthread.rules.framework import Framework
from goldenthread.web.access import needs, person_of
from goldenthread.web.governance import copy_rows
from goldenthread.web.reporting.over import address, figure_page, in_word, on_page, seen_period

PAGE = 50


@require_safe
@needs("see reports")
def list_reports(request: HttpRequest) -> HttpResponse:
    """The cycles that have been sent, the latest first, and the further reports over them."""
    cycles = (
        Cycle.objects.exclude(sent_at=None).select_related("version__framework").defer("version__document")
    )
    before = request.GET.get("before", "")
    if before:
        cycles = cycles.filter(opens_on__lt=before) if _is_date(before) else cycles.none()
    shown = list(cycles.order_by("-opens_on", "-pk")[: PAGE + 1])
    person, today = person_of(request), timezone.localdate()
    next_url = f"?before={shown[PAGE - 1].opens_on.isoformat()}" if len(shown) > PAGE else ""
    context = {
        "cycles": shown[:PAGE],
        "periods": [one for one in periods_among(shown[:PAGE]) if is_reader(person, one, on=today)],
        "next_url": next_url,
        "with_standards": [
            version.framework for version in newest_versions()[:PAGE] if pack_of(version).standards
        ],
    }
    return render(request, "reporting/list_reports.html", context)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@require_safe
@needs("see reports")
def show_highlights(request: HttpRequest, public_id: str, name: str = "") -> HttpResponse:
    """A cycle's report or a further one; each figure is a link to the audits that it counts."""
    period = seen_period(request, public_id, name)
    record_read(about=_about(period), by=person_of(request), at=timezone.now(), how="report")
    context = on_page(period, reader=person_of(request)) | handed_on(request, period)
    return render(request, "reporting/show_highlights.html", context)


def _role_that_signs(pack: Framework) -> str:
    """The role in whose name a report is signed that names nobody."""
    clock = pack.clocks.get(pack.report.signed_off or "")
    return pack.roles[clock.owed_by].title.lower() if clock and pack.report.without_names else ""


def handed_on(request: HttpRequest, period: Period) -> dict[str, Any]:
    """Whether the report is signed off, who may sign it, and its copies."""
    person, now = person_of(request), timezone.localtime()
    asks = may_be_asked(period, person, on=now.date())
    return {
        "sign_url": address(period, "sign_off_report"),
        "signed": signed_off(period),
        "signed_as": _role_that_signs(period.pack),
        "may_sign": may_sign_off(period, person, on=now.date()),
        "signs_own": period.about == person and has_to_sign_off(period, person, on=now.date()),
        "signs_nobody": waits_for_nobody(period, on=now.date()),
        "ask_url": address(period, "ask_for_report") if asks else "",
        **copy_rows.on_page_of(copies_of(period, person, on=now.date()), now),
    }


@require_safe
@needs("see reports")
def download_highlights(request: HttpRequest, public_id: str, name: str = "") -> HttpResponse:
    """The same report as a Word document."""
    period = seen_period(request, public_id, name)
    record_read(about=_about(period), by=person_of(request), at=timezone.now(), how="report in Word")
    return in_word(period, reader=person_of(request))


@require_safe
@needs("see reports")
def list_figure(request: HttpRequest, public_id: str, name: str = "") -> HttpResponse:
    """The audits behind one figure: what it counts in words, and each of them."""
    period = seen_period(request, public_id, name)
    record_read(about=_about(period), by=person_of(request), at=timezone.now(), how="figure")
    return figure_page(request, period)


def _about(period: Period) -> tuple[str, str]:
    return "cycle", period.last.public_id
