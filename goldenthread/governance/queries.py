"""What is due to be removed, what is held, and what becomes due soon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from goldenthread.audits.models import Audit, AuditQuerySet, Hold
from goldenthread.audits.queries import KIND
from goldenthread.caseload.models import Episode
from goldenthread.escalations.blanking import still_open
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.models import Copy, LegalHold
from goldenthread.improvement.blanking import still_followed
from goldenthread.rules.flow import DONE, STOPPED
from goldenthread.rules.retention import Ended, Retention, due_on
from goldenthread.tasks.models import Task

AHEAD = timedelta(days=365)
AT_ONCE = 500
FOLLOWED = "What follows it is not finished."
LOOKED_AT_AGAIN = "It is being looked at again."
OPEN = "Something about it is still open."


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
    ending = sorted(_ending(among, until=on + AHEAD), key=lambda due: (due.on, due.audit.pk))
    kept: dict[int, str] = {}
    now = [one.audit for one in ending if one.on <= on]
    for start in range(0, len(now), AT_ONCE):
        kept |= _kept(now[start : start + AT_ONCE])
    for one in ending:
        if one.on > on:
            found.soon.append(one)
        elif one.audit.pk in kept:
            found.held.append(Due(one.audit, one.rule, one.on, kept[one.audit.pk]))
        else:
            found.due.append(one)
    return found


def due_of(audit: Audit, *, on: date) -> Due | None:
    """The audit as due on that day or not at all, whatever keeps it."""
    return next(_ending(Audit.objects.filter(pk=audit.pk), until=on), None)


def what_keeps(audit: Audit) -> str:
    """Why an audit that is due is not removed, in a sentence; empty where nothing keeps it."""
    return _kept([audit]).get(audit.pk, "")


def _kept(audits: Collection[Audit]) -> dict[int, str]:
    """Why audits are not removed, by their keys; those alone that something keeps."""
    found: dict[int, str] = {}
    again = Audit.objects.filter(previous__in=audits).exclude(phase__in=[*DONE, STOPPED])
    by_id = {audit.public_id: audit.pk for audit in audits}
    tasks = Task.objects.open().filter(about_kind=KIND, about_id__in=by_id).values_list("about_id", flat=True)
    held = Hold.objects.standing().filter(audit__in=audits).values_list("audit", flat=True)
    owed = Copy.objects.owed().filter(audit__in=audits).values_list("audit", flat=True)
    found |= dict.fromkeys({*still_open(audits), *held, *owed, *(by_id[one] for one in tasks)}, OPEN)
    earlier = again.order_by().values_list("previous", flat=True)
    found |= dict.fromkeys((key for key in earlier if key is not None), LOOKED_AT_AGAIN)
    found |= dict.fromkeys(still_followed(audits), FOLLOWED)
    return found | _legally_held(audits)


def _legally_held(audits: Collection[Audit]) -> dict[int, str]:
    """The legal hold on each of these audits, or on what it looks at; of several the first."""
    on = Q(audit__in=audits) | Q(subject__in={audit.subject_id for audit in audits})
    first: dict[tuple[str, int | None], LegalHold] = {}
    for hold in LegalHold.objects.standing().filter(on).order_by("-pk"):
        first[("audit", hold.audit_id) if hold.audit_id else ("subject", hold.subject_id)] = hold
    found = {}
    for audit in audits:
        holds = [first.get(("audit", audit.pk)), first.get(("subject", audit.subject_id))]
        if standing := sorted((hold for hold in holds if hold), key=lambda hold: hold.pk):
            since = timezone.localtime(standing[0].placed_at)
            found[audit.pk] = f"Legal hold since {since:%-d %B %Y}: {standing[0].why}"
    return found


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
