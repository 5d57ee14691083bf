"""Rows of a section are added, filled in, moved and taken out by keyboard, and nothing is lost (1.6)."""

import pytest
from playwright.sync_api import expect

from goldenthread.audits.models import Answer, Row
from goldenthread.audits.sheets import sheet_of
from tests.browser.conftest import assert_accessible
from tests.make import make_council
from tests.rows_kit import add, audit_with_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def audit():
    return audit_with_rows(make_council())


@pytest.fixture
def rows_page(page, sign_in, audit):
    """The section's page, opened by Ada."""
    sign_in(audit.auditor)
    page.goto(section(audit))
    return page


def section(audit):
    return f"/audits/{audit.public_id}/sections/visits/"


def labels(audit):
    return [row.label for row in sheet_of(audit).rows.get("visits", ())]


def reach(page, name, role="button"):
    """Go by the tabulator key to what has this name."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"The tabulator key does not reach {name}.")


def test_rows_are_added_filled_in_moved_and_taken_out_by_keyboard_alone(rows_page, audit):
    page = rows_page
    reach(page, "New row: date of the visit", "textbox")
    page.keyboard.type("3 May")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1. 3 May")).to_be_visible()

    reach(page, "Yes", "radio")
    page.keyboard.press("Space")
    expect(page.locator("#q1-state")).to_contain_text("Saved at")
    reach(page, "Save and add another row")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Row 2")).to_be_visible()
    reach(page, "Date of the visit", "textbox")
    page.keyboard.type("9 May")
    page.keyboard.press("Tab")
    expect(page.locator("#row-name-state")).to_contain_text("Saved at")
    assert_accessible(page)
    reach(page, "Save and go back to the rows")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="2. 9 May")).to_be_visible()
    assert_accessible(page)
    reach(page, "Move down 1. 3 May")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="2. 3 May")).to_be_visible()
    reach(page, "Take out 1. 9 May")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rows that were taken out (1)")).to_be_visible()
    assert_accessible(page)

    assert labels(audit) == ["1. 3 May"]
    assert Answer.objects.get().value == "yes"
    assert Row.objects.count() == 2


def test_a_page_loaded_anew_in_the_middle_of_a_save_loses_and_doubles_nothing(rows_page, audit):
    page, row = rows_page, add(audit, "3 May")
    page.goto(f"{section(audit)}rows/{row.public_id}/")
    page.on("dialog", lambda dialog: dialog.accept())
    cut = []

    def reply_is_lost(route):
        cut.append(route.fetch())
        route.abort()

    page.route("**/save-answer/", reply_is_lost, times=1)
    page.get_by_label("No", exact=True).check()
    page.wait_for_function("() => document.querySelector('#q1-state').textContent.includes('Not saved yet')")
    page.reload()

    expect(page.get_by_label("No", exact=True)).to_be_checked()
    page.get_by_label("Why not?", exact=True).fill("Away")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_label("Why not?", exact=True)).to_have_value("Away")
    given = {answer.question: answer.value for answer in Answer.objects.filter(row=row)}
    assert given == {"seen alone": "no", "why not": "Away"}
    assert Answer.objects.get(question="seen alone").versions.count() == 1
    assert len(cut) == 1


def test_the_name_and_an_answer_typed_while_there_is_no_connection_are_sent_when_it_is_back(rows_page, audit):
    page, row = rows_page, add(audit, "3 May")
    page.goto(f"{section(audit)}rows/{row.public_id}/")
    page.context.set_offline(True)
    page.get_by_label("Date of the visit", exact=True).fill("4 May")
    expect(page.locator("#row-name-state")).to_contain_text("What you wrote is still here")
    page.get_by_label("Yes", exact=True).check()

    page.context.set_offline(False)

    expect(page.locator("#row-name-state")).to_contain_text("Saved at")
    expect(page.locator("#q1-state")).to_contain_text("Saved at")
    assert labels(audit) == ["1. 4 May"]
    assert Answer.objects.get().value == "yes"
