"""Somebody else finishes an audit (WF-14)."""

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, Participant
from goldenthread.ledger.models import Event
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import answer_everything, make_audit, make_council, make_person, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")


@pytest.fixture
def council():
    return make_council()


def replace(audit, auditor, *, by, because="On leave until December"):
    return operations.replace_auditor(audit, auditor, by=by, at=AT, because=because)


@pytest.mark.parametrize("name", ["theo", "hana", "quinn", "quality_manager"])
def test_managers_of_the_work_and_the_quality_team_name_somebody_else(council, name):
    audit, olga = make_audit(council), council.other_manager
    answer_everything(audit, at=AT)
    due = Task.objects.get(about_id=audit.public_id).due_at

    replace(audit, olga, by=getattr(council, name))

    task = Task.objects.get(about_id=audit.public_id)
    assert (task.person, task.due_at) == (olga, due)
    assert Event.objects.last().what == "audit.replace_auditor"
    assert Notice.objects.filter(to=olga, subject__contains="allocated to you").count() == 1
    assert Participant.objects.get(audit=audit, relation="auditor", ends_on=None).person == olga
    seen = Audit.objects.visible_to(council.ada, on=AT.date())
    assert not seen.filter(pk=audit.pk).exists()


@pytest.mark.parametrize("name", ["ada", "priya", "sam", "other_manager"])
def test_others_do_not(council, name):
    with pytest.raises(Refused, match="named by the team's managers"):
        replace(make_audit(council), council.other_manager, by=getattr(council, name))


def test_nobody_comes_to_audit_their_own_work(council):
    with pytest.raises(Refused, match="their own work"):
        replace(make_audit(council), council.priya, by=council.theo)


def test_a_reason_is_needed_and_somebody_who_is_here(council):
    gone = make_person("Gone", is_active=False)

    with pytest.raises(Refused, match="Say why"):
        replace(make_audit(council), council.other_manager, by=council.theo, because=" ")
    with pytest.raises(Refused, match="no longer here"):
        replace(make_audit(council), gone, by=council.theo)


def test_a_report_that_was_handed_in_keeps_its_auditor(council):
    with pytest.raises(Refused, match="handed in"):
        replace(make_audit(council, "checking"), council.other_manager, by=council.theo)
