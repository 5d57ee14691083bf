"""A Word document as it is written: headings, paragraphs and tables, each in the least steps.

The library makes the document, its styles and its file. What every report repeats hundreds of times is put
into it element by element: the library's own ways ask the styles and the whole run anew for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from goldenthread.rules.later import Later

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

docx = Later("docx")
LOOK = "LightGrid-Accent1"
BULLET = "ListBullet"
TITLE = "Title"
HEADING = re.compile(r"Heading[1-9]")
NOT_OURS = ("/stylesWithEffects", "/thumbnail")
NAMES_ANOTHER = "w:basedOn/@w:val | w:next/@w:val | w:link/@w:val"
BROKEN = re.compile(r"[\t\r\n]")
"""Characters that become elements of their own within a run."""


@cache
def _blank() -> WordDocument:
    """The document that every one of ours begins as: its look, and its language; read and set once."""
    document = docx.Document()
    _leave_out_what_is_not_ours(document)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", docx.shared.Pt(11)
    language = docx.oxml.OxmlElement("w:lang")
    language.set(docx.oxml.ns.qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)
    return document


def _leave_out_what_is_not_ours(document: WordDocument) -> None:
    """Take out the styles that neither we nor one of ours names, their copy for Word 2010, and a picture.

    The library's blank document has 160 styles, twice, which would be nine tenths of a report, and a picture
    of a page that is not ours. Word knows its own styles by itself.
    """
    by_id = {style.style_id: style.element for style in document.styles}
    kept: set[str] = set()
    named = {key for key, element in by_id.items() if _is_ours(key, element)}
    named |= {*document.part.numbering_part.element.xpath("//w:pStyle/@w:val")}
    while named:
        kept |= named
        named = {other for key in named for other in by_id[key].xpath(NAMES_ANOTHER)} & by_id.keys() - kept
    for key in by_id.keys() - kept:
        by_id[key].getparent().remove(by_id[key])
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in rels.items() if one.reltype.endswith(NOT_OURS)]:
            del rels[key]


def _is_ours(key: str, element: Any) -> bool:
    is_default = element.get(docx.oxml.ns.qn("w:default")) == "1"
    return is_default or key in (LOOK, BULLET, TITLE) or HEADING.fullmatch(key) is not None


class Page:
    """One document while it is written."""

    def __init__(self, title: str) -> None:
        """Begin one with its title, which is also its first heading."""
        self.document: WordDocument = deepcopy(_blank())
        told = self.document.core_properties
        told.title, told.author, told.comments, told.language = title, "", "", "en-GB"
        self._end = self.document.element.body[-1]  # what says the paper; everything stands before it
        self._names: dict[str, str] = {}

    def heading(self, text: str, *, level: int) -> None:
        """A heading; level 0 is the title."""
        self._run(self._paragraph(f"Heading{level}" if level else TITLE), text)

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        self._run(self._paragraph(), text)

    def said(self, name: str, text: str) -> None:
        """A paragraph that begins with what it is, in bold."""
        paragraph = self._paragraph()
        self._run(paragraph, f"{name}: ", bold=True)
        self._run(paragraph, text)

    def bullet(self, text: str) -> None:
        """One of a list."""
        self._run(self._paragraph(BULLET), text)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[tuple[str, bool]]]) -> None:
        """A table with a heading row that is repeated on each page; each cell says whether it is a number."""
        table = self.document.add_table(rows=1, cols=len(head))._tbl
        table.tblStyle_val = LOOK
        first = table.tr_lst[0]
        pattern = deepcopy(first)
        for cell, text in zip(first.tc_lst, head, strict=True):
            self._run(cell[-1], text)
        first.get_or_add_trPr().append(docx.oxml.OxmlElement("w:tblHeader"))
        for row in rows:
            line = deepcopy(pattern)
            for cell, (text, is_number) in zip(line.iterchildren(self._name("tc")), row, strict=True):
                paragraph = cell[-1]
                if is_number:
                    self._set(self._add(self._add(paragraph, "pPr"), "jc"), "right")
                self._run(paragraph, text)
            table.append(line)

    def content(self) -> bytes:
        """The bytes of a .docx."""
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _paragraph(self, style: str = "") -> Any:
        paragraph = self._end.makeelement(self._name("p"))
        self._end.addprevious(paragraph)
        if style:
            self._set(self._add(self._add(paragraph, "pPr"), "pStyle"), style)
        return paragraph

    def _run(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        """Text at the end of a paragraph; line breaks and tabs are left to the library."""
        if not text:
            return
        run = self._add(paragraph, "r")
        if BROKEN.search(text):
            run.text = text
        else:
            words = self._add(run, "t")
            words.text = text
            if text != text.strip():
                words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if bold:
            run.insert(0, run.makeelement(self._name("rPr")))
            self._add(run[0], "b")

    def _add(self, parent: Any, name: str) -> Any:
        child = parent.makeelement(self._name(name))
        parent.append(child)
        return child

    def _set(self, element: Any, value: str) -> None:
        element.set(self._name("val"), value)

    def _name(self, name: str) -> str:
        """An element's or an attribute's whole name."""
        if name not in self._names:
            self._names[name] = docx.oxml.ns.qn(f"w:{name}")
        return self._names[name]
