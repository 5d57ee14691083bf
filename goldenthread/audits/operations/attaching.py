"""The files that come with an answer: checked by their content, and kept together with the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings

from goldenthread.audits.attached import delete_files, write_file
from goldenthread.audits.models import AttachedFile, Audit, Return
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person
from goldenthread.rules.attachments import clean_name, fault_of_content, fault_of_size
from goldenthread.rules.forms import Question
from goldenthread.rules.refusal import Refused


class Upload(Protocol):
    """A file as it was sent: its name, its size in bytes, and its content."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def read(self) -> bytes: ...


@dataclass(frozen=True)
class Checked:
    """A file that may be attached."""

    id: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked(question: Question, uploads: Sequence[Upload]) -> list[Checked]:
    """The files, each with an id; `Refused` if the question does not take one of them."""
    if uploads and not question.takes_files:
        raise Refused("This question takes no files.")
    rule, found = question.taking, []
    if len(uploads) > rule.at_most:
        raise Refused(f"This question takes {question.limits[0].lower()}{question.limits[1:]}")
    for one in uploads:
        name = clean_name(one.name or "")
        limit = min(rule.megabytes, settings.ATTACHED_MEGABYTES)
        if fault := fault_of_size(name, one.size or 0, limit):
            raise Refused(fault)
        content = one.read()
        if fault := fault_of_size(name, len(content), limit) or fault_of_content(name, content, rule):
            raise Refused(fault)
        found.append(Checked(new_id(), name, content))
    return found


def keep_files(
    audit: Audit, in_return: Return | None, files: Sequence[Checked], *, by: Person, at: datetime
) -> None:
    """Write the files and what is known of them, within the save of the answer that names them."""
    for one in files:
        AttachedFile.objects.create(
            public_id=one.id,
            audit=audit,
            in_return=in_return,
            name=one.name,
            size=len(one.content),
            sha256=one.sha256,
            attached_by=by,
            attached_at=at,
        )
        write_file(one.id, one.content)


@contextmanager
def gone_if_not_saved(files: Sequence[Checked]) -> Iterator[None]:
    """Around a whole transaction: where it fails, nothing of the files stays."""
    try:
        yield
    except BaseException:
        delete_files(one.id for one in files)
        raise
