"""Standards: which answers meet them, what their checks find, what a later version may not relax (CA-5)."""

import pytest

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Question
from goldenthread.rules.reading import examine, read_pack
from goldenthread.rules.standards import Standard, relaxed, telling
from tests.make import PACK

DOCUMENT = PACK.with_name("community-mental-health.yaml").read_text()
DATA = read_document(DOCUMENT).data


def one_of(*points):
    choices = [{"key": str(n), "label": str(n), "points": value} for n, value in enumerate(points)]
    return Question(key="q", text="?", type="one of", choices=choices)


@pytest.mark.parametrize(
    ("question", "met", "in_part", "missed"),
    [
        (one_of(2, 1, 0), {"0"}, {"1"}, {"2"}),
        (one_of(0, 1, 2, 3), {"3"}, {"1", "2"}, {"0"}),
        (one_of(5, 5, 1), {"0", "1"}, set(), {"2"}),
        (Question(key="q", text="?", type="yes or no"), {"yes"}, set(), {"no"}),
    ],
)
def test_the_most_points_meet_a_standard_and_the_fewest_miss_it(question, met, in_part, missed):
    told = telling(question)

    assert (told.met, told.in_part, told.missed) == (met, in_part, missed)


@pytest.mark.parametrize(
    "question",
    [one_of(None, None), one_of(1, 1), Question(key="q", text="?", type="long text")],
    ids=["no points", "equal points", "text"],
)
def test_an_answer_without_an_order_tells_nothing(question):
    assert telling(question) is None


def test_a_yes_that_is_bad_is_said_by_points_and_never_by_its_word():
    worded = [{"key": "yes", "label": "Yes", "points": 0}, {"key": "no", "label": "No", "points": 1}]

    told = telling(Question(key="q", text="Any lapse?", type="yes or no", choices=worded))

    assert told.met == {"no"} and told.missed == {"yes"}


def changed(change):
    data = read_document(DOCUMENT).data
    change(data)
    return [(fault.where, fault.sentence) for fault in examine(write_document(data))[1]]


def unask(data):
    for section in data["forms"]["non-negotiables"]["sections"]:
        for question in section["questions"]:
            question.pop("standards", None)


def not_critical(data):
    del data["forms"]["non-negotiables"]["sections"][0]["questions"][0]["critical"]


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (unask, "standards › baseline", "No question tells"),
        (not_critical, "standards › baseline", "mark a question"),
        (
            lambda data: data["standards"]["baseline"]["answers"][0].update(scheme="regulators"),
            "standards › baseline › answers",
            "There is no scheme “regulators”; did you mean “regulator”?",
        ),
        (
            lambda data: data["standards"]["baseline"]["answers"][0].update(expectations=["warmth"]),
            "standards › baseline › answers",
            "There is no expectation “warmth”",
        ),
        (
            lambda data: data["schemes"].update(other={"title": "Other", "expectations": {"a": "A"}}),
            "schemes › other",
            "No standard answers",
        ),
        (
            lambda data: data.update(ended_standards={"baseline": "The law has changed"}),
            "ended_standards › baseline",
            "has not ended",
        ),
    ],
)
def test_a_fault_of_the_standards_has_its_place_and_a_sentence(change, where, said):
    found = changed(change)

    assert any(place.startswith(where) and said in sentence for place, sentence in found), found


STATUTORY = Standard(title="Visits in time", means="Seen", source="statutory", non_negotiable=True)
LOCAL = Standard(title="Tea offered", means="Offered", source="local")


@pytest.mark.parametrize(
    ("after", "ended", "said"),
    [
        ({}, (), "cannot be left out"),
        ({}, ("visits",), None),
        (
            {"visits": STATUTORY.model_copy(update={"source": "local"})},
            (),
            "statutory and cannot become local",
        ),
        ({"visits": STATUTORY.model_copy(update={"non_negotiable": False})}, (), "stays a non-negotiable"),
        ({"visits": STATUTORY.model_copy(update={"means": "Seen alone"})}, (), None),
    ],
)
def test_a_local_standard_may_be_relaxed_and_a_statutory_one_may_not(after, ended, said):
    found = relaxed({"visits": STATUTORY, "tea": LOCAL}, after, ended)

    assert bool(found) == bool(said) and (not said or said in found[0])


def test_every_non_negotiable_of_the_layered_programme_has_a_definition_and_answers_several_readers():
    pack = read_pack(DOCUMENT)

    sevens = [one for one in pack.standards.values() if one.non_negotiable]
    assert len(sevens) == 7 and all(len(one.means) > 60 for one in sevens)
    assert all(len(one.answers) >= 2 for one in sevens)
    assert {one.scheme for standard in sevens for one in standard.answers} == set(pack.schemes)
