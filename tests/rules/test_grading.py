"""Grading: the parts to grade, and scales read the same whichever way they are written."""

from datetime import date

import pytest

from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import Form
from goldenthread.rules.grading import Grading, parts_to_grade
from goldenthread.rules.scales import UNGRADED, Scale

ON = date(2026, 11, 2)
FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {"key": "voice", "title": "Voice", "graded": True},
            {"key": "safety", "title": "Safety", "graded": True, "when": {"fact": "risk", "is": "high"}},
        ],
    }
)
GRADING = Grading.model_validate(
    {"scale": "grades", "stages": [{"key": "first", "label": "First", "by": "auditor"}]}
)


def test_only_parts_that_apply_are_graded_and_then_the_whole():
    calm = parts_to_grade(FORM, GRADING, Known(on=ON), frozenset())
    risky = parts_to_grade(FORM, GRADING, Known(on=ON, facts={"risk": "high"}), frozenset({"voice"}))

    assert calm == [("voice", "Voice"), ("overall", "Overall")]
    assert risky == [("safety", "Safety"), ("overall", "Overall")]


def test_a_framework_may_do_without_an_overall_grade():
    without = GRADING.model_copy(update={"overall": False})

    assert parts_to_grade(FORM, without, Known(on=ON), frozenset()) == [("voice", "Voice")]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"overall": True}, "name a scale"),
        ({"overall": False, "stages": [{"key": "a", "label": "A", "by": "b"}]}, "leave out stages"),
        ({"scale": "grades"}, "name at least one under “stages”"),
    ],
)
def test_a_grading_has_a_scale_and_stages_or_neither(said, sentence):
    with pytest.raises(ValueError, match=sentence):
        Grading.model_validate(said)


def test_what_is_not_graded_has_no_parts_and_a_scale_without_values():
    nothing = Grading.model_validate({"overall": False})
    form = Form.model_validate({"title": "Tool", "sections": [{"key": "a", "title": "A"}]})

    assert parts_to_grade(form, nothing, Known(on=ON), frozenset()) == []
    assert UNGRADED.graded() == () and UNGRADED.good_words == "" and UNGRADED.rank("good") is None


@pytest.mark.parametrize(
    ("direction", "key", "rank"),
    [("best first", "a", 3), ("best first", "c", 1), ("worst first", "a", 1), ("worst first", "c", 3)],
)
def test_a_scale_ranks_better_higher_whichever_way_it_is_written(direction, key, rank):
    scale = Scale.model_validate(
        {
            "direction": direction,
            "values": [
                {"key": "a", "label": "A", "good": True},
                {"key": "b", "label": "B"},
                {"key": "none", "label": "None", "excluded": True},
                {"key": "c", "label": "C"},
            ],
        }
    )

    assert scale.rank(key) == rank
    assert scale.rank("none") is None and scale.rank("unknown") is None
    assert [value.key for value in scale.graded()][0] == ("a" if direction == "best first" else "c")
    assert scale.is_good("a") and not scale.is_good("b") and not scale.is_good("unknown")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([("Outstanding", True), ("Good", True), ("Poor", False)], "Good or better"),
        ([("Meets the standard", True), ("Does not yet", False)], "Meets the standard"),
        ([("Green", False), ("Red", False)], ""),
    ],
)
def test_what_counts_as_good_is_said_in_the_words_of_the_scale(values, words):
    listed = [{"key": label, "label": label, "good": good} for label, good in values]

    best_first = Scale.model_validate({"direction": "best first", "values": listed})
    worst_first = Scale.model_validate({"direction": "worst first", "values": listed[::-1]})

    assert best_first.good_words == worst_first.good_words == words
    assert best_first.grades_alike(worst_first)
