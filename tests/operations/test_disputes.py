"""A disagreement with a report goes its stages, each with its clock, its evidence and its effects (WF-13)."""

from datetime import timedelta

import pytest

from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit, Judgement, Participant
from goldenthread.audits.operations import take_step
from goldenthread.audits.queries import may_read
from goldenthread.audits.sheets import sheet_of
from goldenthread.escalations.models import Dispute
from goldenthread.escalations.operations import (
    Point,
    answer_dispute,
    escalate_disputes,
    raise_alert,
    raise_dispute,
    record_dispute_meeting,
    reply_to_answer,
    withdraw_dispute,
)
from goldenthread.escalations.queries import counts, may_raise
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Event
from goldenthread.measures.slices import first_judgements, judgements_of_record
from goldenthread.people.models import Post
from goldenthread.reporting.audit_documents import pdf_of, word_of
from goldenthread.reporting.audit_report import report_of
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_audit, make_council, make_person, make_post, moment, publish_pack

MADE = moment("2026-11-02T09:00")
AT = moment("2026-11-02T10:00")  # a Monday
IN_FIVE = moment("2026-11-09T23:59:59")
LATE = moment("2026-11-10T00:01")
LATER = timedelta(days=8)
POINTS = [
    Point("overall", "The visit was in time.", "Case note of 3 August."),
    Point("facts", "Wrong date.", "Page 2."),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    council.asha = make_person("Asha")
    make_post(council.asha, "assistant director", council.organisation)
    council.dan = make_person("Dan")
    make_post(council.dan, "director", council.organisation)
    council.pat = make_person("Pat")
    make_post(council.pat, "principal social worker", council.organisation)
    return council


@pytest.fixture
def audit(council):
    return make_audit(council, state="final", grade="requires improvement", at=MADE)


@pytest.fixture
def dispute(council, audit):
    return raise_dispute(audit, POINTS, by=council.priya, at=AT)


def owing(person, at=AT):
    return Task.objects.open().owed_by(person, on=at.date()).filter(about_kind="dispute")


def stages(dispute):
    return [(stage.role, stage.outcome) for stage in dispute.stages.order_by("number")]


def meet(dispute, by, at=AT):
    said = {"met_on": at.date(), "attended": "Ada, Priya", "discussed": "The visit of 3 August."}
    return record_dispute_meeting(dispute, **said, by=by, at=at)


def answer(dispute, by, outcome="stands", at=AT, **named):
    return answer_dispute(dispute, outcome=outcome, said="We looked again.", by=by, at=at, **named)


def disagree(dispute, council, at=AT):
    return reply_to_answer(dispute, agrees=False, why="The dates are still wrong.", by=council.priya, at=at)


def file(audit, by, at=AT):
    return take_step(audit, "file", by=by, at=at, case_note=note_for(audit, at=at))


def reach(dispute, council, stage):
    """Take a dispute to a stage by answers that its raiser does not accept."""
    if stage > 1:
        meet(dispute, council.ada)
        answer(dispute, council.ada)
        disagree(dispute, council)
    if stage > 2:
        meet(dispute, council.quality_manager)
        answer(dispute, council.quality_manager)
        disagree(dispute, council)
    if stage > 3:
        answer(dispute, council.asha, "passed up")
    return Dispute.objects.get(pk=dispute.pk)


def test_the_informal_stage_meets_in_five_working_days_and_answers_in_two(council, dispute):
    assert owing(council.ada).get().due_at == IN_FIVE

    meet(dispute, council.ada, at=moment("2026-11-04T15:00"))

    assert owing(council.ada).get().due_at == moment("2026-11-06T23:59:59")
    assert owing(council.ada).get().title == "Share the outcome of the meeting"


def test_an_amended_report_that_the_raiser_accepts_ends_it(council, audit, dispute):
    meet(dispute, council.ada)
    answer(dispute, council.ada, "amended", amended="The visit was on 3 August.")

    reply_to_answer(dispute, agrees=True, by=council.priya, at=AT)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.ended_by) == ("amended", council.priya)
    assert not Task.objects.open().about("dispute", dispute.public_id).exists()
    assert file(audit, council.ada).phase == "filed"


def test_the_formal_stage_is_the_audit_manager_s_with_the_principal_social_worker(council, audit, dispute):
    reach(dispute, council, 2)

    assert stages(dispute) == [("auditor", "stands"), ("quality manager", "")]
    assert owing(council.quality_manager).get().due_at == IN_FIVE
    assert Notice.objects.filter(to=council.pat, about_kind="dispute").exists()
    meet(dispute, council.quality_manager)
    assert owing(council.quality_manager).get().title == "Answer the dispute in writing"
    assert owing(council.quality_manager).get().due_at == IN_FIVE


