"""Bringing in a form on screen."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from goldenthread.frameworks.models import BroughtIn, Draft
from goldenthread.frameworks.operations import begin_draft, discard_draft
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from goldenthread.rules.documents import read_document
from goldenthread.rules.form_formats.xlsform_out import write_xlsform
from goldenthread.rules.forms import Form
from goldenthread.rules.reading import examine
from tests.make import PACK, make_council, moment, publish_pack
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
    item = {"linkId": "where", "text": "Where was it?", "type": "quantity"}
    asked = {"linkId": "age", "text": "How old?", "type": "integer", "required": True}
    data = {"resourceType": "Questionnaire", "title": "Visits", "item": [asked, item]}

    said = words(send(as_mara, json.dumps(data).encode(), "visits.json"))

    assert "FHIR Questionnaire Visits" in said
    assert re.search(r"Items 2 .*Questions 2 .*Marked as required 1", said)
    assert "1 thing not applied" in said
    assert "item where A number with a unit is asked as a line of text. quantity" in said
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


QUANTITY = {"linkId": "where", "text": "Where was it?", "type": "quantity"}
VISITS = {
    "resourceType": "Questionnaire",
    "title": "Visits",
    "item": [{"linkId": "age", "text": "How old?", "type": "integer", "required": True}, QUANTITY],
}


def document_of(page):
    return page.context["document"]


def put(client, document, target, name):
    """Choose where the form goes."""
    sent = {"put": "yes", "document": document, "target": target, "name": name}
    return client.post("/frameworks/bring-in-a-form/", sent)


@pytest.fixture
def document(as_mara):
    return document_of(send(as_mara, json.dumps(VISITS).encode(), "visits.json"))


def test_a_form_begins_a_new_draft_that_can_be_published_as_it_is(as_mara, document):
    answer = put(as_mara, document, "new", "visits")

    draft = Draft.objects.get()
    pack, found = examine(draft.document)
    assert (list(pack.forms), pack.audit_types["audit"].form, found) == (["visits"], "visits", [])
    assert answer["Location"] == f"/frameworks/drafts/{draft.public_id}/part/?at=%2Fforms%2Fvisits"
    assert "1 thing of the file is not applied" in words(as_mara.get(answer["Location"]))


def test_a_form_goes_into_a_draft_beside_its_others_with_one_event(as_mara, document):
    mara = Person.objects.get(name="Mara")
    before = begin_draft(PACK.read_text(), title="Next year", based_on=None, by=mara, at=moment())
    events = Event.objects.count()

    put(as_mara, document, before.public_id, " site   visits ")

    draft = Draft.objects.get()
    forms = read_document(draft.document).data["forms"]
    assert list(forms) == [*read_document(PACK.read_text()).data["forms"], "site visits"]
    assert (draft.revision, Event.objects.count() - events) == (2, 1)
    assert Event.objects.order_by("position").last().what == "draft.bring_in_form"
    page = words(as_mara.get(f"/frameworks/drafts/{draft.public_id}/"))
    assert "Form “site visits”, brought in on" in page
    assert "item where: A number with a unit is asked as a line of text. Not applied: quantity" in page


def test_no_form_is_overwritten_and_the_page_keeps_what_was_brought_in(as_mara, document):
    mara = Person.objects.get(name="Mara")
    before = begin_draft(PACK.read_text(), title="Next year", based_on=None, by=mara, at=moment())

    page = put(as_mara, document, before.public_id, "case audit")

    assert page.status_code == 422
    assert "There is a form named “case audit” in this draft already. Choose another name." in words(page)
    assert document_of(page) == document
    assert Draft.objects.get().document == before.document


@pytest.mark.parametrize(
    "tampered", ["", "forms: {}", "forms: {a: {title: A}}", "- x", "forms: {a: {title: [}}"]
)
def test_what_is_no_form_any_more_is_refused(as_mara, document, tampered):
    page = put(as_mara, tampered, "new", "visits")

    assert "This page no longer holds the form. Choose the file once more." in words(page)
    assert not Draft.objects.exists()


def test_a_discarded_draft_takes_no_form(as_mara, document):
    mara = Person.objects.get(name="Mara")
    draft = begin_draft(PACK.read_text(), title="Next year", based_on=None, by=mara, at=moment())
    discard_draft(draft, revision=1, by=mara, at=moment())

    assert put(as_mara, document, draft.public_id, "visits").status_code == 422
    assert not BroughtIn.objects.exists()


def test_nothing_is_put_into_a_draft_if_the_event_fails(as_mara, document, monkeypatch):
    def fails(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr("goldenthread.frameworks.operations.record", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        put(as_mara, document, "new", "visits")

    assert not Draft.objects.exists()
