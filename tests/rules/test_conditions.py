"""The condition language: what holds, and how it reads."""

from datetime import date
from fractions import Fraction

import pytest
from pydantic import TypeAdapter, ValidationError

from goldenthread.rules.conditions import Compare, Condition, Known, comparisons, holds, sentence
from goldenthread.rules.scales import Scale

ON = date(2026, 11, 2)
READ = TypeAdapter(Condition)
SCALE = Scale.model_validate(
    {
        "direction": "best first",
        "values": [
            {"key": "good", "label": "Good", "good": True},
            {"key": "fair", "label": "Fair"},
            {"key": "poor", "label": "Poor"},
            {"key": "none", "label": "No grade", "excluded": True},
        ],
    }
)
KNOWN = Known(
    on=ON,
    facts={
        "status": "Open",
        "age": 84,
        "urgent": True,
        "allocated": date(2026, 8, 2),
        "seen": date(2026, 2, 28),
        "ends": date(2027, 1, 1),
        "risks": ["falls", "fire"],
        "note": "",
        "told": None,
    },
    answers={
        "again": "yes",
        "visits": "4",
        "topics": ("risk", "voice"),
        "source paper": "not used",
        "source system": "used",
    },
    grades={("overall", "first"): "poor", ("overall", "second"): "fair", ("voice", "first"): "none"},
    scale=SCALE,
    scores={"met": Fraction(599, 10), "gaps": Fraction(3), "third": Fraction(200, 3)},
)

HOLDING = [
    ({"fact": "status", "is": "open"}, True),
    ({"fact": "status", "is": "OPEN"}, True),
    ({"fact": "status", "is": "closed"}, False),
    ({"fact": "status", "is_not": "closed"}, True),
    ({"fact": "nothing", "is_not": "closed"}, True),
    ({"fact": "nothing", "is": "closed"}, False),
    ({"fact": "status", "one_of": ["closed", "open"]}, True),
    ({"fact": "nothing", "one_of": ["closed", "open"]}, False),
    ({"fact": "urgent", "is": True}, True),
    ({"fact": "urgent", "is": "true"}, False),
    ({"fact": "age", "at_least": 84}, True),
    ({"fact": "age", "at_least": 85}, False),
    ({"fact": "age", "at_most": 84}, True),
    ({"fact": "age", "at_most": 83.5}, False),
    ({"fact": "status", "at_least": 1}, False),
    ({"fact": "risks", "is": "fire"}, True),
    ({"fact": "risks", "is_not": "flood"}, True),
    ({"fact": "age", "known": True}, True),
    ({"fact": "note", "known": True}, False),
    ({"fact": "told", "known": False}, True),
    ({"since": "allocated", "at_least": "3 months"}, True),
    ({"since": "allocated", "at_most": "3 months"}, True),
    ({"since": "allocated", "at_least": "4 months"}, False),
    ({"since": "allocated", "at_most": "91 days"}, False),
    ({"since": "allocated", "at_most": "92 days"}, True),
    ({"since": "seen", "at_least": "8 months"}, True),
    ({"since": "status", "at_least": "1 day"}, False),
    ({"since": "nothing", "at_least": "1 day"}, False),
    ({"since": "nothing", "known": False}, True),
    ({"until": "ends", "at_most": "60 days"}, True),
    ({"until": "ends", "at_most": "59 days"}, False),
    ({"until": "ends", "at_least": "60 days"}, True),
    ({"until": "ends", "at_least": "2 months"}, False),
    ({"until": "seen", "at_most": "60 days"}, False),
    ({"until": "seen", "at_least": "0 days"}, False),
    ({"until": "nothing", "at_most": "60 days"}, False),
    ({"until": "nothing", "known": False}, True),
    ({"answer": "again", "is": "yes"}, True),
    ({"answer": "visits", "at_least": 4}, True),
    ({"answer": "topics", "is": "voice"}, True),
    ({"answer": "topics", "one_of": ["carers", "risk"]}, True),
    ({"answer": "unasked", "known": False}, True),
    ({"grade": "overall", "is": "fair"}, True),
    ({"grade": "overall", "stage": "first", "is": "poor"}, True),
    ({"grade": "overall", "stage": "third", "is": "poor"}, False),
    ({"grade": "overall", "at_least": "fair"}, True),
    ({"grade": "overall", "at_least": "good"}, False),
    ({"grade": "overall", "at_most": "fair"}, True),
    ({"grade": "voice", "at_least": "poor"}, False),
    ({"grade": "plan", "known": False}, True),
    ({"source": "paper", "is": "not used"}, True),
    ({"source": "paper", "is_not": "used"}, True),
    ({"source": "system", "is": "used"}, True),
    ({"source": "system", "one_of": ["not used"]}, False),
    ({"source": "chart", "is": "not used"}, False),
    ({"source": "chart", "is_not": "used"}, True),
    ({"source": "chart", "known": False}, True),
    ({"score": "gaps", "at_least": 3}, True),
    ({"score": "gaps", "at_least": 4}, False),
    ({"score": "gaps", "below": 3}, False),
    ({"score": "met", "below": 60}, True),
    ({"score": "met", "below": 59.9}, False),
    ({"score": "met", "at_most": 59.9}, True),
    ({"score": "third", "below": 66.67}, True),
    ({"score": "third", "at_most": 66.66}, False),
    ({"score": "met", "at_most": "many"}, False),
    ({"score": "nothing", "below": 60}, False),
    ({"score": "nothing", "at_least": 0}, False),
    ({"score": "nothing", "known": False}, True),
    ({"not": {"fact": "status", "is": "closed"}}, True),
    ({"all": [{"fact": "age", "at_least": 80}, {"answer": "again", "is": "yes"}]}, True),
    ({"all": [{"fact": "age", "at_least": 80}, {"answer": "again", "is": "no"}]}, False),
    ({"any": [{"fact": "age", "at_least": 90}, {"answer": "again", "is": "yes"}]}, True),
    ({"any": [{"fact": "age", "at_least": 90}, {"answer": "again", "is": "no"}]}, False),
    ({"not": {"any": [{"fact": "age", "at_least": 90}, {"not": {"fact": "urgent", "is": True}}]}}, True),
]

