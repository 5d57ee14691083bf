# ruff: noqa: E501 - documents
"""An audit whose sections have parts: the sentence why stands at each level on its pages, report and export."""

import re
from io import BytesIO

import pytest
from docx import Document

from goldenthread.audits import operations
from goldenthread.audits.models import Judgement
from goldenthread.audits.sheets import sheet_of
from goldenthread.reporting.audit_documents import word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.grading_packs import pack_with
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
LEVELS = """
grading:
  case audit:
    rationale: false
    judged_after: {}
    rules:
      - {kind: count, part: practice, counts: [{grades: [inadequate], at_least: 1}], grade: inadequate, because: One poor part makes the section poor}
      - {kind: count, part: practice, counts: [{grades: [good, outstanding], at_least: 1}], rest: [good, outstanding], grade: good, because: All parts are good}
      - {kind: cap, when: {grade: practice, is: inadequate}, grade: requires improvement, because: Practice limits the whole}
      - {kind: count, counts: [{grades: [inadequate], at_least: 2}], grade: inadequate, because: Two poor sections make it poor}
      - {kind: count, counts: [{grades: [inadequate], at_most: 1}], grade: good, because: The sections carry it}
    scores: {compliance: {title: Compliance, kind: count of answers, sections: [oversight], answers: ["yes"]}}
forms:
  case audit:
    sections:
      - {key: practice, title: Practice, graded: true, may_skip: true}
      - {key: voice, title: Voice, graded: true, part_of: practice, may_skip: true}
      - {key: plan, title: The plan, graded: true, part_of: practice}
      - key: oversight
        title: Oversight
        graded: true
        questions:
          - {key: further re-audit, text: Look again?, type: yes or no}
"""


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    publish_pack(document=pack_with(LEVELS))
    return make_audit(council)


@pytest.fixture
def ada(client, council):
    client.force_login(council.ada)
    return client


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def judge(audit, part, grade):
    operations.save_judgement(audit, part, grade=grade, why="", expected=0, by=audit.auditor, at=AT)


def judge_all(audit):
    for part, grade in (("voice", "inadequate"), ("plan", "good"), ("oversight", "good")):
        judge(audit, part, grade)
    operations.save_answer(
        audit, "further re-audit", Given("yes", evidence="Seen."), expected=0, by=audit.auditor, at=AT
    )


def section(audit, key):
    return f"/audits/{audit.public_id}/sections/{key}/"


def test_the_section_says_which_of_its_parts_are_still_to_be_graded(ada, audit):
    judge(audit, "voice", "good")

    page = words(ada.get(section(audit, "practice")))

    assert "This grade follows from others. Still to be graded: Practice: The plan." in page


def test_each_level_says_its_own_sentence_as_soon_as_the_level_below_is_graded(ada, audit):
    judge_all(audit)

    practice, whole = (words(ada.get(section(audit, key))) for key in ("practice", "overall"))

    assert (
        "The grade is Inadequate, unless you choose another and say why. One poor part makes the section poor."
        in practice
    )
    assert "The grade is Requires improvement, unless you choose another" in whole
    assert "The sections carry it. Practice limits the whole." in whole


def test_what_was_reckoned_at_each_level_is_put_on_record_and_told_on_page_report_and_export(ada, audit):
    judge_all(audit)
    operations.take_step(audit, "finish draft", by=audit.auditor, at=AT)
    audit.refresh_from_db()

    rows = {
        one.part: (one.grade, one.because)
        for one in Judgement.objects.filter(audit=audit).current()
        if one.is_computed
    }
    page = words(ada.get(f"/audits/{audit.public_id}/"))
    report = report_of(audit, on=AT.date())
    exported = "\n".join(one.text for one in Document(BytesIO(word_of(report))).paragraphs)

    assert rows == {
        "practice": ("inadequate", "One poor part makes the section poor."),
        "overall": ("requires improvement", "The sections carry it. Practice limits the whole."),
    }
    for said in (page, words(ada.get(f"/audits/{audit.public_id}/report/")), exported):
        assert "Practice: Voice" in said
        assert "Inadequate. One poor part makes the section poor." in said
        assert "Requires improvement. The sections carry it. Practice limits the whole." in said


def test_a_section_is_left_out_with_its_parts_and_taken_up_with_them(ada, audit):
    ada.post(f"/audits/{audit.public_id}/sections/practice/skip/", {"skip": "yes"})
    audit.refresh_from_db()

    assert [part for part, _ in sheet_of(audit).parts] == ["oversight", "overall"]
    assert words(ada.get(f"/audits/{audit.public_id}/")).count("Left out") == 3
    with pytest.raises(
        Refused, match="“Voice” is a part of “Practice”, which is left out; take that one up again."
    ):
        operations.skip_section(audit, "voice", skip=False, by=audit.auditor, at=AT)

    operations.skip_section(audit, "practice", skip=False, by=audit.auditor, at=AT)
    audit.refresh_from_db()

    assert audit.skipped_sections == []


def test_a_part_left_out_alone_leaves_its_section_to_the_others(ada, audit):
    operations.skip_section(audit, "voice", skip=True, by=audit.auditor, at=AT)
    judge(audit, "plan", "good")

    assert "The grade is Good" in words(ada.get(section(audit, "practice")))


def test_the_framework_says_its_levels_in_words(client, council, audit):
    client.force_login(council.quinn)

    page = words(
        client.get(f"/frameworks/{audit.version.framework.public_id}/versions/{audit.version.number}/")
    )

    assert (
        "One poor part makes the section poor: “Practice” is Inadequate where of its graded parts at least 1 Inadequate"
        in page
    )
