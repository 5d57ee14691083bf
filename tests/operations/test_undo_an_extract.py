"""Taking a loaded extract back: every row as it was, or a refusal in a sentence."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goldenthread.caseload.models import Change, Episode, Extract, Fact, Subject, Work
from goldenthread.caseload.operations.answers import answer_missing, join_person
from goldenthread.caseload.operations.undoing import undo
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person, Reach, Unit
from goldenthread.people.operations.organisation import confirm_person
from goldenthread.rules.refusal import Refused
from tests.make import make_person, make_unit, moment
from tests.workbooks import CASES, case, load, load_cases, make_csv

pytestmark = pytest.mark.django_db
TABLES = (Subject, Episode, Work, Fact, Person, Unit, Reach)


def everything():
    """Every row of the caseload and of people."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def undo_last(at="2026-12-05T09:00"):
    undo(extract=Extract.objects.committed().order_by("-pk")[0], by=None, at=moment(at))


def test_undoing_the_first_extract_leaves_an_empty_caseload(tmp_path):
    before = everything()
    load_cases(tmp_path, case("C1"), case("C2", worker="#N/A"))

    undo_last()

    assert everything() == before
    assert Extract.objects.get().state == "undone"
    assert Event.objects.order_by("-position")[0].what == "caseload.undo"
    assert not Change.objects.exists()


def test_undoing_a_later_extract_restores_every_row(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"), case("C3"), case("OLD"))
    before = everything()
    rows = [
        [*case("C1", worker="Ben", risk="high", team="South team"), ""],
        [*case("C2", closed="10/11/2026", risk=""), ""],
        [*case("C4"), ""],
        [*case("NEW"), "OLD"],
    ]
    load(make_csv(tmp_path / "b.csv", [[*CASES, "Replaces"], *rows]), at="2026-12-01T09:00")

    assert everything() != before
    undo_last()

    assert everything() == before


def test_undoing_a_correction_of_the_same_day_brings_back_what_it_took_away(tmp_path):
    load_cases(tmp_path, case("C1", worker_allocated_on="", risk="low"))
    before = everything()
    load_cases(tmp_path, case("C1", worker_allocated_on="", worker="Ben", risk=""), at="2026-11-02T15:00")

    assert Work.objects.get().person.name == "Ben"
    assert not Fact.objects.exists()
    undo_last()

    assert everything() == before


def test_only_the_latest_extract_can_be_undone(tmp_path):
    load_cases(tmp_path, case("C1"))
    load_cases(tmp_path, case("C1", risk="high"), at="2026-12-01T09:00")

    with pytest.raises(Refused, match="loaded after this one"):
        undo(extract=Extract.objects.order_by("pk")[0], by=None, at=moment("2026-12-05T09:00"))


def test_an_extract_is_not_undone_twice(tmp_path):
    load_cases(tmp_path, case("C1"))
    undo_last()

    with pytest.raises(Refused, match="Only an extract that has been loaded"):
        undo(extract=Extract.objects.get(), by=None, at=moment("2026-12-06T09:00"))


def test_an_answer_of_a_person_stands_in_the_way(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"))
    load_cases(tmp_path, case("C1"), at="2026-12-01T09:00")
    episode = Episode.objects.missing().get()
    answer_missing(episode=episode, answer="gone", closed_on=None, by=None, at=moment("2026-12-02T09:00"))
    before = everything()

    with pytest.raises(Refused, match="changed since by a person"):
        undo_last()
    assert everything() == before


def test_a_worker_whom_a_person_confirmed_stays(tmp_path):
    load_cases(tmp_path, case("C1"), case("C2", worker="Ben"))
    confirm_person(person=Person.objects.get(name="Ben"), by=None, at=moment("2026-11-03T09:00"))

    undo_last()

    assert list(Person.objects.values_list("name", flat=True)) == ["Ben"]


def test_a_worker_who_was_joined_stays_joined(tmp_path):
    ben = make_person("Benjamin Brown")
    load_cases(tmp_path, case("C2", worker="Ben"))
    join_person(person=Person.objects.get(name="Ben"), into=ben, by=None, at=moment("2026-11-03T09:00"))

    undo_last()
    load_cases(tmp_path, case("C2", worker="Ben"), at="2026-12-06T09:00")

    assert Work.objects.get().person == ben


WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
ROWS = st.lists(
    st.builds(
        case,
        st.sampled_from(["C1", "C2", "C3", "C4", ""]),
        worker=st.sampled_from(["Anna Smith", "Smith, Anna", "Ben", "#N/A", ""]),
        team=st.sampled_from(["North team", "South team", ""]),
        opened=st.sampled_from(["01/02/2026", "02/03/2026", "31/02/2026", ""]),
        closed=st.sampled_from(["", "", "01/04/2026", "01/01/2026"]),
        worker_allocated_on=st.sampled_from(["", "05/03/2026", "20/11/2026", "rubbish"]),
        risk=st.sampled_from(["low", "high", ""]),
    ),
    max_size=6,
)


@settings(
    max_examples=30,
    deadline=None,
    phases=WITHOUT_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=ROWS, second=ROWS)
def test_whatever_the_files_say_the_second_time_changes_nothing_and_undo_restores(
    tmp_path, db, first, second
):
    for extract in Extract.objects.filter(state="committed").order_by("-pk"):
        undo(extract=extract, by=None, at=moment("2027-06-01T09:00"))
    empty = everything()
    load_cases(tmp_path, *first)
    one = everything()
    load_cases(tmp_path, *second, at="2026-12-01T09:00")
    two = everything()

    again = load_cases(tmp_path, *second, at="2026-12-02T09:00")

    assert everything() == two
    assert again.total["created"] == again.total["changed"] == 0
    assert again.total["unchanged"] == again.total["read"] - again.total["rejected"]
    undo_last("2026-12-05T09:00")
    assert everything() == two
    undo_last("2026-12-05T09:01")
    assert everything() == one
    undo_last("2026-12-05T09:02")
    assert everything() == empty


def test_a_unit_that_an_extract_brought_can_hold_posts_and_then_stays(tmp_path):
    load_cases(tmp_path, case("C1"))
    team = Unit.objects.get(name="North team")
    make_unit("Elsewhere")
    manager = make_person("Theo")
    manager.posts.create(kind="team manager", unit=team, starts_on=date(2026, 1, 1))

    undo_last()

    assert Unit.objects.filter(pk=team.pk).exists()
