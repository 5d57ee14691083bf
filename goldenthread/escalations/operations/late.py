"""Late work climbs the ladders of its framework by itself, until it is done (WF-18)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.locking import must_fit
from goldenthread.audits.queries import standing_of
from goldenthread.escalations.models import KIND, LateStage, LateWork
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.escalations.models.late import LATE
from goldenthread.escalations.models.private import PRIVATE
from goldenthread.escalations.operations.asking import ask
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules import clocks
from goldenthread.rules.ladders import LateLadder, Repeated, is_last
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task, TaskQuerySet
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Standing, people_of, working_calendar

logger = logging.getLogger(__name__)

WAITS = (
    "{reference}: your reply is needed",
    "Something about {reference} is late, or has come back, and you are asked or told of it. What it is, and "
    "since when, is here: {link}",
)
CLIMBS_ITSELF = (KIND, DISPUTE, PRIVATE, LATE)
"""Kinds of record whose tasks move up by ladders of their own, or are a ladder's own."""
MOST_AT_ONCE = 200
SEE_TO_IT = "See that the late work is done"


def escalate_late_work(*, at: datetime) -> int:
    """End the ladders of work that is done, move up what stayed silent, begin what is late; how many moved.

    Each moves one stage at a time, so that a stage has its full time also after the system stood still.
    One that reaches nobody is tried again at the next run, and keeps no other from moving.
    """
    for late in LateWork.objects.over(at).order_by("pk"):
        _end(late, at=at)
    moved = 0
    for pk in list(LateStage.objects.silent(at).values_list("late", flat=True)[:MOST_AT_ONCE]):
        try:
            moved += _move_up(LateWork.objects.get(pk=pk), at=at)
        except Exception:
            logger.exception("Late work could not be moved up; it is tried again")
    for task, ladder in _to_begin(at)[:MOST_AT_ONCE]:
        try:
            moved += _begin(task, ladder, at=at)
        except Exception:
            logger.exception("Nobody could be asked about the task %s; it is tried again", task.public_id)
    return moved


@transaction.atomic
def reply_about_late_work(late: LateWork, *, said: str, by: Person, at: datetime) -> LateWork:
    """Note what is being done; the stage then has its time once more, counted from the reply."""
    late = _locked(late)
    if late.ended_at is not None or LateWork.objects.over(at).filter(pk=late.pk).exists():
        raise Refused("This is no longer late, so no reply is needed.")
    if not LateWork.objects.asked_of(by, on=timezone.localdate(at)).filter(pk=late.pk).exists():
        raise Refused("A reply is given by those who were asked for one, while it is their turn.")
    stage = late.stages.running().get()
    if stage.replied_at is not None:
        raise Refused("A reply is here already. It stands on this page.")
    must_fit(said)
    if not said.strip():
        raise Refused(_ladder(late).asks)
    finish_tasks(about=_about(late), by=by, at=at)
    stage.said, stage.replied_by, stage.replied_at, stage.silent_at = said.strip(), by, at, None
    if late.repeated:
        stage.ended_at = late.ended_at = at
        late.save(update_fields=["ended_at"])
    else:
        rung = _ladder(late).rungs[stage.number - 1]
        stage.task = _ask(late, rung.role, rung.clock, SEE_TO_IT, at=at)[0][0]
    stage.save(update_fields=["said", "replied_by", "replied_at", "silent_at", "task", "ended_at"])
    values = {"stage": stage.number, "said": stage.said}
    record("late.reply", about=_about(late), by=by, at=at, values=values)
    return late


def begin_ladder(task: Task, ladder: str, *, at: datetime) -> None:
    """Ask the first stage of a ladder about a task that need not be late; it ends with a reply."""
    _begin(task, ladder, at=at)


def _to_begin(at: datetime) -> list[tuple[Task, str]]:
    """Tasks with the ladder that each begins, the one due longest ago first."""
    found: list[tuple[Task, str]] = []
    tasks = Task.objects.exclude(about_kind__in=CLIMBS_ITSELF)
    for version in Version.objects.order_by("pk"):
        for name, ladder in pack_of(version).ladders.items():
            mine = tasks.filter(version=version)
            if ladder.when_repeated is not None:
                found += [(task, name) for task in _repeated(mine, name, ladder.when_repeated, at)]
                continue
            running = LateWork.objects.running().filter(ladder=name).values("task")
            late = mine.open().overdue(at).filter(kind__in=ladder.when_late).exclude(pk__in=running)
            found += [(task, name) for task in late.order_by("due_at", "pk")[:MOST_AT_ONCE]]
    return sorted(found, key=lambda one: (one[0].due_at, one[0].pk))


def _repeated(tasks: TaskQuerySet, name: str, rule: Repeated, at: datetime) -> list[Task]:
    """The task that came to a person as the n-th within the time, for each person whom that befell.

    What a ladder has counted already is not counted again.
    """
    since = clocks.before(rule.within, timezone.localdate(at), working_calendar(on=timezone.localdate(at)))
    recent = tasks.filter(kind__in=rule.clocks, person__isnull=False, started_at__gte=clocks.end_of(since))
    by_person: dict[int, list[Task]] = {}
    for task in recent.order_by("started_at", "pk"):
        by_person.setdefault(task.person_id or 0, []).append(task)
    begun = LateWork.objects.filter(ladder=name, repeated=True, task__version__in=tasks.values("version"))
    last = dict(begun.order_by("task__started_at").values_list("task__person", "task__started_at"))
    found = []
    for person, came in by_person.items():
        new = [task for task in came if person not in last or task.started_at > last[person]]
        found += [new[rule.times - 1]] if len(new) >= rule.times else []
    return found


