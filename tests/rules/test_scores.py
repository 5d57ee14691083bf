"""Scores: what applies, how it is weighed, averaged and rounded, and when there is no score (trap 6)."""

from fractions import Fraction

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from pydantic import TypeAdapter

from goldenthread.rules.forms import Form, Given, Question
from goldenthread.rules.scores import Score, score
from tests.rules.grading_kit import FORM, FOUR, REVERSED, answers, grading, look, questions

POINTS = "points over applicable maximum"


def rule(kind=POINTS, **more):
    sections = {} if kind == "average of grades" else {"sections": ["basics"]}
    return TypeAdapter(Score).validate_python({"title": "Score", "kind": kind, **sections, **more})


def scored(said, given=None, grades="", **more):
    return score(said, look(grading(), grades, given=given, **more))


def test_a_plain_yes_is_worth_the_points_of_its_question_and_a_no_nothing():
    asked = Question(key="a", text="A?", type="yes or no", points=2)

    assert [one.points for one in asked.options] == [2, 0]
    assert [one.points for one in Question(key="a", text="A?", type="yes or no").options] == [None, None]


@pytest.mark.parametrize("more", [{"type": "text"}, {"choices": [{"key": "yes", "label": "Yes"}]}])
def test_points_of_a_question_go_with_a_plain_yes_or_no(more):
    with pytest.raises(ValueError, match="Points of a question go with yes or no"):
        Question.model_validate({"key": "a", "text": "A?", "type": "yes or no", "points": 1} | more)


@pytest.mark.parametrize(
    ("text", "points", "maximum", "value"),
    [
        ("", 0, 0, None),
        ("met", 2, 2, 100),
        ("met not", 2, 4, 50),
        ("met na", 2, 2, 100),
        ("met seen", 2, 4, 50),
        ("met none partly", 3, 6, 50),
        ("na na", 0, 0, None),
        ("not not", 0, 4, 0),
        ("met met not", 4, 6, 67),
        ("met not not", 2, 6, 33),
        ("partly not not not", 1, 8, 13),
        ("partly met not not not not not not", 3, 16, 19),
    ],
)
def test_a_score_is_points_over_what_applied_rounded_half_up(text, points, maximum, value):
    result = scored(rule(), answers(text))

    assert (result.points, result.maximum, result.value) == (points, maximum, value)


def test_where_nothing_applied_there_is_no_score_and_not_nought():
    result = scored(rule(), answers("na na na"))

    assert (result.value, result.for_bands, result.words) == (None, None, "no score")


def test_a_section_that_was_left_out_leaves_the_maximum_whatever_had_been_answered_in_it():
    given = answers("met met") | answers("not not not", "b")
    both = rule(sections=["basics", "process"])

    assert scored(both, given).value == 40
    assert scored(both, given, skipped=["process"]).value == 100


def test_the_full_maximum_counts_what_did_not_apply_too():
    result = scored(rule(), answers("met partly na"))

    assert (result.points, result.maximum, result.full) == (3, 4, 16)


@pytest.mark.parametrize(("decimals", "words"), [(0, "67%"), (1, "66.7%"), (2, "66.67%"), (3, "66.667%")])
def test_a_score_is_rounded_to_the_places_that_the_framework_says(decimals, words):
    assert scored(rule(decimals=decimals), answers("met met not")).words == words


@pytest.mark.parametrize(("rounded", "looked_at"), [("before bands", 67), ("after bands", Fraction(200, 3))])
def test_bands_look_at_the_rounded_or_the_exact_score_as_the_framework_says(rounded, looked_at):
    assert scored(rule(rounded=rounded), answers("met met not")).for_bands == looked_at


def test_a_heavier_question_counts_for_more():
    heavy = [{**one, "weight": 3 if one["key"] == "a1" else 1} for one in questions("a", 2)]
    form = Form.model_validate(
        {"title": "Tool", "sections": [{"key": "basics", "title": "Basics", "questions": heavy}]}
    )

    assert scored(rule(), answers("met not"), form=form).value == 75


def test_of_several_answers_each_adds_its_points():
    asked = questions("a", 1, type="several of")
    form = Form.model_validate(
        {"title": "Tool", "sections": [{"key": "basics", "title": "Basics", "questions": asked}]}
    )

    assert scored(rule(), {"a1": Given(("partly",))}, form=form).value == 33
    assert scored(rule(), {"a1": Given(("met", "partly"))}, form=form).value == 100


