"""What follows an audit: begun once, discussed, checked, missed by nobody; and actions that are proven."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from goldenthread.audits.models import Audit
from goldenthread.improvement.models import Action, Considered, Response
from goldenthread.improvement.operations import (
    Agreed,
    begin_responses,
    check_discussion,
    close_action,
    escalate_missing,
    finish_action,
    give_action,
    record_discussion,
    verify_action,
)
from goldenthread.improvement.queries import may_give, possible_owners
from goldenthread.ledger.models import Event
from goldenthread.people.models import Post
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack

AT = moment("2026-11-02T10:00")
DAY = date(2026, 11, 3)
LATER = moment("2026-11-03T15:00")
SPECIFIC = "Priya rewrites the risk assessment with the person and files it"

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    return council


def response_to(council, grade="inadequate", **changes):
    """The response to an audit that became final with that grade, begun by the clock."""
    audit = make_audit(council, "final", at=AT, grade=grade, **changes)
    begin_responses(at=audit.finished_at)
    return Response.objects.get(audit=audit, task__isnull=False)


def agreed(council, **changes):
    said = {"text": SPECIFIC, "owner": council.priya, "level": "case", "severity": "medium"}
    return Agreed(**said | {"kind": "put right", "proof": "sample"} | changes)


def discuss(council, response, *actions, by=None, at=LATER, **changes):
    said = {"held_on": DAY, "present": "Theo and Priya", "discussed": "The plan.", "good": "The visit."}
    said |= {"recorded_as": "Supervision note"} | changes
    return record_discussion(response, actions=actions, by=by or council.theo, at=at, **said)


def owing(person, kind=None):
    tasks = Task.objects.open().owed_by(person, on=AT.date())
    return tasks.filter(kind=kind) if kind else tasks


def test_the_lowest_grade_is_discussed_within_five_working_days_of_receipt(council):
    response = response_to(council, "inadequate")

    assert response.rule == "discuss soon"
    assert response.task.due_at.astimezone(AT.tzinfo).date() == date(2026, 11, 9)
    assert owing(council.theo, "discuss soon").get() == response.task


def test_another_grade_is_discussed_within_ten_and_good_work_is_acknowledged(council):
    response = response_to(council, "good")

    assert response.task.due_at.astimezone(AT.tzinfo).date() == date(2026, 11, 16)
    thanks = Response.objects.get(rule="acknowledge")
    assert thanks.state == "settled"
    told = Notice.objects.filter(about_id=thanks.public_id)
    assert {notice.to for notice in told} == {council.priya, council.theo}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("outstanding", "good", "discuss soon"),
        ("requires improvement", "requires improvement", "discuss soon"),
        ("inadequate", "requires improvement", "discuss"),
        ("good", "good", "discuss"),
    ],
)
def test_a_re_audit_that_went_down_or_stayed_low_is_discussed_soon(council, before, after, rule):
    first = make_audit(council, "final", at=AT, grade=before)
    again = response_to(council, after, audit_type="re-audit", previous=first, cycle="2026-12")

    assert again.rule == rule


def test_it_begins_once_however_often_the_clock_runs_and_counts_from_receipt(council):
    audit = make_audit(council, "final", at=AT)

    assert begin_responses(at=AT + timedelta(days=2)) == 2
    assert begin_responses(at=AT + timedelta(days=3)) == 0

    assert Response.objects.filter(audit=audit).count() == 2
    assert Event.objects.filter(what="response.begin").count() == 1
    assert Response.objects.get(audit=audit, task__isnull=False).task.started_at == audit.finished_at


def test_a_run_that_is_killed_half_way_leaves_nothing_and_the_next_begins_it(council, monkeypatch):
    make_audit(council, "final", at=AT)

    def fail(*given, **named):
        raise SystemExit

    monkeypatch.setattr("goldenthread.improvement.operations.responding.record", fail)
    with pytest.raises(SystemExit):
        begin_responses(at=AT)
    assert not Response.objects.exists() and not Considered.objects.exists()
    monkeypatch.undo()

    assert begin_responses(at=AT) == 2


def test_an_audit_that_is_not_final_begins_nothing(council):
    make_audit(council, "checking", at=AT)

    assert begin_responses(at=AT) == 0


def test_a_third_low_result_within_a_year_begins_what_its_rule_says(council):
    data = read_document(PACK.read_text()).data
    low = {"grade": "overall", "is": "inadequate"}
    third = {**data["responses"]["discuss"], "title": "A third low result"}
    third |= {
        "when": low,
        "repeats": {"of": "practitioner", "when": low, "within": "12 months", "at_least": 3},
    }
    data["responses"] = {"third": third, **data["responses"]}
    version = publish_pack(document=write_document(data))

    rules = [response_to(council, version=version).rule for _ in range(3)]

    assert rules == ["discuss soon", "discuss soon", "third"]


def test_the_manager_records_it_and_the_quality_team_checks_it(council):
    response = discuss(council, response_to(council), agreed(council))

    assert response.state == "recorded"
    assert not owing(council.theo, "discuss soon").exists()
    assert owing(council.quinn, "check the discussion").exists()
    assert owing(council.priya, "do the action").get().about_kind == "action"
    check_discussion(response, missing="", by=council.quinn, at=LATER)
    response.refresh_from_db()
    assert response.state == "settled"


def test_what_is_missing_goes_back_with_a_clock_of_its_own(council):
    response = discuss(council, response_to(council), agreed(council))

    check_discussion(response, missing="Say what was agreed about the carer.", by=council.quinn, at=LATER)

    response.refresh_from_db()
    assert response.state == "returned"
    assert owing(council.theo, "complete the discussion").exists()
    assert Notice.objects.filter(to=council.theo, subject__contains="something is missing").exists()
    completed = discuss(council, response, at=LATER + timedelta(days=40))
    assert completed.recorded_at == LATER, "it was on time, whenever it was completed"
    assert [one.number for one in response.discussions.order_by("number")] == [1, 2]
    assert response.actions.count() == 1


def test_silence_reaches_the_head_of_service_once(council):
    response = response_to(council)
    after = response.task.due_at + timedelta(minutes=1)

    assert escalate_missing(at=response.task.due_at) == 0
    assert escalate_missing(at=after) == 1
    assert escalate_missing(at=after) == 0
    assert escalate_missing(at=after + timedelta(days=60)) == 0

    assert owing(council.hana, "see to the discussion").exists()
    for one in (council.hana, council.quinn):
        assert Notice.objects.filter(to=one, subject__contains="nothing is recorded").count() == 1
    assert Event.objects.get(what="response.escalate").about_id == response.public_id


def test_a_late_record_ends_what_the_head_of_service_owes(council):
    response = response_to(council)
    at = response.task.due_at + timedelta(days=1)
    escalate_missing(at=at)

    discuss(council, response, agreed(council), at=at)

    assert not owing(council.hana, "see to the discussion").exists()
    assert Response.objects.standing("late", at).get() == response


def test_what_was_late_and_then_found_wanting_reaches_the_head_of_service_again(council):
    response = response_to(council)
    late = response.task.due_at + timedelta(days=1)
    escalate_missing(at=late)
    discuss(council, response, agreed(council), at=late)
    check_discussion(response, missing="Say what was agreed about the carer.", by=council.quinn, at=late)

    assert escalate_missing(at=late + timedelta(days=30)) == 1

    assert Notice.objects.filter(to=council.hana, subject__contains="nothing is recorded").count() == 2


@pytest.mark.parametrize("who", ["ada", "priya", "quinn", "other_manager", "sam", "hana"])
def test_nobody_else_records_it(council, who):
    response = response_to(council)

    with pytest.raises(Refused, match="whoever has it in their tasks"):
        discuss(council, response, agreed(council), by=getattr(council, who))


@pytest.mark.parametrize("who", ["ada", "priya", "theo", "other_manager", "sam"])
def test_nobody_else_checks_it(council, who):
    response = discuss(council, response_to(council), agreed(council))

    with pytest.raises(Refused, match="checked by those"):
        check_discussion(response, missing="", by=getattr(council, who), at=LATER)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"held_on": date(2026, 12, 1)}, "lies ahead"),
        ({"held_on": date(2026, 10, 1)}, "cannot have been held before"),
        ({"present": " "}, "who was there"),
        ({"discussed": " "}, "what was discussed"),
        ({"recorded_as": "Diary"}, "where the record is kept"),
    ],
)
def test_a_record_that_lacks_something_is_refused(council, changes, said):
    response = response_to(council)

    with pytest.raises(Refused, match=said):
        discuss(council, response, agreed(council), **changes)
    assert not response.discussions.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Remind staff to record capacity"}, "does not say what will be different"),
        ({"text": "Do better"}, "So few words"),
        ({"proof": ""}, "before work begins"),
        ({"kind": ""}, "what kind"),
        ({"level": "country"}, "what it is about"),
        ({"due_on": date(2026, 11, 1)}, "before the discussion"),
    ],
)
def test_an_action_that_nobody_could_tell_was_done_is_questioned(council, changes, said):
    response = response_to(council)

    with pytest.raises(Refused, match=said):
        discuss(council, response, agreed(council, **changes))
    assert not Action.objects.exists()


def test_a_vague_phrase_may_stay_with_a_reason(council):
    vague = agreed(council, text="Remind staff of the new form", kept_because="The form changes on Monday.")

    discuss(council, response_to(council), vague)

    assert Action.objects.get().kept_because == "The form changes on Monday."


def test_actions_are_needed_after_the_lowest_grade_and_welcome_after_others(council):
    with pytest.raises(Refused, match="Actions must be agreed"):
        discuss(council, response_to(council))

    assert discuss(council, response_to(council, "good")).state == "recorded"


def test_an_action_belongs_to_somebody_of_the_team_or_above(council):
    with pytest.raises(Refused, match="no post in this team"):
        discuss(council, response_to(council), agreed(council, owner=council.other_manager))


def action_of(council, **changes):
    discuss(council, response_to(council), agreed(council, **changes))
    return Action.objects.get()


def look(council, action, *, held, on=date(2026, 12, 20), by=None, **said):
    at = moment(f"{on.isoformat()}T12:00")
    who = by or council.quinn
    return verify_action(action, held=held, found="Five files read.", looked_on=on, by=who, at=at, **said)


def test_whoever_has_left_is_not_among_those_who_may_be_given_an_action(council):
    response, before = response_to(council), make_person("Nell")
    make_post(before, "team manager", council.team, until=AT.date() - timedelta(days=1))
    assert before not in possible_owners(response, on=DAY)
    assert council.theo in possible_owners(response, on=DAY)

    council.theo.is_active = False
    council.theo.save(update_fields=["is_active"])

    assert council.theo not in possible_owners(response, on=DAY)


def test_done_is_not_closed_until_a_verification_says_that_it_worked(council):
    action = finish_action(action_of(council), evidence="", by=council.priya, at=LATER)

    assert action.state == "done"
    with pytest.raises(Refused, match="has not been shown to have worked"):
        close_action(action, by=council.theo, at=LATER)
    assert owing(council.quinn, "verify by sample").exists()

    look(council, action, held=True)

    assert owing(council.theo, "close the action").exists()
    assert close_action(action, by=council.theo, at=moment("2026-12-21T09:00")).state == "closed"
    assert not Task.objects.open().about("action", action.public_id).exists()


def test_no_row_of_the_database_is_closed_without_its_proof(council):
    action = finish_action(action_of(council), evidence="", by=council.priya, at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(state="closed", closed_at=LATER, closed_by=council.theo)


def test_what_has_not_worked_is_open_again_with_a_new_day(council):
    action = finish_action(action_of(council), evidence="", by=council.priya, at=LATER)

    look(council, action, held=False)

    action.refresh_from_db()
    assert (action.state, action.done_at, action.due_on) == ("open", None, date(2027, 1, 20))
    assert owing(council.priya, "do the action").exists()
    finish_action(action, evidence="", by=council.priya, at=moment("2026-12-22T09:00"))
    look(council, action, held=True, on=date(2027, 2, 20))
    assert [one.held for one in action.verifications.order_by("number")] == [False, True]


def looked_at_twice(council):
    """An action whose proof is looked at after six weeks and again after three months (LA-4, QI-3)."""
    data = read_document(PACK.read_text()).data
    data["clocks"]["look again"] = {
        "title": "Look again", "length": "4 months", "starts": "its completion", "owed_by": "quality team",
    }  # fmt: skip
    data["actions"]["proofs"]["sample"]["then"] = [
        {"title": "After 3 months", "by": "sample", "not_before": "3 months", "clock": "look again"}
    ]
    publish_pack(document=write_document(data))
    return finish_action(action_of(council), evidence="", by=council.priya, at=LATER)


def test_an_action_stays_open_until_the_last_of_several_looks_has_held(council):
    action = looked_at_twice(council)

    action = look(council, action, held=True)

    assert action.state == "done" and action.verified_at is None
    with pytest.raises(Refused, match="has not been shown"):
        close_action(action, by=council.theo, at=moment("2026-12-21T09:00"))
    task = owing(council.quinn, "look again").get()
    assert task.due_at.astimezone(AT.tzinfo).date() == date(2027, 3, 3), "counted from when it was done"
    assert not owing(council.theo, "close the action").exists()
    with pytest.raises(Refused, match="look on 3 February 2027 or later"):
        look(council, action, held=True, on=date(2027, 2, 2))
    action = look(council, action, held=True, on=date(2027, 2, 3))
    assert action.state == "verified" and owing(council.theo, "close the action").exists()
    assert [one.look for one in action.verifications.order_by("number")] == [1, 2]


def test_a_later_look_that_does_not_hold_opens_the_action_and_all_looks_begin_anew(council):
    action = looked_at_twice(council)
    look(council, action, held=True)

    action = look(council, action, held=False, on=date(2027, 2, 3))

    assert action.state == "open" and owing(council.priya, "do the action").exists()
    finish_action(action, evidence="", by=council.priya, at=moment("2027-02-05T09:00"))
    assert (
        owing(council.quinn, "verify by sample").exists() and not owing(council.quinn, "look again").exists()
    )
    assert look(council, action, held=True, on=date(2027, 4, 1)).state == "done"


def test_it_cannot_be_told_before_its_time(council):
    action = finish_action(action_of(council), evidence="", by=council.priya, at=LATER)

    with pytest.raises(Refused, match="too early to tell whether it worked: look on 15 December 2026"):
        look(council, action, held=True, on=date(2026, 12, 14))


def test_a_small_action_needs_no_proof_and_closes_once_done(council):
    action = finish_action(
        action_of(council, severity="low", proof=""), evidence="", by=council.priya, at=LATER
    )

    assert close_action(action, by=council.theo, at=LATER).state == "closed"


def test_a_serious_action_says_what_shows_that_it_is_done(council):
    with pytest.raises(Refused, match="what shows that it is done"):
        finish_action(action_of(council, severity="high"), evidence=" ", by=council.priya, at=LATER)


@pytest.mark.parametrize("who", ["ada", "quinn", "sam", "other_manager"])
def test_nobody_else_says_that_an_action_is_done(council, who):
    with pytest.raises(Refused, match="is Priya's"):
        finish_action(action_of(council), evidence="", by=getattr(council, who), at=LATER)


def test_the_owner_neither_verifies_nor_closes_their_own(council):
    action = finish_action(action_of(council), evidence="", by=council.priya, at=LATER)

    with pytest.raises(Refused, match="those who have it in their tasks"):
        look(council, action, held=True, by=council.priya)
    look(council, action, held=True)
    with pytest.raises(Refused, match="closed by those"):
        close_action(action, by=council.priya, at=LATER)


def test_nothing_is_written_if_the_event_fails(council, monkeypatch):
    response = response_to(council)

    def fail(*given, **named):
        raise RuntimeError

    monkeypatch.setattr("goldenthread.improvement.operations.responding.record", fail)
    with pytest.raises(RuntimeError):
        discuss(council, response, agreed(council))

    response.refresh_from_db()
    assert response.state == "owed"
    assert not Action.objects.exists()
    assert owing(council.theo, "discuss soon").exists()


def test_who_sees_what_follows(council):
    response = discuss(council, response_to(council), agreed(council, owner=council.theo))
    names = ("ada", "quinn", "theo", "hana", "priya", "other_manager", "sam", "administrator")

    def sees(found):
        return {name for name in names if found.visible_to(getattr(council, name), on=DAY).exists()}

    assert sees(Response.objects) == {"quinn", "theo", "hana", "priya"}
    assert sees(Action.objects) == {"quinn", "theo", "hana", "priya"}
    assert response.actions.get().owner == council.theo


def test_who_is_asked_sees_it_also_by_a_post_that_sees_no_audits(council):
    data = read_document(PACK.read_text()).data
    data["roles"]["team manager"]["may"] = []
    publish_pack(document=write_document(data))
    response = response_to(council)
    assert Response.objects.visible_to(council.theo, on=DAY).get() == response

    discuss(council, response, agreed(council, severity="low", proof=""))
    action = response.actions.get()
    assert not Action.objects.visible_to(council.theo, on=DAY).exists()
    finish_action(action, evidence="", by=council.priya, at=LATER)
    assert Action.objects.visible_to(council.theo, on=DAY).get() == action


def test_the_owner_of_an_action_sees_it_and_not_the_discussion(council):
    wes = make_person("Wes")
    make_post(wes, "practitioner", council.team)
    discuss(council, response_to(council), agreed(council, owner=wes))

    assert Action.objects.visible_to(wes, on=DAY).exists()
    assert not Response.objects.visible_to(wes, on=DAY).exists()


def test_a_post_that_sees_audits_and_no_reports_counts_in_none(council):
    data = read_document(PACK.read_text()).data
    data["roles"]["team manager"]["may"].remove("see reports")
    publish_pack(document=write_document(data))
    response = discuss(council, response_to(council), agreed(council, owner=council.theo))

    for found in (Audit.objects, Response.objects, Action.objects):
        counted = {name for name in ("theo", "hana") if found.reported_to(getattr(council, name), on=DAY)}
        assert found.visible_to(council.theo, on=DAY).exists()
        assert counted == {"hana"}
    assert response.actions.get().owner == council.theo


def test_a_post_that_sees_reports_and_no_audits_sees_nothing_of_what_follows(council):
    data = read_document(PACK.read_text()).data
    data["roles"]["head of service"]["may"] = ["see reports"]
    publish_pack(document=write_document(data))
    discuss(council, response_to(council), agreed(council))

    for found in (Response.objects, Action.objects):
        assert found.visible_to(council.theo, on=DAY).exists()
        assert not found.visible_to(council.hana, on=DAY).exists()
        assert not found.reported_to(council.hana, on=DAY).exists()


def test_what_an_owner_who_left_still_owes_goes_to_the_manager(council):
    action_of(council)
    council.priya.is_active = False
    council.priya.save()

    call_command("sweep")

    assert Task.objects.open().get(kind="do the action").post == "team manager"


def test_where_the_manager_has_left_the_head_of_service_records_it(council):
    Post.objects.filter(person=council.theo).delete()

    assert discuss(council, response_to(council), agreed(council), by=council.hana).state == "recorded"


def an_action(council, **changes):
    response = response_to(council)
    discuss(council, response, agreed(council, **changes))
    return response.actions.get()


def test_an_action_is_given_to_somebody_else_with_its_day_and_a_reason_and_both_are_told(council):
    action = an_action(council)
    due = owing(council.priya, "do the action").get().due_at

    action = give_action(action, to=council.hana, because="Priya is away.", by=council.theo, at=LATER)

    assert action.owner == council.hana and not owing(council.priya, "do the action").exists()
    assert owing(council.hana, "do the action").get().due_at == due
    row = action.handovers.get()
    assert (row.given_from, row.given_to, row.given_by, row.because) == (
        council.priya, council.hana, council.theo, "Priya is away.",
    )  # fmt: skip
    told = Notice.objects.filter(about_id=action.public_id, key__contains=":given:")
    assert {(one.to, one.path) for one in told} == {
        (council.hana, f"/actions/{action.public_id}/"),
        (council.priya, "/tasks/"),
    }
    assert all("Priya is away" not in one.subject + one.text for one in told)
    event = Event.objects.get(what="action.give")
    assert event.by == council.theo.public_id
    finish_action(action, evidence="Case note", by=council.hana, at=LATER)


@pytest.mark.parametrize(
    ("by", "to", "because", "sentence"),
    [
        ("priya", "hana", "Away", "those who may close it"),
        ("ada", "hana", "Away", "those who may close it"),
        ("theo", "hana", "  ", "Say why"),
        ("theo", "hana", "x" * 501, "500 characters"),
        ("theo", "priya", "Away", "already"),
        ("theo", "ada", "Away", "no post in this team"),
    ],
)
def test_who_may_not_give_an_action_and_to_whom(council, by, to, because, sentence):
    action = an_action(council)

    with pytest.raises(Refused, match=sentence):
        give_action(action, to=getattr(council, to), because=because, by=getattr(council, by), at=LATER)
    assert not action.handovers.exists()


def test_an_action_that_is_done_stays_with_whoever_did_it(council):
    action = an_action(council)
    assert may_give(action, council.theo, on=DAY)
    finish_action(action, evidence="Case note", by=council.priya, at=LATER)

    assert not may_give(Action.objects.get(), council.theo, on=DAY)
    with pytest.raises(Refused, match="done already"):
        give_action(action, to=council.hana, because="Away", by=council.theo, at=LATER)


@pytest.mark.parametrize("due_on", [date(2028, 11, 4), date(9999, 12, 31)])
def test_an_action_due_too_far_ahead_is_refused_with_the_last_day(council, due_on):
    with pytest.raises(
        Refused, match="Action 1: .*24 months after the discussion; give one by 3 November 2028"
    ):
        an_action(council, due_on=due_on)
    assert not Action.objects.exists()


def test_an_action_due_on_the_last_day_that_is_allowed_is_taken(council):
    assert an_action(council, due_on=date(2028, 11, 3)).due_on == date(2028, 11, 3)
