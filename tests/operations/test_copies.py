"""Copies are owed by a clock, sent by a person, recorded, and seen by those whose business they are."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from goldenthread.audits.models import Audit, Moderation, ModerationDraw
from goldenthread.audits.queries import answers_shown, may_read
from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import escalate_late_work
from goldenthread.governance.copies import may_be_asked, recipients_of, rule_of
from goldenthread.governance.copying import (
    ask_for_copy,
    begin_copies,
    drop_copy,
    note_sent_copy,
    sign_off_report,
)
from goldenthread.governance.models import CopiesBegun, Copy, SignOff
from goldenthread.governance.operations import blank_audit
from goldenthread.governance.queries import what_keeps
from goldenthread.improvement.models import Response
from goldenthread.improvement.operations import Agreed, begin_responses, record_discussion
from goldenthread.ledger.blanking import REMOVED
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import own_period
from goldenthread.reporting.copied import copied
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.copy_packs import LADDER, with_copies
from tests.make import make_audit, make_council, make_cycle, moment, publish_pack

AT = moment("2026-11-02T10:00")
DAY, LATER = date(2026, 11, 3), moment("2026-11-03T15:00")
LATE = moment("2026-11-10T09:00")  # the day after the five working days
CLOSED = moment("2026-12-01T00:30")
PARTNER = "Jo Bloggs, jo@partner.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=with_copies(LADDER))
    return council


def owed(council, rule="authority", **changes):
    """A copy of a final audit that is owed."""
    audit = make_audit(council, "final", at=AT, **changes)
    begin_copies(at=audit.finished_at)
    return Copy.objects.get(audit=audit, rule=rule)


def send(copy, by, **changes):
    said = {"sent_to": PARTNER, "sent_as": "Secure e-mail", "sent_on": DAY, "at": LATER} | changes
    return note_sent_copy(copy, by=by, **said)


def asked(council, audit, *, by=None, rule="family", **changes):
    said = {"asked_by": "Mrs Bloggs, daughter", "asked_on": DAY, "at": LATER} | changes
    return ask_for_copy(audit, rule, by=by or council.quinn, **said)


def closed_cycle(**changes):
    """November's cycle, sent and closed."""
    cycle = make_cycle("2026-11")
    Cycle.objects.filter(pk=cycle.pk).update(sent_at=AT, **changes)
    return Cycle.objects.get(pk=cycle.pk)


def test_a_final_audit_owes_its_copies_within_the_clock_from_that_moment(council):
    audit = make_audit(council, "final", at=AT, grade="inadequate")

    assert begin_copies(at=AT + timedelta(days=3)) == 2
    assert begin_copies(at=AT + timedelta(days=4)) == 0

    assert {one.rule for one in Copy.objects.filter(audit=audit)} == {"manager", "authority"}
    task = Copy.objects.get(rule="authority").task
    assert task.started_at == audit.finished_at
    assert task.due_at.astimezone(AT.tzinfo).date() == date(2026, 11, 9)
    assert task in Task.objects.open().owed_by(council.quinn, on=DAY)
    assert Event.objects.get(what="copy.begin").recorded.values == '{"copies":["manager","authority"]}'


def test_one_whose_condition_does_not_hold_is_not_owed(council):
    make_audit(council, "final", at=AT, grade="good")

    assert begin_copies(at=LATER) == 1
    assert Copy.objects.get().rule == "authority"


def test_nothing_is_owed_of_what_is_not_final_and_nothing_leaves_by_itself(council):
    make_audit(council, "checking", at=AT)
    assert begin_copies(at=LATER) == 0

    copy = owed(council)

    assert not Notice.objects.filter(about_id=copy.public_id).exists()


def test_a_run_that_is_killed_half_way_leaves_nothing_and_the_next_begins_it(council, monkeypatch):
    make_audit(council, "final", at=AT)

    def fail(*given, **named):
        raise SystemExit

    monkeypatch.setattr("goldenthread.governance.copying.record", fail)
    with pytest.raises(SystemExit):
        begin_copies(at=LATER)
    assert (
        not Copy.objects.exists()
        and not CopiesBegun.objects.exists()
        and not Task.objects.filter(about_kind="copy")
    )
    monkeypatch.undo()

    assert begin_copies(at=LATER) == 1