def test_what_stays_unresolved_goes_to_the_assistant_directors_whose_answer_is_final(council, dispute):
    reach(dispute, council, 3)
    assert owing(council.asha).get().due_at == IN_FIVE

    answer(dispute, council.asha)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.ended_by) == ("stands", council.asha)


def test_only_in_exceptional_cases_the_director_decides(council, dispute):
    reach(dispute, council, 4)

    answer(dispute, council.dan, "changed", grades={"overall": "good"})

    dispute.refresh_from_db()
    assert stages(dispute)[-2:] == [("assistant director", "passed up"), ("director", "changed")]
    assert dispute.outcome == "changed"


@pytest.mark.parametrize(("stage", "role"), [(1, "quality manager"), (2, "assistant director")])
def test_silence_of_those_who_answer_moves_it_up_once_the_time_has_run_out(council, dispute, stage, role):
    reach(dispute, council, stage)
    assert escalate_disputes(at=IN_FIVE) == 0

    assert [escalate_disputes(at=LATE), escalate_disputes(at=LATE)] == [1, 0]

    assert stages(dispute)[-2:][0][1] == "no answer"
    assert stages(dispute)[-1] == (role, "")
    assert Event.objects.filter(what="dispute.escalate").count() == 1


@pytest.mark.parametrize("stage", [3, 4])
def test_silence_where_nobody_stands_above_is_noted_and_told_and_can_still_be_broken(council, dispute, stage):
    reach(dispute, council, stage)

    assert [escalate_disputes(at=LATE), escalate_disputes(at=LATE)] == [1, 0]

    assert dispute.stages.running().get().silent_at == LATE
    assert Notice.objects.filter(to=council.priya, subject__contains="no answer in time").exists()
    answer(dispute, council.asha if stage == 3 else council.dan, at=LATE)
    assert not Dispute.objects.open().exists()


@pytest.mark.parametrize("stage", [1, 2])
def test_silence_of_the_raiser_counts_as_agreed(council, audit, dispute, stage):
    by = council.ada if stage == 1 else council.quality_manager
    reach(dispute, council, stage)
    meet(dispute, by)
    answer(dispute, by)
    assert owing(council.priya).get().due_at == IN_FIVE

    escalate_disputes(at=LATE)

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.ended_by) == ("stands", None)
    assert file(audit, council.ada, at=LATE).phase == "filed"


def test_where_the_framework_says_so_the_silence_of_the_raiser_moves_it_up(council):
    data = read_document(PACK.read_text()).data
    data["disputes"]["no_reply"] = "moves up"
    publish_pack(document=write_document(data))
    dispute = raise_dispute(make_audit(council, state="final", at=MADE), POINTS, by=council.priya, at=AT)
    meet(dispute, council.ada)
    answer(dispute, council.ada)

    escalate_disputes(at=LATE)

    assert stages(dispute) == [("auditor", "stands"), ("quality manager", "")]


def test_a_dispute_holds_the_filing_and_says_so_but_never_an_alert(council, audit, dispute):
    with pytest.raises(Refused, match="filed once the dispute has ended"):
        file(audit, council.ada)

    alert = raise_alert(audit=audit, concern="Bruises", by=council.ada, at=AT)

    assert alert.stages.count() == 1
    assert audit.holds.stopping("filed").count() == 1


def test_withdrawn_by_whoever_raised_it_and_nobody_else_it_holds_nothing(council, audit, dispute):
    with pytest.raises(Refused, match="withdrawn by whoever raised it"):
        withdraw_dispute(dispute, by=council.theo, at=AT)

    withdraw_dispute(dispute, because="We talked.", by=council.priya, at=AT)

    assert file(audit, council.ada).phase == "filed"
    assert not owing(council.ada).exists()
    assert may_raise(audit, council.priya, at=AT)


def test_changed_grades_are_a_stage_of_their_own_and_every_earlier_one_is_kept(council, audit, dispute):
    """Trap 15: a dispute kept as a comment, or as a new value of the grade, loses what was graded before."""
    meet(dispute, council.ada)
    answer(dispute, council.ada, "changed", grades={"overall": "good", "voice": "good", "safety": ""})

    sheet = sheet_of(audit)
    ri = "requires improvement"
    for part in ("overall", "voice"):
        kept = [sheet.judged(part, stage.key).grade for stage in sheet.stages_shown]
        assert kept == [ri, ri, "good"]
        assert sheet.of_record(part).grade == "good"
    assert sheet.of_record("safety").grade == ri
    changed = Judgement.objects.get(part="overall", stage="after dispute")
    assert (changed.judged_by, changed.why) == (council.ada, "We looked again.")
    assert judgements_of_record().filter(audit=audit, part="overall").get() == changed
    assert first_judgements().filter(audit=audit, part="overall").get().grade == ri


