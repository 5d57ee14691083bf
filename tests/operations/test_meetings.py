"""Meetings in people's calendars: each change told once, by e-mail, saying as little as a notice does."""

import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from icalendar import Calendar

from goldenthread.audits import operations
from goldenthread.audits.models import Conversation
from goldenthread.audits.operations import Stale, stepping
from goldenthread.audits.operations.inviting import ask_to_conversation
from goldenthread.audits.queries import flow_of
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from goldenthread.people.operations.leaving import record_leaver
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Appointment, Notice
from goldenthread.tasks.operations import PAUSES, choose_notices, write_notices
from goldenthread.web.people.leavers import pass_on
from goldenthread.web.tasks.delivery import deliver, message_of
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack
from tests.operations.test_moderation import World

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
MEETING = moment("2026-11-09T14:00")


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, "drafted")


def arrange(audit, when=MEETING, *, expected=0, at=AT):
    return operations.arrange_conversation(
        audit, arranged_for=when, place="Mrs Smith's house", expected=expected, by=audit.auditor, at=at
    )


def invites(person):
    """What a person's calendar was sent, oldest first."""
    found = []
    for notice in Notice.objects.filter(to=person).exclude(appointment=None).order_by("pk"):
        ((content, kind),) = message_of([notice]).alternatives
        calendar = Calendar.from_ical(content)
        assert kind == f"text/calendar; method={calendar['METHOD']}"
        (event,) = calendar.walk("VEVENT")
        found.append((str(calendar["METHOD"]), int(event["SEQUENCE"]), event))
    return found


def told(person):
    return [(method, sequence) for method, sequence, _ in invites(person)]


def test_arranging_asks_auditor_and_practitioner_to_their_calendars(council, audit):
    arrange(audit)

    assert told(council.priya) == told(council.ada) == [("REQUEST", 1)]
    (_, _, event) = invites(council.priya)[0]
    assert event.decoded("DTSTART") == MEETING
    assert event["ATTENDEE"] == f"mailto:{council.priya.email}"
    assert not invites(council.theo)


def test_moving_it_is_the_same_meeting_with_a_higher_sequence(council, audit):
    arrange(audit)
    arrange(audit, MEETING + timedelta(days=1), expected=1)

    first, second = invites(council.priya)
    assert (first[1], second[1]) == (1, 2)
    assert first[2]["UID"] == second[2]["UID"]
    assert (first[2].decoded("DTSTART"), second[2].decoded("DTSTART")) == (
        MEETING,
        MEETING + timedelta(days=1),
    )


def test_the_same_time_sent_twice_is_told_once(council, audit):
    arrange(audit)
    arrange(audit)

    assert told(council.priya) == [("REQUEST", 1)]
    assert Appointment.objects.count() == 1


def test_calling_it_off_takes_it_out_of_calendars_and_is_one_event(council, audit):
    arrange(audit)
    before = Event.objects.count()

    operations.call_off_conversation(audit, expected=1, by=council.ada, at=AT)
    operations.call_off_conversation(audit, expected=2, by=council.ada, at=AT)

    assert told(council.priya) == told(council.ada) == [("REQUEST", 1), ("CANCEL", 2)]
    assert Event.objects.count() == before + 1
    assert Conversation.objects.get().arranged_for is None


def test_one_called_off_can_be_arranged_again(council, audit):
    arrange(audit)
    operations.call_off_conversation(audit, expected=1, by=council.ada, at=AT)
    arrange(audit, expected=2)

    assert told(council.priya) == [("REQUEST", 1), ("CANCEL", 2), ("REQUEST", 3)]


def test_who_may_not_change_the_audit_does_not_call_it_off(council, audit):
    arrange(audit)

    with pytest.raises(Refused, match="Only the auditor"):
        operations.call_off_conversation(audit, expected=1, by=council.priya, at=AT)
    with pytest.raises(Stale):
        operations.call_off_conversation(audit, expected=0, by=council.ada, at=AT)
    assert told(council.priya) == [("REQUEST", 1)]


def test_one_that_was_held_is_not_called_off(council):
    audit = make_audit(council, "discussed")

    with pytest.raises(Refused, match="held already"):
        operations.call_off_conversation(audit, expected=2, by=council.ada, at=AT)


