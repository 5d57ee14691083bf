"""Who audits what in a month: the solver's answer, changes by hand, and another auditor later."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.replacing import may_replace
from goldenthread.audits.operations.replacing import name_co_auditor as name_together
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.programmes import operations
from goldenthread.programmes.models import Allocation, Cycle, Slot
from goldenthread.programmes.operations.sending import in_service_area
from goldenthread.programmes.queries.auditors import Choice, bench, by_auditor, day_of, pairs_in
from goldenthread.programmes.queries.year import slots_of
from goldenthread.rules.refusal import Refused
from goldenthread.rules.vocabulary import counted
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.jobs import run_later
from goldenthread.web.programmes import rows
from goldenthread.web.programmes.forms import AuditorForm, CoAuditorForm, ReasonForm
from goldenthread.web.programmes.sentences import kept_apart
from goldenthread.web.programmes.views.month import DRAW, cycle_of

PAGE = 50
JOB = "goldenthread.web.programmes.jobs.allocate_cycle"


@require_safe
@needs(DRAW)
def show_allocation(request: HttpRequest, public_id: str) -> HttpResponse:
    """Each audit with its auditor, or why nobody can do it; and what each auditor has."""
    cycle = cycle_of(public_id)
    run = Allocation.objects.filter(cycle=cycle).order_by("-pk").first()
    slots = list(_after(slots_of(cycle), request.GET.get("after", ""))[: PAGE + 1])
    pack, editable = pack_of(cycle.version), not cycle.sent_at
    record_read(about=("cycle", cycle.public_id), by=person_of(request), at=timezone.now(), how="allocation")
    titles = {name: kind.title for name, kind in pack.audit_types.items()}
    names = _names(slots[:PAGE])
    context = {
        "cycle": cycle,
        "words": pack.words_of_all,
        "kept_apart": kept_apart(pack),
        "run": run,
        "pairs": rows.table(
            "Pairs in this cycle",
            "Team|Its work is audited by",
            [
                [{"text": team}, {"text": other}]
                for team, other in pairs_in(cycle, on=day_of(cycle, timezone.localdate()))
            ],
        ),
        "waiting": bool(run and not run.finished_at),
        "editable": editable,
        "without": slots_of(cycle).filter(auditor=None).count(),
        "slots": [rows.slot_cells(slot, names, titles, editable=editable) for slot in slots[:PAGE]],
        "loads": rows.table(
            f"What each {pack.words['auditor']} has",
            f"{pack.words['Auditor']}|#This {pack.words['cycle']}|#At most|#This year",
            _loads(cycle),
        ),
        "next_url": f"?after={slots[PAGE - 1].public_id}" if len(slots) > PAGE else "",
    }
    return render(request, "programmes/show_allocation.html", context)


def _after(slots: QuerySet[Slot], public_id: str) -> QuerySet[Slot]:
    """The slots after one of them, in the order in which they came."""
    last = slots.filter(public_id=public_id).values_list("pk", flat=True).first() if public_id else None
    return slots.filter(pk__gt=last or 0).order_by("pk")


def _names(slots: list[Slot]) -> dict[str, str]:
    """The names of the auditors that unfilled slots list."""
    ids = {row["auditor"] for slot in slots for row in slot.unfilled or [] if not slot.auditor_id}
    return dict(Person.objects.filter(public_id__in=ids - {""}).values_list("public_id", "name"))


def _loads(cycle: Cycle) -> list:
    """The load of everybody in the pools of the month's audits."""
    on = day_of(cycle, timezone.localdate())
    held = by_auditor(Slot.objects.standing().filter(cycle=cycle))
    return rows.load_rows(bench(cycle, slots_of(cycle), on=on, held=held))[:200]


