"""A pause that somebody records: who may, for how long, what it moves, and that ending it counts anew."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import escalate_late_work, raise_alert
from goldenthread.improvement.models import Action, Response
from goldenthread.improvement.operations import begin_responses, end_pause, pause_clocks, record_pause
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import ClockPause, Notice, Task
from tests.make import PACK, make_audit, make_council, moment, publish_pack
from tests.operations.test_follow_up import agreed, discuss

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T10:00")  # a Monday; the quality check is due in three working days
SECOND = moment("2026-11-03T10:00")
WEEK_LATER = moment("2026-11-10T10:00")


def with_pauses(length="3 working days", **rule):
    data = read_document(PACK.read_text()).data
    data["pauses"] = {"by": ["quality manager"], "reasons": {"inquest": "An inquest is open"}, **rule}
    data["clocks"]["quality check"] |= {"length": length, "paused_by": ["a recorded reason"]}
    data["clocks"]["reply"] = {
        "title": "Reply", "length": "5 working days", "starts": "late", "owed_by": "director",
    }  # fmt: skip
    rungs = [{"role": "head of service", "clock": "reply"}]
    data["ladders"] = {"late": {"title": "Late", "when_late": ["quality check"], "rungs": rungs}}
    return write_document(data)


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=with_pauses())
    return council


@pytest.fixture
def task(council):
    return checked(council)


def checked(council):
    audit = make_audit(council, "checking", at=AT)
    return Task.objects.get(about_id=audit.public_id, kind="quality check")


def pause(council, task, first=3, last=None, *, at=SECOND, by=None, **said):
    days = {"starts_on": date(2026, 11, first), "until_on": date(2026, 11, last) if last else None}
    said = {"reason": "inquest", "why": "The coroner holds the file.", **days, **said}
    return record_pause(task, **said, by=by or council.quality_manager, at=at)


def due(task):
    task.refresh_from_db()
    return timezone.localdate(task.due_at)


def test_days_that_are_recorded_move_the_day_at_once_and_it_says_why(council, task):
    assert due(task) == date(2026, 11, 5)

    pause(council, task, 3, 6)

    assert due(task) == date(2026, 11, 11)
    assert task.reason.endswith("; paused for 4 working days: An inquest is open")
    assert Event.objects.filter(what="clock.pause", about_id=task.about_id).count() == 1
    told = Notice.objects.filter(key__startswith="pause:")
    assert {one.to for one in told} == {council.quinn}
    assert not any("inquest" in one.subject + one.text or "coroner" in one.text for one in told)


def test_one_without_an_end_moves_it_day_by_day_and_nobody_is_told_that_it_is_late(council, task):
    pause(council, task)
    assert due(task) == date(2026, 11, 6), "today is lost already"

    pause_clocks(at=WEEK_LATER)
    pause_clocks(at=WEEK_LATER)

    assert due(task) == date(2026, 11, 13)
    assert escalate_late_work(at=WEEK_LATER) == 0


def test_ending_it_counts_anew_and_may_bring_the_day_nearer(council, task):
    row = pause(council, task, 3, 27)
    assert due(task) == date(2026, 12, 2)

    end_pause(row, by=council.quality_manager, at=moment("2026-11-04T16:00"))

    assert due(task) == date(2026, 11, 9), "two working days were lost"
    assert pause_clocks(at=WEEK_LATER) == 0
    assert due(task) == date(2026, 11, 9)
    assert escalate_late_work(at=WEEK_LATER) == 1 and LateWork.objects.count() == 1
    with pytest.raises(Refused, match="over already"):
        end_pause(row, by=council.quality_manager, at=WEEK_LATER)


def test_one_that_lies_ahead_can_be_taken_back(council, task):
    row = pause(council, task, 4, 5)
    end_pause(row, by=council.quality_manager, at=SECOND)

    assert due(task) == date(2026, 11, 5)


REFUSED = [
    ({"by": "theo"}, "those whom the framework names"),
    ({"by": "sam"}, "those whom the framework names"),
    ({"reason": "holiday"}, "one of the reasons"),
    ({"why": "  "}, "Say in words"),
    ({"why": "x" * 2001}, "2000 characters"),
    ({"first": 6, "last": 3}, "before the first"),
    ({"first": 1}, "The clock began on 2 November"),
    ({"first": 6}, "before the pause begins"),
    ({"first": 3, "until_on": date(2041, 1, 1)}, "known to the end of"),
]


@pytest.mark.parametrize(("said", "sentence"), REFUSED)
def test_what_is_refused_changes_nothing(council, task, said, sentence):
    events = Event.objects.count()
    said = {**said, **({"by": getattr(council, said["by"])} if "by" in said else {})}

    with pytest.raises(Refused, match=sentence):
        pause(council, task, **said)

    assert due(task) == date(2026, 11, 5)
    assert not ClockPause.objects.exists() and Event.objects.count() == events


def test_a_day_is_not_paused_twice(council, task):
    pause(council, task, 3, 4)
    with pytest.raises(Refused, match="already"):
        pause(council, task, 4, 6)

    pause(council, task, 5, 6)
    assert due(task) == date(2026, 11, 11)


def test_what_is_done_and_what_the_framework_lets_run_is_not_paused(council, task):
    Task.objects.filter(pk=task.pk).update(finished_at=AT)
    with pytest.raises(Refused, match="no clock to pause"):
        pause(council, task)

    audit = make_audit(council, at=AT)
    alert = raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)
    for other in Task.objects.filter(about_id__in=[audit.public_id, alert.public_id]):
        with pytest.raises(Refused, match="runs on"):
            pause(council, other)
    Task.objects.filter(pk=task.pk).update(finished_at=None, about_kind="alert", about_id=alert.public_id)
    with pytest.raises(Refused, match="runs on"):
        pause(council, task)


def test_no_more_working_days_than_the_framework_allows(council):
    publish_pack(document=with_pauses(at_most_working_days=3))
    task = checked(council)
    with pytest.raises(Refused, match="at most 3 working days in all, and 3 are left"):
        pause(council, task, 3, 6)
    row = pause(council, task, 3)

    pause_clocks(at=WEEK_LATER)

    assert due(task) == date(2026, 11, 10), "the clock runs again from the fourth day"
    end_pause(row, by=council.quality_manager, at=WEEK_LATER)
    assert due(task) == date(2026, 11, 10)


def test_what_one_pause_used_another_has_not(council):
    publish_pack(document=with_pauses(at_most_working_days=3))
    task = checked(council)
    pause(council, task, 3, 5)

    with pytest.raises(Refused, match="at most 3 working days in all, and 0 are left"):
        pause(council, task, 6, 9)


def test_hours_stand_still_from_the_moment_to_the_end_of_the_day(council):
    publish_pack(document=with_pauses("24 hours"))
    task = checked(council)
    row = pause(council, task, 2, at=moment("2026-11-02T16:00"))
    task.refresh_from_db()
    assert timezone.localtime(task.due_at) == moment("2026-11-03T10:03") + (
        moment("2026-11-03T00:00") - moment("2026-11-02T16:00")
    )

    end_pause(row, by=council.quality_manager, at=moment("2026-11-02T17:00"))

    shown = task.due_at
    task.refresh_from_db()
    assert task.due_at == shown, "the rest of the day is given"


@pytest.fixture
def page(council, task):
    return reverse("show_audit", args=[task.about_id])


def test_the_audits_page_shows_the_pause_to_all_and_its_end_to_some(client, council, task, page):
    pause(council, task, 3, 6)
    client.force_login(council.theo)
    shown = client.get(page).text
    assert "From 3 November 2026 to 6 November 2026" in shown and "The coroner holds the file." in shown
    assert "End this pause" not in shown and "Pause the clock of" not in shown

    client.force_login(council.quality_manager)
    assert "Pause the clock of" in client.get(page).text


def test_the_form_keeps_what_was_typed_and_pauses(client, council, task, page):
    today = timezone.localdate()
    Task.objects.filter(pk=task.pk).update(
        started_at=timezone.now(), due_at=timezone.now() + timedelta(days=5)
    )
    address = reverse("pause_clock", args=[task.public_id])
    client.force_login(council.quality_manager)
    assert "An inquest is open" in client.get(address).text
    kept = client.post(address, {"reason": "inquest", "why": "", "starts_on": f"{today:%d/%m/%Y}"})
    assert "Enter say it in your own words" in kept.text or "error" in kept.text

    said = {"reason": "inquest", "why": "Typed.", "starts_on": f"{today:%d/%m/%Y}", "until_on": ""}
    assert client.post(address, said).url == page
    row = ClockPause.objects.get()
    again = client.post(address, said | {"why": "Typed once more."})
    assert "stands still on some of these days already" in again.text and "Typed once more." in again.text

    client.force_login(council.theo)
    client.post(reverse("end_pause", args=[row.public_id]))
    row.refresh_from_db()
    assert row.ended_at is None, "who may not is told so"
    assert client.get(address).status_code == 403
    client.force_login(council.sam)
    assert client.get(address).status_code == 404
    assert client.post(reverse("end_pause", args=[row.public_id])).status_code == 404
    client.force_login(council.quality_manager)
    client.post(reverse("end_pause", args=[row.public_id]))
    row.refresh_from_db()
    assert row.ended_by == council.quality_manager


def test_the_day_agreed_for_an_action_moves_with_its_pause_and_stays_to_be_read(client, council):
    data = read_document(with_pauses()).data
    data["actions"]["paused_by"] = ["a recorded reason"]
    publish_pack(document=write_document(data))
    begun = make_audit(council, "final", at=AT, grade="inadequate")
    begin_responses(at=begun.finished_at)
    response = Response.objects.get(audit=begun, task__isnull=False)
    discuss(council, response, agreed(council, due_on=date(2026, 11, 20)))
    action, task = Action.objects.get(), Task.objects.get(kind="do the action")

    row = pause(council, task, 4, 10, at=moment("2026-11-04T10:00"))

    action.refresh_from_db()
    assert (action.due_on, action.agreed_for, due(task)) == (
        date(2026, 11, 27), date(2026, 11, 20), date(2026, 11, 27),
    )  # fmt: skip
    assert not Action.objects.late(date(2026, 11, 27)).exists()
    assert json.loads(Event.objects.get(what="clock.pause").recorded.values)["agreed"] == "2026-11-20"
    client.force_login(council.theo)
    page = client.get(f"/actions/{action.public_id}/").text
    assert "27 November 2026" in page and "20 November 2026; its time stood still" in page

    end_pause(row, by=council.quality_manager, at=moment("2026-11-05T10:00"))
    action.refresh_from_db()
    assert (action.due_on, action.agreed_for) == (date(2026, 11, 22), date(2026, 11, 20))


def test_a_day_agreed_moves_on_day_by_day_and_not_at_all_unless_the_framework_says_so(council):
    begun = make_audit(council, "final", at=AT, grade="inadequate")
    begin_responses(at=begun.finished_at)
    response = Response.objects.get(audit=begun, task__isnull=False)
    discuss(council, response, agreed(council, due_on=date(2026, 11, 20)))
    task = Task.objects.get(kind="do the action")
    with pytest.raises(Refused, match="does not let this clock stand still"):
        pause(council, task, 4, at=moment("2026-11-04T10:00"))
    data = read_document(with_pauses()).data
    data["actions"]["paused_by"] = ["a recorded reason"]
    Task.objects.filter(pk=task.pk).update(version=publish_pack(document=write_document(data)))
    task.refresh_from_db()
    pause(council, task, 4, at=moment("2026-11-04T10:00"))

    assert pause_clocks(at=moment("2026-11-06T10:00")) == 1

    assert Action.objects.get().due_on == due(task) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"actions": ["a recorded reason"]}, "actions › paused_by › 1"),
        ({"actions": ["leave", "leave"]}, "actions › paused_by › 2"),
        ({"actions": [], "pauses": True}, "pauses"),
        ({"actions": ["a recorded reason"], "pauses": True}, None),
    ],
)
def test_what_moves_the_day_of_an_action_is_checked_with_its_place(said, where):
    data = read_document(PACK.read_text()).data
    data["actions"]["paused_by"] = said["actions"]
    if "pauses" in said:
        data["pauses"] = {"by": ["quality manager"], "reasons": {"inquest": "An inquest is open"}}

    found = [str(fault.where) for fault in faults(write_document(data))]

    assert found == ([where] if where else [])
