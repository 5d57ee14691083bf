"""Raising a safety alert, which nothing may stop or delay, and answering it (WF-12, WF-20)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import standing_of
from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import practitioner_of, team_of
from goldenthread.escalations.models import KIND, Alert
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people import queries as people
from goldenthread.people.models import Person, Unit
from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, Standing, people_of

RAISED = (
    "Urgent: a safety alert about {reference}",
    "Somebody reading the file of {reference} is worried about a person's safety. Please open the alert now "
    "and answer it: {link}",
)
ANSWERED = ("Your safety alert about {reference} was answered", "What came of it is here: {link}")
ANSWER = "answered"
TO_READ = "Read the safety alert and see that it is answered"


@transaction.atomic
def raise_alert(
    *, concern: str, by: Person, at: datetime, audit: Audit | None = None, subject: Subject | None = None
) -> Alert:
    """Tell those whom the framework names, at once and by task and notice, that somebody may not be safe.

    No state of an audit stands in its way, and no hold. Where every post named is vacant it reaches
    the administrators, so that it always reaches somebody.
    """
    if not concern.strip():
        raise Refused("Say what you are worried about.")
    alert = _new_alert(concern.strip(), audit, subject, by=by, at=at)
    pack, standing = pack_of(alert.version), _standing(alert)
    told = _start_tasks(alert, pack, standing, at=at)
    _write_notices(alert, pack, standing, told, at=at)
    record(
        "alert.raise",
        about=_about(alert),
        by=by,
        at=at,
        values={"concern": alert.concern, "told": sorted(person.public_id for person in told)},
    )
    return alert


@transaction.atomic
def answer_alert(alert: Alert, *, outcome: str, by: Person, at: datetime) -> Alert:
    """Note what was done about an alert; whoever raised it is told that there is an answer."""
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.answered_at is not None:
        raise Refused("Somebody has answered this alert already. Their answer stands on its page.")
    if not outcome.strip():
        raise Refused("Say what was done and what came of it.")
    if not Alert.objects.answerable_by(by, on=timezone.localdate(at)).filter(pk=alert.pk).exists():
        raise Refused("This alert is answered by those who were told of it. Ask one of them.")
    alert.outcome, alert.answered_by, alert.answered_at = outcome.strip(), by, at
    alert.save(update_fields=["outcome", "answered_by", "answered_at"])
    finish_tasks(about=_about(alert), by=by, at=at)
    _tell(alert, ANSWERED, [alert.raised_by], at=at, key=ANSWER)
    record("alert.answer", about=_about(alert), by=by, at=at, values={"outcome": alert.outcome})
    return alert


def _standing(alert: Alert) -> Standing:
    """Who stands in which relation to what the alert is about."""
    if alert.audit is not None:
        return standing_of(alert.audit)
    on = timezone.localdate(alert.raised_at)
    return Standing(alert.unit, practitioner=practitioner_of(alert.subject, on))


def _new_alert(
    concern: str, audit: Audit | None, subject: Subject | None, *, by: Person, at: datetime
) -> Alert:
    on = timezone.localdate(at)
    if audit is not None:
        version, subject, unit = audit.version, audit.subject, audit.unit
    elif subject is not None:
        version, unit = _newest_version(), team_of(subject, on) or _organisation(at)
    else:
        raise TypeError("An alert is about an audit or a subject.")
    return Alert.objects.create(
        version=version,
        audit=audit,
        subject=subject,
        unit=unit,
        concern=concern,
        raised_by=by,
        raised_at=at,
    )


def _newest_version() -> Version:
    """The framework by which alerts about a case outside an audit are routed: the last one published."""
    version = Version.objects.order_by("-published_at", "-pk").first()
    if version is None:
        raise Refused("No framework says yet who is told of an alert. Ring the team manager now.")
    return version


def _organisation(at: datetime) -> Unit:
    """The top of the organisation, for a case that no team holds."""
    unit = people.roots(on=timezone.localdate(at)).first()
    if unit is None:
        raise Refused("No team is recorded for this case. Ring its manager now.")
    return unit


def _start_tasks(alert: Alert, pack: Framework, standing: Standing, *, at: datetime) -> list[Person]:
    """A task for whoever must answer and one for each role that is told; returns the people reached."""
    must_answer = pack.clocks[pack.concern.clock].owed_by
    told: list[Person] = []
    for role in dict.fromkeys([must_answer, *pack.concern.tells]):
        try:
            _start_task(alert, pack, standing, role, "" if role == must_answer else TO_READ, at=at)
        except Refused:
            continue  # nobody holds this role or any that steps in; the others are told all the same
        told += people_of(role, pack, standing, on=timezone.localdate(at))
    if not set(told) - {alert.raised_by}:
        told += _ask_the_administrators(alert, pack, standing, at=at)
    return list(dict.fromkeys(told))


def _ask_the_administrators(
    alert: Alert, pack: Framework, standing: Standing, *, at: datetime
) -> list[Person]:
    """The last resort, where nobody but the person who is worried holds a post that is told."""
    asked = list(Person.objects.filter(is_administrator=True, is_active=True).order_by("pk"))
    for person in asked:
        _start_task(alert, pack, standing, Owner("administrator", person=person), "", at=at)
    return asked


def _start_task(
    alert: Alert, pack: Framework, standing: Standing, owed_by: str | Owner, title: str, *, at: datetime
) -> None:
    closes_on = alert.audit.cycle_closes_on if alert.audit else timezone.localdate(at)
    start_task(
        clock=pack.concern.clock,
        pack=pack,
        version=alert.version,
        about=_about(alert),
        standing=standing,
        at=at,
        closes_on=closes_on,
        urgent=True,
        owed_by=owed_by,
        title=title,
    )


def _write_notices(
    alert: Alert, pack: Framework, standing: Standing, told: list[Person], *, at: datetime
) -> None:
    """The framework's own notices on an alert, and a plain one to whoever was told and has none of them."""
    on = timezone.localdate(at)
    left = set(told)
    for name, notice in pack.notices.items():
        if notice.on == KIND and holds(notice.when, Known(on=on)):
            to = [person for role in notice.to for person in people_of(role, pack, standing, on=on)]
            _tell(alert, (notice.subject, notice.text), to, at=at, key=name)
            left -= set(to)
    _tell(alert, RAISED, [person for person in told if person in left], at=at, key="raised")


def _tell(alert: Alert, wording: tuple[str, str], to: list[Person], *, at: datetime, key: str) -> None:
    """Write an urgent notice that names the audit's number, or no case at all."""
    write_notices(
        pack=None,
        notice=wording,
        about=_about(alert),
        path=f"/alerts/{alert.public_id}/",
        people=to,
        values={"reference": _reference(alert)},
        at=at,
        urgent=True,
        key=key_of(alert, key),
    )


def key_of(alert: Alert, of: str) -> str:
    """What makes a notice about an alert the only one of its kind to a person."""
    return f"{KIND}:{alert.public_id}:{of}"


def _reference(alert: Alert) -> str:
    """The alert's subject as an e-mail may name it."""
    return str(alert.audit).lower() if alert.audit else "a case"


def _about(alert: Alert) -> tuple[str, str, str]:
    """The alert as tasks and the ledger name it, within the system."""
    what = _reference(alert) if alert.audit else f"case {alert.subject.reference}"
    return KIND, alert.public_id, f"Safety alert about {what}, {alert.unit}"[:200]