@require_POST
@needs(DRAW)
def allocate_cycle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the worker to allocate; the page of the allocation shows when it has."""
    cycle, by = cycle_of(public_id), person_of(request)
    try:
        with transaction.atomic():
            operations.ask_for_allocation(cycle, by=by, at=timezone.localtime())
            run_later(JOB, cycle.public_id, by.public_id, by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("show_allocation", public_id=cycle.public_id)


def slot_of(public_id: str) -> Slot:
    """A slot that stands, with what its page shows."""
    slots = Slot.objects.standing().select_related(
        "cycle__version__framework", "subject", "unit", "practitioner", "auditor", "previous", "audit"
    )
    return get_object_or_404(slots, public_id=public_id)


def _choices(slot: Slot, on) -> list[Choice]:
    """Everybody of the slot's pool, with what speaks against each."""
    others = by_auditor(Slot.objects.standing().filter(cycle=slot.cycle).exclude(pk=slot.pk))
    table = bench(slot.cycle, slots_of(slot.cycle).filter(pk=slot.pk), on=on, held=others)
    return table.choices(slot)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def edit_slot(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose an auditor by hand, with the reason."""
    slot = slot_of(public_id)
    choices = _choices(slot, day_of(slot.cycle, timezone.localdate()))
    words = words_of(slot.cycle.version, slot.audit_type)
    form = AuditorForm(request.POST or None, choices=choices, words=words)
    if request.method == "POST" and form.is_valid():
        auditor = get_object_or_404(Person, public_id=form.cleaned_data["auditor"])
        asked = _asked(request, form)
        try:
            operations.edit_slot(
                slot, auditor=auditor, **asked, by=person_of(request), at=timezone.localtime()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{slot.subject.shown} is given to {auditor}")
            return redirect("show_allocation", public_id=slot.cycle.public_id)
    barred = [choice for choice in choices if choice.firm]
    context = {"slot": slot, "words": words, "form": form, "barred": barred}
    return render(request, "programmes/edit_slot.html", context)


def _asked(request: HttpRequest, form: AuditorForm) -> dict[str, Any]:
    """What was chosen besides the auditor, and with whom the page showed the audit."""
    said = form.cleaned_data
    return {
        "because": said["because"],
        "despite": said["despite"],
        "instead_of": request.POST.get("instead_of"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def drop_slot(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave an audit out of the month, with the reason."""
    slot, form = slot_of(public_id), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], person_of(request)
        try:
            operations.drop_slot(slot, because=because, by=by, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{slot.subject.shown} is left out of {slot.cycle.title}")
            return redirect("show_allocation", public_id=slot.cycle.public_id)
    return render(
        request,
        "programmes/drop_slot.html",
        {"slot": slot, "words": words_of(slot.cycle.version, slot.audit_type), "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def drop_unfilled(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave out every audit of the month that nobody can do, with one reason."""
    cycle, form = cycle_of(public_id), ReasonForm(request.POST or None)
    words = words_of(cycle.version)
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], person_of(request)
        try:
            number = operations.drop_unfilled(cycle, because=because, by=by, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            left_out = counted(number, "audit", words)
            messages.success(request, f"{left_out} left out of {cycle.title}")
            return redirect("show_allocation", public_id=cycle.public_id)
    without = slots_of(cycle).filter(auditor=None)
    number = without.count()
    context = {
        "cycle": cycle,
        "words": words,
        "form": form,
        "number": number,
        "leave_out": "Leave it out" if number == 1 else "Leave them out",
        "slots": without[:PAGE],
    }
    return render(request, "programmes/drop_unfilled.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("replace an auditor")
def replace_auditor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name somebody else for an audit that its auditor cannot finish (WF-14)."""
    audit, choices, anywhere = _to_name_for(request, public_id)
    words = words_of(audit.version, audit.audit_type)
    form = AuditorForm(request.POST or None, choices=choices, words=words)
    if request.method == "POST" and form.is_valid() and _replaced(request, audit, form, anywhere):
        return redirect("show_audit", public_id=audit.public_id)
    barred = [choice for choice in choices if choice.firm]
    context = {"audit": audit, "words": words, "form": form, "barred": barred}
    return render(request, "programmes/replace_auditor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("replace an auditor")
def name_co_auditor(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name somebody to audit together with the auditor, where the framework allows it."""
    audit, choices, _ = _to_name_for(request, public_id)
    if not pack_of(audit.version).audit_types[audit.audit_type].co_auditors:
        raise Http404
    words = words_of(audit.version, audit.audit_type)
    form = CoAuditorForm(request.POST or None, choices=choices, words=words)
    if request.method == "POST" and form.is_valid() and _joined(request, audit, form):
        return redirect("show_audit", public_id=audit.public_id)
    barred = [choice for choice in choices if choice.firm]
    context = {"audit": audit, "words": words, "form": form, "barred": barred}
    return render(request, "programmes/name_co_auditor.html", context)


def _to_name_for(request: HttpRequest, public_id: str) -> tuple[Audit, list[Choice], bool]:
    """An audit for which this person may name auditors, who there is, and whether from anywhere."""
    by, at = person_of(request), timezone.localtime()
    audit = get_object_or_404(Audit.objects.visible_to(by, on=at.date()), public_id=public_id)
    slot = Slot.objects.filter(audit=audit).first()
    if slot is None or not may_replace(audit, by, at=at):
        raise Http404
    anywhere = may(request, DRAW)
    choices = [
        one
        for one in _choices(slot_of(slot.public_id), at.date())
        if anywhere or in_service_area(one.person, of=by, on=at.date())
    ]
    return audit, choices, anywhere


def _joined(request: HttpRequest, audit: Audit, form: CoAuditorForm) -> bool:
    """Whether somebody was named; if not, the form says why."""
    person = get_object_or_404(Person, public_id=form.cleaned_data["auditor"])
    because, by = form.cleaned_data["because"], person_of(request)
    try:
        name_together(audit, person, by=by, at=timezone.localtime(), because=because)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{person} does {audit.number} together with {audit.auditor}")
    return True


def _replaced(request: HttpRequest, audit: Audit, form: AuditorForm, anywhere: bool) -> bool:
    """Whether the audit has gone to somebody else; if not, the form says why."""
    auditor = get_object_or_404(Person, public_id=form.cleaned_data["auditor"])
    try:
        operations.replace_auditor(
            audit,
            auditor,
            **_asked(request, form),
            by=person_of(request),
            at=timezone.localtime(),
            anywhere=anywhere,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, f"{auditor} is to finish {audit.number}")
    return True
