"""Consents of several people: asked, given by different people, missing, withdrawn, passed and lapsed."""

import json

import pytest
from django.db import IntegrityError, transaction

from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.filing import note_for
from goldenthread.audits.holding import obstacles
from goldenthread.audits.models import Consent
from goldenthread.audits.operations import give_consent, take_step, withdraw_consent
from goldenthread.audits.sheets import sheet_of
from goldenthread.improvement.models import Action
from goldenthread.improvement.operations import (
    close_action,
    consent_to_closing,
    finish_action,
    withdraw_consent_to_closing,
)
from goldenthread.ledger.blanking import REMOVED
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack
from tests.operations.test_follow_up import LATER, agreed, discuss, response_to

AT = moment("2026-11-20T10:00")
MANAGER, QUALITY, ACTION = "opinion of the manager", "opinion of the quality team", "consent to closing"
SAYS = "Both opinions are needed before it is filed."
pytestmark = pytest.mark.django_db


def clock(owed_by):
    return {"title": "Say what you think", "length": "5 working days", "starts": "then", "owed_by": owed_by}


def with_consents(**gate):
    """The pack with a gate before filing that asks the team manager and two of the quality team."""
    data = read_document(PACK.read_text()).data
    data["clocks"] |= {MANAGER: clock("team manager"), QUALITY: clock("quality team")}
    data["gates"] = {
        "both": {
            "steps": ["file"],
            "consents": [{"clock": MANAGER}, {"clock": QUALITY, "number": 2}],
            "says": SAYS,
            **gate,
        }
    }
    return write_document(data)


@pytest.fixture
def council():
    council = make_council()
    council.quentin = make_person("Quentin")
    make_post(council.quentin, "quality officer", council.organisation)
    return council


@pytest.fixture
def audit(council):
    publish_pack(document=with_consents())
    return make_audit(council, "final")


def consent(audit, by, clock=MANAGER, **said):
    return give_consent(audit, "both", clock, by=by, at=AT, **said)


def file(audit, by, **named):
    return take_step(audit, "file", by=by, at=AT, case_note=note_for(audit, at=AT), **named)


def owed(audit):
    return set(Task.objects.open().about("audit", audit.public_id).values_list("kind", flat=True))


def said_of(audit):
    audit.refresh_from_db()
    return [one.sentence for one in obstacles(sheet_of(audit, on=AT.date()), "file")]


def test_a_step_waits_until_as_many_different_people_consent_as_the_gate_asks(council, audit):
    with pytest.raises(
        Refused, match=f"{SAYS} Still missing: the consent of the team manager and of 2 people"
    ):
        file(audit, council.ada)

    consent(audit, council.theo)
    consent(audit, council.quinn, QUALITY)
    assert said_of(audit) == [f"{SAYS} Still missing: the consent of the quality team."]
    consent(audit, council.quentin, QUALITY)

    assert file(audit, council.ada).phase == "filed"
    assert {one.ended_as for one in Consent.objects.all()} == {"passed"}


def test_nobody_consents_twice_also_not_in_another_role(council, audit):
    make_post(council.theo, "quality officer", council.organisation)
    consent(audit, council.theo)

    for asked in (MANAGER, QUALITY):
        with pytest.raises(Refused, match="You have consented here already"):
            consent(audit, council.theo, asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            audit=audit,
            about_kind="audit",
            about_id=audit.public_id,
            gate="both",
            clock=QUALITY,
            role="quality team",
            person=council.theo,
            given_at=AT,
        )


@pytest.mark.parametrize("who", ["ada", "priya", "hana", "sam", "other_manager", "quinn"])
def test_only_the_role_that_is_asked_gives_a_consent_and_else_nothing_is_written(council, audit, who):
    with pytest.raises(Refused, match="Only the team manager can give this consent"):
        consent(audit, getattr(council, who))

    assert not Consent.objects.exists() and not Event.objects.filter(what="audit.give_consent").exists()


def test_those_who_can_give_one_have_a_task_until_it_is_there(council, audit):
    assert {MANAGER, QUALITY} <= owed(audit)
    mine = Task.objects.open().owed_by(council.theo, on=AT.date())
    assert mine.filter(kind=MANAGER).exists() and not mine.filter(kind=QUALITY).exists()

    consent(audit, council.theo)
    consent(audit, council.quinn, QUALITY)
    assert MANAGER not in owed(audit) and QUALITY in owed(audit)
    consent(audit, council.quentin, QUALITY)

    assert not {MANAGER, QUALITY} & owed(audit)
    told = Notice.objects.filter(subject__contains="consents").values_list("to", flat=True)
    assert council.ada.pk in told


