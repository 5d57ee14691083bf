"""How tasks and notices read in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from goldenthread.people.models import Leave, Person
from goldenthread.rules.clocks import END_OF_DAY
from goldenthread.tasks.models import Notice, Task
from goldenthread.web.links import url_of
from goldenthread.web.tables import Table
from goldenthread.web.tasks.telling_apart import told_apart

PAGE = 25


@dataclass(frozen=True)
class TaskRow:
    """A task as a person reads it: what, about what, when, how late, and where to do it."""

    task: Task
    url: str
    due: str
    state: str
    colour: str
    whose: str
    apart: str = ""  # what tells it from others of the same label

    @property
    def is_late(self) -> bool:
        """Whether it is marked by its shape too."""
        return self.colour == "red"


@dataclass(frozen=True)
class Page:
    """Some rows of a list and where the others are."""

    rows: list[Any]
    next_url: str
    previous_url: str


def page_of(request: HttpRequest, found: Any, place: Any) -> Page:
    """One page of rows below `place`, a row of the same list, or the first one."""
    rows = list(found[: PAGE + 1])
    further = f"?after={rows[PAGE - 1].public_id}" if len(rows) > PAGE else ""
    return Page(rows[:PAGE], further, request.path if place else "")


def task_rows(tasks: Iterable[Task], at: datetime) -> list[TaskRow]:
    """Rows for the tasks about one record."""
    return [_row(task, at) for task in tasks]


def rows_for(reader: Person, tasks: Iterable[Task], at: datetime) -> list[TaskRow]:
    """Rows for a page of tasks, told apart by what the reader may see of their records."""
    listed = list(tasks)
    apart = told_apart(listed, reader, on=timezone.localdate(at))
    return [replace(_row(one, at), apart=apart.get((one.about_kind, one.about_id), "")) for one in listed]


def rows_for_others(reader: Person, tasks: Iterable[Task], at: datetime) -> list[TaskRow]:
    """Rows of what others owe who are on leave: each says for whom."""
    found = rows_for(reader, tasks, at)
    return [replace(row, whose=f"For {row.task.person}, who is on leave") for row in found]


def own_leave(leave: Iterable[Leave]) -> list[dict[str, str]]:
    """One's own leave, each leading to where its deputy is named."""
    return [
        {
            "key": _days(one),
            "value": f"{one.deputy} stands in" if one.deputy else "Nobody is named to stand in",
            "url": reverse("name_deputy", args=[one.starts_on]),
        }
        for one in leave
    ]


def leave_of_all(leave: Iterable[Leave]) -> Table:
    """Everybody's leave with who stands in."""
    cells = [
        [
            {"text": one.person.name, "url": reverse("show_person", args=[one.person.public_id])},
            _days(one),
            stands_in(one),
        ]
        for one in leave
    ]
    head = ("Who", "When", "Who stands in")
    return Table("Leave", head, cells, "No leave is known from today on.", hide_caption=True)


def stands_in(leave: Leave) -> str:
    """Who stands in during leave, as those read it who look after people."""
    return leave.deputy.name if leave.deputy else "Nobody named: whoever the framework lets step in"


def _days(leave: Leave) -> str:
    first, last = leave.starts_on, leave.ends_on
    last_day = f"{last.day} {last:%B %Y}"
    return last_day if first == last else f"{first.day} {first:%B %Y} to {last_day}"


def day_in_words(at: datetime) -> str:
    """A day, with the time where it is not the end of the day: "Friday 27 November 2026"."""
    local = timezone.localtime(at)
    day = f"{local:%A} {local.day} {local:%B %Y}"
    return day if local.time().replace(microsecond=0) == END_OF_DAY else f"{day} at {local:%H:%M}"


def delivery_of(notice: Notice) -> str:
    """Whether the e-mail went out, in words."""
    if notice.sent_at is not None:
        return f"E-mailed {moment_in_words(notice.sent_at)}"
    if notice.given_up_at is not None:
        return "The e-mail could not be delivered"
    if notice.held and notice.not_before is not None:
        return f"The e-mail waits until {moment_in_words(notice.not_before)}: {notice.held}"
    return "The e-mail is about to be sent" if not notice.last_error else "The e-mail will be tried again"


def _row(task: Task, at: datetime) -> TaskRow:
    state, colour = _state(task, at)
    return TaskRow(
        task=task,
        url=url_of(task.about_kind, task.about_id),
        due=day_in_words(task.due_at),
        state=state,
        colour=colour,
        whose=_whose(task),
    )


def _state(task: Task, at: datetime) -> tuple[str, str]:
    """How it stands with the due date, in words and with a colour beside them."""
    days = (timezone.localdate(task.due_at) - timezone.localdate(at)).days
    if task.due_at < at:
        return (
            "Overdue by 1 day" if days == -1 else f"Overdue by {-days} days" if days else "Overdue"
        ), "red"
    if days == 0:
        return "Due today", "yellow"
    return ("Due tomorrow", "yellow") if days == 1 else ("", "")


def _whose(task: Task) -> str:
    """For what is owed by a post: that whoever holds it may do it."""
    if task.person_id is not None:
        return ""
    where = f", {task.unit}" if task.unit else ""
    return f"For whoever holds the post of {task.post}{where}"


def moment_in_words(at: datetime) -> str:
    """A moment to the minute."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y at %H:%M}"
