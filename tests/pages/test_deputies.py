"""Naming who stands in, what they see, and what those who look after people see of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goldenthread.people.models import Leave
from goldenthread.tasks.models import Task
from tests.make import make_audit, make_council, publish_pack

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def council():
    return make_council()


def as_(client, person):
    client.force_login(person)
    return client


def leave_of(person, deputy=None, starts=TODAY):
    return Leave.objects.create(
        person=person, starts_on=starts, ends_on=starts + timedelta(days=9), deputy=deputy
    )


def test_one_names_a_deputy_for_leave_known_beforehand(client, council):
    leave = leave_of(council.ada, starts=TODAY + timedelta(days=30))
    url = f"/tasks/my-notices/leave/{leave.starts_on}/"
    assert "Nobody is named to stand in" in as_(client, council.ada).get("/tasks/my-notices/").text

    page = client.post(url, {"email": council.theo.email.upper()}, follow=True)

    assert "Theo stands in" in page.text
    leave.refresh_from_db()
    assert leave.deputy == council.theo


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@example.org", "Nobody here has this address"),
        ("ada@example.org", "stand in for yourself"),
        ("x", "Enter"),
    ],
)
def test_what_will_not_do_is_said_and_stays_in_the_box(client, council, email, sentence):
    leave = leave_of(council.ada)

    page = as_(client, council.ada).post(f"/tasks/my-notices/leave/{leave.starts_on}/", {"email": email})

    assert sentence in page.text
    assert email in page.text


@pytest.mark.parametrize("day", ["2020-01-01", "2026-99-99", "nonsense"])
def test_leave_that_is_not_ones_own_is_not_found(client, council, day):
    leave = leave_of(council.theo)
    as_(client, council.ada)

    assert client.get(f"/tasks/my-notices/leave/{leave.starts_on}/").status_code == 404
    assert client.get(f"/tasks/my-notices/leave/{day}/").status_code == 404


def test_the_deputy_finds_the_tasks_among_their_own_with_for_whom(client, council):
    make_audit(council)
    Task.objects.update(due_at=timezone.now())
    leave_of(council.ada, council.theo)

    page = as_(client, council.theo).get("/tasks/").text
    assert "In place of people on leave" in page
    assert "For Ada, who is on leave" in page
    assert "In place of people on leave" not in as_(client, council.sam).get("/tasks/").text


def test_those_who_look_after_people_see_who_stands_in(client, council, django_assert_max_num_queries):
    publish_pack()
    leave_of(council.ada, council.theo)
    for number in range(30):
        leave_of(council.priya, starts=TODAY + timedelta(days=20 * number))
    as_(client, council.quality_manager)

    assert "Theo" in client.get(f"/people/{council.ada.public_id}/").text
    with django_assert_max_num_queries(12):
        page = client.get("/leave/").text
    assert "Theo" in page and "whoever the framework lets step in" in page
    assert "after=25" in page
    assert "Priya" in client.get("/leave/?after=25").text
    for junk in ("x", "²", "-1", "9" * 30):
        assert client.get("/leave/", {"after": junk}).status_code == 200


def test_others_do_not_see_the_list_of_leave(client, council):
    for person in (council.ada, council.theo, council.sam):
        assert as_(client, person).get("/leave/").status_code == 403
