"""Keeping and removing records: what is due, what is held, the removal, and legal holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.governance import operations
from goldenthread.governance.models import KEEPS, LegalHold, kept_by
from goldenthread.governance.queries import Due, overview
from goldenthread.ledger.operations import record_read
from goldenthread.rules.refusal import Refused
from goldenthread.rules.retention import sentence
from goldenthread.web.access import needs, person_of
from goldenthread.web.governance.forms import HoldForm, LiftForm, RemoveForm
from goldenthread.web.tables import Table, link_words

PAGE = 50
"""How many are listed, and removed at once."""
HOLD = "legal hold"
"""What the read log calls one."""


@require_safe
@needs(KEEPS)
def show_retention(request: HttpRequest) -> HttpResponse:
    """What is due to be removed now, what is kept by something, what becomes due, and the holds."""
    record_read(about=(HOLD, ""), by=person_of(request), at=timezone.now(), how="list")
    return render(request, "governance/show_retention.html", _context(request))


@require_http_methods(["GET", "POST"])
@needs(KEEPS)
def remove_words(request: HttpRequest) -> HttpResponse:
    """Remove the words of what is due and listed, after a word that somebody has read the list."""
    form = RemoveForm(request.POST or None)
    context = _context(request)
    if request.method == "POST" and form.is_valid():
        shown = set(request.POST.getlist("audit"))
        listed = [one.audit for one in context["listed"] if one.audit.public_id in shown]
        removed = operations.blank_each(listed, by=person_of(request), at=timezone.localtime())
        messages.success(request, f"The words of {removed} were removed.")
        return redirect("show_retention")
    return render(request, "governance/remove_words.html", {**context, "form": form})


@require_http_methods(["GET", "POST"])
@needs(KEEPS)
def hold_audit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep one audit, whatever its retention says."""
    audit = get_object_or_404(_kept(request), public_id=public_id)
    return _hold(request, audit, audit.number)


@require_http_methods(["GET", "POST"])
@needs(KEEPS)
def hold_subject(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep all audits of one subject."""
    among = Subject.objects.filter(pk__in=_kept(request).order_by().values("subject"))
    subject = get_object_or_404(among, public_id=public_id)
    return _hold(request, subject, subject.shown)


@require_http_methods(["GET", "POST"])
@needs(KEEPS)
def lift_hold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lift a legal hold, with the reason."""
    person, at = person_of(request), timezone.localtime()
    hold = get_object_or_404(_holds(request), public_id=public_id)
    form = LiftForm(request.POST or None)
    record_read(about=(HOLD, hold.public_id), by=person, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            operations.lift_legal_hold(hold, because=form.cleaned_data["because"], by=person, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The hold is lifted.")
            return redirect("show_retention")
    return render(request, "governance/lift_hold.html", {"form": form, "hold": hold})


def _hold(request: HttpRequest, of: Audit | Subject, named: str) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.place_legal_hold(
                of, why=form.cleaned_data["because"], by=person_of(request), at=timezone.localtime()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{named} is held.")
            return redirect("show_retention")
    context: dict[str, Any] = {"form": form, "named": named}
    if isinstance(of, Audit):
        context |= {"audit": of, "words": words_of(of.version)}
    return render(request, "governance/hold.html", context)


def _kept(request: HttpRequest) -> Any:
    return kept_by(person_of(request), on=timezone.localdate())


def _holds(request: HttpRequest) -> Any:
    seen = LegalHold.objects.standing().visible_to(person_of(request), on=timezone.localdate())
    return seen.select_related("audit", "subject", "placed_by").order_by("-pk")


def _context(request: HttpRequest) -> dict[str, Any]:
    """The lists, each from the place that the address asks for; what is removed is what is shown as due."""
    found = overview(_kept(request), on=timezone.localdate())
    due = _part(request, "due", found.due)
    held, soon = _part(request, "held", found.held), _part(request, "soon", found.soon)
    holds = _part(request, "holds", list(_holds(request)))
    return {
        "listed": due.rows,
        "due": _table("Due to be removed", due.rows, "Nothing is due to be removed."),
        "held": _table("Due, and kept", held.rows, "Nothing that is due is kept by anything."),
        "soon": _table("Due within a year", soon.rows, "Nothing becomes due within a year."),
        "holds": Table(
            "Legal holds",
            ["On", "Why", "By", "Since", "Lift"],
            [_hold_cells(hold) for hold in holds.rows],
            "There is no legal hold.",
        ),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "parts": {"due": due, "held": held, "holds": holds, "soon": soon},
    }


@dataclass(frozen=True)
class Part:
    """What of a long list is shown, where the rest is, and in words which part this is."""

    rows: list[Any]
    said: str
    previous_url: str
    next_url: str


def _part(request: HttpRequest, name: str, found: list[Any]) -> Part:
    """The part of a list that begins where the address says; one that is not there is the first."""
    asked = request.GET.get(name, "")
    start = int(asked[:9]) if asked.isascii() and asked.isdecimal() else 0
    start = start if start < len(found) else 0
    shown, after = found[start : start + PAGE], start + PAGE
    said = f"{start + 1} to {start + len(shown)} of {len(found)} are shown." if len(found) > PAGE else ""
    return Part(
        shown,
        said,
        _address(request, name, max(0, start - PAGE)) if start else "",
        _address(request, name, after) if after < len(found) else "",
    )


def _address(request: HttpRequest, name: str, start: int) -> str:
    """This page with one list from another place, and the others where they are."""
    asked = request.GET.copy()
    asked[name] = str(start)
    return f"?{asked.urlencode()}"


def _table(caption: str, rows: list[Due], empty: str) -> Table:
    return Table(caption, ["Number", "Kind", "Keep ended", "Why"], [_cells(one) for one in rows], empty)


def _cells(one: Due) -> list[Any]:
    kind = pack_of(one.audit.version).audit_types[one.audit.audit_type].title
    return [
        one.audit.number,
        kind,
        f"{one.on:%-d %B %Y}",
        {"text": one.kept_by or sentence(one.rule), "hint": "" if one.kept_by else one.rule.because},
    ]


def _hold_cells(hold: LegalHold) -> list[Any]:
    named = hold.audit.number if hold.audit else str(hold.subject)
    since = timezone.localtime(hold.placed_at)
    lift = {"text": link_words("Lift", named), "url": f"/retention/holds/{hold.public_id}/lift/"}
    return [{"text": named, "unbroken": True}, hold.why, hold.placed_by.name, f"{since:%-d %B %Y}", lift]
