"""A re-audit beside the audits before it: part by part, for those who may read them, and counted (WF-16)."""

import pytest

from goldenthread.audits.models import Audit, Judgement, Participant
from goldenthread.measures.comparisons import outcomes
from goldenthread.measures.month import month_of
from goldenthread.measures.slices import audits_of
from goldenthread.programmes.queries.periods import own_period
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from tests.make import make_audit, make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-20T09:00")
ON = AT.date()


@pytest.fixture
def council():
    publish_pack(at=moment("2026-09-01T09:00"))
    council = make_council()
    council.first = made(council, "2026-09", "inadequate")
    council.second = made(council, "2026-10", "good", previous=council.first, audit_type="re-audit")
    council.third = made(
        council, "2026-11", "requires improvement", previous=council.second, audit_type="re-audit"
    )
    return council


def made(council, cycle, grade, **changes):
    subject = changes["previous"].subject if "previous" in changes else None
    return make_audit(
        council,
        "final",
        grade=grade,
        at=moment(f"{cycle}-07T09:00"),
        number=f"{cycle}/001",
        cycle=cycle,
        subject=subject,
        **changes,
    )


def test_the_whole_row_of_results_stands_and_the_last_two_are_compared(council):
    report = report_of(council.third, on=ON, reader=council.quinn)

    assert report.stages[:2] == ("Earlier audit, 2026-09/001", "Earlier audit, 2026-10/001")
    overall = next(grades for label, grades in report.grades if label.startswith("Overall"))
    assert overall[:2] == ("Inadequate", "Good")
    assert overall[-1] == "Requires improvement"
    assert report.compared_with == "2026-10/001"
    assert {row[1:] for row in report.compared} == {("Good", "Requires improvement", "Worse")}
    assert f"0 better, 0 the same, {len(report.compared)} worse" in report.compared_in_all


def test_a_part_that_was_not_looked_at_is_not_compared(council):
    part = next(key for key, *_ in Judgement.objects.exclude(part="overall").values_list("part"))
    Audit.objects.filter(pk=council.second.pk).update(skipped_sections=[part])

    report = report_of(council.third, on=ON, reader=council.quinn)

    row = next(row for row in report.compared if row[3].startswith("Not comparable"))
    assert row[1] == "Not looked at"
    assert row[3] == "Not comparable. 2026-10/001 did not look at it."


def test_who_may_not_read_the_original_sees_nothing_of_it(council):
    newcomer = council.theo
    Audit.objects.filter(pk=council.second.pk).update(unit=council.other_team)
    Participant.objects.filter(audit=council.second, person=newcomer).delete()

    report = report_of(council.third, on=ON, reader=newcomer)

    assert (report.compared_with, report.compared, report.compared_in_all) == ("", (), "")
    assert "2026-10/001" not in "".join(report.stages)
    assert not any(stage.startswith("Earlier") for stage in report_of(council.third, on=ON).stages)


def test_the_page_and_the_documents_say_it(client, council, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    client.force_login(council.quinn)
    report = report_of(council.third, on=ON, reader=council.quinn)

    for page in ("", "report/"):
        shown = client.get(f"/audits/{council.third.public_id}/{page}").text
        assert "Compared with 2026-10/001" in shown
        assert report.compared_in_all in shown
    assert pdf_of(report, at=AT).startswith(b"%PDF")
    assert word_of(report)


def test_the_month_counts_them_and_opens_to_them(client, council, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    cycle = make_cycle("2026-11")
    type(cycle).objects.filter(pk=cycle.pk).update(sent_at=AT, sent_by=council.quinn)
    month = month_of(own_period(cycle), reader=council.quinn, today=ON)

    again = next(one for one in month.types if one.key == "re-audit").again

    assert {word: figure.count for word, figure in again.items()} == {
        "better": 0,
        "same": 0,
        "worse": 1,
        "not comparable": 0,
    }
    client.force_login(council.quinn)
    for figure in again.values():
        listed = client.get(f"/reports/{cycle.public_id}/audits/", figure.piece.as_query())
        assert listed.context["count"] == figure.count
    page = client.get(f"/reports/{cycle.public_id}/").text
    assert "compared with the audit looked at again" in page


def test_the_month_leaves_out_those_whose_original_the_reader_does_not_see(council):
    cycle = make_cycle("2026-11")
    Audit.objects.filter(pk=council.second.pk).update(unit=council.other_team)
    found = {
        who.name: outcomes(audits_of(own_period(cycle), reader=who, on=ON), reader=who, on=ON)
        for who in (council.quinn, council.hana)
    }

    assert list(found["Quinn"].values()) == ["worse"]
    assert found["Hana"] == {}
