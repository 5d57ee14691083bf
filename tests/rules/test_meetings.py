"""Meetings as iCalendar: what RFC 5545 and 5546 ask, read back by two readers that know none of our code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from goldenthread.rules.clocks import LONDON
from goldenthread.rules.meetings import Invite, calendar_of, uid_of

INVITE = Invite(
    uid=uid_of("audit", "abc"),
    sequence=3,
    title="Conversation: Case audit 2026-11/014",
    starts_at=datetime(2026, 11, 5, 14, 30, tzinfo=LONDON),
    length=timedelta(minutes=60),
    address="https://audit.example.org/audits/abc/conversation/",
    written_at=datetime(2026, 7, 1, 10, tzinfo=LONDON),
    organiser="audit@example.org",
    attendee="priya@example.org",
)


def read(invite):
    calendar = Calendar.from_ical(calendar_of(invite))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def lines(invite):
    return calendar_of(invite).split(b"\r\n")


@pytest.mark.parametrize(
    ("changes", "method", "status", "is_asked"),
    [
        ({}, "REQUEST", "CONFIRMED", True),
        ({"is_off": True}, "CANCEL", "CANCELLED", True),
        ({"attendee": ""}, "PUBLISH", "CONFIRMED", False),
    ],
)
def test_a_meeting_is_asked_for_called_off_or_published(changes, method, status, is_asked):
    calendar, event = read(replace(INVITE, **changes))

    assert (calendar["METHOD"], event["STATUS"]) == (method, status)
    assert ("ATTENDEE" in event) == is_asked
    assert event["ORGANIZER"] == "mailto:audit@example.org"
    assert (event["UID"], event["SEQUENCE"]) == (INVITE.uid, 3)


def test_what_must_be_there_is_there_once():
    calendar, event = read(INVITE)

    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    said = calendar_of(INVITE).decode()
    for name in ("UID:", "DTSTAMP:", "SEQUENCE:", "DTSTART;", "DTEND;", "SUMMARY:", "METHOD:", "ORGANIZER:"):
        assert said.split("BEGIN:VTIMEZONE")[0].count(name) + said.split("END:VTIMEZONE")[1].count(name) == 1
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_dtstamp_is_in_utc():
    assert b"DTSTAMP:20260701T090000Z" in lines(INVITE)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200))
def test_lines_end_with_cr_lf_and_have_at_most_75_octets(title):
    content = calendar_of(replace(INVITE, title=title))

    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert all(line.decode() or True for line in content.split(b"\r\n")), "no letter is torn apart"
    assert str(read(replace(INVITE, title=title))[1]["SUMMARY"]) == title


def test_a_title_adds_no_line_of_its_own():
    _, event = read(replace(INVITE, title="Talk\r\nATTENDEE:mailto:else@example.org; x, y"))

    assert event["ATTENDEE"] == "mailto:priya@example.org"
    assert "else@example.org; x, y" in event["SUMMARY"]


CHANGES = [
    ("2026-03-28T23:30", "2026-03-28T23:30Z"),
    ("2026-03-29T00:30", "2026-03-29T00:30Z"),
    ("2026-03-29T02:30", "2026-03-29T01:30Z"),
    ("2026-07-01T09:00", "2026-07-01T08:00Z"),
    ("2026-10-24T14:00", "2026-10-24T13:00Z"),
    ("2026-10-25T00:30", "2026-10-24T23:30Z"),
    ("2026-10-25T02:30", "2026-10-25T02:30Z"),
    ("2026-10-25T14:00", "2026-10-25T14:00Z"),
    ("2040-10-28T14:00", "2040-10-28T14:00Z"),
    ("2040-07-01T14:00", "2040-07-01T13:00Z"),
]


@pytest.mark.parametrize(("clock", "utc"), CHANGES)
def test_the_time_is_right_on_the_days_on_which_clocks_change(clock, utc):
    """The file's own time zone is what decides, read by another library."""
    starts_at = datetime.fromisoformat(clock).replace(tzinfo=LONDON)
    content = calendar_of(replace(INVITE, starts_at=starts_at))
    zone = tzical(StringIO(content.decode())).get("Europe/London")
    (start,) = [line for line in content.decode().split("\r\n") if line.startswith("DTSTART;")]
    name, _, wall = start.partition(":")

    assert name == "DTSTART;TZID=Europe/London"
    read_ = datetime.strptime(wall, "%Y%m%dT%H%M%S").replace(tzinfo=zone)
    assert read_.astimezone(UTC) == datetime.fromisoformat(utc)


@pytest.mark.parametrize("starts", ["2026-03-29T00:30", "2026-10-25T00:30", "2026-11-05T09:00"])
def test_an_hour_lasts_an_hour_also_over_a_change_of_clocks(starts):
    starts_at = datetime.fromisoformat(starts).replace(tzinfo=LONDON)
    _, event = read(replace(INVITE, starts_at=starts_at))

    begins, ends = event.decoded("DTSTART"), event.decoded("DTEND")
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(minutes=60)


def test_the_id_is_the_meetings_alone_and_never_changes():
    assert uid_of("audit", "abc") == "3c879c70-3de3-5b5d-a979-9be47dbe9eeb"
    assert len({uid_of("audit", "abc"), uid_of("audit", "abd"), uid_of("moderation", "abc")}) == 3
