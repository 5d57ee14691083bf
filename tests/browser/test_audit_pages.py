"""Every page of an audit, for the checker of accessibility, at three widths and with things in it."""

import pytest

from goldenthread.audits import operations
from goldenthread.findings.operations import Found
from goldenthread.rules.forms import Given
from tests.browser.conftest import assert_accessible
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db(transaction=True)
AT = moment("2026-11-05T10:00")
LONG = "https://example.org/" + "very-long-address-without-a-break/" * 8


@pytest.fixture
def council():
    return make_council()


def check(page, audit, *pages):
    for more in pages:
        page.goto(f"/audits/{audit.public_id}/{more}")
        assert page.locator("h1").count() == 1, more
        assert_accessible(page)


def test_the_auditors_pages_before_the_conversation(page, sign_in, council):
    audit = make_audit(council)
    for version in range(2):
        operations.save_answer(
            audit, "voice heard", Given(f"{LONG}{version}"), expected=version, by=council.ada, at=AT
        )
    operations.note_finding(audit, Found("good", LONG, theme="voice"), by=council.ada, at=AT)
    sign_in(council.ada)

    page.goto("/audits/")
    assert_accessible(page)
    check(page, audit, "", "sections/basics/", "sections/voice/", "sections/overall/", "answers/voice heard/")
    check(page, audit, "findings/", "report/", "conversation/")


def test_the_auditors_pages_after_the_conversation(page, sign_in, council):
    audit = make_audit(council, "discussed", grade="requires improvement")
    sign_in(council.ada)

    check(
        page, audit, "", "sections/voice/", "grades/voice/", "conversation/record/", "conversation/arrange/"
    )


def test_the_quality_teams_pages(page, sign_in, council):
    audit = make_audit(council, "checking", grade="inadequate", second="requires improvement")
    sign_in(council.quinn)

    check(page, audit, "", "check/", "sections/voice/")


def test_the_final_report_and_its_case_note(page, sign_in, council):
    audit = make_audit(council, "final", grade="inadequate")
    sign_in(council.ada)

    check(page, audit, "", "report/", "case-note/")


def test_what_a_practitioner_sees_before_the_report_is_final(page, sign_in, council):
    audit = make_audit(council, "drafted")
    sign_in(council.priya)

    check(page, audit, "", "conversation/")


def test_a_clash_and_a_page_with_faults_are_accessible_too(page, sign_in, council):
    audit = make_audit(council)
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/sections/voice/")
    operations.save_answer(audit, "voice heard", Given("Theirs."), expected=0, by=council.ada, at=AT)
    page.locator("#q1").fill("Mine.")
    page.get_by_role("button", name="Keep mine").first.wait_for()

    assert_accessible(page)
    page.goto(f"/audits/{make_audit(council, 'drafted').public_id}/conversation/record/")
    page.get_by_role("button", name="Save").click()
    assert_accessible(page)


def test_the_case_note_is_copied_with_a_button(page, context, sign_in, council):
    audit = make_audit(council, "final")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/case-note/")

    page.get_by_role("button", name="Copy the text").click()

    page.get_by_text("Text copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#note-text").input_value()
