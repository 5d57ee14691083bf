"""Kinds of audit with cycles of their own, years of another beginning, and what makes way (WF-1, WF-17)."""

from datetime import date

import pytest

from goldenthread.frameworks.queries import pack_of
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import plan_year
from goldenthread.programmes.queries.auditors import audits_this_year
from goldenthread.programmes.queries.reaudits import due_reaudits
from goldenthread.programmes.queries.year import cycles_of_year, drawn_types, makes_way
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from tests.make import PACK, make_audit, make_council, make_subject, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-10-01T09:00")
QUARTERLY = {"cycle": "quarter", "begins": "April", "opens": "first day", "closes": "last day"}


def changed(change):
    """The shipped framework with a change."""
    data = read_document(PACK.read_text()).data
    change(data)
    return write_document(data)


def with_thematic(data):
    """A second routine kind of audit that goes by the quarters of a year that begins in April."""
    data["calendars"] = {"thematic": dict(QUARTERLY)}
    data["audit_types"]["thematic"] = {
        **data["audit_types"]["audit"],
        "title": "Thematic audit",
        "calendar": "thematic",
    }


def without_re_audits_in_november(data):
    data["calendar"]["swap_outs"] = [
        {"cycles": ["November"], "of": ["re-audit"], "because": "senior managers moderate"}
    ]


@pytest.fixture
def council():
    publish_pack(document=changed(with_thematic))
    return make_council()


def cycle_labelled(label):
    return Cycle.objects.get(label=label)


def test_a_year_has_the_cycles_of_every_calendar_each_once(council):
    made = plan_year("adult-social-care", 2026, by=None, at=AT)

    assert sorted(cycle.label for cycle in made if cycle.calendar) == [
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
        "2026-Q4",
    ]
    assert len(made) == 14
    assert plan_year("adult-social-care", 2026, by=None, at=AT) == []
    assert (cycle_labelled("2026-Q4").opens_on, cycle_labelled("2026-Q4").year) == (date(2027, 1, 1), 2026)


def test_each_cycle_draws_the_kinds_of_its_own_calendar_alone(council):
    plan_year("adult-social-care", 2026, by=None, at=AT)
    month, quarter = cycle_labelled("2026-10"), cycle_labelled("2026-Q3")
    place_reaudits(month, by=None, at=AT)

    assert (drawn_types(month), drawn_types(quarter)) == (["audit"], ["thematic"])
    with pytest.raises(Refused, match="are not drawn in October 2026"):
        freeze_frame(month, "thematic", by=None, at=AT)


def test_both_calendars_run_side_by_side_to_drawn(council):
    plan_year("adult-social-care", 2026, by=None, at=AT)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_subject("C2", unit=council.other_team, practitioner=council.ada)
    for label, kind in (("2026-Q3", "thematic"), ("2026-09", "audit")):
        cycle = cycle_labelled(label)
        place_reaudits(cycle, by=None, at=AT)
        draw(freeze_frame(cycle, kind, by=None, at=AT), seed="1", by=None, at=AT)

    stages = {cycle.label: cycle.stage for cycle in cycles_of_year("adult-social-care", 2026)}

    assert (stages["2026-Q3"], stages["2026-09"], stages["2026-Q2"]) == ("drawn", "drawn", "not begun")
    assert Slot.objects.filter(audit_type="thematic", cycle__label="2026-Q3").exists()


def test_a_sample_of_every_week_is_drawn_beside_the_month():
    def weekly(data):
        with_thematic(data)
        data["calendars"]["thematic"] = {
            "cycle": "week",
            "opens": "first working day",
            "closes": "last working day",
            "swap_outs": [{"cycles": ["August"], "of": ["thematic"], "because": "a deep dive"}],
        }

    publish_pack(document=changed(weekly))
    council = make_council()
    plan_year("adult-social-care", 2026, by=None, at=AT)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    week = cycle_labelled("2026-W46")
    place_reaudits(week, by=None, at=AT)
    draw(freeze_frame(week, "thematic", by=None, at=AT), seed="1", by=None, at=AT)

    assert (week.title, week.opens_on, week.closes_on) == (
        "Week of 9 November 2026",
        date(2026, 11, 9),
        date(2026, 11, 13),
    )
    assert Slot.objects.filter(audit_type="thematic", cycle=week).exists()
    assert Cycle.objects.filter(calendar="thematic", year=2026).count() == 52
    assert makes_way(cycle_labelled("2026-W36"), "thematic") == "a deep dive"  # it opens on 1 September


def test_a_load_is_counted_over_the_year_of_the_cycle_s_own_calendar(council):
    plan_year("adult-social-care", 2026, by=None, at=AT)
    winter = cycle_labelled("2026-Q4")
    Slot.objects.create(
        cycle=winter,
        audit_type="thematic",
        subject=make_subject("C1"),
        unit=council.team,
        because="for a test",
        auditor=council.ada,
    )

    assert audits_this_year(cycle_labelled("2026-Q3"))[council.ada.pk] == 1


