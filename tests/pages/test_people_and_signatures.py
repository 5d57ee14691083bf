# ruff: noqa: E501 - a document
"""Questions for a person or a signature as the auditor meets them, with and without JavaScript."""

import json

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from goldenthread.audits import operations
from goldenthread.audits.sheets import sheet_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.form_formats.fhir_answers import Answered, write_response
from goldenthread.rules.reading import faults
from goldenthread.rules.signing import SIGN
from tests.answer_packs import PEOPLE, given_to, save, with_questions
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import CLOCK, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
SIGNED = "Signed by Ada, Auditor, on 5 November 2026 at 10:00"


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, version=publish_pack(document=with_questions()))


@pytest.fixture
def ada(client, council):
    client.force_login(council.ada)
    return client


def section(audit):
    return f"/audits/{audit.public_id}/sections/closing/"


def typed(audit, **fields):
    """The section as the page sends it, with the versions that stand."""
    answers = sheet_of(audit).answers
    seen = {f"version:{q['key']}": answers[q["key"]].version if q["key"] in answers else 0 for q in PEOPLE}
    return seen | {name.replace("__", ":"): value for name, value in fields.items()} | {"stay": "yes"}


def test_a_page_offers_those_whom_the_auditor_may_name_and_no_one_else(ada, audit, council):
    page = ada.get(section(audit)).text

    assert f'<option value="{council.priya.public_id}">Priya</option>' in page
    assert council.sam.public_id not in page
    assert "Or write the name of somebody who is not on it" in page


def test_a_question_for_a_role_offers_its_holders_alone(ada, audit, council):
    page = ada.get(section(audit)).text
    start = page.index('name="value:manager"')
    select = page[start : page.index("</select>", start)]

    assert "Theo" in select
    assert "Priya" not in select


def test_without_javascript_the_section_saves_people_and_a_signature(ada, audit, council):
    fields = {"written__met": "Gran Tully", "value__manager": council.theo.public_id, "sign__signed": SIGN}

    assert ada.post(section(audit), typed(audit, **fields)).status_code == 302

    assert given_to(audit, "met").value == ("", "Gran Tully")
    assert given_to(audit, "manager").value[1] == "Theo"
    assert given_to(audit, "signed").value[1:3] == ("Ada", "Auditor")


def test_a_section_sent_back_as_it_came_takes_nothing_back(client, audit, council):
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)
    client.force_login(council.priya)
    page = client.get(section(audit)).text

    assert SIGNED in page
    assert '<input type="hidden" name="sign:signed" value="keep">' in page
    assert client.post(section(audit), typed(audit, sign__signed="keep")).status_code == 302
    assert client.post(section(audit), {"stay": "yes"}).status_code == 302
    stale = typed(audit) | {"version:signed": 0}
    assert client.post(section(audit), stale).status_code == 302
    assert given_to(audit, "signed").value[1] == "Ada"


def test_what_cannot_be_saved_is_said_beside_it_and_stays_in_the_field(ada, audit, council):
    fields = {"written__met": "Gran", "value__met": council.priya.public_id}

    answer = ada.post(section(audit), typed(audit, **fields))

    assert answer.status_code == 422
    assert "Choose somebody from the list or write a name, not both." in answer.text


def test_a_tick_signs_and_the_page_is_told_what_the_server_wrote(ada, audit):
    posted = {"question": "signed", "version": 0, "sign:signed": SIGN, "key": "press-0001"}

    told = ada.post(f"/audits/{audit.public_id}/save-answer/", posted).json()
    back = ada.post(
        f"/audits/{audit.public_id}/save-answer/", {"question": "signed", "version": told["version"]}
    ).json()

    assert told["shown"].startswith("Signed by Ada, Auditor, on ")
    assert back["shown"] == "Not signed."


def test_who_may_not_sign_is_told_who_may(ada, audit):
    page = ada.get(section(audit)).text

    assert "This is for the Practitioner to sign." in page
    assert 'name="sign:agreed"' not in page


def test_the_report_reads_them(audit, council):
    save(audit, "met", (council.priya.public_id, ""), by=council.ada, at=AT)
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)

    lines = {line.question: line.answer for line in report_of(audit, on=AT.date()).chapters[-1].lines}

    assert lines["Who was met?"] == "Priya"
    assert lines["Signed by the auditor"] == SIGNED
    assert lines["Signed by the practitioner"] == "Not answered"


