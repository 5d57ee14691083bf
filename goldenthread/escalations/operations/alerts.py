"""Raising a safety alert, which nothing may delay, and its stages until it is resolved (WF-12, WF-20)."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations import lift_hold, place_hold
from goldenthread.audits.queries import standing_of
from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import practitioner_of, team_of
from goldenthread.escalations.models import KIND, Alert, Stage
from goldenthread.escalations.operations.asking import ask
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.frameworks.remits import version_for
from goldenthread.ledger.operations import record
from goldenthread.people import queries as people
from goldenthread.people.models import Person, Unit
from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.framework import Framework
from goldenthread.rules.ladders import Rung, is_last
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, Standing, people_of

logger = logging.getLogger(__name__)

RAISED = (
    "Urgent: a safety {alert} about {reference}",
    "Somebody reading the file of {reference} is worried about a person's safety. Please open the {alert} "
    "now and answer it: {link}",
)
RESOLVED = ("Your safety {alert} about {reference} was resolved", "What came of it is here: {link}")
MOVED_UP = (
    "Your safety {alert} about {reference} was answered and goes on",
    "It is not resolved yet and has gone to the next stage. What was said is here: {link}",
)
NO_ANSWER = (
    "Your safety {alert} about {reference} had no answer in time",
    "It has gone on by itself. Where it stands is here: {link}",
)
OUTSIDE = "Those responsible see to it, and you need do nothing more. Your own pages are here: {link}"
"""For somebody from outside, to whom the page of the alert is closed."""
AGAIN = timedelta(minutes=10)
"""How long a button may be pressed again, or a page be sent again, without a second alert."""
ANSWER = "answered"
TO_READ = "Read the safety {alert} and see that it is answered"


@transaction.atomic
def raise_alert(
    *, concern: str, by: Person, at: datetime, audit: Audit | None = None, subject: Subject | None = None
) -> Alert:
    """Tell those whom the framework names, at once and by task and notice, that somebody may not be safe.

    No state of an audit stands in its way, and no hold. Where every post named is vacant it reaches
    the administrators, so that it always reaches somebody. The same words of the same person about the
    same file within AGAIN, while nobody resolved them, are the same alert sent twice: that one is returned.
    """
    if not concern.strip():
        raise Refused("Say what you are worried about.")
    if sent := _just_raised(concern.strip(), audit, subject, by=by, at=at):
        return sent
    alert = _new_alert(concern.strip(), audit, subject, by=by, at=at)
    if alert.audit is not None:
        place_hold(alert.audit, about=_about(alert), by=by, at=at)  # stops nothing: gates count it
    told = _begin_stage(alert, 1, at=at)
    record("alert.raise", about=_about(alert), by=by, at=at, values={"concern": alert.concern, "told": told})
    return alert


@transaction.atomic
def answer_alert(alert: Alert, *, said: str, resolved: bool, by: Person, at: datetime) -> Alert:
    """Note the discussion of an alert and whether it is resolved; where it is not, the next stage begins.

    Whoever raised it is told. The last stage's answer is final, so it resolves the alert (WF-20).
    """
    alert = _locked(alert)
    word = words_of(alert.version)["alert"]
    if alert.resolved_at is not None:
        raise Refused(f"This {word} is resolved already. What came of it stands on its page.")
    if not said.strip():
        raise Refused("Say what was done and what came of it.")
    if not Alert.objects.answerable_by(by, on=timezone.localdate(at)).filter(pk=alert.pk).exists():
        raise Refused(f"This {word} is answered by those who were told of it. Ask one of them.")
    stage = alert.stages.running().get()
    if not resolved and is_last(pack_of(alert.version).concern.rungs, stage.number):
        raise Refused(
            "Nobody stands above this stage, so its answer is final. Say how the alert is resolved."
        )
    outcome = Stage.Outcome.RESOLVED if resolved else Stage.Outcome.NOT_RESOLVED
    stage.outcome, stage.said, stage.ended_by, stage.ended_at = outcome, said.strip(), by, at
    stage.save(update_fields=["outcome", "said", "ended_by", "ended_at"])
    finish_tasks(about=_about(alert), by=by, at=at)
    values: dict[str, object] = {"stage": stage.number, "outcome": stage.outcome, "said": stage.said}
    if resolved:
        alert.outcome, alert.resolved_by, alert.resolved_at = stage.said, by, at
        alert.save(update_fields=["outcome", "resolved_by", "resolved_at"])
        if alert.audit is not None:
            lift_hold(alert.audit, about=_about(alert), by=by, at=at)
        _tell(alert, _said(alert, RESOLVED), [alert.raised_by], at=at, key=ANSWER)
    else:
        values["told"] = _begin_stage(alert, stage.number + 1, at=at)
        _tell(alert, _said(alert, MOVED_UP), [alert.raised_by], at=at, key=f"{ANSWER}:{stage.number}")
    record("alert.answer", about=_about(alert), by=by, at=at, values=values)
    return alert


def escalate_alerts(*, at: datetime) -> int:
    """Move each alert whose stage ran out without an answer to the next; how many were moved.

    An alert moves one stage at a time, so that each has its full time, also after the system stood still.
    One that reaches nobody is tried again at the next run, and keeps no other from moving.
    """
    silent = Stage.objects.silent(at).values_list("alert", flat=True)
    moved = 0
    for alert in Alert.objects.filter(pk__in=list(silent)).order_by("pk"):
        try:
            moved += _move_up(alert, at=at)
        except Exception:
            logger.exception("The safety alert %s could not be moved up; it is tried again", alert.public_id)
    return moved


@transaction.atomic
def _move_up(alert: Alert, *, at: datetime) -> int:
    """Note the silence and begin the next stage; at the last one the administrators are asked."""
    alert = _locked(alert)
    stage = Stage.objects.silent(at).filter(alert=alert).first()
    if stage is None:
        return 0
    stage.silent_at = at
    if is_last(pack_of(alert.version).concern.rungs, stage.number):
        told = _ids(_ask_the_administrators(alert, stage.number, at=at))
    else:
        stage.outcome, stage.ended_at = Stage.Outcome.NO_ANSWER, at
        told = []
    stage.save(update_fields=["silent_at", "outcome", "ended_at"])
    if stage.ended_at is not None:
        told = _begin_stage(alert, stage.number + 1, at=at)
    _tell(alert, _said(alert, NO_ANSWER), [alert.raised_by], at=at, key=f"{ANSWER}:{stage.number}:silent")
    values = {"stage": stage.number, "outcome": str(Stage.Outcome.NO_ANSWER), "told": told}
    record("alert.escalate", about=_about(alert), by=None, at=at, values=values)
    return 1


def _locked(alert: Alert) -> Alert:
    """The alert's row, held until the transaction ends, so that an answer and the clock never cross."""
    rows = Alert.objects.select_for_update(of=("self",))
    return rows.select_related("version", "audit", "subject", "unit", "raised_by").get(pk=alert.pk)


