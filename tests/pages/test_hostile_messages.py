"""What leaves by e-mail and calendar: no word puts in a header, a line or a host of its own."""

from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
from django.core import mail

from goldenthread.audits.operations import arrange_conversation
from goldenthread.people.models import Person
from goldenthread.rules.meetings import Invite, calendar_of
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import write_notices
from goldenthread.web.tasks.delivery import deliver
from tests.make import make_audit, make_council, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
ODD = {
    "a header of its own": "Audits\r\nBcc: thief@example.net",
    "another body": "Audits\n\n<script>alert(1)</script>",
    "a folded line": "Audits\r\n X-Other: yes",
    "a separator of lines": "Audits\u2028Bcc: thief@example.net",
    "an encoded word": "=?utf-8?q?Audits=0ABcc:_thief@example.net?=",
    "a link that runs": "javascript:alert(1)",
    "very long": "Audits " * 2000,
    "turned round": "Audits \u202egnp.exe",
    "a place in braces": "{link} {reference} {0.__class__}",
}
HEADERS = {
    *("content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to", "date"),
    *("message-id", "auto-submitted"),
}


@pytest.mark.parametrize("odd", ODD)
def test_no_subject_and_no_word_of_a_notice_makes_a_header(odd):
    person = make_person("Ada Auditor", email="ada@example.org")
    said = {"type": ODD[odd], "reference": ODD[odd]}
    write_notices(
        pack=None,
        notice=("{type}: " + ODD[odd], "Look at {reference}: {link}"),
        about=("audit", "a"),
        path="/audits/a/",
        people=[person],
        values=said,
        at=moment(),
        key="odd",
    )

    deliver()

    (sent,) = mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert {name.lower() for name in read} <= HEADERS
    assert read["to"] == "ada@example.org"
    assert not sent.bcc and not sent.cc
    assert len(Notice.objects.get().subject) <= 200
    assert "http://localhost:8000/audits/a/" in sent.body


@pytest.mark.parametrize("odd", ODD)
def test_no_title_and_no_address_of_a_meeting_makes_a_line_of_its_calendar(odd):
    content = calendar_of(
        Invite(
            uid="u",
            sequence=1,
            title=ODD[odd].replace("\r\n", "\nATTENDEE:mailto:thief@example.net\n"),
            starts_at=moment(),
            length=timedelta(hours=1),
            address="http://localhost:8000/x/",
            written_at=moment(),
            organiser="team@example.org",
            attendee="ada@example.org",
        )
    )

    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(event["attendee"]) == "mailto:ada@example.org"
    assert "BCC" not in event and "X-OTHER" not in event
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_an_invitation_for_a_calendar_holds_neither_place_nor_name_nor_case():
    council = make_council()
    publish_pack()
    audit = make_audit(council, "drafted")
    place = "Room of Priya\r\nATTENDEE:mailto:thief@example.net"

    arrange_conversation(
        audit, arranged_for=moment("2026-11-12T10:00"), place=place, expected=0, by=council.ada, at=moment()
    )
    deliver()

    told = [one for one in mail.outbox if one.alternatives]
    assert told
    names = Person.objects.values_list("name", flat=True)
    for one in told:
        whole = "\n".join([one.subject, one.body, *(str(part[0]) for part in one.alternatives)])
        assert "thief" not in whole and audit.subject.reference not in whole
        assert not [name for name in names if name in whole]


@pytest.mark.parametrize(
    "email", ["a@example.org\nBcc: thief@example.net", "a@b@example.org", "<a>@example.org"]
)
def test_an_address_that_is_none_gets_no_invitation(client, email):
    client.force_login(make_person("Alex Admin", is_administrator=True))
    person = make_person("Sam Staff")

    client.post(f"/people/{person.public_id}/invite/", {"email": email})

    assert not mail.outbox
    person.refresh_from_db()
    assert person.email != email


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1"])
def test_no_page_builds_an_address_to_pass_on_from_what_the_browser_says_the_host_is(client, host, settings):
    council = make_council()
    publish_pack()
    audit = make_audit(council)
    client.force_login(council.ada)

    page = client.get(f"/audits/{audit.public_id}/", HTTP_HOST=host)

    assert page.status_code == 200
    assert "Send them this address" in page.text
    assert f"{settings.ADDRESS}/audits/{audit.public_id}/" in page.text
    assert f"http://{host}/" not in page.text


def test_an_invitation_leads_to_the_configured_address_whatever_the_host(client, settings):
    client.force_login(make_person("Alex Admin", is_administrator=True))
    person = make_person("Sam Staff")

    client.post(
        f"/people/{person.public_id}/invite/", {"email": "sam@example.org"}, HTTP_HOST="localhost:9999"
    )

    assert any(f"{settings.ADDRESS}/set-password/" in sent.body for sent in mail.outbox)
    assert not any("9999" in sent.body for sent in mail.outbox)


def test_a_host_that_is_not_ours_is_answered_by_no_page(client):
    page = client.get("/sign-in/", HTTP_HOST="thief.example.net")

    assert page.status_code == 400
    assert "thief" not in page.text and "Golden Thread" in page.text
