"""Starting, finishing, handing over and passing on what is owed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Post, Unit
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import (
    cancel_tasks,
    finish_tasks,
    hand_over_tasks,
    pass_on_tasks,
    start_task,
)
from goldenthread.tasks.queries import Standing
from tests.make import make_council, make_person, make_post, moment, publish_pack

ABOUT = ("audit", "abc", "Audit 2026-11/001")
AT = moment("2026-12-23T10:00")
ON = AT.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    council.version = publish_pack()
    return council


def start(council, clock, *, at=AT, **given):
    standing = Standing(council.team, auditor=council.ada, practitioner=council.priya)
    return start_task(
        clock=clock,
        pack=pack_of(council.version),
        version=council.version,
        about=ABOUT,
        standing=given.pop("standing", standing),
        at=at,
        **given,
    )


def owed(person, on=ON):
    return Task.objects.open().owed_by(person, on=on)


def test_a_clock_until_the_cycle_closes_ends_with_that_day(council):
    task = start(council, "file", closes_on=date(2027, 1, 29))

    assert task.due_at == moment("2027-01-29T23:59:59")
    assert task.reason == "the cycle closes on Friday 29 January"
    assert owed(council.ada).get() == task


@pytest.mark.parametrize("clock", ["complete the audit", "arrange the conversation"])
def test_what_is_handed_in_before_the_last_working_day_is_due_on_the_working_day_before(council, clock):
    task = start(council, clock, closes_on=date(2026, 11, 30))

    assert task.due_at == moment("2026-11-27T23:59:59")
    assert task.reason == "1 working day before the cycle closes on Monday 30 November"


def test_a_task_of_a_post_is_owed_by_each_of_its_holders_and_by_nobody_else(council):
    second = make_person("Quentin")
    make_post(second, "quality officer", council.organisation)

    start(council, "quality check")

    assert [owed(person).count() for person in (council.quinn, second, council.ada, council.sam)] == [
        1,
        1,
        0,
        0,
    ]


def test_a_clock_that_runs_already_goes_on_as_it_was(council):
    first = start(council, "quality check")

    again = start(council, "quality check", at=moment("2026-12-29T10:00"))

    assert again == first
    assert Task.objects.get().due_at == moment("2026-12-24T23:59:59")


def test_a_clock_that_ran_out_may_start_again(council):
    start(council, "quality check")
    finish_tasks(about=ABOUT, kinds=["quality check"], by=council.quinn, at=AT)

    start(council, "quality check")

    assert Task.objects.count() == 2
    assert Task.objects.finished().get().finished_by == council.quinn


@pytest.mark.parametrize("clock", ["quality check", "amend"])
def test_the_database_keeps_a_thing_from_being_owed_twice(council, clock):
    task = start(council, clock)
    task.pk, task.public_id = None, "another"

    with pytest.raises(IntegrityError), transaction.atomic():
        task.save()


def test_working_days_are_those_of_the_units_nation(council):
    Unit.objects.filter(pk=council.team.pk).update(nation="scotland")
    council.team.refresh_from_db()

    start(council, "amend", at=moment("2026-12-31T10:00"))

    assert Task.objects.get().reason == "3 working days from its return on Thursday 31 December; " + (
        "1 and 4 January are bank holidays"
    )


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-27T23:30", "2026-03-30T23:59:59"),  # the clocks go forward in between
        ("2026-10-23T09:00", "2026-10-26T23:59:59"),  # the clocks go back in between
        ("2026-11-02T00:10", "2026-11-03T23:59:59"),  # a little after midnight in London
    ],
)
def test_days_are_days_in_london_whatever_the_clocks_do(council, at, due):
    assert start(council, "quality check", at=moment(at)).due_at == moment(due)


def test_a_calendar_that_is_not_known_refuses_what_can_wait(council):
    with pytest.raises(Refused, match="known to the end of 2028"):
        start(council, "amend", at=moment("2028-12-28T10:00"))


def test_tasks_of_some_kinds_are_cancelled_and_others_go_on(council):
    start(council, "quality check")
    start(council, "amend")

    cancel_tasks(about=ABOUT, kinds=["amend"], at=AT)

    assert Task.objects.open().get().kind == "quality check"


def test_what_an_auditor_owed_is_handed_to_the_next_with_its_due_date(council):
    task = start(council, "amend")

    hand_over_tasks(about=ABOUT, from_=council.ada, to=council.sam, at=AT)

    assert owed(council.sam).get().due_at == task.due_at
    assert not owed(council.ada).exists()


def test_a_task_of_somebody_who_left_goes_to_who_may_name_another(council):
    start(council, "amend")
    Person.objects.filter(pk=council.ada.pk).update(is_active=False)

    assert pass_on_tasks(at=AT) == 1

    assert owed(council.theo).get().kind == "amend"
    assert Notice.objects.get().to == council.theo
    assert Event.objects.filter(what="tasks.pass_on").count() == 1


def test_a_task_of_a_post_that_fell_vacant_goes_to_the_role_that_steps_in(council):
    start(council, "answer an alert")
    Post.objects.filter(person=council.theo).delete()

    assert pass_on_tasks(at=AT) == 1
    assert owed(council.hana).count() == 1


def test_the_next_holder_of_a_post_sees_what_the_last_one_left(council):
    start(council, "answer an alert")
    Post.objects.filter(person=council.theo).update(ends_on=ON)
    later = date(2026, 12, 28)
    make_post(council.sam, "team manager", council.team, since=later)

    assert owed(council.sam, later).count() == 1
    assert not owed(council.theo, later).exists()


def test_where_nothing_is_lost_nothing_is_passed_on(council):
    start(council, "amend")
    start(council, "quality check")

    assert pass_on_tasks(at=AT) == 0
    assert not Event.objects.filter(what="tasks.pass_on").exists()


def test_a_task_that_nobody_can_take_stays_and_is_not_noted_every_minute(council):
    start(council, "answer an alert")
    Post.objects.all().delete()

    assert [pass_on_tasks(at=AT), pass_on_tasks(at=AT)] == [0, 0]
    assert Task.objects.open().count() == 1


def test_every_clock_of_the_framework_gives_a_task_with_an_owner_and_a_reason(council):
    for role in pack_of(council.version).roles.values():
        if role.post and role.of == "anywhere" or role.post == "assistant director":
            make_post(make_person(role.title), role.post, council.organisation)
    for clock in pack_of(council.version).clocks:
        start(council, clock, closes_on=date(2027, 1, 29))

    assert Task.objects.count() == len(pack_of(council.version).clocks)
    for task in Task.objects.all():
        assert task.reason
        assert task.person or task.post
        assert any(owed(person).filter(pk=task.pk).exists() for person in Person.objects.all())
