"""What happened that leads to audits, recorded and taken back; and the audits that were asked for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.caseload.models import Subject
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.programmes import operations
from goldenthread.programmes.models import Commission, Occurrence
from goldenthread.programmes.models.commissions import DRAW, RECORD_EVENTS
from goldenthread.programmes.queries.commissions import (
    incident_kinds,
    supervisions_count,
    who_could_do,
    workers_recorded_by,
)
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.programmes import rows, rows_of_events
from goldenthread.web.programmes.forms import AuditorForm, IncidentForm, ReasonForm, SupervisionForm

PAGE = 50


def _page(request: HttpRequest, found):
    """Fifty rows from where the address says, newest first, and where the next fifty begin."""
    after = request.GET.get("after", "")
    rows_ = list(
        found.filter(pk__lt=int(after))[: PAGE + 1]
        if after.isdecimal() and len(after) < 10
        else found[: PAGE + 1]
    )
    return rows_[:PAGE], f"?after={rows_[PAGE - 1].pk}" if len(rows_) > PAGE else ""


@require_safe
def list_occurrences(request: HttpRequest) -> HttpResponse:
    """Supervisions and incidents that somebody may know of, newest first, and where they are recorded."""
    if not (may(request, RECORD_EVENTS) or may(request, DRAW)):
        raise PermissionDenied
    person, today = person_of(request), timezone.localdate()
    found = Occurrence.objects.visible_to(person, on=today).select_related(
        "worker", "subject", "unit", "recorded_by"
    )
    page, next_url = _page(request, found.prefetch_related("commissions__slot__audit").order_by("-pk"))
    records = may(request, RECORD_EVENTS)
    record_read(about=("occurrence", ""), by=person, at=timezone.now(), how="list")
    context = {
        "table": rows.table(
            "What happened",
            "What|Whose|Day|What followed|Take back",
            rows_of_events.occurrence_rows(page, person),
        ),
        "next_url": next_url,
        "supervisions": records and supervisions_count(),
        "incidents": records and bool(incident_kinds()),
    }
    return render(request, "programmes/list_occurrences.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD_EVENTS)
def record_supervision(request: HttpRequest) -> HttpResponse:
    """Whose supervision was held, and when."""
    person, today = person_of(request), timezone.localdate()
    workers = workers_recorded_by(person, on=today)
    form = SupervisionForm(request.POST or None, workers=workers, initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        worker = get_object_or_404(workers, public_id=form.cleaned_data["worker"])
        day = form.cleaned_data["happened_on"]
        try:
            operations.record_supervision(worker=worker, happened_on=day, by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The supervision is recorded. What follows from it is sent within minutes."
            )
            return redirect("list_occurrences")
    return render(request, "programmes/record_supervision.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD_EVENTS)
def record_incident(request: HttpRequest) -> HttpResponse:
    """Of which case an incident was, of which kind, and when; nothing else is said of it."""
    person, today = person_of(request), timezone.localdate()
    form = IncidentForm(request.POST or None, kinds=incident_kinds(), initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        visible = Subject.objects.visible_to(person, on=today).filter(reference=told["reference"].strip())
        subject = visible.order_by("pk").first()
        try:
            if subject is None:
                raise Refused("There is no case with this reference that you may see. Check the reference.")
            operations.record_incident(
                subject=subject,
                what=told["what"],
                happened_on=told["happened_on"],
                by=person,
                at=timezone.localtime(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The incident is recorded. What follows from it is sent when its day comes."
            )
            return redirect("list_occurrences")
    return render(request, "programmes/record_incident.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_occurrence(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what was recorded by mistake, with the reason."""
    person, today = person_of(request), timezone.localdate()
    found = (
        Occurrence.objects.visible_to(person, on=today)
        .exclude(worker=person)
        .select_related("worker", "subject")
    )
    occurrence = get_object_or_404(found, public_id=public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            operations.withdraw_occurrence(occurrence, because=because, by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is taken back. What was sent already stays as it is.")
            return redirect("list_occurrences")
    return render(request, "programmes/withdraw_occurrence.html", {"occurrence": occurrence, "form": form})


@require_safe
def list_commissions(request: HttpRequest) -> HttpResponse:
    """The audits that something asked for, newest first: why, when, and what came of each."""
    if not (may(request, DRAW) or may(request, "see reports")):
        raise PermissionDenied
    found = Commission.objects.visible_to(person_of(request), on=timezone.localdate())
    state = request.GET.get("state", "")
    if state in Commission.State.values:
        found = found.filter(state=state)
    found = found.select_related("worker", "subject", "unit", "version", "slot__audit")
    found = found.defer("version__document").order_by("-pk")
    page, next_url = _page(request, found)
    record_read(about=("commission", ""), by=person_of(request), at=timezone.now(), how="list")
    context = {
        "table": rows.table(
            "Asked for", "Why|Of|From|State|What came of it", rows_of_events.commission_rows(page)
        ),
        "states": [(value, label.capitalize()) for value, label in Commission.State.choices],
        "state": state,
        "next_url": next_url and f"{next_url}&state={state}",
    }
    return render(request, "programmes/list_commissions.html", context)


def _commission(request: HttpRequest, public_id: str) -> Commission:
    """A commission that the signed-in person may know of; the read is noted. Else not found."""
    found = Commission.objects.visible_to(person_of(request), on=timezone.localdate())
    commission = get_object_or_404(
        found.select_related(
            "version", "cycle", "worker", "subject", "unit", "slot__audit", "slot__auditor", "ended_by"
        ),
        public_id=public_id,
    )
    record_read(about=("commission", public_id), by=person_of(request), at=timezone.now())
    return commission


@require_safe
def show_commission(request: HttpRequest, public_id: str) -> HttpResponse:
    """One audit that was asked for: why, by what, when it is due, and how its case was chosen."""
    commission = _commission(request, public_id)
    words, today = words_of(commission.version), timezone.localdate()
    subjects = Subject.objects.visible_to(person_of(request), on=today)
    seen = subjects.filter(public_id__in=[one["case"] for one in commission.considered])
    context = {
        "commission": commission,
        "words": words,
        "kind": rows_of_events.kind_of(commission),
        "colour": rows_of_events.COLOURS[commission.state],
        "table": rows.table(
            f"{words['Cases']} of the worker",
            f"{words['Case']}|Turn|Left out because",
            rows_of_events.considered_rows(commission, dict(seen.values_list("public_id", "reference"))),
        ),
        "may_change": commission.state == Commission.State.WAITING
        and Commission.objects.drawn_by(person_of(request), on=today).filter(pk=commission.pk).exists(),
        "due_on": timezone.localdate(commission.due_at),
        "its_day_has_come": commission.not_before <= today,
    }
    return render(request, "programmes/show_commission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def drop_commission(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that an audit that waits is not to be done, and why."""
    commission, form = _commission(request, public_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], person_of(request)
        try:
            operations.drop_commission(commission, because=because, by=by, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is dropped; it stays on record with the reason")
            return redirect("show_commission", public_id=commission.public_id)
    context = {"commission": commission, "words": words_of(commission.version), "form": form}
    return render(request, "programmes/drop_commission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def give_commission(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose by hand who does an audit that waits because nobody could be found, and why."""
    commission, person, now = _commission(request, public_id), person_of(request), timezone.localtime()
    drawn = Commission.objects.drawn_by(person, on=now.date()).waiting().filter(pk=commission.pk)
    if not drawn.exists():
        raise PermissionDenied
    words = words_of(commission.version, commission.audit_type)
    choices = who_could_do(commission, on=now.date())
    form = AuditorForm(request.POST or None, choices=choices, words=words)
    form.fields["despite"].label = "Give it to them although this speaks against it"
    if request.method == "POST" and form.is_valid():
        auditor = get_object_or_404(Person, public_id=form.cleaned_data["auditor"])
        asked = {"because": form.cleaned_data["because"], "despite": form.cleaned_data["despite"]}
        try:
            audit = operations.give_commission(commission, auditor, **asked, by=person, at=now)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{audit.number} is sent" if audit else "No case of theirs can be chosen"
            )
            return redirect("show_commission", public_id=commission.public_id)
    context = {
        "commission": commission,
        "words": words,
        "form": form,
        "choices": choices,
        "barred": [one for one in choices if one.firm],
        "free": [one for one in choices if not one.firm],
    }
    return render(request, "programmes/give_commission.html", context)


@require_POST
@needs(DRAW)
def try_commission_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Try at once to send what waits."""
    commission = _commission(request, public_id)
    try:
        audit = operations.try_again(commission, by=person_of(request), at=timezone.localtime())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{audit.number} is sent" if audit else "This is settled already")
    return redirect("show_commission", public_id=commission.public_id)
