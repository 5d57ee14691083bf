"""Which audit a page is about: one that the person may see, with its contents only if they may read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet, Return
from goldenthread.audits.queries import about, may_edit, may_read
from goldenthread.audits.returns import about_return, holds, may_arrange, may_invite, may_open
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.operations import record_read
from goldenthread.people.models import Person
from goldenthread.web.access import person_of


def audits_of(request: HttpRequest) -> AuditQuerySet:
    """The audits that the signed-in person may know of today."""
    return Audit.objects.visible_to(person_of(request), on=timezone.localdate())


def seen_audit(request: HttpRequest, public_id: str) -> Audit:
    """An audit that the signed-in person may know of, with what its pages name; else not found."""
    return _seen(request, public_id, _whole, _whole_by_post)


def saved_audit(request: HttpRequest, public_id: str) -> Audit:
    """An audit that the signed-in person may know of, with no more than a save needs; else not found."""
    return _seen(request, public_id, _saved, _saved_by_post)


def _seen(request: HttpRequest, public_id: str, taking_part: Compiled, by_post: Compiled) -> Audit:
    """Most ask for audits in which they take part, which costs a fraction of what their posts let see."""
    person, on = person_of(request), timezone.localdate()
    found: Audit | None = taking_part.first(person=person.pk, on=on, public_id=public_id)
    found = found or by_post.first(held=holding(person, on), public_id=public_id)
    if found is None:
        raise Http404
    return found


def _whole_of(audits: AuditQuerySet) -> AuditQuerySet:
    """Audits with what their pages name; of the framework all but its text."""
    rows = audits.select_related("version__framework", "unit", "subject", "auditor", "practitioner")
    return rows.defer("version__document")


def _with_part(fetched: Callable[[AuditQuerySet], AuditQuerySet]) -> Compiled:
    """An audit, if the person takes part in it on the day and does not moderate it blind."""

    def build(person: int, on: date, public_id: str) -> AuditQuerySet:
        taking_part = Audit.objects.with_part_for(Person(pk=person), on=on)
        return fetched(taking_part.filter(public_id=public_id))

    return Compiled(build, person=int, on=date, public_id=str)


def _visible(fetched: Callable[[AuditQuerySet], AuditQuerySet]) -> Compiled:
    """An audit, if the person may know of it that day."""

    def build(held: Holding, public_id: str) -> AuditQuerySet:
        return fetched(Audit.objects.visible_to(held.reader, on=held.on).filter(public_id=public_id))

    return Compiled(build, held=Holding, public_id=str)


_whole, _whole_by_post = _with_part(_whole_of), _visible(_whole_of)
_saved = _with_part(AuditQuerySet.with_framework)
_saved_by_post = _visible(AuditQuerySet.with_framework)


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


def opened_return(request: HttpRequest, public_id: str, how: str = "return") -> Return:
    """A return that the signed-in person may open: their own, or one shown to them; the read is noted."""
    of = known_return(request, public_id, how)
    if not may_open(of, person_of(request), on=timezone.localdate()):
        raise Http404
    return of


def known_return(request: HttpRequest, public_id: str, how: str = "return") -> Return:
    """A return that the signed-in person may open, or may invite to or give up; the read is noted."""
    of = _return(public_id)
    person, on = person_of(request), timezone.localdate()
    if not may_open(of, person, on=on) and not may_invite(of, person, on=on):
        raise Http404
    record_read(about=about_return(of), by=person, at=timezone.now(), how=how)
    return of


def own_return(request: HttpRequest, public_id: str) -> Return:
    """A return that the signed-in person fills in, whether or not it is still open; else not found."""
    of = _return(public_id)
    if not holds(of, person_of(request), on=timezone.localdate()):
        raise Http404
    return of


def arranged_return(request: HttpRequest, public_id: str) -> Return:
    """A return of an audit that the signed-in person works on, or has been asked to invite to."""
    of = _return(public_id)
    person, on = person_of(request), timezone.localdate()
    known = Audit.objects.visible_to(person, on=on).filter(pk=of.audit_id).exists()
    if not (may_edit(of.audit, person, on=on) and known) and not may_arrange(of, person, on=on):
        raise Http404
    return of


def _return(public_id: str) -> Return:
    """A return with what its pages name."""
    found = Return.objects.select_related(
        "person", "settled_by", *(f"audit__{name}" for name in ("version", "unit", "subject", "auditor"))
    )
    return get_object_or_404(
        found.select_related("audit__practitioner").defer("audit__version__document"), public_id=public_id
    )
