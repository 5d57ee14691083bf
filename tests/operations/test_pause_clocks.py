"""Clocks that stand still: what is owed is due later, late work and reminders follow, and it says why."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from goldenthread.audits.models import Hold
from goldenthread.audits.queries import about, standing_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Response
from goldenthread.improvement.operations import pause_clocks
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.rules.documents import read_document, write_document
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import start_task
from tests.make import PACK, make_audit, make_council, moment, publish_pack
from tests.operations.test_follow_up import response_to

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T10:00")


@pytest.fixture
def council():
    council = make_council()
    data = read_document(PACK.read_text()).data
    data["clocks"]["discuss soon"]["paused_by"] = ["a dispute", "leave"]
    data["clocks"]["amend"]["paused_by"] = ["leave"]
    publish_pack(document=write_document(data))
    return council


def due(task):
    task.refresh_from_db()
    return timezone.localdate(task.due_at)


def dispute(council, response, since):
    return Hold.objects.create(
        audit=response.audit, about_kind="dispute", about_id="one", placed_by=council.ada, placed_at=since
    )


def test_a_discussion_waits_while_the_audit_is_disputed_and_not_a_day_longer(council):
    response = response_to(council)
    task = response.task
    assert due(task) == date(2026, 11, 9)
    held = dispute(council, response, moment("2026-11-05T12:00"))

    assert pause_clocks(at=moment("2026-11-05T18:00")) == 0, "no day is lost yet"
    pause_clocks(at=moment("2026-11-09T18:00"))
    assert due(task) == date(2026, 11, 11)
    assert not Response.objects.silent(moment("2026-11-10T10:00")).exists(), "nobody is told that it is late"
    Hold.objects.filter(pk=held.pk).update(lifted_at=moment("2026-11-11T09:00"), lifted_by=council.ada)
    assert pause_clocks(at=moment("2026-11-12T09:00")) == 1
    assert pause_clocks(at=moment("2026-11-20T09:00")) == 0

    assert due(task) == date(2026, 11, 13)
    assert task.reason.endswith("on Monday 2 November; paused for 4 working days: a dispute")
    assert task.started_at < task.unpaused_due_at < task.due_at
    events = Event.objects.filter(what="task.pause", about_id=response.public_id)
    assert events.count() == 2


def amending(council):
    audit = make_audit(council, "checking", at=AT)
    version = Version.objects.latest("pk")
    return start_task(
        clock="amend",
        pack=pack_of(version),
        version=version,
        about=about(audit),
        standing=standing_of(audit),
        at=AT,
    )


def test_leave_of_whoever_owes_it_moves_the_day_and_when_it_is_reminded_of(council):
    task = amending(council)
    assert due(task) == date(2026, 11, 5)
    Leave.objects.create(person=council.ada, starts_on=date(2026, 11, 4), ends_on=date(2026, 11, 10))
    Leave.objects.create(person=council.priya, starts_on=date(2026, 11, 3), ends_on=date(2026, 12, 10))

    assert pause_clocks(at=AT + timedelta(hours=1)) == 1

    assert due(task) == date(2026, 11, 12)
    assert timezone.localdate(task.warn_at) == date(2026, 11, 11)
    assert not Task.objects.to_remind_of(moment("2026-11-10T09:00")).filter(pk=task.pk).exists()
    Leave.objects.filter(person=council.ada).delete()
    pause_clocks(at=AT + timedelta(hours=2))
    assert due(task) == date(2026, 11, 12), "a day that was shown is never brought nearer"


def test_what_was_late_before_stays_late(council):
    task = amending(council)
    Leave.objects.create(person=council.ada, starts_on=date(2026, 11, 6), ends_on=date(2026, 11, 10))

    assert pause_clocks(at=moment("2026-11-09T09:00")) == 0
    assert due(task) == date(2026, 11, 5) and task.unpaused_due_at is None
