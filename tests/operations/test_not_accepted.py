"""A report not amended in time is not accepted and done again, and the new audit is still owed (WF-9)."""

from datetime import date

import pytest

from goldenthread.audits import operations
from goldenthread.audits.models import QualityCheck
from goldenthread.audits.operations import Incomplete
from goldenthread.ledger.models import Event
from goldenthread.measures.month import month_of
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.queries import coverage, coverage_of
from goldenthread.programmes.queries.periods import own_period
from goldenthread.rules.refusal import Refused
from goldenthread.rules.solver import fill
from goldenthread.tasks.models import Notice, Task
from tests.make import (
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_training,
    moment,
    publish_pack,
)

pytestmark = pytest.mark.django_db
RETURNED = moment("2026-11-02T09:08")
LATE = moment("2026-11-09T09:00")
JANUARY = moment("2027-01-04T09:00")
WHY = "The points were not answered."


@pytest.fixture
def council():
    council = make_council()
    make_training(council.ada)
    return council


def not_accepted(council, **changes):
    """An audit whose amended report never came."""
    audit = make_audit(council, "returned", **changes)
    return operations.take_step(audit, "not accept", by=council.quinn, at=LATE, note=WHY)


def next_cycle(label="2027-01", at=JANUARY):
    cycle = make_cycle(label)
    return cycle, place_reaudits(cycle, by=None, at=at)


@pytest.mark.parametrize(
    ("step", "kind", "due"),
    [("return", "amend", "2026-11-05"), ("return and discuss", "amend after a discussion", "2026-11-06")],
)
def test_amendments_have_longer_where_a_discussion_was_offered(council, step, kind, due):
    audit = make_audit(council, "checking")

    operations.take_step(audit, step, by=council.quinn, at=RETURNED, points="Look at risk again.")

    task = Task.objects.open().get(about_id=audit.public_id, kind=kind)
    assert task.due_at.date().isoformat() == due


@pytest.mark.parametrize("step", ["return", "return and discuss"])
def test_nobody_refuses_a_report_before_its_time_is_up(council, step):
    audit = make_audit(council, "checking")
    operations.take_step(audit, step, by=council.quinn, at=RETURNED, points="Look at risk again.")

    with pytest.raises(Incomplete, match="may still be done in time: until .* November 2026"):
        operations.take_step(audit, "not accept", by=council.quinn, at=RETURNED, note=WHY)

    audit.refresh_from_db()
    assert audit.state == "returned"


def test_past_its_time_the_quality_team_finds_it_not_accepted_with_a_reason(council):
    audit = not_accepted(council)

    check = QualityCheck.objects.get(outcome="not accepted")
    assert (audit.phase, audit.stopped_as, check.points) == ("stopped", "not accepted", WHY)
    assert not Task.objects.open().about("audit", audit.public_id).exists()
    assert Notice.objects.filter(to=council.ada, subject__endswith="not accepted").count() == 1
    assert Event.objects.filter(what="audit.not_accept").count() == 1


def test_without_a_reason_or_by_the_auditor_it_is_refused(council):
    audit = make_audit(council, "returned")

    with pytest.raises(Refused, match="Write a note that says why"):
        operations.take_step(audit, "not accept", by=council.quinn, at=LATE)
    with pytest.raises(Refused, match="only by the quality team"):
        operations.take_step(audit, "not accept", by=council.ada, at=LATE, note=WHY)


def test_the_next_cycle_places_it_again_with_the_same_auditor_and_says_why(council):
    audit = not_accepted(council)

    cycle, placed = next_cycle()

    slot = Slot.objects.get(cycle=cycle)
    assert (slot.instead_of, slot.subject, slot.auditor) == (audit, audit.subject, council.ada)
    assert slot.because == f"{audit.number} was not accepted and is done again by the same auditor"
    assert slot.previous is None and placed.left == []
    assert place_reaudits(cycle, by=None, at=JANUARY).slots == []


def test_the_page_on_which_a_month_places_its_audits_shows_it_before_and_after(client, council):
    audit, cycle = not_accepted(council), make_cycle("2027-01")
    client.force_login(council.quinn)
    address, said = f"/programme/{cycle.public_id}/re-audits/", f"{audit.number} was not accepted"

    before = client.get(address).content.decode()
    done = client.post(address, follow=True).content.decode()

    assert said in before and said in client.get(address).content.decode()
    assert "0 re-audits placed, and 1 audit to be done again" in done


