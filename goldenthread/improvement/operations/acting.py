"""Actions: agreed, done, shown to have worked or not, and closed; done is not closed (LA-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.holding import Obstacle
from goldenthread.audits.models import Audit
from goldenthread.escalations.operations import begin_ladder
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.closing import NEVERTHELESS, closes, may_pass, shut_gates
from goldenthread.improvement.models import Action, ClosingPass, Discussion, Response, Verification
from goldenthread.improvement.operations.consenting import (
    ask_before_closing,
    locked_action,
    pass_closing_consents,
)
from goldenthread.improvement.queries import (
    about_action,
    actions_rule,
    discussion_of,
    follows_failure,
    look_of,
    owes,
    owner_by,
    possible_owners,
    proof_of,
    standing_for,
)
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules import actions as rules
from goldenthread.rules import clocks
from goldenthread.rules.actions import ANOTHER, ASKED, LONGER, OPENS_AGAIN, ActionRule, Look
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Task
from goldenthread.tasks.operations import finish_tasks, start_dated_task, start_task
from goldenthread.tasks.queries import working_calendar

KIND = rules.DO
LONGEST = 2000
VERIFIED_FIELDS = ["state", "verified_at", "done_by", "done_at", "due_on", "agreed_for"]
VERIFIED_FIELDS += ["closed_by", "closed_at", "replaced_by"]


@dataclass(frozen=True)
class Agreed:
    """An action as it is agreed; without a day it has the time that its severity gives."""

    text: str
    owner: Person
    level: str
    severity: str
    due_on: date | None = None
    kind: str = ""
    proof: str = ""
    kept_because: str = ""


def must_be_specific(agreed: Iterable[Agreed], response: Response, *, held_on: date) -> None:
    """Refuse actions that lack something, or that nobody could tell were done."""
    rule = actions_rule(response.version)
    for number, one in enumerate(agreed, 1):
        if rule is None or discussion_of(response).actions == "none":
            raise Refused("No actions are agreed here. Leave them out.")
        latest = clocks.due_from(rule.due_at_most, held_on, working_calendar(response.unit, on=held_on), "it")
        for said in faults_of(one, rule, held_on=held_on, latest=timezone.localdate(latest.at)):
            raise Refused(f"Action {number}: {said}")


def faults_of(one: Agreed, rule: ActionRule, *, held_on: date, latest: date) -> list[str]:
    """What an action still lacks, in sentences."""
    found = []
    if not one.text.strip():
        found.append("Say what exactly will be done.")
    if len(one.text) > LONGEST:
        found.append(f"Say it in {LONGEST} characters or fewer.")
    if one.level not in rule.levels or one.severity not in rule.severities:
        found.append("Choose what it is about and how much it matters.")
    if rule.kinds and one.kind not in rule.kinds:
        found.append("Choose what kind of action it is.")
    if one.proof and one.proof not in rule.proofs:
        found.append("Choose one of the ways to show that it worked.")
    if not one.proof and rules.needs_proof(rule, one.severity):
        found.append("Choose now how it will be shown that it worked, before work begins.")
    if one.due_on is not None and one.due_on < held_on:
        found.append("The day by which it is due lies before the discussion; give a later one.")
    if one.due_on is not None and one.due_on > latest:
        found.append(
            f"The day by which it is due lies more than {rule.due_at_most} after the discussion; give one by "
            f"{latest.day} {latest:%B %Y}."
        )
    questions = rules.questions_about(one.text, rule) if one.text.strip() else []
    if questions and not one.kept_because.strip():
        found.append(" ".join(questions) + " Write it again, or say why it stays.")
    return found


def agree(
    agreed: Iterable[Agreed], response: Response, discussion: Discussion, *, by: Person, at: datetime
) -> list[Action]:
    """Write the actions of a discussion within its event; each is a task of its owner from now."""
    on = timezone.localdate(at)
    agreed = list(agreed)
    allowed = {person.pk for person in possible_owners(response, on=on)} if agreed else set()
    found = []
    for one in agreed:
        if one.owner.pk not in allowed:
            raise Refused(
                f"{one.owner.name} has no post in this team or above it. Give the action to somebody who has."
            )
        action = Action.objects.create(
            response=response,
            version=response.version,
            unit=response.unit,
            text=one.text.strip(),
            kept_because=one.kept_because.strip(),
            owner=one.owner,
            due_on=one.due_on or _due_on(response, one.severity, on),
            level=one.level,
            kind=one.kind,
            severity=one.severity,
            proof=one.proof,
            agreed_by=by,
            agreed_at=at,
        )
        _owe(
            action,
            f"was agreed on {discussion.held_on:%A} {discussion.held_on.day} {discussion.held_on:%B}",
            at=at,
        )
        found.append(action)
    return found


@transaction.atomic
def finish_action(action: Action, *, evidence: str, by: Person, at: datetime) -> Action:
    """Note that an action is done; it stays open to whoever verifies or closes it."""
    action = locked_action(action)
    rule = _rule(action)
    if action.state != Action.State.OPEN:
        raise Refused("This action is noted as done already. Its page says what comes next.")
    if by != action.owner and not owes(rule.closing, action.response, by, on=timezone.localdate(at)):
        raise Refused(f"This action is {action.owner.name}'s. Ask them to note that it is done.")
    severity = rule.severities.get(action.severity)
    if severity and severity.evidence and not evidence.strip():
        raise Refused("Say what shows that it is done, such as the record and its date.")
    action.state, action.evidence, action.done_by, action.done_at = rules.DONE, evidence.strip(), by, at
    action.save(update_fields=["state", "evidence", "done_by", "done_at"])
    finish_tasks(about=about_action(action), by=by, at=at)
    proof = proof_of(action)
    _start(action, proof.clock if proof else rule.closing, at=at)
    ask_before_closing(action, at=at)
    record("action.finish", about=about_action(action), by=by, at=at, values={"evidence": action.evidence})
    return action


@transaction.atomic
def verify_action(
    action: Action,
    *,
    held: bool,
    found: str,
    looked_on: date,
    audit: Audit | None = None,
    instead: str = "",
    by: Person,
    at: datetime,
) -> Action:
    """Record a look at whether an action worked; what follows one that did not, its framework says.

    `instead` is what will be done in its place, where another action follows.
    """
    action = locked_action(action)
    rule, proof, look = _rule(action), proof_of(action), look_of(action)
    if action.state != Action.State.DONE or proof is None or look is None:
        raise Refused("There is nothing to verify now. The action's page says what comes next.")
    if not owes(look.clock, action.response, by, on=timezone.localdate(at)):
        raise Refused("Whether this action worked is said by those who have it in their tasks.")
    if not found.strip():
        raise Refused("Say what you looked at and what you found.")
    _must_be_time(action, looked_on, at)
    number, which = action.verifications.count() + 1, proof.looks().index(look) + 1
    then = OPENS_AGAIN if held else follows_failure(action)
    if then == ANOTHER:
        _must_say_what_else(instead, rule)
    Verification.objects.create(
        action=action,
        number=number,
        method=action.proof,
        look=which,
        looked_on=looked_on,
        held=held,
        found=found.strip(),
        audit=audit,
        verified_by=by,
        verified_at=at,
    )
    finish_tasks(about=about_action(action), by=by, at=at)
    more = proof.looks()[which:]
    action.state = rules.after_verification(held=held, more=bool(more), then=then)
    if held and more:
        _start(action, more[0].clock, at=action.done_at or at)
    elif held:
        action.verified_at = at
        _start(action, rule.closing, at=at)
        ask_before_closing(action, at=at)
    values: dict[str, object] = {
        "verification": number,
        "look": which,
        "held": held,
        "found": found.strip(),
        "looked on": looked_on.isoformat(),
    }
    if not held:
        values |= _follow(action, look, then, instead=instead.strip(), looked_on=looked_on, by=by, at=at)
    action.save(update_fields=VERIFIED_FIELDS)
    record("action.verify", about=about_action(action), by=by, at=at, values=values)
    return action


def _must_say_what_else(instead: str, rule: ActionRule) -> None:
    if not instead.strip():
        raise Refused("This action has not worked, so another one follows: say what will be done instead.")
    if len(instead) > LONGEST:
        raise Refused(f"Say what will be done instead in {LONGEST} characters or fewer.")
    if questions := rules.questions_about(instead, rule):
        raise Refused(f"{' '.join(questions)} Say again what will be done instead.")


def _follow(
    action: Action, look: Look, then: str, *, instead: str, looked_on: date, by: Person, at: datetime
) -> dict[str, object]:
    """What follows a look that did not hold; says it for the ledger. The caller saves the action."""
    day = f"{looked_on.day} {looked_on:%B}"
    found = f"has not worked yet, as was found on {day}"
    if then == LONGER and look.if_not is not None and look.if_not.clock is not None:
        owed_by = pack_of(action.version).clocks[look.clock].owed_by
        _start(action, look.if_not.clock, at=at, owed_by=owed_by)
        return {"then": then}
    if then == ANOTHER:
        action.closed_by, action.closed_at = by, at
        action.replaced_by = _another(action, instead, by=by, at=at)
        _owe(action.replaced_by, f"follows one that did not work, as was found on {day}", at=at)
        return {"then": then, "other action": action.replaced_by.public_id}
    action.done_by = action.done_at = None
    action.due_on = _due_on(action.response, action.severity, timezone.localdate(at))
    action.agreed_for = None
    task = _owe(action, found, at=at)
    if then == ASKED and look.if_not is not None and look.if_not.ladder is not None:
        begin_ladder(task, look.if_not.ladder, at=at)
    return {"then": then}


def _another(action: Action, text: str, *, by: Person, at: datetime) -> Action:
    """What is done instead: by the same person, with the same proof, in the time that its severity gives."""
    return Action.objects.create(
        response=action.response,
        version=action.version,
        unit=action.unit,
        text=text,
        owner=action.owner,
        due_on=_due_on(action.response, action.severity, timezone.localdate(at)),
        level=action.level,
        kind=action.kind,
        severity=action.severity,
        proof=action.proof,
        agreed_by=by,
        agreed_at=at,
    )


@transaction.atomic
def close_action(action: Action, *, by: Person, at: datetime, passing: str = "") -> Action:
    """Close an action: one with a proof only after a verification says that it worked.

    A gate of the framework that is shut keeps it open; `passing` says why it is closed nevertheless, by
    those who may.
    """
    action = locked_action(action)
    if action.state == Action.State.CLOSED:
        raise Refused("This action is closed already.")
    if not rules.may_close(action.state, proof=action.proof):
        said = "is not done yet" if action.state == Action.State.OPEN else "has not been shown to have worked"
        raise Refused(f"This action {said}, so it stays open.")
    on = timezone.localdate(at)
    shut = shut_gates(action, on=on)
    if not closes(action, by, on=on) and not may_pass(shut, action, by, on=on):
        raise Refused("This action is closed by those who have it in their tasks.")
    passed = _pass_gates(action, shut, because=passing.strip(), by=by, at=at)
    pass_closing_consents(action, at=at)
    action.state, action.closed_by, action.closed_at = rules.CLOSED, by, at
    action.save(update_fields=["state", "closed_by", "closed_at"])
    finish_tasks(about=about_action(action), by=by, at=at)
    record("action.close", about=about_action(action), by=by, at=at, values=passed)
    return action


def _pass_gates(
    action: Action, shut: list[Obstacle], *, because: str, by: Person, at: datetime
) -> dict[str, object]:
    """Refuse to close while a gate is shut, unless this person passes each for a reason, which is kept."""
    if not shut:
        return {}
    said = f"This action cannot be closed yet. {' '.join(one.sentence for one in shut)}"
    if not may_pass(shut, action, by, on=timezone.localdate(at)):
        raise Refused(said)
    if not because:
        raise Refused(f"{said} {NEVERTHELESS}")
    if len(because) > LONGEST:
        raise Refused(f"Say why in {LONGEST} characters or fewer.")
    for one in shut:
        ClosingPass.objects.create(action=action, gate=one.gate, because=because, passed_by=by, passed_at=at)
    return {"passed": {"gates": [one.gate for one in shut], "because": because}}


def earliest_look(action: Action) -> date | None:
    """The first day on which it can be told whether an action that is done has worked."""
    proof = look_of(action)
    if proof is None or proof.not_before is None or action.done_at is None:
        return None
    calendar = working_calendar(action.unit, on=timezone.localdate(action.done_at))
    return timezone.localdate(clocks.due(proof.not_before, action.done_at, calendar).at)


def _must_be_time(action: Action, looked_on: date, at: datetime) -> None:
    earliest = earliest_look(action)
    if looked_on > timezone.localdate(at):
        raise Refused("The day on which you looked lies ahead. Give the day itself.")
    if action.done_at is not None and looked_on < timezone.localdate(action.done_at):
        raise Refused("You looked before the action was done. Look again, then say what you found.")
    if earliest is not None and looked_on < earliest:
        raise Refused(
            f"It is too early to tell whether it worked: look on {earliest.day} {earliest:%B %Y} or later."
        )


def _rule(action: Action) -> ActionRule:
    rule = actions_rule(action.version)
    if rule is None:
        raise TypeError("A framework with actions has a rule for them.")
    return rule


def _due_on(response: Response, severity: str, on: date) -> date:
    rule = actions_rule(response.version)
    assert rule is not None
    calendar = working_calendar(response.unit, on=on)
    start = clocks.end_of(on)
    return timezone.localdate(clocks.due(rule.severities[severity].due_within, start, calendar).at)


def _owe(action: Action, event: str, *, at: datetime) -> Task:
    """The owner's task, due on the day agreed."""
    talk = discussion_of(action.response)
    return start_dated_task(
        kind=KIND,
        title="Do the action, and say that it is done",
        version=action.version,
        about=about_action(action),
        owner=owner_by(talk.clock, pack_of(action.version), action.owner),
        standing=standing_for(action.response),
        due=clocks.until(action.due_on, f"the action {event}, and is due"),
        at=at,
    )


def _start(action: Action, clock: str, *, at: datetime, owed_by: str = "") -> None:
    start_task(
        clock=clock,
        pack=pack_of(action.version),
        version=action.version,
        about=about_action(action),
        standing=standing_for(action.response),
        at=at,
        owed_by=owed_by,
    )