def test_it_is_recorded_who_consented_in_which_role_and_with_which_words(council, audit):
    given = consent(audit, council.theo, said="  It is fair. ")

    assert (given.role, given.person, given.said, given.given_at) == (
        "team manager",
        council.theo,
        "It is fair.",
        AT,
    )
    event = Event.objects.get(what="audit.give_consent")
    assert json.loads(event.recorded.values) == {
        "gate": "both",
        "as": "team manager",
        "asked": MANAGER,
        "said": "It is fair.",
    }


def test_a_consent_is_withdrawn_while_something_waits_and_asked_for_anew(council, audit):
    consent(audit, council.theo)

    withdraw_consent(audit, "both", by=council.theo, at=AT)

    assert MANAGER in owed(audit) and "team manager" in said_of(audit)[0]
    with pytest.raises(Refused, match="You have given no consent"):
        withdraw_consent(audit, "both", by=council.theo, at=AT)
    consent(audit, council.theo)
    consent(audit, council.quinn, QUALITY)
    consent(audit, council.quentin, QUALITY)
    file(audit, council.ada)
    with pytest.raises(Refused, match="Nothing waits for this consent now"):
        withdraw_consent(audit, "both", by=council.theo, at=AT)


def test_a_consent_that_is_there_already_is_not_given_once_more(council, audit):
    make_post(council.hana, "team manager", council.team)
    consent(audit, council.theo)

    with pytest.raises(Refused, match="This consent is there already"):
        consent(audit, council.hana)


def test_a_gate_that_asks_for_consents_is_passed_by_those_named_and_nothing_stays_owed(council):
    publish_pack(document=with_consents(passed_by=["quality team"]))
    audit = make_audit(council, "final")
    consent(audit, council.theo)

    file(audit, council.quinn, passing="The court asked for it.")

    assert not {MANAGER, QUALITY} & owed(audit)
    assert Consent.objects.get().ended_as == "passed"


def test_consents_lapse_where_the_audit_goes_elsewhere_and_are_asked_for_anew(council):
    publish_pack(document=with_consents(steps=["accept"]))
    audit = make_audit(council, "checking")
    consent(audit, council.theo)
    audit = take_step(audit, "return", by=council.quinn, at=AT, points="Say more.")

    assert Consent.objects.get().ended_as == "lapsed"
    assert not {MANAGER, QUALITY} & owed(audit)
    with pytest.raises(Refused, match="Nothing waits"):
        consent(audit, council.theo)
    take_step(audit, "resubmit", by=council.ada, at=AT)
    assert {MANAGER, QUALITY} <= owed(audit)


def test_a_condition_and_consents_are_both_asked_for(council):
    publish_pack(document=with_consents(open_if={"fact": "status", "is": "closed"}))
    audit = make_audit(council, "final")
    for person, asked in ((council.theo, MANAGER), (council.quinn, QUALITY), (council.quentin, QUALITY)):
        consent(audit, person, asked)

    assert said_of(audit) == [SAYS]


def test_the_words_of_a_consent_go_with_the_audit_s_words(council, audit):
    consent(audit, council.theo, said="Priya was ill.")

    blank_audit_words(audit)

    assert Consent.objects.get().said == REMOVED


@pytest.fixture
def action(council):
    """An action that is done and that the team manager must agree to close."""
    data = read_document(PACK.read_text()).data
    data["clocks"][ACTION] = clock("head of service")
    data["actions"]["gates"] = {"agreed": {"consents": [{"clock": ACTION}], "says": "Ask first."}}
    publish_pack(document=write_document(data))
    discuss(council, response_to(council), agreed(council, severity="low", proof=""))
    found = Action.objects.get()
    assert not Task.objects.filter(kind=ACTION).exists()
    return finish_action(found, evidence="", by=council.priya, at=LATER)


def test_an_action_is_closed_once_those_asked_have_consented(council, action):
    with pytest.raises(Refused, match="Ask first. Still missing: the consent of the head of service"):
        close_action(action, by=council.theo, at=LATER)
    with pytest.raises(Refused, match="Only the head of service"):
        consent_to_closing(action, "agreed", ACTION, by=council.theo, at=LATER)
    assert Task.objects.open().filter(kind=ACTION).exists()

    consent_to_closing(action, "agreed", ACTION, by=council.hana, at=LATER)
    assert not Task.objects.open().filter(kind=ACTION).exists()
    withdraw_consent_to_closing(action, "agreed", by=council.hana, at=LATER)
    assert Task.objects.open().filter(kind=ACTION).exists()
    consent_to_closing(action, "agreed", ACTION, by=council.hana, at=LATER)

    assert close_action(action, by=council.theo, at=LATER).state == "closed"
    assert Consent.objects.order_by("pk").last().ended_as == "passed"
    with pytest.raises(Refused, match="Nothing waits"):
        withdraw_consent_to_closing(action, "agreed", by=council.hana, at=LATER)
