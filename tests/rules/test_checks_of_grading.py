# ruff: noqa: E501 - tables of cases, one on a line
"""A grading that cannot be run is refused with the place and a sentence that says what to do."""

import copy
import re
from pathlib import Path

import pytest

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults, read_pack, write_pack
from tests.rules.grading_kit import laid_over

ROOT = Path(__file__).resolve().parents[2]
PACK = read_document((ROOT / "goldenthread/packs/adult-social-care.yaml").read_text()).data
HOW_TO = (ROOT / "docs/how-to/change-your-framework.md").read_text(encoding="utf-8")
RULE = "grading › case audit › rules › 1"
SCORE = "grading › case audit › scores › s"
BANDS = {
    "kind": "bands",
    "score": "compliance",
    "bands": [{"from": 50, "grade": "good"}, {"from": 0, "grade": "inadequate"}],
}
COUNT = {"kind": "count", "counts": [{"grades": ["good"], "at_least": 1}], "grade": "good"}

RULES = [
    ({"kind": "capp", "grade": "good"}, RULE, "“capp” is not known here; did you mean “cap”? Write one of: judgement, suggest, bands, count, cap, narrow, carry forward."),
    ({"grade": "good"}, RULE, "“kind” is missing here; say what this is."),
    ({"kind": "cap"}, f"{RULE} › grade", "“grade” is missing here; add it."),
    ({"kind": "cap", "grade": "god"}, f"{RULE} › grade", "There is no grade “god”; did you mean “good”?"),
    ({"kind": "cap", "grade": "good", "grades": ["good"]}, f"{RULE} › grades", "There is no key “grades” here; did you mean “grade”?"),
    ({"kind": "suggest", "grade": "good", "part": "voic"}, f"{RULE} › part", "There is no part to grade “voic”; did you mean “voice”?"),
    ({"kind": "suggest", "grade": "good", "override": "nver"}, f"{RULE} › override", "“nver” is not known here; did you mean “never”?"),
    ({"kind": "suggest", "grade": "good", "override": ["writer"]}, f"{RULE} › override › 1", "There is no role “writer”."),
    ({"kind": "narrow", "grades": ["good", "poor"]}, f"{RULE} › grades › 2", "There is no grade “poor”."),
    ({"kind": "narrow", "grades": []}, f"{RULE} › grades", "name at least 1"),
    ({**BANDS, "score": "complience"}, f"{RULE} › score", "There is no score “complience”; did you mean “compliance”?"),
    ({**BANDS, "bands": [{"from": 0, "grade": "good"}, {"from": 5, "grade": "good"}]}, RULE, "put the highest first"),
    ({**BANDS, "bands": [{"from": "many", "grade": "good"}]}, f"{RULE} › bands › 1 › from", "“many” stands here; write a number."),
    ({**BANDS, "bands": [{"from": 1, "grade": "best"}]}, f"{RULE} › bands › 1 › grade", "There is no grade “best”."),
    ({**COUNT, "of": ["voices"]}, f"{RULE} › of › 1", "There is no graded section “voices”"),
    ({**COUNT, "part": "voice"}, f"{RULE} › of", "cannot follow from its own grade"),
    ({**COUNT, "rest": ["fair"]}, f"{RULE} › rest › 1", "There is no grade “fair”."),
    ({**COUNT, "counts": [{"grades": ["good"]}]}, f"{RULE} › counts › 1", "Say at_least, at_most or both."),
    ({**COUNT, "counts": [{"grades": ["good"], "at_least": 3, "at_most": 2}]}, f"{RULE} › counts › 1", "at_least is more than at_most"),
    ({**COUNT, "counts": [{"grades": ["fair"], "at_most": 0}]}, f"{RULE} › counts › 1 › grades › 1", "There is no grade “fair”."),
    ({"kind": "carry forward"}, RULE, "The whole is always looked at"),
    ({"kind": "judgement", "when": {"grade": "voice", "is": "bad"}}, f"{RULE} › when › is", "There is no grade “bad”."),
]  # fmt: skip

