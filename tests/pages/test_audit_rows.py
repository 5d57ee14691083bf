"""The pages of a section that repeats: its rows, one row, and what readers and reports make of them."""

import io
import json

import pytest
from docx import Document
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from goldenthread.audits.models import Answer, Row
from goldenthread.audits.sheets import sheet_of
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.form_formats.fhir_answers import Answered, write_response
from tests.make import bring_to, make_council
from tests.rows_kit import AT, add, answer, audit_with_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit():
    return audit_with_rows(make_council())


@pytest.fixture
def ada(client, audit):
    client.force_login(audit.auditor)
    return client


def section(audit):
    return f"/audits/{audit.public_id}/sections/visits/"


def page_of(row):
    return f"{section(row.audit)}rows/{row.public_id}/"


def labels(audit):
    return [row.label for row in sheet_of(audit).rows.get("visits", ())]


def test_a_row_is_added_with_its_name_and_filled_in_on_its_own_page(ada, audit):
    page = ada.get(section(audit)).text
    assert "Add at least 2 rows, one for each visit sampled; there is none yet." in page
    assert "New row: date of the visit" in page

    added = ada.post(section(audit), {"rows": "add", "row-name": "3 May", "mark": "abcdefgh"})

    row = Row.objects.get()
    assert added["Location"] == page_of(row)
    assert "Was the person seen alone?" in ada.get(page_of(row)).text


def test_the_add_button_pressed_twice_adds_one_row(ada, audit):
    for _ in range(2):
        ada.post(section(audit), {"rows": "add", "row-name": "3 May", "mark": "abcdefgh"})

    assert Row.objects.count() == 1


@pytest.mark.parametrize("button", [{"stay": "yes"}, {"onwards": "yes"}, {"rows": "down:nothing"}])
def test_a_name_that_was_typed_adds_its_row_whatever_button_is_pressed(ada, audit, button):
    ada.post(section(audit), {"row-name": "3 May", "mark": "abcdefgh", **button})

    assert labels(audit) == ["1. 3 May"]


def test_a_row_is_saved_whole_without_a_script(ada, audit):
    row = add(audit, "3 May")
    key = f"seen alone@{row.public_id}"
    typed = {f"name:{row.public_id}": "4 May", f"version:name:{row.public_id}": "1", f"choice:{key}": "=no"}

    answered = ada.post(page_of(row), {**typed, f"version:{key}": "0", "stay": "yes"})

    assert answered["Location"] == page_of(row)
    assert labels(audit) == ["1. 4 May"]
    assert Answer.objects.get().row == row
    assert "Why not?" in ada.get(page_of(row)).text


def test_save_and_add_another_adds_one_row_however_often_it_is_sent(ada, audit):
    row = add(audit)

    for _ in range(2):
        answered = ada.post(page_of(row), {"another": "yes", "mark": "abcdefgh"})

    assert answered["Location"] == page_of(Row.objects.latest("pk"))
    assert Row.objects.count() == 2


def test_the_save_button_goes_from_row_to_row_and_back_to_the_rows(ada, audit):
    first, second = add(audit), add(audit)

    assert ada.post(page_of(first), {"onwards": "yes"})["Location"] == page_of(second)
    assert ada.post(page_of(second), {"onwards": "yes"})["Location"] == section(audit)


def test_rows_are_moved_taken_out_and_put_back_by_their_buttons(ada, audit):
    first, second = add(audit, "a"), add(audit, "b")

    ada.post(section(audit), {"rows": f"up:{second.public_id}"})
    assert labels(audit) == ["1. b", "2. a"]
    page = ada.post(section(audit), {"rows": f"out:{first.public_id}"}, follow=True).text
    assert "Rows that were taken out (1)" in page
    assert labels(audit) == ["1. b"]
    ada.post(section(audit), {"rows": f"back:{first.public_id}"})
    assert labels(audit) == ["1. b", "2. a"]


