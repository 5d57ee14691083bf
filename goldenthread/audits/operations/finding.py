"""Findings of an audit: what is good and what to improve, noted while its auditor may write."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.locking import locked, must_edit, must_fit
from goldenthread.audits.queries import KIND, about
from goldenthread.findings.models import Finding
from goldenthread.findings.operations import Found, record_finding, withdraw_finding
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused


@transaction.atomic
def note_finding(
    audit: Audit,
    found: Found,
    *,
    by: Person,
    at: datetime,
) -> Finding:
    """Note good practice or something to improve, as the framework asks; the same is noted once."""
    audit = locked(audit)
    must_edit(audit, by, at)
    must_fit(found.text)
    pack = pack_of(audit.version)
    if found.part and pack.form_of(audit.audit_type).section(found.part) is None:
        raise Refused("Choose one of the sections shown.")
    _must_be_known(pack, found)
    standing = Finding.objects.standing().about(KIND, audit.public_id)
    same = standing.filter(**asdict(found.plain), found_by=by).first()
    if same is not None:
        return same
    return record_finding(found, about=about(audit), version=audit.version, unit=audit.unit, by=by, at=at)


def _must_be_known(pack: Framework, found: Found) -> None:
    """What is said is in the framework, and what that needs of something to improve is said."""
    words = pack.words
    can_be: dict[str, tuple[Collection[str], str, str]] = {
        "theme": (pack.themes, words["theme"], words["themes"]),
        "source": (pack.sources, "source", "sources"),
        "cause": (pack.causes, words["likely_cause"], words["likely_causes"]),
        "severity": (pack.severities, words["severity"], words["severities"]),
    }
    needs = pack.findings.needs if pack.findings and found.kind == Finding.Kind.GAP else ()
    for said, (known, one, many) in can_be.items():
        value = getattr(found, said)
        if value and value not in known:
            raise Refused(f"Choose one of the {many} shown.")
        if said in needs and not value:
            raise Refused(f"Choose the {one} of what is to improve; this framework asks for it.")


@transaction.atomic
def take_back_finding(audit: Audit, finding: Finding, *, by: Person, at: datetime) -> Finding:
    """Take a finding of the audit back while it may still be changed; it stays on record as withdrawn."""
    audit = locked(audit)
    must_edit(audit, by, at)
    if (finding.about_kind, finding.about_id) != (KIND, audit.public_id):
        raise Refused("This finding belongs to another record.")
    return withdraw_finding(finding, by=by, at=at)
