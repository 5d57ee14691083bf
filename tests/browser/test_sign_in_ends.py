"""The warning before a sign-in ends: shown in time, answered from the keyboard, and true about the end."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goldenthread.governance.break_glass import break_glass
from goldenthread.people.models import Session
from goldenthread.people.operations.sessions import end_sessions
from tests.browser.conftest import assert_accessible
from tests.make import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(settings, sign_in):
    """Signed in where two minutes without use are too long, and a warning comes 118 seconds before."""
    settings.IDLE_SECONDS = 120
    settings.SESSION_COOKIE_AGE = 3600
    person = make_person("Ada Auditor")
    sign_in(person)
    return person


@pytest.fixture
def soon(monkeypatch):
    """Warn almost at once."""
    monkeypatch.setattr("goldenthread.web.people.sessions.warned_before", lambda: 118)


def test_somebody_warned_stays_signed_in_from_the_keyboard(page, ada, soon):
    page.goto("/sign-ins/")
    warning = page.get_by_role("alertdialog")

    expect(warning).to_contain_text("You will be signed out in")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Enter")

    expect(warning).to_be_hidden()


def test_the_page_says_that_a_sign_in_was_ended_and_keeps_what_was_typed(page, ada, soon):
    page.goto("/tasks/my-notices/")
    end_sessions(ada, Session.Ended.BY_ADMINISTRATOR)

    expect(page.get_by_role("alertdialog")).to_contain_text("An administrator ended your sign-in")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    page.keyboard.press("Escape")

    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_page_that_is_used_in_time_shows_no_warning(page, ada):
    page.goto("/sign-ins/")
    page.wait_for_timeout(1500)

    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_the_pages_about_leaving_and_emergencies_are_accessible(page, sign_in):
    alex, bea = make_person("Alex Admin", is_administrator=True), make_person("Bea Breakglass")
    break_glass(person=bea, reason="Nobody can be reached", hours=2, by=None, at=timezone.now())
    for person in (alex, bea):
        sign_in(person)
        for address in ("break-glass/", "left-behind/", f"{bea.public_id}/leaves/", f"{bea.public_id}/"):
            page.goto(f"/people/{address}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert_accessible(page)
    page.goto("/ledger/reads/")
    assert_accessible(page)
