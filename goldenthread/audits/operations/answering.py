"""Saving one answer with its history, over nothing unseen; and leaving out a section."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Answer, AnswerVersion, Audit, Return, Row
from goldenthread.audits.operations.attaching import Checked, Upload, checked, gone_if_not_saved, keep_files
from goldenthread.audits.operations.clocks import end_waiting
from goldenthread.audits.operations.completing import Hand, completed
from goldenthread.audits.operations.locking import (
    CLASH,
    LONGEST,
    REUSED,
    Stale,
    change,
    in_which,
    locked,
    must_edit,
    must_fit,
    standing_row,
)
from goldenthread.audits.operations.scoring import keep_scores
from goldenthread.audits.queries import about, holds_one_of
from goldenthread.audits.sheets import answers_in, form_for
from goldenthread.frameworks.queries import words_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.ledger.operations import Happening, record, record_many
from goldenthread.people.models import Person
from goldenthread.rules.answering import fault_of
from goldenthread.rules.forms import Form, Given, Question, Section
from goldenthread.rules.refusal import Refused

__all__ = [
    "CLASH",
    "LONGEST",
    "Stale",
    "Said",
    "attach_files",
    "save_answer",
    "save_first_answers",
    "skip_section",
]


class Said(NamedTuple):
    """One answer, and when it was given; in a section that repeats, `question` is the address in its row."""

    question: str
    given: Given
    at: datetime


@transaction.atomic
def save_answer(
    audit: Audit,
    question: str,
    given: Given,
    *,
    expected: int,
    by: Person,
    at: datetime,
    key: str = "",
    in_return: Return | None = None,
    files: Sequence[Checked] = (),
) -> int:
    """Save one answer over the version that the person saw, and return the version it now has.

    In a section that repeats, `question` is the address of the answer in its row.
    A save over another version changes nothing and raises `Stale` with what stands there. A resend of
    the same change (the same `key`, or the same words) is acknowledged and writes nothing. `in_return`
    saves it there; `files` come with it, as `attach_files` checked them.
    """
    audit = locked(audit)
    asked, row = _asked(audit, question, in_return)
    must_edit(audit, by, at, in_return)
    current = _current(audit, in_return, asked.key, row)
    is_seen = current is not None and expected == current.version
    given = completed(Hand(audit, by, at, in_return, files), asked, given, current, is_seen=is_seen)
    _must_be_answerable(audit, asked, given, by, at)
    if current is not None and key and (sent := current.versions.filter(key=key).first()):
        return _resent(sent, given)
    if current is not None and _is_same(current, given):
        return current.version
    if expected != (current.version if current else 0):
        raise Stale(current)
    if current is None and given.is_blank and not given.evidence:
        return 0
    before = current.version if current else 0
    fresh = Answer(audit=audit, in_return=in_return, question=asked.key, row=row)
    answer = _write(fresh, current, given, key=key, by=by, at=at)
    keep_scores(audit)
    if current is None and in_return is None:
        end_waiting(audit, asked.answered_by, by=by, at=at)
    values = _values(current, answer, before, given) | in_which(in_return)
    if files:
        keep_files(audit, in_return, files, by=by, at=at)
        values["files"] = {one.id: one.sha256 for one in files}
    record("audit.attach_files" if files else "audit.answer", about=about(audit), by=by, at=at, values=values)
    return answer.version


def _current(audit: Audit, in_return: Return | None, question: str, row: Row | None) -> Answer | None:
    """The answer that stands there, if there is one."""
    if in_return is None and row is None:
        own: Answer | None = _own_answer.first(audit=audit.pk, question=question)
        return own
    return answers_in(audit, in_return).filter(question=question, row=row).first()


_own_answer = Compiled(
    lambda audit, question: Answer.objects.filter(audit=audit, question=question, row=None),
    audit=int,
    question=str,
)


def attach_files(
    audit: Audit,
    question: str,
    given: Given,
    uploads: Sequence[Upload],
    *,
    expected: int,
    by: Person,
    at: datetime,
    in_return: Return | None = None,
) -> int:
    """Save an answer with the files that come with it: all of them together with the answer, or nothing."""
    if not uploads:
        return save_answer(audit, question, given, expected=expected, by=by, at=at, in_return=in_return)
    must_edit(audit, by, at, in_return)
    files = checked(_asked(audit, question, in_return)[0], uploads)
    with gone_if_not_saved(files):
        return save_answer(
            audit, question, given, expected=expected, by=by, at=at, in_return=in_return, files=files
        )


@transaction.atomic
def save_first_answers(audit: Audit, said: Sequence[Said], *, by: Person) -> None:
    """Save many answers to questions that have none yet, each at its own moment: all of them, or none.

    For histories that are made up (decision 9): it leaves the rows and events that `save_answer` would
    leave, one after the other.
    """
    audit = locked(audit)
    places = [_asked(audit, one.question) for one in said]
    said = [
        one._replace(given=completed(Hand(audit, by, one.at), asked, one.given, None))
        for one, (asked, _) in zip(said, places, strict=True)
    ]
    for one, (asked, _) in zip(said, places, strict=True):
        must_edit(audit, by, one.at)
        _must_be_answerable(audit, asked, one.given, by, one.at)
    given = [
        (one, asked.key, row)
        for one, (asked, row) in zip(said, places, strict=True)
        if not one.given.is_blank or one.given.evidence
    ]
    said = [one for one, _, _ in given]
    asked_of = {asked.key: asked.answered_by for asked, _ in places}
    for current in Answer.objects.filter(audit=audit, question__in={key for _, key, _ in given}):
        if any((current.question, current.row_id) == (key, row.pk if row else None) for _, key, row in given):
            raise Stale(current)
    columns = [_columns(one.given, by, one.at) for one in said]
    answers = Answer.objects.bulk_create(
        Answer(audit=audit, question=key, row=row, **now)
        for (_, key, row), now in zip(given, columns, strict=True)
    )
    AnswerVersion.objects.bulk_create(
        AnswerVersion(answer=answer, version=answer.version, **now)
        for answer, now in zip(answers, columns, strict=True)
    )
    keep_scores(audit)
    for whose, first in {asked_of[key]: one.at for one, key, _ in reversed(given)}.items():
        end_waiting(audit, whose, by=by, at=first)
    record_many(
        [
            Happening("audit.answer", about(audit), by, one.at, _values(None, answer, 0, one.given))
            for one, answer in zip(said, answers, strict=True)
        ]
    )


@transaction.atomic
def skip_section(
    audit: Audit,
    section: str,
    *,
    skip: bool,
    by: Person,
    at: datetime,
    in_return: Return | None = None,
) -> Audit:
    """Leave out a section that does not apply here with its parts, or take them up again.

    What was written in them stays.
    """
    audit = locked(audit)
    form = form_for(audit, in_return)
    found = form.section(section)
    if found is None:
        raise Refused("There is no such section in this form.")
    must_edit(audit, by, at, in_return)
    holder = in_return or audit
    if skip and not found.may_skip:
        raise Refused(
            f"“{found.title}” is part of every {words_of(audit.version)['audit']} and cannot be left out."
        )
    if skip == (section in holder.skipped_sections):
        return audit
    _must_stand_alone(form, found, holder.skipped_sections)
    before, meant = list(holder.skipped_sections), [section, *form.parts_of(section)]
    holder.skipped_sections = [one for one in before if one not in meant] + (meant if skip else [])
    holder.save(update_fields=["skipped_sections"])
    keep_scores(audit)
    record(
        "audit.skip_section" if skip else "audit.take_up_section",
        about=about(audit),
        by=by,
        at=at,
        values={"left out": change(before, holder.skipped_sections)} | in_which(in_return),
    )
    return audit


def _must_stand_alone(form: Form, section: Section, skipped: Sequence[str]) -> None:
    """Refused for a part of a section that is left out, with which it goes."""
    for above in form.holders(section):
        if above.key in skipped:
            raise Refused(
                f"“{section.title}” is a part of “{above.title}”, which is left out; take that one up again."
            )


def _asked(audit: Audit, place: str, in_return: Return | None = None) -> tuple[Question, Row | None]:
    """The question at an address, and its row where the section repeats."""
    found = form_for(audit, in_return).question_at(place)
    if found is None:
        raise Refused("There is no such question in this form.")
    question, key = found
    return question, standing_row(audit, key) if key else None


def _must_be_answerable(audit: Audit, question: Question, given: Given, by: Person, at: datetime) -> None:
    must_fit(*(given.value if isinstance(given.value, tuple) else (given.value,)), given.evidence)
    if fault := fault_of(question, given):
        raise Refused(fault)
    if question.answered_by and not holds_one_of(
        (question.answered_by,), audit, by, on=timezone.localdate(at)
    ):
        raise Refused(f"This question is for the {question.answered_by}.")


def _is_same(answer: Answer | AnswerVersion, given: Given) -> bool:
    return (answer.value, answer.instead, answer.evidence) == (_stored(given), given.instead, given.evidence)


def _stored(given: Given) -> str | list[str]:
    return list(given.value) if isinstance(given.value, tuple) else given.value


def _resent(sent: AnswerVersion, given: Given) -> int:
    """The version that this very change was saved as before; a key is not used for other words."""
    if _is_same(sent, given):
        return sent.version
    raise Refused(REUSED)


def _write(
    fresh: Answer, current: Answer | None, given: Given, *, key: str, by: Person, at: datetime
) -> Answer:
    """The answer, a fresh one if there is none yet, and its history row."""
    said = _columns(given, by, at)
    version = current.version + 1 if current else 1
    if current is None:
        answer = Answer.objects.create(
            audit=fresh.audit,
            in_return=fresh.in_return,
            question=fresh.question,
            row=fresh.row,
            **said,
        )
    else:
        Answer.everywhere.filter(pk=current.pk).update(version=version, **said)
        answer = Answer(pk=current.pk, question=fresh.question, row=fresh.row, version=version, **said)
    AnswerVersion.objects.create(answer=answer, version=version, key=key, **said)
    return answer


def _columns(given: Given, by: Person, at: datetime) -> dict[str, Any]:
    """What an answer and its history row both hold of one save."""
    told = {"value": _stored(given), "instead": given.instead, "evidence": given.evidence}
    return {**told, "saved_by": by, "saved_at": at}


def _values(current: Answer | None, answer: Answer, before: int, given: Given) -> dict[str, object]:
    """What the save changed, for the ledger."""
    was = (current.value, current.instead, current.evidence) if current else ("", "", "")
    now = (_stored(given), given.instead, given.evidence)
    changed = {
        name: change(old, new)
        for name, old, new in zip(("value", "instead", "evidence"), was, now, strict=True)
        if old != new
    }
    place = {"question": answer.question} | ({"row": answer.row.public_id} if answer.row else {})
    return {**place, "version": change(before, answer.version), **changed}
