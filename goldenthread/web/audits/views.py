"""Audits: the list, one audit, the steps that move it, and who audits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from goldenthread.audits import operations
from goldenthread.audits.consenting import askings_of
from goldenthread.audits.models import Audit, AuditQuerySet, Conversation, EarlierWork, Hold
from goldenthread.audits.operations import Incomplete
from goldenthread.audits.operations.extending import offers_to, who_may
from goldenthread.audits.operations.replacing import may_replace
from goldenthread.audits.queries import (
    about,
    auditors_of,
    cycle_words,
    earlier_work_shown,
    flow_of,
    is_closed,
    may_edit,
    may_read,
    roles_in,
    takes_part_in_making,
)
from goldenthread.audits.returns import returns_of
from goldenthread.audits.sheets import Sheet, chain_of, sheet_of
from goldenthread.audits.summaries import may_read_summary
from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import Alert, Dispute
from goldenthread.escalations.queries import may_raise
from goldenthread.frameworks.queries import has_reports_about_people, words_of
from goldenthread.governance.copies import copies_of, may_be_asked
from goldenthread.governance.models import LegalHold, kept_by
from goldenthread.improvement.queries import responses_after
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.reporting.audit_report import in_words, report_on
from goldenthread.reporting.summaries import summarised
from goldenthread.rules.calendars import in_words as in_list
from goldenthread.rules.flow import DONE, OWED, WORKING
from goldenthread.rules.gates import THE_AUDIT
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.audits import forms, return_rows, rows
from goldenthread.web.audits.consents import cards, given_before
from goldenthread.web.audits.present import beside
from goldenthread.web.audits.seeing import audits_of, note_read, seen_audit
from goldenthread.web.audits.typed import clean
from goldenthread.web.governance import copy_rows
from goldenthread.web.improvement import rows as follow_up
from goldenthread.web.improvement.pause_views import pauses_about
from goldenthread.web.links import url_of

PAGE = 25
MOST_CHOICES = 300
MOST_CYCLES = 36


@require_GET
def list_audits(request: HttpRequest) -> HttpResponse:
    """The audits that the signed-in person may know of, the latest first."""
    form = forms.ListFilter(request.GET, cycles=_cycles(), teams=_teams())
    found = _narrowed(audits_of(request), form) if form.is_valid() else Audit.objects.none()
    after = request.GET.get("after", "")
    if after:
        found = found.sent_before(after)
    whole = found.newest_first().select_related("version", "subject", "unit", "auditor")
    shown = list(whole.defer("version__document")[: PAGE + 1])
    asked = {name: value for name, value in request.GET.items() if name != "after" and value}
    further = urlencode({**asked, "after": shown[PAGE - 1].public_id}) if len(shown) > PAGE else ""
    context = {
        "form": form,
        "reports_about_people": has_reports_about_people(),
        "head": rows.HEAD,
        "rows": rows.audit_rows(shown[:PAGE]),
        "is_narrowed": bool(asked),
        "next_url": f"?{further}" if further else "",
        "previous_url": f"?{urlencode(asked)}" if after else "",
    }
    return render(request, "audits/list_audits.html", context)


@require_GET
def show_audit(request: HttpRequest, public_id: str) -> HttpResponse:
    """One audit: how far it is, what is owed, and, for those to whom its state shows it, what was found."""
    audit, person, now = seen_audit(request, public_id), person_of(request), timezone.localtime()
    note_read(request, audit)
    sheet = sheet_of(audit, on=now.date())
    reads, parts, there_is = may_read(audit, person, on=now.date()), returns_of(audit), beside(audit)
    context = {
        "audit": audit,
        "words": sheet.words,
        "type": sheet.type.title,
        "status": sheet.state.label,
        "colour": rows.COLOURS.get(audit.phase, "grey"),
        "summary": _summary(request, audit, extended="extensions" in there_is),
        "reads": reads,
        "is_editable": may_edit(audit, person, on=now.date()),
        "actions": rows.actions_of(sheet, roles_in(audit, person, on=now.date())),
        "tasks": rows.tasks_about(audit, now),
        "earlier_work": _earlier_work(audit, person, now.date()) if "earlier work" in there_is else [],
        "conversation": Conversation.objects.get(audit=audit) if "conversation" in there_is else None,
        "asks_for_conversation": sheet.flow.asks_for_conversation,
        "alerts": _alerts(request, audit) if "alerts" in there_is else [],
        "has_private_route": sheet.pack.conduct is not None,
        "disputes": _disputes(request, audit) if reads and "disputes" in there_is else [],
        "may_dispute": may_raise(audit, person, at=now),
        "holds": _holds(audit) if audit.phase in DONE and "holds" in there_is else [],
        "earlier": _earlier(request, audit),
        "may_replace": audit.phase in (OWED, WORKING) and may_replace(audit, person, at=now),
        "takes_others": sheet.type.co_auditors > 0,
        "may_extend": audit.phase in (OWED, WORKING) and bool(offers_to(audit, person, on=now.date())),
        "longer_by": who_may(audit) if audit.phase in (OWED, WORKING) and person == audit.auditor else "",
        "longer_url": settings.ADDRESS + reverse("extend_audit", args=[public_id]),
        "is_done": audit.phase in DONE,
        "has_note": not sheet.pack.is_kept_here(audit.audit_type),
        "may_hold": kept_by(person, on=now.date()).filter(pk=audit.pk).exists(),
        "legal_holds": LegalHold.objects.standing().over(audit).visible_to(person, on=now.date()),
        "follow_up": _follow_up(audit, person, now) if "follow-up" in there_is else [],
        "returns": return_rows.rows_of(parts, person, on=now.date()),
    }
    context |= copy_rows.on_page_of(copies_of(audit, person, on=now.date()), now)
    if may_be_asked(audit, person, on=now.date()):
        context["ask_url"] = reverse("ask_for_copy", args=[public_id])
    asked = askings_of(audit)
    context["consents"] = cards(asked, person, reads=reads, on=now.date())
    context["is_closed"] = not reads and is_closed(audit, person, THE_AUDIT, on=now.date())
    context |= pauses_about("audit", public_id, audit.version, person, at=now, parts=parts)
    contents = _contents(sheet, person, checked="checks" in there_is) if reads else _in_summary(sheet, person)
    return render(request, "audits/show_audit.html", context | contents)


@require_POST
def take_step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one of the flow's steps."""
    audit, step = seen_audit(request, public_id), request.POST.get("step", "")
    try:
        audit = operations.take_step(
            audit,
            step,
            by=person_of(request),
            at=timezone.now(),
            note=clean(request.POST.get("note", "")),
            passing=clean(request.POST.get("passing", "")),
        )
    except Incomplete as refusal:
        count = len(refusal.gaps)
        messages.error(
            request,
            f"{'One thing is' if count == 1 else f'{count} things are'} still missing. See what below.",
        )
    except Refused as refusal:
        if not _is_taken(audit, step):  # a button pressed twice has done what it should
            messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"The {words_of(audit.version)['audit']} is now: {flow_of(audit).states[audit.state].label}",
        )
    return redirect("show_audit", public_id)


