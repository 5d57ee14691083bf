"""The report of an audit as Word and as tagged PDF."""

import time
from io import BytesIO

import pikepdf
import pytest
from docx import Document

from goldenthread.audits import operations
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.forms import Given
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
NASTY = '#panic() *bold* $x$ <b>bold</b> \\ "quoted" \x07 😀 বাংলা'


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def report(council):
    audit = make_audit(council, "filed", grade="requires improvement", second="good")
    return report_of(audit, on=AT.date())


@pytest.fixture
def nasty(council):
    audit = make_audit(council)
    operations.save_answer(audit, "voice heard", Given(NASTY), expected=0, by=council.ada, at=AT)
    return report_of(audit, on=AT.date())


def test_the_word_report_has_headings_a_title_a_language_and_table_headings(report):
    document = Document(BytesIO(word_of(report)))

    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert {"About this audit", "Grades", "Overall", "The conversation", "Recording"} <= set(headings)
    assert document.core_properties.title == report.title
    assert document.core_properties.language == "en-GB"
    assert all(table.rows[0]._tr.xpath(".//w:tblHeader") for table in document.tables)


def test_both_gradings_stand_side_by_side(report):
    grades = Document(BytesIO(word_of(report))).tables[1]

    assert [cell.text for cell in grades.rows[0].cells] == [
        "Domain",
        "On the record",
        "After the conversation",
    ]
    assert [cell.text for cell in grades.rows[-1].cells] == ["Overall", "Requires improvement", "Good"]


def test_the_pdf_is_tagged_and_says_its_language_and_title(report):
    began = time.monotonic()

    with pikepdf.open(BytesIO(pdf_of(report, at=AT))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).lower() == "en-gb"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == report.title
            assert metadata["pdfuaid:part"] == "1"
    assert time.monotonic() - began < 2


def test_words_are_never_read_as_markup(nasty):
    words = Document(BytesIO(word_of(nasty)))

    assert any("#panic() *bold* $x$ <b>bold</b>" in p.text for p in words.paragraphs)
    assert pdf_of(nasty, at=AT).startswith(b"%PDF")


def test_the_pdf_is_the_same_byte_for_byte_when_made_again(report):
    assert pdf_of(report, at=AT) == pdf_of(report, at=AT)
