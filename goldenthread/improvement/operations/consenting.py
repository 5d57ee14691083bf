"""Consents before an action is closed: asked once it could be closed but for them, given and withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from goldenthread.audits.consenting import Asking
from goldenthread.audits.models import Consent
from goldenthread.audits.operations.consenting import NOT_ASKED, ask, end_consents, give, take_back
from goldenthread.improvement.closing import askings_about
from goldenthread.improvement.models import Action
from goldenthread.improvement.queries import about_action, standing_for
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused


def ask_before_closing(action: Action, *, at: datetime) -> None:
    """Start the tasks of the consents without which the action cannot be closed, where it could be else."""
    for asking in askings_about(action):
        ask(asking, standing_for(action.response), at=at)


def pass_closing_consents(action: Action, *, at: datetime) -> None:
    """Note that the consents have done what they were given for, since the action is closed now."""
    for asking in askings_about(action):
        end_consents(asking, Consent.Ended.PASSED, at=at)


@transaction.atomic
def consent_to_closing(
    action: Action, gate: str, clock: str, *, by: Person, at: datetime, said: str = ""
) -> Consent:
    """Consent to closing an action, at one of the framework's gates before that."""
    action = locked_action(action)
    consent = give(_waiting(action, gate), clock, said=said, by=by, at=at)
    values = {"gate": gate, "as": consent.role, "asked": clock}
    values |= {"said": consent.said} if consent.said else {}
    record("action.give_consent", about=about_action(action), by=by, at=at, values=values)
    return consent


@transaction.atomic
def withdraw_consent_to_closing(action: Action, gate: str, *, by: Person, at: datetime) -> Consent:
    """Take back one's own consent while the action is not closed; it is asked for anew."""
    action = locked_action(action)
    asking = _waiting(action, gate)
    consent = take_back(asking, by=by, at=at)
    ask(asking, standing_for(action.response), at=at)
    values = {"gate": gate, "as": consent.role, "asked": consent.clock}
    record("action.withdraw_consent", about=about_action(action), by=by, at=at, values=values)
    return consent


def locked_action(action: Action) -> Action:
    """The action's row with what its rules ask, held until the transaction ends."""
    held: Action = _locking.get(action=action.pk)
    return held


def _to_lock(action: int) -> QuerySet[Action]:
    rows = Action.objects.select_for_update(of=("self",)).filter(pk=action)
    named = ("version", "unit", "owner", "response__version", "response__audit__version")
    texts = (f"{way}version__document" for way in ("", "response__", "response__audit__"))
    return rows.select_related(*named).defer(*texts)


_locking = Compiled(_to_lock, action=int)


def _waiting(action: Action, gate: str) -> Asking:
    found = next((one for one in askings_about(action) if one.gate == gate), None)
    if found is None:
        raise Refused(NOT_ASKED)
    return found
