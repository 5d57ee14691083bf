"""Whoever stands in for somebody on leave: what they are told and shown, if they may see it themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from goldenthread.audits.models import Audit, Moderation
from goldenthread.escalations.models import Alert, Dispute
from goldenthread.improvement.models import Action, Response
from goldenthread.people.models import Person
from goldenthread.registers.models import Agreement
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import tell_deputy
from goldenthread.tasks.queries import stand_ins

SEEN: dict[str, Callable[..., Any]] = {
    "action": Action.objects.visible_to,
    "agreement": Agreement.objects.visible_to,
    "alert": Alert.objects.visible_to,
    "audit": Audit.objects.visible_to,
    "dispute": Dispute.objects.visible_to,
    "moderation": Moderation.objects.visible_to,
    "response": Response.objects.visible_to,
}
"""The records of which a deputy hears. Not among them: what is meant for one person alone, such as a private
concern, and late work, which whoever was told of it may see."""
MOST = 100


def may_see(person: Person, kind: str, public_id: str, *, on: date) -> bool:
    """Whether somebody may see a record by their own part or post."""
    return kind in SEEN and SEEN[kind](person, on=on).filter(public_id=public_id).exists()


def tell_deputies(*, at: datetime) -> int:
    """Give each notice to somebody on leave also to whoever stands in and may see it; how many were given."""
    on, told = timezone.localdate(at), 0
    for notice in Notice.objects.of_people_away(at).select_related("to").order_by("pk"):
        owed = Task.objects.open().about(notice.about_kind, notice.about_id)
        owed = owed.owed_by(notice.to, on=on).select_related("version", "unit").defer("version__document")
        for deputy in stand_ins(notice.to, owed, on=on):
            if may_see(deputy, notice.about_kind, notice.about_id, on=on):
                told += tell_deputy(notice, deputy, at=at)
    return told


def owed_by_people_away(deputy: Person, *, on: date) -> list[Task]:
    """What people on leave owe in whose place this person stands, as far as they may see it themselves."""
    found = []
    tasks = Task.objects.of_people_away(on=on).exclude(person=deputy).exclude(not_for=deputy)
    tasks = tasks.filter(about_kind__in=SEEN)
    for task in tasks.select_related("person", "version", "unit").defer("version__document").urgent_first():
        is_deputy = task.person is not None and deputy in stand_ins(task.person, [task], on=on)
        if is_deputy and may_see(deputy, task.about_kind, task.about_id, on=on):
            found.append(task)
    return found[:MOST]
