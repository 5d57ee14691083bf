"""Findings of an audit: what is good and what to improve, noted while its auditor may write."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.locking import locked, must_edit, must_fit
from goldenthread.audits.queries import KIND, about
from goldenthread.findings.models import Finding
from goldenthread.findings.operations import record_finding, withdraw_finding
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused


@transaction.atomic
def note_finding(
    audit: Audit,
    *,
    kind: str,
    text: str,
    theme: str = "",
    part: str = "",
    source: str = "",
    by: Person,
    at: datetime,
) -> Finding:
    """Note good practice or something to improve, in a part, under a theme and from a source; the same is
    noted once."""
    audit = locked(audit)
    must_edit(audit, by, at)
    must_fit(text)
    pack = pack_of(audit.version)
    if theme and theme not in pack.themes:
        raise Refused(f"Choose one of the {pack.words['themes']} shown.")
    if part and pack.form_of(audit.audit_type).section(part) is None:
        raise Refused("Choose one of the sections shown.")
    if source and source not in pack.sources:
        raise Refused("Choose one of the sources shown.")
    standing = Finding.objects.standing().about(KIND, audit.public_id)
    same = standing.filter(
        kind=kind, theme=theme, part=part, source=source, text=text.strip(), found_by=by
    ).first()
    if same is not None:
        return same
    return record_finding(
        about=about(audit),
        version=audit.version,
        unit=audit.unit,
        kind=kind,
        part=part,
        theme=theme,
        source=source,
        text=text,
        by=by,
        at=at,
    )


@transaction.atomic
def take_back_finding(audit: Audit, finding: Finding, *, by: Person, at: datetime) -> Finding:
    """Take a finding of the audit back while it may still be changed; it stays on record as withdrawn."""
    audit = locked(audit)
    must_edit(audit, by, at)
    if (finding.about_kind, finding.about_id) != (KIND, audit.public_id):
        raise Refused("This finding belongs to another record.")
    return withdraw_finding(finding, by=by, at=at)