def _standing(alert: Alert) -> Standing:
    """Who stands in which relation to what the alert is about."""
    if alert.audit is not None:
        return standing_of(alert.audit)
    on = timezone.localdate(alert.raised_at)
    return Standing(alert.unit, practitioner=practitioner_of(alert.subject, on))


def _just_raised(
    concern: str, audit: Audit | None, subject: Subject | None, *, by: Person, at: datetime
) -> Alert | None:
    """The alert that the same press of a button raised; two presses at once wait for each other, and the one
    that was made first may come second."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = Alert.objects.filter(raised_by=by, concern=concern, audit=audit, resolved_at=None)
    same = same.filter(raised_at__gt=at - AGAIN, raised_at__lt=at + AGAIN)
    return (same if audit is not None else same.filter(subject=subject)).first()


def _new_alert(
    concern: str, audit: Audit | None, subject: Subject | None, *, by: Person, at: datetime
) -> Alert:
    on = timezone.localdate(at)
    if audit is not None:
        version, subject, unit = audit.version, audit.subject, audit.unit
    elif subject is not None:
        team = team_of(subject, on)
        version, unit = _version_for(team, on), team or _organisation(at)
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


def _version_for(team: Unit | None, on: date) -> Version:
    """The framework by which alerts about a case outside an audit are routed: one that is for its team."""
    version = version_for(team, on=on)
    if version is None:
        raise Refused("No framework says yet who is told of an alert. Ring the team manager now.")
    return version


def _organisation(at: datetime) -> Unit:
    """The top of the organisation, for a case that no team holds."""
    unit = people.roots(on=timezone.localdate(at)).first()
    if unit is None:
        raise Refused("No team is recorded for this case. Ring its manager now.")
    return unit


def _begin_stage(alert: Alert, number: int, *, at: datetime) -> list[str]:
    """Ask the role of a stage, tell those who hear of it, and return whom that reached.

    Where nobody can answer in time, because the post is vacant or its holder is away until the answer is
    due, the role that steps in is asked too; where nobody is left, the administrators are.
    """
    pack, standing, on = pack_of(alert.version), _standing(alert), timezone.localdate(at)
    rung = pack.concern.rungs[number - 1]
    tasks, told = _ask(alert, pack, standing, rung, at=at)
    for role in dict.fromkeys([*rung.tells, *(pack.concern.tells if number == 1 else ())]):
        try:
            _start_task(alert, rung.clock, role, TO_READ.format_map(pack.words), at=at)
        except Refused:
            continue  # nobody holds this role or any that steps in; the others are told all the same
        told += people_of(role, pack, standing, on=on)
    if not tasks or not set(told) - {alert.raised_by}:
        asked = _ask_the_administrators(alert, number, at=at)
        told += asked
        tasks = tasks or list(
            Task.objects.open().about(*_about(alert)[:2]).filter(person__in=asked).order_by("pk")
        )
    if not tasks:
        raise Refused(
            "Nobody can be told: no post is held, and there is no administrator. Ring the manager now."
        )
    told = list(dict.fromkeys(told))
    Stage.objects.create(alert=alert, number=number, role=rung.role, task=tasks[0], started_at=at)
    _write_notices(alert, pack, standing, told, number, at=at)
    return _ids(told)


def _ask(
    alert: Alert, pack: Framework, standing: Standing, rung: Rung, *, at: datetime
) -> tuple[list[Task], list[Person]]:
    """Ask a role, and those who step in for it until somebody is there before the answer is due."""
    return ask(
        lambda role: _start_task(alert, rung.clock, role, at=at),
        rung.role,
        pack=pack,
        standing=standing,
        at=at,
    )


def _ask_the_administrators(alert: Alert, stage: int, *, at: datetime) -> list[Person]:
    """The last resort: nobody but the person who is worried holds a post that is told, or all were silent."""
    clock = pack_of(alert.version).concern.rungs[0].clock
    asked = list(Person.objects.filter(is_administrator=True, is_active=True).order_by("pk"))
    for person in asked:
        _start_task(alert, clock, Owner("administrator", person=person), at=at)
    _tell(alert, _said(alert, RAISED), asked, at=at, key=f"administrator:{stage}")
    return asked


def _start_task(alert: Alert, clock: str, owed_by: str | Owner, title: str = "", *, at: datetime) -> Task:
    """A task about the alert: to answer it, or, with a title of its own, to read it.

    Whoever must answer has the full time of the stage, asked before or not.
    """
    return start_task(
        clock=clock,
        pack=pack_of(alert.version),
        version=alert.version,
        about=_about(alert),
        standing=_standing(alert),
        at=at,
        urgent=True,
        owed_by=owed_by,
        title=title,
        again=not title,
    )


def _write_notices(
    alert: Alert, pack: Framework, standing: Standing, told: list[Person], stage: int, *, at: datetime
) -> None:
    """The framework's own notices on an alert, and a plain one to whoever was told and has none of them."""
    on = timezone.localdate(at)
    left = set(told)
    for name, notice in pack.notices.items():
        if stage == 1 and notice.on == KIND and holds(notice.when, Known(on=on)):
            to = [person for role in notice.to for person in people_of(role, pack, standing, on=on)]
            _tell(alert, (notice.subject, notice.text), to, at=at, key=name)
            left -= set(to)
    _tell(
        alert,
        _said(alert, RAISED),
        [person for person in told if person in left],
        at=at,
        key=f"raised:{stage}",
    )


