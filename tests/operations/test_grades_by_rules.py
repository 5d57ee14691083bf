"""Grades that the framework's rules give, limit or leave to judgement, from the answer to the row."""

import pytest

from goldenthread.audits import operations
from goldenthread.audits.gaps import _forbidden
from goldenthread.audits.models import Judgement
from goldenthread.audits.operations import Incomplete, Judged
from goldenthread.audits.operations.judging import judgement_at
from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Event
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.advice import Advice, Said
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from tests.grading_packs import POINTS_AND_BANDS, pack_with
from tests.make import answer_everything, hold_conversation, make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
PARTS = ("voice", "assessment", "planning", "oversight")


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    return make_audit(council)


def judge(audit, grade, *, part="overall", why="", by=None):
    current = Judgement.objects.current().filter(audit=audit, part=part, stage=stage_of(audit)).first()
    return operations.save_judgement(
        audit,
        part,
        grade=grade,
        why=why,
        expected=current.version if current else 0,
        by=by or audit.auditor,
        at=AT,
    )


def stage_of(audit):
    return sheet_of(type(audit).objects.get(pk=audit.pk)).stage.key


def grade_domains(audit, grade="2", **others):
    audit.refresh_from_db()
    for part, _ in sheet_of(audit).parts:
        if part != "overall":
            judge(audit, others.get(part, grade), part=part)


def answer(audit, question, value):
    current = audit.answers.filter(question=question).first()
    given = Given(instead=value) if value == "not applicable" else Given(value, evidence="Seen.")
    operations.save_answer(
        audit, question, given, expected=current.version if current else 0, by=audit.auditor, at=AT
    )


def finish(audit):
    return operations.take_step(audit, "finish draft", by=audit.auditor, at=AT)


def overall(audit):
    return Judgement.objects.current().filter(audit=audit, part="overall").latest("stage_order")


def test_a_step_that_asks_for_grades_puts_the_computed_one_on_record_with_its_rule_and_sentence(audit):
    answer_everything(audit, at=AT)
    grade_domains(audit)

    finish(audit)

    row = overall(audit)
    assert (row.grade, row.source, row.rule) == ("1", "computed", "4: bands")
    assert (row.advised, row.because) == ("1", "The checks decide (Compliance: 100.0%).")
    assert row.judged_by == audit.auditor
    assert Event.objects.last().what == "audit.finish_draft"


def test_the_step_is_one_event_that_says_what_was_computed(audit):
    answer_everything(audit, at=AT)
    grade_domains(audit)
    before = Event.objects.count()

    finish(audit)

    assert Event.objects.count() == before + 1


def test_one_domain_at_the_bottom_fixes_the_whole_and_another_grade_is_refused_with_the_sentence(audit):
    answer_everything(audit, at=AT)
    grade_domains(audit, voice="4")

    with pytest.raises(Refused, match=r"not heard is not safe\. What remains is Inadequate\. The framework"):
        judge(audit, "2", why="I disagree.")

    finish(audit)
    assert (overall(audit).grade, overall(audit).rule) == ("4", "4: bands; 2: narrow")


def test_a_grade_that_a_later_answer_forbids_stops_the_step_and_says_what_remains(audit):
    answer_everything(audit, at=AT)
    grade_domains(audit)
    judge(audit, "1")
    judge(audit, "4", part="voice")

    with pytest.raises(Incomplete, match=r"Overall: choose another grade .* What remains is Inadequate"):
        finish(audit)


def test_only_the_named_role_may_go_against_a_rule(audit, council):
    answer_everything(audit, at=AT)
    grade_domains(audit)

    with pytest.raises(Refused, match=r"Only the quality team may give another"):
        judge(audit, "3", why="It feels worse.")


def test_an_auditor_who_holds_the_named_role_overrides_with_a_reason_that_is_kept(audit, council):
    quinn = council.quinn
    type(audit).objects.filter(pk=audit.pk).update(auditor=quinn)
    audit.refresh_from_db()
    answer_everything(audit, at=AT)
    grade_domains(audit)
    judge(audit, "2")

    with pytest.raises(Incomplete, match="Overall: give the reasons"):
        finish(audit)
    judge(audit, "2", why="One note is thin.")
    finish(audit)

    row = overall(audit)
    assert (row.source, row.grade, row.advised, row.why) == ("entered", "2", "1", "One note is thin.")
    assert row.is_override and row.rule == "4: bands"
    said = report_of(audit, on=AT.date()).overall[0].why
    assert "One note is thin." in said and "led to Outstanding: The checks decide" in said


