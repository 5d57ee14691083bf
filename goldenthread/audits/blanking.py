"""The words of one audit, which retention removes; grades, dates, choices and counts stay.

Each runs within the operation of `governance`, whose event covers it.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Model

from goldenthread.audits.attached import remove_files_of
from goldenthread.audits.models import (
    Answer,
    AnswerVersion,
    AttachedFile,
    Audit,
    CaseNote,
    Consent,
    Conversation,
    EarlierWork,
    Extension,
    GatePass,
    Hold,
    Judgement,
    Moderation,
    ModerationGrade,
    Participant,
    QualityCheck,
    Return,
    Row,
)
from goldenthread.audits.queries import KIND
from goldenthread.audits.returns import KIND as RETURN
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.blanking import remove_words

WORDS: Mapping[type[Model], tuple[str, tuple[str, ...]]] = {
    Extension: ("audit", ("why",)),
    Participant: ("audit", ("why",)),
    Hold: ("audit", ("why",)),
    GatePass: ("audit", ("because",)),
    Consent: ("audit", ("said",)),
    Row: ("audit", ("name",)),
    Return: ("audit", ("given_by", "organisation", "why")),
    Answer: ("audit", ("evidence",)),
    AnswerVersion: ("answer__audit", ("evidence",)),
    Judgement: ("audit", ("why", "because")),
    Conversation: ("audit", ("place", "attended", "added")),
    QualityCheck: ("audit", ("points",)),
    EarlierWork: ("audit", ("strengths", "concerns")),
    AttachedFile: ("audit", ("name", "removed_because")),
    CaseNote: ("audit", ("title", "text", "alerted")),
    Moderation: ("audit", ("place", "feedback")),
    ModerationGrade: ("moderation__audit", ("why",)),
}
"""For each table the way to its audit, and the fields that hold words."""
IN_FORM: Mapping[type[Model], tuple[str, ...]] = {Answer: ("value",), AnswerVersion: ("value",)}
"""Fields that hold words where a question asks for words, people or files; choices, numbers, dates stay."""
WRITTEN = ("text", "long text", "person", "signature", "file")


def blank_audit_words(audit: Audit) -> list[tuple[str, str]]:
    """Remove the words and files of an audit and its returns; gives the records whose events go with them."""
    remove_files_of(audit)
    for model, (path, fields) in WORDS.items():
        remove_words(model._base_manager.filter(**{path: audit}), *fields)
    form = pack_of(audit.version).form_of(audit.audit_type)
    kept = [
        question.key
        for section in form.sections
        for question in section.questions
        if question.type not in WRITTEN
    ]
    for answers in (
        Answer.everywhere.filter(audit=audit).exclude(question__in=kept),
        AnswerVersion.objects.filter(answer__audit=audit).exclude(answer__question__in=kept),
    ):
        remove_words(answers, "value")
    returns = Return.objects.filter(audit=audit).values_list("public_id", flat=True)
    moderations = Moderation.objects.filter(audit=audit).values_list("public_id", flat=True)
    return [
        (KIND, audit.public_id),
        *((RETURN, one) for one in returns),
        *(("moderation", one) for one in moderations),
    ]
