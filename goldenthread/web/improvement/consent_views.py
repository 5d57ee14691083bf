"""Consenting to closing an action, and taking one's consent back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from goldenthread.improvement import operations
from goldenthread.improvement.models import Action
from goldenthread.web.access import person_of
from goldenthread.web.audits.consent_views import GIVEN, WITHDRAWN, consent_of, done


@require_POST
def consent_to_closing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Consent to what waits at a gate before the action is closed."""
    action, (gate, clock, said) = _action(request, public_id), consent_of(request)
    done(
        request,
        GIVEN,
        lambda: operations.consent_to_closing(
            action, gate, clock, said=said, by=person_of(request), at=timezone.now()
        ),
    )
    return redirect("show_action", public_id)


@require_POST
def withdraw_consent_to_closing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one's own consent back."""
    action, (gate, _, _) = _action(request, public_id), consent_of(request)
    done(
        request,
        WITHDRAWN,
        lambda: operations.withdraw_consent_to_closing(
            action, gate, by=person_of(request), at=timezone.now()
        ),
    )
    return redirect("show_action", public_id)


def _action(request: HttpRequest, public_id: str) -> Action:
    seen = Action.objects.visible_to(person_of(request), on=timezone.localdate())
    return get_object_or_404(seen, public_id=public_id)
