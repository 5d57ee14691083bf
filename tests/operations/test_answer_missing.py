"""Saying what became of a case that an extract no longer shows, and who a worker of an extract really is."""

from datetime import date

import pytest

from goldenthread.caseload import queries
from goldenthread.caseload.models import Episode, Subject, Work
from goldenthread.caseload.operations.answers import answer_missing, join_person, join_unit
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Reach, Unit
from goldenthread.people.operations.organisation import confirm_person, confirm_unit
from goldenthread.rules.refusal import Refused
from tests.make import make_person, make_unit, moment
from tests.workbooks import case, load_cases

pytestmark = pytest.mark.django_db
LATER = moment("2026-12-03T09:00")


@pytest.fixture
def missing(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"))
    load_cases(tmp_path, case("C1"), at="2026-12-01T09:00")
    return Episode.objects.missing().get()


def answer(episode, said, closed_on=None):
    answer_missing(episode=episode, answer=said, closed_on=closed_on, by=None, at=LATER)
    episode.refresh_from_db()
    return episode


def test_a_closed_case_ends_on_the_day_given(missing):
    answer(missing, "closed", date(2026, 11, 20))

    assert (missing.closed_on, missing.missing_since) == (date(2026, 11, 20), None)
    assert Work.objects.get(subject=missing.subject).ends_on == date(2026, 11, 20)
    assert Event.objects.order_by("-position")[0].what == "episode.closed"


def test_a_case_that_is_gone_ends_with_the_extract_that_lacked_it(missing):
    assert answer(missing, "gone").closed_on == date(2026, 12, 1)


def test_a_case_that_is_still_open_goes_on_and_is_asked_about_again(missing, tmp_path):
    answer(missing, "still open")

    assert (missing.closed_on, missing.missing_since) == (None, None)
    load_cases(tmp_path, case("C1", risk="high"), at="2026-12-08T09:00")
    missing.refresh_from_db()
    assert missing.missing_since == date(2026, 12, 8)


@pytest.mark.parametrize("day", [None, date(2026, 1, 1), date(2026, 12, 4)])
def test_the_closing_day_must_make_sense(missing, day):
    with pytest.raises(Refused, match="day"):
        answer(missing, "closed", day)


def test_it_is_answered_once(missing):
    answer(missing, "gone")

    with pytest.raises(Refused, match="answered already"):
        answer(missing, "gone")


def test_a_case_said_to_be_gone_that_comes_back_is_open_again(missing, tmp_path):
    answer(missing, "gone")

    imported = load_cases(tmp_path, case("C1"), case("C2"), at="2026-12-08T09:00")

    missing.refresh_from_db()
    assert imported.lists["cases"]["changed"] == 1
    assert missing.closed_on is None
    assert queries.practitioner_of(missing.subject, date(2026, 12, 8)).name == "Anna Smith"


def test_joining_a_worker_moves_their_cases_and_the_name_is_known_from_then_on(tmp_path):
    load_cases(tmp_path, case("C1", worker="Anna Smyth"))
    anna = make_person("Anna Smith", reference="77")

    join_person(person=Person.objects.get(name="Anna Smyth"), into=anna, by=None, at=LATER)
    load_cases(
        tmp_path, case("C1", worker="Anna Smyth"), case("C2", worker="Anna Smyth"), at="2026-12-08T09:00"
    )

    assert set(Work.objects.values_list("person", flat=True)) == {anna.pk}
    assert Person.objects.count() == 2


def test_joining_leaves_one_running_work_where_there_were_two(tmp_path):
    load_cases(tmp_path, case("C1"), case("C1", worker="A. Smith", worker_allocated_on="01/10/2026"))
    anna = Person.objects.get(name="Anna Smith")

    join_person(person=Person.objects.get(name="A. Smith"), into=anna, by=None, at=LATER)

    assert Work.objects.get().starts_on == date(2026, 3, 9)


def test_joining_a_team_moves_its_cases(tmp_path):
    load_cases(tmp_path, case("C1"))
    team = make_unit("Community team north")

    join_unit(unit=Unit.objects.get(name="North team"), into=team, by=None, at=LATER)
    load_cases(tmp_path, case("C1"), case("C2"), at="2026-12-08T09:00")

    assert set(Work.objects.values_list("unit", flat=True)) == {team.pk}
    assert Reach.objects.filter(unit=team, above=team).count() == 1


def test_what_was_settled_is_not_settled_again(tmp_path):
    load_cases(tmp_path, case("C1"))
    anna, team = Person.objects.get(name="Anna Smith"), Unit.objects.get(name="North team")
    confirm_person(person=anna, by=None, at=LATER)
    confirm_unit(unit=team, by=None, at=LATER)

    for attempt in (
        lambda: confirm_person(person=anna, by=None, at=LATER),
        lambda: confirm_unit(unit=team, by=None, at=LATER),
        lambda: join_person(person=anna, into=make_person("B"), by=None, at=LATER),
        lambda: join_unit(unit=team, into=make_unit("Other"), by=None, at=LATER),
    ):
        with pytest.raises(Refused, match="already"):
            attempt()


def test_nobody_is_joined_into_themselves(tmp_path):
    load_cases(tmp_path, case("C1"))
    anna, team = Person.objects.get(name="Anna Smith"), Unit.objects.get(name="North team")

    with pytest.raises(Refused, match="Choose the person"):
        join_person(person=anna, into=anna, by=None, at=LATER)
    with pytest.raises(Refused, match="Choose the unit"):
        join_unit(unit=team, into=team, by=None, at=LATER)


def test_who_stood_over_a_case_is_answered_by_the_day(tmp_path):
    service = make_unit("Community", kind="service")
    team = make_unit("North team", under=service)
    theo, tara, hana = make_person("Theo"), make_person("Tara"), make_person("Hana")
    theo.posts.create(kind="team manager", unit=team, starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 30))
    tara.posts.create(kind="team manager", unit=team, starts_on=date(2026, 10, 1))
    hana.posts.create(kind="head of service", unit=service, starts_on=date(2026, 1, 1))
    load_cases(tmp_path, case("C1"))
    subject = Subject.objects.get()

    assert queries.post_holder(subject, "team manager", date(2026, 9, 30)) == theo
    assert queries.post_holder(subject, "team manager", date(2026, 10, 1)) == tara
    assert queries.post_holder(subject, "head of service", date(2026, 10, 1)) == hana
    assert queries.post_holder(subject, "director", date(2026, 10, 1)) is None
    assert queries.post_holder(subject, "team manager", date(2026, 1, 5)) is None