def test_the_sweep_begins_them(council):
    make_audit(council, "final", at=AT)

    call_command("sweep")

    assert Copy.objects.filter(rule="authority").exists()


def test_whoever_has_it_in_their_tasks_records_to_whom_when_and_how(council):
    copy = send(owed(council), council.quinn)

    assert (copy.sent_to, copy.sent_as, copy.sent_on) == (PARTNER, "Secure e-mail", DAY)
    assert (copy.settled_by, copy.settled_at) == (council.quinn, LATER)
    copy.task.refresh_from_db()
    assert copy.task.finished_by == council.quinn
    event = Event.objects.get(what="copy.send")
    assert (event.by, event.about_id) == (council.quinn.public_id, copy.public_id)
    assert PARTNER in event.recorded.values
    assert "Bloggs" not in event.about_label


@pytest.mark.parametrize("who", ["ada", "priya", "theo", "hana", "other_manager", "sam", "administrator"])
def test_nobody_else_records_it_or_drops_it(council, who):
    copy, person = owed(council), getattr(council, who)

    for attempt in (lambda: send(copy, person), lambda: drop_copy(copy, because="No", by=person, at=LATER)):
        with pytest.raises(Refused, match="whoever has it in their tasks"):
            attempt()
    assert Copy.objects.owed().count() == 1
    assert not Event.objects.filter(what__in=["copy.send", "copy.drop"]).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sent_to": " "}, "to whom it was sent"),
        ({"sent_to": "x" * 301}, "Shorten this to 300"),
        ({"sent_as": "Pigeon"}, "Choose how it was sent"),
        ({"sent_on": date(2026, 11, 4)}, "still to come"),
        ({"sent_on": date(2026, 11, 1)}, "nothing to send on that day"),
    ],
)
def test_a_record_that_lacks_something_is_refused_and_the_copy_stays_owed(council, changes, said):
    copy = owed(council)

    with pytest.raises(Refused, match=said):
        send(copy, council.quinn, **changes)
    assert Copy.objects.owed().get() == copy
    assert Task.objects.open().filter(pk=copy.task_id).exists()


def test_it_is_settled_once(council):
    copy = send(owed(council), council.quinn)

    for attempt in (
        lambda: send(copy, council.quinn),
        lambda: drop_copy(copy, because="Twice", by=council.quinn, at=LATER),
    ):
        with pytest.raises(Refused, match="settled already"):
            attempt()


def test_one_that_is_not_to_be_sent_says_why(council):
    copy = owed(council)
    with pytest.raises(Refused, match="Say why"):
        drop_copy(copy, because=" ", by=council.quinn, at=LATER)

    drop_copy(copy, because="The authority no longer places here.", by=council.quinn, at=LATER)

    copy.refresh_from_db()
    assert copy.not_sent_because and copy.sent_on is None
    assert not Task.objects.open().filter(pk=copy.task_id).exists()
    assert Event.objects.get(what="copy.drop").about_id == copy.public_id


def test_a_request_says_who_asked_and_when_and_its_clock_runs_from_that_day(council):
    audit = make_audit(council, "final", at=AT)

    copy = asked(council, audit, by=council.priya, asked_on=date(2026, 11, 2))

    assert (copy.asked_by, copy.asked_on, copy.noted_by) == (
        "Mrs Bloggs, daughter",
        date(2026, 11, 2),
        council.priya,
    )
    assert copy.task.due_at.astimezone(AT.tzinfo).date() == date(2026, 11, 9)
    assert Event.objects.get(what="copy.ask").by == council.priya.public_id
    again = asked(council, audit)
    assert again != copy  # somebody else may ask for the same


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asked_by": ""}, "who asked"),
        ({"asked_on": date(2026, 11, 4)}, "still to come"),
        ({"asked_on": date(2026, 11, 1)}, "nothing to copy on that day"),
        ({"rule": "authority"}, "cannot be asked for"),
        ({"rule": "councillor"}, "cannot be asked for"),
        ({"rule": "none"}, "cannot be asked for"),
    ],
)
def test_a_request_that_cannot_be_is_refused(council, changes, said):
    audit = make_audit(council, "final", at=AT)

    with pytest.raises(Refused, match=said):
        asked(council, audit, **changes)
    assert not Copy.objects.exists()


