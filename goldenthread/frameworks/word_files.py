"""Opens a Word document that somebody hands in as paragraphs and rows of tables, if it is safe to."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from goldenthread.people.spreadsheets.guards import check_archive
from goldenthread.rules.form_formats.tools import Block
from goldenthread.rules.refusal import Refused

DOCUMENT = "word/document.xml"
LARGEST = 50 * 1024 * 1024
DEEPEST = 100
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADINGS = ("heading", "title", "subtitle", "berschrift")
NOT_READABLE = "The Word document could not be read. Open it in Word, save it as .docx and try again."


def is_word(path: Path) -> bool:
    """Whether an archive is a Word document."""
    try:
        with zipfile.ZipFile(path) as archive:
            return DOCUMENT in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def blocks_of(path: Path) -> list[Block]:
    """Paragraphs and rows in their order; nothing that lies outside the file is ever asked for."""
    check_archive(path, needs=DOCUMENT)
    with zipfile.ZipFile(path) as archive:
        if archive.getinfo(DOCUMENT).file_size > LARGEST:
            raise Refused("The Word document is far larger than an audit tool, so it was not read.")
        content = archive.read(DOCUMENT)
    try:
        body = fromstring(content, forbid_dtd=True).find(f"{W}body")
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as fault:
        raise Refused(NOT_READABLE) from fault
    if body is None:
        raise Refused(NOT_READABLE)
    _check_depth(body)
    reader = _Reader()
    return list(reader.blocks(body))


def _check_depth(body: Any) -> None:
    """Refuse tables within tables beyond any sense, which would be read over and over."""
    level = [body]
    for _ in range(DEEPEST):
        level = [inner for element in level for inner in element]
        if not level:
            return
    raise Refused("The parts of the Word document lie deeper within each other than those of an audit tool.")


@dataclass
class _Reader:
    """Counts paragraphs and tables on the way down."""

    paragraphs: int = 0
    tables: int = 0
    numbered: dict[str, int] = field(default_factory=dict)

    def blocks(self, body: Any) -> Iterator[Block]:
        for element in body:
            if element.tag == f"{W}p":
                self.paragraphs += 1
                text = _text(element)
                if text:
                    yield Block(
                        f"paragraph {self.paragraphs}", (_listed(element, text),), _is_heading(element)
                    )
            elif element.tag == f"{W}tbl":
                self.tables += 1
                yield from self._rows(element)
            elif element.tag == f"{W}sdt":
                yield from self.blocks(element.find(f"{W}sdtContent") or ())

    def _rows(self, table: Any) -> Iterator[Block]:
        number = self.tables
        for row, element in enumerate(table.findall(f"{W}tr"), 1):
            cells = list(element.iter(f"{W}tc"))
            texts = tuple("\n".join(filter(None, map(_text, cell.iter(f"{W}p")))) for cell in cells)
            paragraphs = [one for cell in cells for one in cell.iter(f"{W}p") if _text(one)]
            heading = bool(paragraphs) and all(_is_heading(one) for one in paragraphs)
            yield Block(f"table {number}, row {row}", texts, heading and _count(texts) == 1, number)


def _count(texts: tuple[str, ...]) -> int:
    return len({text for text in texts if text})


def _text(paragraph: Any) -> str:
    """The words of a paragraph as they stand after changes; what was deleted is not among them."""
    words = []
    for element in paragraph.iter():
        if element.tag == f"{W}t":
            words.append(element.text or "")
        elif element.tag in (f"{W}tab", f"{W}br"):
            words.append(" ")
    return " ".join("".join(words).split())


def _listed(paragraph: Any, text: str) -> str:
    """The text with a number before it, where Word numbers the paragraph by itself."""
    is_numbered = paragraph.find(f"{W}pPr/{W}numPr") is not None and not _is_heading(paragraph)
    return f"1. {text}" if is_numbered else text


def _is_heading(paragraph: Any) -> bool:
    """Whether it has a heading's style, or is set in bold throughout."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    if style is not None and any(one in str(style.get(f"{W}val", "")).lower() for one in HEADINGS):
        return True
    runs = [run for run in paragraph.iter(f"{W}r") if any((t.text or "").strip() for t in run.iter(f"{W}t"))]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{W}rPr/{W}b")
    return bold is not None and bold.get(f"{W}val", "1") not in ("0", "false", "none", "off")
