"""The ways of not answering: told apart, and what each does to what is required and to a score."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from goldenthread.rules.answering import fault_of
from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import NOT_ANSWERED, Form, Given, missing
from goldenthread.rules.scores import Look, Score, score

ON = date(2026, 11, 2)
REASONS = list(NOT_ANSWERED)
CHOICES = [{"key": "yes", "label": "Yes", "points": 1}, {"key": "no", "label": "No", "points": 0}]


def form_with(*questions):
    section = {"key": "s", "title": "S", "questions": list(questions)}
    return Form.model_validate({"title": "Tool", "sections": [section]})


def asked(key, **more):
    return {"key": key, "text": "Seen?", "type": "yes or no", "choices": CHOICES, "instead": REASONS} | more


def points(form, answers, skipped=frozenset()):
    rule = {"title": "Score", "kind": "points over applicable maximum", "sections": ["s"]}
    look = Look(form, answers, Known(on=ON), skipped)
    return score(TypeAdapter(Score).validate_python(rule), look)


def gaps(form, answers):
    return [sentence for _, _, sentence in missing(form, answers, Known(on=ON))]


def test_each_way_of_not_answering_reads_differently_and_from_a_blank():
    given = [Given(), *(Given(instead=one) for one in REASONS)]

    assert len(set(NOT_ANSWERED.values())) == len(REASONS) == len(set(given)) - 1
    assert [one.is_blank for one in given] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("leaves", "reason", "maximum"),
    [
        (None, "not applicable", 1),
        (None, "not seen", 2),
        (None, "no evidence", 2),
        (None, "unknown", 2),
        (["unknown"], "unknown", 1),
        (["unknown"], "not applicable", 2),
        ([], "not applicable", 2),
    ],
)
def test_the_question_says_which_way_of_not_answering_leaves_the_maximum(leaves, reason, maximum):
    said = {} if leaves is None else {"leaves_score": leaves}
    form = form_with(asked("a"), asked("b", **said))

    result = points(form, {"a": Given("yes"), "b": Given(instead=reason)})

    assert (result.points, result.maximum) == (1, maximum)


def test_a_section_left_out_is_none_of_them_and_has_no_score():
    form = form_with(asked("a"))

    assert points(form, {"a": Given("no")}, frozenset({"s"})).value is None


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_not_enough_may_be_saved_but_is_missing(reason):
    form = form_with(asked("a", not_enough=[reason]))
    answer = Given(instead=reason)

    assert fault_of(form.question("a"), answer) is None
    assert gaps(form, {"a": answer}) == [f"“{NOT_ANSWERED[reason]}” is not enough for “Seen?”: answer it"]
    assert gaps(form_with(asked("a")), {"a": answer}) == []
    assert gaps(form_with(asked("a", not_enough=[reason], required=False)), {"a": answer}) == []


@given(words=st.integers(0, 12), least=st.integers(1, 12))
def test_a_text_is_complete_once_it_has_the_words_wanted_and_is_saved_before(words, least):
    question = {"key": "t", "text": "What difference?", "type": "long text", "least_words": least}
    form, answer = form_with(question), Given(" ".join(["word"] * words))

    assert fault_of(form.question("t"), answer) is None
    assert (gaps(form, {"t": answer}) == []) == (words >= least)


def test_a_text_that_is_too_short_is_told_by_how_many_words_it_wants():
    form = form_with(
        {"key": "t", "text": "What difference?", "type": "text", "least_words": 1, "required": False}
    )

    assert form.question("t").limits == "At least 1 word."
    assert gaps(form, {}) == []
    assert gaps(form, {"t": Given(" ")}) == ["Write at least 1 word for “What difference?”"]
