"""Beginning an audit: its period, who takes part, what is owed, who is told (WF-3, WF-6, WF-11)."""

from datetime import date

import pytest

from goldenthread.audits.models import EarlierWork, Participant
from goldenthread.caseload.models import Work
from goldenthread.tasks.models import Notice, Task
from tests.make import make_audit, make_council, make_person, make_post, make_subject, moment

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 2)


@pytest.fixture
def council():
    return make_council()


@pytest.mark.parametrize(
    ("involved_since", "looks_from"),
    [
        (date(2020, 1, 1), date(2026, 5, 2)),
        (date(2026, 5, 2), date(2026, 5, 2)),
        (date(2026, 8, 17), date(2026, 8, 17)),
        (ON, ON),
    ],
)
def test_the_period_is_six_months_or_less_where_involvement_began_later(council, involved_since, looks_from):
    subject = make_subject("C-1", unit=council.team, practitioner=council.priya, since=involved_since)

    audit = make_audit(council, subject=subject, on=ON)

    assert (audit.looks_from, audit.looks_to) == (looks_from, ON)


def test_workers_and_teams_of_the_period_who_no_longer_have_the_case_are_named(council):
    earlier, long_gone = make_person("Evan"), make_person("Lena")
    subject = make_subject("C-1", unit=council.team, practitioner=council.priya, since=date(2026, 7, 1))
    for person, unit, starts, ends in (
        (earlier, council.other_team, date(2026, 5, 20), date(2026, 6, 30)),
        (long_gone, council.other_team, date(2026, 1, 1), date(2026, 4, 30)),
        (council.priya, council.other_team, date(2026, 6, 1), date(2026, 6, 30)),
    ):
        Work.objects.create(
            subject=subject, person=person, unit=unit, starts_on=starts, ends_on=ends, basis="column"
        )
    subject.episodes.update(opened_on=date(2020, 1, 1))

    audit = make_audit(council, subject=subject, on=ON)

    named = EarlierWork.objects.filter(audit=audit).values_list("person__name", "unit__name")
    assert set(named) == {("Evan", "Ward team"), (None, "Ward team")}


def test_the_auditor_and_the_practitioner_take_part_and_are_told(council):
    audit = make_audit(council, at=moment("2026-11-02T09:00"))

    taking_part = Participant.objects.filter(audit=audit).values_list("relation", "person__name")
    assert set(taking_part) == {("auditor", "Ada"), ("practitioner", "Priya")}
    told = set(Notice.objects.values_list("to__name", flat=True))
    assert told == {"Ada", "Priya", "Theo", "Hana"}
    notice = Notice.objects.get(to=council.ada)
    assert "for November 2026" in notice.text
    assert "due by Friday 27 November 2026" in notice.text


def test_the_auditor_owes_the_audit_before_the_last_working_day(council):
    audit = make_audit(council)

    task = Task.objects.get(about_id=audit.public_id)
    assert (task.kind, task.person) == ("complete the audit", council.ada)
    assert task.reason == "1 working day before the cycle closes on Monday 30 November"


def test_a_second_re_audit_asks_the_team_manager_to_the_conversation(council):
    first = make_audit(council, "filed", grade="inadequate")
    again = make_audit(council, "filed", audit_type="re-audit", previous=first, cycle="2027-01")
    make_audit(council, "discussed", audit_type="re-audit", previous=again, cycle="2027-03")

    asked = Notice.objects.filter(to=council.theo, subject__contains="please join the conversation")
    assert asked.count() == 1


def test_a_co_worker_who_still_has_the_case_is_not_named_as_earlier(council):
    other = make_person("Cole")
    make_post(other, "practitioner", council.team)
    subject = make_subject("C-1", unit=council.team, practitioner=council.priya)
    Work.objects.create(
        subject=subject, person=other, unit=council.team, starts_on=date(2026, 6, 1), basis="column"
    )

    audit = make_audit(council, subject=subject)

    assert not EarlierWork.objects.filter(audit=audit).exists()
