"""Whoever may not open something is told whom to ask: those who look after posts here, by name."""

import pytest

from goldenthread.people.models import Person, Post
from tests.make import make_council, make_person, publish_pack

pytestmark = pytest.mark.django_db
CLOSED = ("/people/", "/audits/nothing-is-here/")
MAIL = 'href="mailto:{}"'


@pytest.fixture
def council():
    publish_pack()
    return make_council()


def page(client, who, address):
    if who is not None:
        client.force_login(who)
    answer = client.get(address)
    assert answer.status_code in (403, 404)
    return answer.text


@pytest.mark.parametrize("address", CLOSED)
def test_a_page_that_is_not_open_names_those_who_look_after_posts(client, council, address):
    told = page(client, council.ada, address)

    assert "ask one of those who look after posts here" in told
    assert MAIL.format(council.quality_manager.email) in told and "<li>Mara" in told
    assert told.count("mailto:") == 1 and "the people who run Golden Thread" not in told


def test_those_who_left_or_no_longer_hold_the_post_are_not_named(client, council):
    Person.objects.filter(pk=council.quality_manager.pk).update(is_active=False)
    told = page(client, council.ada, "/people/")

    assert "Mara" not in told
    assert MAIL.format(council.administrator.email) in told  # who sets people up where no post does
    Post.objects.filter(person=council.quality_manager).delete()
    Person.objects.filter(pk=council.administrator.pk).update(is_administrator=False)
    told = page(client, council.ada, "/people/")
    assert "mailto:" not in told and "ask the people who run Golden Thread" in told


def test_nobody_is_sent_to_themselves(client, council):
    told = page(client, council.quality_manager, "/audits/nothing-is-here/")

    assert MAIL.format(council.quality_manager.email) not in told
    assert MAIL.format(council.administrator.email) in told


def test_what_is_said_is_true_of_administrators_and_the_quality_team_too(client, council):
    told = page(client, council.administrator, "/programme/")
    assert "What you may do here does not include this" in told and "Your post" not in told

    Post.objects.filter(person=council.quality_manager).delete()
    told = page(client, council.administrator, "/nothing-is-here/")
    assert "ask the people who run Golden Thread" in told and "quality team" not in told


def test_whoever_is_not_signed_in_learns_no_names(client, council):
    told = page(client, None, "/nothing-is-here/")

    assert "ask the people who run Golden Thread" in told
    assert "mailto:" not in told and "Mara" not in told


def test_whoever_was_invited_from_outside_learns_no_names(client, council):
    told = page(client, make_person("Hope Health", is_outside=True), "/people/")

    assert "ask whoever invited you" in told
    assert "mailto:" not in told and "Mara" not in told
