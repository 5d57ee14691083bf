"""The only place that writes what follows an audit."""

from goldenthread.improvement.operations.acting import (
    Agreed,
    close_action,
    finish_action,
    verify_action,
)
from goldenthread.improvement.operations.giving import give_action
from goldenthread.improvement.operations.pausing import pause_clocks
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
    "escalate_missing",
    "finish_action",
    "give_action",
    "pause_clocks",
    "record_discussion",
    "verify_action",
]