SENTENCES = [
    ({"fact": "status", "is": "open"}, "“status” is “open”"),
    ({"fact": "status", "is_not": "open"}, "“status” is not “open”"),
    ({"fact": "age", "at_least": 80}, "“age” is at least 80"),
    ({"fact": "age", "at_most": 80}, "“age” is at most 80"),
    ({"fact": "urgent", "is": True}, "“urgent” is yes"),
    ({"fact": "status", "one_of": ["open", "held"]}, "“status” is one of “open”, “held”"),
    ({"fact": "age", "known": False}, "“age” is not known"),
    ({"since": "audited", "at_most": "12 months"}, "“audited” was at most 12 months ago"),
    ({"since": "audited", "at_least": "1 week"}, "“audited” was at least 1 week ago"),
    ({"since": "audited", "known": True}, "the date of “audited” is known"),
    ({"until": "ends", "at_most": "60 days"}, "“ends” is at most 60 days ahead"),
    ({"until": "ends", "known": True}, "the date of “ends” is known"),
    ({"answer": "again", "is": "yes"}, "the answer to “again” is “yes”"),
    ({"grade": "overall", "is": "poor"}, "the grade for “overall” is “poor”"),
    ({"grade": "overall", "stage": "first", "is": "poor"}, "the grade for “overall” first is “poor”"),
    ({"source": "paper", "is": "used"}, "“paper” could be used"),
    ({"source": "paper", "is": "not used"}, "“paper” could not be used"),
    ({"source": "paper", "is_not": "used"}, "the use of “paper” is not “used”"),
    ({"source": "paper", "known": False}, "the use of “paper” is not known"),
    ({"score": "gaps", "at_least": 3}, "the score “gaps” is at least 3"),
    ({"score": "met", "below": 60}, "the score “met” is below 60"),
    ({"not": {"fact": "age", "known": True}}, "it is not so that “age” is known"),
    (
        {"all": [{"fact": "a", "known": True}, {"any": [{"fact": "b", "is": 1}, {"fact": "c", "is": 2}]}]},
        "“a” is known and (“b” is 1 or “c” is 2)",
    ),
]

