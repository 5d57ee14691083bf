"""A theme and a team's number, open in two tabs: what somebody else saved is not written over unseen."""

import re

import pytest
from django.urls import reverse

from goldenthread.ledger.models import Event
from goldenthread.programmes.models import UnitTarget
from goldenthread.programmes.operations import Overtaken, set_target
from tests.make import make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
CLASH = "Somebody else changed this while you had it open"


@pytest.fixture
def council(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-09-07T09:00"))
    publish_pack()
    council = make_council()
    council.cycle = make_cycle("2026-10")
    council.cycle.themed = True
    council.cycle.save()
    return council


def opened(client, url):
    """The hidden sign of what a form showed when it was opened."""
    return {"seen": re.search(r'name="seen"(?: value="([^"]*)")?', client.get(url).text)[1] or ""}


def theme_page(council):
    return reverse("set_theme", args=[council.cycle.public_id])


def number_page(council):
    return reverse("set_target", args=["monthly audits", council.team.public_id])


def theme(council):
    council.cycle.refresh_from_db()
    return council.cycle.theme


def test_a_theme_that_somebody_else_set_meanwhile_is_not_written_over(client, council):
    client.force_login(council.quinn)
    url = theme_page(council)
    first, second = opened(client, url), opened(client, url)

    assert client.post(url, {**first, "theme": "Carers", "unit": ""}).status_code == 302
    page = client.post(url, {**second, "theme": "Discharge", "unit": council.service.public_id})

    assert theme(council) == "Carers"
    assert CLASH in page.text
    assert '<blockquote class="gt-clash__theirs">Carers</blockquote>' in page.text
    assert 'value="Discharge"' in page.text
    assert Event.objects.filter(what="cycle.set_theme").count() == 1


def test_after_both_themes_were_shown_the_next_save_goes_over_theirs(client, council):
    client.force_login(council.quinn)
    url = theme_page(council)
    seen = opened(client, url)
    client.post(url, {**seen, "theme": "Carers", "unit": ""})
    page = client.post(url, {**seen, "theme": "Discharge", "unit": ""})

    again = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    client.post(url, {"seen": again, "theme": "Discharge", "unit": ""})

    assert theme(council) == "Discharge"


@pytest.mark.parametrize("sign", ["", "guessed", None])
def test_a_save_that_does_not_say_what_it_saw_writes_over_nothing(client, council, sign):
    client.force_login(council.quinn)
    url = theme_page(council)
    client.post(url, {**opened(client, url), "theme": "Carers", "unit": ""})

    client.post(url, {"theme": "Discharge", "unit": ""} | ({} if sign is None else {"seen": sign}))

    assert theme(council) == "Carers"


def test_two_tabs_that_say_the_same_agree(client, council):
    client.force_login(council.quinn)
    url = theme_page(council)
    seen = opened(client, url)

    for _ in range(2):
        assert client.post(url, {**seen, "theme": "Carers", "unit": ""}).status_code == 302


def test_a_number_that_somebody_else_set_meanwhile_is_not_written_over(client, council):
    client.force_login(council.quinn)
    url = number_page(council)
    first, second = opened(client, url), opened(client, url)

    assert client.post(url, {**first, "number": 6, "starts_on": "07/09/2026"}).status_code == 302
    page = client.post(url, {**second, "number": 9, "starts_on": "07/09/2026"})

    assert UnitTarget.objects.get().number == 6
    assert CLASH in page.text
    assert '<blockquote class="gt-clash__theirs">6, from 7 September 2026</blockquote>' in page.text
    assert 'value="9"' in page.text
    again = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    client.post(url, {"seen": again, "number": 9, "starts_on": "07/09/2026"})
    assert UnitTarget.objects.get().number == 9


def test_a_number_that_somebody_took_back_meanwhile_is_not_set_again_unseen(client, council):
    client.force_login(council.quinn)
    url = number_page(council)
    client.post(url, {**opened(client, url), "number": 6, "starts_on": "07/09/2026"})
    stale = opened(client, url)
    client.post(url, {**stale, "number": "", "starts_on": "07/09/2026"})

    page = client.post(url, {**stale, "number": 7, "starts_on": "07/09/2026"})

    assert CLASH in page.text
    assert "The framework’s number" in page.text
    assert not UnitTarget.objects.filter(number=7).exists()


def test_a_number_that_begins_later_is_said_before_it_is_replaced(client, council):
    client.force_login(council.quinn)
    url = number_page(council)
    client.post(url, {**opened(client, url), "number": 6, "starts_on": "04/01/2027"})

    assert "A number of its own begins later: 6, from 4 January 2027." in client.get(url).text


def test_a_command_that_saw_nothing_is_not_asked_what_it_saw(council):
    said = {"starts_on": moment("2026-09-07T09:00").date(), "by": None, "at": moment("2026-09-07T09:00")}
    key = council.cycle.framework_key

    set_target(key, "monthly audits", council.team, number=5, **said)
    set_target(key, "monthly audits", council.team, number=6, **said)
    with pytest.raises(Overtaken):
        set_target(key, "monthly audits", council.team, number=7, seen="", **said)

    assert UnitTarget.objects.get().number == 6
