"""Settling a stage of a dispute: the meeting, and the written answer, which may change grades (WF-13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.operations import judge_again
from goldenthread.audits.operations.locking import locked as locked_audit
from goldenthread.audits.operations.locking import must_fit
from goldenthread.escalations.models import Dispute, DisputeStage
from goldenthread.escalations.operations import staging
from goldenthread.escalations.queries import decisions_open, may_settle, route_of, waits_for
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.disputes import AMENDED, CHANGED, PASSED_UP, REFERRED
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import finish_tasks
from goldenthread.tasks.queries import Owner, roles_of


@transaction.atomic
def record_dispute_meeting(
    dispute: Dispute, *, met_on: date, attended: str, discussed: str, by: Person, at: datetime
) -> Dispute:
    """Note the meeting of a stage; the clock of its written answer starts."""
    dispute = staging.locked(dispute)
    staging.must_be_open(dispute)
    _must_settle(dispute, by, at)
    stage = staging.running_stage(dispute)
    if waits_for(dispute, stage) != "a meeting":
        raise Refused("No meeting is awaited now. Write the answer.")
    must_fit(discussed)
    if not attended.strip() or not discussed.strip():
        raise Refused("Say who took part and what was discussed.")
    if met_on > timezone.localdate(at):
        raise Refused("Record the meeting once it was held; that day has not come yet.")
    if met_on < timezone.localdate(dispute.raised_at):
        raise Refused("This day lies before the dispute was raised. Enter the day of the meeting about it.")
    clock = staging.route(dispute).rung(stage.number).clock
    finish_tasks(about=staging.about(dispute), by=by, at=at)
    stage.task = staging.start(dispute, clock, _same_owner(stage), at=at)
    stage.met_on, stage.met_by = met_on, by
    stage.attended, stage.discussed = attended.strip()[:300], discussed.strip()
    stage.save(update_fields=["task", "met_on", "met_by", "attended", "discussed"])
    values = {
        "stage": stage.number,
        "met on": str(met_on),
        "attended": stage.attended,
        "discussed": stage.discussed,
    }
    record("dispute.meet", about=staging.about(dispute), by=by, at=at, values=values)
    return dispute


@transaction.atomic
def answer_dispute(
    dispute: Dispute,
    *,
    outcome: str,
    said: str,
    by: Person,
    at: datetime,
    grades: Mapping[str, str] | None = None,
    amended: str = "",
) -> Dispute:
    """Answer a stage in writing: all stands, grades change, the report is amended, or somebody else decides.

    Changed grades are judgements of the dispute's own stage; earlier ones stay. The raiser may take an answer
    to the next stage if there is one; else the dispute has ended.
    """
    dispute = staging.locked(dispute)
    staging.must_be_open(dispute)
    _must_settle(dispute, by, at)
    stage = staging.running_stage(dispute)
    _must_be_an_answer(dispute, stage, outcome, said, amended)
    stage.outcome, stage.said, stage.amended = outcome, said.strip(), amended.strip()
    stage.decided_by, stage.decided_at = by, at
    stage.save(update_fields=["outcome", "said", "amended", "decided_by", "decided_at"])
    finish_tasks(about=staging.about(dispute), by=by, at=at)
    values: dict[str, object] = {"stage": stage.number, "outcome": outcome, "said": stage.said}
    if outcome == CHANGED:
        values["grades"] = _change_grades(dispute, grades or {}, stage.said, by=by, at=at)
    if stage.amended:
        values["amended"] = stage.amended
    values |= _follow(dispute, stage, by=by, at=at)
    record("dispute.answer", about=staging.about(dispute), by=by, at=at, values=values)
    return dispute


def _follow(dispute: Dispute, stage: DisputeStage, *, by: Person, at: datetime) -> dict[str, object]:
    """What comes of an answer: the next stage, the raiser's turn, or the end."""
    route, number = staging.route(dispute), stage.number
    if stage.outcome == PASSED_UP:
        staging.end_stage(dispute, stage, at=at)
        staging.tell(dispute, staging.MOVED, [dispute.raised_by], at=at, key=f"moved:{number}")
        further = route.next_stage(number, passed_up=True)
        return {"next": staging.begin_stage(dispute, further or number, at=at)}
    if stage.outcome == REFERRED or route.reply is None or route.next_stage(number) is None:
        staging.end(dispute, stage.outcome, by=by, at=at)
        return {"ended": True}
    raiser = Owner(_role_of_raiser(dispute, at), person=dispute.raised_by)
    stage.task = staging.start(dispute, route.reply, raiser, at=at)
    stage.save(update_fields=["task"])
    staging.tell(dispute, staging.ANSWERED, [dispute.raised_by], at=at, key=f"answered:{number}")
    return {}


def _change_grades(
    dispute: Dispute, grades: Mapping[str, str], why: str, *, by: Person, at: datetime
) -> dict[str, object]:
    """Put the changed grades on record, as judgements of the dispute's stage."""
    route, words = staging.route(dispute), words_of(dispute.version)
    given = {part: grade for part, grade in grades.items() if grade}
    audit = locked_audit(dispute.audit, "unit", "auditor", "practitioner")
    changed = judge_again(audit, route.stage or "", given, why=why, by=by, at=at)
    if not changed:
        raise Refused(f"Choose at least one other {words['grade']}, or say that everything stands.")
    return changed


def _must_settle(dispute: Dispute, by: Person, at: datetime) -> None:
    if by.pk == dispute.raised_by_id:
        raise Refused("Nobody answers their own dispute. Somebody else with this task does.")
    if not may_settle(dispute, by, on=timezone.localdate(at)):
        raise Refused("It is not your turn in this dispute. Those asked at its present stage answer it.")


def _must_be_an_answer(dispute: Dispute, stage: DisputeStage, outcome: str, said: str, amended: str) -> None:
    if waits_for(dispute, stage) == "a meeting":
        raise Refused("Record the meeting first, then write the answer.")
    if outcome not in decisions_open(dispute, stage):
        raise Refused("Choose one of the answers that this stage may give.")
    must_fit(said, amended)
    if not said.strip():
        raise Refused("Write the answer, with its reasons.")
    if outcome == AMENDED and not amended.strip():
        raise Refused("Say what the report now says otherwise.")


def _same_owner(stage: DisputeStage) -> Owner:
    """Whoever was asked to meet is asked to answer."""
    task = stage.task
    return Owner(task.role, person=task.person, post=task.post, unit=task.unit)


def _role_of_raiser(dispute: Dispute, at: datetime) -> str:
    """The role in which the dispute was raised, by which somebody steps in if the raiser leaves."""
    pack, route = pack_of(dispute.version), route_of(dispute.audit)
    from_audit = staging.standing_of(dispute.audit)
    held = roles_of(dispute.raised_by, pack, from_audit, on=timezone.localdate(at))
    raised = route.raised_by if route else ()
    return next((role for role in raised if role in held), raised[0] if raised else "")
