"""The words of discussions and actions after one audit, which retention removes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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


def still_followed(audits: Collection[Audit]) -> set[int]:
    """After which of these audits, by their keys, a discussion or an action is still to be done."""
    waits = Response.objects.filter(audit__in=audits).exclude(state=Response.State.SETTLED)
    actions = Action.objects.filter(response__audit__in=audits).exclude(state=Action.State.CLOSED)
    return {
        *waits.order_by().values_list("audit", flat=True),
        *actions.order_by().values_list("response__audit", flat=True),
    }
