"""Who fills in a return: somebody invited from outside, somebody without an account, or nobody after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from goldenthread.audits import operations
from goldenthread.audits.models import Return
from goldenthread.audits.returns import rule
from goldenthread.frameworks.queries import words_of
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.forms import GivenUp, Giver, Invitation
from goldenthread.web.audits.seeing import arranged_return, own_return
from goldenthread.web.people.signing_in import link_to_pass_on, send_invitation


@require_http_methods(["GET", "POST"])
def invite_to_return(request: HttpRequest, public_id: str) -> HttpResponse:
    """Invite somebody from outside to fill in a part."""
    of = arranged_return(request, public_id)
    form = Invitation(request.POST or None)
    if form.is_valid():
        try:
            invited = operations.invite_to_return(
                of, **form.cleaned_data, by=person_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            has_one = invited.person.has_usable_password()
            if not has_one and (said := link_to_pass_on(invited.person)):
                messages.success(request, said)
            elif has_one or send_invitation(invited.person):
                messages.success(request, f"{invited.person.name} is invited, by e-mail.")
            else:
                messages.error(
                    request, "The mail server did not take the invitation. Invite them again later."
                )
            return redirect("show_returns", of.audit.public_id)
    return _page(request, "audits/invite_to_return.html", of, form)


@require_http_methods(["GET", "POST"])
def name_giver(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whose words are typed in."""
    of = own_return(request, public_id)
    form = Giver(request.POST or None, initial={"name": of.given_by, "organisation": of.organisation})
    if form.is_valid():
        try:
            operations.name_giver(of, **form.cleaned_data, by=person_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("show_return", public_id)
    return _page(request, "audits/name_giver.html", of, form)


@require_http_methods(["GET", "POST"])
def give_up_return(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that a part is not coming."""
    of = arranged_return(request, public_id)
    form = GivenUp(request.POST or None)
    if form.is_valid():
        try:
            operations.give_up_return(of, **form.cleaned_data, by=person_of(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{rule(of).title}” is not waited for any longer.")
            return redirect("show_returns", of.audit.public_id)
    return _page(request, "audits/give_up_return.html", of, form)


@require_POST
def ask_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask again for a part that was not coming."""
    of = arranged_return(request, public_id)
    try:
        operations.ask_again(of, by=person_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{rule(of).title}” is asked for again; its time starts anew.")
    return redirect("show_returns", of.audit.public_id)


def _page(request: HttpRequest, template: str, of: Return, form: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {
        "of": of,
        "audit": of.audit,
        "words": words_of(of.audit.version),
        "title": rule(of).title,
        "form": form,
    }
    return render(request, template, context)
