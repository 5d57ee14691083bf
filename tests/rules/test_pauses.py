"""Clocks that stand still: a pause never brings a day nearer, and no day is counted twice."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.calendars import ENGLAND_AND_WALES, Calendar
from goldenthread.rules.clocks import LONDON, due, parse_length
from goldenthread.rules.pauses import Pause, paused, within
from goldenthread.rules.refusal import Refused

CALENDAR = Calendar(ENGLAND_AND_WALES)
START = date(2026, 11, 2)  # a Monday
DAYS = st.integers(0, 60).map(lambda number: START + timedelta(days=number - 5))
PAUSES = st.lists(st.builds(Pause, DAYS, DAYS, st.just("leave")), max_size=5)
LENGTHS = st.sampled_from(
    ["5 working days", "10 calendar days", "2 weeks", "1 month", "1 working month", "30 hours"]
)


def run(length, *pauses, start=START):
    began = datetime.combine(start, time(10), LONDON)
    base = due(length, began, CALENDAR)
    return base, paused(base, parse_length(length), pauses, start=began, calendar=CALENDAR)


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


def since(text, last, why="a dispute"):
    """A pause that begins at a moment in November 2026 and ends on a day."""
    began = datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=LONDON)
    return Pause(began.date(), date(2026, 11, last), why, began)


HOURS = [  # the clock starts on Monday 2 November at 10:00
    ("24 hours", [], "2026-11-03T10:00"),
    ("24 hours", [still(3, 4)], "2026-11-03T10:00"),  # all of Wednesday lies after it has run out
    ("48 hours", [still(3, 4)], "2026-11-05T10:00"),  # all of Wednesday
    ("48 hours", [still(3, 4), still(3, 4, "other")], "2026-11-05T10:00"),  # once
    ("48 hours", [since("02T16:00", 3)], "2026-11-05T18:00"),  # 6 hours ran before, 42 from midnight
    ("24 hours", [since("02T16:00", 2)], "2026-11-03T18:00"),  # until the end of the same day
    ("24 hours", [since("02T08:00", 2)], "2026-11-04T00:00"),  # it began before the clock did
    ("24 hours", [since("03T10:00", 9)], "2026-11-03T10:00"),  # at the moment it had run out
    ("24 hours", [since("02T16:00", 2), still(2, 4)], "2026-11-05T18:00"),  # one after the other
    ("48 hours", [still(6, 8)], "2026-11-04T10:00"),
    ("immediately", [still(1, 8)], "2026-11-02T10:00"),  # there is no time that could stand still
]


@pytest.mark.parametrize(("length", "pauses", "expected"), HOURS)
def test_hours_go_on_after_the_day_on_which_a_pause_ends(length, pauses, expected):
    at = run(length, *pauses)[1].at

    assert at == datetime.fromisoformat(expected).replace(tzinfo=LONDON)


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is():
    start = date(2026, 10, 24)  # a Saturday; Sunday has 25 hours
    _, moved = run("24 hours", Pause(start, start + timedelta(days=1), "leave"), start=start)

    assert moved.at == datetime(2026, 10, 26, 10, tzinfo=LONDON)
    assert "; paused for 25 hours: leave" in moved.reason


@pytest.mark.parametrize(("began", "said"), [("02T16:00", "8 hours"), ("02T16:20", "7 hours 40 minutes")])
def test_the_reason_says_the_hours(began, said):
    assert run("24 hours", since(began, 2))[1].reason.endswith(f"; paused for {said}: a dispute")


WITHIN = [
    (None, [still(1, 30)], [30]),
    (5, [still(1, 6)], [6]),
    (5, [still(1, 8)], [8]),  # a weekend at its end is no working day more
    (5, [still(1, 30)], [6]),
    (5, [still(1, 4), still(8, 30)], [4, 10]),
    (3, [still(1, 4), still(8, 30)], [4, 8]),
]


@pytest.mark.parametrize(("at_most", "pauses", "ends"), WITHIN)
def test_pauses_are_cut_to_the_working_days_that_are_allowed(at_most, pauses, ends):
    assert [one.until.day for one in within(pauses, at_most, CALENDAR)] == ends


@given(PAUSES, st.integers(1, 30))
def test_pauses_that_are_cut_never_cover_more_than_is_allowed(pauses, at_most):
    cut = within(pauses, at_most, CALENDAR)

    counted = [CALENDAR.working_days_between(one.after, one.until) for one in cut if one.after < one.until]
    assert sum(counted) <= at_most and len(cut) == len(pauses)


def covered(pause):
    return [pause.after + timedelta(days=n + 1) for n in range((pause.until - pause.after).days)]
