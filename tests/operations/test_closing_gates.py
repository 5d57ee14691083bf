"""Gates before an action is closed: what blocks, who passes with which reason, and what is kept of it."""

import json

import pytest

from goldenthread.audits.models import Hold
from goldenthread.improvement.models import Action, ClosingPass
from goldenthread.improvement.operations import close_action, finish_action
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from tests.make import PACK, make_council, publish_pack
from tests.operations.test_follow_up import LATER, agreed, discuss, response_to

pytestmark = pytest.mark.django_db

NO_OTHERS = {
    "open_if": {
        "any": [{"fact": "other open actions", "is": 0}, {"fact": "action kind", "is": "training need"}]
    },
    "says": "Close the other actions of this audit first.",
    "passed_by": ["quality team"],
}
NO_DISPUTE = {"open_if": {"fact": "open disputes", "is": 0}, "says": "Wait until the dispute is settled."}


@pytest.fixture
def council():
    council = make_council()
    data = read_document(PACK.read_text()).data
    data["actions"]["gates"] = {"alone": NO_OTHERS, "undisputed": NO_DISPUTE}
    publish_pack(document=write_document(data))
    return council


@pytest.fixture
def actions(council):
    """Two small actions of one audit, both done."""
    small = {"severity": "low", "proof": ""}
    discuss(council, response_to(council), agreed(council, **small), agreed(council, **small))
    found = list(Action.objects.order_by("pk"))
    return [finish_action(one, evidence="", by=council.priya, at=LATER) for one in found]


def close(council, action, by="theo", **said):
    return close_action(action, by=getattr(council, by), at=LATER, **said)


def test_an_action_stays_open_while_a_gate_is_shut(council, actions):
    with pytest.raises(Refused, match="cannot be closed yet. Close the other actions of this audit first."):
        close(council, actions[0], passing="It is urgent.")

    assert Action.objects.get(pk=actions[0].pk).state == "done"
    assert not ClosingPass.objects.exists() and not Event.objects.filter(what="action.close").exists()


def test_whoever_may_closes_it_nevertheless_with_a_reason_and_then_the_gate_is_open(council, actions):
    with pytest.raises(Refused, match="You may close it nevertheless: say why"):
        close(council, actions[0], by="quinn", passing="  ")

    assert close(council, actions[0], by="quinn", passing="The other waits for a date.").state == "closed"

    kept = ClosingPass.objects.get()
    assert (kept.gate, kept.because, kept.passed_by) == (
        "alone",
        "The other waits for a date.",
        council.quinn,
    )
    event = Event.objects.get(what="action.close")
    assert json.loads(event.recorded.values) == {"passed": {"gates": ["alone"], "because": kept.because}}
    assert close(council, actions[1]).state == "closed", "nothing else is open now"


def test_whoever_passes_gates_closes_nothing_where_none_is_shut(council, actions):
    close(council, actions[0], by="quinn", passing="The other waits for a date.")

    with pytest.raises(Refused, match="those who have it in their tasks"):
        close(council, actions[1], by="quinn", passing="I may.")


def test_a_gate_that_nobody_passes_holds_for_everybody(council, actions):
    audit = actions[0].response.audit
    Hold.objects.create(
        audit=audit, about_kind="dispute", about_id="one", placed_by=council.ada, placed_at=LATER
    )

    with pytest.raises(Refused, match="those who have it in their tasks"):
        close(council, actions[0], by="quinn", passing="I may.")
    with pytest.raises(Refused, match="Close the other actions.*Wait until the dispute is settled."):
        close(council, actions[0])

    Hold.objects.update(lifted_at=LATER, lifted_by=council.ada)
    assert close(council, actions[0], by="quinn", passing="The other waits for a date.").state == "closed"
