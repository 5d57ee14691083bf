"""What follows an audit: the list, one response, its discussion, and the check of its record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldenthread.audits.models import Audit
from goldenthread.frameworks.queries import words_of
from goldenthread.improvement import operations
from goldenthread.improvement.models import RESPONSE, Response, ResponseQuerySet
from goldenthread.improvement.operations import Agreed
from goldenthread.improvement.queries import (
    actions_rule,
    discussion_of,
    may_check,
    may_record,
    possible_owners,
)
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.improvement import figures, rows
from goldenthread.web.improvement.forms import ActionRows, Checked, DiscussionForm, ResponseFilter, named
from goldenthread.web.improvement.pause_views import pauses_about
from goldenthread.web.tasks.rows import page_of


@require_GET
def list_responses(request: HttpRequest) -> HttpResponse:
    """What follows the audits that the signed-in person looks after, newest first."""
    now, form = timezone.localtime(), ResponseFilter(request.GET)
    seen = figures.narrowed(request, _seen(request).discussions())
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = seen.to_check() if state == "check" else seen.standing(state, now)
    place = found.filter(public_id=request.GET.get("after", "")).first()
    named_too = found.newest_first(below=place).select_related("audit", "version", "unit", "task")
    page = page_of(request, named_too.defer("version__document"), place)
    context = {
        "form": form,
        "state": state,
        "page": page,
        "head": rows.RESPONSE_HEAD,
        "rows": rows.response_rows(page.rows, now),
        "waiting": seen.to_check().count(),
    }
    return render(request, "improvement/list_responses.html", context | figures.around(request, page))


@require_GET
def show_response(request: HttpRequest, public_id: str) -> HttpResponse:
    """One response: when it is due, what was discussed and agreed, and what the check said."""
    response = _response(request, public_id)
    return _show(request, response, Checked())


@require_POST
def check_discussion(request: HttpRequest, public_id: str) -> HttpResponse:
    """Accept the record, or say what is missing."""
    response, form = _response(request, public_id), Checked(request.POST)
    if not form.is_valid():
        if may_check(response, person_of(request), on=timezone.localdate()):
            return _show(request, response, form)
        messages.error(request, "There is nothing here for you to check now.")
        return redirect("show_response", public_id)
    missing = form.cleaned_data["missing"] if form.cleaned_data["outcome"] == "return" else ""
    try:
        operations.check_discussion(response, missing=missing, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "What is missing is on its way" if missing else "The record is accepted")
    return redirect("show_response", public_id)


@require_http_methods(["GET", "POST"])
def record_discussion(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the discussion and the actions agreed, on one page."""
    response, person, on = _response(request, public_id), person_of(request), timezone.localdate()
    if not may_record(response, person, on=on):
        if response.state in (Response.State.OWED, Response.State.RETURNED):
            raise PermissionDenied
        return redirect("show_response", public_id)
    posted = request.POST if request.method == "POST" else None
    adds = posted is not None and "add" in posted
    form = _discussion_form(response, posted, adds=adds)
    actions = _action_rows(response, posted, adds=adds)
    if posted is not None and not adds and all([form.is_valid(), actions is None or actions.is_valid()]):
        try:
            _record(response, form, actions, person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The discussion is recorded. The note to copy is below.")
            return redirect("show_response", public_id)
    return render(request, "improvement/record_discussion.html", _asked(response, form, actions))


def _asked(response: Response, form: DiscussionForm, actions: ActionRows | None) -> dict[str, Any]:
    rule = actions_rule(response.version)
    last = response.discussions.order_by("-number").first()
    return {
        "response": response,
        "words": words_of(response.version),
        "card": rows.card(response, timezone.localtime()),
        "kind": rows.kind_of(response),
        "who": rows.who_meets(response),
        "missing": last.missing if last else "",
        "form": form,
        "formset": actions,
        "prompts": rule.prompts if rule else (),
        "needed": discussion_of(response).actions == "needed",
        "agreed": [rows.line_of(one) for one in _actions(response)],
    }


def _record(response: Response, form: DiscussionForm, actions: ActionRows | None, by: Person) -> None:
    on, said = timezone.localdate(), form.cleaned_data
    owners = {one.public_id: one for one in possible_owners(response, on=on)} if actions else {}
    agreed = [
        Agreed(
            text=row["text"],
            owner=owners[row["owner"]],
            level=row["level"],
            severity=row["severity"],
            due_on=row["due_on"],
            kind=row.get("kind", ""),
            proof=row.get("proof", ""),
            kept_because=row["kept_because"],
        )
        for row in (actions.filled() if actions else [])
    ]
    operations.record_discussion(response, **said, actions=agreed, by=by, at=timezone.localtime())


def _discussion_form(response: Response, posted: Any, *, adds: bool) -> DiscussionForm:
    talk = discussion_of(response)
    if posted is not None and not adds:
        return DiscussionForm(posted, talk=talk)
    return DiscussionForm(talk=talk, initial=posted.dict() if posted else _so_far(response))


def _so_far(response: Response) -> dict[str, object]:
    """What an earlier record said; before there is one, who is expected to be there."""
    last = response.discussions.order_by("-number").first()
    if last is None:
        return {"present": response.audit.practitioner.name if response.audit.practitioner else ""}
    held = last.held_on.strftime("%d/%m/%Y")
    kept = {name: getattr(last, name) for name in ("present", "discussed", "good", "recorded_as")}
    return {"held_on": held, **kept}


def _action_rows(response: Response, posted: Any, *, adds: bool) -> ActionRows | None:
    """The rows of actions, where the framework's rule asks for any."""
    rule = actions_rule(response.version)
    if rule is None or discussion_of(response).actions == "none":
        return None
    owners = named(list(possible_owners(response, on=timezone.localdate())))
    return ActionRows(posted, rule=rule, owners=owners, checks=not adds)


def _show(request: HttpRequest, response: Response, form: Checked) -> HttpResponse:
    person, now = person_of(request), timezone.localtime()
    record_read(about=(RESPONSE, response.public_id), by=person, at=now)
    discussions = list(response.discussions.select_related("recorded_by", "checked_by").order_by("number"))
    actions = _actions(response)
    seen = Audit.objects.visible_to(person, on=now.date()).filter(pk=response.audit.pk)
    context = {
        "response": response,
        "words": words_of(response.version),
        "card": rows.card(response, now),
        "kind": rows.kind_of(response),
        "who": rows.who_meets(response),
        "discussions": discussions,
        "notes": rows.notes(response, discussions[-1:], actions),
        "head": rows.ACTION_HEAD,
        "actions": rows.action_rows(actions, now.date()),
        "may_record": may_record(response, person, on=now.date()),
        "form": form if may_check(response, person, on=now.date()) else None,
        "sees_audit": seen.exists(),
    }
    context |= pauses_about(RESPONSE, response.public_id, response.version, person, at=now)
    return render(request, "improvement/show_response.html", context)


def _actions(response: Response) -> list:
    named_too = response.actions.select_related("owner", "unit", "version").order_by("pk")
    return list(named_too.defer("version__document"))


def _seen(request: HttpRequest) -> ResponseQuerySet:
    return Response.objects.visible_to(person_of(request), on=timezone.localdate())


def _response(request: HttpRequest, public_id: str) -> Response:
    """A response with a discussion that the signed-in person may see; else not found."""
    named_too = (
        "audit__version",
        "audit__unit",
        "audit__auditor",
        "audit__practitioner",
        "version",
        "unit",
        "task",
    )
    response = get_object_or_404(_seen(request).select_related(*named_too), public_id=public_id)
    if response.task is None:
        raise Http404
    return response
