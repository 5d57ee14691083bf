"""Working days by nation and with an organisation's closed days."""

from datetime import date

import pytest
from holidays import country_holidays

from goldenthread.rules.calendars import (
    ENGLAND_AND_WALES,
    NATIONS,
    NORTHERN_IRELAND,
    SCOTLAND,
    Calendar,
    Holiday,
    bank_holidays,
    describe_holidays,
)
from goldenthread.rules.refusal import Refused
from tests.rules.published_holidays import PUBLISHED

ENGLAND = Calendar(ENGLAND_AND_WALES)


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_bank_holidays_are_those_that_gov_uk_published(year):
    assert list(bank_holidays(ENGLAND_AND_WALES, year)) == PUBLISHED[year]


def test_england_and_wales_keep_the_same_bank_holidays():
    years = range(1978, 2029)

    england = country_holidays("GB", subdiv="ENG", years=years)
    wales = country_holidays("GB", subdiv="WLS", years=years)

    assert set(england) == set(wales)


@pytest.mark.parametrize(
    ("nation", "day", "expected"),
    [
        (ENGLAND_AND_WALES, date(2026, 4, 6), False),  # Easter Monday
        (SCOTLAND, date(2026, 4, 6), True),
        (NORTHERN_IRELAND, date(2026, 4, 6), False),
        (SCOTLAND, date(2026, 1, 2), False),
        (ENGLAND_AND_WALES, date(2026, 1, 2), True),
        (SCOTLAND, date(2026, 6, 15), False),  # a one-off day
        (SCOTLAND, date(2026, 8, 3), False),
        (SCOTLAND, date(2026, 8, 31), True),
        (SCOTLAND, date(2026, 11, 30), False),
        (NORTHERN_IRELAND, date(2026, 3, 17), False),
        (NORTHERN_IRELAND, date(2026, 7, 13), False),  # kept on Monday, as the 12th is a Sunday
        (ENGLAND_AND_WALES, date(2022, 9, 19), False),
        (ENGLAND_AND_WALES, date(2026, 12, 26), False),  # Saturday
        (ENGLAND_AND_WALES, date(2026, 12, 28), False),  # kept in its place
        (ENGLAND_AND_WALES, date(2024, 2, 29), True),
    ],
)
def test_each_nation_has_its_own_working_days(nation, day, expected):
    assert Calendar(nation).is_working_day(day) is expected


def test_a_holiday_at_a_weekend_is_not_named_beside_the_day_it_is_kept_on():
    skipped = ENGLAND.holidays_between(date(2026, 12, 24), date(2026, 12, 31))

    assert [holiday.on for holiday in skipped] == [date(2026, 12, 25), date(2026, 12, 28)]


def test_an_organisation_may_close_on_more_days():
    calendar = Calendar(closures=frozenset({date(2026, 12, 29), date(2026, 12, 25), date(2026, 12, 26)}))

    assert not calendar.is_working_day(date(2026, 12, 29))
    assert calendar.holiday(date(2026, 12, 29)) == Holiday(date(2026, 12, 29), "closed day", is_closure=True)
    assert calendar.holiday(date(2026, 12, 25)) == Holiday(date(2026, 12, 25), "Christmas Day")
    assert calendar.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 30)


@pytest.mark.parametrize(
    ("year", "month", "first", "last"),
    [
        (2026, 1, date(2026, 1, 2), date(2026, 1, 30)),
        (2026, 5, date(2026, 5, 1), date(2026, 5, 29)),
        (2026, 8, date(2026, 8, 3), date(2026, 8, 28)),  # the 31st is a bank holiday
        (2026, 11, date(2026, 11, 2), date(2026, 11, 30)),
        (2027, 1, date(2027, 1, 4), date(2027, 1, 29)),
        (2028, 12, date(2028, 12, 1), date(2028, 12, 29)),
    ],
)
def test_a_month_has_a_first_and_a_last_working_day(year, month, first, last):
    assert ENGLAND.first_working_day(year, month) == first
    assert ENGLAND.last_working_day(year, month) == last


def test_counting_between_two_days_undoes_adding():
    start = date(2026, 12, 23)

    for number in range(1, 30):
        end = ENGLAND.add_working_days(start, number)
        assert ENGLAND.working_days_between(start, end) == number
        assert ENGLAND.working_days_between(end, start) == -number
    assert ENGLAND.working_days_between(start, start) == 0


def test_counting_back_lands_on_working_days():
    assert ENGLAND.add_working_days(date(2027, 1, 4), -5) == date(2026, 12, 23)


@pytest.mark.parametrize("nation", NATIONS)
def test_a_calendar_past_its_last_known_year_refuses(nation):
    with pytest.raises(Refused, match="known to the end of 2028, and this needs 2029"):
        Calendar(nation).add_working_days(date(2028, 12, 28), 5)
    with pytest.raises(Refused, match="2029"):
        Calendar(nation).is_working_day(date(2029, 1, 6))


def test_a_calendar_before_its_first_known_year_refuses():
    with pytest.raises(Refused, match="known from 1978"):
        ENGLAND.is_working_day(date(1066, 10, 14))


def test_a_nation_without_a_calendar_is_refused():
    with pytest.raises(Refused, match="Choose one of england-and-wales, scotland, northern-ireland"):
        Calendar("atlantis")


@pytest.mark.parametrize(
    ("holidays", "sentence"),
    [
        ([], ""),
        ([Holiday(date(2027, 1, 1), "")], "1 January is a bank holiday"),
        (
            [Holiday(date(2027, 1, 1), ""), Holiday(date(2026, 12, 28), ""), Holiday(date(2026, 12, 25), "")],
            "25 and 28 December and 1 January are bank holidays",
        ),
        (
            [Holiday(date(2026, 12, day), "closed day", is_closure=True) for day in (29, 30, 31)],
            "29, 30 and 31 December are closed days",
        ),
        (
            [Holiday(date(2026, 12, 25), ""), Holiday(date(2026, 12, 29), "", is_closure=True)],
            "25 December is a bank holiday; 29 December is a closed day",
        ),
        (
            [Holiday(date(2026, 4, 3), ""), Holiday(date(2026, 4, 6), ""), Holiday(date(2026, 5, 4), "")]
            + [Holiday(date(2026, 8, 31), "")],
            "3 and 6 April, 4 May and 31 August are bank holidays",
        ),
    ],
)
def test_holidays_are_said_in_words(holidays, sentence):
    assert describe_holidays(holidays) == sentence
