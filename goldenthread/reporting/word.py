"""A report as a Word document with real headings, table headings and its language set."""

from __future__ import annotations

from io import BytesIO

from goldenthread.reporting.blocks import Block, Chart, Quote, Report, Table, Words
from goldenthread.reporting.word_pages import Page
from goldenthread.rules.later import Later

docx, typst = Later("docx"), Later("typst")
PIXELS = 150
"""Pixels to the inch of a chart's picture."""


def word_of(report: Report) -> bytes:
    """The bytes of a .docx; each chart is a picture that says its numbers, before its table."""
    page = Page(report.title)
    page.heading(report.title, level=0)
    page.paragraph(report.subtitle)
    for chapter in report.chapters:
        page.heading(chapter.title, level=1)
        for block in chapter.blocks:
            _write(page, block)
    return page.content()


def _write(page: Page, block: Block) -> None:
    match block:
        case Words():
            page.paragraph(block.text)
        case Quote():
            page.bullet(f"{block.text} ({block.source})")
        case Table():
            _table(page, block)
        case Chart():
            _picture(page, block)


def _picture(page: Page, block: Chart) -> None:
    drawn = b"#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), width: 16cm)"
    png = typst.compile(drawn, format="png", ppi=PIXELS, sys_inputs={"svg": block.svg})
    shape = page.document.add_picture(BytesIO(png), width=docx.shared.Cm(16))
    shape._inline.docPr.set("descr", block.description)
    shape._inline.docPr.set("title", block.title)


def _table(page: Page, block: Table) -> None:
    if not block.rows:
        page.paragraph(block.empty)
        return
    page.heading(block.caption, level=2)
    page.table(
        [cell.text for cell in block.head],
        ([(cell.text, cell.numeric) for cell in row] for row in block.rows),
    )
    page.paragraph("")
