"""Removing a file that was attached by mistake: from its answers, their versions, and the disk."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.attached import delete_files
from goldenthread.audits.models import Answer, AnswerVersion, AttachedFile, Audit
from goldenthread.audits.operations import keep_scores
from goldenthread.audits.operations.locking import locked
from goldenthread.audits.queries import about, flow_of, may_edit
from goldenthread.audits.returns import may_fill
from goldenthread.caseload.models import Subject
from goldenthread.governance.models import LegalHold, kept_by
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.attachments import REMOVED_FILE, without
from goldenthread.rules.refusal import Refused

LONGEST = 300


def may_remove_file(file: AttachedFile, person: Person, *, on: date) -> bool:
    """Whether this person may remove it now: while its answer is open whoever attached it or may change the
    answer, and always whoever keeps and removes the records of the audit."""
    if file.removed_at is not None or file.audit.blanked_at is not None:
        return False
    if kept_by(person, on=on).filter(pk=file.audit_id).exists():
        return True
    if not _is_open(file):
        return False
    if file.in_return is not None:
        return may_fill(file.in_return, person, on=on)
    return file.attached_by_id == person.pk or may_edit(file.audit, person, on=on)


def may_remove_files(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether this person may remove the files of the audit's own answers, whoever attached them."""
    if audit.blanked_at is not None:
        return False
    return may_edit(audit, person, on=on) or kept_by(person, on=on).filter(pk=audit.pk).exists()


@transaction.atomic
def remove_file(file: AttachedFile, *, because: str, by: Person, at: datetime) -> bool:
    """Remove a file: nobody can open it any more, its name goes, and the ledger keeps that it was there.

    An answer that is still open no longer names it; in one that was handed in stands that a file was removed.
    Gives whether the content is deleted too: under a legal hold it is kept where nobody reaches it.
    """
    Subject.objects.select_for_update().get(pk=file.audit.subject_id)  # so that no hold comes between
    audit = locked(file.audit, "unit", "auditor", "practitioner", "subject")
    file = AttachedFile.objects.select_related("in_return").get(pk=file.pk)
    file.audit = audit
    if not may_remove_file(file, by, on=timezone.localdate(at)):
        raise Refused("This file was removed already, or is no longer yours to remove.")
    because = _fitting(because)
    is_open, is_held = _is_open(file), LegalHold.objects.standing().over(audit).exists()
    question = _forget_in_answers(file, is_open=is_open, by=by, at=at)
    keep_scores(audit)
    file.name, file.removed_because, file.removed_by, file.removed_at = REMOVED_FILE, because, by, at
    file.save(update_fields=["name", "removed_because", "removed_by", "removed_at"])
    if not is_held:
        transaction.on_commit(partial(delete_files, [file.public_id]), robust=True)
    values = {"file": file.public_id, "deleted": not is_held, "because": because, **question}
    record("audit.remove_file", about=about(audit), by=by, at=at, values=values)
    return not is_held


def _is_open(file: AttachedFile) -> bool:
    """Whether the answer that the file belongs to has not been handed in."""
    if file.in_return is not None:
        return file.in_return.is_open
    return bool(flow_of(file.audit).states[file.audit.state].edited_by)


def _forget_in_answers(file: AttachedFile, *, is_open: bool, by: Person, at: datetime) -> dict[str, str]:
    """Take the name out of every version, the file out of an open answer; gives which question it was."""
    answers = Answer.everywhere.filter(audit=file.audit, in_return=file.in_return)
    versions = AnswerVersion.objects.filter(answer__in=answers).select_related("answer")
    known: dict[str, str] = {}
    kept: list[Answer | AnswerVersion] = [*versions, *answers]
    for one in kept:
        if without(one.value, file.public_id) == one.value:
            continue
        answer = one if isinstance(one, Answer) else one.answer
        known = {"question": answer.question}
        if isinstance(one, Answer) and is_open:
            _save_without(answer, file.public_id, by=by, at=at)
        else:
            one.value = without(one.value, file.public_id, leaving=REMOVED_FILE)
            one.save(update_fields=["value"])
    return known


def _save_without(answer: Answer, file: str, *, by: Person, at: datetime) -> None:
    """Save the next version of an answer, without the file."""
    answer.value, answer.version = without(answer.value, file), answer.version + 1
    answer.saved_by, answer.saved_at = by, at
    answer.save(update_fields=["value", "version", "saved_by", "saved_at"])
    said = {"value": answer.value, "instead": answer.instead, "evidence": answer.evidence}
    AnswerVersion.objects.create(answer=answer, version=answer.version, saved_by=by, saved_at=at, **said)


def _fitting(because: str) -> str:
    because = because.strip()
    if not because:
        raise Refused("Say why the file is removed.")
    if len(because) > LONGEST:
        raise Refused(f"Shorten the reason to {LONGEST} characters; it has {len(because)}.")
    return because
