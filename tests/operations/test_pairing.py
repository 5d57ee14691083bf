"""Independence, pairs of teams and loads over the year as a framework asks for them (CA-2, CA-3, WF-5)."""

from datetime import date

import pytest
from django.urls import reverse

from goldenthread.programmes.models import Slot
from goldenthread.programmes.operations.allocation import allocate, edit_slot
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.queries.auditors import pairs_in
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.make import (
    PACK,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db


def document(pool=(), **rule):
    """The shipped framework with another rule for who audits what."""
    data = read_document(PACK.read_text()).data
    pools = [{"posts": ["team manager", "practitioner"], **dict(pool)}]
    data["pairing"]["audits"] = {"pools": pools, "capacity": 5, **rule}
    return write_document(data)


def allocated(label="2026-11"):
    cycle = make_cycle(label)
    at = moment(f"{cycle.opens_on}T09:00")
    place_reaudits(cycle, by=None, at=at)
    draw(freeze_frame(cycle, "audit", by=None, at=at), seed="1", by=None, at=at)
    allocate(cycle, solve=fill, by=None, at=at)
    return cycle


def auditor_of(reference):
    return Slot.objects.standing().get(subject__reference=reference).auditor


def rules_of(reference):
    slot = Slot.objects.standing().get(subject__reference=reference)
    return {row["auditor"]: row["rule"] for row in slot.unfilled}


def manager(name, unit):
    person = make_person(name)
    make_post(person, "team manager", unit)
    return person


# ---- independence ----


def test_a_worker_audits_their_own_case_and_nobody_else_does():
    publish_pack(document=document(independence=["only their own work"]))
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=council.priya)

    cycle = allocated()

    assert auditor_of("C1") == council.priya
    with pytest.raises(Refused, match="does not work with this case, and it is audited by whoever does"):
        edit_slot(
            Slot.objects.get(), auditor=council.theo, because="free", despite=True, by=None, at=moment()
        )
    assert cycle.slots.count() == 1


def test_an_own_case_whose_worker_holds_no_post_of_the_pool_stays_open_with_the_reason():
    publish_pack(document=document(independence=["only their own work"]))
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=make_person("Agency worker"))

    allocated()

    assert set(rules_of("C1").values()) == {"does not work with this case, and it is audited by whoever does"}


def test_an_auditor_of_the_same_service_but_another_team_is_found():
    publish_pack(document=document(independence=["not their own team", "only their own service"]))
    council = make_council()
    neighbour = manager("Nia", make_unit("South team", under=council.service))
    make_subject("C1", unit=council.team, practitioner=council.priya)

    allocated()

    assert auditor_of("C1") == neighbour


def test_nobody_in_the_line_of_management_audits_however_high():
    publish_pack(
        document=document({"posts": ["head of service", "team manager"]}, independence=["not their own line"])
    )
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=council.priya)

    allocated()

    assert auditor_of("C1") == council.other_manager
    council.other_manager.posts.all().delete()
    allocate(make_cycle(), solve=fill, by=None, at=moment())
    said = "manages the team whose work is audited, North team, or a unit above it"
    assert rules_of("C1") == {council.theo.public_id: said, council.hana.public_id: said}


# ---- pairs ----


@pytest.fixture
def paired():
    """Four teams, each with a manager and a case of its own."""
    publish_pack(document=document({"posts": ["team manager"], "pairs": "each cycle"}))
    council = make_council()
    council.teams = {"North team": council.theo, "Ward team": council.other_manager}
    for name in ("East team", "West team"):
        unit = make_unit(name, under=council.service)
        council.teams[name] = manager(f"Manager of {name}", unit)
        make_subject(f"Case of {name}", unit=unit, practitioner=make_person(f"Worker of {name}"))
    make_subject("Case of North team", unit=council.team, practitioner=council.priya)
    make_subject("Case of Ward team", unit=council.other_team, practitioner=make_person("Worker of Ward"))
    return council


def who_audited(council, cycle):
    """Each team with the team whose manager audits its work."""
    team_of = {person.pk: name for name, person in council.teams.items()}
    return {slot.unit.name: team_of[slot.auditor_id] for slot in cycle.slots.filter(dropped_at=None)}


def test_managers_of_a_pair_audit_each_other_s_work(paired):
    cycle = allocated()

    found = who_audited(paired, cycle)

    assert sorted(found) == sorted(paired.teams)
    assert all(found[other] == team for team, other in found.items())
    assert sorted(found.items()) == pairs_in(cycle, on=cycle.opens_on)


def test_pairs_change_from_cycle_to_cycle_until_each_has_met_each_other(paired):
    months = [make_cycle(label) for label in ("2026-09", "2026-10", "2026-11")]

    met = [dict(pairs_in(cycle, on=cycle.opens_on))["North team"] for cycle in months]

    assert sorted(met) == ["East team", "Ward team", "West team"]


def test_another_manager_is_kept_from_a_pair_s_work_by_hand_too(paired):
    cycle = allocated()
    partner = dict(pairs_in(cycle, on=cycle.opens_on))["North team"]
    slot = cycle.slots.get(unit=paired.team)
    stranger = next(m for name, m in paired.teams.items() if name not in ("North team", partner))

    with pytest.raises(Refused, match=f"is not paired with North team; {partner} is"):
        edit_slot(slot, auditor=stranger, because="free", despite=True, by=None, at=moment())


def test_a_team_without_a_manager_is_audited_by_whoever_may(paired):
    paired.other_manager.posts.all().delete()

    allocated()

    assert auditor_of("Case of Ward team") is not None


def test_the_pairs_stand_on_the_page_of_the_allocation(client, paired, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 2))
    cycle = allocated()
    client.force_login(paired.quinn)

    page = client.get(reverse("show_allocation", args=[cycle.public_id])).text

    assert "Its work is audited by" in page


# ---- loads ----


def test_a_year_s_load_ends_what_a_cycle_would_still_allow_and_a_reason_sets_it_aside():
    publish_pack(document=document({"posts": ["accredited auditor"]}, capacity=2, capacity_in_year=1))
    council = make_council()
    rosa = make_person("Rosa")
    make_subject("C1", unit=council.team, practitioner=council.priya)
    allocated("2026-09")
    make_subject("C2", unit=council.team, practitioner=rosa)

    allocated("2026-11")

    slot = Slot.objects.get(cycle__label="2026-11")
    assert slot.auditor is None
    full = {"auditor": council.ada, "because": "nobody else", "by": None, "at": moment()}
    with pytest.raises(Refused, match="already has the 1 audit that they may have this year"):
        edit_slot(slot, **full)
    assert edit_slot(slot, **full, despite=True).auditor == council.ada


def test_a_new_year_begins_with_nothing():
    publish_pack(document=document({"posts": ["accredited auditor"]}, capacity=2, capacity_in_year=1))
    council = make_council()
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_subject("C2", unit=council.team, practitioner=make_person("Rosa"))
    allocated("2026-11")

    cycle = allocated("2027-01")

    assert cycle.slots.get().auditor == council.ada


@pytest.mark.parametrize(
    ("pool", "rule", "sentence"),
    [
        (
            {},
            {"independence": ["only their own work", "not their own work"]},
            "leave nobody; take one of them out",
        ),
        (
            {},
            {"independence": ["only their own work", "not their own team"]},
            "leave nobody; take one of them out",
        ),
        ({"pairs": "each year"}, {"independence": ["only their own work"]}, "leave “pairs” out"),
    ],
)
def test_conditions_that_nobody_can_meet_are_refused(pool, rule, sentence):
    assert any(sentence in fault.sentence for fault in faults(document(pool, **rule)))
