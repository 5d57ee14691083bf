"""Sending an audit: it begins, those concerned take part, what is owed starts, and they are told."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Audit, EarlierWork, Participant
from goldenthread.audits.operations.clocks import start_clocks, tell
from goldenthread.audits.operations.consenting import ask_for_consents, close_records
from goldenthread.audits.operations.returning import begin_returns
from goldenthread.audits.queries import standing_of
from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import involved_since, workers_between
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Unit
from goldenthread.rules.clocks import Due
from goldenthread.rules.framework import AuditType
from goldenthread.rules.spans import parse_span, span_before

SENDING = "sending"


def create_audit(
    *,
    version: Version,
    audit_type: str,
    cycle: str,
    cycle_closes_on: date,
    number: str,
    subject: Subject,
    unit: Unit,
    practitioner: Person | None,
    auditor: Person,
    previous: Audit | None,
    on: date,
    at: datetime,
    due_by: Due | None = None,
) -> Audit:
    """Begin an audit within the sending of its cycle, whose event covers it.

    `due_by` says when an audit that a trigger led to is due, and why then.
    """
    pack = pack_of(version)
    rule = pack.audit_types[audit_type]
    flow = pack.flow_of(audit_type)
    looks_from = period_start(rule, subject, on=on)
    audit = Audit.objects.create(
        version=version,
        audit_type=audit_type,
        cycle=cycle,
        cycle_closes_on=cycle_closes_on,
        number=number,
        subject=subject,
        unit=unit,
        practitioner=practitioner,
        auditor=auditor,
        previous=previous,
        state=flow.first,
        phase=flow.states[flow.first].phase,
        looks_from=looks_from,
        looks_to=on,
        sent_at=at,
    )
    name_participants(audit, on=timezone.localdate(at))
    name_earlier_work(audit)
    standing = standing_of(audit)
    due = start_clocks(audit, rule.on_sending_starts, standing, at=at, due_by=due_by)
    tell(audit, SENDING, standing, at=at, due=due)
    begin_returns(audit, standing, at=at)
    close_records(audit, at=at)
    ask_for_consents(audit, standing, at=at)
    return audit


def period_start(rule: AuditType, subject: Subject, *, on: date) -> date:
    """The first day looked at: so long before the day, or later if involvement began later (WF-6)."""
    back = span_before(parse_span(rule.looks_back), on)
    since = involved_since(subject, on)
    return min(on, max(back, since)) if since else back


def name_participants(audit: Audit, *, on: date) -> None:
    """The auditor and the practitioner, who see the audit from the day it is sent."""
    for relation, person in (("auditor", audit.auditor), ("practitioner", audit.practitioner)):
        if person is not None:
            Participant.objects.create(audit=audit, person=person, relation=relation, starts_on=on)


def name_earlier_work(audit: Audit) -> None:
    """Workers and teams who had the case within the period and have it no more (WF-11)."""
    seen: set[tuple[int | None, int | None]] = set()
    for work in workers_between(audit.subject, audit.looks_from, audit.looks_to):
        if work.ends_on is None or work.ends_on >= audit.looks_to:
            continue
        is_own = work.person_id is not None and work.person_id == audit.practitioner_id
        person = None if is_own else work.person
        if person is None and (work.unit_id is None or work.unit_id == audit.unit_id):
            continue
        named = (person.pk if person else None, work.unit_id)
        if named not in seen:
            seen.add(named)
            EarlierWork.objects.create(audit=audit, person=person, unit=work.unit)