def _is_taken(audit: Audit, name: str) -> bool:
    """Whether the audit stands where the step leads, and the step cannot be taken from there."""
    step, state = flow_of(audit).steps.get(name), Audit.objects.get(pk=audit.pk).state
    return step is not None and state == step.to and state not in step.from_


def _narrowed(found: AuditQuerySet, form: forms.ListFilter) -> AuditQuerySet:
    said = form.cleaned_data
    if text := clean(said["q"]).strip():
        found = found.naming(text)
    if said["phase"]:
        found = found.in_phase(said["phase"])
    if said["cycle"]:
        found = found.in_cycle(said["cycle"])
    if said["team"]:
        found = found.filter(unit__public_id=said["team"])
    return found


def _cycles() -> list[tuple[str, str]]:
    labels = Cycle.objects.exclude(sent_at=None).order_by("-opens_on").values_list("label", flat=True)
    return [(label, cycle_words(label)) for label in dict.fromkeys(labels[:MOST_CYCLES])]


def _teams() -> list[tuple[str, str]]:
    units = Unit.objects.confirmed().exclude(kind="organisation").order_by("name")
    return list(units.values_list("public_id", "name")[:MOST_CHOICES])


def _summary(request: HttpRequest, audit: Audit, *, extended: bool) -> list[dict[str, str]]:
    """What everybody who may see the audit may know of it; what it looks at is open to some."""
    longer = audit.extensions.select_related("given_by").order_by("pk")[:10] if extended else ()
    words = words_of(audit.version, audit.audit_type)
    seen = Subject.objects.visible_to(person_of(request), on=timezone.localdate())
    opens = seen.filter(pk=audit.subject_id).exists()
    link = {"url": url_of("subject", audit.subject.public_id), "action": "See"} if opens else {}
    return [
        {"key": words["Case"], "value": audit.subject.shown, **link},
        {"key": "Team", "value": audit.unit.name},
        {
            "key": words["Practitioner"],
            "value": audit.practitioner.name if audit.practitioner else "None recorded",
        },
        {"key": words["Auditor"], "value": in_list(one.name for one in auditors_of(audit))},
        {"key": "Period looked at", "value": f"{in_words(audit.looks_from)} to {in_words(audit.looks_to)}"},
        {
            "key": words["Cycle"],
            "value": f"{cycle_words(audit.cycle)}, closes {in_words(audit.cycle_closes_on)}",
        },
        *(
            {
                "key": "Longer given",
                "value": f"Until {in_words(one.until)}, by {one.given_by.name}: {one.why}",
            }
            for one in longer
        ),
        {"key": "Sent", "value": in_words(timezone.localdate(audit.sent_at))},
    ]


