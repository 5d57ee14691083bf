"""A small form, scales and gradings for the tests of scores and grade rules."""

from datetime import date

from goldenthread.rules.advice import look_of
from goldenthread.rules.conditions import Known
from goldenthread.rules.forms import Form, Given
from goldenthread.rules.grading import Grading
from goldenthread.rules.scales import Scale

ON = date(2026, 11, 2)
INSTEAD = ["not applicable", "not seen", "no evidence"]
POINTS = [
    {"key": "met", "label": "Met", "points": 2},
    {"key": "partly", "label": "Partly", "points": 1},
    {"key": "not", "label": "Not", "points": 0},
]


def questions(prefix, number, **more):
    """Questions with points 2, 1, 0, such as a1, a2, a3."""
    return [
        {
            "key": f"{prefix}{one}",
            "text": f"{prefix}{one}",
            "type": "one of",
            "choices": POINTS,
            "instead": INSTEAD,
            **more,
        }
        for one in range(1, number + 1)
    ]


FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {"key": "basics", "title": "Basics", "questions": questions("a", 8)},
            {"key": "process", "title": "Process", "questions": questions("b", 3), "may_skip": True},
            {"key": "safe", "title": "Safe", "questions": questions("c", 1, critical=True)},
            *(
                {"key": key, "title": key.capitalize(), "graded": True, "may_skip": True}
                for key in ("voice", "plan", "risk", "team")
            ),
        ],
    }
)
FOUR = {
    "direction": "best first",
    "values": [
        {"key": "o", "label": "Outstanding", "number": 4, "good": True},
        {"key": "g", "label": "Good", "number": 3, "good": True},
        {"key": "none", "label": "Not rated", "excluded": True},
        {"key": "r", "label": "Requires improvement", "number": 2},
        {"key": "i", "label": "Inadequate", "number": 1},
    ],
}
REVERSED = {"direction": "worst first", "values": FOUR["values"][::-1]}
DOMAINS = ("voice", "plan", "risk", "team")


def grading(*rules, scores=None, **more):
    """A grading with one stage and these rules."""
    return Grading.model_validate(
        {
            "scale": "four",
            "stages": [
                {"key": "draft", "label": "Draft", "by": "auditor"},
                {"key": "final", "label": "Final", "by": "auditor"},
            ],
            "rules": [{"because": f"Because of {rule['kind']}", **rule} for rule in rules],
            "scores": scores or {},
            **more,
        }
    )


def answers(text, prefix="a"):
    """Answers such as “met partly na seen none -” to the questions in a row; - is left blank."""
    instead = {"na": "not applicable", "seen": "not seen", "none": "no evidence"}
    return {
        f"{prefix}{place}": Given(instead=instead[word]) if word in instead else Given(word)
        for place, word in enumerate(text.split(), start=1)
        if word != "-"
    }


def look(of, grades="", *, given=None, scale=FOUR, facts=None, skipped=(), carried=None, form=FORM):
    """What the rules look at, with grades such as “g r i o” of the domains in a row; - is not graded."""
    words = dict(zip(DOMAINS, grades.split(), strict=False))
    known = Known(
        on=ON,
        facts=facts or {},
        grades={(part, "draft"): word for part, word in words.items() if word != "-"},
        scale=Scale.model_validate(scale),
    )
    return look_of(
        of, form, given or {}, known, skipped=frozenset(skipped), stage="draft", carried=carried or {}
    )


def laid_over(below, above):
    """A document with another laid over it; lists are replaced."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}
