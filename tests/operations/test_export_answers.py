# ruff: noqa: E501 - tables of cases
"""The answers of a finished audit for other programs: what is in the file, and who may take it."""

import json

import pytest
from django.core.management import CommandError, call_command
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.bringing_in import write_form
from goldenthread.ledger.models import Read
from goldenthread.rules.form_formats.fhir_answers import Answered, write_response
from goldenthread.rules.forms import Form, Given
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db

FORM = Form.model_validate(
    {
        "title": "Tool",
        "sections": [
            {
                "key": "basics",
                "title": "Basics",
                "questions": [
                    {"key": "hello", "text": "Read this", "type": "note"},
                    {"key": "seen", "text": "Seen?", "type": "yes or no", "instead": ["not seen"]},
                    {"key": "why", "text": "Why?", "type": "text", "instead": ["no evidence"]},
                    {"key": "who", "text": "Who?", "type": "several of", "choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]},
                    {"key": "visits", "text": "Visits?", "type": "whole number"},
                    {"key": "hours", "text": "Hours?", "type": "number"},
                    {"key": "last", "text": "Last?", "type": "date"},
                ],
            }
        ],
    }
)  # fmt: skip
ABOUT = Answered("urn:x|1", "2026-11/001", "C-1", moment())


def items(answers):
    """The items of a response by their linkId."""
    sections = [(section, [(None, list(section.questions))]) for section in FORM.sections]
    content = write_response(FORM, sections, answers, ABOUT)
    assert QuestionnaireResponse.model_validate_json(content)
    groups = json.loads(content).get("item", [])
    return {item["linkId"]: item for group in groups for item in group["item"]}


@pytest.mark.parametrize(
    ("key", "given", "answer"),
    [
        ("seen", Given("yes"), [{"valueCoding": {"code": "yes", "display": "Yes"}}]),
        ("why", Given("No reason"), [{"valueString": "No reason"}]),
        ("who", Given(("a", "b")), [{"valueCoding": {"code": "a", "display": "A"}}, {"valueCoding": {"code": "b", "display": "B"}}]),
        ("visits", Given("+3"), [{"valueInteger": 3}]),
        ("hours", Given("4.5"), [{"valueDecimal": 4.5}]),
        ("last", Given("2026-10-01"), [{"valueDate": "2026-10-01"}]),
    ],
)  # fmt: skip
def test_each_answer_has_the_name_that_goes_with_its_type(key, given, answer):
    assert items({key: given}) == {key: {"linkId": key, "text": FORM.question(key).text, "answer": answer}}


def test_a_way_of_not_answering_is_said_as_such():
    found = items(
        {"seen": Given(instead="not seen"), "why": Given(instead="no evidence", evidence="Looked twice")}
    )

    assert found["seen"]["answer"][0]["valueCoding"]["code"] == "not seen"
    assert found["why"]["extension"] == [
        {"url": "urn:goldenthread:not-answered", "valueString": "no evidence"},
        {"url": "urn:goldenthread:evidence", "valueString": "Looked twice"},
    ]
    assert "answer" not in found["why"]


def test_the_file_of_a_finished_audit_is_valid_and_answers_the_questionnaire_of_its_version(tmp_path):
    audit = make_audit(make_council(), "final")
    path = tmp_path / "answers.json"

    call_command("export_answers", audit.number, "--format", "fhir", "--out", str(path))

    said = QuestionnaireResponse.model_validate_json(path.read_bytes())
    written = json.loads(write_form(audit.version, "case audit", "fhir").content)
    assert said.questionnaire == f"{written['url']}|{written['version']}"
    links = {item["linkId"] for group in written["item"] for item in group["item"]}
    answered = {item.linkId for group in said.item for item in group.item}
    assert answered == {key for key, given in sheet_of(audit).given.items() if not given.is_blank} <= links
    assert said.identifier.value == audit.number
    assert Read.objects.filter(about_id=audit.public_id, how="command").exists()


def test_an_audit_that_is_not_finished_or_not_there_is_refused(tmp_path):
    audit = make_audit(make_council(), "drafted")
    path = tmp_path / "answers.json"

    for number, says in (
        (audit.number, "is not finished yet"),
        ("2020-01/001", "There is no audit with the number"),
    ):
        with pytest.raises(CommandError, match=says):
            call_command("export_answers", number, "--format", "fhir", "--out", str(path))
    assert not path.exists()


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [
        ("ada", "final", 200),
        ("theo", "final", 200),
        ("sam", "final", 404),
        ("other_manager", "final", 404),
        ("administrator", "final", 404),
        ("ada", "drafted", 404),
        ("priya", "drafted", 404),
    ],
)
def test_only_those_who_may_read_the_answers_take_the_file(client, who, state, status):
    council = make_council()
    audit = make_audit(council, state)
    client.force_login(getattr(council, who))

    page = client.get(f"/audits/{audit.public_id}/answers.json")

    assert page.status_code == status
    if status == 200:
        assert Read.objects.filter(about_id=audit.public_id, how="answers").exists()
        assert QuestionnaireResponse.model_validate_json(page.content)
        assert "/answers.json" in client.get(f"/audits/{audit.public_id}/").content.decode()
