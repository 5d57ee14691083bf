"""When something is due, and the sentence that says why then."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goldenthread.rules.calendars import NORTHERN_IRELAND, SCOTLAND, Calendar
from goldenthread.rules.clocks import ClockRule, Length, due, parse_length, warned_from
from goldenthread.rules.refusal import Refused
from tests.rules.published_holidays import PUBLISHED

LONDON = ZoneInfo("Europe/London")
ENGLAND = Calendar()
FREE = {day for days in PUBLISHED.values() for day in days}
ALL_DAYS = [
    date(2015, 1, 1) + timedelta(days=n) for n in range((date(2028, 12, 31) - date(2015, 1, 1)).days + 1)
]
WORKING_DAYS = [day for day in ALL_DAYS if day.isoweekday() <= 5 and day not in FREE]


def london(day: str, at: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-21", 5, "2026-11-27"),
        ("2026-12-18", 5, "2026-12-29"),
        ("2026-12-23", 5, "2027-01-04"),
        ("2026-12-21", 10, "2027-01-07"),
        ("2027-03-24", 5, "2027-04-02"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2027-12-24", 2, "2027-12-30"),
    ],
)
def test_working_days_reach_the_known_answers(start, number, expected):
    answer = due(f"{number} working days", london(start), ENGLAND)

    assert answer.at == london(expected, "23:59:59")


@pytest.mark.parametrize("number", [1, 2, 3, 5, 10])
def test_working_days_equal_a_count_by_hand_on_every_day_from_2015_to_2028(number):
    length = Length(number, "working days")

    for day in ALL_DAYS[:-40]:
        expected = WORKING_DAYS[bisect_right(WORKING_DAYS, day) + number - 1]
        assert due(length, datetime.combine(day, time(12), LONDON), ENGLAND).at.date() == expected, day


@given(
    start=st.datetimes(datetime(2015, 1, 1), datetime(2028, 11, 30), timezones=st.just(UTC)),
    number=st.integers(1, 10),
)
def test_the_day_of_the_event_is_the_day_in_london(start, number):
    day = start.astimezone(LONDON).date()

    answer = due(Length(number, "working days"), start, ENGLAND)

    assert answer.at.date() == WORKING_DAYS[bisect_right(WORKING_DAYS, day) + number - 1]
    assert answer.at.time() == time(23, 59, 59)


@given(
    start=st.datetimes(datetime(2015, 1, 1), datetime(2028, 11, 30), timezones=st.just(LONDON)),
    number=st.integers(1, 9999),
)
def test_hours_are_elapsed_time(start, number):
    answer = due(Length(number, "hours"), start, ENGLAND)

    assert answer.at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=number)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (london("2027-03-27", "12:00"), london("2027-03-28", "13:00")),
        (london("2026-10-24", "12:00"), london("2026-10-25", "11:00")),
        (london("2026-11-20", "12:00"), london("2026-11-21", "12:00")),
    ],
)
def test_a_day_of_hours_moves_on_the_wall_when_the_clocks_change(start, expected):
    answer = due("24 hours", start, ENGLAND)

    assert answer.at == expected
    assert answer.at.isoformat() == expected.isoformat()
    assert ("the clocks change" in answer.reason) == (start.time() != expected.time())


@pytest.mark.parametrize(
    ("length", "start", "expected"),
    [
        ("5 calendar days", "2026-12-23", "2026-12-28"),
        ("28 days", "2026-02-01", "2026-03-01"),
        ("6 weeks", "2026-11-20", "2027-01-01"),
        ("1 month", "2026-01-31", "2026-02-28"),
        ("1 month", "2028-01-31", "2028-02-29"),
        ("1 month", "2026-02-28", "2026-03-28"),
        ("3 months", "2026-11-30", "2027-02-28"),
        ("12 months", "2028-02-29", "2029-02-28"),
        ("1 month", "2026-12-15", "2027-01-15"),
    ],
)
def test_other_lengths_end_with_their_last_day(length, start, expected):
    assert due(length, london(start), ENGLAND).at == london(expected, "23:59:59")


@pytest.mark.parametrize(
    ("length", "start", "calendar", "reason"),
    [
        (
            "5 working days",
            "2026-12-23",
            ENGLAND,
            "5 working days from receipt on Wednesday 23 December; "
            "25 and 28 December and 1 January are bank holidays",
        ),
        (
            "5 working days",
            "2026-12-23",
            Calendar(SCOTLAND),
            "5 working days from receipt on Wednesday 23 December; "
            "25 and 28 December and 1 and 4 January are bank holidays",
        ),
        (
            "5 working days",
            "2026-07-10",
            Calendar(NORTHERN_IRELAND),
            "5 working days from receipt on Friday 10 July; 13 July is a bank holiday",
        ),
        (
            "2 working days",
            "2026-12-23",
            Calendar(closures=frozenset({date(2026, 12, 24), date(2026, 12, 29)})),
            "2 working days from receipt on Wednesday 23 December; 25 and 28 December are bank holidays; "
            "24 and 29 December are closed days",
        ),
        ("1 working day", "2026-11-20", ENGLAND, "1 working day from receipt on Friday 20 November"),
        ("24 hours", "2026-11-20", ENGLAND, "24 hours from receipt at 10:00 on Friday 20 November"),
        ("10 days", "2026-12-23", ENGLAND, "10 calendar days from receipt on Wednesday 23 December"),
        (
            "1 month",
            "2026-01-31",
            ENGLAND,
            "1 month from receipt on Saturday 31 January; February has no day 31, so its last day counts",
        ),
    ],
)
def test_every_due_date_says_why(length, start, calendar, reason):
    assert due(length, london(start), calendar).reason == reason


def test_the_reason_names_the_event():
    answer = due("1 working day", london("2026-11-20"), ENGLAND, event="submission")

    assert answer.reason == "1 working day from submission on Friday 20 November"


def test_the_skipped_holidays_come_with_the_answer():
    answer = due("5 working days", london("2026-12-23"), ENGLAND)

    assert [holiday.on.isoformat() for holiday in answer.skipped] == [
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
    ]


def test_working_days_past_the_known_calendar_are_refused_but_other_lengths_are_not():
    start = london("2028-12-27")

    with pytest.raises(Refused, match="update Golden Thread"):
        due("5 working days", start, ENGLAND)
    assert due("10 days", start, ENGLAND).at == london("2029-01-06", "23:59:59")


@pytest.mark.parametrize("length", ["9999 days", "9999 weeks", "9999 months", "9999 hours"])
def test_a_clock_past_the_end_of_time_is_refused(length):
    with pytest.raises(Refused, match="Give a shorter length"):
        due(length, datetime(9998, 12, 1, tzinfo=LONDON), ENGLAND)


def test_a_moment_without_a_time_zone_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError):
        due("1 day", datetime(2026, 11, 20), ENGLAND)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("5 working days", Length(5, "working days")),
        ("1 working day", Length(1, "working days")),
        ("48 hours", Length(48, "hours")),
        ("10 calendar days", Length(10, "calendar days")),
        ("10 days", Length(10, "calendar days")),
        ("6 weeks", Length(6, "weeks")),
        ("1 month", Length(1, "months")),
        (" 3  Working Days ", Length(3, "working days")),
    ],
)
def test_a_length_is_read_from_words(text, length):
    assert parse_length(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "5", "days", "five days", "0 days", "-5 days", "5.5 days", "5 fortnights", "5 working weeks", "5 s"]
    + ["10000 days", "2-3 days", "٥ days", "5 working", "5 calendar months"],
)
def test_a_length_that_cannot_be_read_is_refused_in_a_sentence(text):
    with pytest.raises(Refused, match=r"is not a length of time\. Write a number"):
        parse_length(text)


@given(
    number=st.integers(1, 9999),
    unit=st.sampled_from(["hours", "working days", "calendar days", "weeks", "months"]),
)
def test_a_length_in_words_reads_back_as_itself(number, unit):
    assert parse_length(str(Length(number, unit))) == Length(number, unit)


def test_a_clock_rule_is_read_strictly():
    rule = ClockRule(length="5 working days", starts="receipt", owed_by="team manager")

    assert rule.calendar == "organisation"
    for wrong in [
        {"length": "5 fortnights"},
        {"calendar": "wales"},
        {"month_end": "roll"},
        {"start": "receipt"},
        {"owed_by": ""},
    ]:
        with pytest.raises(ValidationError):
            ClockRule(**{**rule.model_dump(), **wrong})


@pytest.mark.parametrize(
    ("due", "before", "begins"),
    [
        ("2026-11-30T23:59:59", "5 working days", "2026-11-23T00:00"),
        ("2026-12-29T23:59:59", "1 working day", "2026-12-24T00:00"),
        ("2026-11-30T23:59:59", "1 week", "2026-11-23T00:00"),
        ("2026-11-30T23:59:59", "3 calendar days", "2026-11-27T00:00"),
        ("2027-03-31T23:59:59", "1 month", "2027-02-28T00:00"),
        ("2026-11-30T10:00:00", "48 hours", "2026-11-28T10:00"),
    ],
)
def test_what_is_due_is_counted_as_due_soon_from_so_long_before(due, before, begins):
    at = datetime.fromisoformat(due).replace(tzinfo=LONDON)

    begin = warned_from(at, before, ENGLAND)

    assert begin == datetime.fromisoformat(begins).replace(tzinfo=LONDON)
