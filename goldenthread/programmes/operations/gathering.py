"""The subjects that are no cases are brought up to date before anything is drawn from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from goldenthread.audits.registering import completed_audits
from goldenthread.caseload.operations.subjects import Settled, bring_up_to_date
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.rules.subjects import COMPLETED_AUDITS


def bring_kinds_up_to_date(
    version: Version, names: Iterable[str], *, by: Person | None, at: datetime
) -> None:
    """Bring the subjects of these kinds up to date; the case and what the version does not know is left."""
    for name in names:
        if name in pack_of(version).subjects:
            bring_kind_up_to_date(version, name, by=by, at=at)


def bring_kind_up_to_date(version: Version, name: str, *, by: Person | None, at: datetime) -> Settled:
    """Bring the subjects of one kind of a framework up to date; an event of its own if anything changed."""
    pack = pack_of(version)
    kind = pack.subjects.get(name)
    if kind is None:
        raise Refused(f"The framework has no subjects of the kind “{name}” any more.")
    found = completed_audits(kind, pack.key) if kind.come_from == COMPLETED_AUDITS else []
    on = timezone.localdate(at)
    return bring_up_to_date(name, kind, on=on, by=by, at=at, found=found, facts=pack.facts)
