"""Recording what was found, and taking it back; what was taken back stays on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from goldenthread.findings.models import Finding
from goldenthread.frameworks.models import Version
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused


@transaction.atomic
def record_finding(
    *,
    about: tuple[str, str, str],
    version: Version,
    unit: Unit | None,
    kind: str,
    text: str,
    theme: str = "",
    part: str = "",
    source: str = "",
    by: Person,
    at: datetime,
) -> Finding:
    """Record one thing found about a record, good or to improve."""
    if kind not in Finding.Kind.values:
        raise Refused("Say whether it is good practice or something to improve.")
    if not text.strip():
        raise Refused("Say what you found.")
    about_kind, about_id, about_label = about
    finding = Finding.objects.create(
        about_kind=about_kind,
        about_id=about_id,
        about_label=about_label[:200],
        version=version,
        unit=unit,
        kind=kind,
        part=part,
        theme=theme,
        source=source,
        text=text.strip(),
        found_by=by,
        found_at=at,
    )
    values = {"kind": kind, "part": part, "theme": theme, "text": finding.text, "finding": finding.public_id}
    values |= {"source": source} if source else {}
    record("finding.record", about=about, by=by, at=at, values=values)
    return finding


@transaction.atomic
def withdraw_finding(finding: Finding, *, by: Person, at: datetime) -> Finding:
    """Take a finding back; it no longer counts, and its text stays on record."""
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.withdrawn_at is not None:
        raise Refused("This finding has been taken back already.")
    finding.withdrawn_at = at
    finding.save(update_fields=["withdrawn_at"])
    record(
        "finding.withdraw",
        about=(finding.about_kind, finding.about_id, finding.about_label),
        by=by,
        at=at,
        values={"finding": finding.public_id},
    )
    return finding
