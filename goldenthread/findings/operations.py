"""Recording what was found, and taking it back; what was taken back stays on record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from goldenthread.findings.models import Finding
from goldenthread.frameworks.models import Version
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.rules.refusal import Refused


@dataclass(frozen=True)
class Found:
    """What somebody says that they found; all but the kind and the words are keys of the framework."""

    kind: str
    text: str
    theme: str = ""
    part: str = ""
    source: str = ""
    cause: str = ""
    severity: str = ""

    @property
    def plain(self) -> Found:
        """The same without white space around its words."""
        return replace(self, text=self.text.strip())


@transaction.atomic
def record_finding(
    found: Found,
    *,
    about: tuple[str, str, str],
    version: Version,
    unit: Unit | None,
    by: Person,
    at: datetime,
) -> Finding:
    """Record one thing found about a record, good or to improve."""
    found = found.plain
    if found.kind not in Finding.Kind.values:
        raise Refused("Say whether it is good practice or something to improve.")
    if not found.text:
        raise Refused("Say what you found.")
    if found.kind == Finding.Kind.GOOD and (found.cause or found.severity):
        raise Refused("Only something to improve has a likely cause and a severity; leave them out.")
    about_kind, about_id, about_label = about
    finding = Finding.objects.create(
        about_kind=about_kind,
        about_id=about_id,
        about_label=about_label[:200],
        version=version,
        unit=unit,
        **asdict(found),
        found_by=by,
        found_at=at,
    )
    record(
        "finding.record", about=about, by=by, at=at, values=_values(found) | {"finding": finding.public_id}
    )
    return finding


def _values(found: Found) -> dict[str, str]:
    """What the event holds: what every finding may say, and the rest where it is said."""
    always = ("kind", "part", "theme", "text")
    return {name: value for name, value in asdict(found).items() if value or name in always}


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
