"""Giving an action to somebody else, with a reason; both are told, and its day stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.improvement.models import Action, Handover
from goldenthread.improvement.operations.acting import KIND
from goldenthread.improvement.queries import about_action, may_give, possible_owners
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import hand_over_tasks, write_notices

LONGEST = 500
GIVEN = ("{reference}: an action is yours now", "What is to be done, by when, and why it came to you: {link}")
TAKEN = (
    "{reference}: an action of yours went to somebody else",
    "You need not do it any more. What is left for you to do is here: {link}",
)


@transaction.atomic
def give_action(action: Action, *, to: Person, because: str, by: Person, at: datetime) -> Action:
    """Give an action that is not done yet to another owner; the day by which it is due stays."""
    rows = Action.objects.select_for_update(of=("self",))
    named = ("version", "unit", "owner", "response__version", "response__audit__version")
    action = rows.select_related(*named).get(pk=action.pk)
    on = timezone.localdate(at)
    if action.state != Action.State.OPEN:
        raise Refused("This action is noted as done already, so it stays with whoever has done it.")
    if not may_give(action, by, on=on):
        raise Refused("An action is given to somebody else by those who may close it. Ask one of them.")
    if not because.strip():
        raise Refused("Say why somebody else does it now.")
    if len(because.strip()) > LONGEST:
        raise Refused(f"Say why in {LONGEST} characters or fewer.")
    if to == action.owner:
        raise Refused(f"This action is {to.name}'s already.")
    if to.pk not in {person.pk for person in possible_owners(action.response, on=on)}:
        raise Refused(f"{to.name} has no post in this team or above it. Choose somebody who has.")
    before, action.owner = action.owner, to
    action.save(update_fields=["owner"])
    hand_over_tasks(about=about_action(action), kinds=[KIND], from_=before, to=to, at=at)
    row = Handover.objects.create(
        action=action, given_from=before, given_to=to, because=because.strip(), given_by=by, given_at=at
    )
    _tell(action, row, GIVEN, to, f"/actions/{action.public_id}/", at=at)
    _tell(action, row, TAKEN, before, "/tasks/", at=at)
    values = {"from": before.public_id, "to": to.public_id, "because": row.because}
    record("action.give", about=about_action(action), by=by, at=at, values=values)
    return action


def _tell(
    action: Action, row: Handover, wording: tuple[str, str], person: Person, path: str, *, at: datetime
) -> None:
    """Whoever gave it up may see it no longer, so their notice leads to their own tasks."""
    write_notices(
        pack=None,
        notice=wording,
        about=about_action(action),
        path=path,
        people=[person],
        values={"reference": about_action(action)[2]},
        at=at,
        key=f"action:{action.public_id}:given:{row.pk}",
    )
