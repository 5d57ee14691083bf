"""What follows an audit: begun once, discussed, checked, and missed by nobody (WF-15)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.locking import STANDING, locked
from goldenthread.audits.queries import about as about_audit
from goldenthread.audits.queries import cycle_words, path_of, standing_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.improvement.models import Considered, Discussion, Response
from goldenthread.improvement.operations.acting import Agreed, agree, must_be_specific
from goldenthread.improvement.queries import (
    about_response,
    audits_to_consider,
    discussion_of,
    may_check,
    may_record,
    rules_for,
)
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.rules.responses import Acknowledgement
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import people_of

logger = logging.getLogger(__name__)

MISSING = (
    "{Audit} {reference}: nothing is recorded of what should follow",
    "The time in which {audit} {reference} should have been discussed has passed, and no record is here. "
    "What was due, and for whom, is here: {link}",
)
RETURNED = (
    "{Audit} {reference}: something is missing in the record of the discussion",
    "What is missing in the record of the discussion of {audit} {reference} is here: {link}",
)
MOST_AT_ONCE = 200
"""How many audits one run looks at, so that a long backlog does not keep other work waiting."""


def begin_responses(*, at: datetime) -> int:
    """Begin what each final audit asks for by its framework, once; how many responses began.

    The clocks run from the moment at which the audit became final, also where this runs later. An audit
    of which somebody cannot be found is tried again at the next run, and keeps no other from beginning.
    """
    begun = 0
    for audit in audits_to_consider()[:MOST_AT_ONCE]:
        try:
            begun += _begin(audit, at=at)
        except Exception:
            logger.exception("What follows the audit %s could not begin; it is tried again", audit.public_id)
    return begun


@transaction.atomic
def _begin(audit: Audit, *, at: datetime) -> int:
    """Begin the responses to one audit, unless another run did so meanwhile."""
    audit = locked(audit, *STANDING, "previous")
    _, is_new = Considered.objects.get_or_create(audit=audit, defaults={"considered_at": at})
    if not is_new:
        return 0
    names = rules_for(audit)
    for name in names:
        _begin_one(audit, name, at=at)
    if names:
        record("response.begin", about=about_audit(audit), by=None, at=at, values={"rules": names})
    return len(names)


def _begin_one(audit: Audit, name: str, *, at: datetime) -> None:
    rule = pack_of(audit.version).responses[name]
    response = Response(
        audit=audit, version=audit.version, unit=audit.unit, rule=name, began_at=audit.finished_at or at
    )
    if rule.discussion is not None:
        response.task = _start(response, rule.discussion.clock, at=response.began_at)
        response.waits_for = response.task if rule.discussion.missing else None
    else:
        response.state = Response.State.SETTLED
    response.save()
    if rule.acknowledgement is not None:
        _thank(response, rule.acknowledgement, at=at)


def _thank(response: Response, thanks: Acknowledgement, *, at: datetime) -> None:
    """Tell those who are thanked, and whoever hears of it, that there is a message."""
    audit, pack = response.audit, pack_of(response.version)
    on, standing = timezone.localdate(at), standing_of(audit)
    write_notices(
        pack=None,
        notice=(thanks.subject, thanks.text),
        about=about_response(response),
        path=path_of(audit),
        people=[person for role in thanks.to for person in people_of(role, pack, standing, on=on)],
        values={
            "type": pack.audit_types[audit.audit_type].title,
            "reference": audit.number,
            "cycle": cycle_words(audit.cycle),
        },
        at=at,
        key=f"response:{response.public_id}:thanks",
    )


@transaction.atomic
def record_discussion(
    response: Response,
    *,
    held_on: date,
    present: str,
    discussed: str,
    good: str = "",
    recorded_as: str,
    actions: Sequence[Agreed] = (),
    by: Person,
    at: datetime,
) -> Response:
    """Record the discussion and the actions agreed in it; whoever checks the record has it in their tasks."""
    response = _locked(response)
    talk = discussion_of(response)
    _must_be_recordable(response, held_on, present, discussed, by=by, at=at)
    if recorded_as not in talk.recorded_as:
        raise Refused("Choose where the record is kept.")
    if talk.actions == "needed" and not actions and not response.actions.exists():
        raise Refused("Actions must be agreed here. Add at least one, with one owner and a day.")
    must_be_specific(actions, response, held_on=held_on)
    discussion = Discussion.objects.create(
        response=response,
        number=response.discussions.count() + 1,
        held_on=held_on,
        present=present.strip(),
        discussed=discussed.strip(),
        good=good.strip(),
        recorded_as=recorded_as,
        recorded_by=by,
        recorded_at=at,
    )
    agreed = agree(actions, response, discussion, by=by, at=at)
    finish_tasks(about=about_response(response), by=by, at=at)
    response.recorded_at = response.recorded_at or at
    response.state = Response.State.RECORDED if talk.check else Response.State.SETTLED
    response.waits_for = None
    response.save(update_fields=["recorded_at", "state", "waits_for"])
    if talk.check:
        _start(response, talk.check, at=at)
    values = {
        "discussion": discussion.number,
        "held on": held_on.isoformat(),
        "present": discussion.present,
        "discussed": discussion.discussed,
        "good": discussion.good,
        "recorded as": recorded_as,
        "actions": {one.public_id: one.text for one in agreed},
    }
    record("response.discuss", about=about_response(response), by=by, at=at, values=values)
    return response


@transaction.atomic
def check_discussion(response: Response, *, missing: str, by: Person, at: datetime) -> Response:
    """Accept the record of a discussion, or say what is missing in it; then its clock runs again."""
    response = _locked(response)
    if response.state != Response.State.RECORDED:
        raise Refused("There is no record to check now. It was checked, or is being completed.")
    if not may_check(response, by, on=timezone.localdate(at)):
        raise Refused("This record is checked by those who have it in their tasks.")
    talk = discussion_of(response)
    discussion = response.discussions.order_by("-number")[0]
    discussion.missing, discussion.checked_by, discussion.checked_at = missing.strip(), by, at
    discussion.save(update_fields=["missing", "checked_by", "checked_at"])
    finish_tasks(about=about_response(response), by=by, at=at)
    response.state = Response.State.SETTLED
    if discussion.missing:
        response.state, response.rung = Response.State.RETURNED, 0
        task = _start(response, talk.complete or talk.clock, at=at)
        response.waits_for = task if talk.missing else None
        _tell(
            response, RETURNED, _owners_of(response, task, at=at), at=at, key=f"returned:{discussion.number}"
        )
    response.save(update_fields=["state", "rung", "waits_for"])
    values = {"discussion": discussion.number, "missing": discussion.missing}
    record("response.check", about=about_response(response), by=by, at=at, values=values)
    return response


def escalate_missing(*, at: datetime) -> int:
    """Tell the next of those who hear of discussions whose time ran out without a record; how many moved.

    Each moves one stage at a time. One that reaches nobody is tried again, and keeps no other from moving.
    """
    moved = 0
    for response in Response.objects.silent(at).order_by("waits_for__due_at", "pk")[:MOST_AT_ONCE]:
        try:
            moved += _move_up(response, at=at)
        except Exception:
            logger.exception("Nobody could be told of the response %s; it is tried again", response.public_id)
    return moved


@transaction.atomic
def _move_up(response: Response, *, at: datetime) -> int:
    response = _locked(response)
    if not Response.objects.silent(at).filter(pk=response.pk).exists():
        return 0
    rungs, pack = discussion_of(response).missing, pack_of(response.version)
    rung = rungs[response.rung]
    on, standing = timezone.localdate(at), standing_of(response.audit)
    task = _start(response, rung.clock, at=at, owed_by=rung.role)
    told = [person for role in (task.role, *rung.tells) for person in people_of(role, pack, standing, on=on)]
    response.rung += 1
    response.waits_for = task if response.rung < len(rungs) else None
    response.save(update_fields=["rung", "waits_for"])
    _tell(response, MISSING, told, at=at, key=f"missing:{response.discussions.count()}:{response.rung}")
    values = {"stage": response.rung, "told": sorted({person.public_id for person in told})}
    record("response.escalate", about=about_response(response), by=None, at=at, values=values)
    return 1


def _must_be_recordable(
    response: Response, held_on: date, present: str, discussed: str, *, by: Person, at: datetime
) -> None:
    on = timezone.localdate(at)
    if response.state not in (Response.State.OWED, Response.State.RETURNED):
        raise Refused("This discussion is recorded already. What was recorded stands on its page.")
    if not may_record(response, by, on=on):
        raise Refused("This discussion is recorded by whoever has it in their tasks.")
    if held_on > on:
        raise Refused("The discussion lies ahead. Record it once it has been held.")
    if held_on < timezone.localdate(response.began_at):
        raise Refused("The discussion follows the final report, so it cannot have been held before it.")
    if not present.strip():
        raise Refused("Say who was there.")
    if not discussed.strip():
        raise Refused("Say what was discussed.")


def _locked(response: Response) -> Response:
    """The response's row, held until the transaction ends, so that a record and the clock never cross."""
    held: Response = _locking.get(response=response.pk)
    return held


