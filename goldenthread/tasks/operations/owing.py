"""Starting, finishing and handing over what is owed, and writing the notices that tell of it.

None of these is an event of its own: each runs inside the operation that causes it, in its transaction.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.operations import record
from goldenthread.people.models import Leave, Person
from goldenthread.rules import clocks
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import Due
from goldenthread.rules.framework import Clock, CycleClock, Framework
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Appointment, Notice, ReminderDay, Task, TaskQuerySet
from goldenthread.tasks.queries import Owner, Standing, owner_of, people_of, working_calendar

PASSED_ON = ("Something to do has come to you", "You step in for somebody. See what is to be done: {link}")

REMINDER = "Your list, with each due date and why it is then, is here: {link}"

PLACEHOLDER = re.compile(r"\{([a-z ]+)\}")
CLOSES = "the cycle closes"
WORDS = ("type", "reference", "cycle", "due")
"""What a notice may say of its record besides its link: nothing that names a person, a grade or a reason."""


def start_task(
    *,
    clock: str,
    pack: Framework,
    version: Version,
    about: tuple[str, str, str],
    standing: Standing,
    at: datetime,
    closes_on: date | None = None,
    event: str = "",
    urgent: bool = False,
    owed_by: str | Owner = "",
    title: str = "",
    again: bool = False,
    length: str = "",
    due_by: Due | None = None,
    not_for: Person | None = None,
) -> Task:
    """Start a clock of the framework: the task says who owes what, by when, and why then.

    A clock that already runs for this record and role goes on as it was; with `again`, one that has run
    out gives way to a new one. `owed_by` (a role, or an owner found already), `title` and `length` are the
    clock's own unless said; `due_by` is when a clock without a length runs out, where no cycle says it.
    Whom it is `not_for` does not owe it, whatever they hold: nobody signs what is about themselves.
    """
    rule = pack.clocks[clock]
    if length and isinstance(rule, Clock):
        rule = rule.model_copy(update={"length": length})
    owner = (
        owed_by
        if isinstance(owed_by, Owner)
        else owner_of(owed_by or rule.owed_by, pack, standing, on=timezone.localdate(at), not_for=not_for)
    )
    kind, public_id, label = about
    if already := _running(about=(kind, public_id), clock=clock, owner=owner):
        if not again or already.due_at >= at:
            return already
        already.cancelled_at = at
        already.save(update_fields=["cancelled_at"])
    calendar = working_calendar(standing.unit, on=timezone.localdate(at))
    if isinstance(rule, CycleClock) and due_by is not None:
        due = due_by
    else:
        due = _due(rule, standing, calendar, at=at, closes_on=closes_on, event=event, urgent=urgent)
    return Task.objects.create(
        kind=clock,
        title=title or rule.title,
        about_kind=kind,
        about_id=public_id,
        about_label=label,
        version=version,
        started_at=at,
        due_at=due.at,
        warn_at=_warned(rule, due, calendar, at=at),
        reason=due.reason,
        urgent=urgent,
        not_for=not_for,
        **_owned_by(owner, standing),
    )


def _running(*, about: tuple[str, str], clock: str, owner: Owner) -> Task | None:
    """The open task of that clock, if it runs for this record and owner already."""
    asked = {"about": about[0], "public_id": about[1], "clock": clock, "role": owner.role}
    found: Task | None = (
        _of_person.first(**asked, person=owner.person.pk) if owner.person else _of_post.first(**asked)
    )
    return found


def _open_tasks(about: str, public_id: str, clock: str, role: str, person: int | None = None) -> TaskQuerySet:
    found = Task.objects.open().about(about, public_id).filter(kind=clock, role=role, person=person)
    return found.order_by("pk")[:1]


_of_post = Compiled(_open_tasks, about=str, public_id=str, clock=str, role=str)
_of_person = Compiled(_open_tasks, about=str, public_id=str, clock=str, role=str, person=int)


def start_dated_task(
    *,
    kind: str,
    title: str,
    version: Version,
    about: tuple[str, str, str],
    owner: Owner,
    standing: Standing,
    due: Due,
    at: datetime,
) -> Task:
    """What somebody owes by a day that people have agreed, rather than a clock."""
    about_kind, about_id, label = about
    return Task.objects.create(
        kind=kind,
        title=title[:200],
        about_kind=about_kind,
        about_id=about_id,
        about_label=label[:200],
        version=version,
        started_at=at,
        due_at=due.at,
        reason=due.reason,
        **_owned_by(owner, standing),
    )


def finish_tasks(
    *,
    about: tuple[str, ...],
    kinds: Iterable[str] | None = None,
    by: Person | None,
    at: datetime,
    owed_by: Person | None = None,
) -> int:
    """Note that what was owed about a record is done; of these kinds, or of every kind.

    With `owed_by`, only what that person owes by name.
    """
    found = _open(about, kinds)
    return (found.filter(person=owed_by) if owed_by else found).update(finished_at=at, finished_by=by)


def cancel_tasks(*, about: tuple[str, ...], kinds: Iterable[str] | None = None, at: datetime) -> int:
    """Note that what was owed about a record is owed no more."""
    return _open(about, kinds).update(cancelled_at=at)


def postpone_tasks(
    *,
    about: tuple[str, ...],
    until: date,
    because: str,
    pack: Framework,
    standing: Standing,
    at: datetime,
) -> int:
    """Give what is owed until a cycle closes until a later day; the reason says why then."""
    kinds = [name for name, rule in pack.clocks.items() if isinstance(rule, CycleClock)]
    tasks = list(_open(about, kinds))
    for task in tasks:
        rule = pack.clocks[task.kind]
        due = Due(clocks.end_of(until), f"{task.reason}; {because}"[:500])
        task.due_at, task.reason = due.at, due.reason
        task.warn_at = warned_from(rule, due, standing, at=at)
    Task.objects.bulk_update(tasks, ["due_at", "warn_at", "reason"])
    return len(tasks)


def hand_over_tasks(
    *,
    about: tuple[str, ...],
    kinds: Iterable[str] | None = None,
    from_: Person,
    to: Person,
    at: datetime,
) -> int:
    """Give somebody else what a person owed about a record; the due date and its reason stay."""
    return _open(about, kinds).filter(person=from_).update(person=to)


def write_notices(
    *,
    pack: Framework | None,
    notice: str | tuple[str, str],
    about: tuple[str, ...],
    path: str,
    people: Iterable[Person],
    values: Mapping[str, str],
    at: datetime,
    key: str,
    urgent: bool = False,
    appointment: Appointment | None = None,
) -> None:
    """Tell people of something, once each: the same key to the same person is never written twice.

    `notice` is the name of one of the framework's notices, or its subject and text. A command
    delivers them later, so that nothing here waits for a mail server; it fills in `{link}`. With an
    `appointment` the e-mail puts it into its reader's calendar, or takes it out.
    """
    subject, text = _wording(pack, notice)
    if unknown := set(values) - set(WORDS):
        raise ValueError(f"A notice does not speak of {', '.join(sorted(unknown))}.")
    rows = [
        Notice(
            key=f"{key}:{person.public_id}",
            to=person,
            about_kind=about[0],
            about_id=about[1],
            subject=_filled(subject, values)[:200],
            text=_filled(text, values),
            path=path,
            urgent=urgent,
            appointment=appointment,
            created_at=at,
        )
        for person in dict.fromkeys(people)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def pass_on_tasks(*, at: datetime, but_of: Collection[str] = ()) -> int:
    """Give what reaches nobody, because somebody left or a post fell vacant, to those who step in.

    The due date and its reason stay. One event for all; the people get a notice. What is about a record
    of the kinds `but_of` is not passed on: whoever keeps those knows whom it must not reach.
    """
    lost = Task.objects.open().reaching_nobody(on=timezone.localdate(at)).select_for_update(of=("self",))
    lost = lost.exclude(about_kind__in=but_of)
    passed = {}
    for task in lost.select_related("version", "unit", "not_for").order_by("pk"):
        if people := _pass_on(task, at=at):
            passed[task.public_id] = task.role
            write_notices(
                pack=None,
                notice=PASSED_ON,
                about=("task", task.public_id),
                path="/tasks/",
                people=people,
                values={},
                at=at,
                urgent=task.urgent,
                key=f"task:{task.public_id}:passed on:{task.role}",
            )
    if passed:
        record("tasks.pass_on", about=("tasks", "", "Tasks"), by=None, at=at, values={"passed on": passed})
    return len(passed)


@transaction.atomic
def write_reminders(*, at: datetime) -> int:
    """Tell everybody who owes something late or soon due, once a working day; returns how many were told.

    Whoever is on leave hears of it when they are back. A reminder says how many, and nothing of what. Of two
    runs at once one takes the day; the other waits for it and writes nothing.
    """
    on = timezone.localdate(at)
    if ReminderDay.objects.filter(on=on).exists() or not working_calendar(on=on).is_working_day(on):
        return 0
    day, is_first = ReminderDay.objects.get_or_create(on=on, defaults={"written_at": at, "told": 0})
    if not is_first:
        return 0
    told = [person for person in _reachable(on) if _remind(person, on=on, at=at)]
    day.told = len(told)
    day.save(update_fields=["told"])
    if told:
        values = {"told": sorted(person.public_id for person in told)}
        record("tasks.remind", about=("tasks", "", "Tasks"), by=None, at=at, values=values)
    return len(told)


def _reachable(on: date) -> Iterable[Person]:
    """People with an address who are not on leave on that day."""
    away = Leave.objects.on(on).values("person")
    return Person.objects.filter(is_active=True).exclude(email=None).exclude(pk__in=away).order_by("pk")


def _remind(person: Person, *, on: date, at: datetime) -> bool:
    """Write a person's reminder, if they owe something late or soon due."""
    owed = Task.objects.to_remind_of(at).owed_by(person, on=on)
    late, in_all = owed.overdue(at).count(), owed.count()
    if not in_all:
        return False
    counted = [f"{late} late"] * bool(late) + [f"{in_all - late} due soon"] * bool(in_all - late)
    write_notices(
        pack=None,
        notice=(f"Your tasks: {' and '.join(counted)}", REMINDER),
        about=("tasks", ""),
        path="/tasks/",
        people=[person],
        values={},
        at=at,
        key=f"reminder:{on}",
    )
    return True


