"""An installation with nothing in it says what it is for and what comes first."""

import html

import pytest
from django.urls import reverse

from tests.make import make_council, make_cycle, make_person, make_subject, publish_pack

pytestmark = pytest.mark.django_db
STEPS = {
    "load_people": "Load your people",
    "begin_draft": "Set up your framework",
    "upload_extract": "Load your cases",
    "list_cycles": "Plan the year",
}


def read(client, person, address="/tasks/"):
    client.force_login(person)
    return html.unescape(client.get(address).text)


def steps_shown(page):
    return [name for name, text in STEPS.items() if f'href="{reverse(name)}">{text}</a>' in page]


def test_the_first_administrator_is_shown_what_comes_first_and_may_open_it(client):
    alex = make_person("Alex", is_administrator=True)

    page = read(client, alex)
    shown = steps_shown(page)

    assert "There is nothing for you to do now" not in page
    assert shown == ["load_people", "begin_draft", "upload_extract"]
    assert all(client.get(reverse(name)).status_code == 200 for name in shown)


def test_what_is_done_is_shown_no_more_and_only_to_those_who_may_do_it(client):
    publish_pack()
    council = make_council()

    assert steps_shown(read(client, council.administrator)) == ["upload_extract"]
    assert steps_shown(read(client, council.quinn)) == ["upload_extract", "list_cycles"]
    assert "What comes first" not in read(client, council.ada)
    make_subject("C1", unit=council.team)
    assert steps_shown(read(client, council.quinn)) == ["list_cycles"]
    make_cycle("2026-11")
    assert "What comes first" not in read(client, council.quinn)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/caseload/", "Cases come with the extracts"),
        ("/people/organisation/", "Units come with the people file"),
        ("/frameworks/", "No framework is published yet. One begins as a draft"),
        ("/moderation/", "Nothing is drawn for you to grade again"),
        ("/agreements/", "It is begun here for a team"),
    ],
)
def test_an_empty_list_says_where_what_it_holds_comes_from(client, address, says):
    assert says in read(client, make_person("Alex", is_administrator=True), address)
