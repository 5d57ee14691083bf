# ruff: noqa: E501 - tables of cases, one on a line
"""Grades over two levels of parts: every kind of rule at every level, in whichever order the form has them."""

from itertools import permutations

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from goldenthread.rules.advice import NO_RULE_FITS, advice
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.equivalence import equivalence
from goldenthread.rules.forms import Form, Given, shown
from goldenthread.rules.grading import labels_of
from goldenthread.rules.levels import in_order
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.scores import below
from tests.grading_packs import PACK
from tests.rules.grading_kit import grading, laid_over, look

PARTS = [
    {"key": "practice", "title": "Practice", "graded": True},
    {"key": "voice", "title": "Voice", "graded": True, "part_of": "practice", "may_skip": True},
    {"key": "plan", "title": "Plan", "graded": True, "part_of": "practice", "may_skip": True},
    {"key": "oversight", "title": "Oversight", "graded": True, "may_skip": True},
    {"key": "risk", "title": "Risk", "graded": True, "part_of": "oversight"},
    {"key": "team", "title": "Team", "graded": True, "part_of": "oversight"},
]
TOOL = Form.model_validate({"title": "Tool", "sections": PARTS})
MEANS = {
    "practice": {
        "title": "Practice mean",
        "kind": "average of grades",
        "of": ["voice", "plan"],
        "decimals": 1,
    },
    "whole": {"title": "Mean of the whole", "kind": "average of grades", "decimals": 1},
}
EDGES = [
    {"from": 3.5, "grade": "o"},
    {"from": 2.5, "grade": "g"},
    {"from": 1.5, "grade": "r"},
    {"from": 1, "grade": "i"},
]
TWO_I = {"kind": "count", "counts": [{"grades": ["i"], "at_least": 2}], "grade": "i"}
ONE_I = {"kind": "count", "counts": [{"grades": ["i"], "at_least": 1}], "grade": "r"}
ALL_GOOD = {
    "kind": "count",
    "counts": [{"grades": ["o", "g"], "at_least": 1}],
    "rest": ["o", "g"],
    "grade": "g",
}
OF_OVERSIGHT = [{**one, "part": "oversight"} for one in (TWO_I, ONE_I, ALL_GOOD)]
OF_PRACTICE = [{**one, "part": "practice"} for one in (TWO_I, ONE_I, ALL_GOOD)]


def says(rules, grades, part, *, form=TOOL, **more):
    given = grading(*rules, scores=MEANS)
    return advice(given, look(given, grades, form=form, **more), part)


def led(rules, grades, part="practice", **more):
    """The grade that the rules come to, and the kinds of rule that decided."""
    said = says(rules, grades, part, **more)
    return said.grade, [one.rule.partition(": ")[2] for one in said.deciding]


def if_(part, grade):
    return {"grade": part, "is": grade}