def test_a_grade_better_than_a_cap_wants_a_reason_and_is_kept_beside_the_cap(audit):
    answer_everything(audit, at=AT)
    answer(audit, "notes up to date", "no")
    grade_domains(audit)

    row = overall(finish(audit))

    assert (row.grade, row.rule) == ("3", "4: bands; 3: cap")
    assert "Case notes that are behind limit the whole." in row.because


def test_where_there_is_no_score_no_band_fits_and_the_grade_is_the_auditors_with_a_reason(audit):
    judge(audit, "2", part="voice")
    judge(audit, "3")

    with pytest.raises(Incomplete, match="Overall: give the reasons for the grade") as refusal:
        finish(audit)

    assert "Overall: choose a grade" not in str(refusal.value)
    assert (overall(audit).grade, overall(audit).rule) == ("3", "none")


def test_some_parts_are_graded_before_others(audit):
    with pytest.raises(Refused, match="Give “The person at the centre” a grade first"):
        judge(audit, "2")


def test_grading_again_computes_again_and_every_row_is_kept(audit):
    answer_everything(audit, at=AT)
    grade_domains(audit)
    finish(audit)
    hold_conversation(audit, at=AT)
    answer(audit, "notes up to date", "no")
    grade_domains(audit)

    operations.take_step(audit, "submit", by=audit.auditor, at=AT)

    rows = Judgement.objects.current().filter(audit=audit, part="overall").order_by("stage_order")
    assert [(row.stage_order, row.grade, row.source) for row in rows] == [
        (1, "1", "computed"),
        (2, "3", "computed"),
    ]


def test_a_part_not_looked_at_keeps_the_last_audits_grade_with_its_day_and_has_no_row(council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    first = make_audit(
        council, "final", grade="1", at=moment("2026-10-05T09:00"), number="2026-10/001", cycle="2026-10"
    )
    again = make_audit(council, subject=first.subject, number="2026-11/007")
    operations.skip_section(again, "assessment", skip=True, by=again.auditor, at=AT)
    again.refresh_from_db()

    report = report_of(again, on=AT.date())

    kept = dict(report.grades)["Assessment and analysis"]
    assert kept == ("Not looked at", "Outstanding, carried forward from 2026-10/001 of 5 October 2026")
    assert not Judgement.objects.filter(audit=again, part="assessment").exists()


def test_a_part_that_is_looked_at_carries_nothing_forward(council):
    publish_pack(document=pack_with(POINTS_AND_BANDS))
    first = make_audit(
        council, "final", grade="1", at=moment("2026-10-05T09:00"), number="2026-10/001", cycle="2026-10"
    )
    again = make_audit(council, subject=first.subject, number="2026-11/007")

    assert sheet_of(again).carried == {}
    assert dict(report_of(again, on=AT.date()).grades)["Assessment and analysis"] == (
        "Not graded",
        "Not graded",
    )


def test_many_grades_at_once_are_under_the_same_rules(audit):
    answer_everything(audit, at=AT)
    said = [Judged("voice", "4", "Nobody asked.", AT), Judged("overall", "1", "Still good.", AT)]

    with pytest.raises(Refused, match="not heard is not safe"):
        operations.save_first_judgements(audit, said, by=audit.auditor)

    assert not Judgement.objects.filter(audit=audit).exists()


def test_a_grade_given_against_many_rules_keeps_the_names_of_all_and_is_not_forbidden_for_that(audit):
    said = tuple(
        Said(f"rule {place}: cap", "It is capped.", frozenset({"2"}), override=("quality team",))
        for place in range(30)
    )
    advice = Advice("overall", said=said, deciding=said, remaining=("2",))
    stage = sheet_of(audit).grading.stages[0]

    judgement_at(audit, stage, Judged("overall", "1", "Seen.", AT), audit.auditor, advice).save()

    kept = Judgement.objects.get()
    assert len(kept.rule) > 200
    assert kept.rule == advice.on_record("1")[1]
    assert _forbidden(kept, advice) is None
