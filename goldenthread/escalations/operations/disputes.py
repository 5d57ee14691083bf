"""Raising a dispute, replying to its answers, withdrawing it, and what silence does to it (WF-13)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import place_hold
from goldenthread.audits.operations.locking import locked as locked_audit
from goldenthread.audits.operations.locking import must_fit
from goldenthread.escalations.models import Dispute, DisputePoint, DisputeStage
from goldenthread.escalations.operations import staging
from goldenthread.escalations.queries import (
    closes_at,
    disputable,
    is_party,
    may_raise,
    may_reply,
    route_of,
    waits_for,
)
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.calendars import in_words
from goldenthread.rules.flow import FILED
from goldenthread.rules.refusal import Refused

logger = logging.getLogger(__name__)


class Point(NamedTuple):
    """One thing that is disputed, by its key among what may be."""

    key: str
    reasons: str
    evidence: str = ""


@transaction.atomic
def raise_dispute(audit: Audit, points: Sequence[Point], *, by: Person, at: datetime) -> Dispute:
    """Put on record what somebody disagrees with and why, hold the filing, and ask the first stage."""
    audit = locked_audit(audit, "unit", "auditor", "practitioner")
    _must_be_raisable(audit, by, at)
    chosen = {one.key: one for one in disputable(audit)}
    _must_be_reasoned(audit, points, {key: one.label for key, one in chosen.items()})
    dispute = Dispute.objects.create(
        version=audit.version, audit=audit, unit=audit.unit, raised_by=by, raised_at=at
    )
    DisputePoint.objects.bulk_create(
        DisputePoint(
            dispute=dispute,
            number=number,
            about=chosen[point.key].about,
            part=chosen[point.key].part,
            reasons=point.reasons.strip(),
            evidence=point.evidence.strip(),
        )
        for number, point in enumerate(points, 1)
    )
    place_hold(audit, about=staging.about(dispute), by=by, at=at, **_held(dispute))
    values: dict[str, object] = staging.begin_stage(dispute, 1, at=at)
    values["points"] = {
        chosen[point.key].label: [point.reasons.strip(), point.evidence.strip()] for point in points
    }
    record("dispute.raise", about=staging.about(dispute), by=by, at=at, values=values)
    return dispute


@transaction.atomic
def reply_to_answer(dispute: Dispute, *, agrees: bool, by: Person, at: datetime, why: str = "") -> Dispute:
    """The raiser's reply: the answer settles it, or it goes to the next stage and why."""
    dispute = staging.locked(dispute)
    staging.must_be_open(dispute)
    if not may_reply(dispute, by, on=timezone.localdate(at)):
        raise Refused("Only whoever raised the dispute replies, once there is an answer.")
    must_fit(why)
    if not agrees and not why.strip():
        raise Refused("Say what the answer leaves open.")
    stage = staging.running_stage(dispute)
    values: dict[str, object] = {"stage": stage.number, "agrees": agrees}
    stage.replied = why.strip()
    if agrees:
        staging.end(dispute, stage.outcome, by=by, at=at)
    else:
        values |= {"why": why.strip(), **_move_on(dispute, stage, at=at)}
    record("dispute.reply", about=staging.about(dispute), by=by, at=at, values=values)
    return dispute


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, by: Person, at: datetime, because: str = "") -> Dispute:
    """Whoever raised a dispute takes it back, as long as it is open; grades already changed stay."""
    dispute = staging.locked(dispute)
    staging.must_be_open(dispute)
    if by.pk != dispute.raised_by_id:
        raise Refused("A dispute is withdrawn by whoever raised it. Ask them.")
    must_fit(because)
    staging.end(dispute, Dispute.Outcome.WITHDRAWN, by=by, at=at, because=because.strip())
    values = {"because": because.strip()}
    record("dispute.withdraw", about=staging.about(dispute), by=by, at=at, values=values)
    return dispute


def escalate_disputes(*, at: datetime) -> int:
    """Move each dispute whose stage ran out: to the next stage, or to its end; how many were moved.

    One stage at a time, so that each has its full time also after the system stood still. Whoever came into
    a post that a stage asks is let in to read the audit.
    """
    moved = 0
    for pk in list(DisputeStage.objects.silent(at).values_list("dispute", flat=True)):
        try:
            moved += _move_up(Dispute.objects.get(pk=pk), at=at)
        except Exception:
            logger.exception("A dispute could not be moved up; it is tried again")
    for stage in DisputeStage.objects.running().filter(dispute__ended_at=None).order_by("pk"):
        try:
            _let_in_newcomers(stage, at=at)
        except Exception:
            logger.exception("Nobody could be let in to answer a dispute; it is tried again")
    return moved