def test_the_name_of_a_row_is_saved_as_it_is_typed_and_never_over_another(ada, audit):
    row = add(audit, "a")
    address, field = f"/audits/{audit.public_id}/save-row-name/", f"name:{row.public_id}"
    sent = {"row": row.public_id, field: "b", "version": "1"}

    assert ada.post(address, sent).json()["version"] == 2
    clash = ada.post(address, {**sent, field: "c"})

    assert (clash.status_code, clash.json()["theirs"]["fields"]) == (409, {field: "b"})
    assert labels(audit) == ["1. b"]


def test_an_answer_in_a_row_is_saved_as_it_is_given_and_its_versions_can_be_read(ada, audit):
    row = add(audit)
    key = f"seen alone@{row.public_id}"
    sent = {"question": key, f"choice:{key}": "=no", "version": "0", "key": "abcdefgh"}

    saved = ada.post(f"/audits/{audit.public_id}/save-answer/", sent)

    assert saved.json()["version"] == 1
    history = ada.get(f"/audits/{audit.public_id}/answers/{key}/")
    assert "Was the person seen alone?" in history.text


def test_a_row_that_was_taken_out_leads_back_to_the_rows(ada, audit):
    row = add(audit)
    ada.post(section(audit), {"rows": f"out:{row.public_id}"})

    page = ada.get(page_of(row), follow=True)

    assert "This row was taken out. Put it back to write in it." in page.text


def test_once_all_rows_are_answered_the_audit_goes_on_and_the_rows_are_read_without_buttons(ada, audit):
    for name in ("3 May", "9 May"):
        add(audit, name)
    for state in ("drafted", "discussed", "checking"):
        bring_to(audit, state, None, at=AT, grade="good")
        audit.refresh_from_db()

    page = ada.get(section(audit)).text

    assert "1. 3 May" in page
    assert "2. 9 May" in page
    assert 'name="rows"' not in page
    assert ada.get(page_of(Row.objects.first()))["Location"] == section(audit)


def test_a_report_tells_the_answers_row_by_row(audit):
    answer(audit, add(audit, "3 May"), "no")
    report = report_of(audit, on=AT.date())

    lines = next(one for one in report.chapters if one.title == "Visits").lines

    assert [(line.row, line.question, line.answer) for line in lines] == [
        ("1. 3 May", "Was the person seen alone?", "No"),
        ("", "Why not?", "Not answered"),
    ]


def test_a_report_has_a_heading_for_each_row_in_every_shape(ada, audit):
    for name in ("3 May", "9 May"):
        answer(audit, add(audit, name), "yes")
    report = report_of(audit, on=AT.date())

    word = Document(io.BytesIO(word_of(report)))

    headings = [(one.style.name, one.text) for one in word.paragraphs if one.style.name.startswith("Heading")]
    start = headings.index(("Heading 1", "Visits"))
    assert headings[start + 1 : start + 5] == [
        ("Heading 2", "1. 3 May"),
        ("Heading 3", "Was the person seen alone?"),
        ("Heading 2", "2. 9 May"),
        ("Heading 3", "Was the person seen alone?"),
    ]
    assert pdf_of(report, at=AT).startswith(b"%PDF")


def test_answers_are_written_out_with_an_item_for_each_row(audit):
    for name, value in (("3 May", "yes"), ("9 May", "no")):
        answer(audit, add(audit, name), value)
    sheet = sheet_of(audit)
    asked = [(one, sheet.by_rows(one)) for one, _ in sheet.sections]

    content = write_response(sheet.form, asked, sheet.given, Answered("", "1", "C-1", AT))

    assert QuestionnaireResponse.model_validate_json(content)
    rows = [item for item in json.loads(content)["item"] if item["text"] == "Visits"]
    assert [row["linkId"] for row in rows] == ["visits", "visits"]
    assert [row["extension"][0]["valueString"] for row in rows] == ["3 May", "9 May"]
    assert [row["item"][0]["linkId"] for row in rows] == ["seen alone", "seen alone"]
    assert [row["item"][0]["answer"][0]["valueCoding"]["code"] for row in rows] == ["yes", "no"]
