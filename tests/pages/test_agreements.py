"""The pages of agreements, as a team manager and a business support officer use them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.registers.models import Agreement, Check
from tests.make import make_person, make_subject
from tests.operations.test_agreements import LEGAL, OWN, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return Team()


def posted(agreement, **changes):
    """What the page of items sends: the standard items left as they are but for the changes."""
    data = {"revision": agreement.revision}
    for place in range(1, 10):
        data |= {f"item-{place}-method": LEGAL.method, f"item-{place}-every": "1 week"}
    for place in range(1, 4):
        data |= {f"own-{place}-label": "", f"own-{place}-method": OWN.method, f"own-{place}-every": OWN.every}
    return data | changes


def test_a_team_manager_begins_changes_and_both_sign(client, team):
    client.force_login(team.theo)
    client.post(reverse("begin_agreement"), {"which": f"childrens-services/accuracy/{team.team.public_id}"})
    agreement = Agreement.objects.get()

    page = client.post(
        reverse("edit_agreement", args=[agreement.public_id]),
        posted(agreement, **{"item-4-taken": "on", "own-1-label": "Pathway plan dates"}),
        follow=True,
    ).content.decode()

    assert "Legal status codes" in page and "Pathway plan dates" in page and "Addresses" not in page
    agreement.refresh_from_db()
    for person in (team.theo, team.bo):
        client.force_login(person)
        client.post(reverse("sign_agreement", args=[agreement.public_id]), {"revision": agreement.revision})
    page = client.get(reverse("show_agreement", args=[agreement.public_id])).content.decode()
    assert "In force" in page and "Signed by Bo" in page and "Looked at again by" in page


def test_nothing_typed_is_lost_when_the_items_cannot_be_saved(client, team):
    agreement = team.begun()
    client.force_login(team.theo)

    answer = client.post(
        reverse("edit_agreement", args=[agreement.public_id]),
        posted(agreement, **{"own-1-label": "Visits", "own-2-label": "visits"}),
    )

    assert answer.status_code == 422
    assert "stands here twice" in answer.content.decode() and 'value="Visits"' in answer.content.decode()


def test_a_check_is_logged_on_the_page_of_its_item(client, team):
    agreement = team.signed()
    item = agreement.items.get(label=LEGAL.label)
    client.force_login(team.bo)
    said = {
        "checked_on": f"{timezone.localdate():%d/%m/%Y}",
        "cases": "10",
        "wrong": "1",
        "put_right": "1",
        "note": "",
    }

    page = client.post(reverse("check_item", args=[item.public_id]), said, follow=True).content.decode()

    assert Check.objects.get().cases == 10
    assert f"{timezone.localdate():%-d %B %Y}: 1 of 10 wrong, 1 put right" in page


def test_a_refused_check_says_why_and_keeps_what_was_typed(client, team):
    item = team.signed().items.first()
    client.force_login(team.bo)
    said = {
        "checked_on": f"{timezone.localdate():%d/%m/%Y}",
        "cases": "1",
        "wrong": "2",
        "put_right": "0",
        "note": "C-9",
    }

    page = client.post(reverse("check_item", args=[item.public_id]), said).content.decode()

    assert "More were wrong than were looked at" in page and "C-9" in page and not Check.objects.exists()


def test_the_list_of_cases_shows_the_fact_and_nobody_elses_cases(client, team):
    make_subject("MINE-1", unit=team.team)
    make_subject("OTHER-1", unit=team.other)
    item = team.signed().items.get(label=LEGAL.label)
    client.force_login(team.bo)

    page = client.get(reverse("list_cases_to_check", args=[item.public_id])).content.decode()

    assert "MINE-1" in page and "Legal status" in page and "OTHER-1" not in page


def test_another_team_and_a_stranger_find_no_such_agreement(client, team):
    agreement = team.signed()
    item = agreement.items.first()
    for person in (team.olga, make_person("Sam")):
        client.force_login(person)
        for name, public_id in (
            ("show_agreement", agreement.public_id),
            ("edit_agreement", agreement.public_id),
            ("check_item", item.public_id),
            ("list_cases_to_check", item.public_id),
        ):
            assert client.get(reverse(name, args=[public_id])).status_code == 404, name
        page = client.get(reverse("list_agreements")).content.decode()
        assert "Care East" not in page


def test_many_agreements_take_as_many_statements_as_few(client, team, django_assert_max_num_queries):
    team.signed()
    client.force_login(team.theo)

    with django_assert_max_num_queries(30):
        client.get(reverse("list_agreements"))
