"""The frame of a draw: who is in it, who is not, and why (WF-4)."""

from datetime import date

import pytest

from goldenthread.caseload.models import Episode, Subject, Work
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Draw, FrameEntry, Stratum
from goldenthread.programmes.operations.draws import freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import set_target, set_theme
from goldenthread.rules import draws
from goldenthread.rules.refusal import Refused
from tests.make import make_council, make_cycle, make_person, make_subject, make_unit, moment, publish_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    publish_pack()
    return make_council()


def frozen(cycle):
    """The cycle's frame, frozen on the first working day of November."""
    place_reaudits(cycle, by=None, at=moment())
    return freeze_frame(cycle, "audit", by=None, at=moment())


def reason_for(draw, subject):
    entry = FrameEntry.objects.get(draw=draw, subject=subject)
    return entry.eligible, entry.reason


def test_every_open_case_is_in_the_frame_once_under_an_opaque_key(council):
    cases = [make_subject(f"C{n}", unit=council.team, practitioner=council.priya) for n in range(5)]
    closed = make_subject("C9", unit=council.team, practitioner=council.priya)
    Episode.objects.filter(subject=closed).update(closed_on=date(2026, 10, 1))

    draw = frozen(make_cycle())

    rows = draws.read_frame(bytes(Draw.objects.get(pk=draw.pk).frame))
    assert sorted(row.key for row in rows) == sorted(case.public_id for case in cases)
    assert {row.practitioner for row in rows} == {council.priya.public_id}
    assert draws.frame_hash(draws.frame_csv(rows)) == draw.frame_sha256
    assert b"C1" not in draws.frame_csv(rows)


def test_a_case_without_a_practitioner_is_left_out_with_the_reason(council):
    case = make_subject("C1", unit=council.team)

    draw = frozen(make_cycle())

    assert reason_for(draw, case) == (False, "no practitioner is recorded for the case")


def test_a_case_without_a_team_stands_in_a_listed_stratum_that_gives_none(council):
    case = make_subject("C1", practitioner=council.priya)

    draw = frozen(make_cycle())

    entry = FrameEntry.objects.get(draw=draw, subject=case)
    assert (entry.eligible, entry.reason) == (False, "no team is recorded for the case")
    assert Stratum.objects.get(draw=draw, name=entry.stratum).size == 0


@pytest.mark.parametrize(
    ("allocated", "eligible"),
    [
        (date(2026, 8, 2), True),  # three months to the day of the draw, 2 November
        (date(2026, 8, 3), False),
        (date(2026, 11, 2), False),
    ],
)
def test_work_is_eligible_after_three_months_with_the_practitioner(council, allocated, eligible):
    make_subject("OLD", unit=council.team, practitioner=make_person("Rosa"))
    case = make_subject("C1", unit=council.team, practitioner=council.priya, since=allocated)

    draw = frozen(make_cycle())

    assert reason_for(draw, case)[0] is eligible
    if not eligible:
        assert reason_for(draw, case)[1] == "the case has not been with the practitioner for 3 months"


def test_where_the_team_would_be_short_newer_work_is_taken_back_and_says_so(council):
    case = make_subject("C1", unit=council.team, practitioner=council.priya, since=date(2026, 10, 1))

    draw = frozen(make_cycle())

    eligible, reason = reason_for(draw, case)
    assert eligible
    assert "the stratum would be short" in reason


def test_of_two_workers_the_latest_to_start_counts(council):
    case = make_subject("C1", unit=council.team, practitioner=council.priya)
    rosa = make_person("Rosa")
    Work.objects.create(
        subject=case,
        person=rosa,
        unit=council.other_team,
        starts_on=date(2026, 1, 5),
        basis=Work.Basis.COLUMN,
    )

    draw = frozen(make_cycle())

    entry = FrameEntry.objects.get(draw=draw, subject=case)
    assert (entry.practitioner, entry.unit) == (rosa, council.other_team)


def test_teams_of_the_same_name_are_told_apart_by_their_service(council):
    twin = make_unit("North team", under=council.other_service)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_subject("C2", unit=twin, practitioner=make_person("Rosa"))

    draw = frozen(make_cycle())

    names = list(Stratum.objects.filter(draw=draw).order_by("position").values_list("name", flat=True))
    assert names == ["North team (Community)", "North team (Hospital)"]


def test_a_team_with_a_number_of_its_own_gives_that_many(council):
    make_subject("C1", unit=council.team, practitioner=council.priya)
    set_target(
        "adult-social-care",
        "monthly audits",
        council.team,
        number=3,
        starts_on=date(2026, 1, 1),
        by=None,
        at=moment(),
    )

    draw = frozen(make_cycle())

    assert Stratum.objects.get(draw=draw).size == 3


def test_a_theme_with_a_service_area_draws_from_that_service_alone(council):
    inside = make_subject("C1", unit=council.team, practitioner=council.priya)
    outside = make_subject("C2", unit=council.other_team, practitioner=make_person("Rosa"))
    cycle = make_cycle("2026-10")
    set_theme(cycle, theme="", unit=council.service, by=None, at=moment("2026-10-01T09:00"))
    place_reaudits(cycle, by=None, at=moment("2026-10-01T09:00"))

    draw = freeze_frame(cycle, "audit", by=None, at=moment("2026-10-01T09:00"))

    assert reason_for(draw, inside)[0]
    assert reason_for(draw, outside) == (False, "outside the service area of the theme, Community")
    assert dict(Stratum.objects.filter(draw=draw).values_list("name", "size")) == {
        "North team": 1,
        "Ward team": 0,
    }


def test_a_themed_month_without_its_theme_is_not_frozen(council):
    cycle = make_cycle("2026-10")
    place_reaudits(cycle, by=None, at=moment("2026-10-01T09:00"))

    with pytest.raises(Refused, match="Give it its topic or service area first"):
        freeze_frame(cycle, "audit", by=None, at=moment("2026-10-01T09:00"))


def test_re_audits_are_placed_before_the_frame_is_frozen(council):
    with pytest.raises(Refused, match="Place the re-audits"):
        freeze_frame(make_cycle(), "audit", by=None, at=moment())


def test_a_frame_is_frozen_once_and_each_freezing_is_one_event(council):
    make_subject("C1", unit=council.team, practitioner=council.priya)
    cycle = make_cycle()
    frozen(cycle)

    with pytest.raises(Refused, match="already frozen"):
        freeze_frame(cycle, "audit", by=None, at=moment())

    assert Event.objects.filter(what="draw.freeze").count() == 1


def test_the_number_of_queries_does_not_grow_with_the_caseload(council, django_assert_max_num_queries):
    workers = [make_person(f"Worker {n}") for n in range(20)]
    for number in range(200):
        make_subject(f"C{number}", unit=council.team, practitioner=workers[number % 20])
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=moment())

    with django_assert_max_num_queries(45):
        freeze_frame(cycle, "audit", by=None, at=moment())

    assert Subject.objects.count() == FrameEntry.objects.count() == 200
