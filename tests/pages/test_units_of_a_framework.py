"""Choosing on screen the units that a framework is for."""

import pytest
from django.utils import timezone

from goldenthread.frameworks.models import Framework, Remit
from tests.make import make_council, make_unit, publish_pack

pytestmark = pytest.mark.django_db
AT_MOST = 12


@pytest.fixture
def council():
    publish_pack()
    return make_council()


def address():
    return f"/frameworks/{Framework.objects.get().public_id}/units/"


def choose(client, *units, after=0, **told):
    data = {
        "units": [unit.public_id for unit in units],
        "starts_on": timezone.localdate().isoformat(),
        "reason": "Children have one of their own.",
        "after": after,
    }
    return client.post(address(), data | told, follow=True)


def test_the_units_are_chosen_and_everybody_reads_them_with_the_reason(client, council):
    client.force_login(council.quality_manager)
    shown = client.get(address()).text
    assert "Anytown Council › Community" in shown and "whole organisation" in shown

    page = choose(client, council.service, council.other_team).text
    assert "are chosen from" in page and "Community and Ward team" in page

    client.force_login(council.priya)
    read = client.get(f"/frameworks/{Framework.objects.get().public_id}/").text
    assert "Children have one of their own." in read and "Choose the units" not in read


def test_what_was_typed_comes_back_with_a_sentence(client, council):
    client.force_login(council.quality_manager)
    choose(client, council.service)

    page = choose(client, council.other_service, reason="Mine, typed at length").text
    assert "while you had this open" in page and "Mine, typed at length" in page
    page = choose(client, council.other_service, after=1, starts_on="2020-01-01").text
    assert "Choose today or a later day" in page
    assert choose(client, after=1, reason="").status_code == 200
    assert Remit.objects.count() == 1


def test_many_units_are_folded_by_service_and_what_is_ticked_stands_open(client, council):
    teams = [make_unit(f"Team {number:02}", under=council.service) for number in range(25)]
    client.force_login(council.quality_manager)
    folded = client.get(address()).text

    page = choose(client, teams[3], council.other_service, reason="").text

    assert "Community (27)" in folded and "<details" in folded and " open>" not in folded
    assert "Community (27, 1 ticked)" in page and page.count('<details class="govuk-details" open>') == 2
    assert page.count('type="checkbox"') == 25 + 5


def test_a_practitioner_chooses_nothing(client, council):
    client.force_login(council.priya)

    assert choose(client, council.service).status_code == 403
    assert not Remit.objects.exists()


def test_many_choices_ask_no_more_than_few(client, council, django_assert_max_num_queries):
    client.force_login(council.quality_manager)
    choose(client, council.service)
    with django_assert_max_num_queries(AT_MOST):
        client.get(address())
    for after in range(1, 6):
        choose(client, council.service, council.team, council.other_team, after=after)
    with django_assert_max_num_queries(AT_MOST):
        client.get(address())
