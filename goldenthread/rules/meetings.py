"""A meeting as a calendar reads it: iCalendar (RFC 5545), asked for and called off by e-mail (RFC 5546).

It holds a title, a time and a link: no place, no names, no grades and no reasons, as calendars are shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from goldenthread.rules.clocks import LONDON
from goldenthread.rules.later import Later

if TYPE_CHECKING:
    from icalendar import Event

icalendar = Later("icalendar")

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
PRODUCT = "-//Golden Thread//Meetings//EN"
MEETINGS = UUID("8f0d3c1e-6f0b-4a53-9d56-2a1a0a3c7b11")
"""The name space of the ids by which calendars know a meeting again."""
LONDON_TIMES = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""
"""When clocks in the United Kingdom change, as they have since 1996."""


@dataclass(frozen=True)
class Invite:
    """One meeting for one calendar; `sequence` grows with each change, and the highest one holds.

    `attendee` and `organiser` are e-mail addresses; without an attendee it is for whoever downloads it.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    length: timedelta
    address: str
    written_at: datetime
    organiser: str
    attendee: str = ""
    is_off: bool = False

    @property
    def method(self) -> str:
        """What the calendar is asked to do."""
        if self.is_off:
            return CANCEL
        return REQUEST if self.attendee else PUBLISH


def uid_of(kind: str, public_id: str) -> str:
    """The id of a meeting, the same at every change of it and wherever the site is served."""
    return str(uuid5(MEETINGS, f"{kind}:{public_id}"))


def calendar_of(invite: Invite) -> bytes:
    """The meeting as the bytes of an .ics file: lines end with CR LF and have at most 75 octets."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", invite.method)
    calendar.add_component(icalendar.Timezone.from_ical(LONDON_TIMES))
    calendar.add_component(_event(invite))
    return calendar.to_ical()


def _event(invite: Invite) -> Event:
    event = icalendar.Event()
    event.add("uid", invite.uid)
    event.add("sequence", invite.sequence)
    event.add("dtstamp", invite.written_at.astimezone(UTC))
    event.add("dtstart", invite.starts_at.astimezone(LONDON))
    event.add("dtend", (invite.starts_at.astimezone(UTC) + invite.length).astimezone(LONDON))
    event.add("summary", invite.title)
    event.add("description", invite.address)
    event["url"] = icalendar.vUri(invite.address)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if invite.is_off else "CONFIRMED")
    event["organizer"] = icalendar.vCalAddress(f"mailto:{invite.organiser}")
    if invite.attendee:
        asked = icalendar.vCalAddress(f"mailto:{invite.attendee}")
        asked.params["ROLE"], asked.params["PARTSTAT"], asked.params["RSVP"] = (
            "REQ-PARTICIPANT",
            "NEEDS-ACTION",
            "FALSE",
        )
        event["attendee"] = asked
    return event
