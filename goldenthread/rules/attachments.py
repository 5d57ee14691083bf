"""Files that are attached to an answer: how many, how large, of which kinds; a kind is known by content."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Literal, NamedTuple

from pydantic import Field

from goldenthread.rules.calendars import in_words
from goldenthread.rules.parts import Part

FILE = "file"
MEGABYTE = 1024 * 1024
LONGEST_NAME = 150
MOST_MEGABYTES = 100
MOST_ENTRIES = 5_000
FileKind = Literal["PDF", "picture", "Word document", "spreadsheet", "text", "sound"]
NAMED: dict[str, str] = {
    "PDF": "PDF files",
    "picture": "pictures",
    "Word document": "Word documents",
    "spreadsheet": "spreadsheets",
    "text": "plain texts",
    "sound": "sound recordings",
}
KINDS: dict[str, tuple[str, str]] = {
    ".pdf": ("PDF", "application/pdf"),
    ".png": ("picture", "image/png"),
    ".jpg": ("picture", "image/jpeg"),
    ".jpeg": ("picture", "image/jpeg"),
    ".docx": ("Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": ("text", "text/csv"),
    ".txt": ("text", "text/plain"),
    ".mp3": ("sound", "audio/mpeg"),
    ".m4a": ("sound", "audio/mp4"),
    ".ogg": ("sound", "audio/ogg"),
    ".wav": ("sound", "audio/wav"),
}
"""The endings that a file's name may have, each with its kind and what other programs call it."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
REMOVED_FILE = "a file that was removed"
"""Stands for the name of a file that was attached by mistake; it has no ending, as every name taken has."""
NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Files(Part):
    """How many files an answer takes, how large each may be, and of which kinds.

    The installation may allow less than the framework.
    """

    at_most: int = Field(default=5, ge=1, le=20)
    """The most files."""
    megabytes: int = Field(default=10, ge=1, le=MOST_MEGABYTES)
    """The largest size of each, in megabytes."""
    kinds: tuple[FileKind, ...] = ()
    """The kinds taken; every kind unless said."""

    @property
    def words(self) -> str:
        """The limits as a sentence."""
        number = "1 file" if self.at_most == 1 else f"Up to {self.at_most} files"
        each = "" if self.at_most == 1 else " each"
        kinds = in_words(NAMED[kind] for kind in self.kinds or NAMED)
        return f"{number} of at most {self.megabytes} MB{each}: {kinds}."


class Attached(NamedTuple):
    """A file as an answer holds it: its opaque id and its name."""

    id: str
    name: str

    @property
    def is_removed(self) -> bool:
        """Whether only that it was there is left of it."""
        return self.name == REMOVED_FILE


def entry(file: Attached) -> str:
    """What stands in an answer for a file; an id holds no space."""
    return f"{file.id} {file.name}"


def attached(value: str | Sequence[str]) -> list[Attached]:
    """The files of a stored answer; none where their names were removed."""
    if isinstance(value, str):
        return []
    return [Attached(*one.split(" ", 1)) for one in value if " " in one]


def file_words(value: str | Sequence[str]) -> str:
    """The files as people read them: their names."""
    return value if isinstance(value, str) else ", ".join(file.name for file in attached(value))


def without(value: str | Sequence[str], file: str, *, leaving: str = "") -> str | list[str]:
    """A stored answer without one of its files, by id; or with something else in the place of its name."""
    if isinstance(value, str):
        return value
    place = [entry(Attached(file, leaving))] if leaving else []
    found = chain.from_iterable(place if one.split(" ", 1)[0] == file else [one] for one in value)
    return list(found) or ""


def content_type(name: str) -> str:
    """What other programs call the kind of a file that was taken under this name."""
    return KINDS.get(_ending(name), ("", "application/octet-stream"))[1]


def clean_name(name: str) -> str:
    """The name without its folders and without what cannot be seen, its ending kept if it is too long."""
    name = " ".join(UNSEEN.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).split()) or "file"
    ending = _ending(name) if len(_ending(name)) < LONGEST_NAME else ""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending


def fault_of_size(name: str, size: int, limit: int) -> str | None:
    """What is wrong with the size of a file, as a sentence; `limit` is in megabytes."""
    if size == 0:
        return f"“{name}” is empty. Choose another file."
    if size > limit * MEGABYTE:
        return f"“{name}” is larger than {limit} MB. Choose a smaller file."
    return None


def fault_of_content(name: str, content: bytes, files: Files) -> str | None:
    """What is wrong with a file, as a sentence: a kind that is not taken, or a name that says another."""
    kind = kind_of(content)
    said = KINDS.get(_ending(name), ("", ""))[0]
    taken: tuple[str, ...] = files.kinds or tuple(NAMED)
    if kind is None or kind not in taken or not said:
        return f"“{name}” is not of a kind that is taken here: {in_words(NAMED[one] for one in taken)}."
    if kind != said:
        return f"“{name}” is not what its name says. Give it the name under which it was made, and try again."
    return None


def fault_of_files(value: str | Sequence[str], files: Files) -> str | None:
    """What is wrong with the files of an answer together, as a sentence."""
    found = attached(value)
    if isinstance(value, str) or len(found) != len(value):
        return "Choose files to attach."
    if len(found) > files.at_most:
        most = "1 file" if files.at_most == 1 else f"{files.at_most} files"
        return f"This question takes {most} at most; these would be {len(found)}. Take some out."
    return None


def kind_of(content: bytes) -> str | None:
    """The kind of a file by its content alone; None if it is none that is known, or holds macros."""
    return next((kind for kind, is_one in BY_CONTENT if is_one(content)), None)


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(marks)


def _is_sound(content: bytes) -> bool:
    if content[:4] == b"RIFF":
        return content[8:12] == b"WAVE"
    if content[4:8] == b"ftyp":
        return content[8:11] == b"M4A"
    return (
        content[:3] == b"ID3"
        or content[:4] == b"OggS"
        or content[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
    )


def _holds(part: str) -> Callable[[bytes], bool]:
    """Whether a file is an Office document with this part, and without macros; nothing is expanded."""

    def is_one(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, UnicodeError):
            return False
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return {"[Content_Types].xml", part} <= names and not macros and len(names) <= MOST_ENTRIES

    return is_one


def _is_text(content: bytes) -> bool:
    try:
        return NOT_TEXT.search(content.decode("utf-8-sig")) is None
    except UnicodeDecodeError:
        return False


BY_CONTENT: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("PDF", _begins(b"%PDF-")),
    ("picture", _begins(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")),
    ("Word document", _holds("word/document.xml")),
    ("spreadsheet", _holds("xl/workbook.xml")),
    ("sound", _is_sound),
    ("text", _is_text),
)


def _ending(name: str) -> str:
    _, dot, ending = name.rpartition(".")
    return f"{dot}{ending}".lower() if dot else ""
