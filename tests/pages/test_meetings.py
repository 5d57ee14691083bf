"""Meetings on their pages: added to one's own calendar, called off, and who was told."""

import pytest
from django.utils import timezone
from icalendar import Calendar

from goldenthread.audits import operations
from goldenthread.audits.models import Conversation
from goldenthread.ledger.models import Read
from tests.make import make_audit, make_council, moment
from tests.operations.test_moderation import World

pytestmark = pytest.mark.django_db
MEETING = moment("2026-11-09T14:00")


def as_(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    audit = make_audit(council, "drafted")
    operations.arrange_conversation(
        audit, arranged_for=MEETING, place="Room 4", expected=0, by=council.ada, at=moment()
    )
    return audit


def test_those_who_take_part_add_the_conversation_to_their_calendars(client, council, audit):
    page = as_(client, council.priya).get(f"/audits/{audit.public_id}/conversation/").text
    file = client.get(f"/audits/{audit.public_id}/conversation/meeting.ics")

    assert f"/audits/{audit.public_id}/conversation/meeting.ics" in page
    calendar = Calendar.from_ical(file.content)
    (event,) = calendar.walk("VEVENT")
    assert file["Content-Type"].startswith("text/calendar")
    assert "attachment" in file["Content-Disposition"]
    assert (calendar["METHOD"], event.decoded("DTSTART")) == ("PUBLISH", MEETING)
    assert "Room 4" not in file.content.decode()
    assert Read.objects.filter(by=council.priya.public_id, how="calendar").exists()


def test_who_may_not_see_the_audit_gets_no_file(client, council, audit):
    for person in (council.sam, council.other_manager):
        answer = as_(client, person).get(f"/audits/{audit.public_id}/conversation/meeting.ics")
        assert answer.status_code == 404


def test_one_called_off_cannot_be_added_and_says_so(client, council, audit):
    url = f"/audits/{audit.public_id}/conversation/"
    page = as_(client, council.ada).post(f"{url}off/", {"version": "1"}, follow=True)

    assert "is called off, and those who were asked are told" in page.text
    assert "Not arranged yet" in page.text
    assert client.get(f"{url}meeting.ics").status_code == 404
    assert "meeting.ics" not in page.text


@pytest.mark.parametrize("version", ["0", "", "x", "²"])
def test_calling_off_what_somebody_changed_meanwhile_is_refused(client, council, audit, version):
    url = f"/audits/{audit.public_id}/conversation/off/"
    page = as_(client, council.ada).post(url, {"version": version}, follow=True)

    assert "Somebody else saved this" in page.text
    assert Conversation.objects.get().arranged_for == MEETING


def test_the_auditor_sees_who_was_told_and_others_do_not(client, council, audit):
    url = f"/audits/{audit.public_id}/conversation/"

    assert "The e-mail is about to be sent" in as_(client, council.ada).get(url).text
    assert "The e-mail is about to be sent" not in as_(client, council.priya).get(url).text


class TestModeration:
    @pytest.fixture
    def world(self):
        world = World()
        world.moderation = world.graded(world.given())
        world.url = f"/moderation/{world.moderation.public_id}/meeting/"
        return world

    def arrange(self, client, world):
        day = timezone.localdate() + timezone.timedelta(days=7)
        typed = {
            "arranged_for": f"{day:%d/%m/%Y} 14:00",
            "place": "Room 4",
            "version": world.moderation.revision,
        }
        return as_(client, world.asha).post(world.url, typed, follow=True)

    def test_the_moderator_arranges_it_and_the_auditor_sees_when_and_no_grade(self, client, world):
        assert as_(client, world.council.ada).get(world.url).status_code == 404
        page = self.arrange(client, world)
        assert "both of you are told" in page.text

        page = as_(client, world.council.ada).get(world.url)
        assert "Room 4" in page.text
        assert "Inadequate" not in page.text and "I saw otherwise" not in page.text
        assert "Save and tell" not in page.text
        assert client.get(f"/moderation/{world.moderation.public_id}/").status_code == 404
        assert Calendar.from_ical(client.get(f"{world.url}meeting.ics").content)["METHOD"] == "PUBLISH"

    def test_only_the_moderator_changes_it(self, client, world):
        self.arrange(client, world)
        world.moderation.refresh_from_db()
        version = world.moderation.revision

        as_(client, world.council.ada)
        assert client.post(world.url, {"version": version}).status_code == 404
        off = client.post(f"{world.url}off/", {"version": version}, follow=True)
        assert "Somebody else moderates this" in off.text
        for person in (world.council.sam, world.council.quinn, world.dan):
            assert as_(client, person).get(world.url).status_code == 404
            assert client.get(f"{world.url}meeting.ics").status_code == 404

    def test_calling_it_off_leaves_the_auditor_a_page_that_says_so(self, client, world):
        self.arrange(client, world)
        world.moderation.refresh_from_db()
        as_(client, world.asha).post(f"{world.url}off/", {"version": world.moderation.revision})

        page = as_(client, world.council.ada).get(world.url)
        assert "Not arranged" in page.text
        assert client.get(f"{world.url}meeting.ics").status_code == 404

    def test_what_is_wrong_is_said_beside_what_was_typed(self, client, world):
        typed = {"arranged_for": "01/01/2020 14:00", "place": "Room 9", "version": world.moderation.revision}
        page = as_(client, world.asha).post(world.url, typed)

        assert page.status_code == 422
        assert "still to come" in page.text and "Room 9" in page.text
