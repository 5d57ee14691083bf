"""Private concerns: a ladder and readers of their own, apart from alerts, disputes and the audit's lists."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.locking import must_fit
from goldenthread.audits.queries import standing_of
from goldenthread.escalations.models import PrivateConcern, PrivateStage
from goldenthread.escalations.models.private import PRIVATE, PrivateStageQuerySet
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.ladders import PrivateRoute
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, people_of

logger = logging.getLogger(__name__)
LABEL = "A private concern"
WAITS = ("A private concern waits for you", "Please open it and answer it: {link}")
ANSWERED = ("Your private concern was answered", "What was said is here: {link}")


@transaction.atomic
def raise_private_concern(
    audit: Audit, *, concerns: Person, concern: str, by: Person, at: datetime
) -> PrivateConcern:
    """Tell only those whom the private route names that somebody's competence or conduct is a worry."""
    if pack_of(audit.version).conduct is None:
        raise Refused("The framework has no private route. Speak to your own manager.")
    must_fit(concern)
    if not concern.strip():
        raise Refused("Say what you are worried about.")
    if concerns.pk == by.pk:
        raise Refused("A private concern is about somebody else's work.")
    told_already = PrivateConcern.objects.filter(
        audit=audit, raised_by=by, concerns=concerns, concern=concern.strip(), ended_at=None
    )
    if told_already.exists():
        raise Refused("You have raised this already, and it is with those of the private route.")
    raised = PrivateConcern.objects.create(
        version=audit.version,
        audit=audit,
        unit=audit.unit,
        concerns=concerns,
        concern=concern.strip(),
        raised_by=by,
        raised_at=at,
    )
    told = _begin_stage(raised, 1, at=at)
    if not told:
        raise Refused("Nobody holds a post of the private route now. Speak to a senior manager yourself.")
    record("private.raise", about=_about(raised), by=by, at=at, values={"concern": concern, "told": told})
    return raised


@transaction.atomic
def answer_private_concern(
    concern: PrivateConcern, *, said: str, settled: bool, by: Person, at: datetime
) -> PrivateConcern:
    """Note what was done, and whether that settles it; where it does not, the next stage begins."""
    concern = _locked(concern)
    answerable = PrivateConcern.objects.answerable_by(by, on=timezone.localdate(at))
    if not answerable.filter(pk=concern.pk).exists():
        raise Refused("This is answered by those it was put to, while it is open.")
    must_fit(said)
    if not said.strip():
        raise Refused("Say what was done and what came of it.")
    stage = concern.stages.running().get()
    stage.said, stage.settled, stage.ended_by, stage.ended_at = said.strip(), settled, by, at
    stage.save(update_fields=["said", "settled", "ended_by", "ended_at"])
    finish_tasks(about=_about(concern), by=by, at=at)
    values: dict[str, object] = {"stage": stage.number, "said": stage.said, "settled": settled}
    told = [] if settled else _begin_stage(concern, stage.number + 1, at=at)
    if not settled and not told:
        raise Refused("Nobody stands above this stage, so its answer is final. Say how it is settled.")
    if settled:
        concern.ended_at = at
        concern.save(update_fields=["ended_at"])
    _tell(concern, ANSWERED, [concern.raised_by], at=at, key=f"answered:{stage.number}")
    record("private.answer", about=_about(concern), by=by, at=at, values=values | {"told": told})
    return concern


def escalate_private_concerns(*, at: datetime) -> int:
    """Move each concern whose stage ran out to the next; the last stage goes on. How many were moved."""
    moved = 0
    for pk in list(_lost(at).values_list("concern", flat=True)):
        try:
            _ask_anew(PrivateConcern.objects.get(pk=pk), at=at)
        except Exception:
            logger.exception("A private concern reaches nobody now; it is tried again")
    for pk in list(PrivateStage.objects.silent(at).values_list("concern", flat=True)):
        try:
            moved += _move_up(PrivateConcern.objects.get(pk=pk), at=at)
        except Exception:
            logger.exception("A private concern could not be moved up; it is tried again")
    return moved


def _lost(at: datetime) -> PrivateStageQuerySet:
    """Running stages that wait for nobody who is still here."""
    reached = Task.objects.open().filter(
        about_kind=PRIVATE, about_id=OuterRef("concern__public_id"), person__is_active=True
    )
    return PrivateStage.objects.running().filter(~Exists(reached), concern__ended_at=None, due_at__gte=at)


