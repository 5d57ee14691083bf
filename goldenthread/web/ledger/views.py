"""Pages of the ledger: what happened, what one event changed, one record's history."""

from datetime import datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from goldenthread.ledger import checkpoints, queries, verification
from goldenthread.ledger.models import Event
from goldenthread.ledger.operations import record_read
from goldenthread.web.access import may, needs, person_of
from goldenthread.web.ledger import pages, seeing
from goldenthread.web.ledger.forms import LedgerFilter
from goldenthread.web.ledger.reads import SEE_THE_READ_LOG
from goldenthread.web.ledger.wording import in_words
from goldenthread.web.links import url_of

SEE_THE_LEDGER = "see the ledger"
EVENT_HEAD = ("Event", "When", "Who", "What", "About")


@require_GET
@needs(SEE_THE_LEDGER)
def show_ledger(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first."""
    form = LedgerFilter(request.GET)
    found = queries.events(**_narrowed(form)) if form.is_valid() else Event.objects.none()
    page = pages.page_of(request, pages.without_private(found), key="position")
    context = {
        "form": form,
        "page": page,
        "head": EVENT_HEAD,
        "rows": pages.event_cells(page.rows),
        "newest": _newest_checkpoint(),
        "sees_reads": may(request, SEE_THE_READ_LOG),
    }
    return render(request, "ledger/show_ledger.html", context)


@require_GET
@needs(SEE_THE_LEDGER)
def show_event(request: HttpRequest, position: int) -> HttpResponse:
    """One event: who, when, what, about what, what it changed, and whether it is as it was sealed."""
    event = get_object_or_404(Event, position=position)
    if seeing.is_closed_to(request, event.about_kind, event.about_id):
        raise Http404
    sees_values = seeing.sees_values(request, event)
    if sees_values and event.about_kind not in seeing.OPEN_KINDS:
        about = (event.about_kind, event.about_id)
        record_read(about=about, by=person_of(request), at=timezone.now(), how="ledger")
    context = {
        "event": event,
        "what": in_words(event.what),
        "fault": verification.fault_of(position),
        "summary": pages.summary_of(event),
        "chain": pages.chain_of(event),
        "sees_values": sees_values,
        "head": ("What", "Before", "After"),
        "blanked_at": queries.blanked_at(event),
        "rows": pages.change_cells(queries.changes_of(event)) if sees_values else [],
        "sealed": queries.sealed_values(event) if sees_values else "",
    }
    return render(request, "ledger/show_event.html", context)


@require_GET
@needs(SEE_THE_LEDGER)
def show_history(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Everything that happened to one record, newest first."""
    found = Event.objects.about(kind, public_id)
    newest = found.order_by("-position").first()
    if newest is None or seeing.is_closed_to(request, kind, public_id):
        raise Http404
    page = pages.page_of(request, found, key="position")
    context = {
        "newest": newest,
        "url": url_of(kind, public_id),
        "page": page,
        "head": EVENT_HEAD,
        "rows": pages.event_cells(page.rows),
    }
    return render(request, "ledger/show_history.html", context)


def _narrowed(form: LedgerFilter) -> dict:
    """The form as the query takes it."""
    day = form.cleaned_data["until"]
    until = day and timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return {"by": form.cleaned_data["by"], "until": until}


def _newest_checkpoint() -> checkpoints.Checkpoint | None:
    """The newest checkpoint, or none; a damaged one is for `verify` to name."""
    try:
        return checkpoints.newest(checkpoints.folder())
    except checkpoints.Damaged:
        return None
