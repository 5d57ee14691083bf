"""Signing in with one click exists in a demonstration and nowhere else."""

import pytest
from django.urls import reverse

from goldenthread.people.models import Person
from tests.make import make_council, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


def address(person):
    return reverse("sign_in_as", args=[person.public_id])


def signed_in(client):
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).name if key else None


def test_outside_a_demonstration_nobody_signs_in_without_a_password(client, council):
    answer = client.post(address(council.quinn))

    assert answer.status_code == 404
    assert signed_in(client) is None


def test_outside_a_demonstration_the_sign_in_page_names_nobody(client, council):
    page = client.get("/sign-in/")

    assert "Quinn" not in page.text
    assert "/sign-in/as/" not in page.text


def test_in_a_demonstration_each_kind_of_user_is_one_click_away(client, council, settings):
    settings.DEMO = True

    page = client.get("/sign-in/")

    for person in (
        council.ada,
        council.quinn,
        council.theo,
        council.hana,
        council.priya,
        council.administrator,
    ):
        assert f'action="{address(person)}"' in page.text
    assert council.sam.name not in page.text, "who holds no post is no kind of user"


def test_one_click_signs_in_and_leads_to_my_tasks(client, council, settings):
    settings.DEMO = True

    answer = client.post(address(council.quinn))

    assert signed_in(client) == "Quinn"
    assert answer["Location"] == reverse("my_tasks")


def test_one_click_leads_to_the_page_that_was_wanted(client, council, settings):
    settings.DEMO = True

    assert client.post(address(council.quinn), {"next": "/alerts/"})["Location"] == "/alerts/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_one_click_never_leads_elsewhere(client, council, settings, elsewhere):
    settings.DEMO = True

    assert client.post(address(council.quinn), {"next": elsewhere})["Location"] == reverse("my_tasks")


def test_a_link_alone_signs_nobody_in(client, council, settings):
    settings.DEMO = True

    assert client.get(address(council.quinn)).status_code == 405
    assert signed_in(client) is None


def test_nobody_becomes_somebody_who_has_left(client, council, settings):
    settings.DEMO = True

    assert client.post(address(make_person("Gone", is_active=False))).status_code == 404


def test_the_page_needs_few_questions_to_the_database(
    client, council, settings, django_assert_max_num_queries
):
    settings.DEMO = True

    with django_assert_max_num_queries(40):
        client.get("/sign-in/")