def test_points_that_are_all_taken_away_leave_no_score_and_break_nothing():
    choices = [{"key": "a", "label": "A", "points": 1}], [{"key": "b", "label": "B", "points": -1}]
    sections = [
        {
            "key": key,
            "title": key,
            "questions": [{"key": f"{key} q", "text": "Q?", "type": "one of", "choices": one * 2}],
        }
        for key, one in zip(("gain", "loss"), choices, strict=True)
    ]
    for one in sections:
        first, second = one["questions"][0]["choices"]
        one["questions"][0]["choices"] = [first, second | {"key": "other", "label": "Other"}]
    form = Form.model_validate({"title": "Tool", "sections": sections})
    given = {"gain q": Given("a"), "loss q": Given("b")}

    assert scored(rule(sections=["gain", "loss"]), given, form=form).value is None


@pytest.mark.parametrize("points", [1e25, -1e300, float("inf"), float("nan")])
def test_points_that_no_score_can_keep_are_refused(points):
    with pytest.raises(ValueError, match="points"):
        Question.model_validate({"key": "a", "text": "A?", "type": "yes or no", "points": points})


@pytest.mark.parametrize(
    ("kind", "weights", "value"),
    [
        (POINTS, {}, 40),
        ("average of sections", {}, 50),
        ("average of sections", {"basics": 3}, 25),
        ("worst section", {}, 0),
    ],
)
def test_sections_count_together_or_each_for_itself(kind, weights, value):
    given = answers("not not not") | answers("met met", "b")
    said = rule(kind, sections=["basics", "process"], weights=weights)

    assert scored(said, given).value == value


def test_a_section_in_which_nothing_applied_is_no_part_of_an_average_or_of_the_worst():
    given = answers("met partly") | answers("na na na", "b")
    names = ["basics", "process"]

    assert scored(rule("average of sections", sections=names), given).value == 75
    assert scored(rule("worst section", sections=names), given).value == 75


@pytest.mark.parametrize(
    ("text", "answers_counted", "words"),
    [
        ("not not met", ["not"], "2"),
        ("not partly met", ["not", "partly"], "2"),
        ("met met", ["not"], "0"),
        ("none met", ["no evidence"], "1"),
        ("na na", ["not"], "no score"),
        ("", ["not"], "no score"),
    ],
)
def test_answers_are_counted(text, answers_counted, words):
    assert scored(rule("count of answers", answers=answers_counted), answers(text)).words == words


def test_answers_to_named_questions_are_counted_alone_or_beside_whole_sections():
    given = answers("not not not") | answers("not met", "b")
    named = {"sections": [], "questions": ["a1", "b1"], "answers": ["not"]}

    assert scored(rule("count of answers", **named), given).words == "2"
    assert scored(rule("count of answers", **named | {"sections": ["basics"]}), given).words == "4"
    assert scored(rule("count of answers", **named), given, skipped=["process"]).words == "1"


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ("o g r i", "2.5"),
        ("o o g none", "3.7"),
        ("none none none none", "no score"),
        ("o g r -", "no score"),
    ],
)
@pytest.mark.parametrize("scale", [FOUR, REVERSED])
def test_grades_are_averaged_by_their_numbers_once_all_are_given(grades, words, scale):
    assert scored(rule("average of grades", decimals=1), grades=grades, scale=scale).words == words


def test_parts_are_weighed_in_an_average_and_those_left_out_do_not_count():
    said = rule("average of grades", of=["voice", "plan"], weights={"voice": 3}, decimals=2)

    assert scored(said, grades="o r i i").words == "3.50"
    assert scored(said, grades="o r i i", skipped=["voice"]).words == "2.00"


@generated(
    st.lists(st.sampled_from(["met", "partly", "not", "seen", "none", "-"]), max_size=7),
    st.integers(0, 7),
    st.sampled_from([POINTS, "average of sections", "worst section"]),
)
def test_an_answer_that_does_not_apply_never_changes_a_percentage(words, place, kind):
    before = scored(rule(kind), answers(" ".join(words)))
    free = [one.key for one in FORM.questions() if one.key.startswith("a")][len(words) :]
    extra = {free[place % len(free)]: Given(instead="not applicable")}

    after = scored(rule(kind), answers(" ".join(words)) | extra)

    assert (after.exact, after.points, after.maximum) == (before.exact, before.points, before.maximum)
