"""The report of one audit as a Word document and as a tagged PDF (PDF/UA)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldenthread.reporting.audit_report import AuditReport, Chapter, Grade, Noted
from goldenthread.reporting.word import add_heading, base_style
from goldenthread.rules.later import Later
from goldenthread.rules.refusal import Refused

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

docx, typst = Later("docx"), Later("typst")
TEMPLATES = Path(__file__).resolve().parent / "templates"
DRAFT = "This report is not final. Its {grades} may change."
MOST = 400_000
"""Characters that a PDF is made of while its reader waits: well under two seconds."""
CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
UNUSUAL = re.compile(r"[^\t\n\r -\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2026\u20ac\u2122]")


class TooLong(Refused):
    """A report that would keep its reader waiting."""


def pdf_of(report: AuditReport, *, at: datetime) -> bytes:
    """The report as PDF/UA-1; typst refuses to make one that lacks its tags, language or title.

    Characters that its own fonts cannot show are put as “□”, since PDF/UA forbids unreadable ones.
    """
    words = json.dumps(_plain_throughout(asdict(report)), ensure_ascii=False)
    draft = DRAFT.format_map(report.words)
    if len(words) > MOST:
        raise TooLong("This report is too long to be made into a PDF here. Use the Word document instead.")
    try:
        return _compiled(words, draft, at)
    except typst.TypstError as fault:
        if "could not be displayed" not in str(fault):
            raise
        return _compiled(UNUSUAL.sub("□", words), draft, at)


def _compiled(words: str, draft: str, at: datetime) -> bytes:
    """The PDF, made from our own template and fonts alone, the same each time."""
    return typst.compile(
        str(TEMPLATES / "audit_report.typ"),
        root=str(TEMPLATES),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
        sys_inputs={"report": words, "draft": draft},
    )


def word_of(report: AuditReport) -> bytes:
    """The report as a .docx with real headings, table headings, its language and its title."""
    document, words = docx.Document(), report.words
    document.core_properties.title = report.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = "en-GB"
    base_style(document)
    document.add_heading(_plain(report.title), level=0)
    if not report.is_final:
        document.add_paragraph(DRAFT.format_map(words))
    _table(document, f"About this {words['audit']}", ("What", "Detail"), report.facts)
    _grading(document, report)
    _noted(document, words["Good_practice"], report.good_practice)
    _noted(document, words["Areas_to_improve"], report.to_improve)
    if report.conversation:
        add_heading(document, f"The {words['conversation']}", level=1)
        for name, said in report.conversation:
            _said(document, name, said)
    if report.disputes:
        add_heading(document, "Disputes", level=1)
        for name, said in report.disputes:
            _said(document, name, said)
    for chapter in report.chapters:
        _chapter(document, chapter, words)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _grading(document: WordDocument, report: AuditReport) -> None:
    rows = [(label, *grades) for label, grades in report.grades]
    if rows:
        _table(document, report.words["Grades"], (report.words["Domain"], *report.stages), rows)
    for name, said in (*report.scores, *report.led_to):
        _said(document, name, said)
    if report.compared_with:
        title = f"Compared with {report.compared_with}"
        head = (report.words["Domain"], report.compared_with, f"This {report.words['audit']}", "Compared")
        if report.compared:
            _table(document, title, head, report.compared)
        document.add_paragraph(_plain(report.compared_in_all))
    if report.overall:
        add_heading(document, "Overall", level=1)
        _reasons(document, report.overall)


def _chapter(document: WordDocument, chapter: Chapter, words: dict[str, str]) -> None:
    add_heading(document, _plain(chapter.title), level=1)
    if chapter.left_out:
        document.add_paragraph(f"Left out: it does not apply to this {words['case']}.")
        return
    for line in chapter.lines:
        if line.row:
            add_heading(document, _plain(line.row), level=2)
        add_heading(document, _plain(line.question), level=3 if line.in_row else 2)
        document.add_paragraph(_plain(line.answer))
        if line.beside:
            document.add_paragraph(_plain(line.beside))
        if line.evidence:
            _said(document, "Evidence", line.evidence)
    _reasons(document, chapter.grades)


def _reasons(document: WordDocument, grades: tuple[Grade, ...]) -> None:
    for grade in grades:
        add_heading(document, _plain(f"{grade.stage}: {grade.grade}"), level=2)
        if grade.why:
            document.add_paragraph(_plain(grade.why))


def _noted(document: WordDocument, title: str, notes: tuple[Noted, ...]) -> None:
    if not notes:
        return
    add_heading(document, title, level=1)
    for note in notes:
        under = f" ({note.under})" if note.under else ""
        document.add_paragraph(_plain(note.text + under), style="List Bullet")


def _said(document: WordDocument, name: str, words: str) -> None:
    """A paragraph that begins with what it is, in bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{name}: ").bold = True
    paragraph.add_run(_plain(words))


def _table(document: WordDocument, title: str, head: tuple[str, ...], rows: object) -> None:
    add_heading(document, title, level=1)
    table = document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(docx.oxml.OxmlElement("w:tblHeader"))
    for row in rows:  # type: ignore[attr-defined]
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(text)


def _plain(text: str) -> str:
    """Text without the control characters that a Word document cannot hold."""
    return text.translate(CONTROL)


def _plain_throughout(part: Any) -> Any:
    """The same with all its texts plain."""
    if isinstance(part, dict):
        return {key: _plain_throughout(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain_throughout(value) for value in part]
    return _plain(part) if isinstance(part, str) else part