def test_an_audit_given_to_somebody_else_calls_its_conversation_off(council, audit):
    arrange(audit)

    operations.replace_auditor(audit, council.theo, by=council.hana, at=AT, because="Ill for long")

    assert told(council.priya) == told(council.ada) == [("REQUEST", 1), ("CANCEL", 2)]
    assert not invites(council.theo)
    assert Conversation.objects.get().arranged_for is None


def test_an_audit_that_is_withdrawn_calls_its_conversation_off(council):
    director, audit = make_person("Dee"), make_audit(council, "allocated")
    make_post(director, "director", council.organisation)
    arrange(audit)

    operations.take_step(audit, "exempt", by=director, at=AT, note="The case was closed.")

    assert told(council.priya) == [("REQUEST", 1), ("CANCEL", 2)]


def test_an_audit_that_is_finished_calls_off_what_was_still_to_come(council):
    audit = make_audit(council, "final")
    Conversation.objects.filter(audit=audit).delete()
    held = Conversation.objects.create(audit=audit, arranged_for=MEETING, arranged_by=council.ada, version=9)
    ask_to_conversation(audit, held, at=AT)

    accept = flow_of(audit).steps["accept"]
    stepping._follow(audit, "accept", accept, by=council.quinn, at=AT)

    assert told(council.priya)[-2:] == [("REQUEST", 9), ("CANCEL", 10)]


def test_a_conversation_held_before_its_time_is_taken_out_of_calendars(council, audit):
    arrange(audit)

    operations.record_conversation(
        audit, held_on=AT.date(), attended="Priya", added="Nothing", expected=1, by=council.ada, at=AT
    )

    held = Conversation.objects.get(audit=audit)
    assert (held.held_on, held.arranged_for) == (AT.date(), None)
    assert told(council.priya) == [("REQUEST", 1), ("CANCEL", 3)]


def test_a_conversation_whose_time_is_over_stays_in_calendars(council, audit):
    arrange(audit)
    later = MEETING + timedelta(days=1)

    operations.replace_auditor(audit, council.theo, by=council.hana, at=later, because="Ill for long")

    assert told(council.priya) == [("REQUEST", 1)]


def test_whoever_is_not_asked_any_more_has_it_taken_out(council, audit):
    helper = make_person("Helper")
    audit.practitioner, before = helper, audit.practitioner
    audit.save(update_fields=["practitioner"])
    arrange(audit)
    audit.practitioner = before
    audit.save(update_fields=["practitioner"])

    arrange(audit, MEETING + timedelta(days=1), expected=1)

    assert told(helper) == [("REQUEST", 1), ("CANCEL", 2)]
    assert told(council.priya) == [("REQUEST", 2)]


def test_a_framework_without_a_wording_has_the_products(council):
    data = read_document(PACK.read_text()).data
    for name in ("conversation arranged", "team manager joins", "conversation called off"):
        del data["notices"][name]
    publish_pack(document=write_document(data))
    audit = make_audit(council, "drafted")
    arrange(audit)
    operations.call_off_conversation(audit, expected=1, by=council.ada, at=AT)

    subjects = Notice.objects.filter(to=council.priya).exclude(appointment=None).order_by("pk")
    assert list(subjects.values_list("subject", flat=True)) == [
        f"Case audit {audit.number}: a conversation is arranged",
        f"Case audit {audit.number}: the conversation is called off",
    ]


def test_an_invitation_says_a_reference_and_a_link_and_no_more(council, audit):
    arrange(audit)
    operations.call_off_conversation(audit, expected=1, by=council.ada, at=AT)

    words = [*Person.objects.values_list("name", flat=True), "Smith", audit.subject.reference, "good"]
    for notice in Notice.objects.exclude(appointment=None):
        message = message_of([notice])
        content = message.alternatives[0].content.replace("\r\n ", "").replace(notice.to.email, "")
        assert audit.number in content
        assert f"http://localhost:8000/audits/{audit.public_id}/conversation/" in content
        for text in (content, message.subject, message.body):
            assert not [word for word in words if word.lower() in text.lower().replace("goldenthread", "")]


