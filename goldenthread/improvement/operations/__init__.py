"""The only place that writes what follows an audit."""

from goldenthread.improvement.operations.acting import (
    Agreed,
    close_action,
    finish_action,
    verify_action,
)
from goldenthread.improvement.operations.consenting import (
    consent_to_closing,
    withdraw_consent_to_closing,
)
from goldenthread.improvement.operations.giving import give_action
from goldenthread.improvement.operations.pausing import end_pause, pause_clocks, record_pause
from goldenthread.improvement.operations.responding import (
    begin_responses,
    check_discussion,
    escalate_missing,
    record_discussion,
)

__all__ = [
    "Agreed",
    "begin_responses",
    "check_discussion",
    "close_action",
    "consent_to_closing",
    "end_pause",
    "escalate_missing",
    "finish_action",
    "give_action",
    "pause_clocks",
    "record_discussion",
    "record_pause",
    "verify_action",
    "withdraw_consent_to_closing",
]
