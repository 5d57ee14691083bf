"""The report of one audit as a Word document and as a tagged PDF (PDF/UA)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from goldenthread.reporting.audit_report import AuditReport, Chapter, Grade, Noted
from goldenthread.reporting.word_pages import Page
from goldenthread.rules.later import Later
from goldenthread.rules.refusal import Refused

typst = Later("typst")
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
    page, words = Page(report.title), report.words
    page.heading(_plain(report.title), level=0)
    if not report.is_final:
        page.paragraph(DRAFT.format_map(words))
    _table(page, f"About this {words['audit']}", ("What", "Detail"), report.facts)
    _grading(page, report)
    _noted(page, words["Good_practice"], report.good_practice)
    _noted(page, words["Areas_to_improve"], report.to_improve)
    if report.conversation:
        page.heading(f"The {words['conversation']}", level=1)
        for name, said in report.conversation:
            _said(page, name, said)
    if report.disputes:
        page.heading("Disputes", level=1)
        for name, said in report.disputes:
            _said(page, name, said)
    for chapter in report.chapters:
        _chapter(page, chapter, words)
    return page.content()


def _grading(page: Page, report: AuditReport) -> None:
    rows = [(label, *grades) for label, grades in report.grades]
    if rows:
        _table(page, report.words["Grades"], (report.words["Domain"], *report.stages), rows)
    for name, said in (*report.scores, *report.led_to):
        _said(page, name, said)
    if report.compared_with:
        title = f"Compared with {report.compared_with}"
        head = (report.words["Domain"], report.compared_with, f"This {report.words['audit']}", "Compared")
        if report.compared:
            _table(page, title, head, report.compared)
        page.paragraph(_plain(report.compared_in_all))
    if report.overall:
        page.heading("Overall", level=1)
        _reasons(page, report.overall)


def _chapter(page: Page, chapter: Chapter, words: dict[str, str]) -> None:
    page.heading(_plain(chapter.title), level=1)
    if chapter.left_out:
        page.paragraph(f"Left out: it does not apply to this {words['case']}.")
        return
    for line in chapter.lines:
        if line.row:
            page.heading(_plain(line.row), level=2)
        page.heading(_plain(line.question), level=3 if line.in_row else 2)
        page.paragraph(_plain(line.answer))
        if line.beside:
            page.paragraph(_plain(line.beside))
        if line.evidence:
            _said(page, "Evidence", line.evidence)
    _reasons(page, chapter.grades)


def _reasons(page: Page, grades: tuple[Grade, ...]) -> None:
    for grade in grades:
        page.heading(_plain(f"{grade.stage}: {grade.grade}"), level=2)
        if grade.why:
            page.paragraph(_plain(grade.why))


def _noted(page: Page, title: str, notes: tuple[Noted, ...]) -> None:
    if not notes:
        return
    page.heading(title, level=1)
    for note in notes:
        under = f" ({note.under})" if note.under else ""
        page.bullet(_plain(note.text + under))


def _said(page: Page, name: str, words: str) -> None:
    """A paragraph that begins with what it is, in bold."""
    page.said(name, _plain(words))


def _table(page: Page, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    page.heading(title, level=1)
    page.table(head, ([(_plain(text), False) for text in row] for row in rows))


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
