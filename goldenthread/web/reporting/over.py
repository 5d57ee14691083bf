"""A report over a period for one reader: as a page, as a Word document, and the audits behind a figure."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.comparisons import cut_by_outcome
from goldenthread.measures.month import month_of
from goldenthread.measures.slices import Slice, audits_of, cut, people_reported
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import coverage
from goldenthread.programmes.queries.periods import Period, is_reader, period_before, period_of
from goldenthread.reporting.blocks import Report
from goldenthread.reporting.breakdowns import tells
from goldenthread.reporting.definitions import definition
from goldenthread.reporting.follow_up import follow_up_of
from goldenthread.reporting.goals import behind, goals_of
from goldenthread.reporting.highlights import highlights
from goldenthread.reporting.moderated import agreement_of
from goldenthread.reporting.word import word_of
from goldenthread.rules.equivalence import best_answers
from goldenthread.rules.forms import Question
from goldenthread.rules.framework import Framework
from goldenthread.rules.reports import ALL
from goldenthread.web.access import person_of
from goldenthread.web.reporting.behind import audits_behind
from goldenthread.web.reporting.linked import linked

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FURTHER = {
    "show_highlights": "show_further_report",
    "download_highlights": "download_further_report",
    "list_figure": "list_further_figure",
    "ask_for_report": "ask_for_further_report",
    "sign_off_report": "sign_off_further_report",
}
"""The pages of a cycle's own report, and those of a further one."""
ABOUT_A_PERSON = {
    "show_highlights": "show_person_report",
    "download_highlights": "download_person_report",
    "list_figure": "list_person_figure",
    "ask_for_report": "ask_for_person_report",
    "sign_off_report": "sign_off_person_report",
}


def address(period: Period, page: str) -> str:
    """Where a page of the report is."""
    known = [period.last.public_id, *([period.name] if period.name else [])]
    if period.about is not None:
        return reverse(ABOUT_A_PERSON[page], args=[*known, period.about.public_id])
    return reverse(FURTHER[page] if period.name else page, args=known)


def seen_period(request: HttpRequest, public_id: str, name: str) -> Period:
    """What a report about all is over, for those for whom it is meant."""
    sent = Cycle.objects.exclude(sent_at=None).select_related("version__framework").defer("version__document")
    found = period_of(get_object_or_404(sent, public_id=public_id), name)
    if found is None or not is_reader(person_of(request), found, on=timezone.localdate()):
        raise Http404
    return found


def seen_about(request: HttpRequest, public_id: str, name: str, person_id: str) -> Period:
    """What the report about a person is over, where the signed-in person may read it."""
    period, reader = period_about_people(public_id, name), person_of(request)
    people = people_reported(period, reader=reader, on=timezone.localdate())
    return period.of(get_object_or_404(people, public_id=person_id))


def period_about_people(public_id: str, name: str) -> Period:
    """What a report about one person at a time is over, whoever that is."""
    sent = Cycle.objects.exclude(sent_at=None).select_related("version__framework").defer("version__document")
    period = period_of(get_object_or_404(sent, public_id=public_id), name)
    if period is None or period.rule is None or period.rule.about == ALL:
        raise Http404
    return period


def report_over(period: Period, *, reader: Person) -> Report:
    """The report as it stands now, of what the reader may see."""
    now, parts = timezone.localtime(), period.pack.report.parts
    month = month_of(period, reader=reader, today=now.date())
    followed = follow_up_of(period, reader=reader, at=now)
    span = (period.opens_on, period.closes_on) if len(period.cycles) > 1 else None
    agreed = (
        agreement_of(period.version, reader=reader, on=now.date(), span=span) if "moderation" in parts else []
    )
    reached = goals_of(period, reader=reader, at=now) if "goals" in parts else []
    covered = coverage(period.cycles, reader=reader, on=now.date()) if "coverage" in parts else []
    before = period_before(period) if "before" in parts else None
    earlier = month_of(before, reader=reader, today=now.date()) if before else None
    return highlights(month, covered, followed, agreed, reached, on=now.date(), earlier=earlier)


def on_page(period: Period, *, reader: Person) -> dict[str, Any]:
    """What the page of a report shows: its figures as links to what they count, and where its file is."""
    return {
        "period": period,
        "cycle": period.last,
        "words": period.pack.words,
        "report": linked(report_over(period, reader=reader), figures=address(period, "list_figure")),
        "word_url": address(period, "download_highlights"),
    }


def in_word(period: Period, *, reader: Person) -> HttpResponse:
    """The report as a Word document to download."""
    answer = HttpResponse(word_of(report_over(period, reader=reader)), content_type=WORD)
    name = re.sub(r"[^A-Za-z0-9]+", "-", period.name) if period.name else "highlights"
    label = period.title.replace(" ", "-") if period.name else period.last.label
    answer["Content-Disposition"] = f'attachment; filename="{name}-{label}.docx"'
    return answer


def figure_page(request: HttpRequest, period: Period) -> HttpResponse:
    """What a figure counts in words, and each of its audits.

    An address asks for nothing by which the report does not tell audits apart, and for no question without a
    best answer, since no figure counts one. Where small numbers are not shown, only the audits that the
    reader may open are listed, so that no address says how many there are.
    """
    piece, reader = Slice.from_query(request.GET.dict()), person_of(request)
    over = period_before(period) if piece.before else period
    if over is None or not tells(period.pack.report, piece):
        raise Http404
    pack = _as_it_read(over, piece)
    if piece.question and not _best(_question(pack, piece)):
        raise Http404
    audits = _behind(over, pack, piece, reader)
    if period.fewest:
        audits = audits.filter(pk__in=Audit.objects.visible_to(reader, on=timezone.localdate()).values("pk"))
    context = {
        "report_url": address(period, "show_highlights"),
        "words": pack.words,
        "definition": definition(piece, pack, over.title),
        "only_openable": bool(period.fewest),
        **audits_behind(request, audits, pack=pack, said=piece.as_query()),
    }
    return render(request, "reporting/list_figure.html", context)


def _behind(period: Period, pack: Framework, piece: Slice, reader: Person) -> AuditQuerySet:
    now = timezone.localtime()
    if piece.goal in pack.goals:
        came = bool(piece.came_to)
        return behind(period, piece.goal, came_to_it=came, unit=piece.unit, reader=reader, at=now)
    scale = pack.scale_of(piece.audit_type) if piece.audit_type in pack.audit_types else None
    question = _question(pack, piece)
    best, leaves = _best(question), question.leaves_score if question else ()
    audits = audits_of(period, reader=reader, on=now.date())
    audits = cut(audits, piece, today=now.date(), scale=scale, best=best, leaves=leaves)
    return cut_by_outcome(audits, piece, reader=reader, on=now.date())


def _best(question: Question | None) -> list[str]:
    return best_answers(question) if question else []


def _question(pack: Framework, piece: Slice) -> Question | None:
    """The question whose answers a figure counts, if it counts any."""
    form = pack.form_of(piece.audit_type) if piece.audit_type in pack.audit_types else None
    return form.question(piece.question) if form else None


def _as_it_read(period: Period, piece: Slice) -> Framework:
    """The framework as it read when what is counted was measured; for a report its own rule."""
    versions = [one.version for one in period.cycles if str(one.version.number) in piece.versions.split("-")]
    if not versions:
        return period.pack
    newest = max(versions, key=lambda one: one.number)
    return pack_of(newest).model_copy(update={"report": period.pack.report})
