"""The only place that writes audits, by subject."""

from goldenthread.audits.operations.answering import (
    CLASH,
    LONGEST,
    Said,
    Stale,
    save_answer,
    save_first_answers,
    skip_section,
)
from goldenthread.audits.operations.conversing import arrange_conversation, record_conversation
from goldenthread.audits.operations.earlier import record_earlier_work
from goldenthread.audits.operations.extending import extend_audit
from goldenthread.audits.operations.finding import note_finding, take_back_finding
from goldenthread.audits.operations.judging import Judged, save_first_judgements, save_judgement
from goldenthread.audits.operations.replacing import replace_auditor
from goldenthread.audits.operations.sending import create_audit
from goldenthread.audits.operations.stepping import Incomplete, take_step

__all__ = [
    "CLASH",
    "LONGEST",
    "Incomplete",
    "Judged",
    "Said",
    "Stale",
    "arrange_conversation",
    "create_audit",
    "extend_audit",
    "note_finding",
    "record_conversation",
    "record_earlier_work",
    "replace_auditor",
    "save_answer",
    "save_first_answers",
    "save_first_judgements",
    "save_judgement",
    "skip_section",
    "take_back_finding",
    "take_step",
]
