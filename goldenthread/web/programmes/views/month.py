"""One month as a list of five steps; its re-audits; the sending."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.programmes import operations
from goldenthread.programmes.models import Cycle, Draw, Nomination
from goldenthread.programmes.queries.auditors import day_of
from goldenthread.programmes.queries.lots import frames_of, lots_of
from goldenthread.programmes.queries.reaudits import due_to_place, too_early
from goldenthread.programmes.queries.year import slots_of, stage_of, swapped_out, version_to_begin
from goldenthread.rules.refusal import Refused
from goldenthread.rules.vocabulary import counted
from goldenthread.web.access import needs, person_of
from goldenthread.web.programmes import rows
from goldenthread.web.programmes.sentences import told_on_sending
from goldenthread.web.programmes.steps import steps_of

DRAW = "draw and allocate"
PAGE = 100


def cycle_of(public_id: str) -> Cycle:
    """The cycle of a page, with its framework."""
    return get_object_or_404(
        Cycle.objects.select_related("version__framework", "theme_unit", "sent_by"), public_id=public_id
    )


@require_safe
@needs(DRAW)
def show_cycle(request: HttpRequest, public_id: str) -> HttpResponse:
    """The month as a list of steps, each with how far it is."""
    cycle = cycle_of(public_id)
    cycle.version = version_to_begin(cycle)  # what it would take, where it has not begun
    continuous = pack_of(cycle.version).is_continuous(cycle.calendar)
    abandoned = Draw.objects.light().filter(cycle=cycle).exclude(abandoned_at=None)
    context = {
        "cycle": cycle,
        "words": words_of(cycle.version),
        "stage": stage_of(cycle),
        "theme": rows.theme_of(cycle),
        "steps": steps_of(cycle, today=timezone.localdate()) if not continuous else [],
        "nominations": Nomination.objects.waiting().filter(cycle=cycle).count(),
        "instead": swapped_out(cycle),
        "abandoned": abandoned.order_by("-abandoned_at")[:20],
    }
    return render(request, "programmes/show_cycle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def place_reaudits(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is due to be looked at again, and placing it."""
    cycle = cycle_of(public_id)
    words = words_of(cycle.version)
    if request.method == "POST":
        try:
            placed = operations.place_reaudits(
                cycle,
                by=person_of(request),
                at=timezone.localtime(),
                seed=request.POST.get("seed", "").strip(),
                frames=request.POST.get("frames"),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            again = sum(slot.instead_of_id is not None for slot in placed.slots)
            placed_now = counted(len(placed.slots) - again, "re-audit", words)
            done_again = f", and {counted(again, 'audit', words)} to be done again" if again else ""
            passed = len(placed.not_chosen)
            by_lot = f"; {passed} not chosen by lot" if passed else ""
            messages.success(request, f"{placed_now} placed{done_again}{by_lot}")
            if passed:
                return redirect("place_reaudits", public_id=cycle.public_id)
        return redirect("show_cycle", public_id=cycle.public_id)
    due = due_to_place(cycle, on=day_of(cycle, timezone.localdate())) if not cycle.sent_at else []
    lots = [] if cycle.sent_at else lots_of(cycle, due)
    placed_before = slots_of(cycle).filter(Q(previous__isnull=False) | Q(instead_of__isnull=False))
    context = {
        "cycle": cycle,
        "words": words,
        "due": rows.table(
            "Due",
            f"Earlier {words['audit']}|Team now|{words['Practitioner']} now|Why|What happens",
            rows.due_rows(due[:PAGE]),
        ),
        "more": max(0, len(due) - PAGE),
        "lots": lots,
        "frames": frames_of(lots),
        "drawn": rows.drawn_again(cycle),
        "placed": placed_before[:PAGE],
        "frozen": Draw.objects.standing().filter(cycle=cycle).exists(),
    }
    return render(request, "programmes/place_reaudits.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def send_cycle(request: HttpRequest, public_id: str) -> HttpResponse:
    """What will go out to whom; sent once it is confirmed."""
    cycle = cycle_of(public_id)
    words = pack_of(cycle.version).words_of_all
    if request.method == "POST":
        try:
            audits = operations.send_cycle(cycle, by=person_of(request), at=timezone.localtime())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("send_cycle", public_id=cycle.public_id)
        messages.success(
            request,
            f"{counted(len(audits), 'audit', words)} sent"
            if audits
            else f"These {words['audits']} were sent already",
        )
        return redirect("show_cycle", public_id=cycle.public_id)
    slots, pack = slots_of(cycle), pack_of(cycle.version)
    kinds = [
        {"title": kind.title, "number": slots.filter(audit_type=name).count()}
        for name, kind in pack.audit_types.items()
    ]
    context = {
        "cycle": cycle,
        "words": words,
        "told": told_on_sending(pack),
        "kinds": [kind for kind in kinds if kind["number"]],
        "slots": slots.order_by("auditor__name", "pk")[:PAGE],
        "total": slots.count(),
        "without": slots.filter(auditor=None).count(),
        "early": timezone.localdate() < cycle.opens_on,
        "too_early": list(too_early(cycle, on=timezone.localdate())),
    }
    return render(request, "programmes/send_cycle.html", context)
