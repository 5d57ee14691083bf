"""Grading: scores of what applied, parts to grade, and what the rules suggest."""

from datetime import date

import pytest

from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import Form, Given
from goldenthread.rules.grading import Grading, advice, parts_to_grade, score
from goldenthread.rules.scales import Scale

ON = date(2026, 11, 2)
KEYS = [f"q{number}" for number in range(1, 9)]
FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {
                "key": "basics",
                "title": "Basics",
                "questions": [
                    {
                        "key": key,
                        "text": key,
                        "type": "one of",
                        "instead": ["not applicable", "not seen", "no evidence"],
                        "choices": [
                            {"key": "met", "label": "Met", "points": 2},
                            {"key": "partly", "label": "Partly", "points": 1},
                            {"key": "not", "label": "Not", "points": 0},
                        ],
                    }
                    for key in KEYS
                ],
            },
            {"key": "voice", "title": "Voice", "graded": True},
            {"key": "safety", "title": "Safety", "graded": True, "when": {"fact": "risk", "is": "high"}},
        ],
    }
)
GRADING = Grading.model_validate(
    {
        "scale": "grades",
        "stages": [{"key": "first", "label": "First", "by": "auditor"}],
        "rules": [
            {
                "kind": "suggest",
                "when": {"grade": "voice", "is": "poor"},
                "grade": "poor",
                "because": "Voice is poor",
            },
            {"kind": "cap", "when": {"fact": "breach", "is": True}, "grade": "fair", "because": "A breach"},
            {"kind": "judgement", "because": "The auditor judges"},
        ],
        "scores": {
            "basics": {"title": "Basics", "kind": "points over applicable maximum", "sections": ["basics"]}
        },
    }
)
RULE = GRADING.scores["basics"]


def given(*values):
    """Answers to the first questions; what is not an answer is a way of not answering."""
    return {
        key: Given(value) if value in ("met", "partly", "not") else Given(instead=value)
        for key, value in zip(KEYS, values, strict=False)
    }


@pytest.mark.parametrize(
    ("values", "points", "maximum", "percentage"),
    [
        ((), 0, 0, None),
        (("met",), 2, 2, 100),
        (("met", "not"), 2, 4, 50),
        (("met", "not applicable"), 2, 2, 100),
        (("met", "not seen"), 2, 4, 50),
        (("met", "no evidence", "partly"), 3, 6, 50),
        (("not applicable", "not applicable"), 0, 0, None),
        (("met", "met", "not"), 4, 6, 67),
        (("met", "not", "not"), 2, 6, 33),
        (("partly", *["not"] * 3), 1, 8, 13),
        (("partly", "met", *["not"] * 6), 3, 16, 19),
    ],
)
def test_a_score_is_points_over_what_applied_rounded_half_up(values, points, maximum, percentage):
    result = score(RULE, FORM, given(*values), Known(on=ON))

    assert (result.points, result.maximum, result.percentage) == (points, maximum, percentage)


def test_only_parts_that_apply_are_graded_and_then_the_whole():
    calm = parts_to_grade(FORM, GRADING, Known(on=ON), frozenset())
    risky = parts_to_grade(FORM, GRADING, Known(on=ON, facts={"risk": "high"}), frozenset({"voice"}))

    assert calm == [("voice", "Voice"), ("overall", "Overall")]
    assert risky == [("safety", "Safety"), ("overall", "Overall")]


def test_a_framework_may_do_without_an_overall_grade():
    without = GRADING.model_copy(update={"overall": False})

    assert parts_to_grade(FORM, without, Known(on=ON), frozenset()) == [("voice", "Voice")]


def test_rules_suggest_or_cap_in_their_order_and_never_decide():
    known = Known(on=ON, facts={"breach": True}, grades={("voice", "first"): "poor"})

    assert [(one.kind, one.grade, one.because) for one in advice(GRADING, known)] == [
        ("suggest", "poor", "Voice is poor"),
        ("cap", "fair", "A breach"),
    ]
    assert advice(GRADING, Known(on=ON)) == []


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
