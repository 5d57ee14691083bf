"""Moving an audit along its flow: who may, what must be there, what starts, who is told (WF-8 to WF-10)."""

from datetime import date, timedelta

import pytest

from goldenthread.audits import operations
from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit, CaseNote, QualityCheck
from goldenthread.audits.operations import Incomplete
from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import STATES, answer_everything, grade_everything, make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def council():
    return make_council()


def open_tasks(audit):
    return set(Task.objects.open().about("audit", audit.public_id).values_list("kind", flat=True))


@pytest.mark.parametrize("state", STATES)
def test_an_audit_comes_to_every_state_by_the_real_steps(council, state):
    audit = make_audit(council, state)

    assert audit.state == state


def test_finishing_the_draft_asks_for_what_is_missing_and_says_where(council):
    audit = make_audit(council)

    with pytest.raises(Incomplete) as refusal:
        operations.take_step(audit, "finish draft", by=council.ada, at=AT)

    gaps = {gap.where: gap.sentence for gap in refusal.value.gaps}
    assert "basics" in gaps
    assert gaps["overall"] == "Overall: choose a grade (on the record)"
    audit.refresh_from_db()
    assert audit.state == "allocated"


def test_a_grade_without_its_reasons_holds_the_draft_back(council):
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    grade_everything(audit, "good", at=AT)
    operations.save_judgement(audit, "overall", grade="good", why=" ", expected=1, by=council.ada, at=AT)

    with pytest.raises(Incomplete, match="Overall: give the reasons for the grade"):
        operations.take_step(audit, "finish draft", by=council.ada, at=AT)


def test_a_skipped_domain_is_neither_answered_nor_graded(council):
    audit = make_audit(council)
    answer_everything(audit, at=AT)
    grade_everything(audit, "good", at=AT)
    operations.save_judgement(audit, "rights", grade="", why="", expected=1, by=council.ada, at=AT)
    operations.skip_section(audit, "rights", skip=True, by=council.ada, at=AT)

    operations.take_step(audit, "finish draft", by=council.ada, at=AT)

    audit.refresh_from_db()
    assert audit.state == "drafted"


def test_the_flow_says_who_may_take_a_step(council):
    audit = make_audit(council, "checking")

    with pytest.raises(Refused, match="only by the quality team"):
        operations.take_step(audit, "accept", by=council.ada, at=AT)


def test_submitting_starts_the_quality_check_and_finishes_the_audit(council):
    audit = make_audit(council, "discussed", at=AT)
    grade_everything(audit, "good", at=AT)

    operations.take_step(audit, "submit", by=council.ada, at=AT)

    assert open_tasks(audit) == {"quality check"}
    task = Task.objects.open().get(kind="quality check")
    assert task.due_at.date() == date(2026, 11, 6)
    assert "1 working day from receipt on Thursday 5 November" in task.reason
    assert Notice.objects.filter(to=council.quinn, subject__contains="to check").count() == 1


def test_a_report_is_not_returned_without_points(council):
    audit = make_audit(council, "checking")

    with pytest.raises(Incomplete, match="Say clearly which points"):
        operations.take_step(audit, "return", by=council.quinn, at=AT, points="  ")
    assert not QualityCheck.objects.exists()


@pytest.mark.parametrize(
    ("step", "clock", "day", "discussed"),
    [("return", "amend", 6, False), ("return and discuss", "amend after a discussion", 9, True)],
)
def test_points_with_a_discussion_start_the_longer_clock(council, step, clock, day, discussed):
    audit = make_audit(council, "checking", at=moment("2026-11-02T09:00"))

    operations.take_step(audit, step, by=council.quinn, at=moment("2026-11-03T09:00"), points="Look again.")

    assert open_tasks(audit) == {clock}
    assert Task.objects.open().get(kind=clock).due_at.date() == date(2026, 11, day)
    check = QualityCheck.objects.get()
    assert (check.outcome, check.points, check.discussed) == ("returned", "Look again.", discussed)
    assert Notice.objects.filter(to=council.ada, subject__contains="returned").count() == 1


def test_a_second_return_is_told_again(council):
    audit = make_audit(council, "returned", at=moment("2026-11-02T09:00"))
    operations.take_step(audit, "resubmit", by=council.ada, at=AT)

    operations.take_step(audit, "return", by=council.quinn, at=AT + timedelta(hours=1), points="Again.")

    assert Notice.objects.filter(to=council.ada, subject__contains="returned").count() == 2


def test_the_final_report_reaches_its_readers_and_the_head_only_if_inadequate(council):
    good, bad = make_audit(council, "final"), make_audit(council, "final", grade="inadequate")

    told = {
        audit.number: set(
            Notice.objects.filter(about_id=audit.public_id, subject__contains="final report").values_list(
                "to__name", flat=True
            )
        )
        for audit in (good, bad)
    }
    assert told[good.number] == {"Priya", "Theo", "Quinn"}
    assert Notice.objects.filter(about_id=good.public_id, subject__contains="a report for you").count() == 0
    assert Notice.objects.get(about_id=bad.public_id, subject__contains="a report for you").to == council.hana
    assert good.finished_at is not None


def test_notices_name_no_person_no_grade_and_no_reason(council):
    make_audit(council, "filed", grade="inadequate")

    words = " ".join(f"{notice.subject} {notice.text}" for notice in Notice.objects.all()).lower()
    assert not [word for word in ("priya", "ada", "inadequate", "c-2026") if f" {word}" in words]


def test_filing_keeps_the_note_as_it_was_made(council):
    audit = make_audit(council, "final", grade="inadequate")
    note = note_for(audit, at=AT)

    operations.take_step(audit, "file", by=council.ada, at=AT, case_note=note)

    kept = CaseNote.objects.get(audit=audit)
    assert (kept.title, kept.text, kept.alerted) == (note.title, note.text, note.alerted)
    assert not open_tasks(audit)
    audit.refresh_from_db()
    assert (audit.phase, audit.filed_at) == ("filed", AT)


def test_filing_without_the_note_is_refused(council):
    audit = make_audit(council, "final")

    with pytest.raises(Incomplete, match="case note"):
        operations.take_step(audit, "file", by=council.ada, at=AT)


def test_each_step_is_one_event(council):
    audit = make_audit(council, "checking")
    before = Event.objects.count()

    operations.take_step(audit, "return", by=council.quinn, at=AT, points="Look again.")

    event = Event.objects.order_by("-position")[0]
    assert Event.objects.count() == before + 1
    assert (event.what, event.about_id, event.by) == (
        "audit.return",
        audit.public_id,
        council.quinn.public_id,
    )


def test_nothing_is_written_if_the_event_fails(council, monkeypatch):
    audit = make_audit(council, "checking")

    def fails(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr("goldenthread.audits.operations.stepping.record", fails)
    with pytest.raises(RuntimeError):
        operations.take_step(audit, "accept", by=council.quinn, at=AT)

    audit = Audit.objects.get(pk=audit.pk)
    assert (audit.state, open_tasks(audit)) == ("checking", {"quality check"})
    assert not Notice.objects.filter(subject__contains="final report").exists()
