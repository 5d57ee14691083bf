"""Forms: what is asked, what an answer may be, what is missing, and which critical points were missed."""

from datetime import date

import pytest
from pydantic import ValidationError

from goldenthread.rules.answering import fault_of
from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import Form, Given, Question, critical_missed, missing, shown

ON = date(2026, 11, 2)
FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {
                "key": "basics",
                "title": "Basics",
                "questions": [
                    {
                        "key": "seen",
                        "text": "Was the person seen?",
                        "type": "yes or no",
                        "evidence": ["no"],
                        "critical": True,
                        "instead": ["not applicable", "no evidence"],
                    },
                    {
                        "key": "why",
                        "text": "Why not?",
                        "type": "text",
                        "when": {"answer": "seen", "is": "no"},
                    },
                    {
                        "key": "plan",
                        "text": "Is there a plan?",
                        "type": "one of",
                        "critical": True,
                        "required": {"answer": "seen", "is": "yes"},
                        "choices": [
                            {"key": "yes", "label": "Yes", "points": 2},
                            {"key": "partly", "label": "Partly", "points": 1},
                            {"key": "none", "label": "None", "points": 0},
                        ],
                    },
                ],
            },
            {
                "key": "again",
                "title": "Again",
                "may_skip": True,
                "when": {"fact": "layer", "is": "re-audit"},
                "questions": [
                    {"key": "visits", "text": "How many visits?", "type": "number", "evidence": "always"},
                    {"key": "last", "text": "When was the last?", "type": "date", "required": False},
                ],
            },
        ],
    }
)


def known(layer="routine", **answers):
    return Known(on=ON, facts={"layer": layer}, answers=answers)


def question(key):
    return FORM.question(key)


def test_only_what_applies_is_asked():
    asked = [(section.key, [one.key for one in questions]) for section, questions in shown(FORM, known())]

    assert asked == [("basics", ["seen", "plan"])]


def test_an_answer_and_a_fact_bring_further_questions():
    asked = shown(FORM, known("re-audit", seen="no"))

    assert [one.key for _, questions in asked for one in questions] == [
        "seen",
        "why",
        "plan",
        "visits",
        "last",
    ]


def test_a_section_left_out_is_not_asked():
    assert [section.key for section, _ in shown(FORM, known("re-audit"), frozenset({"again"}))] == ["basics"]


@pytest.mark.parametrize(
    ("key", "given", "fault"),
    [
        ("seen", Given("yes"), None),
        ("seen", Given(""), None),
        ("seen", Given("perhaps"), "Choose one of the answers shown."),
        ("seen", Given(instead="not applicable"), None),
        ("seen", Given(instead="not seen"), "Choose one of the answers shown."),
        ("plan", Given(("yes", "none")), None),
        ("visits", Given("4.5"), None),
        ("visits", Given("four"), "Enter a number, such as 12 or 4.5."),
        ("last", Given("2026-10-01"), None),
        ("last", Given("1 October"), "Enter a date, such as 23/12/2026."),
    ],
)
def test_an_answer_fits_its_question(key, given, fault):
    assert fault_of(question(key), given) == fault


