"""The check of a draft calls parts as its pages do: by their titles."""

import copy

import pytest

from goldenthread.frameworks.models import Draft
from goldenthread.rules.documents import read_document, write_document
from goldenthread.web.frameworks.editor import words
from goldenthread.web.frameworks.editor.titles import in_titles, titles_of
from tests.make import PACK

DATA = read_document(PACK.read_text()).data
TITLES = {"q12": "Is there a plan?", "lead": "Practice lead (lead)"}


def said_of(change):
    """What the check says of the shipped framework with a change."""
    data = copy.deepcopy(DATA)
    change(data)
    draft = Draft(public_id="x", document=write_document(data))
    return [(one["where"], one["sentence"]) for one in words.linked(draft, data, words.faults_of(draft))]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "There is no question “q13”; did you mean “q12”? Known: q12, q14, lead.",
            "There is no question “q13”; did you mean “Is there a plan?”? Known: "
            "Is there a plan?, q14, Practice lead (lead).",
        ),
        ("Known: q12, q14 and 3 more.", "Known: Is there a plan?, q14 and 3 more."),
        ("Nothing to name.", "Nothing to name."),
    ],
)
def test_a_sentence_calls_parts_by_their_titles(sentence, said):
    assert in_titles(sentence, TITLES) == said


def test_a_name_follows_where_titles_collide_and_one_for_two_things_stays_a_name():
    data = copy.deepcopy(DATA)
    data["roles"]["lead b"] = {**data["roles"]["quality team"], "title": "Head of quality"}
    data["roles"]["lead a"] = {**data["roles"]["quality team"], "title": "Head of quality"}
    data["clocks"]["both"] = {**data["clocks"]["quality check"], "title": "One"}
    data["roles"]["both"] = {**data["roles"]["quality team"], "title": "Another"}

    titles = titles_of(data)

    assert (titles["lead a"], titles["lead b"]) == ("Head of quality (lead a)", "Head of quality (lead b)")
    assert "both" not in titles and "title" not in titles


def test_a_fault_says_where_it_is_by_titles_and_the_name_only_where_two_are_alike():
    def renames(data):
        question = data["forms"]["case audit"]["sections"][0]["questions"][0]
        question |= {"text": "Is it recorded?", "answered_by": "quality taem"}
        data["clocks"]["call back"] = {**data["clocks"]["quality check"], "length": "soon"}

    said = dict(said_of(renames))

    where = next(one for one in said if "Is it recorded?" in one)
    assert where.startswith("Forms › ") and where.endswith(" › Is it recorded? › Answered by")
    assert "did you mean “Quality" in said[where] and "quality_team" not in said[where]
    assert any(one.endswith("Check the audit report (call back) › Length") for one in said)