def test_the_report_says_what_was_amended_and_its_documents_too(council, audit, dispute):
    meet(dispute, council.ada)
    answer(dispute, council.ada, "amended", amended="The visit was on 3 August.")

    report = report_of(audit, on=AT.date())

    assert report.disputes == (
        ("Report amended, 2 November 2026", "We looked again.\n\nThe visit was on 3 August."),
    )
    assert word_of(report) and pdf_of(report, at=AT)


def test_a_dispute_is_in_the_figures_with_its_clocks(council, audit, dispute):
    """Trap 15: a comment has no stages and no clocks to count."""
    meet(dispute, council.ada)
    answer(dispute, council.ada, "changed", at=AT + timedelta(days=3), grades={"overall": "good"})
    reply_to_answer(dispute, agrees=True, by=council.priya, at=AT)

    found = counts(Audit.objects.all(), at=AT)

    assert (found.raised, found.ended, found.upheld, found.owed, found.on_time) == (1, 1, 1, 2, 1)


def test_only_parties_to_the_audit_know_of_a_dispute_by_their_part(council, audit, dispute):
    wes, rae, una = make_person("Wes"), make_person("Rae"), make_person("Una")
    for person, relation in ((wes, "earlier practitioner"), (rae, "reviewer"), (una, "reviewer")):
        Participant.objects.create(audit=audit, person=person, relation=relation, starts_on=MADE.date())
    Participant.objects.filter(person=una).update(ends_on=MADE.date())
    on = MADE.date() + timedelta(days=1)

    people = (council.priya, audit.auditor, wes, rae, una)
    known = [Dispute.objects.visible_to(one, on=on).exists() for one in people]

    assert known == [True, True, False, True, False]


def test_whoever_raised_a_dispute_follows_it_after_their_part_in_the_audit_has_ended(council, audit, dispute):
    mine = Participant.objects.filter(audit=audit, person=council.priya)
    mine.update(ends_on=AT.date() - timedelta(days=1))

    assert Dispute.objects.visible_to(council.priya, on=AT.date()).get() == dispute


def test_a_reviewer_reads_the_audit_only_while_admitted(council, audit, dispute):
    pack = read_document(PACK.read_text()).data
    for state in ("final", "filed"):
        pack["flows"]["audit"]["states"][state]["shown_to"].remove("principal social worker")
    pack["roles"]["principal social worker"]["may"] = ["see reports"]
    publish_pack(document=write_document(pack))
    audit = make_audit(council, state="final", at=MADE)
    other = raise_dispute(audit, POINTS, by=council.priya, at=AT)

    def sees(person):
        on = AT.date()
        known = Audit.objects.visible_to(person, on=on).filter(pk=audit.pk).exists()
        assert known is may_read(audit, person, on=on)
        return known

    assert not sees(council.pat)
    reach(other, council, 2)
    assert sees(council.pat)
    council.pat.is_active = False
    assert not may_read(audit, council.pat, on=AT.date())
    council.pat.is_active = True
    assert Dispute.objects.visible_to(council.pat, on=AT.date()).filter(pk=other.pk).exists()
    meet(other, council.quality_manager)
    answer(other, council.quality_manager)
    disagree(other, council)
    assert not sees(council.pat)


def test_whoever_was_asked_follows_a_dispute_and_is_asked_only_while_it_is_their_turn(council):
    pack = read_document(PACK.read_text()).data
    pack["roles"]["assistant director"]["may"] = ["see reports"]
    publish_pack(document=write_document(pack))
    dispute = raise_dispute(make_audit(council, state="final", at=MADE), POINTS, by=council.priya, at=AT)
    on = AT.date()
    assert not Dispute.objects.visible_to(council.asha, on=on).exists()

    reach(dispute, council, 3)
    assert Dispute.objects.asked_of(council.asha, on=on).get() == dispute
    answer(dispute, council.asha, "passed up")

    assert Dispute.objects.visible_to(council.asha, on=on).get() == dispute
    assert not Dispute.objects.asked_of(council.asha, on=on).exists()
    assert Dispute.objects.asked_of(council.dan, on=on).get() == dispute


def test_whoever_comes_into_the_post_of_a_stage_is_let_in(council, dispute):
    reach(dispute, council, 2)
    new = make_person("Nell")
    make_post(new, "principal social worker", council.organisation)

    escalate_disputes(at=AT)
    escalate_disputes(at=AT)

    assert dispute.audit.participants.filter(person=new, relation="reviewer").count() == 1
    assert Event.objects.filter(what="dispute.admit").count() == 1


def test_nobody_answers_their_own_dispute(council):
    data = read_document(PACK.read_text()).data
    data["disputes"]["rungs"][0]["role"] = "team manager"
    publish_pack(document=write_document(data))
    audit = make_audit(council, state="final", at=MADE)

    dispute = raise_dispute(audit, POINTS, by=council.theo, at=AT)

    assert stages(dispute) == [("quality manager", "")]
    with pytest.raises(Refused, match="their own dispute"):
        meet(dispute, council.theo)


