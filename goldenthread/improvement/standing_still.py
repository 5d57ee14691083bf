"""What lets the clocks of an audit, and of what follows it, stand still; and who may record a pause.

It lives in the highest folder that owes anything about an audit, and so knows them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet, Hold
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.audits.queries import holds_one_of
from goldenthread.audits.returns import KIND as RETURN
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import ACTION, RESPONSE
from goldenthread.people.models import Person
from goldenthread.rules.pauses import DISPUTE, LEAVE, RECORDED, Pause
from goldenthread.tasks.models import ClockPause, Task
from goldenthread.tasks.operations import leave_of, recorded_pauses
from goldenthread.tasks.operations.pausing import clock_of

KINDS = (AUDIT, RETURN, RESPONSE, ACTION)
"""The records whose clocks may stand still by a pause that somebody records; never an alert."""
HELD_BY = "dispute"


def audits_of(task: Task) -> AuditQuerySet:
    """The audit that a task is about, by itself, a part of it or what follows it; none for another record."""
    if task.about_kind == AUDIT:
        return Audit.objects.filter(public_id=task.about_id)
    if task.about_kind == RETURN:
        return Audit.objects.filter(returns__public_id=task.about_id)
    if task.about_kind == RESPONSE:
        return Audit.objects.filter(responses__public_id=task.about_id)
    if task.about_kind == ACTION:
        return Audit.objects.filter(responses__actions__public_id=task.about_id)
    return Audit.objects.none()


def pauses_of(task: Task, *, at: datetime, besides: Iterable[ClockPause] = ()) -> list[Pause]:
    """Everything that lets the clock of a task stand still, as its framework says.

    `besides` are recorded pauses that are not saved yet.
    """
    rule = clock_of(task)
    by = rule.paused_by if rule is not None else ()
    return [
        *(_disputes(task, at=at) if DISPUTE in by else ()),
        *(leave_of(task) if LEAVE in by else ()),
        *(recorded_pauses(task, at=at, besides=besides) if RECORDED in by else ()),
    ]


def takes_pauses(task: Task) -> bool:
    """Whether a pause may be recorded for the clock of a task."""
    rule = clock_of(task)
    return task.about_kind in KINDS and rule is not None and RECORDED in rule.paused_by


def may_pause(task: Task, person: Person, *, on: date) -> bool:
    """Whether a person may pause the clock of a task, and end its pauses."""
    if not takes_pauses(task) or task.version is None:
        return False
    rule, audit = pack_of(task.version).pauses, audits_of(task).with_framework("unit").first()
    return rule is not None and audit is not None and holds_one_of(rule.by, audit, person, on=on)


def _disputes(task: Task, *, at: datetime) -> list[Pause]:
    """The disputes of the audit that a task is about, each until it ended or until today."""
    held = Hold.objects.filter(audit__in=audits_of(task), about_kind=HELD_BY).order_by("placed_at", "pk")
    return [
        Pause(
            timezone.localdate(one.placed_at),
            timezone.localdate(one.lifted_at or at),
            DISPUTE,
            since=one.placed_at,
        )
        for one in held
    ]
