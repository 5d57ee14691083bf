"""Sending a cycle: every audit with its tasks and notices, once, in one transaction (WF-3, WF-16)."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from goldenthread.audits.models import Audit
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.operations import (
    allocate,
    draw,
    drop_slot,
    edit_slot,
    freeze_frame,
    place_reaudits,
    replace_auditor,
    send_cycle,
)
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from goldenthread.tasks.models import Notice, Task
from tests.make import (
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    make_unit,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T09:00")


@pytest.fixture
def council():
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    make_subject("C2", unit=council.other_team, practitioner=make_person("Rosa"))
    nora = make_person("Nora")
    make_post(nora, "accredited auditor", council.organisation)
    make_training(nora)
    council.nora = nora
    return council


def allocated(label="2026-11", at=AT):
    """The cycle, drawn and allocated."""
    cycle = make_cycle(label)
    place_reaudits(cycle, by=None, at=at)
    draw(freeze_frame(cycle, "audit", by=None, at=at), seed="1", by=None, at=at)
    allocate(cycle, solve=fill, by=None, at=at)
    return cycle


def finished(audit, grade, at):
    """The audit as final, with an overall grade; the flow itself is tested where it lives."""
    audit.judgements.create(
        part="overall", stage="after the conversation", stage_order=2, grade=grade, judged_at=at
    )
    Audit.objects.filter(pk=audit.pk).update(phase="final", state="final", finished_at=at)


def test_each_slot_becomes_an_audit_with_its_task_and_notices(council):
    cycle = allocated()

    audits = send_cycle(cycle, by=council.quinn, at=AT)

    assert [audit.number for audit in audits] == ["2026-11/001", "2026-11/002"]
    assert {slot.audit.auditor for slot in Slot.objects.all()} == {council.ada, council.nora}
    assert Task.objects.filter(about_kind="audit", kind="complete the audit").count() == 2
    assert Notice.objects.filter(to=council.priya).exists()
    assert Event.objects.filter(what="cycle.send").count() == 1
    assert not Event.objects.filter(what__startswith="audit.").exists()


def test_sending_twice_sends_once(council):
    cycle = allocated()
    send_cycle(cycle, by=None, at=AT)

    assert send_cycle(cycle, by=None, at=AT + timedelta(seconds=1)) == []

    assert Audit.objects.count() == 2
    assert Event.objects.filter(what="cycle.send").count() == 1


def test_nothing_is_sent_while_an_audit_has_no_auditor(council):
    cycle = allocated()
    Slot.objects.filter(unit=council.team).update(auditor=None)

    with pytest.raises(Refused, match="1 of the audits of November 2026 has no auditor"):
        send_cycle(cycle, by=None, at=AT)

    drop_slot(Slot.objects.get(unit=council.team), because="nobody is free", by=None, at=AT)
    assert len(send_cycle(cycle, by=None, at=AT)) == 1


def test_nothing_is_written_if_one_audit_cannot_be_created(council):
    cycle = allocated()
    last = Slot.objects.order_by("-pk").first()
    fields = {"audit_type": "audit", "cycle": "2026-11", "cycle_closes_on": cycle.closes_on}
    fields |= {"subject": last.subject, "unit": last.unit, "auditor": last.auditor, "version": cycle.version}
    fields |= {"state": "allocated", "phase": "owed", "looks_from": AT.date(), "looks_to": AT.date()}
    Audit.objects.create(number="2026-11/000", sent_at=AT, **fields)

    with pytest.raises(Exception, match="(?i)unique"):
        send_cycle(cycle, by=None, at=AT)

    assert Audit.objects.count() == 1
    assert not Cycle.objects.exclude(sent_at=None).exists()
    assert not Task.objects.exists()


def test_a_cycle_that_was_not_drawn_is_not_sent(council):
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)

    with pytest.raises(Refused, match="not been drawn"):
        send_cycle(cycle, by=None, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_people_sending_at_once_send_once():
    publish_pack()
    council = make_council()
    make_training(council.ada)
    make_subject("C1", unit=council.team, practitioner=council.priya)
    cycle, barrier, answers = allocated(), threading.Barrier(3), []

    def try_to_send():
        barrier.wait()
        try:
            answers.append(len(send_cycle(cycle, by=None, at=AT)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_to_send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [0, 0, 1]
    assert Audit.objects.count() == 1
    assert Event.objects.filter(what="cycle.send").count() == 1


# ---- re-audits come in by themselves ----


@pytest.fixture
def sent(council):
    """September's audits: North team's inadequate, Ward team's good."""
    at = moment("2026-09-01T09:00")
    send_cycle(allocated("2026-09", at), by=None, at=at)
    council.selma = make_person("Selma")
    council.quality = make_unit("Quality Assurance", under=council.organisation, kind="service")
    make_post(council.selma, "senior manager", council.quality)
    make_training(council.selma)
    finished(Audit.objects.get(unit=council.team), "inadequate", moment("2026-10-02T15:00"))
    finished(Audit.objects.get(unit=council.other_team), "good", moment("2026-09-21T15:00"))
    return council


