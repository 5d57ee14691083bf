"""A share of the audits that qualify is looked at again: drawn with a seed, the rest on record."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from goldenthread.audits.models import Closure
from goldenthread.audits.operations import give_consent
from goldenthread.audits.sheets import grades_carried_into
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, ReauditChance, ReauditDraw, Slot
from goldenthread.programmes.operations import place_reaudits
from goldenthread.programmes.queries.lots import document_of
from goldenthread.programmes.queries.reaudits import due_reaudits
from goldenthread.programmes.queries.trying import try_out
from goldenthread.rules import draws
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.gates import THE_AUDIT
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from tests.grading_packs import POINTS_AND_BANDS, pack_with
from tests.make import PACK, make_audit, make_council, make_cycle, make_subject, moment, publish_pack
from tests.operations.test_kept_closed import FIRST, SECOND, closing

pytestmark = pytest.mark.django_db
SEPTEMBER, AT = moment("2026-09-01T09:00"), moment("2026-11-02T09:00")


def weak_audits(council, number, *, first=1, **changes):
    return [
        make_audit(
            council,
            "final",
            at=SEPTEMBER,
            grade="inadequate",
            cycle="2026-09",
            number=f"2026-09/{place:03}",
            subject=make_subject(f"W{place}", unit=council.team, practitioner=council.priya),
            **changes,
        )
        for place in range(first, first + number)
    ]


@pytest.fixture
def council():
    data = read_document(PACK.read_text()).data
    data["re_audit"][0]["share"] = 40
    publish_pack(document=write_document(data))
    return make_council()


def test_a_share_is_placed_the_rest_is_recorded_and_both_are_redone_from_the_page(client, council):
    weak_audits(council, 4)
    cycle = make_cycle()
    client.force_login(council.quinn)
    address = f"/programme/{cycle.public_id}/re-audits/"
    before = client.get(address).content.decode()
    assert "2 of 4 that qualify" in before and "Decided by lot" in before

    with pytest.raises(Refused, match="has changed since it was shown"):
        place_reaudits(cycle, by=None, at=AT, seed="12", frames="0" * 64)
    place_reaudits(cycle, by=council.quinn, at=AT, seed="12")

    chosen = set(Slot.objects.filter(cycle=cycle).values_list("previous__number", flat=True))
    left = set(ReauditChance.objects.filter(position=None).values_list("audit__number", flat=True))
    assert (len(chosen), len(left), chosen & left) == (2, 2, set())
    assert due_reaudits(cycle, on=AT.date()) == []
    values = json.loads(Event.objects.get(what="cycle.place_reaudits").recorded.values)
    assert set(values["not chosen"]) == left and values["drawn"][0]["seed"] == "12"
    page = client.get(address).content.decode()
    assert "Not chosen: " + ", ".join(sorted(left)) in page
    drawn = ReauditDraw.objects.get()
    frame, told = (
        client.get(f"/programme/re-audits/{drawn.public_id}/{name}").content
        for name in ("frame.csv", "draw.json")
    )
    assert draws.verify(frame, json.loads(told)) == []
    assert drawn.frame_sha256 in before


def test_placing_once_more_takes_no_more_than_the_share_of_all_and_what_was_chosen_needs_no_second_draw(
    council,
):
    weak_audits(council, 4)
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT, seed="12")
    weak_audits(council, 1, first=5)

    again = place_reaudits(cycle, by=None, at=AT, seed="1")

    assert again.slots == [] and [one.previous.number for one in again.not_chosen] == ["2026-09/005"]
    Slot.objects.filter(pk=Slot.objects.first().pk).update(dropped_at=AT, dropped_because="by mistake")
    assert len(place_reaudits(cycle, by=None, at=AT).slots) == 1
    assert ReauditDraw.objects.count() == 2


@pytest.fixture
def three_a_quarter():
    data = read_document(PACK.read_text()).data
    data["re_audit"][0] |= {"number": 3, "each": "quarter"}
    publish_pack(document=write_document(data))
    return make_council()


def test_a_fixed_number_is_drawn_in_a_quarter_and_a_later_cycle_of_it_takes_only_what_is_lacking(
    client, three_a_quarter
):
    council = three_a_quarter
    weak_audits(council, 2)
    october, november = make_cycle("2026-10"), Cycle.objects.get(label="2026-11")
    place_reaudits(october, by=None, at=moment("2026-10-01T09:00"), seed="5")
    weak_audits(council, 4, first=3)
    client.force_login(council.quinn)
    address = f"/programme/{november.public_id}/re-audits/"
    before = client.get(address).content.decode()
    assert "1 of 4 that qualify" in before and "3 for each quarter, with those chosen earlier in it" in before

    placed = place_reaudits(november, by=council.quinn, at=AT, seed="12")

    assert (len(placed.slots), len(placed.not_chosen)) == (1, 3)
    assert "3 for each quarter" in client.get(address).content.decode()
    drawn = ReauditDraw.objects.get(cycle=november)
    assert (drawn.size, drawn.number, drawn.each, drawn.share) == (1, 3, "quarter", None)
    assert draws.verify(bytes(drawn.frame), document_of(drawn).as_dict()) == []

    weak_audits(council, 5, first=7)
    january = place_reaudits(make_cycle("2027-01"), by=None, at=moment("2027-01-04T09:00"), seed="1")
    assert (len(january.slots), len(january.not_chosen)) == (3, 2)


@pytest.fixture
def kept(council):
    """A weak audit that is kept closed to all but its auditor and the quality team."""
    publish_pack(document=closing(THE_AUDIT, open_to=["auditor", "quality team"]))
    return weak_audits(council, 1)[0]


def open_up(council, audit):
    for person, clock in ((council.hana, FIRST), (council.quinn, SECOND)):
        give_consent(audit, "restricted", clock, by=person, at=AT)


def test_what_is_kept_closed_is_not_told_of_on_the_page_nor_placed_until_it_is_open(client, council, kept):
    cycle = make_cycle()
    client.force_login(council.quinn)
    address = f"/programme/{cycle.public_id}/re-audits/"
    assert kept.number not in client.get(address).content.decode()
    assert place_reaudits(cycle, by=None, at=AT).slots == []

    open_up(council, kept)

    assert kept.number in client.get(address).content.decode()


def test_a_grade_of_an_audit_that_is_kept_closed_is_carried_into_no_other_until_it_is_open(council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    first = make_audit(council, "final", grade="1", at=SEPTEMBER, cycle="2026-09", number="2026-09/001")
    again = make_audit(council, subject=first.subject)
    shut = Closure.objects.create(audit=first, gate="restricted", what=THE_AUDIT)

    assert grades_carried_into(again) == {}

    Closure.objects.filter(pk=shut.pk).update(opened_at=AT)
    assert grades_carried_into(again)["assessment"].number == first.number


def test_a_draw_says_either_a_share_or_a_number(three_a_quarter):
    weak_audits(three_a_quarter, 2)
    place_reaudits(make_cycle("2026-10"), by=None, at=moment("2026-10-01T09:00"), seed="5")

    with pytest.raises(IntegrityError, match="by_a_share_or_a_number"), transaction.atomic():
        ReauditDraw.objects.update(share=100)


def picked_again(on):
    version = current("adult-social-care")
    tried = try_out(pack_of(version), version, on=on, solve=fill)
    return {
        cycle["label"]: kind["picked"]
        for cycle in tried["cycles"]
        for kind in cycle["kinds"]
        if kind["key"] == "re-audit"
    }


def test_a_dry_run_counts_what_earlier_cycles_of_the_period_took(three_a_quarter):
    weak_audits(three_a_quarter, 5)

    assert picked_again(date(2027, 1, 4)) == {"2026-10": 3, "2026-11": 0}


def test_a_dry_run_counts_what_was_really_drawn_before_the_cycles_that_it_tries():
    data = read_document(PACK.read_text()).data
    data["re_audit"][0] |= {"number": 3, "each": "year"}
    data["calendar"]["begins"] = "April"
    publish_pack(document=write_document(data))
    council = make_council()
    weak_audits(council, 5)
    make_cycle("2026-11")
    place_reaudits(Cycle.objects.get(label="2026-11"), by=None, at=AT, seed="5")

    assert sum(picked_again(date(2027, 4, 5)).values()) == 0
