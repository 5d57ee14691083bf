"""What there is beside an audit's own form: most audits have little of it, so its page asks that first."""

from __future__ import annotations

from django.db.models import Exists

from goldenthread.audits.models import Audit, Conversation, EarlierWork, Extension, Hold, QualityCheck
from goldenthread.escalations.models import Alert, Dispute
from goldenthread.improvement.models import Response

BESIDE = {
    "alerts": Alert,
    "checks": QualityCheck,
    "conversation": Conversation,
    "disputes": Dispute,
    "earlier work": EarlierWork,
    "extensions": Extension,
    "follow-up": Response,
    "holds": Hold,
}


def beside(audit: Audit) -> frozenset[str]:
    """Which of these there is any of, whoever may see it; what one may see of it is for its own query."""
    asked = (Exists(model._default_manager.filter(audit=audit)) for model in BESIDE.values())
    found = Audit.objects.filter(pk=audit.pk).values_list(*asked).get()
    return frozenset(name for name, there_is in zip(BESIDE, found, strict=True) if there_is)
