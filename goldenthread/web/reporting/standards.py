"""What audits say of each standard, by whose expectations it answers; every figure down to its audits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from goldenthread.frameworks.models import Framework
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.ledger.operations import record_read
from goldenthread.measures.standards import (
    Span,
    StandardRow,
    audits_in,
    kinds_with_standards,
    standards_of,
    that_say,
)
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.proportions import describe
from goldenthread.rules.standards import IN_PART, MET, MISSED, OUTCOMES
from goldenthread.web.access import needs, person_of
from goldenthread.web.reporting.behind import audits_behind
from goldenthread.web.tables import Table, number, numeric

YEAR = timedelta(days=365)
DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class SpanForm(forms.Form):
    """Which kind of audit, finished between which days, for which reader."""

    kind = forms.ChoiceField(label="Kind")
    first = forms.DateField(label="Finished from", input_formats=DAYS)
    last = forms.DateField(label="Finished to", input_formats=DAYS)
    scheme = forms.ChoiceField(label="Arranged by the expectations of", required=False)

    def __init__(self, data: Any, *, pack: Pack, today: date) -> None:
        kinds = kinds_with_standards(pack)
        defaults = {
            "kind": next(iter(kinds), ""),
            "first": f"{today - YEAR:%d/%m/%Y}",
            "last": f"{today:%d/%m/%Y}",
            "scheme": "",
        }
        super().__init__({name: data.get(name) or value for name, value in defaults.items()})
        self.choices_of("kind", kinds)
        self.choices_of(
            "scheme", {"": "No one: every standard once"} | {n: s.title for n, s in pack.schemes.items()}
        )
        self.pack = pack

    def choices_of(self, name: str, choices: dict[str, str]) -> None:
        """Offer these choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items())

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        said = super().clean() or {}
        if said.get("first") and said.get("last") and said["first"] > said["last"]:
            self.add_error("last", "The last day is before the first; change one of them.")
        return said


@require_safe
@needs("see reports")
def show_standards(request: HttpRequest, public_id: str) -> HttpResponse:
    """The standards of a framework as the finished audits of one kind saw them."""
    framework, pack = _framework(public_id)
    form = SpanForm(request.GET, pack=pack, today=timezone.localdate())
    context: dict[str, Any] = {"framework": framework, "words": pack.words, "form": form, "pack": pack}
    if pack.standards and form.is_valid():
        reader, today = person_of(request), timezone.localdate()
        span = _span(framework, form)
        rows = standards_of(span, reader=reader, on=today)
        context["tables"] = _tables(pack, form.cleaned_data["scheme"], rows, _address(framework, form))
        context["unanswered"] = _unanswered(pack, form.cleaned_data["scheme"], rows)
        context["changed"] = [row.standard.title for row in rows if row.changed]
        context["count"] = audits_in(span, reader=reader, on=today).count()
        about = ("framework", framework.public_id)
        record_read(about=about, by=reader, at=timezone.now(), how="standards")
    return render(request, "reporting/show_standards.html", context)


@require_safe
@needs("see reports")
def list_standard_audits(request: HttpRequest, public_id: str) -> HttpResponse:
    """The audits behind one figure of a standard."""
    framework, pack = _framework(public_id)
    form, said = SpanForm(request.GET, pack=pack, today=timezone.localdate()), request.GET
    standard, outcome = pack.standards.get(said.get("standard", "")), said.get("outcome", "")
    if standard is None or outcome not in OUTCOMES or not form.is_valid():
        return redirect("show_standards", framework.public_id)
    reader, today, span = person_of(request), timezone.localdate(), _span(framework, form)
    record_read(about=("framework", framework.public_id), by=reader, at=timezone.now(), how="figure")
    audits = that_say(audits_in(span, reader=reader, on=today), said["standard"], outcome, span=span)
    return render(
        request,
        "reporting/list_standard_audits.html",
        {
            "framework": framework,
            "words": pack.words,
            "definition": (
                f"{pack.audit_types[span.audit_type].title}, finished from {span.first:%-d %B %Y} "
                f"to {span.last:%-d %B %Y}, in which “{standard.title}” was {outcome}."
            ),
            **audits_behind(request, audits, pack=pack, said=said.dict()),
        },
    )


def _framework(public_id: str) -> tuple[Framework, Pack]:
    framework = get_object_or_404(Framework, public_id=public_id)
    return framework, pack_of(current(framework.key))


def _span(framework: Framework, form: SpanForm) -> Span:
    said = form.cleaned_data
    return Span(framework, said["kind"], said["first"], said["last"])


def _address(framework: Framework, form: SpanForm) -> str:
    said = form.cleaned_data
    page = reverse("list_standard_audits", args=[framework.public_id])
    days = {name: f"{said[name]:%d/%m/%Y}" for name in ("first", "last")}
    return f"{page}?{urlencode({'kind': said['kind'], **days})}"


def _tables(pack: Pack, scheme: str, rows: list[StandardRow], address: str) -> list[Table]:
    """One table of every standard, or one for each expectation of a scheme."""
    head = ["Standard", numeric("Met"), numeric("In part"), numeric("Missed"), numeric("Share met")]
    if not scheme:
        return [
            Table(
                "Standards", head, [_cells(row, address) for row in rows], "No standard is asked about.", True
            )
        ]
    answering = {
        words: [row for row in rows if _answers(row, scheme, key)]
        for key, words in pack.schemes[scheme].expectations.items()
    }
    return [
        Table(words, head, [_cells(row, address) for row in found])
        for words, found in answering.items()
        if found
    ]


def _unanswered(pack: Pack, scheme: str, rows: list[StandardRow]) -> list[str]:
    """The expectations of a scheme to which this kind of audit says nothing."""
    if not scheme:
        return []
    expected = pack.schemes[scheme].expectations
    return [words for key, words in expected.items() if not any(_answers(row, scheme, key) for row in rows)]


def _answers(row: StandardRow, scheme: str, expectation: str) -> bool:
    return any(one.scheme == scheme and expectation in one.expectations for one in row.standard.answers)


def _cells(row: StandardRow, address: str) -> list[Any]:
    def figure(count: int, outcome: str) -> dict[str, Any]:
        url = f"{address}&{urlencode({'standard': row.key, 'outcome': outcome})}" if count else ""
        return number(count) | {"url": url}

    hint = "Non-negotiable" if row.standard.non_negotiable else ""
    return [
        {"text": row.standard.title, "hint": hint},
        figure(row.met, MET),
        figure(row.in_part, IN_PART),
        figure(row.missed, MISSED),
        {"text": _share(row), "numeric": True},
    ]


def _share(row: StandardRow) -> str:
    return describe(row.met, row.judged) if row.judged else "No audit says yet"
