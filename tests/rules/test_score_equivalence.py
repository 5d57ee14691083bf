# ruff: noqa: E501 - tables of cases, one on a line
"""Which changes leave a score the same over two versions, which break it, and what the author's word carries."""

from copy import deepcopy

import pytest

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.equivalence import equivalence
from goldenthread.rules.reading import read_pack
from tests.grading_packs import POINTS_AND_BANDS, pack_with

DATA = read_document(pack_with(POINTS_AND_BANDS)).data
DATA["grading"]["case audit"]["scores"]["mean"] = {
    "title": "Mean grade",
    "kind": "average of grades",
    "decimals": 1,
}
DATA["grading"]["case audit"]["scores"]["two checks"] = {
    "title": "Two checks",
    "kind": "count of answers",
    "questions": [one["key"] for one in DATA["forms"]["case audit"]["sections"][0]["questions"][:2]],
    "answers": ["no"],
}
BEFORE = read_pack(write_document(DATA))


def score(data, key="compliance"):
    return data["grading"]["case audit"]["scores"][key]


def question(data):
    return data["forms"]["case audit"]["sections"][0]["questions"][0]


def questions(data):
    return data["forms"]["case audit"]["sections"][0]["questions"]


def key_of(data, place):
    return questions(data)[place]["key"]


def graded(data):
    return [one for one in data["forms"]["case audit"]["sections"] if one.get("graded")]


def numbers(data):
    data["scales"]["grades"]["values"][0]["number"] = 5


def unit(data):
    score(data).clear()
    score(data).update(
        title="Compliance",
        kind="count of answers",
        sections=["basics", "process"],
        answers=["yes"],
        same_as="compliance",
    )
    data["grading"]["case audit"]["rules"] = []


CASES = [
    ("title", "compliance", lambda data: score(data).update(title="Checks met"), ""),
    ("full maximum", "compliance", lambda data: score(data).update(full_maximum=False), ""),
    ("rounded for bands", "compliance", lambda data: score(data).update(rounded="after bands"), ""),
    ("another section", "compliance", lambda data: graded(data)[0].update(title="Another heading"), ""),
    (
        "decimals",
        "compliance",
        lambda data: score(data).update(decimals=0),
        "is reckoned by another rule than before",
    ),
    (
        "kind",
        "compliance",
        lambda data: score(data).update(kind="worst section", full_maximum=False),
        "is reckoned by another rule than before",
    ),
    (
        "sections",
        "compliance",
        lambda data: score(data).update(sections=["basics"]),
        "counts other sections than before",
    ),
    (
        "weight",
        "compliance",
        lambda data: question(data).update(weight=2),
        "are worth other points than before",
    ),
    (
        "way of not answering",
        "compliance",
        lambda data: question(data).update(instead=["unknown"], leaves_score=["unknown"]),
        "leave it out of scores",
    ),
    ("words", "compliance", lambda data: question(data).update(text="Is it otherwise?"), "changed"),
    (
        "words on the author's word",
        "compliance",
        lambda data: question(data).update(text="Is it otherwise?", same_as=question(data)["key"]),
        "",
    ),
    (
        "new",
        "more",
        lambda data: data["grading"]["case audit"]["scores"].update(more={**score(data), "title": "More"}),
        "is new",
    ),
    ("unit", "compliance", unit, "is counted in another unit"),
    (
        "questions by name",
        "two checks",
        lambda data: score(data, "two checks").update(questions=[key_of(data, 0)]),
        "counts other questions than before",
    ),
    (
        "words of one by name",
        "two checks",
        lambda data: question(data).update(text="Is it otherwise?"),
        "changed",
    ),
    ("words of another", "two checks", lambda data: questions(data)[2].update(text="Is it otherwise?"), ""),
    ("numbers of grades", "mean", numbers, "The grades have other numbers"),
    (
        "a part reworded",
        "mean",
        lambda data: graded(data)[0].update(title="Another heading"),
        "is now “Another heading”",
    ),
    (
        "a part no longer graded",
        "mean",
        lambda data: graded(data)[-1].update(graded=False),
        "counts other parts than before",
    ),
    (
        "weights of parts",
        "mean",
        lambda data: score(data, "mean").update(weights={graded(data)[0]["key"]: 2}),
        "weigh otherwise",
    ),
]


@pytest.mark.parametrize(("key", "change", "said"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_a_score_goes_on_only_by_the_same_rule_over_the_same_applicable_maximum(key, change, said):
    data = deepcopy(DATA)
    change(data)

    found = equivalence(BEFORE, read_pack(write_document(data)), "audit").scores[key]

    assert found.goes_on is (not said), found.said
    assert said in found.said


def test_the_authors_word_carries_a_score_over_a_change_of_points_and_is_told():
    data = deepcopy(DATA)
    question(data)["weight"] = 2
    score(data)["same_as"] = "compliance"

    found = equivalence(BEFORE, read_pack(write_document(data)), "audit").scores["compliance"]

    assert found.goes_on and found.on_the_authors_word
    assert "“Compliance” means what “Compliance” meant, although:" in found.said
