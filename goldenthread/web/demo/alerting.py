"""Safety alerts of the made-up council: most are answered in time, some move up, one or two stand open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Protocol

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import standing_of
from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import answer_alert, raise_alert
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.calendars import Calendar
from goldenthread.tasks.queries import people_of
from goldenthread.web.demo import words
from goldenthread.web.demo.following import moment

HOW_OFTEN = {"inadequate": 0.3, "requires improvement": 0.07, "good": 0.01, "outstanding": 0.0}
"""How often an auditor is worried about somebody's safety, by what the audit will come to."""
MOVES_UP, SILENT = 0.2, 0.15


class Calls(Protocol):
    """What lets something happen at a moment."""

    def at(self, moment: datetime, happen) -> None: ...
    def sweep_at(self, moment: datetime) -> None: ...


def may_worry(history: Calls, audit: Audit, overall: str, on: date, calendar: Calendar) -> None:
    """Perhaps an alert is raised on the day of the draft; chance is the audit's own and changes no other."""
    random = Random(f"alert {audit.number}")  # noqa: S311 (made-up data, not a secret)
    if random.random() < HOW_OFTEN[overall]:
        history.at(moment(on, 14), lambda at: _raise(history, audit, random, calendar, at))


def one_stands_open(at: datetime) -> None:
    """An alert about an audit that is over, to which nobody has answered yet."""
    audit = Audit.objects.in_phase("filed").order_by("-filed_at", "-pk").first()
    if audit is not None:
        raise_alert(concern=words.WORRIES[0], audit=audit, by=audit.auditor, at=at)


def _raise(history: Calls, audit: Audit, random: Random, calendar: Calendar, at: datetime) -> None:
    concern = words.pick(random, words.WORRIES)
    alert = raise_alert(concern=concern, audit=audit, by=audit.auditor, at=at)
    if random.random() < SILENT:
        due = alert.stages.running().get().task.due_at
        history.sweep_at(due + timedelta(minutes=1))
        history.at(due + timedelta(hours=2), lambda at: _answer(alert, random, at, resolved=True))
        return
    resolved = random.random() >= MOVES_UP
    next_day = calendar.add_working_days(timezone.localdate(at), 1)
    history.at(moment(next_day, 10), lambda at: _answer(alert, random, at, resolved=resolved))
    if not resolved:
        history.at(moment(next_day, 16), lambda at: _answer(alert, random, at, resolved=True))


def _answer(alert: Alert, random: Random, at: datetime, *, resolved: bool) -> None:
    """Whoever was asked says what was done, unless all of them are the person who is worried."""
    if asked := _asked(alert, timezone.localdate(at)):
        said = words.pick(random, words.MADE_SAFE if resolved else words.NOT_SAFE_YET)
        answer_alert(alert, said=said, resolved=resolved, by=asked[0], at=at)


def _asked(alert: Alert, on: date) -> list[Person]:
    stage, pack = alert.stages.running().get(), pack_of(alert.version)
    standing = standing_of(alert.audit) if alert.audit else None
    held = people_of(stage.role, pack, standing, on=on) if standing else []
    return [one for one in held if Alert.objects.answerable_by(one, on=on).filter(pk=alert.pk).exists()]