@pytest.mark.parametrize(
    ("layer", "answers", "sentences"),
    [
        ("routine", {}, ["Answer “Was the person seen?”"]),
        ("routine", {"seen": Given("yes")}, ["Answer “Is there a plan?”"]),
        ("routine", {"seen": Given("yes"), "plan": Given("none")}, []),
        (
            "routine",
            {"seen": Given("no")},
            ["Say what you saw for “Was the person seen?”", "Answer “Why not?”"],
        ),
        ("routine", {"seen": Given("no", evidence="Two calls"), "why": Given("Away")}, []),
        ("routine", {"seen": Given(instead="no evidence")}, []),
        (
            "re-audit",
            {"seen": Given(instead="not applicable"), "visits": Given("3", evidence=" ")},
            ["Say what you saw for “How many visits?”"],
        ),
    ],
)
def test_what_is_missing_is_said_question_by_question(layer, answers, sentences):
    values = {key: given.instead or given.value for key, given in answers.items()}

    gaps = missing(FORM, answers, known(layer, **values))

    assert [sentence for _, _, sentence in gaps] == sentences


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        ({}, 0),
        ({"seen": Given("no"), "plan": Given("none")}, 2),
        ({"seen": Given("yes"), "plan": Given("partly")}, 0),
        ({"seen": Given(instead="no evidence")}, 1),
        ({"seen": Given(instead="not applicable")}, 0),
    ],
)
def test_a_critical_question_is_missed_by_its_worst_answer_or_without_evidence(answers, count):
    assert critical_missed(FORM, answers) == count


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"type": "one of"}, "needs at least two"),
        ({"type": "text", "choices": [{"key": "a", "label": "A"}]}, "takes no choices"),
        ({"type": "one of", "choices": [{"key": "a", "label": "A"}] * 2}, "the same key"),
        ({"type": "yes or no", "evidence": ["maybe"]}, "not one of the choices"),
    ],
)
def test_a_question_that_does_not_fit_together_is_refused(written, reason):
    with pytest.raises(ValidationError, match=reason):
        Question.model_validate({"key": "q", "text": "Q?", **written})


def test_two_questions_with_one_key_are_refused():
    section = FORM.sections[0]

    with pytest.raises(ValidationError, match="Two questions have the key “seen”"):
        Form(title="Tool", sections=(section, section.model_copy(update={"key": "other"})))


WHOLE = Question(key="n", text="How many?", type="whole number", at_least=0, at_most=10)


@pytest.mark.parametrize("value", ["0", "10", "+7", "03"])
def test_a_whole_number_within_its_limits_is_taken(value):
    assert fault_of(WHOLE, Given(value)) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("1.5", "Enter a whole number, such as 12."),
        ("ten", "Enter a whole number, such as 12."),
        ("1e1", "Enter a whole number, such as 12."),
        ("-1", "Enter a number that is 0 or more."),
        ("11", "Enter a number that is 10 or less."),
    ],
)
def test_what_is_no_whole_number_or_beyond_the_limits_is_refused_in_a_sentence(value, says):
    assert fault_of(WHOLE, Given(value)) == says


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1e999"])
def test_what_only_a_computer_calls_a_number_is_refused(value):
    question = Question(key="n", text="How much?", type="number")

    assert fault_of(question, Given(value)) == "Enter a number, such as 12 or 4.5."


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ((0, 10), "From 0 to 10."),
        ((1.5, None), "1.5 or more."),
        ((None, 3), "3 or less."),
        ((None, None), ""),
    ],
)
def test_the_limits_are_said_in_words(limits, words):
    question = Question(key="n", text="How many?", type="number", at_least=limits[0], at_most=limits[1])

    assert question.limits == words


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"type": "text", "at_least": 1}, "takes no limits"),
        ({"type": "number", "at_least": 2, "at_most": 1}, "The lowest number allowed is above the highest"),
        ({"type": "note", "evidence": "always"}, "A note takes no answer"),
        ({"type": "note", "instead": ["not seen"]}, "A note takes no answer"),
        ({"type": "note", "critical": True}, "A note takes no answer"),
        ({"type": "number", "least_words": 3}, "has no words to count; they go with texts"),
        ({"type": "text", "roles": ["auditor"]}, "they go with persons and signatures"),
        ({"type": "signature", "by_name": False}, "takes no name; leave by_name out"),
        ({"type": "text", "not_enough": ["unknown"]}, "not one of the ways of not answering that are"),
    ],
)
def test_limits_go_with_numbers_and_a_note_takes_nothing(fields, says):
    with pytest.raises(ValidationError, match=says):
        Question.model_validate({"key": "q", "text": "Words"} | fields)


def test_a_note_is_never_missing_and_takes_no_answer():
    note = {"key": "hello", "text": "Read this first", "type": "note"}
    form = Form.model_validate({"title": "T", "sections": [{"key": "s", "title": "S", "questions": [note]}]})

    assert missing(form, {}, Known(on=ON)) == []
    assert fault_of(form.question("hello"), Given("x")) == "This is a note and takes no answer."