def test_a_meeting_goes_out_alone_also_where_a_digest_was_chosen(council, audit):
    choose_notices(council.priya, digest=["audits"], quiet=None, by=council.priya, at=AT)
    arrange(audit)
    said = {"about": ("audit", audit.public_id), "path": "/tasks/", "values": {}, "at": AT, "key": "another"}
    write_notices(pack=None, notice=("Another", "See {link}"), people=[council.priya], **said)
    Notice.objects.filter(to=council.priya).update(created_at=AT - timedelta(days=400), not_before=None)
    Notice.objects.exclude(appointment=None).update(created_at=AT - timedelta(days=401))

    deliver()

    notice = Notice.objects.get(to=council.priya, appointment__isnull=False)
    sent = [one.subject for one in mail.outbox if one.to == [council.priya.email]]
    assert notice.sent_at and notice.subject in sent
    assert not Notice.objects.filter(to=council.priya, sent_at=None).exists()


class Sink:
    """A mail server that refuses the first message and takes the others."""

    def __init__(self):
        self.seen, self.taken = 0, []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's name
        self.seen += 1
        if self.seen == 1:
            return "451 Try again later"
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def sink(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.ORGANISER = "audit@anytown.example"
    yield controller.handler
    controller.stop()


def test_a_mail_server_hands_on_an_invitation_that_calendars_read_each_version_once(council, audit, sink):
    arrange(audit)
    arrange(audit, MEETING + timedelta(days=1), expected=1)
    Notice.objects.filter(appointment=None).delete()
    for _ in range(len(PAUSES)):
        deliver()
        Notice.objects.waiting().update(not_before=None)

    got = []
    for address, content in sink.taken:
        text, calendar = message_from_bytes(content, policy=default).iter_parts()
        assert (text.get_content_type(), calendar.get_content_type()) == ("text/plain", "text/calendar")
        assert calendar.get_param("method") == "REQUEST"
        (event,) = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
        assert event["ORGANIZER"] == "mailto:audit@anytown.example"
        assert event["ATTENDEE"] == f"mailto:{address}"
        got.append((address, int(event["SEQUENCE"]), event.decoded("DTSTART")))
    assert sorted(got) == sorted(
        (person.email, number, MEETING + timedelta(days=number - 1))
        for person in (council.ada, council.priya)
        for number in (1, 2)
    )


def cancelled(sink):
    """To whom a cancellation went by mail, as calendars read it."""
    for _ in range(len(PAUSES)):
        deliver()
        Notice.objects.waiting().update(not_before=None)
    found = set()
    for address, content in sink.taken:
        parts = message_from_bytes(content, policy=default).iter_parts()
        for part in parts:
            if part.get_content_type() == "text/calendar" and part.get_param("method") == "CANCEL":
                (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
                assert (event["STATUS"], event["ATTENDEE"]) == ("CANCELLED", f"mailto:{address}")
                found.add(address)
    return found


@pytest.mark.parametrize("leaves", ["ada", "priya"])
def test_a_conversation_with_a_leaver_is_taken_out_of_the_calendars_of_those_who_were_asked(
    council, audit, sink, leaves
):
    arrange(audit)
    leaver = getattr(council, leaves)
    stays = council.priya if leaves == "ada" else council.ada
    leaves_today(leaver)
    pass_on(at=AT)
    pass_on(at=AT)

    assert cancelled(sink) == {stays.email}  # nothing is sent to an account that is closed
    assert told(stays)[-1][0] == told(leaver)[-1][0] == "CANCEL"
    assert Conversation.objects.get(audit=audit).arranged_for is None
    assert Event.objects.filter(what="audit.call_off_conversation").count() == 1


def test_a_conversation_stays_where_neither_end_has_left_or_its_time_is_over(council, audit):
    arrange(audit)
    leaves_today(council.theo)
    pass_on(at=AT)
    leaves_today(council.ada)
    pass_on(at=MEETING + timedelta(hours=1))

    assert Conversation.objects.get(audit=audit).arranged_for == MEETING


def leaves_today(person):
    record_leaver(person=person, left_on=AT.date(), at_once=True, by=None, at=AT)


class TestModeration:
    """The meeting of moderator and auditor."""

    @pytest.fixture
    def world(self):
        return World()

    def arranged(self, world, moderation, when=MEETING, at=AT):
        return operations.arrange_moderation_meeting(
            moderation, meets_at=when, place="Room 4", revision=moderation.revision, by=world.asha, at=at
        )

    def test_it_is_arranged_moved_and_called_off_in_both_calendars(self, world):
        moderation = self.arranged(world, world.graded(world.given()))
        moderation = self.arranged(world, moderation, MEETING + timedelta(hours=1))
        operations.call_off_moderation_meeting(moderation, revision=moderation.revision, by=world.asha, at=AT)

        for person in (world.asha, world.council.ada):
            (one, first, _), (two, second, _), (three, third, _) = invites(person)[-3:]
            assert (one, two, three) == ("REQUEST", "REQUEST", "CANCEL")
            assert first < second < third
        moderation.refresh_from_db()
        assert moderation.meets_at is None

    @pytest.mark.parametrize(
        ("fixed", "when", "sentence"),
        [(False, MEETING, "Give your grades first"), (True, AT - timedelta(days=1), "still to come")],
    )
    def test_it_is_not_arranged_too_early_or_for_a_time_gone_by(self, world, fixed, when, sentence):
        moderation = world.graded(world.given(), fixed=fixed)

        with pytest.raises(Refused, match=sentence):
            self.arranged(world, moderation, when)
        assert not Appointment.objects.filter(about_kind="moderation").exists()

    @pytest.mark.parametrize("leaves", ["asha", "ada"])
    def test_it_is_called_off_where_one_of_the_two_has_left(self, world, leaves):
        moderation = self.arranged(world, world.graded(world.given()))
        world.ada = world.council.ada
        leaves_today(getattr(world, leaves))
        pass_on(at=AT)
        pass_on(at=AT)

        for person in (world.asha, world.council.ada):
            (asked, first, _), (off, second, _) = invites(person)[-2:]
            assert (asked, off) == ("REQUEST", "CANCEL") and first < second
        moderation.refresh_from_db()
        assert moderation.meets_at is None and moderation.moderator == world.asha
        assert Event.objects.filter(what="moderation.call_off_meeting").count() == 1

    def test_nobody_else_arranges_it(self, world):
        moderation = world.graded(world.given())

        with pytest.raises(Refused, match="Somebody else moderates"):
            operations.arrange_moderation_meeting(
                moderation, meets_at=MEETING, place="", revision=moderation.revision, by=world.dan, at=AT
            )

    def test_where_the_framework_asks_for_no_meeting_there_is_none(self):
        world = World(meeting=False)
        moderation = world.graded(world.given())

        with pytest.raises(Refused, match="no meeting"):
            self.arranged(world, moderation)

    def test_a_moderation_that_ends_before_its_meeting_takes_it_out_of_both_calendars(self, world):
        moderation = self.arranged(world, world.graded(world.given()))

        world.finished(moderation)

        for person in (world.asha, world.council.ada):
            (one, first, _), (two, second, _) = invites(person)[-2:]
            assert (one, two) == ("REQUEST", "CANCEL")
            assert first < second
        moderation.refresh_from_db()
        assert moderation.finished_at
        assert moderation.meets_at is None

    def test_a_meeting_whose_time_is_over_stays_when_the_moderation_ends(self, world):
        moderation = world.graded(world.given())
        moderation = self.arranged(world, moderation, AT + timedelta(minutes=1))
        operations.finish_moderation(
            moderation,
            feedback="Well done",
            met_on=moderation.meets_at.date(),
            revision=moderation.revision,
            by=world.asha,
            at=moderation.meets_at + timedelta(hours=1),
        )

        assert invites(world.asha)[-1][0] == "REQUEST"

    def test_a_moderator_who_left_is_replaced_and_grades_and_meeting_go_with_them(self, world):
        moderation = self.arranged(world, world.graded(world.given()))
        with pytest.raises(Refused, match="stays with them"):
            operations.allocate_moderation(moderation, world.dan, by=world.council.quinn, at=AT)
        Person.objects.filter(pk=world.asha.pk).update(is_active=False)

        operations.allocate_moderation(moderation, world.dan, by=world.council.quinn, at=AT)

        moderation.refresh_from_db()
        assert (moderation.moderator, moderation.graded_at, moderation.meets_at) == (world.dan, None, None)
        assert not moderation.grades.exists()
        assert invites(world.council.ada)[-1][0] == "CANCEL"