@pytest.mark.parametrize("label", ["2026-10", "2026-11"])
def test_neither_its_own_cycle_nor_one_before_places_it_again(council, label):
    not_accepted(council)

    next_cycle(label, at=LATE)

    assert not Slot.objects.exists()


def test_an_auditor_who_has_left_does_not_do_it_again(council):
    not_accepted(council)
    council.ada.is_active = False
    council.ada.save()

    next_cycle()

    assert Slot.objects.get().auditor is None


def test_a_re_audit_done_again_looks_at_the_same_earlier_audit(council):
    first = make_audit(council, "filed")
    not_accepted(council, audit_type="re-audit", previous=first, subject=first.subject, cycle="2026-11")

    next_cycle()

    slot = Slot.objects.get()
    assert (slot.audit_type, slot.previous) == ("re-audit", first)


def test_the_auditor_still_gets_the_cycle_s_new_audits_up_to_their_full_number(council):
    not_accepted(council)
    teams = [council.team, council.service]
    for place, unit in enumerate(teams):
        worker = make_person(f"Worker {place}")
        make_post(worker, "practitioner", unit)
        make_subject(f"NEW-{place}", unit=unit, practitioner=worker)
    cycle, _ = next_cycle()
    draw(freeze_frame(cycle, "audit", by=None, at=JANUARY), seed="1", by=None, at=JANUARY)

    allocate(cycle, solve=fill, by=None, at=JANUARY)

    assert Slot.objects.own().filter(cycle=cycle, auditor=council.ada).count() == 2
    assert Slot.objects.filter(cycle=cycle, auditor=council.ada).count() == 3


def test_the_case_done_again_is_not_drawn_as_well_whatever_the_pack_leaves_out(council):
    audit = not_accepted(council)
    cycle, _ = next_cycle()

    frame = freeze_frame(cycle, "audit", by=None, at=JANUARY)

    entry = frame.entries.get(subject=audit.subject)
    assert not entry.eligible


def test_compliance_shows_it_as_not_accepted_and_still_owed(council):
    audit = not_accepted(council)
    cycle = make_cycle("2026-11")

    figures = month_of(own_period(cycle), reader=council.quinn, today=date(2026, 12, 1)).types[0]
    row = next(
        row for row in coverage_of(cycle, reader=council.quinn, on=LATE.date()) if row.unit == council.team
    )

    assert audit.phase == "stopped"
    assert {word: figure.count for word, figure in figures.progress.items() if figure.count} == {
        "not accepted": 1
    }
    assert (row.target, row.done, row.missing) == (1, 0, 1)


def test_done_again_it_is_owed_once_more_in_that_cycle_and_once_in_the_year(council):
    not_accepted(council, number="2026-10/001", cycle="2026-10", cycle_closes_on=date(2026, 10, 30))
    cycle, _ = next_cycle("2026-11", at=LATE)
    send_slots(cycle)
    Cycle.objects.filter(label="2026-10").update(reaudits_placed_at=LATE)  # the organisation began with it

    november = owed_by(council, [cycle])
    both = owed_by(council, [Cycle.objects.get(label="2026-10"), cycle])

    assert (november.target, november.sent) == (2, 1)
    assert (both.target, both.sent) == (2, 1)


def send_slots(cycle):
    draw(freeze_frame(cycle, "audit", by=None, at=LATE), seed="1", by=None, at=LATE)
    return send_cycle(cycle, by=None, at=LATE)


def owed_by(council, cycles):
    rows = coverage(cycles, reader=council.quinn, on=LATE.date())
    return next(row for row in rows if row.unit == council.team)


def test_only_a_director_exempts_with_a_reason_and_it_is_left_out_of_what_was_owed(council):
    director = make_person("Dora")
    make_post(director, "director", council.organisation)
    case = make_subject("C1", unit=council.team, practitioner=council.priya)
    publish_pack()
    cycle, _ = next_cycle("2026-11", at=LATE)
    draw(freeze_frame(cycle, "audit", by=None, at=LATE), seed="1", by=None, at=LATE)
    allocate(cycle, solve=fill, by=None, at=LATE)
    (audit,) = send_cycle(cycle, by=None, at=LATE)

    with pytest.raises(Refused, match="only by the director"):
        operations.take_step(audit, "exempt", by=council.theo, at=LATE, note="ill")
    operations.take_step(audit, "exempt", by=director, at=LATE, note="Long-term sick leave.")

    row = owed_by(council, [cycle])
    assert audit.subject == case
    assert (row.target, row.sent, row.exempt, row.missing) == (0, 0, 1, 0)
    assert not Task.objects.open().about("audit", audit.public_id).exists()