def test_re_audits_wait_where_something_takes_their_place_and_the_next_cycle_places_them():
    publish_pack(document=changed(without_re_audits_in_november))
    council = make_council()
    make_audit(council, "final", at=moment("2026-09-01T09:00"), grade="inadequate", cycle="2026-09")
    for year in (2026, 2027):
        plan_year("adult-social-care", year, by=None, at=AT)
    november, january = cycle_labelled("2026-11"), cycle_labelled("2027-01")

    placed = place_reaudits(november, by=None, at=moment("2026-11-02T09:00"))

    assert placed.slots == []
    assert [one.not_placed for one in placed.left] == [
        "none are done in this cycle; instead: senior managers moderate"
    ]
    assert [one.not_placed for one in due_reaudits(january, on=january.opens_on)] == [""]


@pytest.mark.parametrize(
    ("not_after", "said"),
    [
        ("3 months", "it was to be looked at again by 1 December 2026"),
        ("4 months", "it was to be looked at again by 1 January 2027"),
        ("5 months", ""),
        (None, ""),
    ],
)
def test_a_re_audit_whose_time_has_passed_is_not_placed_and_says_so(not_after, said):
    def limited(data):
        for rule in data["re_audit"]:
            rule.update({"not_after": not_after} if not_after else {})

    publish_pack(document=changed(limited))
    council = make_council()
    make_audit(council, "final", at=moment("2026-09-01T09:00"), grade="inadequate", cycle="2026-09")
    plan_year("adult-social-care", 2027, by=None, at=AT)
    january = cycle_labelled("2027-01")

    placed = place_reaudits(january, by=None, at=moment("2027-01-04T09:00"))

    assert [one.not_placed for one in placed.left] == ([said] if said else [])
    assert len(placed.slots) == (0 if said else 1)


@pytest.mark.parametrize(("not_after", "refused"), [("1 month", True), ("4 weeks", True), ("6 weeks", False)])
def test_a_re_audit_has_some_time(not_after, refused):
    def limited(data):
        data["re_audit"][0].update(not_before="1 month", not_after=not_after)

    assert any("no later than" in fault.sentence for fault in faults(changed(limited))) == refused


def test_a_kind_of_audit_that_makes_way_is_not_drawn():
    def rest(data):
        swap = {"cycles": ["November"], "of": ["audit"], "because": "a deep dive"}
        data["calendar"]["swap_outs"] = [swap]

    publish_pack(document=changed(rest))
    make_council()
    plan_year("adult-social-care", 2026, by=None, at=AT)
    november = cycle_labelled("2026-11")
    place_reaudits(november, by=None, at=AT)

    assert drawn_types(november) == []
    with pytest.raises(Refused, match="not drawn in November 2026; instead: a deep dive"):
        freeze_frame(november, "audit", by=None, at=AT)
    with pytest.raises(Refused, match="has no audits to send"):
        send_cycle(november, by=None, at=moment("2026-11-02T09:00"))


def test_a_cycle_keeps_its_version_where_a_newer_one_no_longer_has_its_calendar(council):
    plan_year("adult-social-care", 2026, by=None, at=AT)
    publish_pack()
    quarter = cycle_labelled("2026-Q3")

    place_reaudits(quarter, by=None, at=AT)

    assert "thematic" in pack_of(cycle_labelled("2026-Q3").version).audit_types


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda data: data["calendars"].update(other=dict(QUARTERLY)),
            "No kind of audit has its cycles in this",
        ),
        (
            lambda data: data["calendars"]["thematic"].update(cycle="month"),
            "would have the same labels as those of",
        ),
        (
            lambda data: data["calendars"]["thematic"].update(
                swap_outs=[{"cycles": ["July"], "of": ["audit"], "because": "a rest"}]
            ),
            "There is no audit type “audit”",
        ),
        (
            lambda data: data["audit_types"]["thematic"].update(calendar="yearly"),
            "There is no calendar “yearly”",
        ),
        (lambda data: data["calendars"]["thematic"].update(left_out=["May"]), "No cycle begins with May"),
    ],
)
def test_a_calendar_that_cannot_run_is_refused_in_a_sentence(change, sentence):
    def both(data):
        with_thematic(data)
        change(data)

    assert any(sentence in fault.sentence for fault in faults(changed(both)))


def test_a_mark_tells_two_calendars_with_cycles_of_one_length_apart():
    def marked(data):
        with_thematic(data)
        data["calendars"]["thematic"] = {**QUARTERLY, "cycle": "month", "mark": "T"}

    assert faults(changed(marked)) == []
