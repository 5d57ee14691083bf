"""A share of the audits that qualify is looked at again, chosen by a seed so that anybody can redo it."""

import json
from collections import Counter
from datetime import date

import pytest

from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.draws import frame_csv, verify
from goldenthread.rules.reaudits import Qualified, ReauditRule, choose, lot_of


def rule(**changes):
    return ReauditRule.model_validate(
        {
            "after": ["audit"],
            "when": {"grade": "overall", "is": "inadequate"},
            "type": "re-audit",
            "not_before": "1 month",
            "because": "it was inadequate",
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("share", "qualified", "chosen", "size"),
    [
        (100, 7, 0, 7),
        (25, 8, 0, 2),
        (25, 9, 0, 3),
        (1, 1, 0, 1),
        (1, 100, 0, 1),
        (1, 101, 0, 2),
        (25, 9, 3, 0),
        (25, 13, 3, 1),
        (50, 1, 1, 0),
        (10, 0, 0, 0),
    ],
)
def test_the_share_is_rounded_up_to_at_least_one_of_all_that_qualified_in_the_cycle(
    share, qualified, chosen, size
):
    assert rule(share=share).size(qualified, chosen) == size


@pytest.mark.parametrize("share", [0, 101, 12.5, "half"])
def test_a_share_is_a_whole_number_of_per_cent_from_1(share):
    with pytest.raises(ValueError, match="share"):
        rule(share=share)


def test_the_choice_follows_from_the_seed_and_is_redone_from_its_two_files():
    frame = lot_of([Qualified(f"2026-10/{n:03}", "North", drawn_before=n == 0) for n in range(9)])

    done = choose(frame, 2, "7")

    assert choose(frame, 2, "7") == done and len({choose(frame, 2, str(n)).strata for n in range(20)}) > 5
    assert verify(frame_csv(frame), json.loads(done.as_json())) == []
    drawn = Counter(key for n in range(400) for key in choose(frame, 2, str(n)).standing())
    assert set(drawn) == {f"2026-10/{n:03}" for n in range(1, 9)} and min(drawn.values()) > 60


@pytest.mark.parametrize(
    ("each", "day", "begins"),
    [
        ("cycle", date(2026, 6, 1), date(2026, 6, 1)),
        ("quarter", date(2026, 6, 1), date(2026, 5, 1)),
        ("year", date(2026, 6, 1), date(2026, 2, 1)),
        ("year", date(2026, 1, 5), date(2025, 2, 1)),
    ],
)
def test_a_number_is_of_the_cycle_the_quarter_or_the_year_of_the_calendar(each, day, begins):
    calendar = YearCalendar(cycle="month", begins="February", opens="first day", closes="last day")

    assert rule(number=3, each=each).begins(day, calendar) == begins


@pytest.mark.parametrize(
    ("new", "chosen", "left"), [(9, 0, 3), (2, 0, 2), (9, 2, 1), (9, 3, 0), (9, 4, 0), (0, 0, 0)]
)
def test_a_number_takes_what_it_still_lacks_and_never_more_than_there_are(new, chosen, left):
    assert rule(number=3).left(new, chosen) == left
    assert rule(number=3).is_drawn and rule(share=99).is_drawn and not rule().is_drawn


@pytest.mark.parametrize("wrong", [{"number": 3, "share": 100}, {"each": "quarter"}, {"number": 0}])
def test_a_number_and_a_share_or_a_period_of_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="not with both|say the number|greater than"):
        rule(**wrong)
