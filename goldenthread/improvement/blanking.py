"""The words of discussions and actions after one audit, which retention removes."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from goldenthread.audits.models import Audit
from goldenthread.improvement.models import (
    ACTION,
    RESPONSE,
    Action,
    ClosingPass,
    Discussion,
    Handover,
    Response,
    Verification,
)
from goldenthread.ledger.blanking import remove_words

WORDS: Mapping[type[Model], tuple[str, tuple[str, ...]]] = {
    Discussion: ("response__audit", ("present", "discussed", "good", "recorded_as", "missing")),
    Action: ("response__audit", ("text", "kept_because", "evidence")),
    Verification: ("action__response__audit", ("found",)),
    Handover: ("action__response__audit", ("because",)),
    ClosingPass: ("action__response__audit", ("because",)),
}


def blank_follow_up(audit: Audit) -> list[tuple[str, str]]:
    """Remove their words; gives the records whose events go with them."""
    for model, (path, fields) in WORDS.items():
        remove_words(model._base_manager.filter(**{path: audit}), *fields)
    responses = Response.objects.filter(audit=audit).values_list("public_id", flat=True)
    actions = Action.objects.filter(response__audit=audit).values_list("public_id", flat=True)
    return [*((RESPONSE, one) for one in responses), *((ACTION, one) for one in actions)]


def is_follow_up_open(audit: Audit) -> bool:
    """Whether a discussion or an action after the audit is still to be done."""
    waits = Response.objects.filter(audit=audit).exclude(state=Response.State.SETTLED)
    open_actions = Action.objects.filter(response__audit=audit).exclude(state=Action.State.CLOSED)
    return waits.exists() or open_actions.exists()