def test_only_those_who_may_know_of_a_final_audit_note_a_request(council):
    audit, draft = make_audit(council, "final", at=AT), make_audit(council, "checking", at=AT)

    may = {
        name
        for name in ("ada", "priya", "theo", "hana", "quinn", "other_manager", "sam", "administrator")
        if may_be_asked(audit, getattr(council, name), on=DAY)
    }
    assert may == {"ada", "priya", "theo", "hana", "quinn"}
    assert may_be_asked(draft, council.quinn, on=DAY) == {}
    with pytest.raises(Refused):
        asked(council, audit, by=council.other_manager)


def test_a_copy_is_known_to_its_sender_and_to_posts_that_oversee_the_audit(council):
    copy = owed(council)
    request = asked(council, copy.audit, by=council.ada)

    def seen_by(name):
        return set(Copy.objects.visible_to(getattr(council, name), on=DAY))

    for name in ("quinn", "theo", "hana", "quality_manager"):
        assert seen_by(name) == {copy, request}, name
    assert seen_by("ada") == {request}  # what she noted herself
    for name in ("priya", "other_manager", "sam", "administrator"):
        assert seen_by(name) == set(), name


def test_a_late_copy_climbs_the_ladder_of_the_framework(council):
    copy = owed(council)

    escalate_late_work(at=LATE)

    late = LateWork.objects.get(ladder="late copies")
    assert late.task == copy.task
    assert (
        Task.objects.open()
        .about("late work", late.public_id)
        .owed_by(council.quality_manager, on=LATE.date())
    )
    send(copy, council.quinn, at=LATE, sent_on=LATE.date())
    escalate_late_work(at=LATE)
    late.refresh_from_db()
    assert late.ended_at is not None


def test_the_report_is_signed_off_after_its_cycle_and_then_copied(council):
    cycle = closed_cycle()

    assert begin_copies(at=moment("2026-11-30T23:00")) == 0
    assert begin_copies(at=CLOSED) == 1
    task = Task.objects.open().get(about_kind="report")
    assert task.due_at.astimezone(AT.tzinfo).date() == date(2026, 12, 2)
    assert not Copy.objects.exists()
    with pytest.raises(Refused, match="whoever has it in their tasks"):
        sign_off_report(own_period(cycle), by=council.quinn, at=CLOSED)

    sign_off_report(own_period(cycle), by=council.quality_manager, at=CLOSED)

    copy = Copy.objects.get()
    assert (copy.rule, copy.cycle, copy.began_at) == ("board", cycle, CLOSED)
    assert SignOff.objects.get().signed_by == council.quality_manager
    assert Event.objects.get(what="report.sign_off").about_id == cycle.public_id
    with pytest.raises(Refused, match="signed off already"):
        sign_off_report(own_period(cycle), by=council.quality_manager, at=CLOSED)
    assert begin_copies(at=CLOSED) == 0


def test_whoever_moderates_the_audit_blind_knows_of_no_copy_of_it(council):
    copy = owed(council)
    drawn = ModerationDraw.objects.create(
        version=copy.version, framework="f", rule="r", cycle="2026-11", frame=b"", size=1,
        drawn_by=council.quinn, drawn_at=AT,
    )  # fmt: skip
    Moderation.objects.create(
        draw=drawn, audit=copy.audit, position=1, moderator=council.hana, blind="to grades"
    )

    assert Copy.objects.visible_to(council.theo, on=DAY).exists()
    assert not Copy.objects.visible_to(council.hana, on=DAY).exists()


def test_copies_of_the_report_are_for_those_who_see_all_reports(council):
    cycle = closed_cycle()
    begin_copies(at=CLOSED)
    sign_off_report(own_period(cycle), by=council.quality_manager, at=CLOSED)

    seen = {
        name
        for name in ("ada", "priya", "theo", "hana", "quinn", "quality_manager", "other_manager", "sam")
        if Copy.objects.visible_to(getattr(council, name), on=CLOSED.date()).exists()
    }
    assert seen == {"quinn", "quality_manager"}


