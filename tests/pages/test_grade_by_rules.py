# ruff: noqa: E501 - documents
"""Grading under other frameworks: points and bands, a limiting domain, no grades at all; and their figures."""

import re

import pytest

from goldenthread.audits import operations
from goldenthread.audits.gaps import gaps
from goldenthread.audits.models import Judgement
from goldenthread.audits.sheets import sheet_of
from goldenthread.programmes.models import Cycle
from goldenthread.rules.flow import Step
from tests.grading_packs import POINTS_AND_BANDS, UNGRADED, pack_with
from tests.make import answer_everything, make_audit, make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    return audit


@pytest.fixture
def ada(client, council):
    client.force_login(council.ada)
    return client


SECTION_BY_SCORE = """
grading:
  case audit:
    rules:
      - {kind: bands, part: voice, score: heard, because: What was heard decides, bands: [{from: 50, grade: good}, {from: 0, grade: inadequate}]}
    scores:
      compliance: {sections: [voice]}
      heard: {title: Heard, kind: points over applicable maximum, sections: [voice]}
forms:
  case audit:
    sections:
      - key: voice
        title: The person at the centre
        graded: true
        questions:
          - {key: heard, text: Were they heard?, type: yes or no, choices: [{key: "yes", label: "Yes", points: 1}, {key: "no", label: "No", points: 0}]}
          - {key: further re-audit, text: Look again?, type: yes or no}
"""
ASKS_FOR_GRADES = Step.model_validate(
    {"label": "Go", "from": ["x"], "to": "x", "by": ["x"], "requires": ["grades"]}
)


def section(audit, key="overall"):
    return f"/audits/{audit.public_id}/sections/{key}/"


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def judge(audit, part, grade, expected=0, why=""):
    return operations.save_judgement(
        audit, part, grade=grade, why=why, expected=expected, by=audit.auditor, at=AT
    )


def test_the_auditor_is_told_which_parts_come_first(ada, audit):
    assert "Grade The person at the centre first." in words(ada.get(section(audit)))


def test_the_auditor_sees_the_grade_that_the_score_gives_with_its_sentence(ada, audit):
    judge(audit, "voice", "2")

    page = ada.get(section(audit))

    assert "The grade is Outstanding. The checks decide (Compliance: 100.0%)." in words(page)
    assert "You cannot give another." in words(page)
    assert 'type="radio"' not in page.text


def test_one_domain_at_the_bottom_fixes_the_whole_on_screen(ada, audit):
    judge(audit, "voice", "4")

    page = ada.get(section(audit))

    assert "The grade is Inadequate." in words(page)
    assert "A person who is not heard is not safe." in words(page)
    assert 'type="radio"' not in page.text


def test_a_grade_that_the_policy_forbids_is_refused_on_screen_and_by_autosave_alike(ada, audit):
    judge(audit, "voice", "4")
    typed = {"grade:overall": "1", "why:overall": "I disagree.", "version:grade:overall": 0}

    page = ada.post(section(audit), typed)
    saved = ada.post(f"/audits/{audit.public_id}/save-judgement/", {**typed, "part": "overall", "version": 0})

    assert page.status_code == saved.status_code == 422
    assert "A person who is not heard is not safe" in words(page)
    assert "The framework allows no other grade." in saved.json()["sentence"]
    assert "I disagree." in page.text
    assert not Judgement.objects.filter(audit=audit, part="overall").exists()


def test_a_grade_given_before_that_is_no_longer_allowed_is_named(ada, audit):
    judge(audit, "voice", "2")
    judge(audit, "overall", "1")
    judge(audit, "voice", "4", 1)

    page = ada.get(section(audit))

    assert "Outstanding was chosen before and can no longer be given." in words(page)
    assert page.text.count('type="radio"') == 1


def test_reasons_alone_may_be_written_beside_a_computed_grade(ada, audit):
    judge(audit, "voice", "4")

    ada.post(section(audit), {"why:overall": "Nobody asked her.", "stay": "yes"})

    row = Judgement.objects.get(audit=audit, part="overall")
    assert (row.grade, row.why) == ("", "Nobody asked her.")


def test_a_save_answers_with_what_the_rules_say_now(ada, council):
    publish_pack(document=pack_with(SECTION_BY_SCORE))
    audit = make_audit(council)
    typed = {"question": "heard", "choice:heard": "=no", "version": 0}

    saved = ada.post(f"/audits/{audit.public_id}/save-answer/", typed)

    assert saved.json()["advice"] == [
        "The grade is Inadequate, unless you choose another and say why. What was heard decides (Heard: 0%)."
    ]


