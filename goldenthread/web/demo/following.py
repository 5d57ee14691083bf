"""What follows one made-up audit: its discussion, mostly in time, its check, and the action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import standing_of
from goldenthread.escalations.operations import escalate_alerts
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Action, Response
from goldenthread.improvement.operations import (
    Agreed,
    begin_responses,
    check_discussion,
    close_action,
    escalate_missing,
    finish_action,
    record_discussion,
    verify_action,
)
from goldenthread.improvement.queries import discussion_of
from goldenthread.people.models import Person
from goldenthread.rules.calendars import Calendar
from goldenthread.tasks.queries import people_of

LATE, DONE, WITH_ACTION = 0.12, 0.6, 0.5
ACTIONS = (
    ("The risk assessment is written again with the person, and read in the next supervision", "put right"),
    ("Two capacity assessments are done together with the senior practitioner", "training need"),
    ("The carer is visited, and the offer of a carer's assessment is written down", "put right"),
    ("The reason for each decision is read through in three supervisions in a row", "support need"),
    ("The team tries the new template for reviews on five files and says what it changes", "way of working"),
)
DISCUSSED = (
    "What the audit saw in the record, what was known at the time, and what would have helped.",
    "How the person's own words came into the plan, and where they were missing.",
    "What made the good work possible, and what got in the way of writing it down.",
)
GOOD = "The person's own words stand in the record, and led to what was done."
At = Callable[[datetime, Callable[[datetime], None]], None]


def follow(let: At, audit: Audit, final: date, officer: Person, calendar: Calendar) -> None:
    """Let what follows the audit happen; chance is the audit's own, so that it changes no other."""
    random = Random(audit.number)  # noqa: S311 (made-up data, not a secret)
    working = random.randrange(11, 15) if random.random() < LATE else random.randrange(2, 5)
    held = _later(calendar, final, working)
    let(moment(held, 15), lambda at: _discuss(audit, random, at))
    let(moment(_later(calendar, held, 2), 10), lambda at: _check(audit, officer, at))
    done = _later(calendar, held, 8)
    let(moment(done, 12), lambda at: _finish(audit, random, at))
    let(moment(_later(calendar, done, 6), 12), lambda at: _verify(audit, at))


def sweep(at: datetime) -> None:
    """What the clock moves by itself: what is final begins, what had no answer in time moves up."""
    begin_responses(at=at)
    escalate_missing(at=at)
    escalate_alerts(at=at)


def _discuss(audit: Audit, random: Random, at: datetime) -> None:
    """The team manager records the discussion."""
    for response in _waiting(audit, Response.State.OWED):
        talk, pack = discussion_of(response), pack_of(response.version)
        role = pack.clocks[talk.clock].owed_by
        held_by = people_of(role, pack, standing_of(audit), on=timezone.localdate(at))[0]
        wants = talk.actions == "needed" or random.random() < WITH_ACTION
        record_discussion(
            response,
            held_on=timezone.localdate(at),
            present=" and ".join(str(one) for one in (held_by, audit.practitioner) if one),
            discussed=random.choice(DISCUSSED),
            good=GOOD if random.random() < 0.5 else "",
            recorded_as=talk.recorded_as[0],
            actions=[_action(held_by, random)] if wants else [],
            by=held_by,
            at=at,
        )


def _action(owner: Person, random: Random) -> Agreed:
    text, kind = random.choice(ACTIONS)
    return Agreed(text, owner, "worker", "medium", kind=kind, proof="observation")


def _check(audit: Audit, officer: Person, at: datetime) -> None:
    for response in _waiting(audit, Response.State.RECORDED):
        check_discussion(response, missing="", by=officer, at=at)


def _finish(audit: Audit, random: Random, at: datetime) -> None:
    if random.random() < DONE:
        for action in _actions(audit, "open"):
            finish_action(action, evidence="Seen in supervision.", by=action.owner, at=at)


def _verify(audit: Audit, at: datetime) -> None:
    """The manager has watched the work, and closes what has worked."""
    for action in _actions(audit, "done"):
        on, found = timezone.localdate(at), "Watched on a visit: it is done as agreed."
        verify_action(action, held=True, found=found, looked_on=on, by=action.owner, at=at)
        close_action(action, by=action.owner, at=at + timedelta(minutes=5))


def _waiting(audit: Audit, state: str) -> list[Response]:
    found = Response.objects.discussions().filter(audit=audit, state=state)
    return list(found.select_related("version", "audit").defer("version__document"))


def _actions(audit: Audit, state: str) -> list[Action]:
    found = Action.objects.filter(response__audit=audit).in_state(state)
    return list(found.select_related("owner"))


def _later(calendar: Calendar, day: date, working_days: int) -> date:
    return calendar.add_working_days(day, working_days)


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """A local moment of a day."""
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))
