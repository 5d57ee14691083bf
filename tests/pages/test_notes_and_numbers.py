"""Notes, whole numbers and limits in the form of an audit: shown, saved, missed, and in the report."""

import pytest

from goldenthread.audits.models import Answer
from goldenthread.audits.sheets import sheet_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.forms import missing
from tests.make import PACK, make_audit, make_council, publish_pack

pytestmark = pytest.mark.django_db
ASKED = """        questions:
          - key: read first
            text: Open the file before you begin.
            type: note
          - key: visits
            text: How many visits were there?
            type: whole number
            at_least: 0
            at_most: 99
"""


@pytest.fixture
def audit():
    publish_pack(document=PACK.read_text().replace("        questions:\n", ASKED, 1))
    return make_audit(make_council())


@pytest.fixture
def ada(client, audit):
    client.force_login(audit.auditor)
    return client


def address(audit):
    return f"/audits/{audit.public_id}/sections/basics/"


def test_a_note_is_shown_without_anything_to_fill_in(ada, audit):
    page = ada.get(address(audit)).text

    assert "Open the file before you begin." in page
    assert "read first" not in page


def test_the_limits_of_a_number_stand_at_its_field(ada, audit):
    page = ada.get(address(audit)).text

    assert "From 0 to 99." in page
    assert 'inputmode="numeric"' in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [("1.5", "Enter a whole number, such as 12."), ("100", "Enter a number that is 99 or less.")],
)
def test_a_number_that_does_not_fit_is_refused_and_stays_in_the_field(ada, audit, typed, says):
    page = ada.post(address(audit), {"value:visits": typed, "stay": "yes"})

    assert page.status_code == 422
    assert says in page.text
    assert f'value="{typed}"' in page.text
    assert not Answer.objects.exists()


def test_a_number_that_fits_is_saved_and_autosaved(ada, audit):
    ada.post(address(audit), {"value:visits": " 7 ", "stay": "yes"})
    saved = ada.post(
        f"/audits/{audit.public_id}/save-answer/", {"question": "visits", "value:visits": "8", "version": "1"}
    )

    assert saved.status_code == 200
    assert Answer.objects.get().value == "8"


def test_a_note_takes_no_answer_from_anywhere(ada, audit):
    saved = ada.post(
        f"/audits/{audit.public_id}/save-answer/",
        {"question": "read first", "value:read first": "x", "version": "0"},
    )

    assert saved.status_code == 422
    assert "This is a note and takes no answer." in saved.text
    assert not Answer.objects.exists()


def test_a_note_is_neither_missing_nor_in_the_report(audit):
    sheet = sheet_of(audit)

    lacking = [sentence for *_, sentence in missing(sheet.form, sheet.given, sheet.known)]
    lines = [
        line.question
        for chapter in report_of(audit, on=audit.cycle_closes_on).chapters
        for line in chapter.lines
    ]
    assert "Answer “How many visits were there?”" in lacking
    assert not any("Open the file" in sentence for sentence in lacking)
    assert "How many visits were there?" in lines
    assert "Open the file before you begin." not in lines


def test_the_preview_shows_both(client, audit):
    client.force_login(audit.auditor)
    version = audit.version

    page = client.get(f"/frameworks/{version.framework.public_id}/versions/1/forms/case audit/").text

    assert "Open the file before you begin." in page
    assert "Answer: A whole number. From 0 to 99." in page
