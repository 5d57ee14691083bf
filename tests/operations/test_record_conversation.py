"""The conversation: arranged, held, and noted over nothing unseen (WF-8)."""

from datetime import date, timedelta

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Conversation
from goldenthread.audits.operations import Stale
from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, "drafted")


def arrange(audit, *, by, expected=0, place="Room 4"):
    meeting = AT + timedelta(days=2)
    return operations.arrange_conversation(
        audit, arranged_for=meeting, place=place, expected=expected, by=by, at=AT
    )


def record(audit, *, by, expected=0, held_on=date(2026, 11, 5), added="It explained the delay."):
    return operations.record_conversation(
        audit, held_on=held_on, attended="Ada, Priya", added=added, expected=expected, by=by, at=AT
    )


def test_arranging_tells_the_practitioner_and_finishes_the_task(council, audit):
    before = Event.objects.count()

    arrange(audit, by=council.ada)

    assert Notice.objects.filter(to=council.priya, subject__contains="conversation is arranged").count() == 1
    assert not Task.objects.open().filter(kind="arrange the conversation").exists()
    assert Event.objects.count() == before + 1


def test_recording_it_opens_the_second_grading(council, audit):
    record(audit, by=council.ada)

    audit.refresh_from_db()
    assert audit.state == "discussed"
    assert Conversation.objects.get().added == "It explained the delay."


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(council, audit):
    arrange(audit, by=council.ada, place="Room 4")

    with pytest.raises(Stale) as clash:
        arrange(audit, by=council.ada, expected=0, place="Room 9")

    assert clash.value.current.place == "Room 4"


def test_the_same_arrangement_sent_twice_is_told_once(council, audit):
    arrange(audit, by=council.ada)
    arrange(audit, by=council.ada)

    assert Conversation.objects.get().version == 1
    assert Notice.objects.filter(to=council.priya, subject__contains="conversation is arranged").count() == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"held_on": date(2026, 11, 6)}, "still to come"),
        ({"added": "  "}, "Say what the conversation added"),
    ],
)
def test_a_conversation_that_cannot_be_is_refused(council, audit, words, sentence):
    with pytest.raises(Refused, match=sentence):
        record(audit, by=council.ada, **words)
    audit.refresh_from_db()
    assert audit.state == "drafted"


def test_the_practitioner_does_not_record_it(council, audit):
    with pytest.raises(Refused, match="Only the auditor"):
        record(audit, by=council.priya)