def test_they_are_written_for_other_programs(audit, council):
    save(audit, "met", (council.priya.public_id, ""), by=council.ada, at=AT)
    save(audit, "signed", (SIGN,), by=council.ada, at=AT)
    sheet = sheet_of(audit)
    asked = [(one, sheet.by_rows(one)) for one, _ in sheet.sections]

    written = write_response(sheet.form, asked, sheet.given, Answered("f|1", "1", "C-1", AT))

    QuestionnaireResponse.model_validate_json(written)
    items = {one["linkId"]: one for one in json.loads(written)["item"][0]["item"]}
    assert items["met"]["answer"][0]["valueReference"]["display"] == "Priya"
    signed = items["signed"]["extension"][0]["valueSignature"]
    assert (signed["who"]["display"], signed["when"][:10]) == ("Ada, Auditor", "2026-11-05")


HEALTH = f"""
{CLOCK}
audit_types:
  audit:
    returns:
      health: {{title: Health, role: auditor, filled_in_by: somebody invited from outside, sections: [closing], clock: return}}
"""
OUTSIDE = [
    {"key": "met", "text": "Who was met?", "type": "person"},
    {"key": "signed", "text": "Signed", "type": "signature"},
]


def test_somebody_from_outside_sees_no_list_and_signs_for_their_organisation(client, council):
    publish_pack(document=with_returns(HEALTH, with_questions(OUTSIDE)))
    audit = make_audit(council)
    row = return_of(audit, "health")
    hope = invite_hope(row, council.ada, at=AT)
    client.force_login(hope)
    url = f"/returns/{row.public_id}/sections/closing/"

    page = client.get(url).text
    client.post(url, {"version:met": 0, "version:signed": 0, "written:met": "Gran", "sign:signed": SIGN})

    assert "<select" not in page
    assert "Priya" not in page
    assert given_to(audit, "met").value == ("", "Gran")
    assert given_to(audit, "signed").value[1:3] == ("Hope Health", "County Hospital")
    with pytest.raises(Exception, match="is not on it"):
        save(audit, "met", (council.priya.public_id, ""), by=hope, at=AT, in_return=row)


@pytest.mark.parametrize(
    ("question", "how", "sentence"),
    [
        (
            {"type": "signature"},
            "somebody without an account",
            "nobody signs for somebody without an account",
        ),
        (
            {"type": "signature", "roles": ["auditor"]},
            "somebody invited from outside",
            "holds none of the roles",
        ),
        ({"type": "person", "by_name": False}, "somebody invited from outside", "sees no list of people"),
        ({"type": "person", "by_name": False}, "the role", ""),
        ({"type": "signature"}, "somebody invited from outside", ""),
    ],
)
def test_a_framework_is_told_what_cannot_be_answered_in_a_return(question, how, sentence):
    asked = {"key": "it", "text": "It", **question}
    document = with_returns(HEALTH.replace("somebody invited from outside", how), with_questions([asked]))

    found = [fault.sentence for fault in faults(document)]

    assert any(sentence in one for one in found) if sentence else found == []


def test_a_signature_in_a_row_is_told_to_the_page(ada, council):
    question = {"key": "signed", "text": "Signed", "type": "signature"}
    repeats = {"title": "each visit", "at_least": 0}
    audit = make_audit(council, version=publish_pack(document=with_questions([question], repeats=repeats)))
    row = operations.add_row(audit, "closing", name="", by=council.ada, at=AT)
    place = f"signed@{row.public_id}"

    page = ada.get(f"/audits/{audit.public_id}/sections/closing/rows/{row.public_id}/").text
    posted = {"question": place, "version": 0, f"sign:{place}": SIGN}
    told = ada.post(f"/audits/{audit.public_id}/save-answer/", posted).json()

    assert f'name="sign:{place}" value="sign"' in page
    assert told["shown"].startswith("Signed by Ada, ")


@pytest.mark.parametrize(
    ("compare", "sentence"),
    [({"is": "Ada"}, "can only be asked whether it is answered; use known"), ({"known": True}, "")],
)
def test_conditions_ask_only_whether_somebody_signed(compare, sentence):
    asked = [{**PEOPLE[0], "when": {"answer": "signed", **compare}}, *PEOPLE[1:]]

    found = [fault.sentence for fault in faults(with_questions(asked))]

    assert any(sentence in one for one in found) if sentence else found == []