@pytest.mark.parametrize(
    ("who", "said"), [("sam", "disputed by"), ("ada", "disputed by"), ("hana", "disputed by")]
)
def test_only_those_named_may_raise_one(council, audit, who, said):
    with pytest.raises(Refused, match=said):
        raise_dispute(audit, POINTS, by=getattr(council, who), at=AT)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([], "at least one thing"),
        ([Point("overall", " ", "x")], "Overall: say what you dispute"),
        ([Point("overall", "x", "")], "where the record shows it"),
        ([Point("nothing", "x", "x")], "cannot be disputed"),
        ([POINTS[0], POINTS[0]], "disputed once"),
    ],
)
def test_each_point_needs_its_reasons_and_evidence(council, audit, points, said):
    with pytest.raises(Refused, match=said):
        raise_dispute(audit, points, by=council.priya, at=AT)


def test_a_report_that_is_not_final_is_not_disputed_yet(council):
    audit = make_audit(council, state="checking", at=MADE)

    with pytest.raises(Refused, match="final report"):
        raise_dispute(audit, POINTS, by=council.priya, at=AT)


def test_once_the_time_has_run_out_nothing_is_raised(council):
    data = read_document(PACK.read_text()).data
    data["disputes"]["open_for"] = "5 working days"
    publish_pack(document=write_document(data))
    audit = make_audit(council, state="final", at=MADE)

    assert may_raise(audit, council.priya, at=IN_FIVE)
    with pytest.raises(Refused, match="ended on 9 November 2026"):
        raise_dispute(audit, POINTS, by=council.priya, at=LATE)


def test_the_same_person_disputes_an_audit_once(council, audit, dispute):
    with pytest.raises(Refused, match="already"):
        raise_dispute(audit, POINTS, by=council.priya, at=AT)

    assert raise_dispute(audit, POINTS, by=council.theo, at=AT) != dispute


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"outcome": "changed", "grades": {"overall": "requires improvement"}}, "at least one other"),
        ({"outcome": "changed", "grades": {"basics": "good"}}, "not graded"),
        ({"outcome": "amended"}, "says otherwise"),
        ({"outcome": "nonsense"}, "Choose one of"),
    ],
)
def test_an_answer_that_says_too_little_is_refused_and_changes_nothing(council, audit, dispute, named, said):
    meet(dispute, council.ada)

    with pytest.raises(Refused, match=said):
        answer(dispute, council.ada, **named)

    assert stages(dispute) == [("auditor", "")]
    assert not Judgement.objects.filter(stage="after dispute").exists()


def test_the_meeting_comes_before_the_answer_and_the_answer_before_the_reply(council, dispute):
    with pytest.raises(Refused, match="Record the meeting first"):
        answer(dispute, council.ada)
    with pytest.raises(Refused, match="once there is an answer"):
        reply_to_answer(dispute, agrees=True, by=council.priya, at=AT)
    with pytest.raises(Refused, match="not your turn"):
        meet(dispute, council.quality_manager)


def test_a_disagreement_of_the_children_s_service_goes_straight_to_the_head_of_service(council):
    """CA-2."""
    pack = PACK.with_name("childrens-services.yaml")
    version = publish_pack(document=pack.read_text())

    route = pack_of(version).disputes

    assert [rung.role for rung in route.rungs] == ["head of service"]
    assert route.next_stage(1, passed_up=True) is None


@pytest.mark.parametrize("what", ["raise", "answer", "escalate"])
def test_nothing_is_written_if_the_event_fails(council, audit, monkeypatch, what):
    def fail(*given, **named):
        raise SystemExit

    if what == "raise":
        monkeypatch.setattr("goldenthread.escalations.operations.disputes.record", fail)
        with pytest.raises(SystemExit):
            raise_dispute(audit, POINTS, by=council.priya, at=AT)
        assert not audit.holds.exists() and not owing(council.ada).exists()
        return
    dispute = raise_dispute(audit, POINTS, by=council.priya, at=AT)
    meet(dispute, council.ada)
    module = "settling" if what == "answer" else "disputes"
    monkeypatch.setattr(f"goldenthread.escalations.operations.{module}.record", fail)
    with pytest.raises(SystemExit):
        if what == "answer":
            answer(dispute, council.ada, "changed", grades={"overall": "good"})
        else:
            escalate_disputes(at=LATE)
    assert stages(dispute) == [("auditor", "")]
    assert not Judgement.objects.filter(stage="after dispute").exists()


def test_a_vacant_post_is_stepped_in_for(council, dispute):
    Post.objects.filter(person=council.asha).delete()
    reach(dispute, council, 2)

    escalate_disputes(at=LATE)

    assert owing(council.dan, LATE).count() == 1