def test_a_domain_may_be_graded_by_its_own_score_and_nobody_needs_to_choose(ada, council):
    publish_pack(document=pack_with(SECTION_BY_SCORE))
    audit = make_audit(council)
    answer_everything(audit, at=AT)

    page = words(ada.get(section(audit, "voice")))

    assert "The grade is Good, unless you choose another and say why." in page
    assert "voice" not in [gap.where for gap in gaps(sheet_of(audit), ASKS_FOR_GRADES)]


def test_the_history_says_which_rule_computed_a_grade(ada, audit):
    for part, _ in sheet_of(audit).parts:
        if part != "overall":
            judge(audit, part, "2")
    operations.take_step(audit, "finish draft", by=audit.auditor, at=AT)

    page = words(ada.get(f"/audits/{audit.public_id}/grades/overall/"))

    assert "Outstanding (stands) Computed by the framework’s rules, put on record by Ada" in page
    assert "Computed. The checks decide (Compliance: 100.0%)." in page
    assert "Rules of the framework: 4: bands" in page


def test_a_section_left_out_says_which_grade_it_keeps(ada, council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    first = make_audit(
        council,
        "final",
        grade="1",
        at=moment("2026-10-05T09:00"),
        number="2026-10/001",
        cycle="2026-10",
    )
    again = make_audit(council, subject=first.subject, number="2026-11/007")
    operations.skip_section(again, "assessment", skip=True, by=again.auditor, at=AT)

    page = words(ada.get(section(again, "assessment")))

    assert "It keeps its grade: Outstanding, carried forward from 2026-10/001 of 5 October 2026." in page


def cycle_of(council):
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=moment(), sent_by=council.quinn)
    return cycle


def test_the_figures_read_a_reversed_scale_by_its_direction_and_its_marks(client, council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    cycle = cycle_of(council)
    make_audit(council, "final", grade="1", number="2026-11/001")
    make_audit(council, "final", grade="4", number="2026-11/002")
    client.force_login(council.quinn)

    page = words(client.get(f"/reports/{cycle.public_id}/"))

    assert "Case audit: 2 sent, 2 finished. 1 of 2 was graded good or better overall." in page
    assert "Graded (n) Outstanding Good Requires improvement Inadequate Good or better" in page


def test_a_scale_of_two_says_what_counts_in_its_own_words(client, council):
    two = """
scales:
  grades:
    values:
      - {key: outstanding, label: Meets, good: true}
      - {key: inadequate, label: Does not yet}
notices:
  second re-audit falls short: {when: {all: [{grade: overall, is: inadequate}]}}
responses:
  discuss soon: {when: {any: [{grade: overall, is: inadequate}]}}
  acknowledge: {when: {one_of: [outstanding]}}
re_audit:
  - {after: [audit], when: {grade: overall, is: inadequate}, type: re-audit, not_before: 1 month, because: It fell short}
"""
    publish_pack(document=pack_with(two))
    cycle = cycle_of(council)
    make_audit(council, "final", grade="outstanding", number="2026-11/001")
    make_audit(council, "final", grade="inadequate", number="2026-11/002")
    client.force_login(council.quinn)

    page = words(client.get(f"/reports/{cycle.public_id}/"))

    assert "1 of 2 was graded meets overall." in page
    assert "Graded (n) Meets Does not yet Meets (95% interval)" in page


def test_an_audit_without_grades_is_finished_scored_and_counted_and_shows_no_grade(client, council, ada):
    publish_pack(document=pack_with(UNGRADED))
    cycle = cycle_of(council)
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    operations.take_step(audit, "finish", by=audit.auditor, at=AT)

    report = words(ada.get(f"/audits/{audit.public_id}/report/"))
    shown = words(ada.get(f"/audits/{audit.public_id}/"))
    client.force_login(council.quinn)
    page = client.get(f"/reports/{cycle.public_id}/")

    assert "What is asked" in shown and "looks like" not in shown
    assert "Checks met: 100% (1 of 1 points that applied)" in report
    assert "Overall" not in report
    assert "Case audit: 1 sent, 1 finished." in words(page)
    assert "Audits of this kind are not graded." in words(page)
    assert "good or better" not in words(page)


def test_the_page_of_a_framework_says_its_rules_in_words(client, council):
    version = publish_pack(document=pack_with(POINTS_AND_BANDS))
    client.force_login(council.quinn)

    page = words(client.get(f"/frameworks/{version.framework.public_id}/versions/{version.number}/"))

    for said in (
        "“Overall” is graded after “The person at the centre”.",
        "A person who is not heard is not safe: “Overall” can only be Inadequate if the grade for “voice” is “4”.",
        "“Overall” follows from “Compliance”: Outstanding from 90, Good from 66.6",
        "Only these may give another grade, with a reason: quality team.",
        "Compliance: points over applicable maximum, of basics and process, rounded to 1 decimal places",
    ):
        assert said in page.replace("&quot;", '"'), said
