"""Moving an audit along its flow: the framework decides, the clocks follow, those concerned are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.filing import FilingNote
from goldenthread.audits.gaps import Gap, gap_of_time, gaps
from goldenthread.audits.models import Audit, CaseNote, QualityCheck
from goldenthread.audits.operations.clocks import end_waiting, start_clocks, tell
from goldenthread.audits.operations.consenting import ask_for_consents
from goldenthread.audits.operations.holding import pass_gates
from goldenthread.audits.operations.inviting import take_out_of_calendars
from goldenthread.audits.operations.judging import settle_grades
from goldenthread.audits.operations.locking import STANDING, change, locked, must_fit
from goldenthread.audits.operations.returning import end_returns
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.audits.queries import about, flow_of, roles_among, standing_of
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.flow import CHECKING, DONE, FILED, NOT_ACCEPTED, OWED, STOPPED, State, Step
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import cancel_tasks, finish_tasks

PASSING = "a reason to pass a gate"


class Incomplete(Refused):
    """A step that cannot be taken yet; `gaps` says what is missing and where it is given."""

    def __init__(self, step: Step, found: list[Gap]) -> None:
        sentences = "; ".join(gap.sentence.rstrip(".") for gap in found)
        super().__init__(f"“{step.label}” cannot be done yet. {sentences}.")
        self.gaps = found


@transaction.atomic
def take_step(
    audit: Audit,
    step: str,
    *,
    by: Person,
    at: datetime,
    points: str = "",
    note: str = "",
    case_note: FilingNote | None = None,
    passing: str = "",
) -> Audit:
    """Move an audit along its framework's flow and start the clocks that the step starts.

    `points` go back with a report that is returned; `case_note` files it; `note` says why, where the
    step asks for it; `passing` says why a shut gate is passed, by those who may.
    """
    audit = locked(audit, *STANDING)
    must_fit(points, note, passing)
    said = {
        "points": points.strip(),
        "a discussion": True,  # the step itself is the offer
        "a note": note.strip(),
        "a case note": case_note,
        PASSING: passing.strip(),
    }
    before = audit.state
    settled = move(audit, step, by=by, at=at, said=said)
    values: dict[str, object] = {"state": change(before, audit.state), **settled}
    values |= {name: text for name, text in (("points", points.strip()), ("note", note.strip())) if text}
    if case_note is not None:
        values["case note"] = case_note.title
    record(f"audit.{step.replace(' ', '_')}", about=about(audit), by=by, at=at, values=values)
    return audit


def move(
    audit: Audit, name: str, *, by: Person, at: datetime, said: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """Take the step on a locked audit, without an event of its own; returns the grades that it computed.

    A step that asks for grades puts on record those that the framework's rules give.
    """
    on, said = timezone.localdate(at), said or {}
    flow = flow_of(audit)
    asked = flow.steps[name].by if name in flow.steps else ()
    step = flow.move(name, state=audit.state, roles=roles_among(asked, audit, by, on=on))
    if too_soon := gap_of_time(audit, step, at):
        raise Incomplete(step, [too_soon])
    passed = pass_gates(audit, name, step, because=str(said.get(PASSING, "")), by=by, at=at)
    asks = step.requires or pack_of(audit.version).audit_types[audit.audit_type].returns
    settled = _must_be_complete(audit, name, step, said, by=by, at=at) if asks else {}
    was_checking = audit.phase == CHECKING
    _enter(audit, step, flow.states[step.to], at)
    keep_scores(audit)
    if was_checking or audit.stopped_as == NOT_ACCEPTED:
        _note_the_check(audit, step, str(said.get("points") or said.get("a note") or ""), by, at)
    if said.get("a case note"):
        _may_be_filed_on_the_record(audit)
        _keep_the_note(audit, said["a case note"], by)
    _follow(audit, name, step, by=by, at=at)
    return settled | passed


def _must_be_complete(
    audit: Audit, name: str, step: Step, said: Mapping[str, Any], *, by: Person, at: datetime
) -> dict[str, object]:
    """Refuse what lacks something that the step requires; returns the grades that were computed for it."""
    sheet = sheet_of(audit, on=timezone.localdate(at))
    if found := gaps(sheet, step, said=said, name=name):
        raise Incomplete(step, found)
    return settle_grades(sheet, by=by, at=at) if "grades" in step.requires else {}


def _enter(audit: Audit, step: Step, state: State, at: datetime) -> None:
    """Put the audit where the step leads."""
    audit.state, audit.phase, audit.stopped_as = step.to, state.phase, state.counts_as or ""
    if audit.phase in DONE and audit.finished_at is None:
        audit.finished_at = at
    if audit.phase == FILED and audit.filed_at is None:
        audit.filed_at = at
    audit.save(update_fields=["state", "phase", "stopped_as", "finished_at", "filed_at"])


def _follow(audit: Audit, name: str, step: Step, *, by: Person, at: datetime) -> None:
    """What the step finishes and starts, and who hears of it."""
    if audit.phase == STOPPED:
        cancel_tasks(about=about(audit), at=at)
    if audit.phase in (*DONE, STOPPED):
        take_out_of_calendars(audit, at=at)
    end_returns(audit, at=at)
    if audit.phase != OWED:
        end_waiting(audit, by=by, at=at)
    if step.finishes:
        finish_tasks(about=about(audit), kinds=step.finishes, by=by, at=at)
    standing = standing_of(audit)
    due: date = start_clocks(audit, step.starts, standing, at=at)
    ask_for_consents(audit, standing, at=at)
    tell(audit, name, standing, at=at, due=due)


def _note_the_check(audit: Audit, step: Step, points: str, by: Person, at: datetime) -> None:
    """A step out of the quality check is its outcome: done, or back with points."""
    outcomes = QualityCheck.Outcome
    accepted = audit.phase in DONE
    outcome = outcomes.ACCEPTED if accepted else outcomes.RETURNED
    QualityCheck.objects.create(
        audit=audit,
        outcome=outcomes.NOT_ACCEPTED if audit.stopped_as == NOT_ACCEPTED else outcome,
        points=points if accepted or points else step.label,
        discussed="a discussion" in step.requires,
        checked_by=by,
        checked_at=at,
    )


def _may_be_filed_on_the_record(audit: Audit) -> None:
    """Refuse a case note of what is kept off the case record, such as findings about a member of staff."""
    pack = pack_of(audit.version)
    if pack.is_kept_here(audit.audit_type):
        words, title = pack.words_for(audit.audit_type), pack.audit_types[audit.audit_type].title
        raise Refused(
            f"A {title} is kept here and not on {words['a_case']}'s record. "
            f"Finish it without {words['a_case_note']}."
        )


def _keep_the_note(audit: Audit, note: FilingNote, by: Person) -> None:
    CaseNote.objects.create(
        audit=audit,
        title=note.title,
        note_type=note.note_type,
        noted_at=note.noted_at,
        text=note.text,
        alerted=note.alerted,
        filed_by=by,
    )
