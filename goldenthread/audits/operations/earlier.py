"""What an audit says of work done by others before, and telling those who did it (WF-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit, EarlierWork, Participant
from goldenthread.audits.operations.locking import Stale, change, locked, must_edit, must_fit
from goldenthread.audits.queries import EARLIER, EARLIER_MANAGER, about, path_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.tasks.operations import write_notices
from goldenthread.tasks.queries import Standing, people_of

WHY = "their earlier work with the case was looked at"


@transaction.atomic
def record_earlier_work(
    earlier: EarlierWork, *, strengths: str, concerns: str, expected: int, by: Person, at: datetime
) -> EarlierWork:
    """Note strengths and concerns about earlier work; those who did it are told when the audit is final."""
    audit = locked(earlier.audit)
    earlier = EarlierWork.objects.select_related("person", "unit").get(pk=earlier.pk)
    must_edit(audit, by, at)
    must_fit(strengths, concerns)
    before = (earlier.strengths, earlier.concerns)
    if before == (strengths, concerns):
        return earlier
    if expected != earlier.version:
        raise Stale(earlier)
    earlier.strengths, earlier.concerns, earlier.version = strengths, concerns, earlier.version + 1
    earlier.save(update_fields=["strengths", "concerns", "version"])
    record(
        "audit.earlier_work",
        about=about(audit),
        by=by,
        at=at,
        values={
            "person": earlier.person.public_id if earlier.person else "",
            "unit": earlier.unit.public_id if earlier.unit else "",
            "strengths": change(before[0], strengths),
            "concerns": change(before[1], concerns),
        },
    )
    return earlier


def tell_of_earlier_work(
    audit: Audit, notice: str, standing: Standing, *, values: Mapping[str, str], at: datetime
) -> None:
    """Admit the earlier worker and their manager to what was said of that work, and write them the notice.

    The posts that the notice names are looked for over the unit in which the work was done.
    """
    rows = EarlierWork.objects.filter(audit=audit, told_at=None).exclude(strengths="", concerns="")
    for earlier in rows.select_related("person", "unit").order_by("pk"):
        people = _concerned(audit, notice, standing, earlier, at)
        for person, relation in people.items():
            Participant.objects.get_or_create(
                audit=audit,
                person=person,
                relation=relation,
                ends_on=None,
                defaults={"starts_on": timezone.localdate(at), "why": WHY},
            )
        write_notices(
            pack=pack_of(audit.version),
            notice=notice,
            about=about(audit),
            path=path_of(audit),
            people=people,
            values=values,
            at=at,
            key=f"audit:{audit.public_id}:{notice}:{earlier.pk}",
        )
        earlier.told_at = at
        earlier.save(update_fields=["told_at"])


def _concerned(
    audit: Audit, notice: str, standing: Standing, earlier: EarlierWork, at: datetime
) -> dict[Person, str]:
    """Who hears of one earlier work, and as what."""
    pack, on = pack_of(audit.version), timezone.localdate(at)
    then = replace(
        standing,
        unit=earlier.unit or standing.unit,
        earlier=(earlier.person,) if earlier.person else (),
    )
    found: dict[Person, str] = {}
    for role in pack.notices[notice].to:
        relation = EARLIER if pack.roles[role].relation == EARLIER else EARLIER_MANAGER
        for person in people_of(role, pack, then, on=on):
            found.setdefault(person, relation)
    return found
