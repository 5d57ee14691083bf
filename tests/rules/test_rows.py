"""Sections that repeat: what is asked and missing in each row, and what scores make of the rows."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import Form, Given, Section, critical_missed, missing, shown
from goldenthread.rules.reading import faults
from goldenthread.rules.rows import Row, address
from goldenthread.rules.scores import Look, Score, score
from tests.rules.grading_kit import POINTS, questions

ON = date(2026, 11, 2)
FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {"key": "plain", "title": "Plain", "questions": questions("a", 1)},
            {
                "key": "people",
                "title": "People",
                "repeats": {"title": "each person sampled", "at_least": 2, "at_most": 4, "name": "initials"},
                "questions": [
                    *questions("p", 2, critical=True),
                    {
                        "key": "why",
                        "text": "Why not?",
                        "type": "text",
                        "when": {"answer": "p1", "is": "not"},
                        "required": {"answer": "p2", "is": "not"},
                    },
                ],
            },
        ],
    }
)
AB, CD = Row("r1", 1, "AB"), Row("r2", 2)


def known(*rows, **answers):
    """What is known with these rows; `p1_r1` is the answer to p1 in the row r1."""
    said = {key.replace("_", "@"): value for key, value in answers.items()}
    return Known(on=ON, answers=said, rows={"people": rows} if rows else {})


def given_in(known):
    return {key: Given(value) for key, value in known.answers.items()}


def sentences(known):
    return [(row.label if row else "", said) for _, row, said in missing(FORM, given_in(known), known)]


def test_each_row_asks_the_section_s_questions_and_a_condition_sees_its_own_row():
    keys = [q.key for _, asked in shown(FORM, known(AB, CD, p1_r1="not", p1_r2="met")) for q in asked]

    assert keys == ["a1", "p1@r1", "p2@r1", "why@r1", "p1@r2", "p2@r2"]


def test_a_condition_in_a_row_does_not_see_an_answer_given_elsewhere_under_the_same_key():
    stray = Known(on=ON, answers={"p1": "not"}, rows={"people": (AB,)})

    assert "why@r1" not in [q.key for _, asked in shown(FORM, stray) for q in asked]


def test_what_is_missing_is_told_row_by_row():
    found = sentences(known(AB, CD, a1="met", p1_r1="not", p2_r1="not", p1_r2="met"))

    assert found == [("1. AB", "Answer “Why not?”"), ("Row 2", "Answer “p2”")]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((), "Add at least 2 rows, one for each person sampled; there is none yet"),
        ((AB,), "Add at least 2 rows, one for each person sampled; there is 1"),
    ],
)
def test_a_section_with_too_few_rows_is_missing_as_a_whole(rows, says):
    assert ("", says) in sentences(known(*rows, a1="met"))


def test_a_section_that_needs_no_rows_has_nothing_missing_without_them():
    people = FORM.section("people")
    none = people.model_copy(update={"repeats": people.repeats.model_copy(update={"at_least": 0})})

    assert missing(Form(title="Tool", sections=(none,)), {}, known()) == []


def test_critical_points_are_counted_in_every_row():
    answers = {"p1@r1": Given("not"), "p2@r1": Given("met"), "p1@r2": Given("not")}

    assert critical_missed(FORM, answers) == 2


def test_a_question_whose_key_looks_like_an_address_is_found_by_its_key():
    form = Form.model_validate(
        {"title": "T", "sections": [{"key": "s", "title": "S", "questions": questions("x@", 1)}]}
    )

    assert form.question_at("x@1") == (form.question("x@1"), "")


@pytest.mark.parametrize("place", ["a1@r1", "p1", "nothing", "nothing@r1", "@r1", ""])
def test_an_answer_stands_in_a_row_exactly_where_its_section_repeats(place):
    assert FORM.question_at(place) is None


def test_the_fewest_rows_are_not_more_than_the_most():
    with pytest.raises(ValidationError, match="The fewest rows are more than the most"):
        Section.model_validate(
            {"key": "s", "title": "S", "repeats": {"title": "each", "at_least": 5, "at_most": 3}}
        )


ANSWERS = st.sampled_from(["met", "partly", "not", "not applicable", "not seen", "no evidence", ""])
WORTH = {one["key"]: one["points"] for one in POINTS}


@generated(st.lists(st.tuples(ANSWERS, ANSWERS), max_size=6), ANSWERS)
def test_a_score_is_the_points_of_all_rows_over_what_applied_in_any_of_them(rows, plain):
    """Against a reckoning by hand: blank and not applicable leave the maximum, other reasons do not."""
    standing = [Row(f"r{number}", number) for number, _ in enumerate(rows, start=1)]
    said = {"a1": plain}
    for row, answers in zip(standing, rows, strict=True):
        said |= {address(key, row.key): one for key, one in zip(("p1", "p2"), answers, strict=True)}
    given = {key: Given(one) if one in WORTH else Given(instead=one) for key, one in said.items()}
    look = Look(FORM, given, Known(on=ON, answers=said, rows={"people": tuple(standing)}))
    kind = {"title": "S", "decimals": 3, "full_maximum": True}
    rule = {**kind, "kind": "points over applicable maximum", "sections": ["plain", "people"]}

    result = score(TypeAdapter(Score).validate_python(rule), look)

    counted = [one for one in said.values() if one not in ("", "not applicable")]
    points, maximum = sum(WORTH.get(one, 0) for one in counted), 2 * len(counted)
    assert (result.points, result.maximum, result.full) == (points, maximum, 2 + 4 * len(rows))
    assert result.exact == (Fraction(points, maximum) * 100 if maximum else None)


@generated(st.lists(ANSWERS, max_size=6))
def test_a_count_of_answers_counts_rows(rows):
    standing = [Row(f"r{number}", number) for number, _ in enumerate(rows, start=1)]
    given = {
        f"p1@r{number}": Given(one) if one in WORTH else Given(instead=one)
        for number, one in enumerate(rows, 1)
    }
    look = Look(FORM, given, Known(on=ON, rows={"people": tuple(standing)}))
    answered = [one for one in rows if one not in ("", "not applicable")]
    for counted in ({"sections": ["people"]}, {"questions": ["p1"]}):
        rule = {"title": "S", "kind": "count of answers", "answers": ["not"], **counted}
        result = score(TypeAdapter(Score).validate_python(rule), look)
        assert result.exact == (answered.count("not") if answered else None)


PACK = (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
ROWS = """    sections:
      - key: visits
        title: Visits
        repeats: {title: each visit}
        questions:
          - {key: alone, text: Seen alone?, type: yes or no}
          - {key: why not, text: Why not?, type: text, when: {answer: alone, is: "no"}}
"""
ELSEWHERE = """      - key: after
        title: After
        when: {answer: alone, is: "no"}
        questions:
          - {key: later, text: Later?, type: text, required: {answer: why not, known: true}}
"""


def test_a_condition_inside_the_rows_names_their_answers_and_one_elsewhere_is_refused_in_a_sentence():
    within = PACK.replace("    sections:\n", ROWS, 1)
    elsewhere = PACK.replace("    sections:\n", ROWS + ELSEWHERE, 1)

    assert faults(within) == []
    found = [(fault.where, fault.sentence) for fault in faults(elsewhere)]
    assert [where.partition("sections › ")[2] for where, _ in found] == [
        "after › when › answer",
        "after › questions › later › required › answer",
    ]
    assert all("is answered once for each row of “Visits”" in sentence for _, sentence in found)
