"""Files as the auditor attaches them, and as they are handed out: to readers alone, to be saved, noted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goldenthread.audits import operations
from goldenthread.audits.attached import path_of_file
from goldenthread.audits.models import AttachedFile
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Read
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.form_formats.fhir_answers import Answered, write_response
from goldenthread.rules.forms import Given
from tests.answer_packs import given_to, with_questions
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import CLOCK, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
PAPERS = {"key": "papers", "text": "Which papers show it?", "type": "file", "required": False}
OUTSIDE = f"""
{CLOCK}
audit_types:
  audit:
    returns:
      health: {{title: Health, role: auditor, filled_in_by: somebody invited from outside, clock: return,
               sections: [closing]}}
"""


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    return make_audit(council, version=publish_pack(document=with_questions([PAPERS])))


@pytest.fixture
def ada(client, council):
    client.force_login(council.ada)
    return client


def pdf(name="plan.pdf", content=b"%PDF-1.7 the plan"):
    return SimpleUploadedFile(name, content)


def attached(audit, *uploads, **more):
    given = {"expected": 0, "by": audit.auditor, "at": AT} | more
    operations.attach_files(audit, "papers", Given(), uploads or [pdf()], **given)
    return AttachedFile.objects.last()


def section(audit):
    return f"/audits/{audit.public_id}/sections/closing/"


def url_of(file):
    return f"/audits/{file.audit.public_id}/files/{file.public_id}/"


def test_the_page_has_a_field_for_files_and_says_what_it_takes(ada, audit):
    page = ada.get(section(audit)).text

    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    assert "Up to 5 files of at most 10 MB each: PDF files, pictures," in page


def test_the_button_attaches_files_and_keeps_those_that_are_ticked(ada, audit):
    ada.post(section(audit), {"version:papers": 0, "file:papers": [pdf(), pdf("b.pdf")], "stay": "yes"})
    first = AttachedFile.objects.order_by("pk")[0].public_id
    page = ada.get(section(audit)).text
    ada.post(section(audit), {"version:papers": 1, "kept:papers": first, "file:papers": pdf("c.pdf")})

    assert page.count("Download ") == 2
    assert [one.split(" ", 1)[1] for one in given_to(audit, "papers").value] == ["plan.pdf", "c.pdf"]


def test_with_javascript_a_cleared_tick_takes_a_file_out(ada, audit):
    attached(audit)

    answer = ada.post(f"/audits/{audit.public_id}/save-answer/", {"question": "papers", "version": 1})

    assert answer.json()["version"] == 2
    assert given_to(audit, "papers").is_blank


def test_a_section_sent_back_as_it_came_takes_no_file_out(ada, audit):
    file = attached(audit)

    assert ada.post(section(audit), {"version:papers": 0, "stay": "yes"}).status_code == 302
    assert ada.post(section(audit), {"stay": "yes"}).status_code == 302
    kept = {"version:papers": 1, "kept:papers": file.public_id}
    assert ada.post(section(audit), kept).status_code == 302
    assert len(given_to(audit, "papers").value) == 1


def test_what_is_refused_is_said_beside_the_question(ada, audit):
    answer = ada.post(section(audit), {"version:papers": 0, "file:papers": pdf("x.exe", b"MZ\x90\x00")})

    assert answer.status_code == 422
    assert "“x.exe” is not of a kind that is taken here" in answer.text


def test_a_file_is_handed_out_to_be_saved_and_the_read_is_noted(ada, audit):
    file = attached(audit, pdf("plan “May”.pdf"))

    answer = ada.get(url_of(file))

    assert b"".join(answer) == b"%PDF-1.7 the plan"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''plan%20")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    read = Read.objects.last()
    assert (read.about_id, read.how) == (audit.public_id, "file")


@pytest.mark.parametrize("name", ["theo", "quinn", "hana", "sam"])
def test_who_may_not_read_the_answers_gets_no_file(council, audit, name):
    file, client = attached(audit), Client()
    client.force_login(getattr(council, name))

    assert client.get(section(audit)).status_code == client.get(url_of(file)).status_code == 404


def test_a_file_is_not_found_under_another_audit(ada, council, audit):
    file = attached(audit)
    other = make_audit(council, version=audit.version)

    assert ada.get(f"/audits/{other.public_id}/files/{file.public_id}/").status_code == 404
    assert ada.get(f"/audits/{audit.public_id}/files/..%2f..%2fsecret_key/").status_code == 404


def test_an_exchanged_file_is_not_handed_out(ada, audit):
    file = attached(audit)
    path_of_file(file.public_id).write_bytes(b"%PDF-1.7 another")

    assert "is not the one that was attached" in ada.get(url_of(file), follow=True).text


def test_the_report_names_the_files_and_other_programs_learn_their_names_and_kinds(ada, audit):
    file = attached(audit)
    line = report_of(audit, on=AT.date()).chapters[-1].lines[-1]
    sheet = sheet_of(audit)
    asked = [(one, sheet.by_rows(one)) for one, _ in sheet.sections]

    written = write_response(sheet.form, asked, sheet.given, Answered("f|1", "1", "C-1", AT)).decode()

    assert (line.answer, line.files[0].id) == ("plan.pdf", file.public_id)
    assert '"contentType": "application/pdf"' in written
    assert "Download plan.pdf" in ada.get(f"/audits/{audit.public_id}/report/").text


def test_somebody_from_outside_attaches_to_their_own_part_and_reads_no_other_file(client, council):
    publish_pack(document=with_returns(OUTSIDE, with_questions([PAPERS])))
    audit = make_audit(council)
    row = return_of(audit, "health")
    client.force_login(invite_hope(row, council.ada, at=AT))
    own = attached(audit)
    page = f"/returns/{row.public_id}/sections/closing/"

    client.post(page, {"version:papers": 0, "file:papers": pdf("hospital.pdf")})
    file = AttachedFile.objects.get(in_return=row)

    assert f"/returns/{row.public_id}/files/{file.public_id}/" in client.get(page).text
    assert client.get(f"/returns/{row.public_id}/files/{file.public_id}/").status_code == 200
    assert client.get(f"/returns/{row.public_id}/files/{own.public_id}/").status_code == 404
    assert client.get(url_of(own)).status_code == client.get(url_of(file)).status_code == 404
    ada = Client()
    ada.force_login(council.ada)
    assert ada.get(url_of(file)).status_code == 404  # not before it is sent in


def removal(file):
    return f"{url_of(file)}remove/"


def test_whoever_attached_a_file_removes_it_with_a_reason_and_nobody_downloads_it_again(ada, audit):
    file = attached(audit, pdf("Gran Tully.pdf"))
    assert f'href="{removal(file)}"' in ada.get(section(audit)).text

    refused = ada.post(removal(file), {"because": " "})
    page = ada.post(removal(file), {"because": "Of another person."}, follow=True)

    assert "Gran Tully.pdf" in refused.text
    assert "There is a problem" in refused.text
    assert "The file is removed. The ledger keeps that it was there." in page.text
    assert ada.get(url_of(file)).status_code == ada.get(removal(file)).status_code == 404
    history = ada.get(f"/audits/{audit.public_id}/answers/papers/").text
    assert "a file that was removed" in history
    assert "Gran Tully" not in history + ada.get(section(audit)).text


def test_a_file_of_an_earlier_version_is_removed_from_the_history(ada, audit):
    file = attached(audit)
    operations.save_answer(audit, "papers", Given(), expected=1, by=audit.auditor, at=AT)

    assert f'href="{removal(file)}"' in ada.get(f"/audits/{audit.public_id}/answers/papers/").text
    assert ada.post(removal(file), {"because": "Of another person."}).status_code == 302
    assert ada.get(url_of(file)).status_code == 404


def test_after_it_is_handed_in_only_who_keeps_records_is_offered_to_remove_a_file(ada, council, audit):
    file, mara = attached(audit), Client()
    mara.force_login(council.quality_manager)
    type(audit).objects.filter(pk=audit.pk).update(state="filed")

    pages = [one.get(f"/audits/{audit.public_id}/report/").text for one in (ada, mara)]

    assert [removal(file) in page for page in pages] == [False, True]
    assert [one.get(removal(file)).status_code for one in (ada, mara)] == [404, 200]


def test_somebody_from_outside_removes_a_file_of_their_own_part_alone(client, council):
    publish_pack(document=with_returns(OUTSIDE, with_questions([PAPERS])))
    audit = make_audit(council)
    row = return_of(audit, "health")
    client.force_login(invite_hope(row, council.ada, at=AT))
    own = attached(audit)
    client.post(f"/returns/{row.public_id}/sections/closing/", {"version:papers": 0, "file:papers": pdf()})
    file = AttachedFile.objects.get(in_return=row)
    page = f"/returns/{row.public_id}/files/{{}}/remove/"

    assert page.format(file.public_id) in client.get(f"/returns/{row.public_id}/sections/closing/").text
    assert client.post(page.format(own.public_id), {"because": "Mine."}).status_code == 404
    assert client.post(page.format(file.public_id), {"because": "Of another."}).status_code == 302
    assert client.get(f"/returns/{row.public_id}/files/{file.public_id}/").status_code == 404
