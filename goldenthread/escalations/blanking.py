"""The words of alerts, disputes and private concerns about one audit, which retention removes."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from goldenthread.audits.models import Audit
from goldenthread.escalations.models import KIND, Alert, Dispute, DisputePoint, DisputeStage, Stage
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.escalations.models.private import PRIVATE, PrivateConcern, PrivateStage
from goldenthread.ledger.blanking import remove_words

WORDS: Mapping[type[Model], tuple[str, tuple[str, ...]]] = {
    Alert: ("audit", ("concern", "outcome")),
    Stage: ("alert__audit", ("said",)),
    Dispute: ("audit", ("because",)),
    DisputePoint: ("dispute__audit", ("reasons", "evidence")),
    DisputeStage: ("dispute__audit", ("attended", "discussed", "said", "amended", "replied")),
    PrivateConcern: ("audit", ("concern",)),
    PrivateStage: ("concern__audit", ("said",)),
}
OWN = ((KIND, Alert), (DISPUTE, Dispute), (PRIVATE, PrivateConcern))


def blank_escalations(audit: Audit) -> list[tuple[str, str]]:
    """Remove their words; gives the records whose events go with them."""
    for model, (path, fields) in WORDS.items():
        remove_words(model._base_manager.filter(**{path: audit}), *fields)
    return [
        (kind, public_id)
        for kind, model in OWN
        for public_id in model._base_manager.filter(audit=audit).values_list("public_id", flat=True)
    ]


def is_something_open(audit: Audit) -> bool:
    """Whether an alert, a dispute or a private concern about the audit still runs."""
    return (
        Alert.objects.filter(audit=audit, resolved_at=None).exists()
        or Dispute.objects.filter(audit=audit, ended_at=None).exists()
        or PrivateConcern.objects.filter(audit=audit, ended_at=None).exists()
    )
