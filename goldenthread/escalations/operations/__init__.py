"""The only place that writes what climbs a ladder: safety alerts, disputes, private concerns, late work."""

from goldenthread.escalations.operations.alerts import (
    ANSWER,
    TO_READ,
    answer_alert,
    escalate_alerts,
    key_of,
    raise_alert,
    reference_of,
)
from goldenthread.escalations.operations.disputes import (
    Point,
    escalate_disputes,
    raise_dispute,
    reply_to_answer,
    withdraw_dispute,
)
from goldenthread.escalations.operations.late import begin_ladder, escalate_late_work, reply_about_late_work
from goldenthread.escalations.operations.private import (
    answer_private_concern,
    escalate_private_concerns,
    raise_private_concern,
)
from goldenthread.escalations.operations.settling import answer_dispute, record_dispute_meeting

__all__ = [
    "ANSWER",
    "TO_READ",
    "Point",
    "answer_alert",
    "answer_dispute",
    "answer_private_concern",
    "escalate_alerts",
    "escalate_disputes",
    "begin_ladder",
    "escalate_late_work",
    "escalate_private_concerns",
    "key_of",
    "raise_alert",
    "raise_dispute",
    "raise_private_concern",
    "record_dispute_meeting",
    "reference_of",
    "reply_about_late_work",
    "reply_to_answer",
    "withdraw_dispute",
]
