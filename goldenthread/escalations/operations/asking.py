"""Asking the role of a stage, whatever the ladder: those who step in are asked too where it is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from goldenthread.people import queries as people
from goldenthread.people.models import Person
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.queries import Standing, people_of


def ask(
    start: Callable[[str], Task], role: str, *, pack: Framework, standing: Standing, at: datetime
) -> tuple[list[Task], list[Person]]:
    """Start the task of a role, and of those who step in for it until somebody is there before it is due.

    Returns the tasks and whom they reach; none of either where nobody holds the role or any that steps in.
    """
    tasks: list[Task] = []
    told: list[Person] = []
    on = timezone.localdate(at)
    asked: set[str] = set()
    while role and role not in asked:
        asked.add(role)
        try:
            task = start(role)
        except Refused:
            break
        tasks.append(task)
        found = people_of(task.role, pack, standing, on=on)
        told += found
        due = timezone.localdate(task.due_at)
        if not found or any(not people.is_away(one, on, due) for one in found):
            break
        role = pack.roles[task.role].otherwise or ""
    return tasks, told
