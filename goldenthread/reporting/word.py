"""A report as a Word document with real headings, table headings and its language set."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from goldenthread.reporting.blocks import Block, Chart, Quote, Report, Table, Words
from goldenthread.rules.later import Later

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

docx, typst = Later("docx"), Later("typst")
PIXELS = 150
"""Pixels to the inch of a chart's picture."""


def word_of(report: Report) -> bytes:
    """The bytes of a .docx; each chart is a picture that says its numbers, before its table."""
    document = docx.Document()
    document.core_properties.title = report.title
    document.core_properties.author = ""
    document.core_properties.language = "en-GB"
    base_style(document)
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.subtitle)
    for chapter in report.chapters:
        add_heading(document, chapter.title, level=1)
        for block in chapter.blocks:
            _write(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def base_style(document: WordDocument) -> None:
    """The look and the language that every Word document of ours has."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", docx.shared.Pt(11)
    language = docx.oxml.OxmlElement("w:lang")
    language.set(docx.oxml.ns.qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)


def add_heading(document: WordDocument, text: str, *, level: int) -> None:
    """A heading. The library's own way asks all styles for each one, which took half the time of a report."""
    heading = document.add_paragraph(text)
    heading.paragraph_format.element.style = f"Heading{level}"


def _write(document: WordDocument, block: Block) -> None:
    match block:
        case Words():
            document.add_paragraph(block.text)
        case Quote():
            document.add_paragraph(f"{block.text} ({block.source})", style="List Bullet")
        case Table():
            _table(document, block)
        case Chart():
            _picture(document, block)


def _picture(document: WordDocument, block: Chart) -> None:
    page = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), width: 16cm)"
    png = typst.compile(page, format="png", ppi=PIXELS, sys_inputs={"svg": block.svg})
    shape = document.add_picture(BytesIO(png), width=docx.shared.Cm(16))
    shape._inline.docPr.set("descr", block.description)
    shape._inline.docPr.set("title", block.title)


def _table(document: WordDocument, block: Table) -> None:
    if not block.rows:
        document.add_paragraph(block.empty)
        return
    add_heading(document, block.caption, level=2)
    table = document.add_table(rows=1, cols=len(block.head), style="Light Grid Accent 1")
    for cell, head in zip(table.rows[0].cells, block.head, strict=True):
        cell.text = head.text
    heading = docx.oxml.OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(heading)
    for row in block.rows:
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=True):
            cell.text = value.text
            if value.numeric:
                cell.paragraphs[0].alignment = docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()
