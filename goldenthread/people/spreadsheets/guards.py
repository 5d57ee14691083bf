"""What is refused before a file is read: wrong kinds, files too large, and archives made to burst."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from pathlib import Path

from django.conf import settings

from goldenthread.rules.refusal import Refused

MEGABYTE = 1024 * 1024
MAX_EXPANDED = 200 * MEGABYTE
MAX_ENTRIES = 2_000
MAX_RATIO = 100  # of expanded to packed bytes, once an entry is larger than RATIO_FROM
RATIO_FROM = 100 * 1024
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
XML = ".xml"
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
BLOCK = 64 * 1024
NO_DOCTYPE = tuple("<!DOCTYPE".encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be"))

BURSTS = "The workbook expands to far more than a caseload or staff list holds, so it was not opened."
NOT_A_WORKBOOK = "The file is not an Excel workbook although its name says so. Save it from Excel as .xlsx."


def check_file(path: Path, name: str, *, xml: bool = False) -> str:
    """Refuse what is not safe to read; else say which kind it is: workbook, text or, where wanted, xml."""
    ending = Path(name).suffix.lower()
    if ending not in WORKBOOKS + TEXTS + ((XML,) if xml else ()):
        kinds = ".xml, .xlsx and .csv" if xml else ".xlsx and .csv"
        raise Refused(f"Golden Thread reads {kinds} files, not “{ending or 'a name without an ending'}”.")
    size = path.stat().st_size
    if size == 0:
        raise Refused("The file is empty.")
    if size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // MEGABYTE
        raise Refused(f"The file is larger than {limit} MB. Split it, or leave out columns.")
    with path.open("rb") as file:
        start = file.read(BLOCK)
    if start[:4] == OLD_EXCEL:
        raise Refused("The workbook has a password or an old format. Save it as .xlsx without a password.")
    if ending in WORKBOOKS:
        check_archive(path)
        return "workbook"
    if start[:4] == b"PK\x03\x04":
        raise Refused("The file is a workbook or an archive, not text. Name it .xlsx if Excel wrote it.")
    if xml and _begins_as_xml(start):
        return "xml"
    if ending == XML:
        raise Refused("The file is not XML although its name says so. Export it again.")
    return "text"


def _begins_as_xml(start: bytes) -> bool:
    """Whether a file's first mark that can be seen opens a tag, whatever its name and encoding."""
    for mark in MARKS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip().startswith(b"<")


def check_archive(path: Path, *, needs: str = "xl/workbook.xml") -> None:
    """Refuse an archive by its directory, and again while it is unpacked, since directories lie.

    `needs` is the part that every file of its kind has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, needs)
            _check_contents(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as fault:
        raise Refused(NOT_A_WORKBOOK) from fault


def _check_directory(archive: zipfile.ZipFile, needs: str) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refused(f"The workbook has more than {MAX_ENTRIES:,} parts, so it was not opened.")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise Refused(BURSTS)
    for entry in entries:
        _check_ratio(entry, entry.file_size)
    if needs not in {entry.filename for entry in entries}:
        raise Refused(NOT_A_WORKBOOK)


def _check_ratio(entry: zipfile.ZipInfo, expanded: int) -> None:
    if expanded > RATIO_FROM and expanded > MAX_RATIO * max(entry.compress_size, 1):
        raise Refused(BURSTS)


def _check_contents(archive: zipfile.ZipFile) -> None:
    """Unpack every part without keeping it: count its bytes, refuse XML that declares its own entities."""
    total = 0
    for entry in archive.infolist():
        size, tail = 0, b""
        with archive.open(entry) as part:
            while block := part.read(BLOCK):
                size += len(block)
                total += len(block)
                if total > MAX_EXPANDED:
                    raise Refused(BURSTS)
                _check_ratio(entry, size)
                if size <= BLOCK * 2 and any(mark in tail + block for mark in NO_DOCTYPE):
                    raise Refused(
                        "The workbook holds XML that declares its own entities, so it was not opened."
                    )
                tail = block[-32:]
