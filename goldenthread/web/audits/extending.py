"""Giving an auditor longer."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from goldenthread.audits import operations
from goldenthread.audits.models import Audit
from goldenthread.audits.operations.extending import offers_to
from goldenthread.frameworks.queries import words_of
from goldenthread.rules.flow import OWED, WORKING
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.forms import Words
from goldenthread.web.audits.seeing import audits_of


class Longer(forms.Form):
    """Until when, and why."""

    until = forms.DateField(label="Until which day")
    why = Words(label="Why longer is needed", rows=3, max_length=300)


@require_http_methods(["GET", "POST"])
def extend_audit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an audit longer; whoever may do that opens this page, though the findings are not theirs to read.

    An auditor's own manager has no post over the work that is audited, so the page shows whose audit it is
    and until when, and nothing of the case.
    """
    audit = get_object_or_404(Audit.objects.select_related(*NAMED), public_id=public_id)
    by, at = person_of(request), timezone.localtime()
    offers = offers_to(audit, by, on=at.date())
    if not offers or audit.phase not in (OWED, WORKING):
        raise Http404
    form = Longer(request.POST or None)
    if form.is_valid():
        try:
            operations.extend_audit(audit, **form.cleaned_data, by=by, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{audit.number} is now due by {form.cleaned_data['until']:%-d %B %Y}")
            seen = audits_of(request).filter(pk=audit.pk).exists()
            return redirect("show_audit", public_id) if seen else redirect("my_tasks")
    context = {
        "audit": audit,
        "words": words_of(audit.version, audit.audit_type),
        "form": form,
        "latest": offers[0].latest,
        "sees": audits_of(request).filter(pk=audit.pk).exists(),
    }
    return render(request, "audits/extend_audit.html", context)


NAMED = ("version", "unit", "auditor", "practitioner")
