"""Late work climbs the ladder of its framework by itself, and stops as soon as it is done (WF-18, 1.15)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from goldenthread.audits.operations import Said, save_answer, save_first_answers, take_step
from goldenthread.escalations.models import LateWork
from goldenthread.escalations.operations import escalate_late_work, reply_about_late_work
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.forms import Given
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import finish_tasks, start_task
from goldenthread.tasks.queries import Standing
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack

pytestmark = pytest.mark.django_db
AT = moment("2026-11-02T10:00")
LATE = moment("2026-11-04T09:00")  # the day after the quality check was due
LATER = moment("2026-11-12T09:00")  # after the five working days of the first stage
REPLY = {
    "title": "Say what is being done about late work",
    "length": "5 working days",
    "starts": "the day it was late",
    "owed_by": "team manager",
}


def with_ladders(**changes):
    """The shipped framework with a ladder for late checks and one for reports sent back."""
    data = read_document(PACK.read_text()).data
    data["clocks"]["reply about late work"] = REPLY
    rung = {"clock": "reply about late work"}
    data["ladders"] = {
        "late checks": {
            "title": "Late checks",
            "when_late": ["quality check"],
            "rungs": [
                {"role": "team manager", "tells": ["practitioner"], **rung},
                {"role": "head of service", **rung},
            ],
        },
        "sent back": {
            "title": "Sent back again",
            "when_repeated": {"clocks": ["amend"], "times": 2, "within": "6 months"},
            "rungs": [{"role": "quality manager", **rung}, {"role": "head of service", **rung}],
        },
        **changes,
    }
    return write_document(data)


@pytest.fixture
def council():
    council = make_council()
    publish_pack(document=with_ladders())
    return council


@pytest.fixture
def audit(council):
    return make_audit(council, "checking", at=AT)


@pytest.fixture
def late(audit):
    escalate_late_work(at=LATE)
    return LateWork.objects.get()


def owing(person, at=LATE):
    return Task.objects.open().owed_by(person, on=at.date()).filter(about_kind="late work")


def stages(late):
    return [
        (stage.role, bool(stage.replied_at), bool(stage.silent_at))
        for stage in late.stages.order_by("number")
    ]


def done(audit, at=LATE):
    finish_tasks(about=("audit", audit.public_id), kinds=["quality check"], by=None, at=at)


def test_nothing_begins_until_the_work_is_late_and_then_once(council, audit):
    assert escalate_late_work(at=AT) == 0

    assert [escalate_late_work(at=LATE), escalate_late_work(at=LATE)] == [1, 0]
    assert owing(council.theo).get().due_at > LATE
    assert {one.to for one in Notice.objects.filter(about_kind="late work")} == {council.theo, council.priya}
    assert Event.objects.filter(what="late.begin").count() == 1


def test_notices_hold_a_reference_and_a_link_alone(council, audit, late):
    for notice in Notice.objects.filter(about_kind="late work"):
        assert "Priya" not in notice.text + notice.subject and audit.subject.reference not in notice.text
        assert audit.number in notice.subject and "{link}" in notice.text


def test_it_is_known_to_those_asked_or_told_and_to_whoever_comes_into_the_post(council, late):
    nell = make_person("Nell")
    make_post(nell, "team manager", council.team)
    people = {name: one for name, one in vars(council).items() if hasattr(one, "email")} | {"nell": nell}

    known = {
        name for name, one in people.items() if LateWork.objects.visible_to(one, on=LATE.date()).exists()
    }

    assert known == {"theo", "priya", "nell"}


def test_silence_moves_it_up_one_stage_at_a_time_also_after_the_system_stood_still(council, audit, late):
    long_after = LATER + timedelta(days=60)

    assert [escalate_late_work(at=long_after) for _ in range(2)] == [1, 0]

    assert stages(late) == [("team manager", False, True), ("head of service", False, False)]
    assert owing(council.hana).get().due_at > long_after and not owing(council.theo).exists()
    at_the_end = long_after + timedelta(days=30)
    assert [escalate_late_work(at=at_the_end) for _ in range(2)] == [1, 0]
    assert late.stages.running().get().silent_at == at_the_end
    assert owing(council.hana).exists(), "nobody stands above, so the last stage goes on"


def test_a_reply_gives_the_stage_its_time_once_more_and_then_it_moves_up(council, late):
    reply_about_late_work(late, said="It will be here on Friday.", by=council.theo, at=LATER)

    assert escalate_late_work(at=LATER + timedelta(days=1)) == 0
    assert stages(late) == [("team manager", True, False)]
    assert owing(council.theo).get().title == "See that the late work is done"
    assert escalate_late_work(at=LATER + timedelta(days=10)) == 1
    assert stages(late)[-1] == ("head of service", False, False)


@pytest.mark.parametrize("replied", [False, True])
def test_it_stops_when_the_work_is_done_whatever_stage_it_stands_at(council, audit, late, replied):
    if replied:
        reply_about_late_work(late, said="Soon.", by=council.theo, at=LATE)
    done(audit)

    assert [escalate_late_work(at=LATER) for _ in range(2)] == [0, 0]

    late.refresh_from_db()
    assert late.ended_at == LATER and not owing(council.theo).exists()
    assert Event.objects.filter(what="late.end").count() == 1


def test_who_may_not_reply_and_when_no_reply_is_taken(council, audit, late):
    for person in (council.sam, council.priya, council.hana):
        with pytest.raises(Refused, match="those who were asked"):
            reply_about_late_work(late, said="x", by=person, at=LATE)
    with pytest.raises(Refused, match="Say what is being done"):
        reply_about_late_work(late, said="  ", by=council.theo, at=LATE)
    reply_about_late_work(late, said="Soon.", by=council.theo, at=LATE)
    with pytest.raises(Refused, match="already"):
        reply_about_late_work(late, said="Again.", by=council.theo, at=LATE)
    done(audit)
    with pytest.raises(Refused, match="no longer late"):
        reply_about_late_work(late, said="x", by=council.theo, at=LATE)


def test_who_owes_the_late_work_is_passed_over(council):
    rungs = [{"role": "team manager", "clock": "reply about late work"}]
    rungs += [{"role": "head of service", "clock": "reply about late work"}]
    ladder = {"title": "Late talks", "when_late": ["discuss soon"], "rungs": rungs}
    version = publish_pack(document=with_ladders(late=ladder))
    audit = make_audit(council, "allocated", version=version, at=AT)
    start_task(
        clock="discuss soon",
        pack=pack_of(version),
        version=version,
        about=("audit", audit.public_id, "Audit"),
        standing=Standing(council.team),
        at=AT,
    )

    escalate_late_work(at=LATER)

    found = LateWork.objects.get(ladder="late")
    assert [stage.role for stage in found.stages.all()] == ["head of service"]


BEGIN = {
    "title": "Begin the audit",
    "length": "3 working days",
    "starts": "being sent",
    "owed_by": "auditor",
    "ends_with": "the first answer",
}


@pytest.fixture
def sent(council):
    """An audit that was sent under a framework that asks about one that nobody began."""
    data = read_document(with_ladders()).data
    data["clocks"]["begin"] = BEGIN
    data["audit_types"]["audit"]["on_sending_starts"] += ["begin"]
    data["ladders"]["late checks"]["when_late"] = ["begin"]
    question = next(one for one in data["forms"]["case audit"]["sections"][0]["questions"])
    question["answered_by"] = "practitioner"
    data["flows"]["audit"]["states"]["allocated"]["edited_by"] = ["auditor", "practitioner"]
    data["flows"]["audit"]["steps"]["finish draft"].pop("requires")
    audit = make_audit(council, version=publish_pack(document=write_document(data)), at=AT)
    return audit, question["key"]


def test_an_audit_that_nobody_began_climbs_until_its_first_answer(council, sent):
    audit, _ = sent
    assert escalate_late_work(at=LATE) == 0, "its three working days are not over"
    assert escalate_late_work(at=LATER) == 1
    assert LateWork.objects.get().task.title == "Begin the audit"

    save_answer(audit, "voice heard", Given("She was asked."), expected=0, by=council.ada, at=LATER)

    assert escalate_late_work(at=LATER) == 0
    assert LateWork.objects.get().ended_at == LATER and not owing(council.theo).exists()
    assert Task.objects.get(kind="begin").finished_by == council.ada


def test_an_audit_that_was_begun_in_time_climbs_nothing(council, sent):
    save_first_answers(sent[0], [Said("voice heard", Given("She was asked."), LATE)], by=council.ada)

    assert escalate_late_work(at=LATER) == 0
    assert Task.objects.get(kind="begin").finished_at == LATE


def test_an_answer_that_somebody_else_owes_begins_nothing(council, sent):
    audit, question = sent
    save_answer(audit, question, Given("yes"), expected=0, by=council.priya, at=LATE)

    assert escalate_late_work(at=LATER) == 1


def test_a_step_that_takes_it_further_is_a_beginning_too(council, sent):
    take_step(sent[0], "finish draft", by=council.ada, at=LATE)

    assert escalate_late_work(at=LATER) == 0


def test_what_has_a_ladder_of_its_own_begins_none(council, audit):
    Task.objects.filter(kind="quality check").update(about_kind="private concern")

    assert escalate_late_work(at=LATE) == 0


def test_reports_sent_back_again_and_again_are_put_to_somebody_once_for_each_count(council):
    """A poor-quality audit is a return; the second within the time begins the ladder, and a reply ends it."""
    for _ in range(2):
        make_audit(council, "returned", at=AT)
    soon = AT + timedelta(hours=2)

    assert [escalate_late_work(at=soon), escalate_late_work(at=soon)] == [1, 0]
    found = LateWork.objects.get()
    assert found.repeated and found.task.person == council.ada
    reply_about_late_work(found, said="She is being coached.", by=council.quality_manager, at=soon)

    found.refresh_from_db()
    assert found.ended_at == soon and not owing(council.quality_manager).exists()
    assert escalate_late_work(at=soon + timedelta(days=2)) == 0, "what was counted is not counted again"


def test_returns_outside_the_time_are_not_counted(council):
    make_audit(council, "returned", at=moment("2026-03-02T10:00"))
    make_audit(council, "returned", at=AT)

    assert escalate_late_work(at=AT + timedelta(hours=2)) == 0


def test_the_page_takes_the_reply_and_keeps_what_was_typed(client, council, audit, late):
    address = reverse("show_late_work", args=[late.public_id])
    client.force_login(council.theo)
    assert "Your reply" in client.get(address).text
    assert "Write your reply" in client.post(address, {"said": ""}).text

    assert client.post(address, {"said": "On Friday."}).status_code == 302
    again = client.post(address, {"said": "Typed too late."})

    assert "A reply is here already" in again.text and "Typed too late." in again.text
    client.force_login(council.priya)
    assert "Your reply" not in client.get(address).text, "who is told of it only reads"
    client.force_login(council.sam)
    assert client.get(address).status_code == 404
    assert late.public_id not in client.get(reverse("list_late_work")).text


def test_the_list_shows_what_one_was_asked_in_few_queries(
    client, council, late, django_assert_max_num_queries
):
    client.force_login(council.theo)
    with django_assert_max_num_queries(12):
        assert late.task.about_label in client.get(reverse("list_late_work")).text