@transaction.atomic
def _ask_anew(concern: PrivateConcern, *, at: datetime) -> None:
    """Ask whoever has come into the post since, else the next stage; never whom the concern is about.

    Its tasks are passed on here and not with all others, which know of no person to be kept apart.
    """
    concern = _locked(concern)
    stage = _lost(at).filter(concern=concern).first()
    found = _first_with_people(concern, stage.number, at=at) if stage else None
    if stage is None or found is None:
        return
    cancel_tasks(about=_about(concern), at=at)
    number, people = found
    if number == stage.number:
        _ask(concern, number, people, at=at)
        told = sorted(person.public_id for person in people)
    else:
        stage.silent_at = stage.ended_at = at
        stage.save(update_fields=["silent_at", "ended_at"])
        told = _begin_stage(concern, number, at=at)
    values = {"stage": number, "told": told, "because": "those asked have left"}
    record("private.escalate", about=_about(concern), by=None, at=at, values=values)


@transaction.atomic
def _move_up(concern: PrivateConcern, *, at: datetime) -> int:
    concern = _locked(concern)
    stage = PrivateStage.objects.silent(at).filter(concern=concern).first()
    if stage is None:
        return 0
    asked = _first_with_people(concern, stage.number + 1, at=at)
    stage.silent_at = at
    stage.ended_at = at if asked else None
    stage.save(update_fields=["silent_at", "ended_at"])
    told: list[str] = []
    if asked:
        cancel_tasks(about=_about(concern), at=at)
        told = _begin_stage(concern, stage.number + 1, at=at)
    values = {"stage": stage.number, "told": told}
    record("private.escalate", about=_about(concern), by=None, at=at, values=values)
    return 1


def _begin_stage(concern: PrivateConcern, number: int, *, at: datetime) -> list[str]:
    """Ask the next stage that anybody can answer, each by name; returns whom, or nobody.

    By name and not by post: whoever the concern is about may hold that very post.
    """
    found = _first_with_people(concern, number, at=at)
    if found is None:
        return []
    number, people = found
    due_at = _ask(concern, number, people, at=at)
    role = _route(concern).rungs[number - 1].role
    PrivateStage.objects.create(concern=concern, number=number, role=role, started_at=at, due_at=due_at)
    return sorted(person.public_id for person in people)


def _ask(concern: PrivateConcern, number: int, people: Sequence[Person], *, at: datetime) -> datetime:
    """A task and a notice for each; returns when the answer is due."""
    rung = _route(concern).rungs[number - 1]
    tasks = [
        start_task(
            clock=rung.clock,
            pack=pack_of(concern.version),
            version=concern.version,
            about=_about(concern),
            standing=standing_of(concern.audit),
            at=at,
            owed_by=Owner(rung.role, person=person),
            again=True,
        )
        for person in people
    ]
    _tell(concern, WAITS, people, at=at, key=f"asked:{number}")
    return tasks[0].due_at


def _first_with_people(
    concern: PrivateConcern, number: int, *, at: datetime
) -> tuple[int, Sequence[Person]] | None:
    """The stage, or the next above, held by somebody who neither raised the concern nor is its subject."""
    pack, standing, on = pack_of(concern.version), standing_of(concern.audit), timezone.localdate(at)
    apart = (concern.concerns_id, concern.raised_by_id)
    for place in range(number, len(_route(concern).rungs) + 1):
        people = people_of(_route(concern).rungs[place - 1].role, pack, standing, on=on)
        if people := [person for person in people if person.pk not in apart]:
            return place, people
    return None


def _route(concern: PrivateConcern) -> PrivateRoute:
    route = pack_of(concern.version).conduct
    if route is None:
        raise TypeError("A private concern is raised only where the framework has a route for it.")
    return route


def _locked(concern: PrivateConcern) -> PrivateConcern:
    rows = PrivateConcern.objects.select_for_update(of=("self",))
    named = ("version", "raised_by", "audit__version", "audit__unit")
    return rows.select_related(*named, "audit__auditor", "audit__practitioner").get(pk=concern.pk)


def _about(concern: PrivateConcern) -> tuple[str, str, str]:
    """As tasks and the ledger name it: nothing of whom or what."""
    return PRIVATE, concern.public_id, LABEL


def _tell(
    concern: PrivateConcern, wording: tuple[str, str], to: Sequence[Person], *, at: datetime, key: str
) -> None:
    words = {**words_of(concern.version), "link": "{link}"}
    write_notices(
        pack=None,
        notice=(wording[0], wording[1].format_map(words)),
        about=_about(concern),
        path=f"/private-concerns/{concern.public_id}/",
        people=to,
        values={},
        at=at,
        key=f"private:{concern.public_id}:{key}",
    )