SCORES = [
    ({"kind": "total", "sections": ["basics"]}, SCORE, "“total” is not known here"),
    ({"kind": "average of sections", "sections": ["basic"]}, f"{SCORE} › sections › 1", "did you mean “basics”?"),
    ({"kind": "worst section", "sections": ["voice"]}, f"{SCORE} › sections › 1", "No answer in “voice” has points"),
    ({"kind": "worst section", "sections": ["basics"], "weights": {"basics": 2}}, f"{SCORE} › weights", "only in an average"),
    ({"kind": "average of sections", "sections": ["basics"], "weights": {"process": 2}}, f"{SCORE} › weights › process", "There is no part of this score “process”."),
    ({"kind": "average of sections", "sections": ["basics"], "weights": {"basics": 0}}, f"{SCORE} › weights › basics", "“0” is too low; write 0.01 or more."),
    ({"kind": "average of sections", "sections": ["basics"], "decimals": 9}, f"{SCORE} › decimals", "“9” is too high; write 3 or less."),
    ({"kind": "average of sections", "sections": ["basics"], "rounded": "sometimes"}, f"{SCORE} › rounded", "Write one of: before bands, after bands."),
    ({"kind": "count of answers", "sections": ["basics"], "answers": ["maybe"]}, f"{SCORE} › answers › 1", "There is no answer “maybe”. Known: yes, no"),
    ({"kind": "count of answers", "answers": ["no"]}, SCORE, "Name the sections or the questions"),
    ({"kind": "count of answers", "questions": ["detail current"], "answers": ["no"]}, f"{SCORE} › questions › 1", "did you mean “details current”?"),
    ({"kind": "count of answers", "sections": ["basics"], "questions": ["details current"], "answers": ["no"]}, f"{SCORE} › questions › 1", "counted with its section “basics” already"),
    ({"kind": "count of answers", "questions": ["details current"], "answers": ["maybe"]}, f"{SCORE} › answers › 1", "There is no answer “maybe”."),
    ({"kind": "average of grades"}, SCORE, "The grade “outstanding” of the scale has no number"),
    ({"kind": "average of grades", "of": ["basics"]}, f"{SCORE} › of › 1", "There is no graded section “basics”."),
]  # fmt: skip


def found_with(**changes):
    """The faults of the shipped pack with parts of its grading replaced."""
    data = copy.deepcopy(PACK)
    data["grading"]["case audit"] |= changes
    return [(fault.where, fault.sentence) for fault in faults(write_document(data))]


@pytest.mark.parametrize(("rule", "where", "sentence"), RULES)
def test_a_rule_that_cannot_be_run_is_refused(rule, where, sentence):
    found = found_with(rules=[{"because": "It is so", **rule}])

    assert any(place == where and sentence in said for place, said in found), found


@pytest.mark.parametrize(("score", "where", "sentence"), SCORES)
def test_a_score_that_cannot_be_reckoned_is_refused(score, where, sentence):
    found = found_with(scores={"s": {"title": "Score", **score}})

    assert any(place == where and sentence in said for place, said in found), found


def test_a_rule_that_is_never_reached_is_refused():
    found = found_with(rules=[{"kind": "judgement", "because": "Judge"}, {**BANDS, "because": "Bands"}])

    assert found == [
        (
            "grading › case audit › rules › 2",
            "Rule 1 always settles “overall”, so this one is never reached; put that one last.",
        )
    ]


@pytest.mark.parametrize(
    ("after", "where", "sentence"),
    [
        ({"whole": ["voice"]}, "whole", "There is no part to grade “whole”."),
        ({"overall": ["overall"]}, "overall › 1", "There is no graded section “overall”."),
        ({"voice": ["oversight"], "oversight": ["voice"]}, "voice", "wait for itself; break the circle"),
    ],
)
def test_an_order_that_cannot_be_kept_is_refused(after, where, sentence):
    found = found_with(judged_after=after)

    place = f"grading › case audit › judged_after › {where}"
    assert any(one == place and sentence in said for one, said in found), found


def test_graded_sections_want_a_scale():
    data = copy.deepcopy(PACK)
    data["grading"]["case audit"] = {"overall": False}

    found = [(fault.where, fault.sentence) for fault in faults(write_document(data))]

    assert any(
        place == "grading › case audit" and "needs a scale and stages; add them" in said
        for place, said in found
    )


EXAMPLES = re.findall(
    r"```yaml\n(.*?)```", HOW_TO.split("## Grades and scores")[1].split("\n## ")[0], re.DOTALL
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_grades_and_scores_in_the_documentation_can_be_published(example):
    pack = laid_over(PACK, read_document(example).data)

    assert faults(write_document(pack)) == []
    written = write_pack(read_pack(write_document(pack)))
    assert write_pack(read_pack(written)) == written


def test_the_documentation_has_an_example_of_every_kind():
    kinds = set(re.findall(r"kind: ([a-z ]+)", "".join(EXAMPLES)))

    assert kinds == {
        "judgement", "suggest", "bands", "count", "cap", "narrow", "carry forward",
        "points over applicable maximum", "average of sections", "worst section", "count of answers", "average of grades",
    }  # fmt: skip
