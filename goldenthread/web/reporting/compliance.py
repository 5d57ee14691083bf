"""The year's compliance so far as page and spreadsheet, down to its audits; the month's spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.ledger.operations import record_read
from goldenthread.measures.compliance import (
    BY,
    COUNTED,
    ComplianceRow,
    audits_owed,
    compliance,
    counted,
    counted_as,
    counted_by_all,
    cycles_so_far,
    held_by,
    total,
)
from goldenthread.measures.month import month_of
from goldenthread.measures.score_trends import scores_of, year_of_scores
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries import coverage
from goldenthread.programmes.queries import year as years
from goldenthread.programmes.queries.periods import own_period
from goldenthread.programmes.queries.sights import sight_of
from goldenthread.reporting import nameless
from goldenthread.reporting.sheets import (
    COLUMNS,
    MEANINGS,
    compliance_numbers,
    compliance_workbook,
    month_workbook,
)
from goldenthread.reporting.workbooks import Workbook, xlsx_of
from goldenthread.rules.proportions import describe
from goldenthread.web.access import needs, person_of
from goldenthread.web.reporting.behind import audits_behind
from goldenthread.web.reporting.score_tables import score_changes, score_table
from goldenthread.web.tables import Table, numeric

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 50


class YearForm(forms.Form):
    """Which framework's year, and by whom it is told."""

    framework = forms.ChoiceField(label="Framework", required=False)
    year = forms.ChoiceField(label="Year that began in", required=False)
    by = forms.ChoiceField(label="Show by", required=False)

    def choices_of(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer these choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class _Asked:
    """What the address asks for: a framework's year, by whom, and what its reader may see of it."""

    def __init__(self, request: HttpRequest, versions: Iterable[Version]) -> None:
        newest = {version.framework.key: version for version in versions}
        found = newest.get(request.GET.get("framework", "")) or next(iter(newest.values()), None)
        if found is None:
            raise Http404
        self.frameworks = [version.framework for version in newest.values()]
        self.version: Version = found
        self.framework: Framework = found.framework
        self.pack = pack_of(found)
        self.now = timezone.localtime()
        self.today = self.now.date()
        self.reader = person_of(request)
        now = years.this_year(self.framework.key, on=self.today)
        self.years = sorted({*years.years_planned(self.framework.key), now}, reverse=True)
        asked = request.GET.get("year", "")
        self.year = next((year for year in self.years if str(year) == asked), now)
        self.by = request.GET.get("by", "") if request.GET.get("by", "") in BY else "team"
        self.cycles = cycles_so_far(self.framework.key, self.year, on=self.today)
        self.audits = audits_owed(self.cycles, reader=self.reader, on=self.today)
        version = self.cycles[-1].version if self.cycles else found
        self.sight = sight_of(self.reader, version, on=self.today)

    @property
    def query(self) -> dict[str, Any]:
        return {"framework": self.framework.key, "year": self.year, "by": self.by}

    @property
    def on_page(self) -> dict[str, Any]:
        """What every page about the year says."""
        return {"framework": self.framework, "year": self.year, "words": self.pack.words}

    def address(self, name: str) -> str:
        """Where another page tells of the same year."""
        return f"{reverse(name)}?{urlencode(self.query)}"

    @property
    def scores(self) -> bool:
        """Whether the framework reckons a score of some kind of audit."""
        return any(scores_of(self.pack, key) for key in self.pack.audit_types)

    @property
    def heads(self) -> dict[str, str]:
        """What each way of telling it is called."""
        return {"auditor": self.pack.words["Auditor"], "team": "Team", "service": "Service"}

    def form(self) -> YearForm:
        form = YearForm(self.query)
        form.choices_of("framework", [(one.key, one.title) for one in self.frameworks])
        form.choices_of("year", [(str(year), str(year)) for year in self.years])
        form.choices_of("by", list(self.heads.items()))
        return form

    def note_read(self, how: str) -> None:
        about = ("framework", self.framework.public_id)
        record_read(about=about, by=self.reader, at=timezone.now(), how=how)


@require_safe
@needs("see reports")
def show_compliance(request: HttpRequest) -> HttpResponse:
    """Who owed audits in the year so far, and what came of them."""
    versions = newest_versions()
    if not versions:
        return render(request, "programmes/no_framework.html")
    asked = _Asked(request, versions)
    asked.note_read("compliance")
    counts = counted(asked.audits, asked.by, today=asked.today)
    rows = nameless.complied(compliance(counts, asked.by, sight=asked.sight), asked.by, asked.pack)
    start = _start(request)
    words, whole = asked.pack.words, total(counts)
    further = urlencode({**asked.query, "start": start + PAGE}) if len(rows) > start + PAGE else ""
    listed = asked.address("list_compliance")
    table = Table(
        f"Compliance by {words['auditor'] if asked.by == 'auditor' else asked.by}",
        [asked.heads[asked.by], *(numeric(word.capitalize()) for word in COLUMNS), "On time of those due"],
        [_row(row, listed) for row in rows[start : start + PAGE]],
        "Nothing was owed in this year so far by teams whose reports you see.",
    )
    context = {
        **asked.on_page,
        "form": asked.form(),
        "table": table,
        "whole": [(word, whole[word]) for word in COUNTED],
        "share": describe(whole["on time"], whole["owed"] - whole["in hand"]),
        "meanings": [(word.capitalize(), said.format_map(words)) for word, said in MEANINGS.items()],
        "scores_url": asked.address("show_year_of_scores") if asked.scores else "",
        "next_url": f"?{further}" if further else "",
        "previous_url": f"?{urlencode(asked.query)}" if start else "",
        "sheet_url": asked.address("download_compliance"),
    }
    return render(request, "reporting/show_compliance.html", context)


@require_safe
@needs("see reports")
def show_year_of_scores(request: HttpRequest) -> HttpResponse:
    """The scores of the year so far, kind by kind and cycle by cycle."""
    versions = newest_versions()
    if not versions:
        return render(request, "programmes/no_framework.html")
    asked = _Asked(request, versions)
    asked.note_read("scores of the year")
    context = {
        **asked.on_page,
        "scores": [
            (score_table(found, asked.pack, f"{kind}: {found.title}"), score_changes(found))
            for kind, found in year_of_scores(asked.pack, asked.cycles, asked.audits)
        ],
        "back_url": asked.address("show_compliance"),
        "sheet_url": asked.address("download_compliance"),
    }
    return render(request, "reporting/show_year_of_scores.html", context)


def _start(request: HttpRequest) -> int:
    asked = request.GET.get("start", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def _row(row: ComplianceRow, listed: str) -> list[dict[str, Any]]:
    """A row of the table; `listed` is where the audits behind its numbers are, without which of them."""
    holder = {"holder": row.holder.public_id} if row.holder else {}
    cells = [
        {
            "text": number,
            "numeric": True,
            "url": f"{listed}&{urlencode({'what': word, **holder})}" if number and word != "due" else "",
        }
        for word, number in zip(COLUMNS, compliance_numbers(row), strict=True)
    ]
    return [{"text": row.name}, *cells, {"text": describe(row.counts["on time"], row.due)}]


@require_safe
@needs("see reports")
def list_compliance(request: HttpRequest) -> HttpResponse:
    """The audits behind one number of compliance, fifty at a time."""
    asked, what = _Asked(request, newest_versions()), request.GET.get("what", "")
    what = what if what in COUNTED else "owed"
    found = asked.audits.filter(counted_as(what, today=asked.today))
    asked.note_read("figure")
    query, holder = {**asked.query, "what": what}, None
    if public_id := request.GET.get("holder", ""):
        holder = _holder(asked, public_id)
        found = found.filter(held_by(asked.by, holder, on=asked.today))
        query["holder"] = public_id
    context = {
        **asked.on_page,
        "holder": holder,
        "what": what,
        "meaning": MEANINGS[what].format_map(asked.pack.words),
        "back_url": asked.address("show_compliance"),
        **audits_behind(request, found, pack=asked.pack, said=query),
    }
    return render(request, "reporting/list_compliance.html", context)


def _holder(asked: _Asked, public_id: str) -> Person | Unit:
    """Whose number is opened: somebody with an audit that the reader sees, so that no other is named.

    No auditor's, where the framework has its reports name nobody.
    """
    holder: Person | Unit
    if asked.by == "auditor" and asked.pack.report.without_names:
        raise Http404
    if asked.by == "auditor":
        holder = get_object_or_404(Person, public_id=public_id)
    else:
        holder = get_object_or_404(Unit, public_id=public_id)
    if not asked.audits.filter(held_by(asked.by, holder, on=asked.today)).exists():
        raise Http404
    return holder


@require_safe
@needs("see reports")
def download_compliance(request: HttpRequest) -> HttpResponse:
    """The year so far as a spreadsheet: by auditor, by team, by service."""
    asked = _Asked(request, newest_versions())
    asked.note_read("compliance spreadsheet")
    counts = counted_by_all(asked.audits, today=asked.today)
    workbook = compliance_workbook(
        asked.pack,
        asked.cycles,
        {by: compliance(counts[by], by, sight=asked.sight) for by in BY},
        coverage(asked.cycles, reader=asked.reader, on=asked.today),
        year=asked.year,
        reader=asked.reader,
        at=asked.now,
        scores=year_of_scores(asked.pack, asked.cycles, asked.audits),
    )
    return _file(workbook, f"compliance-{asked.year}-so-far", asked.now)


@require_safe
@needs("see reports")
def download_month(request: HttpRequest, public_id: str) -> HttpResponse:
    """The month's audits as a spreadsheet."""
    sent = Cycle.objects.exclude(sent_at=None).select_related("version__framework").defer("version__document")
    cycle = get_object_or_404(sent, public_id=public_id)
    now, reader = timezone.localtime(), person_of(request)
    record_read(about=("cycle", cycle.public_id), by=reader, at=timezone.now(), how="spreadsheet")
    month = month_of(own_period(cycle), reader=reader, today=now.date())
    return _file(month_workbook(month, reader=reader, at=now), f"audits-{cycle.label}", now)


def _file(workbook: Workbook, name: str, at: datetime) -> HttpResponse:
    answer = HttpResponse(xlsx_of(workbook, at=at), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
