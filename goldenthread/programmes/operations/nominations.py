"""Nominating a case for a draw with the reason, agreeing or declining, and what the freezing does to it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import works_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.frameworks.remits import OUTSIDE
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle, Draw, FrameEntry, Nomination
from goldenthread.programmes.operations.year import locked, not_sent
from goldenthread.programmes.queries.nominations import (
    is_outside,
    may_nominate,
    may_settle,
    open_types,
    rule_of,
)
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Standing, people_of

State = Nomination.State
ASKED = (
    "A nomination for {cycle} is to be agreed",
    "Somebody nominated one for the {type} of {cycle}. Please agree or decline by {due}: {link}",
)
SETTLED = ("Your nomination for {cycle} was answered", "What was said is here: {link}")


def about(nomination: Nomination) -> tuple[str, str, str]:
    """How the ledger and tasks name a nomination."""
    label = f"{nomination.subject.reference} for {nomination.cycle.title}"
    return ("nomination", nomination.public_id, label)


def path_of(nomination: Nomination) -> str:
    """Where a nomination's page is."""
    return f"/programme/nominations/{nomination.public_id}/"


@transaction.atomic
def nominate(
    cycle: Cycle, audit_type: str, subject: Subject, *, because: str, by: Person, at: datetime
) -> Nomination:
    """Ask that a case be audited in a cycle; those who must agree get a task and a notice."""
    cycle, on = locked(cycle), timezone.localdate(at)
    not_sent(cycle)
    words = words_of(cycle.version)
    if not because.strip():
        raise Refused(
            f"Say why this {words['case']} is nominated: whoever agrees, and whoever checks, reads it."
        )
    if audit_type not in open_types(cycle):
        raise Refused(
            f"Nothing can be nominated for this kind in {cycle.title}: nobody does, or its frame is frozen."
        )
    if not Subject.objects.visible_to(by, on=on).open_on(on).filter(pk=subject.pk).exists():
        raise Refused(f"You can nominate an open {words['case']} that you may see. Check the reference.")
    if audit_type not in may_nominate(by, cycle, subject, on=on):
        raise Refused(f"You may not nominate this {words['case']} for this kind. Ask its manager to.")
    work = works_of([subject.pk], on).get(subject.pk)
    if work is None or work.unit is None:
        raise Refused(f"No team is recorded for this {words['case']}, so it cannot be audited.")
    if is_outside(cycle, work.unit, on=on):
        raise Refused(f"{work.unit} is {OUTSIDE}, so this {words['case']} cannot be chosen under it.")
    nomination = Nomination(
        cycle=cycle,
        audit_type=audit_type,
        subject=subject,
        unit=work.unit,
        practitioner=work.person,
        because=because.strip()[:300],
        nominated_by=by,
        nominated_at=at,
    )
    if not rule_of(cycle, audit_type).agreed_by:
        nomination.state, nomination.settled_at = State.AGREED, at
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError:
        raise Refused(f"This {words['case']} is nominated for {cycle.title} already.") from None
    _ask(nomination, at=at)
    values = {"audit type": audit_type, "because": nomination.because, "state": nomination.state}
    record("nomination.make", about=about(nomination), by=by, at=at, values=values)
    return nomination


def _ask(nomination: Nomination, *, at: datetime) -> None:
    """A task for each role that agrees, and a notice to whoever holds it but nominated themselves."""
    rule, pack = rule_of(nomination.cycle, nomination.audit_type), pack_of(nomination.cycle.version)
    standing = Standing(nomination.unit, practitioner=nomination.practitioner)
    if rule.agreeing_starts is None:
        return
    for role in rule.agreed_by:
        task = start_task(
            clock=rule.agreeing_starts,
            pack=pack,
            version=nomination.cycle.version,
            about=about(nomination),
            standing=standing,
            at=at,
            owed_by=role,
        )
        due = timezone.localtime(task.due_at)
        people = people_of(role, pack, standing, on=timezone.localdate(at))
        write_notices(
            pack=None,
            notice=ASKED,
            about=about(nomination),
            path=path_of(nomination),
            people=[one for one in people if one.pk != nomination.nominated_by_id],
            values={
                "cycle": nomination.cycle.title,
                "type": pack.audit_types[nomination.audit_type].title,
                "due": f"{due:%A} {due.day} {due:%B %Y}",
            },
            at=at,
            key=f"nomination:{nomination.public_id}:asked",
        )


