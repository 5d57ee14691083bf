"""The summary of one audit, for those who read no more of it: its grades, and what the framework adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import summary_of
from goldenthread.reporting.audit_report import AuditReport, report_of
from goldenthread.rules.summaries import SCORES, TO_IMPROVE


def summarised(audit: Audit, *, on: date) -> AuditReport:
    """The report without answers, evidence, reasons, the conversation and what earlier audits found."""
    rule, report = summary_of(audit), report_of(audit, on=on)
    also = rule.also if rule is not None else ()
    return replace(
        report,
        scores=report.scores if SCORES in also else (),
        to_improve=report.to_improve if TO_IMPROVE in also else (),
        led_to=(),
        overall=(),
        conversation=(),
        disputes=(),
        chapters=(),
    )