@transaction.atomic
def _move_up(dispute: Dispute, *, at: datetime) -> int:
    """What silence means at this stage: of those who answer, or of whoever raised it."""
    dispute = staging.locked(dispute)
    stage = DisputeStage.objects.silent(at).filter(dispute=dispute).select_related("task").first()
    if stage is None:
        return 0
    route = staging.route(dispute)
    values: dict[str, object] = {"stage": stage.number, "waited for": waits_for(dispute, stage)}
    further = route.next_stage(stage.number)
    if stage.decided_at is not None and (route.no_reply == "counts as agreed" or further is None):
        staging.end(dispute, stage.outcome, by=None, at=at)
        values["agreed by silence"] = True
    elif further is None:
        stage.silent_at = at
        stage.save(update_fields=["silent_at"])
    else:
        if stage.decided_at is None:
            stage.outcome = DisputeStage.Outcome.NO_ANSWER
        values |= _move_on(dispute, stage, at=at)
    if dispute.ended_at is None:
        staging.tell(dispute, staging.SILENT, [dispute.raised_by], at=at, key=f"silent:{stage.number}")
    record("dispute.escalate", about=staging.about(dispute), by=None, at=at, values=values)
    return 1


@transaction.atomic
def _let_in_newcomers(stage: DisputeStage, *, at: datetime) -> None:
    dispute = staging.locked(stage.dispute)
    if dispute.ended_at is not None:
        return
    if let_in := staging.let_in_reviewers(dispute, stage, at=at):
        staging.tell(dispute, staging.ASKED, let_in, at=at, key=f"asked:{stage.number}")
        values = {"stage": stage.number, "admitted": staging.ids(let_in)}
        record("dispute.admit", about=staging.about(dispute), by=None, at=at, values=values)


def _move_on(dispute: Dispute, stage: DisputeStage, *, at: datetime) -> dict[str, object]:
    """End a stage and begin the next."""
    further = staging.route(dispute).next_stage(stage.number)
    if further is None:
        raise Refused("Nobody stands above this stage, so its answer is final.")
    staging.end_stage(dispute, stage, at=at)
    return {"next": staging.begin_stage(dispute, further, at=at)}


def _held(dispute: Dispute) -> dict[str, str]:
    """What the dispute stops, and the sentence that says so."""
    if not staging.route(dispute).holds_filing:
        return {}
    words = words_of(dispute.version)
    why = f"The report is disputed. The {words['audit']} is filed once the dispute has ended."
    return {"stops": FILED, "why": why}


def _must_be_raisable(audit: Audit, by: Person, at: datetime) -> None:
    word = words_of(audit.version)["audit"]
    route, until = route_of(audit), closes_at(audit)
    if route is None:
        raise Refused(f"The framework of this {word} has no way to dispute it. Ask the quality team.")
    if not is_party(audit, by, on=timezone.localdate(at)):
        who = " or ".join(f"the {role}" for role in route.raised_by)
        raise Refused(f"A final report is disputed by {who}. Ask one of them.")
    if until is not None and at > until:
        day = timezone.localdate(until)
        raise Refused(f"The time for a dispute ended on {day.day} {day:%B %Y}. Ask the quality team.")
    if not may_raise(audit, by, at=at):
        raise Refused(f"You have disputed this {word} already. See its dispute.")


def _must_be_reasoned(audit: Audit, points: Sequence[Point], labels: dict[str, str]) -> None:
    """Each point is one that may be disputed, with its reasons and, where they are wanted, its evidence."""
    if not points:
        raise Refused("Say at least one thing that you dispute, and why.")
    if unknown := [point.key for point in points if point.key not in labels]:
        raise Refused(f"This cannot be disputed: {in_words(unknown)}. Choose from what is shown.")
    if len({point.key for point in points}) < len(points):
        raise Refused("Each thing is disputed once; put your reasons together.")
    route = route_of(audit)
    for point in points:
        must_fit(point.reasons, point.evidence)
        if not point.reasons.strip():
            raise Refused(f"{labels[point.key]}: say what you dispute and why.")
        if route is not None and route.evidence and not point.evidence.strip():
            raise Refused(f"{labels[point.key]}: say where the record shows it.")
