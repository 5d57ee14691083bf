"""Coverage against target, as far as the reader may see, down to its audits (CA-7)."""

import pytest
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.people.models import Person
from goldenthread.programmes.models import Slot
from goldenthread.programmes.operations import (
    allocate,
    draw,
    drop_slot,
    freeze_frame,
    place_reaudits,
    send_cycle,
)
from goldenthread.programmes.queries import coverage_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.solver import fill
from tests.make import (
    PACK,
    make_council,
    make_cycle,
    make_person,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")


@pytest.fixture
def council(monkeypatch):
    """November sent: North team's and Ward team's audits; North team's is final."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    publish_pack()
    council = make_council()
    for person in (council.ada, council.theo, council.other_manager):
        make_training(person)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_subject("C2", unit=council.other_team, practitioner=make_person("Rosa"))
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    draw(freeze_frame(cycle, "audit", by=None, at=AT), seed="1", by=None, at=AT)
    allocate(cycle, solve=fill, by=None, at=AT)
    send_cycle(cycle, by=None, at=AT)
    Audit.objects.filter(unit=council.team).update(phase="final", state="final", finished_at=AT)
    council.cycle = cycle
    return council


def told(rows):
    return [(row.unit.name, row.target, row.sent, row.done) for row in rows]


def test_the_quality_team_sees_every_teams_coverage(council):
    rows = coverage_of(council.cycle, reader=council.quinn, on=AT.date())

    assert told(rows) == [("North team", 1, 1, 1), ("Ward team", 1, 1, 0)]


def test_a_head_of_service_sees_their_own_service_alone(council, client):
    assert told(coverage_of(council.cycle, reader=council.hana, on=AT.date())) == [("North team", 1, 1, 1)]
    client.force_login(council.hana)

    page = client.get(reverse("show_coverage"), {"period": "2026-11"})

    assert "North team" in page.text
    assert "Ward team" not in page.text


@pytest.mark.parametrize("who", ["sam", "ada", "priya"])
def test_who_sees_no_reports_sees_no_coverage(council, client, who):
    client.force_login(getattr(council, who))

    assert client.get(reverse("show_coverage")).status_code == 403
    assert client.get(reverse("list_covered_audits")).status_code == 403
    assert coverage_of(council.cycle, reader=getattr(council, who), on=AT.date()) == []


def test_each_number_opens_down_to_its_audits(council, client):
    client.force_login(council.quinn)
    query = {"year": 2026, "period": "2026-11", "kind": "monthly audits", "what": "done"}

    north = client.get(reverse("list_covered_audits"), {**query, "unit": council.team.public_id})
    ward = client.get(reverse("list_covered_audits"), {**query, "unit": council.other_team.public_id})

    assert Audit.objects.get(unit=council.team).number in north.text
    assert "0 audits finished" in ward.text


def test_a_service_is_not_opened_through_the_address(council, client):
    client.force_login(council.hana)
    query = {
        "year": 2026,
        "period": "2026-11",
        "kind": "monthly audits",
        "unit": council.other_team.public_id,
    }

    page = client.get(reverse("list_covered_audits"), {**query, "unit": council.other_team.public_id})

    assert Audit.objects.get(unit=council.other_team).number not in page.text


def test_a_person_of_another_service_is_not_named_through_the_address(council, client):
    data = read_document(PACK.read_text()).data
    owed = {"title": "Own", "counts": ["audit"], "per": "practitioner", "each": "cycle", "number": 1}
    data["targets"]["own"] = owed
    council.cycle.version = publish_pack(document=write_document(data))
    council.cycle.save()
    client.force_login(council.hana)
    query = {"year": 2026, "period": "2026-11", "kind": "own"}
    rosa = Person.objects.get(name="Rosa")

    hers = client.get(reverse("list_covered_audits"), {**query, "person": council.priya.public_id})
    not_hers = client.get(reverse("list_covered_audits"), {**query, "person": rosa.public_id})

    assert (hers.status_code, not_hers.status_code) == (200, 404)


@pytest.mark.parametrize("year", ["²²²²", "0000", "9" * 5000])
def test_a_year_that_is_none_shows_no_error(council, client, year):
    client.force_login(council.quinn)

    assert client.get(reverse("show_coverage"), {"year": year, "period": "year"}).status_code == 200
    assert client.get(reverse("list_covered_audits"), {"year": year}).status_code in (200, 404)


def test_what_is_left_out_stays_owed(council):
    later = moment("2026-11-03T09:00")
    cycle = make_cycle("2027-01")
    make_subject("C3", unit=council.team, practitioner=make_person("Noor"))
    place_reaudits(cycle, by=None, at=later)
    draw(freeze_frame(cycle, "audit", by=None, at=later), seed="1", by=None, at=later)
    drop_slot(Slot.objects.get(cycle=cycle), because="the team is moving", by=None, at=later)

    rows = coverage_of(cycle, reader=council.quinn, on=later.date())

    assert ("North team", 1, 0, 0) in told(rows)


def test_a_month_that_is_not_frozen_owes_what_the_target_says(council):
    rows = coverage_of(make_cycle("2027-03"), reader=council.quinn, on=AT.date())

    assert told(rows) == [("North team", 1, 0, 0), ("Ward team", 1, 0, 0)]


def test_coverage_has_a_query_limit(council, client, django_assert_max_num_queries):
    client.force_login(council.quinn)

    with django_assert_max_num_queries(32):
        client.get(reverse("show_coverage"), {"period": "year"})


def test_months_that_closed_before_the_organisation_began_owe_nothing(council):
    assert coverage_of(make_cycle("2026-09"), reader=council.quinn, on=AT.date()) == []
