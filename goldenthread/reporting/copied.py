"""What of an audit's report goes into a copy for somebody: all of it, a summary, or one party's own part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import cycle_words
from goldenthread.audits.returns import returns_read
from goldenthread.audits.sheets import sheet_of
from goldenthread.reporting.audit_report import AuditReport, in_words, report_of, return_chapters
from goldenthread.rules.copies import OWN_PART, SUMMARY, CopyRule


def copied(audit: Audit, rule: CopyRule, *, on: date) -> AuditReport:
    """The report as its copy holds it; what earlier audits found is in none, since readers differ."""
    if rule.what == OWN_PART:
        return _without_files(_own_part(audit, rule, on=on))
    report = report_of(audit, on=on)
    if rule.what == SUMMARY:
        return replace(report, overall=(), led_to=(), conversation=(), disputes=(), chapters=())
    return _without_files(report)


def _without_files(report: AuditReport) -> AuditReport:
    """The same without the links to files: a copy names them, and holds none."""
    chapters = (
        replace(one, lines=tuple(replace(line, files=()) for line in one.lines)) for one in report.chapters
    )
    return replace(report, chapters=tuple(chapters))


def _own_part(audit: Audit, rule: CopyRule, *, on: date) -> AuditReport:
    """One return alone, unless it is kept closed: nothing that anybody else filled in, graded or found."""
    sheet = sheet_of(audit, on=on)
    chapters = [
        chapter
        for one in returns_read(audit, None, on=on)
        if one.key == rule.part and not one.is_open
        for chapter in return_chapters(one, sheet_of(audit, on=on, in_return=one))
    ]
    words = sheet.words
    return AuditReport(
        title=f"{sheet.type.title} {audit.number}",
        reference=audit.subject.reference,
        is_final=audit.finished_at is not None,
        facts=(
            (words["Case"], audit.subject.shown),
            (words["Cycle"], cycle_words(audit.cycle)),
            ("Period looked at", f"{in_words(audit.looks_from)} to {in_words(audit.looks_to)}"),
        ),
        stages=(),
        grades=(),
        overall=(),
        scores=(),
        led_to=(),
        conversation=(),
        good_practice=(),
        to_improve=(),
        chapters=tuple(chapters),
        words=words,
    )