@transaction.atomic
def _begin(task: Task, ladder: str, *, at: datetime) -> int:
    """Begin a ladder, unless the work was done or another run began it meanwhile."""
    task = Task.objects.select_for_update(of=("self",)).select_related("version").get(pk=task.pk)
    begun = LateWork.objects.filter(task=task, ladder=ladder)
    if task.version is None or begun.running().exists():
        return 0
    repeated = not pack_of(task.version).ladders[ladder].when_late
    is_late = task.finished_at is None and task.cancelled_at is None and task.due_at < at
    if begun.exists() if repeated else not is_late:
        return 0
    late = LateWork.objects.create(
        version=task.version, ladder=ladder, task=task, repeated=repeated, began_at=at
    )
    told = _begin_stage(late, 1, at=at)
    if not told:
        raise Refused("Nobody holds a post of this ladder now.")
    record("late.begin", about=_about(late), by=None, at=at, values={"ladder": ladder, "told": told})
    return 1


@transaction.atomic
def _move_up(late: LateWork, *, at: datetime) -> int:
    """Note that a stage's time ran out and begin the next; the last one goes on."""
    late = _locked(late)
    stage = LateStage.objects.silent(at).filter(late=late).first()
    if stage is None or LateWork.objects.over(at).filter(pk=late.pk).exists():
        return 0
    stage.silent_at = at
    has_next = bool(_next(late, stage.number + 1, at=at))
    stage.ended_at = at if has_next else None
    stage.save(update_fields=["silent_at", "ended_at"])
    told: list[str] = []
    if has_next:
        cancel_tasks(about=_about(late), at=at)
        told = _begin_stage(late, stage.number + 1, at=at)
    values = {"stage": stage.number, "replied": stage.replied_at is not None, "told": told}
    record("late.escalate", about=_about(late), by=None, at=at, values=values)
    return 1


@transaction.atomic
def _end(late: LateWork, *, at: datetime) -> None:
    """Ask nobody any more: what was late is done, owed no more, or due later."""
    late = _locked(late)
    if late.ended_at is not None:
        return
    cancel_tasks(about=_about(late), at=at)
    late.stages.running().update(ended_at=at)
    late.ended_at = at
    late.save(update_fields=["ended_at"])
    record("late.end", about=_about(late), by=None, at=at, values={"ladder": late.ladder})


def _begin_stage(late: LateWork, number: int, *, at: datetime) -> list[str]:
    """Ask the next stage that somebody holds who does not owe the work alone; whom that reached."""
    number = _next(late, number, at=at)
    if not number:
        return []
    rung, pack, standing = _ladder(late).rungs[number - 1], pack_of(late.version), _standing(late)
    tasks, told = _ask(late, rung.role, rung.clock, at=at)
    LateStage.objects.create(late=late, number=number, role=rung.role, task=tasks[0], started_at=at)
    on = timezone.localdate(at)
    hear = [one for role in rung.tells for one in people_of(role, pack, standing, on=on)]
    _tell(late, [*told, *hear], at=at, key=str(number))
    return sorted({person.public_id for person in (*told, *hear)})


def _next(late: LateWork, number: int, *, at: datetime) -> int:
    """The first stage from a number on that asks somebody who does not owe the work; 0 if none does."""
    pack, standing, on = pack_of(late.version), _standing(late), timezone.localdate(at)
    rungs = _ladder(late).rungs
    while not is_last(rungs, number - 1):
        found = people_of(rungs[number - 1].role, pack, standing, on=on)
        owing = Task.objects.filter(pk=late.task_id)
        if any(not owing.owed_by(one, on=on).exists() for one in found):
            return number
        number += 1
    return 0


def _ask(
    late: LateWork, role: str, clock: str, title: str = "", *, at: datetime
) -> tuple[list[Task], list[Person]]:
    """A task for a role, and for those who step in until somebody is there before it is due."""
    pack, standing = pack_of(late.version), _standing(late)

    def start(asked: str) -> Task:
        return start_task(
            clock=clock,
            pack=pack,
            version=late.version,
            about=_about(late),
            standing=standing,
            at=at,
            owed_by=asked,
            title=title,
            again=True,
        )

    return ask(start, role, pack=pack, standing=standing, at=at)


def _standing(late: LateWork) -> Standing:
    """Who stands in which relation to what is late: to the audit, or else by the task's unit alone."""
    if late.task.about_kind == "audit":
        found = Audit.objects.select_related("unit", "auditor", "practitioner")
        return standing_of(found.get(public_id=late.task.about_id))
    return Standing(late.task.unit)


def _ladder(late: LateWork) -> LateLadder:
    return pack_of(late.version).ladders[late.ladder]


def _locked(late: LateWork) -> LateWork:
    """Its row, held until the transaction ends, so that a reply and the clock never cross."""
    rows = LateWork.objects.select_for_update(of=("self",))
    return rows.select_related("version", "task__unit").get(pk=late.pk)


def _about(late: LateWork) -> tuple[str, str, str]:
    return LATE, late.public_id, late.task.about_label


def _tell(late: LateWork, to: Sequence[Person], *, at: datetime, key: str) -> None:
    """A notice with the audit's number, where it is about one, and a link."""
    is_audit = late.task.about_kind == "audit"
    write_notices(
        pack=None,
        notice=WAITS,
        about=_about(late),
        path=f"/late-work/{late.public_id}/",
        people=to,
        values={"reference": late.task.about_label if is_audit else "A task"},
        at=at,
        key=f"late:{late.public_id}:{key}",
    )
