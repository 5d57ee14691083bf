"""Naming another auditor for an audit that was sent (WF-14)."""

import json
import re
from datetime import date

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.programmes.operations import allocate, draw, freeze_frame, place_reaudits, send_cycle
from goldenthread.rules.solver import fill
from goldenthread.tasks.models import Task
from tests.make import (
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")


@pytest.fixture
def council(monkeypatch):
    """Ada has the audit of Priya's case; Nora of the same service and Olaf of another could take it."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    draw(freeze_frame(cycle, "audit", by=None, at=AT), seed="1", by=None, at=AT)
    allocate(cycle, solve=fill, by=None, at=AT)
    send_cycle(cycle, by=None, at=AT)
    for name, unit in (("Nora", council.service), ("Olaf", council.other_service)):
        person = make_person(name)
        make_post(person, "accredited auditor", unit)
        make_training(person)
        setattr(council, name.lower(), person)
    council.address = reverse("replace_auditor", args=[Audit.objects.get().public_id])
    return council


def test_the_head_of_service_names_somebody_of_their_own_area(client, council):
    client.force_login(council.hana)

    page = client.get(council.address)
    client.post(council.address, {"auditor": council.nora.public_id, "because": "long-term leave"})

    assert "Nora" in page.text
    assert "Olaf" not in page.text
    assert Audit.objects.get().auditor == council.nora
    assert Task.objects.open().get(kind="complete the audit").person == council.nora


def sent_from(page, **said):
    """What a form sends that was opened before."""
    return {"instead_of": re.search(r'name="instead_of" value="(\w*)"', page.text)[1], **said}


def test_of_two_who_name_an_auditor_at_once_the_second_is_told_and_loses_nothing(client, council):
    client.force_login(council.quinn)
    opened = client.get(council.address)
    client.post(council.address, {"auditor": council.nora.public_id, "because": "long-term leave"})

    late = sent_from(opened, auditor=council.olaf.public_id, because="knows the family")
    answer = client.post(council.address, late)

    assert Audit.objects.get().auditor == council.nora
    assert "went to Nora meanwhile" in answer.text and "knows the family" in answer.text
    client.post(council.address, sent_from(answer, auditor=council.olaf.public_id, because="knows"))
    assert Audit.objects.get().auditor == council.olaf


def test_a_person_of_another_area_cannot_be_slipped_in(client, council):
    client.force_login(council.hana)

    page = client.post(council.address, {"auditor": council.olaf.public_id, "because": "long-term leave"})

    assert page.status_code == 200
    assert Audit.objects.get().auditor == council.ada


def test_the_quality_team_names_anybody_of_the_pool(client, council):
    client.force_login(council.quinn)

    client.post(council.address, {"auditor": council.olaf.public_id, "because": "long-term leave"})

    assert Audit.objects.get().auditor == council.olaf


@pytest.mark.parametrize(
    ("who", "answer"), [("sam", 403), ("ada", 403), ("priya", 403), ("other_manager", 404)]
)
def test_who_may_not_is_turned_away(client, council, who, answer):
    client.force_login(getattr(council, who))

    assert client.get(council.address).status_code == answer
    posted = client.post(council.address, {"auditor": council.nora.public_id, "because": "x"})
    assert posted.status_code == answer
    assert Audit.objects.get().auditor == council.ada


def test_whoever_is_known_to_be_on_leave_is_named_with_why_and_not_chosen_unawares(client, council):
    """Leave recorded beforehand, for later in the month."""
    Leave.objects.create(person=council.nora, starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 30))
    client.force_login(council.hana)

    page = client.get(council.address).text
    client.post(council.address, {"auditor": council.nora.public_id, "because": "long-term leave"})

    assert re.search(r"Nora.*?is on leave on 16 of the cycle", page, re.DOTALL)
    assert Audit.objects.get().auditor == council.ada


def test_the_reason_stands_in_the_ledger(client, council):
    client.force_login(council.hana)

    client.post(council.address, {"auditor": council.nora.public_id, "because": "long-term leave"})

    event = Event.objects.get(what="audit.replace_auditor")
    assert event.by == council.hana.public_id
    assert json.loads(event.recorded.values)["because"] == "long-term leave"