KINDS = [
    ("bands", [{"kind": "bands", "part": "practice", "score": "practice", "bands": EDGES}], "o g", "practice", "o", ["bands"]),
    ("bands of the whole", [*OF_PRACTICE, *OF_OVERSIGHT, {"kind": "bands", "score": "whole", "bands": EDGES}], "g g i o", "overall", "g", ["bands"]),
    ("count", OF_PRACTICE, "i i", "practice", "i", ["count"]),
    ("count of the whole", [*OF_PRACTICE, *OF_OVERSIGHT, TWO_I], "i i i i", "overall", "i", ["count"]),
    ("cap", [*OF_PRACTICE, {"kind": "cap", "part": "practice", "grade": "r", "when": if_("voice", "g")}], "g o", "practice", "r", ["count", "cap"]),
    ("cap of the whole by a section that follows", [*OF_PRACTICE, *OF_OVERSIGHT, ALL_GOOD, {"kind": "cap", "grade": "r", "when": if_("practice", "g")}], "g g g g", "overall", "r", ["count", "cap"]),
    ("limit", [*OF_PRACTICE, {"kind": "narrow", "part": "practice", "grades": ["i"], "when": if_("plan", "i")}], "o i", "practice", "i", ["count", "narrow"]),
    ("limit alone", [{"kind": "narrow", "part": "practice", "grades": ["i"], "when": if_("plan", "i")}], "- i", "practice", "i", ["narrow"]),
    ("narrowing", [*OF_PRACTICE, {"kind": "narrow", "part": "practice", "grades": ["r", "i"], "when": if_("plan", "g")}], "g g", "practice", "r", ["count", "narrow"]),
    ("limit of the whole by a part of a part", [*OF_PRACTICE, *OF_OVERSIGHT, ALL_GOOD, {"kind": "narrow", "grades": ["i"], "when": if_("risk", "r")}], "g g r g", "overall", "i", ["narrow"]),
    ("suggestion", [{"kind": "suggest", "part": "practice", "grade": "r", "when": if_("voice", "i")}], "i g", "practice", "r", ["suggest"]),
    ("judgement", [{"kind": "judgement", "part": "practice", "when": if_("voice", "o")}, *OF_PRACTICE], "o o", "practice", "", ["judgement"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rules", "grades", "part", "grade", "by"), KINDS, ids=[one[0] for one in KINDS]
)
def test_every_kind_of_rule_is_there_at_every_level(name, rules, grades, part, grade, by):
    assert led(rules, grades, part) == (grade, by)


def test_a_floor_for_what_is_not_negotiable_holds_at_a_section_too():
    rules = [
        *OF_PRACTICE,
        {
            "kind": "narrow",
            "part": "practice",
            "grades": ["i"],
            "when": {"fact": "critical missed", "at_least": 1},
        },
    ]
    missed = Form.model_validate(
        {
            "title": "Tool",
            "sections": [
                *PARTS,
                {
                    "key": "safe",
                    "title": "Safe",
                    "questions": [{"key": "safe1", "text": "Safe?", "type": "yes or no", "critical": True}],
                },
            ],
        }
    )
    assert led(rules, "g g", form=missed, given={"safe1": Given("yes")}) == ("g", ["count"])
    assert led(rules, "g g", form=missed, given={"safe1": Given("no")}) == ("i", ["count", "narrow"])


def test_a_count_looks_at_the_parts_of_its_own_section_alone():
    assert below(TOOL, "overall") == ["practice", "oversight"]
    assert below(TOOL, "practice") == ["voice", "plan"]
    assert led(OF_PRACTICE, "g g i i") == ("g", ["count"])


def test_where_no_rule_fits_a_section_is_left_to_judgement_with_a_sentence():
    said = says([{**TWO_I, "part": "practice"}], "o i", "practice")

    assert (said.grade, said.no_rule_fits, [one.because for one in said.said]) == ("", True, [NO_RULE_FITS])


def test_a_section_waits_for_its_parts_and_the_whole_for_its_sections():
    rules = [
        *OF_PRACTICE,
        *OF_OVERSIGHT,
        ALL_GOOD,
        {"kind": "bands", "part": "voice", "score": "practice", "bands": EDGES},
    ]

    assert says(rules[:-1], "g - g g", "practice").waits_for == ("plan",)
    assert says(rules[:-1], "g - g g", "overall").waits_for == ("practice",)
    assert says(
        [{"kind": "bands", "part": "practice", "score": "practice", "bands": EDGES}], "g -", "practice"
    ).waits_for == ("plan",)


def test_a_part_carried_forward_counts_for_its_section_and_a_section_for_the_whole():
    rules = [*OF_PRACTICE, ALL_GOOD, {"kind": "carry forward", "part": "plan"}]

    assert led(rules, "g", skipped=["plan"], carried={"plan": "i"}) == ("r", ["count"])
    assert led(
        rules, "g g", "overall", skipped=["oversight", "risk", "team"], carried={"oversight": "g"}
    ) == ("g", ["count"])
    assert says(rules, "g g", "overall", skipped=["oversight"], carried={"oversight": "i"}).no_rule_fits


def test_a_part_left_out_is_passed_over_and_goes_with_its_section():
    known = look(grading(), form=TOOL).known

    assert led(OF_PRACTICE, "g -", skipped=["plan"]) == ("g", ["count"])
    assert [one.key for one, _ in shown(TOOL, known, frozenset({"oversight"}))] == [
        "practice",
        "voice",
        "plan",
    ]


def test_a_grade_that_somebody_gave_to_a_section_stands_for_the_whole():
    given = grading(*OF_PRACTICE, *OF_OVERSIGHT, ALL_GOOD, scores=MEANS)
    at = look(given, "g g g g", form=TOOL)
    judged = look(given, "g g g g", form=TOOL)
    judged.known.grades["practice", "draft"] = "i"

    assert advice(given, at).grade == "g"
    assert advice(given, judged).no_rule_fits


def test_a_part_is_called_by_its_section_too():
    assert labels_of(TOOL, grading())["voice"] == "Practice: Voice"


ROOT = [*OF_PRACTICE, *OF_OVERSIGHT, TWO_I, ONE_I, ALL_GOOD]


@pytest.mark.parametrize("order", list(permutations(range(6)))[::97])
def test_the_order_of_the_form_changes_no_grade(order):
    form = Form.model_validate({"title": "Tool", "sections": [PARTS[place] for place in order]})

    assert led(ROOT, "g i g g", "overall", form=form) == led(ROOT, "g i g g", "overall")
    keys = in_order(form, grading(*ROOT))
    assert keys.index("voice") < keys.index("practice") and keys.index("team") < keys.index("oversight")


@settings(deadline=None, max_examples=60)
@generated(st.lists(st.sampled_from("ogri-"), min_size=4, max_size=4))
def test_the_whole_follows_from_sections_as_if_somebody_had_given_their_grades(grades):
    """Nobody can tell from the whole's grade whether its sections' were reckoned or given by hand."""
    given = grading(*ROOT, scores=MEANS)
    reckoned = look(given, " ".join(grades), form=TOOL)
    by_hand = look(given, " ".join(grades), form=TOOL)
    for part in ("practice", "oversight"):
        said = advice(given, by_hand, part)
        if said.is_computed:
            by_hand.known.grades[part, "draft"] = said.grade

    one, other = advice(given, reckoned), advice(given, by_hand)

    assert (one.grade, one.waits_for, one.no_rule_fits) == (other.grade, other.waits_for, other.no_rule_fits)


DATA = read_document(PACK.read_text()).data
SECTIONS = DATA["forms"]["case audit"]["sections"]
GRADED = [one["key"] for one in SECTIONS if one.get("graded")]
FIRST, SECOND, THIRD = GRADED[:3]
COUNT = {
    "kind": "count",
    "counts": [{"grades": ["inadequate"], "at_least": 1}],
    "grade": "inadequate",
    "because": "It is so",
}


def packed(parts=None, rules=(), after=None):
    """The shipped framework with sections made parts of others, and rules of grading."""
    data = laid_over(DATA, {"grading": {"case audit": {"rules": list(rules), "judged_after": after or {}}}})
    sections = [
        {**one, **({"part_of": parts[one["key"]]} if one["key"] in (parts or {}) else {})} for one in SECTIONS
    ]
    data["forms"]["case audit"]["sections"] = sections
    return write_document(data)


CIRCLES = [
    ({FIRST: FIRST}, [], None, f"forms › case audit › sections › {FIRST} › part_of", f"“{FIRST}” cannot be a part of itself"),
    ({FIRST: SECOND, SECOND: FIRST}, [], None, f"forms › case audit › sections › {SECOND} › part_of", f"“{SECOND}” would in the end be a part of itself, by “{FIRST}”; break the circle."),
    ({FIRST: SECOND, SECOND: THIRD, THIRD: FIRST}, [], None, f"forms › case audit › sections › {THIRD} › part_of", "break the circle"),
    ({FIRST: "nothing"}, [], None, f"forms › case audit › sections › {FIRST} › part_of", "There is no section “nothing”"),
    ({}, [{**COUNT, "part": FIRST, "of": [SECOND]}, {**COUNT, "part": SECOND, "of": [FIRST]}], None, "grading › case audit › rules › 1", f"“{FIRST}” would in the end follow from its own grade, by “{SECOND}”; break the circle."),
    ({FIRST: SECOND}, [{**COUNT, "part": SECOND}, {"kind": "cap", "part": FIRST, "grade": "good", "when": {"grade": SECOND, "is": "good"}, "because": "It is so"}], None, "grading › case audit › rules › 2", f"“{FIRST}” would in the end follow from its own grade"),
    ({FIRST: SECOND}, [{**COUNT, "part": SECOND}], {FIRST: [SECOND]}, "grading › case audit › rules › 1", f"“{SECOND}” would in the end follow from its own grade, by “{FIRST}”"),
    ({}, [{**COUNT, "part": FIRST}], None, "grading › case audit › rules › 1 › of", "has no graded parts of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "rules", "after", "where", "sentence"), CIRCLES)
def test_parts_and_grades_that_go_round_in_a_circle_are_refused_with_place_and_sentence(
    parts, rules, after, where, sentence
):
    found = [(one.where, one.sentence) for one in faults(packed(parts, rules, after))]

    assert any(place == where and sentence in said for place, said in found), found


def test_two_levels_that_go_round_in_no_circle_are_taken():
    rules = [
        {**COUNT, "part": THIRD},
        {**COUNT},
        {
            "kind": "cap",
            "part": FIRST,
            "grade": "good",
            "when": {"grade": SECOND, "is": "good"},
            "because": "It is so",
        },
    ]

    assert faults(packed({FIRST: THIRD, SECOND: THIRD}, rules)) == []


TWO_LEVELS = packed({FIRST: THIRD, SECOND: THIRD}, [{**COUNT, "part": THIRD}])


@pytest.mark.parametrize(
    ("after", "goes_on", "breaks", "said"),
    [
        (
            packed({FIRST: THIRD, SECOND: THIRD}, [{**COUNT, "part": THIRD}]),
            [FIRST, SECOND, THIRD, "overall"],
            [],
            "",
        ),
        (
            packed({FIRST: THIRD}, [{**COUNT, "part": THIRD}]),
            [FIRST, SECOND],
            [THIRD, "overall"],
            "is no longer a graded part of",
        ),
        (
            packed({FIRST: THIRD, SECOND: THIRD}, [{**COUNT, "part": THIRD, "grade": "good"}]),
            [FIRST, SECOND],
            [THIRD, "overall"],
            "The rules that lead to the grade of",
        ),
        (
            packed({FIRST: THIRD, SECOND: THIRD, GRADED[3]: THIRD}, [{**COUNT, "part": THIRD}]),
            [FIRST, GRADED[3]],
            [THIRD, "overall"],
            "has other graded parts than before",
        ),
    ],
)
def test_a_section_goes_on_over_versions_only_with_the_parts_and_rules_behind_it(
    after, goes_on, breaks, said
):
    found = equivalence(read_pack(TWO_LEVELS), read_pack(after), "audit").parts

    assert all(found[one].goes_on for one in goes_on)
    assert all(not found[one].goes_on and said in found[one].said for one in breaks)
