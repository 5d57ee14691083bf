"""The same thing sent two to five times at once, as a retry or a second click does: one effect, kind replies.

What stands in a table here is an address that must have one effect. Steps of an audit, draws and years are in
test_together.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from django.core.management import call_command
from django.urls import reverse

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import arrange_conversation
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle
from goldenthread.tasks.models import Notice, Task
from tests.faults import EACH, size
from tests.faults.kit import check_ledger
from tests.faults.test_together import at_once, signed_in
from tests.make import (
    answer_everything,
    grade_everything,
    make_audit,
    make_council,
    make_person,
    make_subject,
    make_training,
    moment,
    publish_pack,
)
from tests.operations.test_follow_up import an_action

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2026-11-05T10:00")
COPIES = (2, 3, 4, 5) if EACH else (3,)
ROUNDS = size(1, 500)
"""Of each thing in so many copies; in full 10,000 are sent."""


@dataclass(frozen=True)
class Sent:
    """What is sent by whom to which address, and the event that may stand in the ledger once."""

    by: object
    path: str
    told: dict
    event: str
    kind: set[int]  # the statuses that a copy may be answered with


def an_answer(council):
    """The page saves an answer under the key of that change."""
    audit = make_audit(council)
    told = {"question": "voice heard", "value:voice heard": "Once.", "version": 0, "key": "change-000001"}
    return Sent(council.ada, reverse("save_answer", args=[audit.public_id]), told, "audit.answer", {200})


def a_judgement(council):
    """The page saves a grade under the key of that change."""
    audit = make_audit(council)
    part = sheet_of(audit).parts[0][0]
    told = {"part": part, f"grade:{part}": "good", f"why:{part}": "It shows.", "version": 0}
    told["key"] = "change-000002"
    return Sent(council.ada, reverse("save_judgement", args=[audit.public_id]), told, "audit.judge", {200})


def an_alert(council):
    """Somebody presses the button several times, frightened."""
    audit = make_audit(council)
    path = reverse("raise_alert", args=[audit.public_id])
    return Sent(council.ada, path, {"concern": "Bruises on both arms."}, "alert.raise", {302})


def an_alert_about_a_case(council):
    """The same about a case, outside any audit."""
    subject = make_subject("S-1", unit=council.team, practitioner=council.priya)
    path = reverse("raise_alert_about_case", args=[subject.public_id])
    return Sent(council.priya, path, {"concern": "No heating."}, "alert.raise", {302})


def a_conversation(council):
    """The record of the conversation, whose second copy finds it changed."""
    audit = make_audit(council, "drafted")
    arrange_conversation(
        audit,
        arranged_for=moment("2026-11-04T10:00"),
        place="Room 4",
        expected=0,
        by=council.ada,
        at=moment(),
    )
    told = {"held_on_0": "4", "held_on_1": "11", "held_on_2": "2026", "held_on": "2026-11-04"}
    told |= {"attended": "Ada and Priya", "added": "Why the visit was late.", "version": 1}
    path = reverse("record_conversation", args=[audit.public_id])
    return Sent(council.ada, path, told, "audit.record_conversation", {302, 200})


def a_finished_action(council):
    """Priya notes that her action is done."""
    path = reverse("finish_action", args=[an_action(council).public_id])
    told = {"evidence": "Filed on 4 November."}
    return Sent(council.priya, path, told, "action.finish", {302, 200})


def a_month(council):
    """The whole month goes out."""
    make_training(council.ada)
    for number in range(6):
        make_subject(f"M{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))
    call_command("draw_month", "2027-01", "--theme", "Visits", "--seed", "314159")
    cycle = Cycle.objects.get(label="2027-01")
    return Sent(council.quinn, reverse("send_cycle", args=[cycle.public_id]), {}, "cycle.send", {302})


def a_draft_that_is_sent_on(council):
    """The auditor finishes the draft."""
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    grade_everything(audit, "good", at=AT)
    path = reverse("take_step", args=[audit.public_id])
    return Sent(council.ada, path, {"step": "finish draft"}, "audit.finish_draft", {302})


MANY: tuple[Callable, ...] = (an_answer, a_judgement, an_alert, a_conversation, a_draft_that_is_sent_on)
ONCE: tuple[Callable, ...] = (an_alert_about_a_case, a_finished_action, a_month)
"""Those of which a council of the tests has only one to send."""


@pytest.mark.parametrize("copies", COPIES)
@pytest.mark.parametrize("made", [*MANY, *ONCE], ids=lambda made: made.__name__)
def test_what_is_sent_several_times_at_once_happens_once(monkeypatch, made, copies):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    publish_pack()
    council = make_council()
    for _ in range(ROUNDS if made in MANY else 1):
        sent = made(council)
        before = Event.objects.filter(what=sent.event).count()
        browsers = [signed_in(sent.by) for _ in range(copies)]

        met = at_once(*(partial(one.post, sent.path, sent.told) for one in browsers))

        assert not [fault for fault in met if isinstance(fault, Exception)], met
        assert {answer.status_code for answer in met} <= sent.kind, [answer.content for answer in met]
        assert Event.objects.filter(what=sent.event).count() == before + 1
        if sent.kind == {200}:
            assert len({json.loads(answer.content)["version"] for answer in met}) == 1
    assert len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()
    owed = Task.objects.values_list("kind", "about_id", "person", "role", "unit", "started_at")
    assert len(set(owed)) == len(owed)
    numbers = Audit.objects.values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers)
    check_ledger()
