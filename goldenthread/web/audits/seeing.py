"""Which audit a page is about: one that the person may see, with its contents only if they may read them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import about, may_read
from goldenthread.ledger.operations import record_read
from goldenthread.web.access import person_of


def audits_of(request: HttpRequest) -> AuditQuerySet:
    """The audits that the signed-in person may know of today."""
    return Audit.objects.visible_to(person_of(request), on=timezone.localdate())


def seen_audit(request: HttpRequest, public_id: str) -> Audit:
    """An audit that the signed-in person may know of, with what its pages name; else not found."""
    return _seen(request, public_id, _whole)


def saved_audit(request: HttpRequest, public_id: str) -> Audit:
    """An audit that the signed-in person may know of, with no more than a save needs; else not found."""
    return _seen(request, public_id, AuditQuerySet.with_framework)


def _seen(request: HttpRequest, public_id: str, fetched: Callable[[AuditQuerySet], AuditQuerySet]) -> Audit:
    """Most ask for audits in which they take part, which costs a fraction of what their posts let see."""
    taking_part = Audit.objects.with_part_for(person_of(request), on=timezone.localdate())
    found = fetched(taking_part).filter(public_id=public_id).first()
    return found or get_object_or_404(fetched(audits_of(request)), public_id=public_id)


def _whole(audits: AuditQuerySet) -> AuditQuerySet:
    """Audits with what their pages name; of the framework all but its text."""
    rows = audits.select_related("version", "unit", "subject", "auditor", "practitioner", "previous")
    return rows.defer("version__document")


def readable_audit(request: HttpRequest, public_id: str, how: str = "page") -> Audit:
    """An audit whose state shows its contents to the signed-in person; the read is noted. Else not found."""
    audit = seen_audit(request, public_id)
    if not may_read(audit, person_of(request), on=timezone.localdate()):
        raise Http404
    note_read(request, audit, how)
    return audit


def note_read(request: HttpRequest, audit: Audit, how: str = "page") -> None:
    """Write in the read log that the audit was opened."""
    record_read(about=about(audit), by=person_of(request), at=timezone.now(), how=how)
