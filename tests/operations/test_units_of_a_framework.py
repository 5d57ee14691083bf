"""The units that a framework is for: chosen with a reason from a day on, and what goes by them."""

import json
from datetime import date, timedelta

import pytest

from goldenthread.escalations.operations import raise_alert
from goldenthread.frameworks.models import Framework, Remit
from goldenthread.frameworks.operations import set_remit
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.frameworks.remits import OUTSIDE, remits_of, version_for
from goldenthread.ledger.models import Event
from goldenthread.people.models import Unit
from goldenthread.programmes.models import Commission
from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.queries.auditors import people_of_pools
from goldenthread.programmes.queries.coverage import coverage
from goldenthread.programmes.queries.frame import OTHER_UNITS
from goldenthread.programmes.queries.teams import places_on
from goldenthread.programmes.queries.units import units_with_targets
from goldenthread.registers.operations import begin_agreement
from goldenthread.registers.queries import possible_for
from goldenthread.rules.refusal import Refused
from tests.make import PACK, make_council, make_cycle, make_person, make_subject, moment, publish_pack
from tests.operations import test_agreements as agreements
from tests.operations import test_triggers as triggers

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")
TODAY = AT.date()
CHILDREN = PACK.with_name("childrens-services.yaml").read_text()


@pytest.fixture
def council():
    publish_pack()
    found = make_council()
    for team in (found.team, found.other_team):
        for number in range(3):
            worker = make_person(f"Worker {number} of {team}")
            make_subject(f"{team} {number}", unit=team, practitioner=worker)
    return found


def chosen(*units, key="adult-social-care", by=None, at=AT, starts_on=TODAY, **more):
    framework = Framework.objects.get(key=key)
    return set_remit(framework, units, starts_on=starts_on, reason="As agreed.", by=by, at=at, **more)


def ready(council):
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    return cycle


def owed(council, cycle, on=TODAY):
    rows = coverage([cycle], reader=council.quality_manager, on=on)
    return {row.unit.name: row.target for row in rows if row.key == "monthly audits" and row.target}


def test_a_choice_is_one_event_with_its_reason_and_what_was_chosen_before_stays(council):
    chosen(council.service, by=council.quality_manager)
    chosen(council.other_service, by=council.quality_manager, starts_on=TODAY + timedelta(days=9))

    remits = remits_of("adult-social-care")
    units = [remits.on(TODAY + timedelta(days=day)) for day in (-1, 0, 8, 9)]
    assert [area and area.chosen for area in units] == [
        None,
        {council.service.pk},
        {council.service.pk},
        {council.other_service.pk},
    ]
    assert Remit.objects.count() == Event.objects.filter(what="framework.set_units").count() == 2
    first = Event.objects.filter(what="framework.set_units").order_by("pk")[0]
    values = json.loads(first.recorded.values)
    assert values["units"] == [council.service.public_id] and values["reason"] == "As agreed."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "today or a later day"),
        ({"after": 0}, "while you had this open"),
        ({"reason": " "}, "Say why"),
    ],
)
def test_a_choice_in_the_past_of_a_stale_page_or_without_a_reason_changes_nothing(council, change, said):
    chosen(council.service)
    told = {"starts_on": TODAY, "reason": "As agreed.", "by": None, "at": AT} | change

    with pytest.raises(Refused, match=said):
        set_remit(Framework.objects.get(), [council.other_service], **told)
    assert Remit.objects.count() == Event.objects.filter(what="framework.set_units").count() == 1


def test_a_frame_leaves_out_the_cases_of_other_units_and_nothing_is_owed_for_them(council):
    chosen(council.service)
    cycle = ready(council)

    assert owed(council, cycle) == {"North team": 1}
    frozen = freeze_frame(cycle, "audit", by=None, at=AT)

    left_out = frozen.entries.filter(reason=OUTSIDE, stratum=OTHER_UNITS, eligible=False)
    assert {entry.unit for entry in left_out} == {council.other_team} and left_out.count() == 3
    assert list(frozen.strata.values_list("name", "size")) == [("North team", 1), (OTHER_UNITS, 0)]
    assert owed(council, cycle) == {"North team": 1}
    asked = units_with_targets(pack_of(cycle.version), "monthly audits", on=TODAY)
    assert asked == [council.team]


def test_a_frame_that_is_frozen_stays_as_it_was(council):
    cycle = ready(council)
    before = freeze_frame(cycle, "audit", by=None, at=AT)
    drawn = owed(council, cycle)
    chosen(council.service)

    assert owed(council, cycle) == drawn == {"North team": 1, "Ward team": 1}
    assert not before.entries.filter(reason=OUTSIDE).exists()


def test_a_cycle_that_is_over_goes_by_what_held_on_its_last_day(council):
    cycle, later = ready(council), date(2026, 12, 9)
    chosen(council.service)
    chosen(starts_on=date(2026, 12, 4), at=moment("2026-12-04T09:00"))  # the whole organisation again

    assert remits_of("adult-social-care").on(later) is None
    assert owed(council, cycle, on=later) == {"North team": 1}


def test_pools_take_posts_in_the_units_and_above_them(council):
    cycle = ready(council)
    pack, places = pack_of(cycle.version), places_on(TODAY)

    def pool():
        area = remits_of(pack.key).on(TODAY)
        return people_of_pools(pack, ["audits"], places, TODAY, area)

    assert {council.ada.pk, council.theo.pk, council.other_manager.pk} <= pool()
    chosen(council.other_service)
    assert {council.ada.pk, council.other_manager.pk} <= pool() and council.theo.pk not in pool()


def test_an_alert_outside_an_audit_goes_by_the_framework_of_the_unit_and_is_never_hindered(council):
    adults = current("adult-social-care")
    children = publish_pack(document=CHILDREN, at=AT)
    last = children
    assert version_for(council.team, on=TODAY) == last  # nobody chose, so it is the last published

    chosen(council.service)
    chosen(council.other_team, key="childrens-services")

    assert version_for(council.team, on=TODAY) == adults
    assert version_for(council.other_team, on=TODAY) == children
    for unit in (council.organisation, None):
        assert version_for(unit, on=TODAY) in (adults, children)
    subject = make_subject("C-1", unit=council.team, practitioner=council.priya)
    alert = raise_alert(concern="Not safe", subject=subject, by=council.priya, at=AT)
    assert alert.version == adults


def test_agreements_are_begun_in_the_units_alone():
    team = agreements.Team()
    set_remit(
        team.version.framework,
        [team.other],
        starts_on=agreements.AT.date(),
        reason="As agreed.",
        by=None,
        at=agreements.AT,
    )

    assert possible_for(team.theo, on=agreements.AT.date()) == []
    assert possible_for(team.olga, on=agreements.AT.date()) != []
    with pytest.raises(Refused, match=OUTSIDE):
        begin_agreement(team.version, "accuracy", team.team, by=team.theo, at=agreements.AT)


def test_what_happens_in_other_units_leads_to_nothing():
    service = triggers.published()
    set_remit(
        Framework.objects.get(),
        Unit.objects.filter(pk=service.teams[1].pk),
        starts_on=triggers.AT.date(),
        reason="As agreed.",
        by=None,
        at=triggers.AT,
    )
    triggers.supervised(service, team=0)
    ours = triggers.supervised(service, team=1)

    assert triggers.sweep()[0] == 1
    assert Commission.objects.get().occurrence == ours
