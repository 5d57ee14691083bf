"""The files of an extract: checked, told from others, kept while they are needed, opened together."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings

from goldenthread.caseload.fields import Preset
from goldenthread.caseload.models import Extract
from goldenthread.caseload.presets import PRESETS
from goldenthread.people.spreadsheets.guards import check_file
from goldenthread.people.spreadsheets.tables import Table, opened
from goldenthread.rules.refusal import Refused


class File(NamedTuple):
    """A file to be read: where it lies, and the name that a person gave it."""

    path: Path
    name: str


def check_files(files: Sequence[File], preset: Preset) -> None:
    """Refuse files that are not safe to read, and more than one where the preset is one file."""
    if not files:
        raise Refused("Choose a file.")
    if len(files) > 1 and not preset.several:
        raise Refused(f"“{preset.title}” is one file. Choose the one to be loaded.")
    for file in files:
        try:
            check_file(file.path, file.name, xml=bool(preset.reader))
        except Refused as refusal:
            raise Refused(f"{file.name}: {refusal}" if len(files) > 1 else str(refusal)) from refusal


def digest_of_files(files: Sequence[File]) -> str:
    """The SHA-256 of a file or, of several, that of their digests in order: what stays when they are gone."""
    digests = []
    for file in files:
        with file.path.open("rb") as content:
            digests.append(hashlib.file_digest(content, "sha256").hexdigest())
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def name_of_files(names: Sequence[str]) -> str:
    """How the files of an extract are called together."""
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0][-(255 - len(more)) :] + more


def files_of(extract: Extract) -> list[File]:
    """Where the uploaded files lie while they are needed; of an extract that names none, its one file."""
    files = []
    for place, name in enumerate(extract.files or [extract.file_name]):
        number = f"-{place + 1}" if place else ""
        files.append(File(settings.UPLOADS / f"{extract.public_id}{number}{Path(name).suffix.lower()}", name))
    return files


def keep_files(extract: Extract, contents: Sequence[BinaryIO]) -> None:
    """Write uploaded files to where they lie until the extract is confirmed or abandoned."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, content in zip(files_of(extract), contents, strict=True):
        with file.path.open("xb") as kept:
            shutil.copyfileobj(content, kept)


def delete_files(extract: Extract) -> None:
    """Delete what was uploaded."""
    for file in files_of(extract):
        file.path.unlink(missing_ok=True)


@contextmanager
def tables_of(files: Sequence[File], preset: str) -> Iterator[list[Table]]:
    """The tables of all files together; of two with one name, the second is told by a number."""
    with ExitStack() as stack:
        tables: list[Table] = []
        for file in files:
            tables += stack.enter_context(opened(file.path, file.name, xml_reader=PRESETS[preset].reader))
        seen: Counter[str] = Counter()
        for table in tables:
            name = table.name
            seen[name] += 1
            if seen[name] > 1:
                table.name = f"{name} ({seen[name]})"
        yield tables
