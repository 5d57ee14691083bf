"""The year's cycles and spans of time (WF-1)."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from goldenthread.rules.calendars import SCOTLAND, Calendar
from goldenthread.rules.cycles import MONTHS, YearCalendar, cycle_of, cycles_of
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
    cycle = cycle_of(year, month, PACK.calendar, Calendar())

    assert (cycle.opens_on, cycle.closes_on) == (opens, closes)


def test_another_nation_and_a_closed_day_move_the_edges():
    closed = Calendar(SCOTLAND, frozenset({date(2026, 11, 2)}))

    assert cycle_of(2026, 11, PACK.calendar, closed).opens_on == date(2026, 11, 3)
    assert cycle_of(2026, 11, PACK.calendar, closed).closes_on == date(2026, 11, 27)


def test_edges_may_be_the_days_of_the_month_itself():
    rule = YearCalendar(cycle="month", opens="first day", closes="last day")

    cycle = cycle_of(2028, 2, rule, Calendar())

    assert (cycle.opens_on, cycle.closes_on) == (date(2028, 2, 1), date(2028, 2, 29))
    assert (cycle.label, cycle.title, cycle.themed) == ("2028-02", "February 2028", False)


@pytest.mark.parametrize("wrong", [{"left_out": ["May"], "themed": ["May"]}, {"left_out": list(MONTHS)}])
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
