"""Facts of the case system beside a question: with their day, for those who work and read, nobody else."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from docx import Document

from goldenthread.audits.beside import case_says
from goldenthread.audits.sheets import sheet_of
from goldenthread.caseload.models import Fact
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import in_words as day_in_words
from goldenthread.reporting.audit_report import report_of
from tests.make import PACK, make_audit, make_council, moment, publish_pack
from tests.return_packs import AGENCIES, return_of, with_returns

pytestmark = pytest.mark.django_db
BESIDE = """            beside:
              - {label: Legal status, fact: legal status}
              - {label: Last note, since: last note}
            type: long text
"""
FACTS = "facts: {legal status: The status, last note: The day of the last note}\n"
DOCUMENT = FACTS + PACK.read_text().replace("            type: long text\n", BESIDE, 1)


@pytest.fixture
def council():
    publish_pack(document=DOCUMENT)
    return make_council()


def section(audit):
    return f"/audits/{audit.public_id}/sections/voice/"


def know(audit, name, value, since):
    Fact.objects.create(subject=audit.subject, name=name, value=value, starts_on=since)


def test_they_stand_at_the_question_with_their_day_and_say_what_is_missing(client, council):
    today = timezone.localdate()
    seen = today - timedelta(days=8)
    audit = make_audit(council)
    know(audit, "last note", seen.isoformat(), seen)
    client.force_login(audit.auditor)

    page = client.get(section(audit)).text

    assert f"From the case system as at {day_in_words(today)}" in page
    assert "<dt>Legal status</dt> <dd>not in the extract</dd>" in page
    assert f"<dt>Last note</dt> <dd>8 days, since {day_in_words(seen)}</dd>" in page


def test_a_finished_audit_keeps_to_the_day_it_was_completed(client, council):
    audit = make_audit(council, "final")
    know(audit, "legal status", "as it was", date(2026, 1, 1))
    Fact.objects.update(ends_on=date(2026, 11, 20))
    know(audit, "legal status", "as it is now", date(2026, 11, 21))
    client.force_login(council.quinn)

    page = client.get(section(audit)).text
    report = report_of(audit, on=date(2026, 12, 1))
    said = "\n".join(one.text for one in Document(io.BytesIO(word_of(report))).paragraphs)

    for text in (page, said):
        assert "From the case system as at 2 November 2026" in text
        assert "as it was" in text
        assert "as it is now" not in text
    assert pdf_of(report, at=moment()).startswith(b"%PDF")


@pytest.mark.parametrize("change", [{"blanked_at": moment()}, {"phase": "stopped"}])
def test_once_its_words_are_removed_or_it_is_stopped_it_shows_none(council, change):
    audit = make_audit(council)
    for name, value in change.items():
        setattr(audit, name, value)
    sheet = sheet_of(audit)

    assert not case_says(sheet).prompts(sheet.form.question("voice heard"))


def test_whoever_fills_in_a_part_from_outside_is_shown_none(council):
    audit = make_audit(council, version=publish_pack(document=with_returns(AGENCIES, DOCUMENT)))

    shown = {}
    for part in ("social care", "health", "police"):
        sheet = sheet_of(audit, in_return=return_of(audit, part))
        shown[part] = len(case_says(sheet).prompts(sheet.pack.form_of("audit").question("voice heard")))

    assert shown == {"social care": 2, "health": 0, "police": 0}


def test_the_page_of_the_form_says_what_stands_there(client, council):
    client.force_login(council.quinn)
    audit = make_audit(council)
    key = audit.version.framework.public_id

    page = client.get(f"/frameworks/{key}/versions/1/forms/case%20audit/").text

    assert "Beside it, from the case system: Legal status (“legal status”) and Last note (days since" in page
