"""The month's report as page and Word, and every figure down to its audits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.frameworks.queries import newest_versions, pack_of, words_of
from goldenthread.governance.copies import copies_of, may_be_asked, may_sign_off
from goldenthread.governance.models import SignOff
from goldenthread.ledger.operations import record_read
from goldenthread.measures.comparisons import cut_by_outcome
from goldenthread.measures.month import month_of
from goldenthread.measures.slices import Slice, audits_of, cut
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import coverage_of
from goldenthread.reporting.blocks import Report
from goldenthread.reporting.definitions import definition
from goldenthread.reporting.follow_up import follow_up_of
from goldenthread.reporting.goals import behind, goals_of
from goldenthread.reporting.highlights import highlights
from goldenthread.reporting.moderated import agreement_of
from goldenthread.reporting.word import word_of
from goldenthread.rules.equivalence import best_answers
from goldenthread.rules.forms import Question
from goldenthread.rules.framework import Framework
from goldenthread.web.access import needs, person_of
from goldenthread.web.governance import copy_rows
from goldenthread.web.reporting.behind import audits_behind
from goldenthread.web.reporting.linked import linked

PAGE = 50
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@needs("see reports")
def list_reports(request: HttpRequest) -> HttpResponse:
    """The cycles that have been sent, the latest first."""
    cycles = Cycle.objects.exclude(sent_at=None).select_related("version__framework")
    before = request.GET.get("before", "")
    if before:
        cycles = cycles.filter(opens_on__lt=before) if _is_date(before) else cycles.none()
    shown = list(cycles.order_by("-opens_on", "-pk")[: PAGE + 1])
    next_url = f"?before={shown[PAGE - 1].opens_on.isoformat()}" if len(shown) > PAGE else ""
    context = {
        "cycles": shown[:PAGE],
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
def show_highlights(request: HttpRequest, public_id: str) -> HttpResponse:
    """The month's highlight report; each figure is a link to the audits that it counts."""
    cycle = _cycle(public_id)
    record_read(about=("cycle", cycle.public_id), by=person_of(request), at=timezone.now(), how="report")
    report = linked(_report(request, cycle), figures=reverse("list_figure", args=[cycle.public_id]))
    context = {"cycle": cycle, "words": words_of(cycle.version), "report": report}
    return render(request, "reporting/show_highlights.html", context | _handed_on(request, cycle))


def _role_that_signs(pack: Framework) -> str:
    """The role in whose name a report is signed that names nobody."""
    clock = pack.clocks.get(pack.report.signed_off or "")
    return pack.roles[clock.owed_by].title.lower() if clock and pack.report.without_names else ""


def _handed_on(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    """Whether the report is signed off, who may sign it, and its copies."""
    person, now = person_of(request), timezone.localtime()
    asks = may_be_asked(cycle, person, on=now.date())
    return {
        "signed": SignOff.objects.filter(cycle=cycle).select_related("signed_by").first(),
        "signed_as": _role_that_signs(pack_of(cycle.version)),
        "may_sign": may_sign_off(cycle, person, on=now.date()),
        "ask_url": reverse("ask_for_report", args=[cycle.public_id]) if asks else "",
        **copy_rows.on_page_of(copies_of(cycle, person, on=now.date()), now),
    }


@require_safe
@needs("see reports")
def download_highlights(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same report as a Word document."""
    cycle = _cycle(public_id)
    record_read(
        about=("cycle", cycle.public_id), by=person_of(request), at=timezone.now(), how="report in Word"
    )
    answer = HttpResponse(word_of(_report(request, cycle)), content_type=WORD)
    answer["Content-Disposition"] = f'attachment; filename="highlights-{cycle.label}.docx"'
    return answer


@require_safe
@needs("see reports")
def list_figure(request: HttpRequest, public_id: str) -> HttpResponse:
    """The audits behind one figure: what it counts in words, and each of them."""
    cycle, today = _cycle(public_id), timezone.localdate()
    pack, piece = pack_of(cycle.version), Slice.from_query(request.GET.dict())
    scale = pack.scale_of(piece.audit_type) if piece.audit_type in pack.audit_types else None
    reader = person_of(request)
    if piece.goal in pack.goals:
        came_to_it = bool(piece.came_to)
        audits = behind(cycle, piece.goal, came_to_it=came_to_it, reader=reader, at=timezone.localtime())
    else:
        audits = audits_of(cycle, reader=reader, on=today)
        question = _question(pack, piece)
        best, leaves = (best_answers(question), question.leaves_score) if question else ([], ())
        audits = cut(audits, piece, today=today, scale=scale, best=best, leaves=leaves)
        audits = cut_by_outcome(audits, piece, reader=reader, on=today)
    return render(
        request,
        "reporting/list_figure.html",
        {
            "cycle": cycle,
            "words": pack.words,
            "definition": definition(piece, pack, cycle.title),
            **audits_behind(request, audits, pack=pack, said=piece.as_query()),
        },
    )


def _question(pack: Framework, piece: Slice) -> Question | None:
    """The question whose answers a figure counts, if it counts any."""
    form = pack.form_of(piece.audit_type) if piece.audit_type in pack.audit_types else None
    return form.question(piece.question) if form else None


def _cycle(public_id: str) -> Cycle:
    sent = Cycle.objects.exclude(sent_at=None).select_related("version__framework")
    return get_object_or_404(sent, public_id=public_id)


def _report(request: HttpRequest, cycle: Cycle) -> Report:
    now, reader = timezone.localtime(), person_of(request)
    today = now.date()
    month = month_of(cycle, reader=reader, today=today)
    followed = follow_up_of(cycle, reader=reader, at=now)
    is_told = "moderation" in month.pack.report.parts
    agreed = agreement_of(cycle.version, reader=reader, on=today) if is_told else []
    reached = goals_of(cycle, reader=reader, at=now)
    return highlights(month, coverage_of(cycle, reader=reader, on=today), followed, agreed, reached, on=today)