def _earlier(request: HttpRequest, audit: Audit) -> list[Audit]:
    """The audits that this one looks at again, those that the person may know of."""
    keys = [one.pk for one in chain_of(audit)]
    return list(audits_of(request).filter(pk__in=keys).order_by("-pk")) if keys else []


def _earlier_work(audit: Audit, person: Person, on: date) -> list[EarlierWork]:
    return list(earlier_work_shown(audit, person, on=on))


def _holds(audit: Audit) -> list[Hold]:
    """What keeps the audit from being filed or closed."""
    return list(audit.holds.standing().exclude(stops=""))


def _follow_up(audit: Audit, person: Person, now: datetime) -> list[follow_up.ResponseCard]:
    return [follow_up.card(one, now) for one in responses_after(audit, person, at=now)]


def _alerts(request: HttpRequest, audit: Audit) -> list[Alert]:
    """The alerts about the audit that the person may know of."""
    seen = Alert.objects.visible_to(person_of(request), on=timezone.localdate())
    return list(seen.filter(audit=audit)[:10])


def _disputes(request: HttpRequest, audit: Audit) -> list[Dispute]:
    """The disputes of the audit that the person may know of."""
    seen = Dispute.objects.visible_to(person_of(request), on=timezone.localdate())
    return list(seen.filter(audit=audit).open_first().select_related("raised_by")[:10])


def _in_summary(sheet: Sheet, person: Person) -> dict[str, Any]:
    """What was found, for those who read a summary of it and no more."""
    if not may_read_summary(sheet.audit, person, on=sheet.on):
        return {}
    return {"in_summary": True, "report": summarised(sheet.audit, on=sheet.on)}


def _contents(sheet: Sheet, person: Person, *, checked: bool) -> dict[str, Any]:
    """What was found, for those who may read it."""
    checks = sheet.audit.quality_checks.select_related("checked_by").order_by("-checked_at")
    if not checked or not takes_part_in_making(sheet.audit, person, on=sheet.on):
        checks = checks.none()  # the points are between the auditor and the quality team
    return {
        "sections": rows.section_items(sheet),
        "consents_before": given_before(about(sheet.audit)[:2], sheet.pack),
        "report": report_on(sheet, reader=person),
        "has_grades": bool(sheet.judgements) or sheet.audit.previous_id is not None,
        "checks": list(checks[:20]),
    }
