"""A journey: an audit is discussed, its action is done, looked at and closed; each page at three widths."""

import pytest

from goldenthread.improvement.models import Action
from tests.browser.conftest import assert_accessible
from tests.make import make_council, publish_pack
from tests.operations.test_follow_up import agreed, discuss, response_to

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_discussion_is_recorded_with_an_action_that_is_asked_about(page, sign_in):
    council = make_council()
    publish_pack()
    response = response_to(council)

    # given a manager who has a discussion to record
    sign_in(council.theo)
    page.goto(f"/audits/{response.audit.public_id}/")
    page.get_by_role("link", name="Discussion with actions, within 5 working days").click()
    assert_accessible(page)
    page.get_by_role("button", name="Record the discussion").click()
    assert_accessible(page)

    # when an action says nothing that anybody could see
    page.get_by_label("Day on which it was held").fill("03/11/2026")
    page.get_by_label("What was discussed").fill("How the risk was described.")
    first = page.locator("#action-1")
    first.get_by_label("What exactly will be done").fill("Remind staff to record capacity")
    first.get_by_label("Who does it").select_option(label="Priya")
    first.get_by_label("What is it about?").select_option(label="The worker")
    first.get_by_label("Kind of action").select_option(label="Training need")
    first.get_by_label("How much does it matter?").select_option(label="Significant")
    first.get_by_label("How will it be shown").select_option(label="Observation of practice")
    page.get_by_role("button", name="Save the record").click()

    # then it is questioned, and what was typed is still there
    page.get_by_text("does not say what will be different").first.wait_for()
    assert_accessible(page)
    first.get_by_label("What exactly will be done").fill("Priya sits in on two capacity assessments")
    page.get_by_role("button", name="Save the record").click()
    page.get_by_text("The discussion is recorded").wait_for()
    assert_accessible(page)


def test_an_action_is_done_before_it_is_looked_at(page, sign_in):
    council = make_council()
    publish_pack()
    discuss(council, response_to(council), agreed(council, proof="observation"))
    action = Action.objects.get()

    sign_in(council.priya)
    page.goto(f"/actions/{action.public_id}/")
    assert_accessible(page)
    page.get_by_role("button", name="Record that it is done").click()
    page.get_by_text("Until it is shown to have worked, the action stays open.").wait_for()

    sign_in(council.theo)
    page.goto(f"/actions/{action.public_id}/")
    assert_accessible(page)
    page.goto("/actions/")
    assert_accessible(page)
