"""Clocks that stand still: by a dispute, by leave, or by a pause that somebody records and may end."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import ACTION, Action
from goldenthread.improvement.standing_still import may_pause, pauses_of, takes_pauses
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.actions import DO
from goldenthread.rules.framework import Clock
from goldenthread.rules.pauses import Pause, PauseRule, within
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import ClockPause, Task
from goldenthread.tasks.operations import due_after, pause_task, recorded_pauses, write_notices
from goldenthread.tasks.operations.pausing import calendar_of
from goldenthread.tasks.queries import Standing, people_of

logger = logging.getLogger(__name__)

LONGEST = 2000
STANDS_STILL = ("{reference}: a clock stands still", "By when it is due now, and why, is here: {link}")
RUNS_ON = ("{reference}: a clock runs on", "By when it is due now, and why, is here: {link}")
ONLY_THOSE = "A clock is paused, and a pause ended, by those whom the framework names. Ask one of them."


def pause_clocks(*, at: datetime) -> int:
    """Move on what is owed under clocks that stand still; how many tasks are due later than before.

    What pauses without an end does so until today, so that its tasks move on day by day. A task that
    cannot be reckoned keeps no other from moving.
    """
    moved = 0
    for version in Version.objects.order_by("pk"):
        kinds = [
            name
            for name, rule in pack_of(version).clocks.items()
            if isinstance(rule, Clock) and rule.paused_by
        ]
        if (actions := pack_of(version).actions) is not None and actions.paused_by:
            kinds.append(DO)
        for task in Task.objects.open().filter(version=version, kind__in=kinds).order_by("pk"):
            try:
                moved += _pause(task, at=at)
            except Exception:
                logger.exception("The clock of the task %s could not be paused", task.public_id)
    return moved


@transaction.atomic
def record_pause(
    task: Task, *, reason: str, why: str, starts_on: date, until_on: date | None, by: Person, at: datetime
) -> ClockPause:
    """Let the clock of a task stand still, from a day to a day or until the pause is ended.

    `reason` is one of the framework's; `why` says it in words. Whoever owes the task is told.
    """
    task = _locked(task.pk)
    rule = _rule(task, by, at)
    row = ClockPause(
        task=task,
        reason=reason,
        why=why.strip(),
        starts_on=starts_on,
        until_on=until_on,
        paused_by=by,
        paused_at=at,
    )
    _must_say(row, rule)
    _must_fit(row, rule, at)
    due_after(task, pauses_of(task, at=at, besides=[row]))  # refuses what no calendar reaches
    row.save()
    before = task.due_at
    pause_task(task, pauses_of(task, at=at), at=at)
    moved = _move_action(task)
    values: dict[str, object] = {
        "clock": task.kind,
        "pause": reason,
        "why": row.why,
        "from": starts_on.isoformat(),
        "until": until_on.isoformat() if until_on else "until it is ended",
    }
    record("clock.pause", about=_about(task), by=by, at=at, values=values | _moved(before, task) | moved)
    _tell(row, STANDS_STILL, by=by, at=at)
    return row


@transaction.atomic
def end_pause(pause: ClockPause, *, by: Person, at: datetime) -> ClockPause:
    """Let the clock run on from the end of today; its day is reckoned anew, and may come nearer."""
    task = _locked(pause.task_id)
    pause = ClockPause.objects.select_for_update(of=("self",)).get(pk=pause.pk)
    _rule(task, by, at)
    if not ClockPause.objects.standing(timezone.localdate(at)).filter(pk=pause.pk).exists():
        raise Refused("This pause is over already. The page says by when the task is due now.")
    pause.ended_by, pause.ended_at = by, at
    pause.save(update_fields=["ended_by", "ended_at"])
    before = task.due_at
    pause_task(task, pauses_of(task, at=at), at=at, nearer=True)
    moved = _move_action(task)
    values: dict[str, object] = {"clock": task.kind, "pause": pause.reason}
    values |= _moved(before, task) | moved
    record("clock.run_on", about=_about(task), by=by, at=at, values=values)
    pause.task = task
    _tell(pause, RUNS_ON, by=by, at=at)
    return pause


@transaction.atomic
def _pause(task: Task, *, at: datetime) -> int:
    """Move one task on, if it is still open and was not late before it stood still."""
    rows = Task.objects.open().select_for_update(of=("self",)).select_related("version", "unit")
    found = rows.filter(pk=task.pk).first()
    if found is None:
        return 0
    before, pauses = found.due_at, pauses_of(found, at=at)
    if not pauses or not pause_task(found, pauses, at=at):
        return 0
    values = _moved(before, found) | _move_action(found)
    record("task.pause", about=_about(found), by=None, at=at, values=values)
    return 1


def _move_action(task: Task) -> dict[str, object]:
    """Let an action be due when the task to do it is; says for the ledger the day that was agreed.

    An action that is due on the day agreed again, since its pause was ended, was not moved.
    """
    if (task.about_kind, task.kind) != (ACTION, DO):
        return {}
    action = Action.objects.select_for_update(of=("self",)).get(public_id=task.about_id)
    agreed, action.due_on = action.agreed_for or action.due_on, timezone.localdate(task.due_at)
    action.agreed_for = agreed if action.due_on > agreed else None
    action.save(update_fields=["due_on", "agreed_for"])
    return {"agreed": agreed.isoformat()}


def _rule(task: Task, by: Person, at: datetime) -> PauseRule:
    """The rule by which a pause of this task is recorded or ended; `Refused` where they may not."""
    rule = pack_of(task.version).pauses if task.version is not None else None
    if rule is None or not takes_pauses(task):
        raise Refused("The framework does not let this clock stand still, so it runs on.")
    if not may_pause(task, by, on=timezone.localdate(at)):
        raise Refused(ONLY_THOSE)
    if task.finished_at is not None or task.cancelled_at is not None:
        raise Refused("This is done, or owed no more, so there is no clock to pause.")
    return rule


def _must_say(row: ClockPause, rule: PauseRule) -> None:
    """Refuse a pause that lacks its reason, or whose days are none."""
    began, due = timezone.localdate(row.task.started_at), timezone.localdate(row.task.due_at)
    if row.reason not in rule.reasons:
        raise Refused("Choose one of the reasons for which the framework lets a clock stand still.")
    if not row.why:
        raise Refused("Say in words why the clock stands still.")
    if len(row.why) > LONGEST:
        raise Refused(f"Say why in {LONGEST} characters or fewer.")
    if row.until_on is not None and row.until_on < row.starts_on:
        raise Refused("The last day lies before the first. Give a later one, or leave it empty.")
    if row.starts_on < began:
        raise Refused(f"The clock began on {_day(began)}. Give that day or a later one as the first.")
    if row.starts_on > due:
        raise Refused(f"It is due on {_day(due)}, before the pause begins. Give an earlier first day.")


def _must_fit(row: ClockPause, rule: PauseRule, at: datetime) -> None:
    """Refuse a pause over another one of the same clock, or for longer than the framework allows."""
    for other in row.task.pauses.all():
        last = min(
            other.until_on or date.max, timezone.localdate(other.ended_at) if other.ended_at else date.max
        )
        if other.starts_on <= (row.until_on or date.max) and row.starts_on <= last:
            raise Refused("The clock stands still on some of these days already. End that pause first.")
    if rule.at_most_working_days is None:
        return
    calendar, most = calendar_of(row.task), rule.at_most_working_days
    whole = [
        *recorded_pauses(row.task, at=at),
        Pause(row.starts_on - timedelta(days=1), row.until_on or row.starts_on, ""),
    ]
    if within(whole, most, calendar) != sorted(whole, key=lambda one: (one.after, one.until)):
        used = sum(
            calendar.working_days_between(one.after, one.until) for one in whole[:-1] if one.after < one.until
        )
        left = max(most - used, 0)
        raise Refused(
            f"The framework lets this clock stand still on at most {most} working "
            f"{'day' if most == 1 else 'days'} in all, and {left} "
            f"{'is' if left == 1 else 'are'} left. Give an earlier last day, or end another pause first."
        )


def _locked(pk: int) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related("version", "unit", "person")
    return rows.get(pk=pk)


def _about(task: Task) -> tuple[str, str, str]:
    return task.about_kind, task.about_id, task.about_label


def _moved(before: datetime, task: Task) -> dict[str, object]:
    return {
        "was due": timezone.localdate(before).isoformat(),
        "due": timezone.localdate(task.due_at).isoformat(),
        "reason": task.reason,
    }


def _tell(row: ClockPause, wording: tuple[str, str], *, by: Person, at: datetime) -> None:
    """Tell whoever owes the task, unless they did it themselves; their own list says by when, and why."""
    task = row.task
    if task.person is not None:
        people = [task.person]
    else:
        assert task.version is not None
        people = people_of(task.role, pack_of(task.version), Standing(task.unit), on=timezone.localdate(at))
    write_notices(
        pack=None,
        notice=wording,
        about=_about(task),
        path="/returns/" if task.person is not None and task.person.is_outside else "/tasks/",
        people=[one for one in people if one != by],
        values={"reference": task.about_label},
        at=at,
        key=f"pause:{row.public_id}:{'ended' if row.ended_at else 'begun'}",
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
