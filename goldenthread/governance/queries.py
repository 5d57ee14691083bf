"""What is due to be removed, what is held, and what becomes due soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.audits.queries import KIND
from goldenthread.caseload.models import Episode
from goldenthread.escalations.blanking import is_something_open
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.models import LegalHold
from goldenthread.improvement.blanking import is_follow_up_open
from goldenthread.rules.flow import DONE, STOPPED
from goldenthread.rules.retention import Ended, Retention, due_on
from goldenthread.tasks.models import Task

AHEAD = timedelta(days=365)


@dataclass(frozen=True)
class Due:
    """One audit with the day on which its keep ends, under which rule, and what keeps it meanwhile."""

    audit: Audit
    rule: Retention
    on: date
    kept_by: str = ""


@dataclass
class Overview:
    """Audits by what happens to them: removed at the next run, kept by something, due within a year."""

    due: list[Due] = field(default_factory=list)
    held: list[Due] = field(default_factory=list)
    soon: list[Due] = field(default_factory=list)


def rule_of(audit: Audit) -> Retention | None:
    """The rule of the framework's version under which the audit ran."""
    kind = pack_of(audit.version).audit_types.get(audit.audit_type)
    return kind.retention if kind else None


def overview(among: AuditQuerySet, *, on: date) -> Overview:
    """What is due among these audits, the longest overdue first; none that was removed already."""
    found = Overview()
    for one in sorted(_ending(among, until=on + AHEAD), key=lambda due: (due.on, due.audit.pk)):
        if one.on > on:
            found.soon.append(one)
        elif kept := what_keeps(one.audit):
            found.held.append(Due(one.audit, one.rule, one.on, kept))
        else:
            found.due.append(one)
    return found


def due_of(audit: Audit, *, on: date) -> Due | None:
    """The audit as due on that day or not at all, whatever keeps it."""
    return next(_ending(Audit.objects.filter(pk=audit.pk), until=on), None)


def what_keeps(audit: Audit) -> str:
    """Why an audit that is due is not removed, in a sentence; empty where nothing keeps it."""
    if hold := LegalHold.objects.standing().over(audit).first():
        return f"Legal hold since {timezone.localtime(hold.placed_at):%-d %B %Y}: {hold.why}"
    if is_follow_up_open(audit):
        return "What follows it is not finished."
    tasks = Task.objects.open().about(KIND, audit.public_id)
    again = Audit.objects.filter(previous=audit).exclude(phase__in=[*DONE, STOPPED])
    if again.exists():
        return "It is being looked at again."
    if is_something_open(audit) or audit.holds.standing().exists() or tasks.exists():
        return "Something about it is still open."
    return ""


def _ending(among: AuditQuerySet, *, until: date) -> Iterator[Due]:
    """The audits whose keep ends by that day, by the rule of their own version."""
    ended = among.filter(blanked_at=None, phase__in=[*DONE, STOPPED])
    used = Version.objects.filter(pk__in=ended.order_by().values("version"))
    rules = {
        (version.pk, name): kind.retention
        for version in used
        for name, kind in pack_of(version).audit_types.items()
        if kind.retention
    }
    if not rules:
        return
    wanted = Q()
    for version, name in rules:
        wanted |= Q(version=version, audit_type=name)
    audits = list(ended.filter(wanted).with_framework("subject", "unit"))
    closed = _closed(audit.subject_id for audit in audits)
    for audit in audits:
        rule = rules[audit.version_id, audit.audit_type]
        finished = timezone.localdate(audit.finished_at) if audit.finished_at else None
        day = due_on(rule, Ended(audit.closes_on, finished, closed.get(audit.subject_id)))
        if day is not None and day <= until:
            yield Due(audit, rule, day)


def _closed(subjects: Iterable[int]) -> dict[int, date]:
    """For each subject all of whose involvements have ended, the day on which the last did."""
    episodes = Episode.objects.filter(subject__in=set(subjects))
    still = set(episodes.filter(closed_on=None).values_list("subject", flat=True))
    last = episodes.order_by().values_list("subject").annotate(last=Max("closed_on"))
    return {subject: day for subject, day in last if subject not in still and day is not None}
