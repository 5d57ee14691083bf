"""The draw of a month: its frame, its seed, its picks, and the files by which anybody can redo it."""

import re

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record_read
from goldenthread.programmes import operations
from goldenthread.programmes.models import Draw, FrameEntry, Pick, ReauditDraw, Stratum
from goldenthread.programmes.queries import lots
from goldenthread.programmes.queries.documents import document_of, frame_bytes, intervals_of
from goldenthread.programmes.queries.nominations import outcomes
from goldenthread.programmes.queries.year import drawn_types, standing_draw
from goldenthread.rules.refusal import Refused
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.programmes import rows, rows_of_events
from goldenthread.web.programmes.forms import ENTER, FrameFilter, ReasonForm, SeedForm
from goldenthread.web.programmes.views.month import DRAW, cycle_of

PAGE = 50
PLACE = re.compile(r"[0-9]{1,9}")


def draw_of(public_id: str) -> Draw:
    """The draw of a page, without its bytes."""
    draws = Draw.objects.light().select_related(
        "cycle__version__framework", "frozen_by", "drawn_by", "abandoned_by"
    )
    return get_object_or_404(draws, public_id=public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def freeze_frame(request: HttpRequest, public_id: str) -> HttpResponse:
    """What freezing means, and doing it."""
    cycle = cycle_of(public_id)
    pack = pack_of(cycle.version)
    kinds = [
        (name, pack.audit_types[name].title) for name in drawn_types(cycle) if not standing_draw(cycle, name)
    ]
    if request.method == "POST":
        by, at = person_of(request), timezone.localtime()
        try:
            draw = operations.freeze_frame(cycle, request.POST.get("audit_type", ""), by=by, at=at)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("show_cycle", public_id=cycle.public_id)
        messages.success(request, "The frame is frozen")
        return redirect("show_draw", public_id=draw.public_id)
    return render(
        request, "programmes/freeze_frame.html", {"cycle": cycle, "words": pack.words_of_all, "kinds": kinds}
    )


@require_safe
@needs(DRAW)
def show_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """A draw: its frame's hash, its seed, its picks by team, and how anybody can check it."""
    draw, after = draw_of(public_id), request.GET.get("after", "")
    strata = list(
        draw.strata.filter(position__gt=int(after) if PLACE.fullmatch(after) else 0)
        .select_related("practitioner")
        .order_by("position")
    )
    page, more = strata[:PAGE], len(strata) > PAGE
    editable = bool(draw.drawn_at and not draw.abandoned_at and not draw.cycle.sent_at)
    counted = dict(draw.entries.order_by().values_list("eligible").annotate(Count("pk")))
    found = rows.draw_rows(page, _picks(draw, page), editable=editable)
    words = words_of(draw.cycle.version, draw.audit_type)
    record_read(about=("draw", draw.public_id), by=person_of(request), at=timezone.now())
    head = f"Team|{words['Case']}|{words['Practitioner']}|How" + ("|Change" if editable else "")
    context = {
        "draw": draw,
        "words": words,
        "cycle": draw.cycle,
        "table": rows.table(f"{words['Cases']} drawn", head, found),
        "shares": rows.table(
            "How many each share is",
            f"From|Share|#Open {words['cases']} that day|Counted on|#Asked for",
            rows.share_rows(page),
        ),
        "nominated": rows.table(
            f"Nominated {words['cases']}",
            f"{words['Case']}|Why|Answered by|What became of it",
            rows_of_events.outcome_rows(outcomes(draw)),
        ),
        "eligible": counted.get(True, 0),
        "cases": sum(counted.values()),
        "one_each": _is_one_each(draw),
        "intervals": intervals_of(draw, page),
        "next_url": f"?after={page[-1].position}" if more else "",
    }
    return render(request, "programmes/show_draw.html", context)


def _is_one_each(draw: Draw) -> bool:
    """Whether each practitioner was picked at most once, as the framework said."""
    pack = pack_of(draw.cycle.version)
    rule = pack.selection.get(pack.audit_types[draw.audit_type].selection or "")
    return rule is None or rule.one_per_practitioner


def _picks(draw: Draw, strata: list[Stratum]) -> QuerySet[Pick]:
    """The picks of some strata, in the order of picking."""
    picks = Pick.objects.filter(draw=draw, entry__stratum__in=[stratum.name for stratum in strata])
    return picks.select_related(
        "draw", "entry__subject", "entry__practitioner", "replaces__entry__subject", "replaced_by"
    ).order_by("position")


@require_safe
@needs(DRAW)
def show_frame(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every open case of the frame, eligible or left out with the reason; fifty at a time by key."""
    draw = draw_of(public_id)
    record_read(about=("draw", draw.public_id), by=person_of(request), at=timezone.now(), how="frame")
    words = words_of(draw.cycle.version, draw.audit_type)
    entries = FrameEntry.objects.filter(draw=draw)
    counted = entries.order_by().values_list("eligible", "reason").annotate(number=Count("pk"))
    counts = list(counted.order_by("-eligible", "-number"))
    strata = draw.strata.select_related("practitioner").order_by("position")
    titles = {stratum.name: stratum.title for stratum in strata}
    form = FrameFilter(
        request.GET,
        words=words,
        strata=titles.items(),
        reasons=[reason for _, reason, _ in counts if reason],
    )
    shown = _narrowed(entries, form) if form.is_valid() else entries.none()
    page = list(
        shown.filter(key__gt=request.GET.get("after", ""))
        .select_related("subject", "practitioner")
        .order_by("key")[: PAGE + 1]
    )
    query = request.GET.copy()
    query["after"] = page[PAGE - 1].key if len(page) > PAGE else ""
    context = {
        "draw": draw,
        "words": words,
        "form": form,
        "table": rows.table(
            words["Cases"],
            f"{words['Case']}|Team|{words['Practitioner']}|In the draw|Reason",
            rows.entry_rows(page[:PAGE], titles, may(request, "see subjects")),
            hide_caption=True,
        ),
        "counts": rows.table(
            "How many and why", f"Reason|In the draw|#{words['Cases']}", rows.reason_rows(counts)
        ),
        "next_url": f"?{query.urlencode()}" if len(page) > PAGE else "",
    }
    return render(request, "programmes/show_frame.html", context)


def _narrowed(entries, form: FrameFilter):
    """The entries that the filter asks for."""
    asked = form.cleaned_data
    if asked["stratum"]:
        entries = entries.filter(stratum=asked["stratum"])
    if asked["eligible"]:
        entries = entries.filter(eligible=asked["eligible"] == "yes")
    return entries.filter(reason=asked["reason"]) if asked["reason"] else entries


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def draw_picks(request: HttpRequest, public_id: str) -> HttpResponse:
    """The seed, entered or taken, after the frame's hash was shown; then the draw."""
    draw = draw_of(public_id)
    if draw.drawn_at or draw.abandoned_at:
        if request.method == "POST":
            messages.error(request, "This draw was made or abandoned meanwhile. Nothing was changed.")
        return redirect("show_draw", public_id=draw.public_id)
    form = SeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        seed = asked["seed"] if asked["how"] == ENTER else operations.new_seed()
        try:
            operations.draw(draw, seed=seed, by=person_of(request), at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"The {words_of(draw.cycle.version, draw.audit_type)['cases']} are drawn"
            )
            return redirect("show_draw", public_id=draw.public_id)
    return render(
        request,
        "programmes/draw_picks.html",
        {"draw": draw, "words": words_of(draw.cycle.version, draw.audit_type), "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def replace_pick(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Take the next ticket of the stratum in place of a pick, with the reason."""
    draw = draw_of(public_id)
    picks = Pick.objects.filter(draw=draw).select_related("entry__subject", "entry__practitioner")
    pick = get_object_or_404(picks, entry__key=key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], person_of(request)
        try:
            operations.replace_pick(draw, key, because=because, by=by, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{pick.entry.subject.shown} is replaced")
            return redirect("show_draw", public_id=draw.public_id)
    return render(
        request,
        "programmes/replace_pick.html",
        {"draw": draw, "words": words_of(draw.cycle.version, draw.audit_type), "pick": pick, "form": form},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAW)
def abandon_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Set a draw aside, with the reason."""
    draw = draw_of(public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], person_of(request)
        try:
            operations.abandon_draw(draw, because=because, by=by, at=timezone.localtime())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The draw is abandoned; it stays on record")
            return redirect("show_cycle", public_id=draw.cycle.public_id)
    return render(
        request,
        "programmes/abandon_draw.html",
        {"draw": draw, "words": words_of(draw.cycle.version, draw.audit_type), "form": form},
    )


@require_safe
@needs(DRAW)
def download_frame(request: HttpRequest, public_id: str) -> HttpResponse:
    """frame.csv, byte for byte as it was frozen."""
    return _file(frame_bytes(draw_of(public_id)), "text/csv; charset=utf-8", "frame.csv")


@require_safe
@needs(DRAW)
def download_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """draw.json, once there is a draw."""
    draw = draw_of(public_id)
    if not draw.drawn_at:
        raise Http404
    return _file(document_of(draw).as_json(), "application/json", "draw.json")


@require_safe
@needs(DRAW)
def download_reaudit_frame(request: HttpRequest, public_id: str) -> HttpResponse:
    """frame.csv of a draw among re-audits, byte for byte."""
    draw = get_object_or_404(ReauditDraw, public_id=public_id)
    return _file(bytes(draw.frame), "text/csv; charset=utf-8", "frame.csv")


@require_safe
@needs(DRAW)
def download_reaudit_draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """draw.json of a draw among re-audits."""
    draw = get_object_or_404(ReauditDraw, public_id=public_id)
    return _file(lots.document_of(draw).as_json(), "application/json", "draw.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
