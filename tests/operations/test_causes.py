"""Likely causes and severities of findings: asked for, shown, counted, and what may follow from them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from goldenthread.audits import operations
from goldenthread.audits.models import Audit
from goldenthread.findings.models import Finding
from goldenthread.findings.operations import Found
from goldenthread.improvement.queries import known_of
from goldenthread.ledger.models import Event
from goldenthread.measures.month import month_of
from goldenthread.measures.slices import audits_of, cut
from goldenthread.programmes.queries.periods import own_period
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.conditions import Compare, holds
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import examine
from goldenthread.rules.refusal import Refused
from tests.make import PACK, bring_to, make_audit, make_council, make_cycle, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-05T10:00")
THEN = date(2026, 12, 1)
CAUSES = {"knowledge": {"title": "Knowledge", "means": "Not known."}, "time": {"title": "Time pressure"}}
SEVERITIES = {"small": {"title": "Small"}, "grave": {"title": "Grave", "means": "Harm may follow."}}


def document(**changes):
    """The shipped framework with causes and severities, which its report counts."""
    data = read_document(PACK.read_text()).data
    data |= {"causes": CAUSES, "severities": SEVERITIES, **changes}
    data["report"]["parts"] += ["causes", "severities"]
    return write_document(data)


def faults_of(data):
    return [fault.sentence for fault in examine(write_document(data))[1]]


def audited(council, *found, state="final", **changes):
    """An audit that found these gaps, each a cause and a severity."""
    audit = make_audit(council, "drafted", version=publish_pack(document=document(**changes)))
    for number, (cause, severity) in enumerate(found):
        said = Found("gap", f"No plan {number}", cause=cause, severity=severity)
        operations.note_finding(audit, said, by=council.ada, at=AT)
    for one in ("discussed", "checking", "final") if state == "final" else ():
        bring_to(audit, one, council, at=AT, grade="good")
        audit.refresh_from_db()
    return audit


def test_audits_are_counted_by_cause_and_by_severity_and_each_count_leads_to_them():
    council = make_council()
    audit = audited(council, ("time", "small"), ("time", "grave"), ("", ""))

    period = own_period(make_cycle("2026-11"))
    found = month_of(period, reader=council.quinn, today=THEN).found

    assert [(row.label, row.gaps.count) for row in found["causes"]] == [("Time pressure", 1)]
    assert [(row.label, row.gaps.count) for row in found["severities"]] == [("Grave", 1), ("Small", 1)]
    counted = audits_of(period, reader=council.quinn, on=THEN)
    pieces = [row.gaps.piece for part in ("causes", "severities") for row in found[part]]
    assert [list(cut(counted, piece, today=THEN)) for piece in pieces] == [[Audit.objects.get()]] * 3
    assert not cut(counted, pieces[0].narrowed(cause="knowledge"), today=THEN).exists()
    noted = report_of(audit, on=THEN, reader=council.ada).to_improve
    assert noted[1].under == "Likely cause: Time pressure, Severity: Grave"


def test_what_follows_an_audit_may_go_by_the_severities_and_causes_that_it_found():
    council = make_council()
    known = known_of(audited(council, ("time", "small"), ("knowledge", "grave")))

    assert holds(Compare(fact="severities found", one_of=("grave",)), known)
    assert holds(Compare(fact="causes found", is_="time"), known)
    assert not holds(Compare(fact="severities found", is_="of no weight"), known)


def test_a_rule_that_names_a_severity_that_is_not_there_is_a_fault():
    data = read_document(document()).data
    rule = next(iter(data["responses"].values()))

    rule["when"] = {"fact": "severities found", "is": "dire"}

    said = faults_of(data)
    assert any("There is no severities found “dire”" in one for one in said)


@pytest.mark.parametrize("part", ["causes", "severities"])
def test_a_report_over_causes_that_are_not_there_is_a_fault(part):
    data = read_document(document()).data
    del data[part]

    said = faults_of(data)

    assert f"The framework names no {part}; name some, or leave it out." in said


@pytest.mark.parametrize("needed", ["source", "cause"])
def test_what_is_needed_can_be_chosen_or_is_a_fault(needed):
    data = read_document(document(findings={"needs": ["cause", needed]})).data

    said = " ".join(faults_of(data))

    assert ("names no sources" in said) is (needed == "source")
    assert ("stands here twice" in said) is (needed == "cause")


def test_something_to_improve_says_what_the_framework_needs_and_good_practice_need_not():
    council = make_council()
    audit = audited(council, state="drafted", findings={"needs": ["cause", "severity"]})

    with pytest.raises(Refused, match="Choose the severity of what is to improve"):
        operations.note_finding(audit, Found("gap", "No plan", cause="time"), by=council.ada, at=AT)
    with pytest.raises(Refused, match="likely causes shown"):
        operations.note_finding(audit, Found("gap", "No plan", cause="weather"), by=council.ada, at=AT)
    operations.note_finding(audit, Found("good", "Her words"), by=council.ada, at=AT)

    assert Finding.objects.count() == 1


def test_good_practice_has_no_cause_also_in_the_database():
    council = make_council()
    audit = audited(council, state="drafted")
    good = operations.note_finding(audit, Found("good", "Her words"), by=council.ada, at=AT)

    with pytest.raises(Refused, match="Only something to improve"):
        operations.note_finding(audit, Found("good", "Other", severity="grave"), by=council.ada, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=good.pk).update(cause="time")


def test_the_event_holds_what_is_said_and_the_same_is_noted_once():
    council = make_council()
    audit = audited(council, ("time", "grave"), ("time", "grave"), state="drafted")
    again = Found("gap", " No plan 0 ", cause="time", severity="grave")

    operations.note_finding(audit, again, by=council.ada, at=AT)

    assert Finding.objects.count() == 2
    assert Event.objects.filter(what="finding.record").count() == 2


def test_the_page_asks_for_them_says_what_they_mean_and_shows_what_was_said(client):
    council = make_council()
    audit = audited(council, state="drafted", findings={"needs": ["severity"]})
    client.force_login(council.ada)
    page = reverse("list_findings", args=[audit.public_id])

    shown = client.get(page).text
    refused = client.post(page, {"kind": "gap", "text": "No plan.", "cause": "time"}).text
    noted = client.post(
        page, {"kind": "gap", "text": "No plan.", "cause": "time", "severity": "grave"}, follow=True
    ).text

    assert "Knowledge: Not known." in shown and "Needed for something to improve. Grave: Harm may" in shown
    assert "Choose the severity of what is to improve; this framework asks for it." in refused
    assert "Likely cause: Time pressure" in noted and "Severity: Grave" in noted
