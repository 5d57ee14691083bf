"""Clocks that stood still: the task is due later by the time lost, and its reason says why.

This is no event of its own: it runs inside the operation that knows what paused the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Leave
from goldenthread.rules.actions import DO
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import Due, parse_length
from goldenthread.rules.framework import Clock
from goldenthread.rules.pauses import SAID, Pause, paused, within
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import ClockPause, Task
from goldenthread.tasks.operations.owing import warned_from
from goldenthread.tasks.queries import Standing, working_calendar


def clock_of(task: Task) -> Clock | None:
    """The clock of a task, where it has one of its own and not the day of a cycle.

    The day agreed for an action is one where the framework says what pauses it: the days of the calendar.
    """
    if task.version is None:
        return None
    pack = pack_of(task.version)
    if task.kind == DO and pack.actions is not None:
        return Clock(
            title=task.title,
            length="1 calendar day",
            starts="its agreement",
            owed_by="its owner",
            paused_by=pack.actions.paused_by,
        )
    rule = pack.clocks.get(task.kind)
    return rule if isinstance(rule, Clock) else None


def leave_of(task: Task) -> list[Pause]:
    """The leave of the one person who owes a task, also what lies ahead; none where a post owes it."""
    if task.person_id is None:
        return []
    away = Leave.objects.filter(person=task.person_id, ends_on__gte=timezone.localdate(task.started_at))
    return [
        Pause(one.starts_on - timedelta(days=1), one.ends_on, "leave of whoever owes it")
        for one in away.order_by("starts_on")
    ]


def recorded_pauses(task: Task, *, at: datetime, besides: Iterable[ClockPause] = ()) -> list[Pause]:
    """What somebody recorded, no further than the framework allows; without an end, until today.

    `besides` are pauses that are not saved yet.
    """
    rule = pack_of(task.version).pauses if task.version is not None else None
    if rule is None:
        return []
    rows = [*task.pauses.order_by("starts_on", "pk"), *besides]
    pauses = [
        _pause_of(one, rule.reasons.get(one.reason, one.reason), timezone.localdate(at)) for one in rows
    ]
    return within(pauses, rule.at_most_working_days, calendar_of(task))


def _pause_of(row: ClockPause, why: str, on: date) -> Pause:
    last = min(row.until_on or on, timezone.localdate(row.ended_at) if row.ended_at else date.max)
    at_once = timezone.localdate(row.paused_at) == row.starts_on
    return Pause(row.starts_on - timedelta(days=1), last, why, row.paused_at if at_once else None)


def calendar_of(task: Task) -> Calendar:
    """The working days by which the clock of a task counts."""
    rule = clock_of(task)
    nation = None if rule is None or rule.calendar == "organisation" else rule.calendar
    return working_calendar(task.unit, nation, on=timezone.localdate(task.started_at))


def due_after(task: Task, pauses: Iterable[Pause]) -> Due:
    """When the clock of a task runs out that stood still meanwhile; `Refused` past all calendars."""
    rule = clock_of(task)
    first = Due(timezone.localtime(task.unpaused_due_at or task.due_at), task.reason.split(SAID)[0])
    if rule is None:
        return first
    start = timezone.localtime(task.started_at)
    return paused(first, parse_length(rule.length), pauses, start=start, calendar=calendar_of(task))


def pause_task(task: Task, pauses: Iterable[Pause], *, at: datetime, nearer: bool = False) -> bool:
    """Give a locked task the day on which its clock runs out; whether that is another than before.

    A day that was shown is never brought nearer, also where leave was taken back or somebody else owes it
    now; only with `nearer`, which is for whoever ends a pause. Where no calendar reaches the day stays.
    """
    rule = clock_of(task)
    if rule is None:
        return False
    try:
        due = due_after(task, pauses)
    except Refused:
        return False
    if due.at == task.due_at or (due.at < task.due_at and not nearer):
        return False
    task.unpaused_due_at = task.unpaused_due_at or task.due_at
    task.due_at, task.reason = due.at, due.reason[:500]
    task.warn_at = warned_from(rule, due, Standing(task.unit), at=at)
    task.save(update_fields=["unpaused_due_at", "due_at", "reason", "warn_at"])
    return True
