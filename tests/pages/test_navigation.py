"""The navigation shows the sections that a person may open, and where they are."""

import re

import pytest

from goldenthread.people.models import Person
from goldenthread.web.access import ADMINISTRATORS_MAY
from goldenthread.web.navigation import MY_LISTS, SECTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return Person.objects.create(email="sam@example.org", name="Sam Nobody")


@pytest.fixture
def amy():
    return Person.objects.create(email="amy@example.org", name="Amy Admin", is_administrator=True)


def entries(client, path="/accessibility/") -> list[str]:
    """The words of the navigation, in order."""
    page = client.get(path).content.decode()
    links = re.findall(r'class="govuk-service-navigation__link"[^>]*>(.*?)</a>', page, flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", link).strip() for link in links]


def test_a_stranger_sees_no_sections_and_no_sign_out(client):
    assert entries(client) == []
    assert "Sign out" not in client.get("/accessibility/").content.decode()


def test_somebody_without_a_post_sees_their_own_tasks_and_audits_alone(client, sam):
    client.force_login(sam)

    assert entries(client) == ["My tasks", "Audits"]


def test_an_administrator_sees_what_they_set_up(client, amy):
    client.force_login(amy)

    wanted = [each.text for each in SECTIONS if not each.needs or ADMINISTRATORS_MAY & set(each.needs)]
    assert entries(client) == wanted
    assert "People" in wanted
    assert "Reports" not in wanted


@pytest.mark.parametrize("path", ["/tasks/", "/people/", "/people/organisation/", *MY_LISTS, "/moderation/"])
def test_the_section_that_one_is_in_is_marked_once(client, amy, path):
    client.force_login(amy)

    assert client.get(path).content.decode().count("govuk-service-navigation__item--active") == 1


def test_every_section_opens_at_its_own_address(client, amy):
    client.force_login(amy)

    for section in SECTIONS:
        assert client.get(section.path).status_code in (200, 403), section.text


def test_signing_out_is_a_button_of_a_form(client, amy):
    client.force_login(amy)

    page = client.get("/accessibility/").content.decode()

    assert re.search(
        r'<form method="post" action="/sign-out/".*?<button type="submit"', page, flags=re.DOTALL
    )
    assert client.get("/sign-out/").status_code == 405
