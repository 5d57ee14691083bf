"""A journey: a practitioner disagrees with a report, they meet, and a grade changes."""

import os

import pytest
from django.utils import timezone

from tests.browser.conftest import assert_accessible
from tests.make import make_audit, make_council

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def look(page, name):
    if SHOTS:
        for width in (1280, 640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)


def test_a_practitioner_disputes_a_report_and_a_grade_changes(page, sign_in):
    council = make_council()
    audit = make_audit(council, state="final", grade="requires improvement", at=timezone.localtime())

    # given a practitioner who disagrees
    sign_in(council.priya)
    page.goto(f"/audits/{audit.public_id}/")
    page.get_by_role("link", name="Dispute the report").click()
    look(page, "raise")

    # when she says what and why
    page.get_by_text("Overall", exact=True).click()
    page.locator("#id_reasons-overall").fill("The visit was in time.")
    page.get_by_role("button", name="Raise the dispute").click()
    look(page, "refused")
    page.locator("#id_evidence-overall").fill("Case note of 3 August.")
    page.get_by_role("button", name="Raise the dispute").click()
    look(page, "raised")

    # then the auditor sees what is held, meets her, and changes the grade
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/")
    page.get_by_text("Held: The report is disputed.").first.wait_for()
    look(page, "held")
    page.get_by_role("link", name="Dispute of").click()
    look(page, "meeting")
    page.get_by_label("Who took part?").fill("Ada and Priya")
    page.get_by_label("What was discussed?").fill("The visit of 3 August.")
    page.get_by_role("button", name="Record the meeting").click()
    page.get_by_text("Change grades", exact=True).click()
    look(page, "answer")
    page.get_by_label("One or more grades change").check()
    page.get_by_label("Overall").select_option(label="Good")
    page.get_by_label("The answer in writing").fill("The case note shows it.")
    page.get_by_role("button", name="Record the answer").click()

    # and she accepts it
    sign_in(council.priya)
    page.goto("/disputes/")
    look(page, "list")
    page.get_by_role("link", name=audit.number).click()
    look(page, "reply")
    page.get_by_label("Yes, the dispute ends").check()
    page.get_by_role("button", name="Record your reply").click()
    page.get_by_role("link", name="See the audit").click()
    page.get_by_role("columnheader", name="After dispute").wait_for()
    look(page, "ended")
