"""The words of alerts, disputes and private concerns about one audit, which retention removes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.models import Model

from goldenthread.audits.models import Audit
from goldenthread.escalations.models import KIND, Alert, Dispute, DisputePoint, DisputeStage, Stage
from goldenthread.escalations.models.disputes import DISPUTE
from goldenthread.escalations.models.late import LATE, LateStage, LateWork
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
OF_LATE_WORK: Mapping[type[Model], tuple[str, ...]] = {LateStage: ("said",)}
"""What was replied about work that was late; the task that was owed says about which record."""
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


def blank_late_work(records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Remove what was replied about late work on these records; gives the records of that late work."""
    found: list[tuple[str, str]] = []
    for kind, public_id in records:
        late = LateWork.objects.filter(task__about_kind=kind, task__about_id=public_id)
        remove_words(LateStage.objects.filter(late__in=late), *OF_LATE_WORK[LateStage])
        found += [(LATE, one) for one in late.values_list("public_id", flat=True)]
    return found


def still_open(audits: Collection[Audit]) -> set[int]:
    """Which of these audits, by their keys, have an alert, a dispute or a private concern that still runs."""
    alerts = Alert.objects.filter(audit__in=audits, resolved_at=None)
    disputes = Dispute.objects.filter(audit__in=audits, ended_at=None)
    private = PrivateConcern.objects.filter(audit__in=audits, ended_at=None)
    running = (alerts, disputes, private)
    return {key for rows in running for key in rows.order_by().values_list("audit", flat=True) if key}