def test_a_report_is_asked_for_by_those_who_see_reports_once_its_cycle_has_closed(council):
    cycle = closed_cycle()

    assert set(may_be_asked(own_period(cycle), council.theo, on=CLOSED.date())) == {"councillor"}
    assert may_be_asked(own_period(cycle), council.theo, on=DAY) == {}
    assert may_be_asked(own_period(cycle), council.ada, on=CLOSED.date()) == {}
    copy = asked(
        council, own_period(cycle), by=council.theo, rule="councillor", asked_on=CLOSED.date(), at=CLOSED
    )
    assert copy.cycle == cycle


def test_an_owed_copy_keeps_its_audit_and_what_was_said_goes_at_the_end_of_the_keep():
    council = make_council()
    keep = "audit_types: {audit: {retention: {keep: 5 years, because: The schedule.}}}"
    publish_pack(document=with_copies(keep))
    audit = make_audit(council, "filed", at=AT)
    begin_copies(at=audit.finished_at)
    Task.objects.open().about("audit", audit.public_id).update(finished_at=AT, finished_by=council.theo)
    copy, request = Copy.objects.get(), asked(council, audit)
    assert "still open" in what_keeps(audit)

    send(copy, council.quinn)
    drop_copy(request, because="Mrs Bloggs took it back", by=council.quinn, at=LATER)
    assert what_keeps(audit) == ""
    assert blank_audit(audit, by=None, at=moment("2031-11-03T10:00"))

    copy.refresh_from_db(), request.refresh_from_db()
    assert (copy.sent_to, copy.sent_on, copy.sent_as) == (REMOVED, DAY, "Secure e-mail")
    assert (request.asked_by, request.not_sent_because) == (REMOVED, REMOVED)
    assert not [one for one in Event.objects.all() if "Bloggs" in str(one.recorded.values)]


@pytest.mark.parametrize(("readers", "reads"), [(["practitioner"], True), ([], False)])
def test_a_framework_shows_the_practitioner_the_report_or_gives_a_summary_alone(readers, reads):
    council = make_council()
    shown = f"[{', '.join(['auditor', 'quality team', *readers])}]"
    publish_pack(
        document=with_copies(
            "copies: {own: {title: Summary for the practitioner, role: practitioner, what: a summary, "
            "clock: send a copy, ways: [By hand]}}",
            f"flows: {{audit: {{states: {{final: {{shown_to: {shown}}}, filed: {{shown_to: {shown}}}}}}}}}",
        )
    )

    copy = owed(council, "own")

    assert may_read(copy.audit, council.priya, on=DAY) is reads
    assert answers_shown(copy.audit, council.priya, on=DAY).exists() is reads
    assert Audit.objects.visible_to(council.priya, on=DAY).get() == copy.audit  # that it exists, either way
    assert recipients_of(copy, on=DAY) == [council.priya]
    report = copied(copy.audit, rule_of(copy), on=DAY)
    assert report.grades and not report.chapters and not report.conversation


def test_what_is_said_in_supervision_after_an_audit_is_not_the_auditors_nor_in_any_copy(council):
    audit = make_audit(council, "final", at=AT)
    begin_responses(at=audit.finished_at)
    begin_copies(at=audit.finished_at)
    response = Response.objects.discussions().get()
    record_discussion(
        response, held_on=DAY, present="Theo and Priya", discussed="Said in private supervision.",
        recorded_as="Supervision note", by=council.theo, at=LATER,
        actions=[Agreed("The plan is read again", council.theo, "case", "low", kind="put right")],
    )  # fmt: skip

    assert Response.objects.visible_to(council.priya, on=DAY).filter(pk=response.pk).exists()
    for name in ("ada", "sam", "other_manager"):
        assert not Response.objects.visible_to(getattr(council, name), on=DAY).exists(), name
    copy = Copy.objects.get(audit=audit)
    assert "private supervision" not in str(copied(audit, rule_of(copy), on=DAY))
