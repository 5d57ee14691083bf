"""Picking a person, signing and attaching with JavaScript, on a narrow screen too."""

import pytest
from playwright.sync_api import expect

from goldenthread.audits.models import Answer, AttachedFile
from tests.answer_packs import PEOPLE, with_questions
from tests.browser.conftest import assert_accessible
from tests.make import make_audit, make_council, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
PAPERS = {"key": "papers", "text": "Which papers show it?", "type": "file", "required": False}
PDF = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 the plan"}


@pytest.fixture
def form(page, sign_in, client):
    """The section that asks for them, opened by Ada."""
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=with_questions([*PEOPLE, PAPERS])))
    sign_in(council.ada)
    page.goto(f"/audits/{audit.public_id}/sections/closing/")
    return page


def test_a_person_is_saved_when_picked_and_a_signature_when_ticked(form):
    form.get_by_label("Choose from the list: Who manages the work?").select_option("Theo")
    expect(form.locator("#q2-state")).to_contain_text("Saved at")
    form.get_by_label("I sign this: Signed by the auditor").check()
    expect(form.get_by_text("Signed by Ada, Auditor, on")).to_be_visible()
    form.get_by_label("I sign this: Signed by the auditor").uncheck()
    expect(form.get_by_text("Signed by Ada, Auditor, on")).not_to_be_visible()

    expect(form.locator("#q3-state")).to_contain_text("Saved at")
    assert Answer.objects.get(question="manager").value[1] == "Theo"
    assert Answer.objects.get(question="signed").value == ""


def test_a_file_is_attached_saved_and_taken_out_and_the_page_stays_usable(form):
    form.get_by_label("Choose files: Which papers show it?").set_input_files(PDF)
    form.get_by_role("button", name="Attach what was chosen").click()
    with form.expect_download() as download:
        form.get_by_role("link", name="Download plan.pdf").click()
    assert download.value.suggested_filename == "plan.pdf"

    form.set_viewport_size({"width": 320, "height": 800})
    assert form.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(form)
    form.get_by_label("Keep plan.pdf").uncheck()
    expect(form.locator("#q5-state")).to_contain_text("Saved at")
    assert Answer.objects.get(question="papers").value == ""
    assert AttachedFile.objects.count() == 1
