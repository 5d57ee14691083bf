"""Cases that people nominate for a draw: the list, nominating one, agreeing or declining, taking back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from goldenthread.caseload.models import Subject
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record_read
from goldenthread.programmes import operations
from goldenthread.programmes.models import Nomination
from goldenthread.programmes.queries import nominations as queries
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import person_of
from goldenthread.web.programmes import rows, rows_of_events
from goldenthread.web.programmes.forms import NominateForm, ReasonForm, SettleForm
from goldenthread.web.programmes.views.month import cycle_of

PAGE = 100


@require_safe
def list_nominations(request: HttpRequest) -> HttpResponse:
    """The cycles for which somebody may nominate cases, and what they see of those nominated."""
    person, today = person_of(request), timezone.localdate()
    cycles = queries.open_cycles(on=today)
    mine = [one for one in cycles if queries.concerned_with_nominations(person, one, on=today)]
    found = queries.visible_to(person, on=today)
    record_read(about=("nomination", ""), by=person, at=timezone.now(), how="list")
    context = {
        "cycles": [(one, queries.open_types_titled(one)) for one in mine],
        "table": rows.table(
            "Nominated", "Case|For|Why|State", rows_of_events.nomination_rows(found.order_by("-pk")[:PAGE])
        ),
    }
    return render(request, "programmes/list_nominations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def nominate_case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which case, for which kind of audit, and why."""
    cycle, person, today = cycle_of(public_id), person_of(request), timezone.localdate()
    if not queries.concerned_with_nominations(person, cycle, on=today):
        raise PermissionDenied
    pack = pack_of(cycle.version)
    kinds = [(name, pack.audit_types[name].title) for name in queries.open_types(cycle)]
    form = NominateForm(request.POST or None, kinds=kinds, words=pack.words)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        visible = Subject.objects.visible_to(person, on=today).filter(reference=told["reference"].strip())
        subject = visible.order_by("pk").first()
        try:
            if subject is None:
                raise Refused(
                    f"There is no {pack.words['case']} with this reference that you may see. Check it."
                )
            operations.nominate(
                cycle,
                told["audit_type"],
                subject,
                because=told["because"],
                by=person,
                at=timezone.localtime(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{subject.reference} is nominated for {cycle.title}")
            return redirect("list_nominations")
    context = {"cycle": cycle, "words": pack.words, "form": form, "kinds": kinds}
    return render(request, "programmes/nominate_case.html", context)


def _nomination(request: HttpRequest, public_id: str) -> Nomination:
    found = queries.visible_to(person_of(request), on=timezone.localdate())
    return get_object_or_404(found, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def show_nomination(request: HttpRequest, public_id: str) -> HttpResponse:
    """One nomination: why, who answered it and how; and the answer, for those who give it."""
    nomination, person, today = _nomination(request, public_id), person_of(request), timezone.localdate()
    pack = pack_of(nomination.cycle.version)
    is_open = nomination.audit_type in queries.open_types(nomination.cycle)
    waits = is_open and nomination.state == Nomination.State.WAITING
    settles = waits and queries.may_settle(person, nomination, on=today)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not settles:
            raise PermissionDenied
        if form.is_valid():
            agreed, because = form.cleaned_data["answer"] == "agree", form.cleaned_data["because"]
            try:
                operations.settle_nomination(
                    nomination, agreed=agreed, because=because, by=person, at=timezone.localtime()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Your answer is recorded, and whoever nominated it is told")
                return redirect("show_nomination", public_id=nomination.public_id)
    record_read(about=("nomination", nomination.public_id), by=person, at=timezone.now())
    standing = nomination.state in (Nomination.State.WAITING, Nomination.State.AGREED)
    context = {
        "nomination": nomination,
        "words": pack.words,
        "kind": pack.audit_types[nomination.audit_type].title,
        "colour": rows_of_events.NOMINATION_COLOURS[nomination.state],
        "form": form if settles else None,
        "may_withdraw": is_open and standing and nomination.nominated_by_id == person.pk,
    }
    return render(request, "programmes/show_nomination.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_nomination(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back one's own nomination, with the reason."""
    nomination, person = _nomination(request, public_id), person_of(request)
    if nomination.nominated_by_id != person.pk:
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            operations.withdraw_nomination(nomination, because=because, by=person, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The nomination is taken back")
            return redirect("list_nominations")
    words = pack_of(nomination.cycle.version).words
    return render(
        request,
        "programmes/withdraw_nomination.html",
        {"nomination": nomination, "words": words, "form": form},
    )
