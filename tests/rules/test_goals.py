"""What is aimed at: limits, their edges, and what cannot be counted (1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.goals import Goal
from goldenthread.rules.reading import faults
from tests.make import PACK

GRADES = {"title": "Good", "of": ["audit"], "share_of": "overall grades", "grades": ["good"]}
PART = {**GRADES, "share_of": "grades of a part", "part": "planning"}
RATINGS = [
    {"from": 75, "title": "Settled"},
    {"from": 66.6, "title": "Nearly"},
    {"from": 0, "title": "Not yet"},
]
IN_TIME = {"title": "In time", "of": ["audit"], "share_of": "audits finished in time"}


@pytest.mark.parametrize(
    ("limit", "count", "total", "met"),
    [
        ({"at_least": 80}, 8, 10, True),
        ({"at_least": 80}, 79, 100, False),
        ({"at_least": 66.7}, 2, 3, False),
        ({"at_least": 66.6}, 2, 3, True),
        ({"at_most": 5}, 1, 20, True),
        ({"at_most": 5}, 1, 19, False),
        ({"at_most": 0}, 0, 7, True),
        ({"at_least": 100}, 0, 0, None),
        ({"at_most": 0}, 0, 0, None),
    ],
)
def test_a_share_meets_its_limit_exactly_and_nothing_of_nothing_is_neither(limit, count, total, met):
    assert Goal.model_validate({**IN_TIME, **limit}).is_met(count, total) is met


@pytest.mark.parametrize(
    ("count", "total", "rated"),
    [
        (3, 4, "Settled"),
        (74, 100, "Nearly"),
        (2, 3, "Nearly"),
        (66, 100, "Not yet"),
        (0, 5, "Not yet"),
        (0, 0, ""),
    ],
)
def test_a_share_has_the_first_rating_that_it_reaches_exactly(count, total, rated):
    goal = Goal.model_validate({**IN_TIME, "ratings": RATINGS})

    assert goal.rating(count, total) == rated
    assert goal.is_met(count, total) is None


def test_what_is_aimed_at_is_said_in_words():
    assert Goal.model_validate({**IN_TIME, "at_most": 5}).aim == "at most 5%"
    assert Goal.model_validate({**IN_TIME, "ratings": RATINGS}).aim == (
        "75% or more: Settled; 66.6% or more: Nearly; 0% or more: Not yet"
    )


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 100))
def test_at_least_and_at_most_meet_only_on_the_limit_itself(count, total, limit):
    count = min(count, total)
    low = Goal.model_validate({**IN_TIME, "at_least": limit}).is_met(count, total)
    high = Goal.model_validate({**IN_TIME, "at_most": limit}).is_met(count, total)

    assert low or high
    assert (low and high) == (100 * count == limit * total)


@pytest.mark.parametrize(
    "wrong",
    [
        IN_TIME,
        {**IN_TIME, "at_least": 5, "at_most": 9},
        {**IN_TIME, "at_least": 101},
        {**IN_TIME, "at_least": 5, "grades": ["good"]},
        {**GRADES, "at_least": 5, "grades": []},
        {**GRADES, "at_least": 5, "part": "plan"},
        {**PART, "at_least": 5, "part": None},
        {**IN_TIME, "at_least": 5, "part": "plan"},
        {**IN_TIME, "at_least": 5, "ratings": [{"from": 0, "title": "Any"}]},
        {**IN_TIME, "ratings": [{"from": 50, "title": "Most"}]},
        {**IN_TIME, "ratings": [{"from": 0, "title": "Few"}, {"from": 50, "title": "Most"}]},
        {**IN_TIME, "ratings": [{"from": 101, "title": "All"}, {"from": 0, "title": "Some"}]},
    ],
)
def test_a_goal_without_one_limit_or_without_what_it_counts_is_refused(wrong):
    with pytest.raises(ValidationError):
        Goal.model_validate(wrong)


@pytest.mark.parametrize(
    ("goal", "parts", "said"),
    [
        ({**GRADES, "at_least": 5, "grades": ["superb"]}, ["goals"], "There is no grade “superb”"),
        ({**PART, "at_least": 5, "part": "garden"}, ["goals"], "There is no part to grade “garden”"),
        ({**IN_TIME, "at_least": 5, "of": ["visit"]}, ["goals"], "There is no audit type “visit”"),
        ({**IN_TIME, "at_least": 5}, ["audited"], "add “goals” to its parts"),
        (None, ["goals"], "There are no “goals” to show"),
    ],
)
def test_goals_are_of_audits_and_grades_that_there_are_and_shown_in_the_report(goal, parts, said):
    data = read_document(PACK.read_text()).data
    data["goals"], data["report"]["parts"] = {"one": goal} if goal else {}, parts

    found = [fault.sentence for fault in faults(write_document(data))]

    assert any(said in sentence for sentence in found), found
