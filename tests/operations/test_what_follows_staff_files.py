"""What follows an audit of what is about a member of staff is no wider known than that audit."""

import pytest
from django.urls import reverse

from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import Dispute
from goldenthread.escalations.operations import Point, raise_dispute
from goldenthread.improvement.models import Action, Response
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from tests.make import make_council, publish_pack
from tests.operations.test_follow_up import AT, LATER, agreed, discuss, response_to

pytestmark = pytest.mark.django_db
ON = AT.date()
MODELS = (Response, Action, Dispute)


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    return council


@pytest.fixture
def response(council):
    """An audit with a discussion, an action and a dispute."""
    response = response_to(council)
    discuss(council, response, agreed(council))
    raise_dispute(response.audit, [Point("overall", "Why", "Where")], by=council.priya, at=LATER)
    return response


def seen_by(person):
    return [model for model in MODELS if model.objects.visible_to(person, on=ON).exists()]


def test_a_post_shows_what_follows_staff_files_only_to_who_may_see_staff_files(council, response):
    """Mara's post sees every audit, and here she owes nothing."""
    assert seen_by(council.quality_manager) == list(MODELS)

    Subject.objects.update(about_staff=True)

    assert seen_by(council.quality_manager) == []
    assert seen_by(council.priya) == list(MODELS)


def test_the_figures_of_what_follows_staff_files_are_theirs_alone_too(council, response):
    Subject.objects.update(about_staff=True)

    assert not Response.objects.reported_to(council.quinn, on=ON).exists()
    assert not Action.objects.reported_to(council.quinn, on=ON).exists()


def test_the_ledger_shows_what_a_discussion_said_to_none_but_those_who_see_the_discussion(
    client, council, response
):
    """Whoever sees the ledger and some other team's audits must not read supervision there."""
    Person.objects.filter(pk=council.other_manager.pk).update(is_administrator=True)
    client.force_login(council.other_manager)
    event = Event.objects.get(what="response.discuss")

    page = client.get(reverse("show_event", args=[event.position]))

    assert page.status_code == 200
    assert "The plan." not in page.text and not page.context["sees_values"]
