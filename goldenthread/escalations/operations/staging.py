"""How a dispute goes from stage to stage: whom it asks, whom it lets in, whom it tells, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from goldenthread.audits.operations import admit, dismiss, lift_hold
from goldenthread.audits.queries import standing_of
from goldenthread.escalations.models import Dispute, DisputeStage
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.escalations.operations.asking import ask
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.people.models import Person
from goldenthread.rules.disputes import DisputeRoute
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import cancel_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, people_of

ASKED = (
    "A dispute about {audit} {reference}",
    "Somebody disagrees with the report and it is your turn, or you are asked to take part. "
    "What is disputed, and by when to answer, is here: {link}",
)
ANSWERED = ("Your dispute about {audit} {reference} was answered", "The answer is here: {link}")
MOVED = (
    "The dispute about {audit} {reference} goes to the next stage",
    "Where it stands now is here: {link}",
)
SILENT = (
    "The dispute about {audit} {reference} had no answer in time",
    "Where it stands now is here: {link}",
)
ENDED = ("The dispute about {audit} {reference} has ended", "What came of it is here: {link}")


def locked(dispute: Dispute) -> Dispute:
    """The dispute's row, held until the transaction ends, so that an answer and the clock never cross."""
    rows = Dispute.objects.select_for_update(of=("self",))
    named = ("version", "unit", "raised_by", "audit__version", "audit__unit")
    return rows.select_related(*named, "audit__auditor", "audit__practitioner").get(pk=dispute.pk)


def route(dispute: Dispute) -> DisputeRoute:
    """The route by which the dispute goes; it was raised under a framework that has one."""
    found = pack_of(dispute.version).disputes
    if found is None:
        raise TypeError("A dispute is raised only where the framework has a route for it.")
    return found


def about(dispute: Dispute) -> tuple[str, str, str]:
    """The dispute as tasks, holds and the ledger name it."""
    word = words_of(dispute.version)["audit"]
    return DISPUTE, dispute.public_id, f"Dispute about {word} {dispute.audit.number}"


def must_be_open(dispute: Dispute) -> None:
    """Refuse what comes too late."""
    if dispute.ended_at is not None:
        raise Refused("This dispute has ended. What came of it stands on its page.")


def running_stage(dispute: Dispute) -> DisputeStage:
    """The stage at which an open dispute stands."""
    return dispute.stages.running().select_related("task").get()


def begin_stage(dispute: Dispute, number: int, *, at: datetime) -> dict[str, object]:
    """Ask the role of a stage and let it, and those who join, read the audit; returns what the event says.

    A stage whose only holder raised the dispute is passed over: nobody answers their own.
    """
    pack, standing, on = pack_of(dispute.version), standing_of(dispute.audit), timezone.localdate(at)
    number = _first_with_others(dispute, number, at=at)
    rung = route(dispute).rung(number)
    tasks, told = ask(
        lambda role: start(dispute, rung.meets or rung.clock, role, at=at),
        rung.role,
        pack=pack,
        standing=standing,
        at=at,
    )
    if not tasks:
        raise Refused("Nobody holds the post that would answer this dispute. Ask the quality team who does.")
    stage = DisputeStage.objects.create(
        dispute=dispute, number=number, role=rung.role, task=tasks[0], started_at=at
    )
    let_in = let_in_reviewers(dispute, stage, at=at)
    heard = [person for role in rung.tells for person in people_of(role, pack, standing, on=on)]
    asked = [one for one in (*told, *let_in, *heard) if one.pk != dispute.raised_by_id]
    tell(dispute, ASKED, asked, at=at, key=f"asked:{number}")
    return {"stage": number, "asked": ids(told), "admitted": ids(let_in)}