REFUSED = [
    ({}, "exactly one of fact, answer, grade, source, score, since or until"),
    ({"fact": "a"}, "exactly one of is, is_not"),
    (
        {"fact": "a", "answer": "b", "is": 1},
        "exactly one of fact, answer, grade, source, score, since or until",
    ),
    ({"fact": "a", "is": 1, "known": True}, "exactly one of is, is_not"),
    ({"fact": "a", "stage": "first", "is": 1}, "A stage goes with a grade"),
    ({"since": "a", "is": "3 months"}, "at_least, at_most or known"),
    ({"since": "a", "at_least": "a while"}, "is not a span of time"),
    ({"fact": "a", "is": ["b"]}, "Compare with a word, a number, true or false"),
    ({"fact": "a", "is": None}, "exactly one of is, is_not"),
    ({"source": "paper", "at_least": 1}, "goes with is, is_not, one_of or known"),
    ({"score": "met", "is": 60}, "at_least, at_most, below or known"),
    ({"fact": "age", "below": 60}, "Only a score is compared with below"),
    ({"all": []}, "at least 1 item"),
    ({"not": {}}, "exactly one of fact, answer, grade, source, score, since or until"),
    ({"fact": "a", "eval": "1"}, "Extra inputs are not permitted"),
    ("a > 1", "valid dictionary"),
]


@pytest.mark.parametrize(("written", "expected"), HOLDING)
def test_a_condition_holds_of_what_is_known(written, expected):
    assert holds(READ.validate_python(written), KNOWN) is expected


@pytest.mark.parametrize(("written", "expected"), SENTENCES)
def test_a_condition_reads_as_a_sentence(written, expected):
    assert sentence(READ.validate_python(written)) == expected


@pytest.mark.parametrize(("written", "reason"), REFUSED)
def test_a_condition_that_says_too_little_or_too_much_is_refused(written, reason):
    with pytest.raises(ValidationError, match=reason):
        READ.validate_python(written)


def test_no_condition_always_holds():
    assert holds(None, KNOWN)
    assert sentence(None) == "always"


def test_every_comparison_inside_a_condition_is_found():
    written = {
        "all": [{"fact": "a", "is": 1}, {"not": {"any": [{"fact": "b", "is": 1}, {"answer": "c", "is": 1}]}}]
    }

    found = [compare.fact or compare.answer for compare in comparisons(READ.validate_python(written))]

    assert found == ["a", "b", "c"]


def test_a_scale_that_ends_with_its_best_is_compared_the_other_way_round():
    worst_first = Scale(direction="worst first", values=SCALE.values)
    known = Known(on=ON, grades={("overall", "first"): "poor"}, scale=worst_first)

    assert holds(READ.validate_python({"grade": "overall", "at_least": "good"}), known)


@pytest.mark.parametrize("day", [date.min, date(2020, 1, 1), date.max])
@pytest.mark.parametrize(("kind", "beyond"), [("since", "at_least"), ("until", "at_least")])
def test_a_span_beyond_all_days_is_never_reached_and_breaks_nothing(day, kind, beyond):
    known = Known(on=date(2026, 11, 2), facts={"x": day})
    far = Compare.model_validate({kind: "x", beyond: "9999 years"})
    assert holds(far, known) == (day == (date.min if kind == "since" else date.max))
