"""What people who have left leave behind: everything they held that waits for somebody to take it on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from goldenthread.audits.models import Audit, Moderation, Participant, Return
from goldenthread.audits.queries import CO_AUDITOR
from goldenthread.audits.returns import about_return
from goldenthread.escalations.models import Alert, Dispute, LateWork
from goldenthread.escalations.models.late import LATE
from goldenthread.frameworks.grants import granted
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Action, Response
from goldenthread.improvement.queries import may_give
from goldenthread.people.models import Leave, Person
from goldenthread.programmes.models import Commission, Slot
from goldenthread.registers.models import Agreement
from goldenthread.rules.flow import OWED, WORKING
from goldenthread.tasks.models import Task
from goldenthread.tasks.queries import STEPS_IN

MOST = 100
"""Pieces of one kind that are shown; as they are passed on the next ones appear."""
AUDITS, SLOTS, ACTIONS, MODERATIONS, COMMISSIONS, TASKS = (
    "audits",
    "allocations",
    "actions",
    "moderations",
    "commissions",
    "tasks",
)
CO_AUDITORS, RETURNS, DEPUTIES = "co-auditors", "returns", "deputies"
AUDIT, SLOT, TOGETHER, RETURN, LEAVE = "audit", "slot", "co-auditor", "return", "leave"
SEEN_BY_RULE: dict[str, Any] = {
    "action": Action,
    "agreement": Agreement,
    "alert": Alert,
    "audit": Audit,
    "dispute": Dispute,
    LATE: LateWork,
    "response": Response,
}
"""Kinds of record that tasks are about and that say themselves who may see them."""


@dataclass(frozen=True)
class Piece:
    """One thing that somebody who left held: about which record, and by when it is due."""

    holder: Person
    about: tuple[str, str]
    label: str
    what: str
    due_on: date | None = None
    urgent: bool = False


@dataclass
class LeftBehind:
    """The pieces by kind, and of which kinds there are more than are shown."""

    pieces: dict[str, list[Piece]] = field(default_factory=dict)
    more: set[str] = field(default_factory=set)

    def add(self, kind: str, found: Iterable[Piece]) -> None:
        """Keep what of a kind is shown."""
        listed = list(found)
        self.pieces[kind] = listed[:MOST]
        if len(listed) > MOST:
            self.more.add(kind)


def left_behind(person: Person, *, on: date, draws: bool, manages: bool = False) -> LeftBehind:
    """What this person may give to somebody else.

    `draws` says whether they draw and allocate, `manages` whether they look after people.

    Private concerns are in no list: whoever keeps one knows whom it must not reach.
    """
    gone = Person.objects.gone(on=on).values("pk")
    found = LeftBehind()
    found.add(TASKS, _tasks(person, gone, on))
    found.add(AUDITS, _audits(person, gone, on))
    found.add(CO_AUDITORS, _co_auditors(person, gone, on))
    found.add(RETURNS, _returns(person, gone, on))
    found.add(ACTIONS, _actions(person, gone, on))
    found.add(SLOTS, _slots(gone) if draws else ())
    found.add(MODERATIONS, _moderations(gone) if draws else ())
    found.add(COMMISSIONS, _commissions(person, gone, on))
    found.add(DEPUTIES, _deputies(gone, on) if manages else ())
    return found


def _audits(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    rows = Audit.objects.visible_to(person, on=on).filter(granted(STEPS_IN, person, on))
    rows = rows.in_phase(OWED, WORKING).filter(auditor__in=gone).select_related("auditor")
    for one in rows.order_by("cycle_closes_on", "pk")[: MOST + 1]:
        what = "Name another auditor"
        yield Piece(one.auditor, (AUDIT, one.public_id), one.number, what, one.closes_on)


def _co_auditors(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    rows = Participant.objects.filter(relation=CO_AUDITOR, ends_on=None, person__in=gone)
    rows = rows.filter(audit__in=_may_name(person, on)).select_related("person", "audit")
    for one in rows.order_by("audit__cycle_closes_on", "pk")[: MOST + 1]:
        audit, what = one.audit, "Audits together with the auditor: name somebody else, if it needs one"
        yield Piece(one.person, (TOGETHER, audit.public_id), audit.number, what, audit.closes_on)


def _returns(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    """Parts of audits that somebody who left was to give."""
    rows = Return.objects.filter(state=Return.State.BEGUN, audit__in=_may_name(person, on))
    owed = Task.objects.open().filter(person__in=gone, about_kind=RETURN, about_id=OuterRef("public_id"))
    rows = rows.annotate(holder=Subquery(owed.values("person")[:1])).exclude(holder=None)
    found = list(
        rows.select_related("audit__version", "audit__subject").order_by("audit__cycle_closes_on", "pk")[
            : MOST + 1
        ]
    )
    holders = Person.objects.in_bulk([one.holder for one in found])
    for one in found:
        what = "A part that they were to give: invite or name somebody else, or say that it is not coming"
        holder = holders[one.holder]
        label = about_return(one)[2]
        yield Piece(holder, (RETURN, one.audit.public_id), label, what, one.audit.closes_on)


def _deputies(gone: QuerySet, on: date) -> Iterator[Piece]:
    rows = Leave.objects.not_over(on).filter(deputy__in=gone, person__is_active=True)
    for one in rows.select_related("person", "deputy").order_by("starts_on", "pk")[: MOST + 1]:
        assert one.deputy is not None  # filtered above  # noqa: S101
        label, what = f"Leave of {one.person.name}", "Was to stand in: ask them to name somebody else"
        yield Piece(one.deputy, (LEAVE, ""), label, what, one.starts_on)


def _may_name(person: Person, on: date) -> QuerySet:
    """Audits that are not handed in yet and for which this person may name others."""
    seen = Audit.objects.visible_to(person, on=on).filter(granted(STEPS_IN, person, on))
    return seen.in_phase(OWED, WORKING).values("pk")


def _actions(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    rows = Action.objects.visible_to(person, on=on).in_state(Action.State.OPEN).filter(owner__in=gone)
    named = ("owner", "version", "unit", "response__version", "response__audit__version")
    known: dict[tuple[Any, ...], bool] = {}
    for one in rows.select_related(*named).by_due_day()[: MOST + 1]:
        audit = one.response.audit
        same = (one.version_id, one.unit_id, audit.version_id, audit.practitioner_id, audit.auditor_id)
        if same not in known:
            known[same] = may_give(one, person, on=on)
        if known[same]:
            label = f"{audit.number}: {one.text}"[:200]
            yield Piece(one.owner, ("action", one.public_id), label, "Give it to somebody else", one.due_on)


def _slots(gone: QuerySet) -> Iterator[Piece]:
    rows = Slot.objects.unsent().filter(auditor__in=gone, cycle__sent_at=None)
    for one in rows.select_related("auditor", "subject", "cycle").order_by("pk")[: MOST + 1]:
        assert one.auditor is not None  # filtered above  # noqa: S101
        label = f"{one.subject.reference}, {one.cycle.label}"
        yield Piece(one.auditor, (SLOT, one.public_id), label, "Choose another auditor")


def _moderations(gone: QuerySet) -> Iterator[Piece]:
    rows = Moderation.objects.filter(moderator__in=gone, finished_at=None)
    for one in rows.select_related("moderator", "audit", "draw").order_by("pk")[: MOST + 1]:
        assert one.moderator is not None  # filtered above  # noqa: S101
        again = "Name another moderator, who grades it anew"
        what = again if one.graded_at else "Name another moderator"
        yield Piece(one.moderator, ("moderation draw", one.draw.public_id), one.audit.number, what)


def _commissions(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    rows = Commission.objects.drawn_by(person, on=on).waiting().filter(worker__in=gone)
    for one in rows.select_related("worker", "version").order_by("due_at", "pk")[: MOST + 1]:
        assert one.worker is not None  # filtered above  # noqa: S101
        kind = pack_of(one.version).audit_types[one.audit_type].title
        label, due_on = f"{kind}: {one.because}"[:200], timezone.localdate(one.due_at)
        what = "About the work of somebody who left: drop it, or let it go on"
        yield Piece(one.worker, ("commission", one.public_id), label, what, due_on)


def _tasks(person: Person, gone: QuerySet, on: date) -> Iterator[Piece]:
    """What no rule could pass on, urgent first: nobody holds a role that steps in."""
    owed = Task.objects.open().filter(person__in=gone)
    seen = Q()
    for kind in sorted({*owed.order_by().values_list("about_kind", flat=True)} & SEEN_BY_RULE.keys()):
        known = SEEN_BY_RULE[kind].objects.visible_to(person, on=on).order_by().values("public_id")
        seen |= Q(about_kind=kind, about_id__in=known)
    rows = owed.filter(seen) if seen else owed.none()
    for task in rows.select_related("person").urgent_first()[: MOST + 1]:
        due_on, about = timezone.localdate(task.due_at), (task.about_kind, task.about_id)
        if task.person is not None:
            yield Piece(task.person, about, task.about_label, task.title, due_on, task.urgent)