def _tell(alert: Alert, wording: tuple[str, str], to: list[Person], *, at: datetime, key: str) -> None:
    """Write an urgent notice that names the audit's number, or no case at all."""
    outside = [person for person in to if person.is_outside]
    inside = [person for person in to if not person.is_outside]
    ways = (
        (inside, wording, f"/alerts/{alert.public_id}/"),
        (outside, (wording[0], OUTSIDE), "/returns/"),
    )
    for people_told, notice, path in ways:
        write_notices(
            pack=None,
            notice=notice,
            about=_about(alert),
            path=path,
            people=people_told,
            values={"reference": reference_of(alert)},
            at=at,
            urgent=True,
            key=key_of(alert, key),
        )


def _ids(told: list[Person]) -> list[str]:
    """People as the ledger names them."""
    return sorted(person.public_id for person in told)


def _said(alert: Alert, wording: tuple[str, str]) -> tuple[str, str]:
    """A plain notice in the words of the framework; its other gaps are filled as it is written."""
    words = {**words_of(alert.version), "reference": "{reference}", "link": "{link}"}
    return wording[0].format_map(words), wording[1].format_map(words)


def key_of(alert: Alert, of: str) -> str:
    """What makes a notice about an alert the only one of its kind to a person."""
    return f"{KIND}:{alert.public_id}:{of}"


def reference_of(alert: Alert) -> str:
    """The alert's subject as an e-mail may name it."""
    words = pack_of(alert.version).words_of_kind(alert.subject.kind)
    return f"{words['audit']} {alert.audit.number}" if alert.audit else words["a_case"]


def _about(alert: Alert) -> tuple[str, str, str]:
    """The alert as tasks and the ledger name it, within the system."""
    words = pack_of(alert.version).words_of_kind(alert.subject.kind)
    what = reference_of(alert) if alert.audit else f"{words['case']} {alert.subject.reference}"
    return KIND, alert.public_id, f"Safety {words['alert']} about {what}, {alert.unit}"[:200]