def let_in_reviewers(dispute: Dispute, stage: DisputeStage, *, at: datetime) -> list[Person]:
    """Let those who answer a stage, and those who join, read the audit for as long as it lasts.

    Also whoever came into such a post since; returns those newly let in.
    """
    pack, standing, on = pack_of(dispute.version), standing_of(dispute.audit), timezone.localdate(at)
    rung = route(dispute).rung(stage.number)
    roles = dict.fromkeys([rung.role, stage.task.role, *rung.joins])
    people = [one for role in roles if role in pack.roles for one in people_of(role, pack, standing, on=on)]
    parties = (dispute.raised_by_id, dispute.audit.auditor_id, dispute.audit.practitioner_id)
    reviewers = [person for person in people if person.pk not in parties]
    return admit(dispute.audit, reviewers, why=_why(dispute, stage), at=at)


def end_stage(dispute: Dispute, stage: DisputeStage, *, at: datetime) -> None:
    """End a stage: what was owed is owed no more, and those let in for it are no longer."""
    stage.ended_at = at
    stage.save(update_fields=["outcome", "replied", "ended_at"])
    cancel_tasks(about=about(dispute), at=at)
    dismiss(dispute.audit, why=_why(dispute, stage), at=at)


def end(dispute: Dispute, outcome: str, *, by: Person | None, at: datetime, because: str = "") -> None:
    """End a dispute: nothing is held or owed any more, those let in are not, and its parties hear of it."""
    stage = running_stage(dispute)
    end_stage(dispute, stage, at=at)
    dispute.outcome, dispute.ended_by, dispute.ended_at, dispute.because = outcome, by, at, because
    dispute.save(update_fields=["outcome", "ended_by", "ended_at", "because"])
    lift_hold(dispute.audit, about=about(dispute), by=by, at=at)
    _let_in_for_others(dispute, at=at)
    audit = dispute.audit
    parties = [dispute.raised_by, audit.auditor, *([audit.practitioner] if audit.practitioner else [])]
    tell(dispute, ENDED, [one for one in parties if by is None or one.pk != by.pk], at=at, key="ended")


def start(dispute: Dispute, clock: str, owed_by: str | Owner, *, at: datetime) -> Task:
    """A task about the dispute."""
    return start_task(
        clock=clock,
        pack=pack_of(dispute.version),
        version=dispute.version,
        about=about(dispute),
        standing=standing_of(dispute.audit),
        at=at,
        owed_by=owed_by,
        again=True,
    )


def tell(
    dispute: Dispute, wording: tuple[str, str], people: Iterable[Person], *, at: datetime, key: str
) -> None:
    """Write a notice that names the audit's number and nothing of what is disputed."""
    words = {**words_of(dispute.version), "reference": "{reference}", "link": "{link}"}
    write_notices(
        pack=None,
        notice=(wording[0].format_map(words), wording[1].format_map(words)),
        about=about(dispute),
        path=f"/disputes/{dispute.public_id}/",
        people=[person for person in people if person.is_active],
        values={"reference": dispute.audit.number},
        at=at,
        key=f"{DISPUTE}:{dispute.public_id}:{key}",
    )


def ids(people: Iterable[Person]) -> list[str]:
    """People as the ledger names them."""
    return sorted({person.public_id for person in people})


def _why(dispute: Dispute, stage: DisputeStage) -> str:
    """Why somebody is let in: this stage of this dispute."""
    return f"dispute {dispute.public_id}, stage {stage.number}"


def _first_with_others(dispute: Dispute, number: int, *, at: datetime) -> int:
    """The stage itself, or the next that anybody but the raiser can answer."""
    pack, standing, on = pack_of(dispute.version), standing_of(dispute.audit), timezone.localdate(at)
    while True:
        people = people_of(route(dispute).rung(number).role, pack, standing, on=on)
        further = route(dispute).next_stage(number)
        if people != [dispute.raised_by] or further is None:
            return number
        number = further


def _let_in_for_others(dispute: Dispute, *, at: datetime) -> None:
    """Whoever reviews the audit for another dispute of it too stays let in."""
    for other in Dispute.objects.open().filter(audit=dispute.audit).exclude(pk=dispute.pk):
        for stage in other.stages.running().select_related("task"):
            let_in_reviewers(other, stage, at=at)
