"""Who may disagree with an audit now, whose turn it is in a dispute, and how disputes are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import may_read, roles_among
from goldenthread.audits.sheets import sheet_of
from goldenthread.audits.summaries import may_read_summary
from goldenthread.escalations.models import Dispute, DisputeStage
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules import clocks
from goldenthread.rules.disputes import CHANGED, Decision, DisputeRoute
from goldenthread.rules.flow import DONE
from goldenthread.rules.grading import OVERALL
from goldenthread.tasks.models import Task
from goldenthread.tasks.queries import working_calendar

Waiting = Literal["a meeting", "an answer", "a reply", ""]


@dataclass(frozen=True)
class Disputable:
    """Something that a dispute may be about: its key on the form, what it is, and its words."""

    key: str
    about: str
    part: str
    label: str


@dataclass(frozen=True)
class DisputeCounts:
    """How disputes did: raised, ended, agreed with at least in part; steps owed and those done in time."""

    raised: int
    ended: int
    upheld: int
    owed: int
    on_time: int


def route_of(audit: Audit) -> DisputeRoute | None:
    """How the audit's framework lets people disagree."""
    return pack_of(audit.version).disputes


def is_party(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the person holds a role that may dispute the audit, and may read it or its summary."""
    route = route_of(audit)
    if route is None or audit.phase not in DONE:
        return False
    if not may_read(audit, person, on=on) and not may_read_summary(audit, person, on=on):
        return False
    return bool(roles_among(route.raised_by, audit, person, on=on))


def closes_at(audit: Audit) -> datetime | None:
    """Until when the audit may be disputed; None where there is no such limit."""
    route = route_of(audit)
    if route is None or route.open_for is None or audit.finished_at is None:
        return None
    calendar = working_calendar(audit.unit, on=timezone.localdate(audit.finished_at))
    return clocks.due(route.open_for, audit.finished_at, calendar).at


def may_raise(audit: Audit, person: Person, *, at: datetime) -> bool:
    """Whether this person may dispute the audit now: once, unless they withdrew it, and in time."""
    if not is_party(audit, person, on=timezone.localdate(at)):
        return False
    until = closes_at(audit)
    raised = Dispute.objects.filter(audit=audit, raised_by=person).exclude(outcome="withdrawn")
    return (until is None or at <= until) and not raised.exists()


def disputable(audit: Audit) -> list[Disputable]:
    """What of the audit may be disputed, in the order of its report."""
    route, sheet = route_of(audit), sheet_of(audit)
    if route is None:
        return []
    found = []
    if "overall" in route.about and sheet.grading.overall:
        found.append(Disputable(OVERALL, "overall", OVERALL, sheet.grading.overall_label))
    if "domains" in route.about:
        found += [
            Disputable(f"part-{place}", "domains", part, label)
            for place, (part, label) in enumerate(sheet.parts)
            if part != OVERALL
        ]
    named = {"facts": "Facts in the report", "recommendations": "Recommendations and actions"}
    return found + [Disputable(key, key, "", label) for key, label in named.items() if key in route.about]


def may_open(dispute: Dispute, person: Person, *, on: date) -> bool:
    """Whether what is disputed is shown: to its raiser, those it was asked of, and readers of the report.

    Others who may know of it see in the list that it exists.
    """
    if person.pk == dispute.raised_by_id or may_read(dispute.audit, person, on=on):
        return True
    return Task.objects.about(DISPUTE, dispute.public_id).owed_by(person, on=on).exists()


def stage_of(dispute: Dispute) -> DisputeStage | None:
    """The stage at which an open dispute stands."""
    return dispute.stages.running().select_related("task").first()


def waits_for(dispute: Dispute, stage: DisputeStage | None) -> Waiting:
    """What a stage waits for now."""
    if stage is None or dispute.ended_at is not None:
        return ""
    if stage.decided_at is not None:
        return "a reply"
    route = route_of(dispute.audit)
    meets = route is not None and route.rung(stage.number).meets is not None
    return "a meeting" if meets and stage.met_on is None else "an answer"


def may_settle(dispute: Dispute, person: Person, *, on: date) -> bool:
    """Whether it is this person's turn to record the meeting or to answer; never in their own dispute."""
    stage = stage_of(dispute)
    if waits_for(dispute, stage) not in ("a meeting", "an answer") or person.pk == dispute.raised_by_id:
        return False
    return Dispute.objects.asked_of(person, on=on).filter(pk=dispute.pk).exists()


def may_reply(dispute: Dispute, person: Person, *, on: date) -> bool:
    """Whether this person may say if the answer settles it: whoever raised it, or has that task now."""
    if waits_for(dispute, stage_of(dispute)) != "a reply":
        return False
    if person.pk == dispute.raised_by_id:
        return True
    return Dispute.objects.asked_of(person, on=on).filter(pk=dispute.pk).exists()


def decisions_open(dispute: Dispute, stage: DisputeStage) -> tuple[Decision, ...]:
    """What may be decided at a stage; no grade changes where the audit keeps none from a dispute."""
    route = route_of(dispute.audit)
    if route is None:
        return ()
    grading = pack_of(dispute.version).grading_of(dispute.audit.audit_type)
    keeps = route.stage is not None and grading.stage(route.stage) is not None
    return tuple(one for one in route.decisions_at(stage.number) if keeps or one != CHANGED)


def counts(audits: AuditQuerySet, *, at: datetime) -> DisputeCounts:
    """How the disputes of these audits did: raised, ended, upheld, and what was owed for them on time.

    What is owed counts once it is done or late; the raiser's own replies are not counted.
    """
    disputes = Dispute.objects.filter(audit__in=audits)
    raisers = Dispute.objects.filter(public_id=OuterRef("about_id"), raised_by=OuterRef("person"))
    owed = Task.objects.filter(about_kind=DISPUTE, about_id__in=disputes.values("public_id"))
    owed = owed.exclude(Exists(raisers))
    late = owed.open().overdue(at) | owed.filter(cancelled_at__gt=F("due_at"))
    return DisputeCounts(
        raised=disputes.count(),
        ended=disputes.exclude(ended_at=None).count(),
        upheld=disputes.upheld().count(),
        owed=owed.finished().count() + late.count(),
        on_time=owed.finished().filter(finished_at__lte=F("due_at")).count(),
    )
