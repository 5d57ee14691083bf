"""What follows a look at which an action had not worked, as its framework says."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import escalate_late_work, reply_about_late_work
from goldenthread.improvement.models import Action
from goldenthread.improvement.operations import close_action, finish_action
from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from tests.make import PACK, make_council, moment, publish_pack
from tests.operations.test_follow_up import LATER, action_of, look, owing

pytestmark = pytest.mark.django_db
INSTEAD = "Theo reads each plan with the worker before it is signed"


def with_consequence(**said):
    """The shipped framework, with something that follows a sample at which an action had not worked."""
    data = read_document(PACK.read_text()).data
    data["actions"]["proofs"]["sample"]["if_not"] = said
    if said["then"] == "more time":
        data["clocks"]["give longer"] = {
            "title": "Look once more",
            "length": "6 weeks",
            "starts": "the look before",
            "owed_by": "quality team",
        }
    if said["then"] == "a ladder":
        data["clocks"]["reply"] = {
            "title": "Reply", "length": "5 working days", "starts": "the look", "owed_by": "head of service",
        }  # fmt: skip
        rungs = [{"role": "head of service", "clock": "reply"}, {"role": "quality manager", "clock": "reply"}]
        data["ladders"] = {"not worked": {"title": "Has not worked", "rungs": rungs}}
    return write_document(data)


def finished(council, **said):
    publish_pack(document=with_consequence(**said))
    return finish_action(action_of(council), evidence="", by=council.priya, at=LATER)


@pytest.fixture
def council():
    return make_council()


def test_another_action_takes_its_place_with_the_same_proof(council):
    action = finished(council, then="another action")
    with pytest.raises(Refused, match="say what will be done instead"):
        look(council, action, held=False)
    with pytest.raises(Refused, match="Say again what will be done instead"):
        look(council, action, held=False, instead="Remind staff of it")
    assert action.verifications.count() == 0

    action = look(council, action, held=False, instead=INSTEAD)

    other = Action.objects.get(replaces=action)
    assert (action.state, action.closed_by, action.verified_at) == ("closed", council.quinn, None)
    assert (other.state, other.owner, other.proof, other.text) == (
        "open",
        action.owner,
        action.proof,
        INSTEAD,
    )
    assert owing(council.priya, "do the action").get().about_id == other.public_id
    assert not Task.objects.open().about("action", action.public_id).exists()
    with pytest.raises(Refused, match="not done yet"):
        close_action(other, by=council.theo, at=LATER)


def test_more_time_is_given_so_often_and_then_the_action_is_open_again(council):
    action = finished(council, then="more time", clock="give longer", times=1)

    action = look(council, action, held=False)

    assert action.state == "done" and action.done_by == council.priya
    task = owing(council.quinn, "give longer").get()
    assert timezone.localdate(task.due_at) == date(2027, 1, 31)
    action = look(council, action, held=False, on=date(2027, 1, 20))
    assert action.state == "open" and owing(council.priya, "do the action").exists()
    assert not owing(council.quinn, "give longer").exists()


def test_more_time_may_be_all_that_it_needed(council):
    action = look(council, finished(council, then="more time", clock="give longer"), held=False)

    assert look(council, action, held=True, on=date(2027, 1, 20)).state == "verified"
    assert owing(council.theo, "close the action").exists()


def test_a_ladder_asks_those_above_until_one_replies(council):
    action = look(council, finished(council, then="a ladder", ladder="not worked"), held=False)

    assert action.state == "open" and owing(council.priya, "do the action").exists()
    late = LateWork.objects.get()
    assert [stage.role for stage in late.stages.all()] == ["head of service"]
    at = moment("2027-01-20T12:00")
    assert escalate_late_work(at=at) == 1
    assert [stage.role for stage in late.stages.order_by("number")] == ["head of service", "quality manager"]
    reply_about_late_work(late, said="I talk with Theo.", by=council.quality_manager, at=at)
    late.refresh_from_db()
    assert late.ended_at == at and escalate_late_work(at=at) == 0


def test_the_ledger_says_what_followed(council):
    look(council, finished(council, then="another action"), held=False, instead=INSTEAD)

    values = {one.name: one.after for one in changes_of(Event.objects.get(what="action.verify"))}
    assert values["then"] == "another action"
    assert values["other action"] == Action.objects.get(text=INSTEAD).public_id


def test_the_page_asks_what_will_be_done_instead_and_leads_to_it(client, council):
    action = finished(council, then="another action")
    Action.objects.update(done_at=timezone.now() - timedelta(days=90))
    client.force_login(council.quinn)
    address = reverse("show_action", args=[action.public_id])
    assert "what will be done instead" in client.get(address).text
    said = {"looked_on": f"{timezone.localdate():%d/%m/%Y}", "held": "no", "found": "Five read."}

    kept = client.post(reverse("verify_action", args=[action.public_id]), said)

    assert "say what will be done instead" in kept.text and "Five read." in kept.text
    client.post(reverse("verify_action", args=[action.public_id]), said | {"instead": INSTEAD})
    shown = client.get(address).text
    other = Action.objects.get(replaces=action)
    assert reverse("show_action", args=[other.public_id]) in shown and "another follows" in shown
    assert address in client.get(reverse("show_action", args=[other.public_id])).text
