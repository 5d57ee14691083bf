"""A gate of the framework keeps a step from being taken, and is passed by those named, with a reason."""

import pytest

from goldenthread.audits.filing import note_for
from goldenthread.audits.models import GatePass
from goldenthread.audits.operations import take_step
from goldenthread.escalations.operations import Point, answer_alert, raise_alert, raise_dispute
from goldenthread.ledger.models import Event, EventValues
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from tests.make import PACK, make_audit, make_council, moment, publish_pack

AT = moment("2026-11-02T10:00")
SAYS = "A safety alert of this audit is not resolved yet; see to it first."
pytestmark = pytest.mark.django_db


def with_gate(**gate):
    """The pack with a gate before filing."""
    data = read_document(PACK.read_text()).data
    data["gates"] = {
        "alerts": {
            "steps": ["file"],
            "open_if": {"fact": "open alerts", "is": 0},
            "says": SAYS,
            "passed_by": ["quality team"],
            **gate,
        }
    }
    return write_document(data)


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=with_gate())
    return council


@pytest.fixture
def audit(council):
    return make_audit(council, state="final")


def file(audit, by, **named):
    return take_step(audit, "file", by=by, at=AT, case_note=note_for(audit, at=AT), **named)


def test_a_gate_is_open_while_its_condition_holds(council, audit):
    assert file(audit, council.ada).phase == "filed"


def test_a_shut_gate_refuses_the_step_with_its_sentence_until_it_is_open(council, audit):
    alert = raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)
    with pytest.raises(Refused, match=SAYS):
        file(audit, council.ada, passing="It cannot wait.")

    answer_alert(alert, said="Safe.", resolved=True, by=council.theo, at=AT)

    assert file(audit, council.ada).phase == "filed"
    assert not GatePass.objects.exists()


def test_a_gate_may_wait_until_an_alert_was_raised_and_does_not_shut_once_it_is_resolved(council):
    publish_pack(document=with_gate(open_if={"fact": "alerts raised", "at_least": 1}))
    audit = make_audit(council, state="final")
    with pytest.raises(Refused, match=SAYS):
        file(audit, council.ada)
    alert = raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)

    answer_alert(alert, said="Safe.", resolved=True, by=council.theo, at=AT)

    assert file(audit, council.ada).phase == "filed"


def test_those_named_pass_it_and_their_reason_is_kept(council, audit):
    raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)
    with pytest.raises(Refused, match="say why"):
        file(audit, council.quinn)

    file(audit, council.quinn, passing="The court asked for it.")

    passed = GatePass.objects.get()
    assert (passed.gate, passed.step, passed.because) == ("alerts", "file", "The court asked for it.")
    assert passed.passed_by == council.quinn
    event = Event.objects.get(what="audit.file")
    assert "The court asked for it." in EventValues.objects.get(event=event).values


def test_a_dispute_s_hold_is_no_gate_and_is_passed_by_nobody(council, audit):
    raise_dispute(audit, [Point("overall", "In time.", "Page 2")], by=council.priya, at=AT)

    with pytest.raises(Refused, match="once the dispute has ended"):
        file(audit, council.quinn, passing="The court asked for it.")


def test_the_page_says_it_is_held_and_offers_to_pass_it_to_those_who_may(client, council, audit):
    raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)

    for person, offered in ((council.ada, False), (council.quinn, True)):
        client.force_login(person)
        page = client.get(f"/audits/{audit.public_id}/case-note/").text
        assert f"Held: {SAYS}" in page
        assert ("Say why" in page) is offered


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ({"steps": ["fly"]}, "There is no step “fly”"),
        ({"passed_by": ["king"]}, "There is no role “king”"),
        ({"open_if": {"fact": "open windows", "is": 0}}, "There is no fact “open windows”"),
    ],
)
def test_a_gate_that_names_what_is_not_there_is_a_fault(gate, said):
    assert any(said in str(fault) for fault in faults(with_gate(**gate)))