def test_a_weak_audit_is_looked_at_again_a_month_after_it_was_completed(sent):
    cycle = make_cycle()

    placed = place_reaudits(cycle, by=None, at=AT)

    slot = Slot.objects.get(cycle=cycle)
    assert placed.slots == [slot]
    assert (slot.audit_type, slot.practitioner, slot.unit) == ("re-audit", sent.priya, sent.team)
    assert slot.previous.number in slot.because


@pytest.mark.parametrize(("finished_on", "due"), [("2026-10-02", True), ("2026-10-03", False)])
def test_not_before_a_month_after_completion(sent, finished_on, due):
    Audit.objects.filter(unit=sent.team).update(finished_at=moment(f"{finished_on}T23:30"))

    placed = place_reaudits(make_cycle(), by=None, at=AT)

    assert bool(placed.slots) is due


def test_placing_again_places_nothing_twice(sent):
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)

    assert place_reaudits(cycle, by=None, at=AT).slots == []


def test_a_closed_case_is_named_and_not_placed(sent):
    audit = Audit.objects.get(unit=sent.team)
    audit.subject.episodes.update(closed_on=date(2026, 10, 20))

    placed = place_reaudits(make_cycle(), by=None, at=AT)

    assert placed.slots == []
    assert [(one.previous, one.not_placed) for one in placed.left] == [(audit, "the case is not open")]


def test_a_re_audit_goes_to_its_own_pool_and_not_to_the_earlier_auditor(sent):
    earlier = Audit.objects.get(unit=sent.team).auditor
    make_post(earlier, "senior manager", sent.quality)
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    draw(freeze_frame(cycle, "audit", by=None, at=AT), seed="1", by=None, at=AT)

    allocate(cycle, solve=fill, by=None, at=AT)

    slot = Slot.objects.get(cycle=cycle, audit_type="re-audit")
    assert slot.auditor == sent.selma
    with pytest.raises(Refused, match="did the earlier audit"):
        edit_slot(slot, auditor=earlier, because="knows it", despite=True, by=None, at=AT)


def test_a_senior_manager_of_another_service_does_not_re_audit_and_the_page_says_where_they_are_sought(sent):
    sent.selma.posts.update(unit=sent.service)
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)
    draw(freeze_frame(cycle, "audit", by=None, at=AT), seed="1", by=None, at=AT)

    allocate(cycle, solve=fill, by=None, at=AT)

    slot = Slot.objects.get(cycle=cycle, audit_type="re-audit")
    assert slot.auditor is None
    assert slot.unfilled == [
        {
            "auditor": "",
            "rule": "Nobody holds a post of this case's pool in Home First, Care and Support and Quality "
            "Assurance on the day: senior manager, qa manager.",
        }
    ]


def test_a_re_audited_practitioner_and_an_audited_case_are_not_drawn(sent):
    make_subject("C3", unit=sent.team, practitioner=sent.priya)
    cycle = make_cycle()
    place_reaudits(cycle, by=None, at=AT)

    frozen = freeze_frame(cycle, "audit", by=None, at=AT)

    reasons = dict(frozen.entries.values_list("subject__reference", "reason"))
    assert reasons["C3"] == "the practitioner's work is re-audited this month"
    assert reasons["C1"] == "an audit of the case is still in hand"
    assert reasons["C2"] == "the case was audited in the last 12 months"


# ---- somebody else finishes it (WF-14) ----


def test_a_manager_names_somebody_of_their_service_area(council):
    send_cycle(allocated(), by=None, at=AT)
    audit = Audit.objects.get(unit=council.team)
    near = make_person("Neil")
    make_post(near, "accredited auditor", council.service)
    make_training(near)
    other = council.nora if audit.auditor == council.ada else council.ada

    with pytest.raises(Refused, match="does not work in your service area"):
        replace_auditor(
            audit, other, because="long leave", despite=True, by=council.hana, at=AT, anywhere=False
        )
    replace_auditor(audit, near, because="long leave", by=council.hana, at=AT, anywhere=False)

    audit.refresh_from_db()
    assert audit.auditor == near
    assert Event.objects.filter(what="audit.replace_auditor").count() == 1


def test_nobody_is_named_for_their_own_teams_audit(council):
    send_cycle(allocated(), by=None, at=AT)
    audit = Audit.objects.get(unit=council.team)
    make_training(council.theo)

    with pytest.raises(Refused, match="belongs to the team"):
        replace_auditor(audit, council.theo, because="long leave", by=council.hana, at=AT, anywhere=False)
