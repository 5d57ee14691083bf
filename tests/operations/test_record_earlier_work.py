"""Strengths and concerns about earlier work go back to those who did it, and to their manager (WF-11)."""

from datetime import date

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import Audit, EarlierWork
from goldenthread.audits.operations import Stale
from goldenthread.audits.queries import answers_shown, earlier_work_shown
from goldenthread.caseload.models import Work
from goldenthread.tasks.models import Notice
from tests.make import bring_to, make_audit, make_council, make_person, make_subject, moment

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
ON = AT.date()


@pytest.fixture
def council():
    found = make_council()
    found.evan = make_person("Evan")
    return found


@pytest.fixture
def audit(council):
    """An audit that awaits its check, of a case that Evan of the ward team had until June."""
    subject = make_subject("C-1", unit=council.team, practitioner=council.priya, since=date(2026, 7, 1))
    subject.episodes.update(opened_on=date(2020, 1, 1))
    Work.objects.create(
        subject=subject,
        person=council.evan,
        unit=council.other_team,
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 6, 30),
        basis="column",
    )
    return make_audit(council, "discussed", subject=subject)


def note(audit, *, expected=0, strengths="A warm first visit."):
    earlier = EarlierWork.objects.get(audit=audit)
    return operations.record_earlier_work(
        earlier, strengths=strengths, concerns="", expected=expected, by=audit.auditor, at=AT
    )


def finish(audit, council):
    for state in ("checking", "final"):
        bring_to(audit, state, council, at=AT, grade="good")


def test_both_are_told_when_it_is_final_and_see_only_what_concerns_them(council, audit):
    note(audit)

    finish(audit, council)

    told = Notice.objects.filter(subject__contains="about earlier work")
    assert set(told.values_list("to__name", flat=True)) == {"Evan", "Olga"}
    audit.refresh_from_db()
    for person in (council.evan, council.other_manager):
        assert Audit.objects.visible_to(person, on=ON).filter(pk=audit.pk).exists()
        assert [row.strengths for row in earlier_work_shown(audit, person, on=ON)] == ["A warm first visit."]
        assert not answers_shown(audit, person, on=ON).exists()
    for person in (council.priya, council.theo, council.hana):  # who read it, and did not do that work
        assert not earlier_work_shown(audit, person, on=ON).exists()


def test_nobody_is_told_before_or_where_nothing_was_written(council, audit):
    finish(audit, council)

    assert not Notice.objects.filter(to=council.evan).exists()
    assert not Audit.objects.visible_to(council.evan, on=ON).filter(pk=audit.pk).exists()


def test_what_is_written_is_shown_to_those_who_make_the_report_alone_until_it_is_final(council, audit):
    note(audit)

    people = (audit.auditor, council.evan, council.other_manager, council.priya)
    assert [earlier_work_shown(audit, one, on=ON).exists() for one in people] == [True, False, False, False]


def test_it_is_not_overwritten_unseen(audit):
    note(audit)

    with pytest.raises(Stale):
        note(audit, expected=0, strengths="Something else.")
