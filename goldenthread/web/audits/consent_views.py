"""Consenting to what waits for consents about an audit, and taking one's consent back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from goldenthread.audits import operations
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.seeing import seen_audit
from goldenthread.web.audits.typed import clean

GIVEN = "Your consent is recorded. You may withdraw it for as long as something waits for it."
WITHDRAWN = "Your consent is withdrawn. It is asked for anew."


@require_POST
def give_consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Consent to what waits at a gate."""
    audit = seen_audit(request, public_id)
    gate, clock, said = consent_of(request)
    done(
        request,
        GIVEN,
        lambda: operations.give_consent(
            audit, gate, clock, said=said, by=person_of(request), at=timezone.now()
        ),
    )
    return redirect("show_audit", public_id)


@require_POST
def withdraw_consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own consent back."""
    audit, gate = seen_audit(request, public_id), clean(request.POST.get("gate", ""))
    done(
        request,
        WITHDRAWN,
        lambda: operations.withdraw_consent(audit, gate, by=person_of(request), at=timezone.now()),
    )
    return redirect("show_audit", public_id)


def consent_of(request: HttpRequest) -> tuple[str, str, str]:
    """At which gate, under which clock and with which words somebody consents."""
    gate, clock, said = (clean(request.POST.get(name, "")) for name in ("gate", "clock", "said"))
    return gate, clock, said


def done(request: HttpRequest, success: str, do: Callable[[], object]) -> None:
    """Do it and say so, or say why not."""
    try:
        do()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, success)
