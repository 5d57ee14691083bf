"""Clocks that stood still: the task is due later by the days lost, and its reason says why.

This is no event of its own: it runs inside the operation that knows what paused the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Leave
from goldenthread.rules.clocks import Due, parse_length
from goldenthread.rules.framework import Clock
from goldenthread.rules.pauses import SAID, Pause, paused
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations.owing import warned_from
from goldenthread.tasks.queries import Standing, working_calendar


def leave_of(task: Task) -> list[Pause]:
    """The leave of the one person who owes a task, also what lies ahead; none where a post owes it."""
    if task.person_id is None:
        return []
    away = Leave.objects.filter(person=task.person_id, ends_on__gte=timezone.localdate(task.started_at))
    return [
        Pause(one.starts_on - timedelta(days=1), one.ends_on, "leave of whoever owes it")
        for one in away.order_by("starts_on")
    ]


def pause_task(task: Task, pauses: Iterable[Pause], *, at: datetime) -> bool:
    """Give a locked task the day on which its clock runs out; whether that is another than before.

    A day that was shown is never brought nearer, also where leave was taken back or somebody else owes it
    now. Where no calendar reaches so far the day stays.
    """
    if task.version is None:
        return False
    rule = pack_of(task.version).clocks.get(task.kind)
    if not isinstance(rule, Clock):
        return False
    first, why = task.unpaused_due_at or task.due_at, task.reason.split(SAID)[0]
    nation = None if rule.calendar == "organisation" else rule.calendar
    calendar = working_calendar(task.unit, nation, on=timezone.localdate(task.started_at))
    start = timezone.localdate(task.started_at)
    try:
        due = paused(
            Due(timezone.localtime(first), why),
            parse_length(rule.length),
            pauses,
            start=start,
            calendar=calendar,
        )
    except Refused:
        return False
    if due.at <= task.due_at:
        return False
    task.unpaused_due_at, task.due_at, task.reason = first, due.at, due.reason[:500]
    task.warn_at = warned_from(rule, due, Standing(task.unit), at=at)
    task.save(update_fields=["unpaused_due_at", "due_at", "reason", "warn_at"])
    return True
