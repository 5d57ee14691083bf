"""The year's cycles and spans of time (WF-1)."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goldenthread.rules.calendars import SCOTLAND, Calendar
from goldenthread.rules.cycles import (
    LENGTHS,
    MONTHS,
    YearCalendar,
    begun_by,
    cycle_on,
    cycles_of,
    month_of,
    year_of,
    year_title,
)
from goldenthread.rules.reading import read_pack
from goldenthread.rules.spans import Span, describe_span, parse_span, span_after, span_before

PACK = read_pack(
    (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
)


def test_a_year_has_ten_cycles_of_which_three_are_themed():
    cycles = cycles_of(2026, PACK.calendar, Calendar())

    assert len(cycles) == 10
    assert not {"2026-08", "2026-12"} & {cycle.label for cycle in cycles}
    assert sum(cycle.themed for cycle in cycles) == 3


@pytest.mark.parametrize(
    ("year", "month", "opens", "closes"),
    [
        (2026, 1, date(2026, 1, 2), date(2026, 1, 30)),
        (2026, 5, date(2026, 5, 1), date(2026, 5, 29)),
        (2026, 11, date(2026, 11, 2), date(2026, 11, 30)),
        (2027, 1, date(2027, 1, 4), date(2027, 1, 29)),
        (2027, 5, date(2027, 5, 4), date(2027, 5, 28)),
        (2028, 2, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_cycle_runs_from_the_first_to_the_last_working_day(year, month, opens, closes):
    cycle = cycle_on(date(year, month, 15), PACK.calendar, Calendar())

    assert (cycle.opens_on, cycle.closes_on) == (opens, closes)


def test_another_nation_and_a_closed_day_move_the_edges():
    closed = Calendar(SCOTLAND, frozenset({date(2026, 11, 2)}))

    assert cycle_on(date(2026, 11, 15), PACK.calendar, closed).opens_on == date(2026, 11, 3)
    assert cycle_on(date(2026, 11, 15), PACK.calendar, closed).closes_on == date(2026, 11, 27)


def test_edges_may_be_the_days_of_the_month_itself():
    rule = YearCalendar(cycle="month", opens="first day", closes="last day")

    cycle = cycle_on(date(2028, 2, 1), rule, Calendar())

    assert (cycle.opens_on, cycle.closes_on) == (date(2028, 2, 1), date(2028, 2, 29))
    assert (cycle.label, cycle.title, cycle.themed) == ("2028-02", "February 2028", False)


WHOLE = {"opens": "first day", "closes": "last day"}


def labels(**changes):
    """The labels and titles of the cycles of 2026 under a calendar."""
    rule = YearCalendar.model_validate({**WHOLE, **changes})
    return [(cycle.label, cycle.title) for cycle in cycles_of(2026, rule, Calendar())]


@pytest.mark.parametrize(
    ("changes", "first", "last", "number"),
    [
        ({"cycle": "month"}, ("2026-01", "January 2026"), ("2026-12", "December 2026"), 12),
        ({"cycle": "month", "begins": "April"}, ("2026-04", "April 2026"), ("2027-03", "March 2027"), 12),
        (
            {"cycle": "two months"},
            ("2026-P1", "January to February 2026"),
            ("2026-P6", "November to December 2026"),
            6,
        ),
        (
            {"cycle": "quarter"},
            ("2026-Q1", "January to March 2026"),
            ("2026-Q4", "October to December 2026"),
            4,
        ),
        (
            {"cycle": "quarter", "begins": "April", "left_out": ["July"]},
            ("2026-Q1", "April to June 2026"),
            ("2026-Q4", "January to March 2027"),
            3,
        ),
        (
            {"cycle": "half-year", "begins": "September", "mark": "S"},
            ("S-2026-H1", "September 2026 to February 2027"),
            ("S-2026-H2", "March to August 2027"),
            2,
        ),
        ({"cycle": "year"}, ("2026", "2026"), ("2026", "2026"), 1),
        (
            {"cycle": "year", "begins": "April"},
            ("2026", "April 2026 to March 2027"),
            ("2026", "April 2026 to March 2027"),
            1,
        ),
        (
            {"cycle": "week"},
            ("2026-W02", "Week of 5 January 2026"),
            ("2026-W53", "Week of 28 December 2026"),
            52,
        ),
        (
            {"cycle": "week", "begins": "April", "left_out": ["August"], "mark": "W"},
            ("W-2026-W15", "Week of 6 April 2026"),
            ("W-2027-W13", "Week of 29 March 2027"),
            47,
        ),
    ],
)
def test_cycles_of_every_length_are_labelled_in_order(changes, first, last, number):
    found = labels(**changes)

    assert (found[0], found[-1], len(found)) == (first, last, number)


@st.composite
def calendars(draw):
    """Any calendar that can be."""
    rule = YearCalendar(
        cycle=draw(st.sampled_from(sorted(LENGTHS))), begins=draw(st.sampled_from(MONTHS)), **WHOLE
    )
    firsts = rule.first_months()
    left_out = draw(st.sets(st.sampled_from(firsts), max_size=len(firsts) - 1))
    edges = draw(st.sampled_from([WHOLE, {"opens": "first working day", "closes": "last working day"}]))
    return rule.model_copy(update={"left_out": tuple(left_out), **edges})


@given(calendars(), st.integers(2020, 2024))
def test_cycles_never_overlap_their_labels_sort_and_each_belongs_to_one_year(rule, year):
    cycles = [one for each in (year, year + 1) for one in cycles_of(each, rule, Calendar())]

    assert [cycle.label for cycle in cycles] == sorted({cycle.label for cycle in cycles})
    assert all(one.opens_on <= one.closes_on for one in cycles)
    assert all(one.closes_on < later.opens_on for one, later in pairwise(cycles))
    assert all(year_of(one.opens_on, rule) == year_of(one.closes_on, rule) == one.year for one in cycles)


@given(calendars(), st.dates(date(2021, 1, 1), date(2024, 12, 31)))
def test_every_day_is_in_exactly_the_cycle_that_covers_its_month_or_in_one_left_out(rule, day):
    rule = rule.model_copy(update=WHOLE)
    around = [one for year in range(2019, 2026) for one in cycles_of(year, rule, Calendar())]

    covering = [one for one in around if one.opens_on <= day <= one.closes_on]

    assert covering == [one for one in [cycle_on(day, rule, Calendar())] if one]
    if not rule.left_out:
        assert len(covering) == 1


@pytest.mark.parametrize(
    ("day", "opens", "closes", "month"),
    [
        (date(2026, 5, 6), date(2026, 5, 5), date(2026, 5, 8), "May"),  # Monday is a bank holiday
        (date(2026, 4, 5), date(2026, 3, 30), date(2026, 4, 2), "March"),  # ends before Good Friday
        (date(2027, 1, 2), date(2026, 12, 29), date(2026, 12, 31), "December"),  # and is of the old year
    ],
)
def test_a_week_opens_and_closes_on_its_working_days_and_is_of_its_mondays_month(day, opens, closes, month):
    rule = YearCalendar(cycle="week", opens="first working day", closes="last working day")

    cycle = cycle_on(day, rule, Calendar(closures=frozenset({date(2026, 12, 28)})))

    assert (cycle.opens_on, cycle.closes_on, cycle.begins_in) == (opens, closes, month)
    assert month_of(cycle.closes_on, rule) == month
    assert cycle.year == year_of(day, rule) == 2026


def test_a_week_without_a_working_day_is_no_cycle_and_no_audit_is_owed_in_it():
    closed = Calendar(closures=frozenset(date(2026, 12, day) for day in range(21, 32)))
    rule = YearCalendar(cycle="week", opens="first working day", closes="last working day")

    assert cycle_on(date(2026, 12, 23), rule, closed) is None
    assert [one.label for one in cycles_of(2026, rule, closed)][-2:] == ["2026-W50", "2026-W51"]


def test_a_year_that_does_not_begin_in_january_is_known_by_both_of_its_years():
    financial = YearCalendar(cycle="quarter", begins="April", **WHOLE)

    assert year_title(2026, financial) == "2026/27"
    assert year_title(2099, financial) == "2099/00"
    assert [year_of(day, financial) for day in (date(2027, 3, 31), date(2027, 4, 1))] == [2026, 2027]
    assert year_title(2026, PACK.calendar) == "2026"


def test_a_kind_of_audit_makes_way_in_the_cycles_named_and_in_no_other():
    swap = {"cycles": ["March"], "of": ["re-audit"], "because": "senior managers moderate"}
    rule = YearCalendar.model_validate({"cycle": "month", **WHOLE, "swap_outs": [swap]})

    assert rule.in_place_of("re-audit", "March") == "senior managers moderate"
    assert not rule.in_place_of("re-audit", "April")
    assert not rule.in_place_of("audit", "March")


@pytest.mark.parametrize(
    "wrong",
    [
        {"left_out": ["May"], "themed": ["May"]},
        {"left_out": list(MONTHS)},
        {"cycle": "quarter", "left_out": ["February"]},
        {"cycle": "quarter", "begins": "April", "themed": ["March"]},
        {"cycle": "two months", "swap_outs": [{"cycles": ["April"], "of": ["audit"], "because": "a rest"}]},
        {"left_out": ["May"], "swap_outs": [{"cycles": ["May"], "of": ["audit"], "because": "a rest"}]},
        {"mark": "q"},
        {"opens": "last working day", "closes": "first day"},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValidationError):
        YearCalendar.model_validate({"cycle": "month", "opens": "first day", "closes": "last day", **wrong})


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 months", Span(3, "month")),
        ("1 year", Span(1, "year")),
        (" 10 days ", Span(10, "day")),
        ("6 week", Span(6, "week")),
    ],
)
def test_a_span_is_read_and_said_again(text, span):
    assert parse_span(text) == span
    assert parse_span(describe_span(span)) == span


@pytest.mark.parametrize("text", ["", "months", "3", "three months", "-1 days", "1.5 years", "3 fortnights"])
def test_what_is_not_a_span_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="is not a span of time; write for example"):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "on", "before", "after"),
    [
        ("1 month", date(2026, 3, 31), date(2026, 2, 28), date(2026, 4, 30)),
        ("1 month", date(2028, 3, 31), date(2028, 2, 29), date(2028, 4, 30)),
        ("6 months", date(2026, 11, 2), date(2026, 5, 2), date(2027, 5, 2)),
        ("1 year", date(2028, 2, 29), date(2027, 2, 28), date(2029, 2, 28)),
        ("2 weeks", date(2026, 11, 2), date(2026, 10, 19), date(2026, 11, 16)),
        ("10 days", date(2026, 11, 2), date(2026, 10, 23), date(2026, 11, 12)),
    ],
)
def test_a_span_reaches_back_and_on_with_the_month_s_last_day(text, on, before, after):
    assert span_before(parse_span(text), on) == before
    assert span_after(parse_span(text), on) == after


@given(
    year=st.integers(2000, 2090),
    length=st.sampled_from(sorted(LENGTHS)),
    begins=st.sampled_from(MONTHS),
    mark=st.sampled_from(["", "W", "RE"]),
)
def test_a_label_says_with_which_month_its_cycle_begins_and_in_which_year(year, length, begins, mark):
    rule = YearCalendar(cycle=length, begins=begins, opens="first day", closes="last day", mark=mark)

    for cycle in cycles_of(year, rule, Calendar()):
        assert begun_by(cycle.label, rule) == (cycle.begins_in, year)


def test_what_is_no_label_of_a_cycle_says_nothing():
    rule = YearCalendar(cycle="month", opens="first day", closes="last day")

    assert [begun_by(label, rule) for label in ("", "the first", "2026/27")] == [None] * 3
