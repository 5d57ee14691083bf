"""Clocks that stand still while a dispute of the audit is open, or while whoever owes the work is on leave.

It lives in the highest folder that owes anything about an audit, and so knows them all.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit, Hold
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import ACTION, RESPONSE
from goldenthread.ledger.operations import record
from goldenthread.rules.framework import Clock
from goldenthread.rules.pauses import Pause
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import leave_of, pause_task

logger = logging.getLogger(__name__)

DISPUTE = "dispute"


def pause_clocks(*, at: datetime) -> int:
    """Move on what is owed under clocks that stand still; how many tasks are due later than before.

    A dispute pauses until today while it is open, so that its tasks move on day by day. A task that
    cannot be reckoned keeps no other from moving.
    """
    moved = 0
    for version in Version.objects.order_by("pk"):
        kinds = [
            name
            for name, rule in pack_of(version).clocks.items()
            if isinstance(rule, Clock) and rule.paused_by
        ]
        for task in Task.objects.open().filter(version=version, kind__in=kinds).order_by("pk"):
            try:
                moved += _pause(task, at=at)
            except Exception:
                logger.exception("The clock of the task %s could not be paused", task.public_id)
    return moved


@transaction.atomic
def _pause(task: Task, *, at: datetime) -> int:
    """Move one task on, if it is still open and was not late before it stood still."""
    rows = Task.objects.open().select_for_update(of=("self",)).select_related("version", "unit")
    found = rows.filter(pk=task.pk).first()
    if found is None or found.version is None:
        return 0
    rule, before = pack_of(found.version).clocks[found.kind], found.due_at
    by = rule.paused_by if isinstance(rule, Clock) else ()
    pauses = [
        *(_disputes(found, at=at) if "a dispute" in by else ()),
        *(leave_of(found) if "leave" in by else ()),
    ]
    if not pauses or not pause_task(found, pauses, at=at):
        return 0
    values: dict[str, object] = {
        "was due": timezone.localdate(before).isoformat(),
        "due": timezone.localdate(found.due_at).isoformat(),
        "reason": found.reason,
    }
    about = (found.about_kind, found.about_id, found.about_label)
    record("task.pause", about=about, by=None, at=at, values=values)
    return 1


def _disputes(task: Task, *, at: datetime) -> list[Pause]:
    """The disputes of the audit that a task is about, each until it ended or until today."""
    audits = {
        AUDIT: Audit.objects.filter(public_id=task.about_id),
        RESPONSE: Audit.objects.filter(responses__public_id=task.about_id),
        ACTION: Audit.objects.filter(responses__actions__public_id=task.about_id),
    }
    if task.about_kind not in audits:
        return []
    held = Hold.objects.filter(audit__in=audits[task.about_kind], about_kind=DISPUTE).order_by(
        "placed_at", "pk"
    )
    return [
        Pause(timezone.localdate(one.placed_at), timezone.localdate(one.lifted_at or at), "a dispute")
        for one in held
    ]
