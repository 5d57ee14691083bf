"""Pages of agreements: agreeing on items, signing, logging checks, and the list of cases to work from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record_read
from goldenthread.registers import operations
from goldenthread.registers.models import KIND, Agreement, Item
from goldenthread.registers.queries import cases_to_check, item_rows, possible_for, rule_of
from goldenthread.rules.agreements import Agreed, how_often
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.registers import rows
from goldenthread.web.registers.forms import CheckForm, item_forms, items_from

PAGE = 50


@require_safe
def list_agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that one may see, with what is due, and those that one may begin."""
    person, now = person_of(request), timezone.localtime()
    seen = Agreement.objects.visible_to(person, on=now.date()).standing()
    after = request.GET.get("after", "")
    found = (
        seen.select_related("unit", "version").defer("version__document").order_by("unit__name", "public_id")
    )
    if place := found.filter(public_id=after).first():
        found = found.filter(unit__name__gte=place.unit.name).exclude(
            unit__name=place.unit.name, public_id__lte=place.public_id
        )
    shown = list(found[: PAGE + 1])
    context = {
        "table": rows.agreements(shown[:PAGE], at=now),
        "next_url": f"?after={shown[PAGE - 1].public_id}" if len(shown) > PAGE else "",
        "possible": possible_for(person, on=now.date()),
    }
    return render(request, "registers/list_agreements.html", context)


@require_POST
def begin_agreement(request: HttpRequest) -> HttpResponse:
    """Begin one of the agreements that one may begin."""
    person, chosen = person_of(request), request.POST.get("which", "")
    offered = {
        f"{one.version.framework.key}/{one.kind}/{one.unit.public_id}": one
        for one in possible_for(person, on=timezone.localdate())
    }
    if chosen not in offered:
        messages.error(request, "Choose one of the agreements shown; somebody may have begun it meanwhile.")
        return redirect("list_agreements")
    one = offered[chosen]

    def begin() -> Agreement:
        return operations.begin_agreement(one.version, one.kind, one.unit, by=person, at=timezone.localtime())

    return _done(request, begin, "Agree on the items, then both sign.")


@require_safe
def show_agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is agreed, who has signed, what was checked when, and what is due next."""
    agreement, now = _seen(request, public_id), timezone.localtime()
    record_read(about=(KIND, agreement.public_id), by=person_of(request), at=now)
    kept = Agreement.objects.kept_by(person_of(request), on=now.date()).filter(pk=agreement.pk).exists()
    context = {
        "agreement": agreement,
        "words": words_of(agreement.version),
        "rule": rule_of(agreement),
        "signatures": rows.signatures(agreement),
        "table": rows.items(agreement, item_rows(agreement), at=now),
        "log": rows.log(agreement),
        "review": rows.review_of(agreement),
        "kept": kept and not agreement.signed_at and not agreement.ended_at,
    }
    return render(request, "registers/show_agreement.html", context)


@require_http_methods(["GET", "POST"])
def edit_agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which items are checked, how and how often; signatures given before are taken back by a change."""
    agreement = _kept(request, public_id)
    rule, data = rule_of(agreement), request.POST or None
    agreed = [
        Agreed(item.label, item.method, item.every, item.key) for item in agreement.items.order_by("position")
    ]
    forms, refusal = item_forms(rule, agreed, data), ""
    if data and all([form.is_valid() for form in forms]):
        try:
            operations.save_items(
                agreement,
                items_from(rule, forms),
                revision=_number(data.get("revision", "")),
                by=person_of(request),
                at=timezone.localtime(),
            )
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "Saved. Both sign it now.")
            return redirect("show_agreement", agreement.public_id)
    context = {
        "agreement": agreement,
        "rule": rule,
        "forms": forms,
        "refusal": refusal,
        "has_faults": bool(refusal),
        "words": words_of(agreement.version),
    }
    return render(request, "registers/edit_agreement.html", context, status=422 if refusal else 200)


@require_POST
def sign_agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign what the page showed."""
    agreement, revision = _kept(request, public_id), _number(request.POST.get("revision", ""))

    def sign() -> Agreement:
        return operations.sign_agreement(
            agreement, revision=revision, by=person_of(request), at=timezone.localtime()
        )

    return _done(request, sign, "Signed", back=agreement)


@require_POST
def discard_agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give up what is being agreed."""
    agreement = _kept(request, public_id)

    def discard() -> Agreement:
        return operations.discard_agreement(agreement, by=person_of(request), at=timezone.localtime())

    return _done(request, discard, "Discarded. The agreement in force stays.", back=agreement)


@require_http_methods(["GET", "POST"])
def check_item(request: HttpRequest, public_id: str) -> HttpResponse:
    """Log a check of one item, beside the checks before it."""
    item, now = _seen_item(request, public_id), timezone.localtime()
    words = words_of(item.agreement.version)
    form = CheckForm(request.POST or None, initial={"checked_on": f"{now:%d/%m/%Y}"}, words=words)
    if request.method == "POST" and form.is_valid():
        try:
            operations.record_check(item, **form.cleaned_data, by=person_of(request), at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"The check of {item.label} is logged.")
            return redirect("show_agreement", item.agreement.public_id)
    context = {
        "item": item,
        "how_often": how_often(item.every),
        "agreement": item.agreement,
        "words": words,
        "form": form,
        "checks": rows.checks(item),
    }
    return render(request, "registers/check_item.html", context)


@require_safe
def list_cases_to_check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The team's open cases with the fact to be checked, to work from on screen or on paper."""
    item, today = _seen_item(request, public_id), timezone.localdate()
    person = person_of(request)
    found = cases_to_check(item.agreement, person, on=today)
    count, after = found.count(), request.GET.get("after", "")
    shown = list(found.filter(reference__gt=after)[: PAGE + 1])
    record_read(about=(KIND, item.agreement.public_id), by=person, at=timezone.now(), how="list of cases")
    context = {
        "item": item,
        "agreement": item.agreement,
        "words": words_of(item.agreement.version),
        "count": count,
        "table": rows.cases(item, shown[:PAGE], on=today),
        "next_url": f"?after={shown[PAGE - 1].reference}" if len(shown) > PAGE else "",
    }
    return render(request, "registers/list_cases_to_check.html", context)


def _seen(request: HttpRequest, public_id: str) -> Agreement:
    seen = Agreement.objects.visible_to(person_of(request), on=timezone.localdate())
    return get_object_or_404(
        seen.select_related("unit", "version__framework").defer("version__document"), public_id=public_id
    )


def _kept(request: HttpRequest, public_id: str) -> Agreement:
    kept = Agreement.objects.kept_by(person_of(request), on=timezone.localdate())
    return get_object_or_404(
        kept.select_related("unit", "version__framework").defer("version__document"), public_id=public_id
    )


def _seen_item(request: HttpRequest, public_id: str) -> Item:
    seen = Agreement.objects.visible_to(person_of(request), on=timezone.localdate())
    found = (
        Item.objects.filter(agreement__in=seen)
        .select_related("agreement__unit", "agreement__version")
        .defer("agreement__version__document")
    )
    return get_object_or_404(found, public_id=public_id)


def _done(request: HttpRequest, do: Any, said: str, *, back: Agreement | None = None) -> HttpResponse:
    """Do it and say so, or say why not; then to the agreement's page."""
    try:
        agreement = do()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("show_agreement", back.public_id) if back else redirect("list_agreements")
    messages.success(request, said)
    return (
        redirect("list_agreements") if agreement.ended_at else redirect("show_agreement", agreement.public_id)
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
