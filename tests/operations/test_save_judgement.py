"""Grading: every judgement is a row, stages never overwrite one another, nothing is erased (WF-7, WF-8)."""

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Judgement
from goldenthread.audits.operations import Stale
from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from tests.make import make_audit, make_council, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def council():
    return make_council()


def judge(audit, grade, expected, *, part="voice", why="Because.", by=None, key=""):
    return operations.save_judgement(
        audit, part, grade=grade, why=why, expected=expected, by=by or audit.auditor, at=AT, key=key
    )


def test_a_new_judgement_supersedes_and_the_old_one_is_kept(council):
    audit = make_audit(council)

    judge(audit, "good", 0)
    judge(audit, "inadequate", 1)

    rows = Judgement.objects.filter(audit=audit).order_by("version")
    assert [(row.grade, row.is_current) for row in rows] == [("good", False), ("inadequate", True)]


def test_grading_after_the_conversation_leaves_the_first_grading_as_it_was(council):
    audit = make_audit(council, "discussed", grade="requires improvement")

    judge(audit, "good", 0)

    current = Judgement.objects.current().filter(audit=audit, part="voice").order_by("stage_order")
    assert [(row.stage, row.grade) for row in current] == [
        ("on the record", "requires improvement"),
        ("after the conversation", "good"),
    ]


def test_a_grading_over_something_unseen_changes_nothing(council):
    audit = make_audit(council)
    judge(audit, "good", 0)

    with pytest.raises(Stale) as clash:
        judge(audit, "inadequate", 0)

    assert clash.value.current.grade == "good"
    assert Judgement.objects.filter(audit=audit).count() == 1


def test_a_resend_is_acknowledged_even_after_a_newer_grading(council):
    audit = make_audit(council)
    judge(audit, "good", 0, key="change-1")
    judge(audit, "inadequate", 1, key="change-2")

    assert judge(audit, "good", 0, key="change-1") == 1
    assert Judgement.objects.current().get(audit=audit).grade == "inadequate"


def test_the_event_says_which_part_stage_and_grade(council):
    audit = make_audit(council)
    before = Event.objects.count()

    judge(audit, "good", 0)

    assert Event.objects.count() == before + 1
    assert Event.objects.last().what == "audit.judge"


@pytest.mark.parametrize("name", ["quinn", "theo", "priya", "hana", "sam"])
def test_only_the_auditor_grades(council, name):
    audit = make_audit(council)

    with pytest.raises(Refused, match="Only the auditor"):
        judge(audit, "good", 0, by=getattr(council, name))


@pytest.mark.parametrize("state", ["drafted", "checking", "final", "filed"])
def test_grades_are_given_only_where_a_stage_is_open(council, state):
    audit = make_audit(council, state)

    with pytest.raises(Refused, match="Grades cannot be given now"):
        judge(audit, "good", 1)


@pytest.mark.parametrize(
    ("part", "grade", "sentence"),
    [("basics", "good", "not graded"), ("voice", "splendid", "Choose one of the grades")],
)
def test_what_is_not_in_the_framework_is_refused(council, part, grade, sentence):
    with pytest.raises(Refused, match=sentence):
        judge(make_audit(council), grade, 0, part=part)
