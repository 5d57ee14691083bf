"""Who audits what: hard rules, fair loads, and the reasons where nobody can (WF-5)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.caseload.models import Work
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.programmes.models import Allocation, Slot
from goldenthread.programmes.operations.allocation import allocate, ask_for_allocation, drop_slot, edit_slot
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.make import (
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")


def make_auditor(name, unit, post="accredited auditor"):
    """An auditor with training in date."""
    person = make_person(name)
    make_post(person, post, unit)
    make_training(person)
    return person


@pytest.fixture
def council():
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_training(council.theo)
    return council


def drawn(council, *, label="2026-11", at=AT):
    """The cycle, drawn."""
    cycle = make_cycle(label)
    place_reaudits(cycle, by=None, at=at)
    draw(freeze_frame(cycle, "audit", by=None, at=at), seed="1", by=None, at=at)
    return cycle


def rules_of(slot):
    """Each auditor of an unfilled slot with the rule, by public id."""
    return {row["auditor"]: row["rule"] for row in slot.unfilled}


def test_an_audit_goes_to_somebody_of_another_team(council):
    make_subject("C1", unit=council.team, practitioner=council.priya)
    cycle = drawn(council)

    run = allocate(cycle, solve=fill, by=None, at=AT)

    assert Slot.objects.get().auditor == council.ada
    assert (run.given, run.unfilled) == (1, 0)
    assert Event.objects.filter(what="cycle.allocate").count() == 1


def test_where_nobody_can_each_auditor_of_the_pool_is_listed_with_the_rule(council):
    case = make_subject("C1", unit=council.team, practitioner=council.priya)
    Work.objects.create(
        subject=case,
        person=council.ada,
        unit=council.other_team,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 6, 30),
        basis=Work.Basis.COLUMN,
    )
    late = make_person("Lena")
    make_post(late, "accredited auditor", council.other_team)
    make_training(late, on=date(2023, 1, 1), until=date(2026, 11, 1))
    away = make_auditor("Aidan", council.other_team)
    Leave.objects.create(person=away, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 16))
    cycle = drawn(council)

    allocate(cycle, solve=fill, by=None, at=AT)

    slot, untrained = (
        Slot.objects.get(),
        "has no training in case file auditing that holds on 2 November 2026",
    )
    assert slot.auditor is None
    assert rules_of(slot) == {
        council.ada.public_id: "worked on this case in the period audited",
        council.theo.public_id: "belongs to the team whose work is audited, North team",
        council.other_manager.public_id: untrained,
        late.public_id: untrained,
        away.public_id: "is on leave on 11 of the cycle's 21 working days (at most 50 per cent is allowed)",
    }


def test_leave_of_half_the_working_days_is_allowed(council):
    make_subject("C1", unit=council.team, practitioner=council.priya)
    Leave.objects.create(person=council.ada, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 13))
    cycle = drawn(council)

    allocate(cycle, solve=fill, by=None, at=AT)

    assert Slot.objects.get().auditor == council.ada


def test_a_service_with_a_pool_of_its_own_is_audited_by_that_pool(council):
    mash = make_unit("MASH", under=council.organisation, kind="service")
    team = make_unit("MASH duty team", under=mash)
    make_subject("C1", unit=team, practitioner=make_person("Rosa"))
    quentin = make_auditor("Quentin", council.organisation, post="qa manager")
    cycle = drawn(council)

    allocate(cycle, solve=fill, by=None, at=AT)

    assert Slot.objects.get().auditor == quentin


def test_a_team_without_a_manager_is_not_audited_by_the_one_above(council):
    team = make_unit("South team", under=council.team)
    make_subject("C1", unit=team, practitioner=council.priya)
    cycle = drawn(council)

    allocate(cycle, solve=fill, by=None, at=AT)

    assert Slot.objects.get().auditor == council.ada
    with pytest.raises(Refused, match="belongs to the team whose work is audited"):
        edit_slot(Slot.objects.get(), auditor=council.theo, because="he offered", by=None, at=AT)


def make_month(council, *, teams, auditors):
    """Teams with one case each and auditors from nowhere near them."""
    for number in range(teams):
        unit = make_unit(f"Team {number:02}", under=council.service)
        for case in range(2):
            make_subject(f"C{number}-{case}", unit=unit, practitioner=make_person(f"Worker {number}-{case}"))
    for number in range(auditors):
        make_auditor(f"Auditor {number:02}", council.organisation)


def test_loads_over_the_year_differ_by_at_most_one_among_equals(council):
    make_month(council, teams=5, auditors=6)
    loads = Counter()
    for label, at in [("2026-09", moment("2026-09-01T09:00")), ("2026-11", AT)]:
        cycle = drawn(council, label=label, at=at)
        run = allocate(cycle, solve=fill, by=None, at=at)
        loads.update(Slot.objects.standing().filter(cycle=cycle).values_list("auditor__name", flat=True))
        assert run.unfilled == 0

    # Ten audits among the eight who are trained: the six, Ada and Theo.
    assert sorted(loads.values()) == [1, 1, 1, 1, 1, 1, 2, 2]
    assert [line.startswith("Olga has 0 this year") for line in run.imbalances] == [True]


def test_what_keeps_loads_apart_is_named(council):
    make_month(council, teams=4, auditors=3)
    cycle = drawn(council)
    away = make_auditor("Aidan", council.organisation)
    Leave.objects.create(person=away, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 30))
    # Ada and Theo are trained too: five can take four audits, so that nobody needs two.
    for person in (council.ada, council.theo):
        Leave.objects.create(person=person, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 30))

    run = allocate(cycle, solve=fill, by=None, at=AT)

    assert run.given == 4
    assert any("Aidan is on leave on 21 of the cycle's 21 working days" in line for line in run.imbalances)


def test_allocating_again_gives_the_same_and_keeps_what_was_given_by_hand(council):
    make_month(council, teams=4, auditors=4)
    cycle = drawn(council)
    allocate(cycle, solve=fill, by=None, at=AT)
    slot = Slot.objects.order_by("pk").first()
    other = Slot.objects.exclude(pk=slot.pk).first().auditor
    edit_slot(slot, auditor=other, because="knows the service", by=None, at=AT)
    before = dict(Slot.objects.exclude(pk=slot.pk).values_list("pk", "auditor"))

    allocate(cycle, solve=fill, by=None, at=AT + timedelta(minutes=1))
    again = allocate(cycle, solve=fill, by=None, at=AT + timedelta(minutes=2))

    slot.refresh_from_db()
    assert slot.auditor == other
    assert again.unfilled == 0
    assert len(before) == 3
    assert max(Counter(Slot.objects.values_list("auditor", flat=True)).values()) <= 2


def test_what_somebody_gave_by_hand_meanwhile_is_not_overwritten(council, client):
    make_month(council, teams=4, auditors=4)
    cycle = drawn(council)
    allocate(cycle, solve=fill, by=None, at=AT)
    slot = Slot.objects.order_by("pk").first()
    shown = slot.auditor.public_id
    first, second = Slot.objects.exclude(auditor=slot.auditor).order_by("pk")[:2]
    edit_slot(slot, auditor=first.auditor, because="one", instead_of=shown, by=None, at=AT)

    with pytest.raises(Refused, match=f"went to {first.auditor} meanwhile"):
        edit_slot(slot, auditor=second.auditor, because="two", instead_of=shown, by=None, at=AT)

    slot.refresh_from_db()
    assert (slot.auditor, slot.edited_because) == (first.auditor, "one")
    client.force_login(council.quinn)
    late = {"auditor": second.auditor.public_id, "because": "two", "despite": "on", "instead_of": shown}
    page = client.post(f"/programme/slots/{slot.public_id}/", late).content.decode()
    assert f"went to {first.auditor} meanwhile" in page and ">two</textarea>" in page.replace("\n", "")
    assert f'name="instead_of" value="{first.auditor.public_id}"' in page


def test_capacity_gives_way_to_a_reason_and_independence_never_does(council):
    make_month(council, teams=3, auditors=0)
    drawn(council)
    slots = list(Slot.objects.order_by("pk"))
    for slot in slots[:2]:
        edit_slot(slot, auditor=council.ada, because="only she is here", by=None, at=AT)

    with pytest.raises(Refused, match="already has 2 of the 2 audits"):
        edit_slot(slots[2], auditor=council.ada, because="only she is here", by=None, at=AT)
    edit_slot(slots[2], auditor=council.ada, because="only she is here", despite=True, by=None, at=AT)

    slots[2].refresh_from_db()
    assert slots[2].auditor == council.ada
    make_post(council.ada, "practitioner", slots[2].unit)
    with pytest.raises(Refused, match="cannot be set aside"):
        edit_slot(slots[2], auditor=council.ada, because="all the same", despite=True, by=None, at=AT)


def test_an_edit_and_a_drop_need_their_reason(council):
    make_month(council, teams=1, auditors=1)
    drawn(council)

    with pytest.raises(Refused, match="Say why"):
        edit_slot(Slot.objects.get(), auditor=council.ada, because=" ", by=None, at=AT)
    with pytest.raises(Refused, match="Say why"):
        drop_slot(Slot.objects.get(), because="", by=None, at=AT)


def test_asking_twice_is_one_request_and_the_run_answers_it(council):
    make_month(council, teams=1, auditors=1)
    cycle = drawn(council)

    first = ask_for_allocation(cycle, by=council.quinn, at=AT)
    assert ask_for_allocation(cycle, by=council.quinn, at=AT) == first
    allocate(cycle, solve=fill, by=council.quinn, at=AT)

    run = Allocation.objects.get()
    assert run.finished_at == AT
    assert Event.objects.filter(what="cycle.ask_for_allocation").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_audits(council, django_assert_max_num_queries):
    make_month(council, teams=30, auditors=20)
    cycle = drawn(council)

    with django_assert_max_num_queries(40):
        allocate(cycle, solve=fill, by=None, at=AT)

    assert not Slot.objects.filter(auditor=None).exists()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(away=st.sets(st.integers(0, 5)), own=st.lists(st.integers(0, 5), max_size=4))
def test_no_allocation_breaks_a_hard_rule(council, away, own):
    if not Slot.objects.exists():
        make_month(council, teams=5, auditors=6)
        drawn(council)
    auditors = [
        slot for slot in council.ada.__class__.objects.filter(name__startswith="Auditor").order_by("name")
    ]
    Leave.objects.all().delete()
    Work.objects.filter(person__in=auditors).delete()
    for number in away:
        Leave.objects.create(person=auditors[number], starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 30))
    slots = list(Slot.objects.order_by("pk"))
    for place, number in enumerate(own):
        Work.objects.create(
            subject=slots[place].subject, person=auditors[number], starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 2), basis=Work.Basis.COLUMN,
        )  # fmt: skip

    allocate(slots[0].cycle, solve=fill, by=None, at=AT)

    for slot in Slot.objects.select_related("auditor"):
        if slot.auditor is None:
            assert slot.unfilled
            continue
        assert slot.auditor not in [auditors[number] for number in away]
        assert slot.auditor != slot.practitioner
        assert not Work.objects.filter(subject=slot.subject, person=slot.auditor).exists()
    assert max(Counter(Slot.objects.exclude(auditor=None).values_list("auditor", flat=True)).values()) <= 2
