"""A safety alert reaches somebody, whatever else is wrong."""

from datetime import timedelta

import pytest

from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import answer_alert, raise_alert
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Post
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import make_council, make_subject, moment, publish_pack

AT = moment("2026-12-23T10:00")
ON = AT.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    council.subject = make_subject("C-1", unit=council.team, practitioner=council.priya)
    return council


def raise_one(council, **given):
    return raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT, **given)


def told(alert):
    notices = Notice.objects.filter(about_id=alert.public_id)
    return set(notices.values_list("to__name", flat=True))


def owing(person):
    return Task.objects.open().owed_by(person, on=ON)


def test_an_alert_reaches_the_team_manager_and_the_quality_team_at_once(council):
    alert = raise_one(council)

    assert told(alert) == {"Theo", "Quinn"}
    assert owing(council.theo).get().urgent
    assert owing(council.quinn).get().urgent
    assert Event.objects.filter(what="alert.raise", about_id=alert.public_id).count() == 1


def test_the_task_says_when_the_answer_is_due_and_why(council):
    raise_one(council)

    task = owing(council.theo).get()

    assert task.due_at == moment("2027-01-04T23:59:59")
    assert task.reason == (
        "5 working days from the alert on Wednesday 23 December; "
        "25 and 28 December and 1 January are bank holidays"
    )


def test_where_nobody_manages_the_team_the_next_above_is_told(council):
    Post.objects.filter(person=council.theo).delete()

    alert = raise_one(council)

    assert told(alert) == {"Hana", "Quinn"}
    assert owing(council.hana).count() == 1


def test_where_every_post_is_vacant_the_administrators_are_told(council):
    Post.objects.all().delete()

    alert = raise_one(council)

    assert told(alert) == {"Alex Admin"}
    assert owing(council.administrator).count() == 1
    assert Alert.objects.visible_to(council.administrator, on=ON).exists()


def test_an_administrator_who_is_the_last_resort_may_answer(council):
    Post.objects.all().delete()
    alert = raise_one(council)

    answer_alert(alert, said="Visited today; safe.", resolved=True, by=council.administrator, at=AT)

    alert.refresh_from_db()
    assert alert.resolved_by == council.administrator


def test_people_who_have_left_are_not_counted_on(council):
    Person.objects.filter(name__in=["Theo", "Hana", "Quinn", "Mara"]).update(is_active=False)

    assert told(raise_one(council)) == {"Alex Admin"}


def test_a_manager_who_raises_an_alert_is_not_the_only_one_told(council):
    Post.objects.filter(person__in=[council.quinn, council.quality_manager]).delete()

    alert = raise_alert(subject=council.subject, concern="Bruises", by=council.theo, at=AT)

    assert "Alex Admin" in told(alert)


def test_an_alert_is_raised_where_the_calendar_ends_too(council):
    alert = raise_alert(
        subject=council.subject, concern="Bruises", by=council.priya, at=moment("2028-12-29T10:00")
    )

    task = Task.objects.about("alert", alert.public_id).filter(post="team manager").get()
    assert task.due_at == moment("2029-01-03T23:59:59")
    assert "calendar days" in task.reason


def test_an_alert_about_a_case_that_no_team_holds_goes_to_those_who_watch_everything(council):
    council.subject = make_subject("C-2")

    assert "Quinn" in told(raise_one(council))


def test_an_alert_says_what_the_worry_is(council):
    with pytest.raises(Refused, match="worried"):
        raise_alert(subject=council.subject, concern="  ", by=council.priya, at=AT)

    assert not Task.objects.exists()


def test_nothing_is_written_if_the_event_fails(council, monkeypatch):
    def fail(*given, **named):
        raise RuntimeError

    monkeypatch.setattr("goldenthread.escalations.operations.alerts.record", fail)

    with pytest.raises(RuntimeError):
        raise_one(council)

    assert not Alert.objects.exists()
    assert not Task.objects.exists()
    assert not Notice.objects.exists()


def test_an_answer_finishes_every_task_of_the_alert_and_tells_who_raised_it(council):
    alert = raise_one(council)

    answer_alert(alert, said="Visited today; safe.", resolved=True, by=council.theo, at=AT)

    alert.refresh_from_db()
    assert alert.outcome == "Visited today; safe."
    assert not Task.objects.open().exists()
    assert Notice.objects.filter(to=council.priya).count() == 1
    assert Event.objects.filter(what="alert.answer").count() == 1


@pytest.mark.parametrize("name", ["priya", "sam", "other_manager"])
def test_an_alert_is_answered_by_those_who_were_told_alone(council, name):
    alert = raise_one(council)

    with pytest.raises(Refused, match="those who were told"):
        answer_alert(alert, said="Fine", resolved=True, by=getattr(council, name), at=AT)


def test_an_alert_is_answered_once(council):
    alert = raise_one(council)
    answer_alert(alert, said="Visited", resolved=True, by=council.theo, at=AT)

    with pytest.raises(Refused, match="already"):
        answer_alert(alert, said="Again", resolved=True, by=council.quinn, at=AT)


def test_an_answer_says_what_came_of_it(council):
    alert = raise_one(council)

    with pytest.raises(Refused, match="what came of it"):
        answer_alert(alert, said=" ", resolved=True, by=council.theo, at=AT)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("priya", True),
        ("theo", True),
        ("hana", True),
        ("quinn", True),
        ("quality_manager", True),
        ("ada", False),
        ("other_manager", False),
        ("sam", False),
        ("administrator", False),
    ],
)
def test_an_alert_is_seen_by_those_concerned_alone(council, name, sees):
    raise_one(council)

    assert Alert.objects.visible_to(getattr(council, name), on=ON).exists() is sees


def test_somebody_from_outside_is_told_without_a_link_to_a_page_that_is_closed_to_them(council):
    outsider = Person.objects.create(name="Olive", email="olive@example.com", is_outside=True)
    alert = raise_alert(subject=council.subject, concern="Bruises", by=outsider, at=AT)

    answer_alert(alert, said="Visited; safe.", resolved=True, by=council.theo, at=AT)

    told = Notice.objects.get(to=outsider)
    assert told.path == "/returns/" and "resolved" in told.subject and "safe" not in told.text
    assert set(Notice.objects.exclude(to=outsider).values_list("path", flat=True)) == {
        f"/alerts/{alert.public_id}/"
    }


def test_of_two_presses_at_once_the_one_made_first_may_come_second(council):
    said = {"subject": council.subject, "concern": "Bruises", "by": council.priya}
    first = raise_alert(**said, at=AT + timedelta(milliseconds=80))

    again = raise_alert(**said, at=AT)

    assert again == first and Alert.objects.count() == 1


def test_the_same_words_once_it_was_resolved_are_a_new_alert(council):
    first = raise_one(council)
    answer_alert(first, said="Visited today; safe.", resolved=True, by=council.theo, at=AT)

    again = raise_one(council)

    assert again != first
    assert owing(council.theo).get().about_id == again.public_id
