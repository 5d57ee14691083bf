"""A journey: an auditor is worried, the team manager is told at once and answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import start_task
from goldenthread.tasks.queries import Standing
from tests.browser.conftest import assert_accessible
from tests.make import make_audit, make_council

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def council():
    return make_council()


def test_an_auditor_raises_an_alert_and_it_is_answered_in_two_stages(page, sign_in, council):
    audit = make_audit(council)

    # given an auditor who reads a file
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/")

    # when something in it worries her
    page.get_by_role("link", name="Raise a safety alert").click()
    assert_accessible(page)
    page.get_by_role("button", name="Raise the alert").click()
    page.get_by_role("link", name="Answer “What are you worried about?”").wait_for()
    assert_accessible(page)
    page.get_by_label("What are you worried about?").fill("Bruises on both arms.")
    page.get_by_role("button", name="Raise the alert").click()

    # then she sees who was told, and the team manager has it at the top
    page.get_by_role("cell", name="Theo").wait_for()
    assert_accessible(page)
    sign_in(council.theo)
    page.goto("/")
    assert_accessible(page)
    page.get_by_role("link", name="Answer the safety alert").click()
    page.get_by_label("What was done, and what came of it?").fill("Visited. She is safe.")
    page.get_by_label("No, it goes to the head of service now").check()
    page.get_by_role("button", name="Record the answer").click()
    page.get_by_role("heading", name="Stage 2: head of service").wait_for()
    assert_accessible(page)

    # and the head of service, asked in turn, resolves it
    sign_in(council.hana)
    page.goto("/")
    page.get_by_role("link", name="Answer the safety alert").click()
    page.get_by_label("What was done, and what came of it?").fill("Seen by a doctor. She is safe.")
    page.get_by_label("Yes, the person is safe").check()
    page.get_by_role("button", name="Record the answer").click()
    page.get_by_text("The alert is resolved.").wait_for()
    assert_accessible(page)
    page.goto("/alerts/")
    assert_accessible(page)
    page.goto("/tasks/finished/")
    page.get_by_role("link", name="Answer the safety alert").wait_for()
    assert_accessible(page)


def test_my_tasks_show_why_something_is_due_and_what_is_late(page, sign_in, council):
    now = timezone.localtime()
    audit = make_audit(council, cycle_closes_on=now.date() + timedelta(days=60))  # which is not late itself
    version = Version.objects.get()
    start_task(
        clock="amend",
        pack=pack_of(version),
        version=version,
        about=("audit", audit.public_id, "Case audit 2026-11/001"),
        standing=Standing(council.team, auditor=council.ada),
        at=now - timedelta(days=20),
    )
    sign_in(council.ada)
    page.goto("/tasks/")

    page.get_by_text("Overdue by").wait_for()
    reason = page.get_by_text("3 working days from its return")
    assert not reason.is_visible()
    page.locator("summary", has_text="Due").first.click()

    assert reason.is_visible()
    assert_accessible(page)


def test_notices_and_their_failures_can_be_read_at_every_width(page, sign_in, council):
    make_audit(council)
    Notice.objects.filter(to=council.ada).update(attempts=1, last_error="SMTPDataError: (451, 'later')")
    sign_in(council.ada)
    page.goto("/tasks/notices/")
    assert_accessible(page)

    sign_in(council.quality_manager)
    page.goto("/notices/")
    assert_accessible(page)
    page.get_by_role("button", name="Try again").first.click()

    page.get_by_text("The notice will be tried again").wait_for()


def test_the_demonstration_is_one_click_away(page, council, settings):
    settings.DEMO = True
    page.goto("/")
    assert_accessible(page)

    page.get_by_role("button", name="Quinn").click()

    page.get_by_role("heading", name="My tasks").wait_for()
    page.get_by_text("This is a made-up council").wait_for()
    assert_accessible(page)
