"""Audits and all that they hold: answers, judgements, returns of others, moderation."""

from goldenthread.audits.models.answers import Answer, AnswerQuerySet, AnswerVersion, AttachedFile
from goldenthread.audits.models.audit import (
    SEE_AUDITS,
    SEE_REPORTS,
    Audit,
    AuditQuerySet,
    Extension,
    GatePass,
    Hold,
    HoldQuerySet,
    Participant,
    by_post,
    kept_closed,
    may_be_open,
    not_blind,
)
from goldenthread.audits.models.consents import Closure, Consent, ConsentQuerySet
from goldenthread.audits.models.judgements import (
    CaseNote,
    Conversation,
    EarlierWork,
    Judgement,
    JudgementQuerySet,
    QualityCheck,
)
from goldenthread.audits.models.moderation import (
    Moderation,
    ModerationDraw,
    ModerationGrade,
    ModerationQuerySet,
)
from goldenthread.audits.models.returns import OfTheAudit, Return, Row, RowQuerySet
from goldenthread.audits.models.scores import KeptScore, thousandths_of, value_of

__all__ = [
    "Answer",
    "AnswerQuerySet",
    "AnswerVersion",
    "AttachedFile",
    "Audit",
    "AuditQuerySet",
    "CaseNote",
    "Closure",
    "Consent",
    "ConsentQuerySet",
    "Conversation",
    "EarlierWork",
    "Extension",
    "GatePass",
    "Hold",
    "HoldQuerySet",
    "Judgement",
    "JudgementQuerySet",
    "KeptScore",
    "Moderation",
    "ModerationDraw",
    "ModerationGrade",
    "ModerationQuerySet",
    "OfTheAudit",
    "Participant",
    "QualityCheck",
    "Return",
    "Row",
    "RowQuerySet",
    "SEE_AUDITS",
    "SEE_REPORTS",
    "by_post",
    "kept_closed",
    "may_be_open",
    "not_blind",
    "thousandths_of",
    "value_of",
]
