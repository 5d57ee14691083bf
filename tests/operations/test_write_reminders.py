"""Everybody is reminded once a working day of what is late or soon due, and of nothing else."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import finish_tasks, start_task, write_reminders
from goldenthread.tasks.queries import Standing
from tests.make import make_council, moment, publish_pack

ABOUT = ("audit", "abc", "Audit 2026-11/001")
CLOSES_ON = date(2026, 11, 30)
SOON = moment("2026-11-23T08:00")
LATE = moment("2026-12-01T08:00")

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    council.version = publish_pack()
    start(council, "complete the audit")
    return council


def start(council, clock, *, about=ABOUT):
    start_task(
        clock=clock,
        pack=pack_of(council.version),
        version=council.version,
        about=about,
        standing=Standing(council.team, auditor=council.ada, practitioner=council.priya),
        at=moment("2026-11-02T09:00"),
        closes_on=CLOSES_ON,
    )


def subjects(person):
    return list(Notice.objects.filter(to=person).order_by("pk").values_list("subject", flat=True))


def test_nobody_is_reminded_before_the_clock_says_so(council):
    assert write_reminders(at=moment("2026-11-19T08:00")) == 0

    assert write_reminders(at=SOON) == 1
    assert subjects(council.ada) == ["Your tasks: 1 due soon"]
    assert Event.objects.get(what="tasks.remind").by == ""


def test_late_and_due_soon_are_counted_apart(council):
    start(council, "quality check")
    start(council, "quality check", about=("audit", "def", "Audit 2026-11/002"))

    write_reminders(at=SOON)

    assert subjects(council.quinn) == ["Your tasks: 2 late"]
    start(council, "file")
    write_reminders(at=LATE)
    assert subjects(council.ada)[-1] == "Your tasks: 2 late"


def test_a_day_has_one_reminder_however_often_it_is_asked_for(council):
    write_reminders(at=SOON)

    assert write_reminders(at=SOON + timedelta(hours=3)) == 0

    assert len(subjects(council.ada)) == 1
    write_reminders(at=SOON + timedelta(days=1))
    assert len(subjects(council.ada)) == 2


@pytest.mark.parametrize("day", ["2026-11-28", "2026-11-29", "2026-12-25", "2026-12-28"])
def test_weekends_and_bank_holidays_are_quiet(council, day):
    assert write_reminders(at=moment(f"{day}T08:00")) == 0


def test_nobody_is_reminded_while_on_leave(council):
    Leave.objects.create(person=council.ada, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24))

    assert [write_reminders(at=SOON + timedelta(days=days)) for days in range(3)] == [0, 0, 1]


def test_what_is_done_is_not_counted(council):
    finish_tasks(about=ABOUT, by=council.ada, at=SOON)

    assert write_reminders(at=LATE) == 0


def test_whoever_cannot_be_reached_keeps_nobody_else_waiting(council):
    council.ada.email = None
    council.ada.save(update_fields=["email"])
    start(council, "quality check")

    assert write_reminders(at=SOON) == 1


def test_the_sweep_waits_for_the_hour(council, settings, capsys):
    settings.REMIND_FROM = 24

    call_command("sweep")

    assert "0 people reminded" in capsys.readouterr().out
    assert not Notice.objects.filter(key__startswith="reminder").exists()
