"""Actions: the list, one action, and what is done with it: done, shown to have worked or not, closed."""

from __future__ import annotations

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goldenthread.audits.models import Audit
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.improvement import operations
from goldenthread.improvement.closing import askings_about, may_pass, shut_gates
from goldenthread.improvement.models import ACTION, Action, ActionQuerySet, Response
from goldenthread.improvement.operations.acting import earliest_look
from goldenthread.improvement.queries import (
    actions_rule,
    follows_failure,
    look_of,
    may_give,
    owes,
    possible_owners,
)
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.rules.actions import may_close
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits.consents import cards, given_before
from goldenthread.web.audits.seeing import audits_of
from goldenthread.web.improvement import figures, rows
from goldenthread.web.improvement.forms import ActionFilter, Finished, Given, Nevertheless, Verified, named
from goldenthread.web.improvement.pause_views import pauses_about
from goldenthread.web.tasks.rows import page_of


@require_GET
def list_actions(request: HttpRequest) -> HttpResponse:
    """Actions that the signed-in person owns or looks after, by the day they are due."""
    on, form = timezone.localdate(), ActionFilter(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = _narrowed(figures.narrowed(request, _seen(request)), state, person_of(request))
    place = found.filter(public_id=request.GET.get("after", "")).first()
    named = found.by_due_day(below=place).select_related("owner", "unit")
    page = page_of(request, named, place)
    record_read(about=(ACTION, ""), by=person_of(request), at=timezone.now(), how="list")
    context = {
        "form": form,
        "state": state,
        "page": page,
        "head": rows.ACTION_HEAD,
        "rows": rows.action_rows(page.rows, on),
    }
    return render(request, "improvement/list_actions.html", context | figures.around(request, page))


@require_GET
def show_action(request: HttpRequest, public_id: str) -> HttpResponse:
    """One action: what was agreed, how it stands, and what this person may do now."""
    action = _action(request, public_id)
    return _show(request, action, Finished(), _verified(action))


@require_POST
def finish_action(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that an action is done."""
    action, form = _action(request, public_id), Finished(request.POST)
    verified = _verified(action)
    if form.is_valid():
        evidence, by = form.cleaned_data["evidence"], person_of(request)
        done = "The action is noted as done"
        if _did(
            request, form, done, lambda at: operations.finish_action(action, evidence=evidence, by=by, at=at)
        ):
            return redirect("show_action", public_id)
    return _show(request, action, form, verified)


@require_POST
def verify_action(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record whether an action has worked."""
    action = _action(request, public_id)
    form = _verified(action, request.POST)
    number = (request.POST.get("audit") or "").strip()
    audit = audits_of(request).filter(number=number).first() if number and "\0" not in number else None
    if number and audit is None and form.is_valid():
        word = words_of(action.version)["audit"]
        form.add_error("audit", f"There is no {word} “{number}” that you may see. Give its number.")
    if form.is_valid() and _did(
        request, form, "What you found is recorded", _verifying(request, action, form, audit)
    ):
        return redirect("show_action", public_id)
    return _show(request, action, Finished(), form)


@require_POST
def give_action(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give an action to somebody else, with the reason."""
    action = _action(request, public_id)
    owners = {one.public_id: one for one in possible_owners(action.response, on=timezone.localdate())}
    form = Given(request.POST, owners=named([*owners.values()]))
    if form.is_valid():
        to, because, by = owners[form.cleaned_data["to"]], form.cleaned_data["because"], person_of(request)
        done = f"The action is {to.name}'s now. Both are told."
        if _did(
            request,
            form,
            done,
            lambda at: operations.give_action(action, to=to, because=because, by=by, at=at),
        ):
            after = Action.objects.visible_to(by, on=timezone.localdate()).filter(pk=action.pk)
            return redirect("show_action", public_id) if after.exists() else redirect("list_actions")
    return _show(request, action, Finished(), _verified(action), form)


@require_POST
def close_action(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close an action, perhaps although a gate is shut, with the reason."""
    action, by, form = _action(request, public_id), person_of(request), Nevertheless(request.POST)
    form.fields["passing"].required = bool(request.POST.get("asks"))
    if form.is_valid():
        why = form.cleaned_data["passing"]
        done = "The action is closed"
        if _did(request, form, done, lambda at: operations.close_action(action, passing=why, by=by, at=at)):
            return redirect("show_action", public_id)
    return _show(request, action, Finished(), _verified(action), passing=form)


def _verified(action: Action, posted: QueryDict | None = None) -> Verified:
    return Verified(posted, words=words_of(action.version), then=follows_failure(action))


def _verifying(request: HttpRequest, action: Action, form: Verified, audit: Audit | None) -> Callable:
    said = form.cleaned_data
    return lambda at: operations.verify_action(
        action,
        held=said["held"] == "yes",
        found=said["found"],
        looked_on=said["looked_on"],
        audit=audit,
        instead=said.get("instead", ""),
        by=person_of(request),
        at=at,
    )


def _did(request: HttpRequest, form: django_forms.Form, done: str, do: Callable) -> bool:
    """Do it and say so, or put the refusal on the form."""
    try:
        do(timezone.localtime())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, done)
    return True


def _show(
    request: HttpRequest,
    action: Action,
    finished: Finished,
    verified: Verified,
    given: Given | None = None,
    *,
    passing: Nevertheless | None = None,
) -> HttpResponse:
    person, now = person_of(request), timezone.localtime()
    record_read(about=(ACTION, action.public_id), by=person, at=now)
    on, rule, proof = now.date(), actions_rule(action.version), look_of(action)
    assert rule is not None
    closes = owes(rule.closing, action.response, person, on=on)
    ready = may_close(action.state, proof=action.proof)
    shut = shut_gates(action, on=on) if ready else []
    passes = may_pass(shut, action, person, on=on)
    verifies = action.state == "done" and proof and owes(proof.clock, action.response, person, on=on)
    finishes = action.state == "open" and (closes or person == action.owner)
    whole = Response.objects.visible_to(person, on=on).filter(pk=action.response.pk).exists()
    if proof is None or proof.by not in ("audit", "sample"):
        del verified.fields["audit"]
    looks = action.verifications.select_related("verified_by", "audit").order_by("number")
    context = {
        "action": action,
        "words": words_of(action.version),
        "state": rows.state_of(action, on),
        "summary": rows.action_summary(action),
        "kind": rows.kind_of(action.response),
        "looks": list(looks),
        "replaces": Action.objects.filter(replaced_by=action).first(),
        "finished": finished if finishes else None,
        "verified": verified if verifies else None,
        "form": given or passing or (verified if verified.is_bound else finished),
        "given": given or (_offered(action) if may_give(action, person, on=on) else None),
        "handovers": action.handovers.select_related("given_from", "given_to", "given_by").order_by("pk"),
        "earliest": earliest_look(action) if action.state == "done" else None,
        "proof": proof,
        "may_close": ready and (passes if shut else closes),
        "shut": shut,
        "passing": (passing or Nevertheless()) if passes else None,
        "passes": action.closing_passes.select_related("passed_by").order_by("pk"),
        "sees_response": whole,
    }
    context["consents"] = cards(askings_about(action), person, reads=True, on=on)
    context["consents_before"] = given_before((ACTION, action.public_id), pack_of(action.version))
    context |= pauses_about(ACTION, action.public_id, action.version, person, at=now)
    return render(request, "improvement/show_action.html", context)


def _offered(action: Action) -> Given:
    people = possible_owners(action.response, on=timezone.localdate())
    return Given(owners=named([one for one in people if one != action.owner]))


def _narrowed(found: ActionQuerySet, state: str, person: Person) -> ActionQuerySet:
    match state:
        case "closed" | "done" | "verified":
            return found.in_state(state)
        case "all":
            return found
        case "late":
            return found.late(timezone.localdate())
        case "mine":
            return found.filter(owner=person).exclude(state="closed")
        case _:
            return found.exclude(state="closed")


def _seen(request: HttpRequest) -> ActionQuerySet:
    return Action.objects.visible_to(person_of(request), on=timezone.localdate())


def _action(request: HttpRequest, public_id: str) -> Action:
    named = (
        "owner",
        "unit",
        "version",
        "agreed_by",
        "done_by",
        "closed_by",
        "response__version",
        "response__audit__version",
        "response__audit__unit",
        "response__audit__auditor",
        "response__audit__practitioner",
    )
    return get_object_or_404(_seen(request).select_related(*named), public_id=public_id)