def warned_from(rule: Clock | CycleClock, due: Due, standing: Standing, *, at: datetime) -> datetime | None:
    """From when the daily reminder counts what is due then; None where only what is late is counted."""
    return _warned(rule, due, working_calendar(standing.unit, on=timezone.localdate(at)), at=at)


def _warned(rule: Clock | CycleClock, due: Due, calendar: Calendar, *, at: datetime) -> datetime | None:
    if rule.warn_before is None:
        return None
    try:
        return clocks.warned_from(due.at, rule.warn_before, calendar)
    except Refused:
        return at  # past the last known bank holidays: remind from the beginning


def _due(
    rule: Clock | CycleClock,
    standing: Standing,
    calendar: Calendar,
    *,
    at: datetime,
    closes_on: date | None,
    event: str,
    urgent: bool,
) -> Due:
    """When a clock that starts now runs out. What is urgent starts even where no calendar reaches."""
    if isinstance(rule, CycleClock):
        if closes_on is None:
            raise TypeError("A clock that runs until the cycle closes needs the day on which it does.")
        ends = rule.until if rule.until == CLOSES else "the audit is due"
        return clocks.ahead_of(rule.before, closes_on, ends, calendar)
    if rule.calendar != "organisation":
        calendar = working_calendar(standing.unit, rule.calendar, on=timezone.localdate(at))
    event = event or rule.starts
    try:
        return clocks.due(rule.length, at, calendar, event)
    except Refused:
        if not urgent:
            raise
        return clocks.due(f"{clocks.parse_length(rule.length).number} calendar days", at, calendar, event)


