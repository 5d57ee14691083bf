"""What climbs a ladder: safety alerts, disputes, private concerns and late work."""

from goldenthread.escalations.models.alerts import KIND, Alert, AlertQuerySet, Stage, StageQuerySet
from goldenthread.escalations.models.disputes import (
    Dispute,
    DisputePoint,
    DisputeQuerySet,
    DisputeStage,
    DisputeStageQuerySet,
)
from goldenthread.escalations.models.late import LateStage, LateStageQuerySet, LateWork, LateWorkQuerySet
from goldenthread.escalations.models.private import (
    PrivateConcern,
    PrivateConcernQuerySet,
    PrivateStage,
    PrivateStageQuerySet,
)

__all__ = [
    "KIND",
    "Alert",
    "AlertQuerySet",
    "Dispute",
    "DisputePoint",
    "DisputeQuerySet",
    "DisputeStage",
    "DisputeStageQuerySet",
    "LateStage",
    "LateStageQuerySet",
    "LateWork",
    "LateWorkQuerySet",
    "PrivateConcern",
    "PrivateConcernQuerySet",
    "PrivateStage",
    "PrivateStageQuerySet",
    "Stage",
    "StageQuerySet",
]
