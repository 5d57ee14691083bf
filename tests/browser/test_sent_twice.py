"""A button pressed twice, the way back after it, and a sign-in that ends while somebody types."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from goldenthread.audits.models import Audit
from goldenthread.escalations.models import Alert
from goldenthread.ledger.models import Event
from goldenthread.people.models import Session
from goldenthread.people.operations.sessions import end_sessions
from goldenthread.programmes.models import Cycle
from goldenthread.tasks.models import Notice
from tests.make import (
    grade_everything,
    make_audit,
    make_council,
    make_person,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db(transaction=True)
CONCERN = "Bruises on both arms."


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def plain(browser, live_server, client, council):
    """Ada's browser without JavaScript, in which nothing holds a second click back."""
    profile = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    client.force_login(council.ada)
    name = "goldenthread_session"
    profile.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    yield profile.new_page()
    profile.close()


def happened(what):
    """How often an event stands in the ledger."""
    return Event.objects.filter(what=what).count()


def nobody_told_twice():
    """Whether each notice was written once."""
    return len(set(Notice.objects.values_list("key", "to"))) == Notice.objects.count()


def test_a_month_whose_button_is_pressed_twice_is_sent_once_and_again_after_the_way_back(
    page, sign_in, council
):
    publish_pack()
    make_training(council.ada)
    for number in range(6):
        make_subject(f"C{number}", unit=council.team, practitioner=make_person(f"Worker {number}"))
    call_command("draw_month", "2027-01", "--theme", "Visits", "--seed", "314159")
    cycle = Cycle.objects.get(label="2027-01")
    sign_in(council.quinn)
    page.goto(f"/programme/{cycle.public_id}/send/")

    page.get_by_role("button", name="Send the audits").dblclick()
    page.get_by_text("sent", exact=False).first.wait_for()
    sent = Audit.objects.count()
    page.go_back()
    again = page.get_by_role("button", name="Send the audits")
    if again.count():
        again.click()
        page.get_by_text("were sent already").wait_for()

    assert sent
    assert Audit.objects.count() == sent
    assert happened("cycle.send") == 1
    assert nobody_told_twice()


def ready(council):
    """An audit that can be sent to the quality team."""
    audit = make_audit(council, "discussed")
    grade_everything(audit, "good", at=moment("2026-11-05T10:00"))
    return audit


@pytest.mark.parametrize("way", ["twice by mouse", "twice by keyboard", "without a script"])
def test_an_audit_whose_button_is_pressed_twice_is_sent_once(page, plain, sign_in, council, way):
    audit = ready(council)
    sign_in(council.ada)
    page = plain if way == "without a script" else page
    page.goto(f"/audits/{audit.public_id}/")
    button = page.locator("button[name=step][value=submit]")

    if way == "twice by keyboard":
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    else:
        button.dblclick()
    page.get_by_text("The audit is now: With the quality team").wait_for()
    page.go_back()

    assert Audit.objects.get(pk=audit.pk).state == "checking"
    assert happened("audit.submit") == 1
    assert nobody_told_twice()


@pytest.mark.parametrize("script", [True, False])
def test_an_alert_whose_button_is_pressed_twice_is_raised_once_and_again_after_the_way_back(
    page, plain, sign_in, council, script
):
    audit = make_audit(council)
    sign_in(council.ada)
    page = page if script else plain
    page.goto(f"/audits/{audit.public_id}/alert/")
    page.get_by_label("What are you worried about?").fill(CONCERN)

    page.get_by_role("button", name="Raise the alert").dblclick()
    page.get_by_role("cell", name="Theo").wait_for()
    page.go_back()
    page.get_by_label("What are you worried about?").fill(CONCERN)
    page.get_by_role("button", name="Raise the alert").click()
    page.get_by_role("cell", name="Theo").wait_for()

    assert Alert.objects.count() == 1
    assert happened("alert.raise") == 1
    assert nobody_told_twice()


def test_words_on_a_page_from_before_another_sign_in_are_given_back_to_be_copied(
    page, context, sign_in, council, settings
):
    settings.DEMO = True
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/alert/")
    page.get_by_label("What are you worried about?").fill(CONCERN)
    end_sessions(council.ada, Session.Ended.BY_ADMINISTRATOR)
    other = context.new_page()
    other.goto("/sign-in/")
    other.get_by_role("button", name="Ada").click()
    other.get_by_role("heading", name="My tasks").wait_for()

    page.get_by_role("button", name="Raise the alert").click()

    expect(page.get_by_text(CONCERN)).to_be_visible()
    expect(page.get_by_role("heading", name="This page is out of date")).to_be_visible()
    assert not Alert.objects.exists()
