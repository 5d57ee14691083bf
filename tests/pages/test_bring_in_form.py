"""Bringing in a form on screen."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.rules.documents import read_document
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.forms import Form
from tests.make import make_council, publish_pack
from tests.rules.test_xlsform import FORM

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_mara(client):
    """The quality manager, who manages the frameworks."""
    publish_pack()
    client.force_login(make_council().quality_manager)
    return client


def send(client, content, name="form.xlsx"):
    """Upload a file."""
    return client.post("/frameworks/bring-in-a-form/", {"file": SimpleUploadedFile(name, content)})


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace("&#x27;", "'")


def test_the_page_can_be_found_from_the_frameworks(as_mara):
    assert "/frameworks/bring-in-a-form/" in as_mara.get("/frameworks/").content.decode()
    assert as_mara.get("/frameworks/bring-in-a-form/").status_code == 200


def test_the_counts_what_is_not_applied_and_the_questions_are_shown(as_mara):
    item = {"linkId": "where", "text": "Where was it?", "type": "attachment"}
    asked = {"linkId": "age", "text": "How old?", "type": "integer", "required": True}
    data = {"resourceType": "Questionnaire", "title": "Visits", "item": [asked, item]}

    said = words(send(as_mara, json.dumps(data).encode(), "visits.json"))

    assert "FHIR Questionnaire Visits" in said
    assert re.search(r"Items 2 .*Questions 2 .*Marked as required 1", said)
    assert "1 thing not applied" in said
    assert "item where It takes a file; forms take none. Where was it?" in said
    assert "How old? Answer: A whole number." in said


def test_what_is_downloaded_is_the_form(as_mara):
    page = send(as_mara, write_xlsform(FORM, "tool").content)

    answer = as_mara.post(
        "/frameworks/bring-in-a-form/", {"document": page.context["document"].replace("\n", "\r\n")}
    )

    assert answer.headers["Content-Disposition"] == 'attachment; filename="form.yaml"'
    assert Form.model_validate(read_document(answer.content.decode()).data["forms"]["tool"]) == FORM


def test_a_file_that_is_no_form_is_refused_at_its_field(as_mara):
    page = send(as_mara, b"Dear colleague", "letter.txt")

    assert page.status_code == 422
    assert "This is no form that Golden Thread knows." in words(page)


def test_words_of_the_file_are_shown_as_words(as_mara):
    item = {"linkId": "q", "text": "<script>alert(1)</script>", "type": "string", '"><b>': "x"}
    page = send(as_mara, json.dumps({"resourceType": "Questionnaire", "item": [item]}).encode())

    assert "<script>alert" not in page.content.decode()
    assert '"><b>' not in page.content.decode()


def test_nothing_is_left_of_the_file(as_mara, settings):
    send(as_mara, write_xlsform(FORM, "tool").content)

    assert list(settings.UPLOADS.iterdir()) == []


def test_only_those_who_manage_frameworks_may(client):
    publish_pack()
    client.force_login(make_council().ada)

    assert send(client, b"x").status_code == 403
