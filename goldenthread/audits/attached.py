"""The files of answers: where they lie, what they were when they were attached, and how they go away."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from goldenthread.audits.models import AttachedFile, Audit
from goldenthread.ledger import stored
from goldenthread.ledger.blanking import REMOVED

FOLDER = "attached"
ATTACH = "audit.attach_files"
"""The event that names each file with its hash."""
REMOVE = "audit.remove_file"
"""The event that says that one was removed, and whether its content was deleted."""


def path_of_file(public_id: str) -> Path:
    """Where a file lies: in the data folder, under its id and nothing that anybody typed."""
    return Path(settings.UPLOADS) / FOLDER / public_id


def write_file(public_id: str, content: bytes) -> None:
    """Write a file for nobody else's eyes; it goes away again if the transaction around it fails."""
    path = path_of_file(public_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_file(file: AttachedFile) -> bytes | None:
    """The content of a file; None where it is gone, or is not what was attached."""
    try:
        content = path_of_file(file.public_id).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == file.sha256 else None


def delete_files(ids: Iterable[str]) -> None:
    """Delete files; one that is gone already is no fault."""
    for one in ids:
        path_of_file(one).unlink(missing_ok=True)


def remove_files_of(audit: Audit) -> None:
    """Delete the files of an audit and its returns once the transaction that says so is kept."""
    ids = list(AttachedFile.objects.filter(audit=audit).values_list("public_id", flat=True))
    transaction.on_commit(partial(delete_files, ids), robust=True)


def verify_files() -> tuple[int, str | None]:
    """How many files were compared with the ledger, and the first thing that is wrong, as a sentence."""
    count, known, removed = 0, set(), _removed_in_ledger()
    for position, public_id, digest in _in_ledger():
        known.add(public_id)
        count += 1
        if public_id in removed:
            if path_of_file(Path(public_id).name).exists():
                return (
                    count,
                    f"The file {public_id} was removed by event {removed[public_id]} and is still there.",
                )
        elif fault := _fault_of(public_id, digest):
            return count, f"The file {public_id} of event {position} {fault}."
    for public_id, name in AttachedFile.objects.values_list("public_id", "name").iterator():
        if name == REMOVED and path_of_file(public_id).exists():
            return count, f"The file {public_id} was to be removed under retention and is still there."
        if name != REMOVED and public_id not in known:
            return count, f"The file {public_id} is in the database and in no event."
    return count, None


def _in_ledger() -> Iterator[tuple[int, str, str]]:
    """Every file that an event names: the event's position, the file, its hash. A blanked one names none."""
    for position, values in stored.values_of(ATTACH):
        try:
            files = dict(json.loads(values)["files"])
        except (KeyError, TypeError, ValueError):
            continue
        for public_id, digest in files.items():
            yield position, str(public_id), str(digest)


def _removed_in_ledger() -> dict[str, int]:
    """The files whose content was deleted on their own, each with the event that says so."""
    found = {}
    for position, values in stored.values_of(REMOVE):
        try:
            said = json.loads(values)
            if said["deleted"] is True:
                found[str(said["file"])] = position
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _fault_of(public_id: str, digest: str) -> str:
    """What is wrong with one file, as the rest of a sentence; it is read piece by piece."""
    try:
        with path_of_file(Path(public_id).name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "is missing or cannot be read"
    return "" if found == digest else "was exchanged or altered: it is not what was attached"
