"""Who may see what an event of the ledger changed: whoever may see it of that very record, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from goldenthread.audits.models import Audit, Moderation, Return
from goldenthread.audits.moderating import DRAW as MODERATION_DRAW
from goldenthread.audits.queries import may_read
from goldenthread.audits.returns import KIND as RETURN
from goldenthread.audits.returns import may_open as may_open_part
from goldenthread.audits.returns import returns_of
from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import Alert, Dispute, LateWork, PrivateConcern
from goldenthread.escalations.models.late import LATE
from goldenthread.escalations.models.private import PRIVATE
from goldenthread.escalations.queries import may_open
from goldenthread.governance.copies import SEE_REPORTS, reads_report
from goldenthread.governance.models import COPY, FURTHER_REPORT, PERSON_REPORT, REPORT, Copy, FurtherReport
from goldenthread.improvement.models import Action, Response
from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.programmes.models import Commission, Cycle, Occurrence
from goldenthread.programmes.queries import nominations
from goldenthread.programmes.queries.periods import is_reader, period_of
from goldenthread.registers.models import Agreement
from goldenthread.web.access import may, person_of

OPEN_KINDS = frozenset(
    {"cycle", "draw", "extract", "framework", "notices", "person", "subjects", "tasks", "unit"}
)
"""Kinds of record whose values say nothing from a case file."""
BY_PERMISSION = {
    "directory": "manage people",
    "draft": "manage frameworks",
    "dry_run": "manage frameworks",
    MODERATION_DRAW: "draw and allocate",
    "notice": "manage people",
    "people file": "manage people",
    "publishing": "manage frameworks",
    "slot": "draw and allocate",
}
"""Kinds of record whose pages one permission opens as a whole."""
OWN_RULE: dict[str, Any] = {
    "action": Action,
    "agreement": Agreement,
    "alert": Alert,
    "audit": Audit,
    "case": Subject,
    "commission": Commission,
    COPY: Copy,
    "dispute": Dispute,
    LATE: LateWork,
    "moderation": Moderation,
    "occurrence": Occurrence,
    PRIVATE: PrivateConcern,
    "response": Response,
    "subject": Subject,
}
"""Kinds of record that say themselves who may know of them."""


def is_closed_to(request: HttpRequest, kind: str, public_id: str) -> bool:
    """Whether even the existence of a record is not for this person."""
    if kind != PRIVATE:
        return False
    seen = PrivateConcern.objects.visible_to(person_of(request), on=timezone.localdate())
    return not seen.filter(public_id=public_id).exists()


def sees_values(request: HttpRequest, event: Event) -> bool:
    """Whether this person may see what an event changed: nothing that the record itself would not show.

    What is of a kind that no rule here knows is shown to nobody.
    """
    if event.about_kind in OPEN_KINDS:
        return True
    if permission := BY_PERMISSION.get(event.about_kind):
        return may(request, permission)
    if found := ASKED.get(event.about_kind):
        return found(request, event, timezone.localdate())
    return event.about_kind in OWN_RULE and _seen(request, event, timezone.localdate()) is not None


def _seen(request: HttpRequest, event: Event, on: date) -> Any:
    """The record that an event is about, if it says itself that this person may know of it."""
    seen = OWN_RULE[event.about_kind].objects.visible_to(person_of(request), on=on)
    return seen.filter(public_id=event.about_id).first()


def _audit(request: HttpRequest, event: Event, on: date) -> bool:
    """An audit whose contents are shown; and the part of it in which something was given."""
    found, person = _seen(request, event, on), person_of(request)
    if found is None or not may_read(found, person, on=on):
        return False
    keys = [change.after for change in changes_of(event) if change.name == "return"]
    parts = [one for one in returns_of(found) if one.key in keys] if keys else []
    return all(may_open_part(one, person, on=on) for one in parts)


def _dispute(request: HttpRequest, event: Event, on: date) -> bool:
    found = _seen(request, event, on)
    return found is not None and may_open(found, person_of(request), on=on)


def _nomination(request: HttpRequest, event: Event, on: date) -> bool:
    return nominations.visible_to(person_of(request), on=on).filter(public_id=event.about_id).exists()


def _part(request: HttpRequest, event: Event, on: date) -> bool:
    """A part of an audit that this person may open."""
    of = Return.objects.select_related("audit__version").filter(public_id=event.about_id).first()
    return of is not None and may_open_part(of, person_of(request), on=on)


def _report(request: HttpRequest, event: Event, on: date) -> bool:
    """A cycle's report, for whoever sees reports."""
    cycle = Cycle.objects.select_related("version__framework").filter(public_id=event.about_id).first()
    return cycle is not None and _reads(request, cycle, "", on)


def _further_report(request: HttpRequest, event: Event, on: date) -> bool:
    """A report for its readers; one about a person for them, and for those who see the audits."""
    known = FurtherReport.objects.select_related("cycle__version__framework", "person")
    found = known.filter(public_id=event.about_id).first()
    if found is None:
        return False
    if found.person is None:
        return _reads(request, found.cycle, found.report, on)
    period = period_of(found.cycle, found.report)
    if period is None or period.rule is None:
        return False
    return reads_report(person_of(request), period.of(found.person), on=on)


def _reads(request: HttpRequest, cycle: Cycle, name: str, on: date) -> bool:
    period = period_of(cycle, name)
    return period is not None and may(request, SEE_REPORTS) and is_reader(person_of(request), period, on=on)


ASKED: dict[str, Callable[[HttpRequest, Event, date], bool]] = {
    "audit": _audit,
    "dispute": _dispute,
    "nomination": _nomination,
    RETURN: _part,
    REPORT: _report,
    FURTHER_REPORT: _further_report,
    PERSON_REPORT: _further_report,
}
"""Kinds of record that are seen by more than whether one knows of them."""
