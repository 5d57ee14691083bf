"""Clocks that stand still: a pause never brings a day nearer, and no day is counted twice."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.calendars import ENGLAND_AND_WALES, Calendar
from goldenthread.rules.clocks import LONDON, due, parse_length
from goldenthread.rules.pauses import Pause, paused
from goldenthread.rules.refusal import Refused

CALENDAR = Calendar(ENGLAND_AND_WALES)
START = date(2026, 11, 2)  # a Monday
DAYS = st.integers(0, 60).map(lambda number: START + timedelta(days=number - 5))
PAUSES = st.lists(st.builds(Pause, DAYS, DAYS, st.just("leave")), max_size=5)
LENGTHS = st.sampled_from(["5 working days", "10 calendar days", "2 weeks", "1 month", "1 working month"])


def run(length, *pauses, start=START):
    base = due(length, datetime.combine(start, time(10), LONDON), CALENDAR)
    return base, paused(base, parse_length(length), pauses, start=start, calendar=CALENDAR)


def still(first, last, why="leave"):
    return Pause(date(2026, 11, first), date(2026, 11, last), why)


CASES = [
    ("5 working days", [], date(2026, 11, 9)),
    ("5 working days", [still(3, 5)], date(2026, 11, 11)),
    ("5 working days", [still(3, 3)], date(2026, 11, 9)),
    ("5 working days", [still(6, 8)], date(2026, 11, 9)),  # Saturday and Sunday
    ("5 working days", [still(3, 5), still(4, 6)], date(2026, 11, 12)),
    ("5 working days", [still(9, 30)], date(2026, 11, 9)),  # it had run out
    ("5 working days", [still(6, 9), still(9, 11)], date(2026, 11, 12)),  # the second falls in the time added
    ("10 calendar days", [still(3, 5)], date(2026, 11, 14)),
    ("1 working month", [still(3, 7)], date(2026, 12, 7)),  # Sunday 6 December is no working day
]


@pytest.mark.parametrize(("length", "pauses", "expected"), CASES)
def test_the_days_lost_are_added_in_the_clocks_own_days(length, pauses, expected):
    assert run(length, *pauses)[1].at.date() == expected


def test_the_reason_says_for_how_long_and_why():
    reason = run("5 working days", still(3, 5), still(5, 6, "a dispute"), still(3, 3, "nothing"))[1].reason

    assert reason.endswith("; paused for 3 working days: leave, a dispute")


def test_what_never_ends_is_refused():
    with pytest.raises(Refused, match="more than ten years"):
        run("10 calendar days", Pause(START, date(2999, 1, 1), "leave"))


@given(LENGTHS, PAUSES)
def test_a_pause_never_brings_the_day_nearer_and_each_more_may_only_move_it_on(length, pauses):
    base, whole = run(length, *pauses)
    without = run(length, *pauses[1:])[1]

    assert base.at <= without.at <= whole.at


@given(LENGTHS, PAUSES)
def test_no_day_is_counted_twice(length, pauses):
    once, days = run(length, *pauses)[1], {day for one in pauses for day in covered(one)}
    apart = [Pause(day - timedelta(days=1), day, "leave") for day in sorted(days)]

    assert run(length, *pauses, *pauses)[1] == once == run(length, *apart)[1]


@given(LENGTHS, DAYS)
def test_a_pause_without_length_changes_nothing(length, day):
    base, same = run(length, Pause(day, day, "leave"))

    assert same == base


def covered(pause):
    return [pause.after + timedelta(days=n + 1) for n in range((pause.until - pause.after).days)]
