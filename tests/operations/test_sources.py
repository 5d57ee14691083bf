"""Sources of answers and findings: saved and blanked as answers are, counted as themes are."""

from datetime import date

import pytest
from django.urls import reverse

from goldenthread.audits import operations
from goldenthread.audits.blanking import blank_audit_words
from goldenthread.audits.models import AnswerVersion, Audit
from goldenthread.audits.sheets import sheet_of
from goldenthread.findings.operations import Found
from goldenthread.ledger.models import Event
from goldenthread.measures.month import month_of
from goldenthread.measures.slices import audits_of, cut
from goldenthread.programmes.queries.periods import own_period
from goldenthread.reporting.audit_report import chapters_of, report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import missing
from tests.answer_packs import given_to, save
from tests.make import PACK, bring_to, make_audit, make_council, make_cycle, moment, publish_pack
from tests.rules.test_sources import SOURCES, document

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


def counting():
    """The shipped framework with sources of findings alone, and its report with them."""
    data = read_document(PACK.read_text()).data
    data["sources"] = dict(SOURCES)
    data["report"]["parts"].append("sources")
    return write_document(data)


def test_what_became_of_a_source_is_kept_as_answers_are_and_its_words_are_blanked():
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=document()))

    save(audit, "source paper", "used", by=council.ada, at=AT)
    save(audit, "source paper", "not used", by=council.ada, at=AT)
    save(audit, "source paper why", "Mrs Gran's file is lost.", by=council.ada, at=AT)
    save(audit, "plan", "yes", by=council.ada, at=AT)
    save(audit, "plan rests on", ("system", "paper"), by=council.ada, at=AT)
    sheet = sheet_of(audit)

    left = [
        said for section, _, said in missing(sheet.form, sheet.given, sheet.known) if section.key == "seen"
    ]
    assert left == []
    lines = [line for chapter in chapters_of(sheet)[:2] for line in chapter.lines]
    assert [line.answer for line in lines if "ould not be used" in line.answer or "paper" in line.answer] == [
        "Could not be used",
        "The case system, The paper file",
    ]
    versions = AnswerVersion.objects.filter(answer__question="source paper").order_by("version")
    assert [one.value for one in versions] == ["used", "not used"]
    blank_audit_words(audit)
    assert given_to(audit, "source paper").value == "not used"
    assert given_to(audit, "plan rests on").value == ("system", "paper")
    assert not AnswerVersion.objects.filter(value__icontains="Gran").exists()


def test_pages_show_where_a_question_is_answered_from_and_where_something_was_found(client):
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=document()))
    client.force_login(council.ada)

    sources = client.get(reverse("audit_section", args=[audit.public_id, "sources used"])).text
    section = client.get(reverse("audit_section", args=[audit.public_id, "seen"])).text
    findings = reverse("list_findings", args=[audit.public_id])
    found = {"kind": "gap", "text": "No plan.", "source": "paper"}
    noted = client.post(findings, found, follow=True).text

    assert "The paper file" in sources and "Could not be used" in sources
    assert "From: The case system; The paper file." in section
    assert "Where you found it" in noted and "Found in: The paper file" in noted


def test_findings_are_counted_by_source_and_the_report_names_it():
    council = make_council()
    audit = make_audit(council, "drafted", version=publish_pack(document=counting()))
    for kind, source in (("gap", "paper"), ("gap", "paper"), ("good", "system"), ("good", "")):
        said = {"kind": kind, "source": source, "text": f"{kind} {Event.objects.count()}"}
        operations.note_finding(audit, Found(**said), by=council.ada, at=AT)
    for state in ("discussed", "checking", "final"):
        bring_to(audit, state, council, at=AT, grade="good")
        audit.refresh_from_db()
    cycle = make_cycle("2026-11")

    rows = month_of(own_period(cycle), reader=council.quinn, today=date(2026, 12, 1)).found["sources"]

    assert [(row.label, row.gaps.count, row.good.count) for row in rows] == [
        ("The paper file", 1, 0),
        ("The case system", 0, 1),
    ]
    counted = audits_of(own_period(cycle), reader=council.quinn, on=date(2026, 12, 1))
    behind = [list(cut(counted, row.gaps.piece, today=date(2026, 12, 1))) for row in rows]
    report = report_of(audit, on=date(2026, 12, 1), reader=council.ada)
    assert [one.under for one in report.to_improve] == ["The paper file", "The paper file"]
    assert behind == [[Audit.objects.get()], []]