def _owned_by(owner: Owner, standing: Standing) -> dict[str, Any]:
    unit = standing.unit if owner.person else owner.unit
    return {"role": owner.role, "person": owner.person, "post": owner.post, "unit": unit}


def _pass_on(task: Task, *, at: datetime) -> list[Person]:
    """Give a task to whoever steps in; returns them, or nobody where there is nobody yet."""
    if task.version is None:
        return []
    pack, standing, on = pack_of(task.version), Standing(task.unit), timezone.localdate(at)
    if task.role not in pack.roles:
        return []
    owner = owner_of(task.role, pack, standing, on=on, not_for=task.not_for)
    people = people_of(owner.role, pack, standing, on=on, not_for=task.not_for)
    if not people:
        return []
    same = Task.objects.open().about(task.about_kind, task.about_id).filter(kind=task.kind, role=owner.role)
    if same.filter(person=owner.person).exclude(pk=task.pk).exists():
        task.cancelled_at = at
        task.save(update_fields=["cancelled_at"])
        return people
    for field, value in _owned_by(owner, standing).items():
        setattr(task, field, value)
    task.save(update_fields=["role", "person", "post", "unit"])
    return people


def _open(about: tuple[str, ...], kinds: Iterable[str] | None) -> TaskQuerySet:
    found = Task.objects.open().about(about[0], about[1])
    return found if kinds is None else found.filter(kind__in=list(kinds))


def _wording(pack: Framework | None, notice: str | tuple[str, str]) -> tuple[str, str]:
    if isinstance(notice, tuple):
        return notice
    if pack is None:
        raise TypeError("A notice by name needs its framework.")
    return pack.notices[notice].subject, pack.notices[notice].text


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its words in braces filled in; a word that nobody knows stays as it is."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
