"""Pages about safety alerts: raising one, reading and answering it, and the alerts that concern somebody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from goldenthread.audits.models import Audit, Moderation
from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import team_of
from goldenthread.escalations import operations
from goldenthread.escalations.models import KIND, Alert
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.frameworks.remits import version_for
from goldenthread.ledger.operations import record_read
from goldenthread.rules.refusal import Refused
from goldenthread.rules.vocabulary import STANDARD_WORDS
from goldenthread.tasks.models import Notice, Task
from goldenthread.web.access import person_of
from goldenthread.web.audits.seeing import opened_return
from goldenthread.web.escalations import stages
from goldenthread.web.escalations.forms import Answer, Concern
from goldenthread.web.links import url_of
from goldenthread.web.tasks import rows


@require_http_methods(["GET", "POST"])
def raise_alert(request: HttpRequest, public_id: str) -> HttpResponse:
    """Raise an alert from an audit, whatever its state; whoever moderates it blind reads the file too."""
    person = person_of(request)
    seen = Audit.objects.visible_to(person, on=timezone.localdate()).filter(public_id=public_id)
    moderation = Moderation.objects.filter(moderator=person, audit__public_id=public_id).first()
    found = Audit.objects.filter(public_id=public_id) if moderation else seen
    audit = get_object_or_404(found.select_related("version", "subject", "unit").defer("version__document"))
    back = url_of("audit", audit.public_id)
    if moderation and not seen.exists():
        back = url_of("moderation", moderation.public_id)
    return _raise(
        request,
        audit.version,
        f"{words_of(audit.version, audit.audit_type)['Audit']} {audit.number}",
        back,
        audit=audit,
    )


@require_http_methods(["GET", "POST"])
def raise_alert_in_return(request: HttpRequest, public_id: str) -> HttpResponse:
    """Raise an alert from a return of an audit, also from outside; they see that it was raised."""
    of = opened_return(request, public_id)
    label = f"{words_of(of.audit.version)['Audit']} {of.audit.number}"
    return _raise(request, of.audit.version, label, url_of("return", of.public_id), audit=of.audit)


@require_http_methods(["GET", "POST"])
def raise_alert_about_case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Raise an alert from a case, outside any audit."""
    seen = Subject.objects.visible_to(person_of(request), on=timezone.localdate())
    subject = get_object_or_404(seen, public_id=public_id)
    on = timezone.localdate()
    version = version_for(team_of(subject, on), on=on)
    back = url_of("case", subject.public_id)
    words = pack_of(version).words_of_kind(subject.kind) if version else STANDARD_WORDS
    return _raise(request, version, f"{words['Case']} {subject.shown}", back, subject=subject)


@require_GET
def list_alerts(request: HttpRequest) -> HttpResponse:
    """The alerts that concern the signed-in person: those that wait for an answer first."""
    seen = Alert.objects.visible_to(person_of(request), on=timezone.localdate())
    place = seen.filter(public_id=request.GET.get("after", "")).first()
    shown = (
        seen.waiting_first(below=place)
        .select_related("audit", "unit", "raised_by", "version")
        .defer("version__document")
    )
    page = rows.page_of(request, shown, place)
    return render(request, "escalations/list_alerts.html", {"page": page})


@require_http_methods(["GET", "POST"])
def show_alert(request: HttpRequest, public_id: str) -> HttpResponse:
    """One alert: the concern, its stages, who was told when, and the way to answer."""
    person, now = person_of(request), timezone.localtime()
    seen = Alert.objects.visible_to(person, on=now.date())
    found = seen.select_related("version", "audit", "subject", "unit", "raised_by", "resolved_by").defer(
        "version__document"
    )
    alert = get_object_or_404(found, public_id=public_id)
    words = pack_of(alert.version).words_of_kind(alert.subject.kind)
    form = Answer(request.POST or None, next_stage=stages.next_role(alert))
    if request.method == "POST" and form.is_valid():
        return _answer(request, alert, form.cleaned_data)
    record_read(about=(KIND, alert.public_id), by=person, at=now)
    may_answer = Alert.objects.answerable_by(person, on=now.date()).filter(pk=alert.pk).exists()
    context = {
        "alert": alert,
        "words": words,
        "form": form if may_answer else None,
        "stages": stages.of(alert),
        "notes": stages.notes(alert) if may_answer or alert.resolved_by == person else [],
        **_who_was_told(alert),
    }
    return render(request, "escalations/show_alert.html", context)


def _answer(request: HttpRequest, alert: Alert, given: dict[str, str]) -> HttpResponse:
    """Record what was typed, and come back to the alert's page."""
    resolved, by = given["resolved"] == "yes", person_of(request)
    word = words_of(alert.version)["alert"]
    try:
        operations.answer_alert(alert, said=given["said"], resolved=resolved, by=by, at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = (
            f"The {word} is resolved." if resolved else "The answer is recorded and the next stage has begun."
        )
        messages.success(request, f"{done} Whoever raised the {word} is told.")
    return redirect("show_alert", public_id=alert.public_id)


def _raise(request: HttpRequest, version: Version | None, label: str, back: str, **about) -> HttpResponse:
    """The form, or the alert that it raised."""
    words = words_of(version) if version else STANDARD_WORDS
    form = Concern(request.POST or None)
    if request.method == "POST" and form.is_valid():
        concern, person = form.cleaned_data["concern"], person_of(request)
        try:
            alert = operations.raise_alert(concern=concern, by=person, at=timezone.localtime(), **about)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{words['Alert']} raised. Those who must act have it in their tasks now."
                if person.is_outside
                else f"{words['Alert']} raised. Those named below have it in their tasks now.",
            )
            if person.is_outside:
                return redirect(back)
            return redirect(reverse("show_alert", args=[alert.public_id]))
    guidance = pack_of(version).concern.guidance if version else ""
    context = {"words": words, "form": form, "guidance": guidance, "label": label, "back_url": back}
    return render(request, "escalations/raise_alert.html", context)


def _who_was_told(alert: Alert) -> dict:
    """Who has a task or a notice about the alert, since when, and what became of the e-mail."""
    notices = Notice.objects.filter(about_kind=KIND, about_id=alert.public_id)
    notices = notices.exclude(key__startswith=operations.key_of(alert, operations.ANSWER))
    tasks = Task.objects.about(KIND, alert.public_id).select_related("unit", "person")
    told = [
        [notice.to.name, rows.moment_in_words(notice.created_at), rows.delivery_of(notice)]
        for notice in notices.select_related("to").order_by("created_at", "pk")
    ]
    return {
        "told": told,
        "told_head": ("Who", "In Golden Thread since", "E-mail"),
        "tasks": rows.task_rows(tasks.order_by("pk"), timezone.localtime()),
    }