def _to_lock(response: int) -> QuerySet[Response]:
    rows = Response.objects.select_for_update(of=("self",)).filter(pk=response)
    named = ("version", "unit", "audit__version", "audit__unit", "audit__auditor", "audit__practitioner")
    return rows.select_related(*named).defer("version__document", "audit__version__document")


_locking = Compiled(_to_lock, response=int)


def _start(response: Response, clock: str, *, at: datetime, owed_by: str = "") -> Task:
    return start_task(
        clock=clock,
        pack=pack_of(response.version),
        version=response.version,
        about=about_response(response),
        standing=standing_of(response.audit),
        at=at,
        owed_by=owed_by,
        again=True,
    )


def _owners_of(response: Response, task: Task, *, at: datetime) -> list[Person]:
    pack, standing = pack_of(response.version), standing_of(response.audit)
    return people_of(task.role, pack, standing, on=timezone.localdate(at))


def _tell(response: Response, wording: tuple[str, str], to: list[Person], *, at: datetime, key: str) -> None:
    """A notice in the framework's words, with the audit's number and a link."""
    words = {**words_of(response.version), "reference": "{reference}", "link": "{link}"}
    write_notices(
        pack=None,
        notice=(wording[0].format_map(words), wording[1].format_map(words)),
        about=about_response(response),
        path=f"/follow-up/{response.public_id}/",
        people=to,
        values={"reference": response.audit.number},
        at=at,
        key=f"response:{response.public_id}:{key}",
    )