@transaction.atomic
def settle_nomination(
    nomination: Nomination, *, agreed: bool, because: str = "", by: Person, at: datetime
) -> Nomination:
    """Agree to a nomination, or decline it with the reason; whoever nominated is told."""
    found = _held(nomination)
    if not may_settle(by, found, on=timezone.localdate(at)):
        raise Refused("This is agreed by the roles that the framework names, and by nobody for their own.")
    if not agreed and not because.strip():
        raise Refused("Say why it is declined: whoever nominated it reads this.")
    _settle(found, State.AGREED if agreed else State.DECLINED, because, by=by, at=at)
    finish_tasks(about=about(found), by=by, at=at)
    write_notices(
        pack=None,
        notice=SETTLED,
        about=about(found),
        path=path_of(found),
        people=[found.nominated_by],
        values={"cycle": found.cycle.title},
        at=at,
        key=f"nomination:{found.public_id}:settled",
    )
    values = {"state": found.state, "because": found.settled_because}
    record("nomination.settle", about=about(found), by=by, at=at, values=values)
    return found


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, because: str, by: Person, at: datetime) -> Nomination:
    """Take back one's own nomination while the frame is not frozen; it stays on record."""
    found = _held(nomination, also=(State.AGREED,))
    if found.nominated_by_id != by.pk:
        raise Refused("Whoever nominated this takes it back.")
    _settle(found, State.WITHDRAWN, because, by=by, at=at)
    cancel_tasks(about=about(found), at=at)
    values = {"because": found.settled_because}
    record("nomination.withdraw", about=about(found), by=by, at=at, values=values)
    return found


def _held(nomination: Nomination, also: tuple[str, ...] = ()) -> Nomination:
    """The nomination as it now is, held with its cycle, where it can still change."""
    cycle = locked(nomination.cycle)
    rows = Nomination.objects.select_for_update(of=("self",))
    found = rows.select_related("cycle__version", "subject", "unit", "practitioner", "nominated_by").get(
        pk=nomination.pk
    )
    if found.audit_type not in open_types(cycle):
        raise Refused("The frame is frozen, so nothing of its nominations changes any more.")
    if found.state not in (State.WAITING, *also):
        raise Refused("This was settled already. What was said stands on its page.")
    return found


def _settle(found: Nomination, state: str, because: str, *, by: Person | None, at: datetime) -> None:
    found.state, found.settled_by, found.settled_at = state, by, at
    found.settled_because = because.strip()[:300]
    found.save(update_fields=["state", "settled_by", "settled_at", "settled_because"])


def lapse_nominations(cycle: Cycle, audit_type: str, *, at: datetime) -> None:
    """What nobody agreed to in time is passed over by the frame that is being frozen."""
    waiting = Nomination.objects.waiting().filter(cycle=cycle, audit_type=audit_type)
    for one in waiting.select_related("cycle", "subject"):
        _settle(one, State.LAPSED, "", by=None, at=at)
        cancel_tasks(about=about(one), at=at)


def join_nominations(draw: Draw) -> None:
    """Each agreed nomination knows the row of the frame in which its case stands."""
    agreed = list(Nomination.objects.agreed().filter(cycle=draw.cycle, audit_type=draw.audit_type))
    entries = FrameEntry.objects.filter(draw=draw, subject__in=[one.subject_id for one in agreed])
    by_subject = {entry.subject_id: entry for entry in entries}
    for one in agreed:
        one.entry = by_subject.get(one.subject_id)
    Nomination.objects.bulk_update(agreed, ["entry"])
