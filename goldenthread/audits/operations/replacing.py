"""Naming somebody else to finish an audit (WF-14), or to do it together with its auditor."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit, Participant
from goldenthread.audits.operations.clocks import values_of
from goldenthread.audits.operations.inviting import take_out_of_calendars
from goldenthread.audits.operations.locking import change, locked
from goldenthread.audits.queries import CO_AUDITOR, about, path_of
from goldenthread.audits.returns import about_return, returns_of
from goldenthread.frameworks.grants import granted
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.flow import OWED, WORKING
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import hand_over_tasks, write_notices

REPLACE = "replace an auditor"


@transaction.atomic
def replace_auditor(
    audit: Audit, auditor: Person, *, instead_of: str | None = None, by: Person, at: datetime, because: str
) -> Audit:
    """Give an audit that its auditor cannot finish to somebody else, with all that is owed and written.

    A conversation that was arranged and not held is called off: the new auditor arranges it anew.
    `instead_of` is the id of the auditor with whom it was seen: if it has gone on since, nothing is changed.
    """
    audit = locked(audit)
    if instead_of not in (None, audit.auditor.public_id):
        raise Refused(
            f"{audit.number} went to {audit.auditor} meanwhile. Look whether it should still be changed."
        )
    _must_be_replaceable(audit, auditor, by, at, because)
    before, on = audit.auditor, timezone.localdate(at)
    audit.auditor = auditor
    audit.save(update_fields=["auditor"])
    parts = Participant.objects.filter(audit=audit, ends_on=None)
    now_auditor = parts.filter(relation=CO_AUDITOR, person=auditor)
    (parts.filter(relation="auditor") | now_auditor).update(ends_on=on - timedelta(days=1))
    Participant.objects.create(
        audit=audit, person=auditor, relation="auditor", starts_on=on, why=because.strip()[:300]
    )
    for owed in (about(audit), *(about_return(one) for one in returns_of(audit))):
        hand_over_tasks(about=owed, from_=before, to=auditor, at=at)
    called_off = take_out_of_calendars(audit, at=at)
    _tell(audit, auditor, at)
    values = {"auditor": change(before.public_id, auditor.public_id), "because": because.strip()}
    if called_off:
        values["conversation"] = "called off"
    record("audit.replace_auditor", about=about(audit), by=by, at=at, values=values)
    return audit


@transaction.atomic
def name_co_auditor(audit: Audit, person: Person, *, by: Person, at: datetime, because: str) -> Audit:
    """Let somebody audit together with the auditor: they answer and grade in the same form.

    Whoever was named and has left takes part no more.
    """
    audit, on = locked(audit), timezone.localdate(at)
    _must_be_replaceable(audit, person, by, at, because)
    named = Participant.objects.filter(audit=audit, relation=CO_AUDITOR, ends_on=None)
    left = named.filter(person__in=Person.objects.gone(on=on))
    instead_of = sorted(left.values_list("person__public_id", flat=True))
    left.update(ends_on=on - timedelta(days=1))
    most = pack_of(audit.version).audit_types[audit.audit_type].co_auditors
    if named.filter(person=person).exists():
        raise Refused(f"{person} takes part already. Choose somebody else.")
    if named.count() >= most:
        word = words_of(audit.version)["auditor"]
        raise Refused(f"Nobody more can be named: besides the {word}, the framework lets {most} take part.")
    Participant.objects.create(
        audit=audit, person=person, relation=CO_AUDITOR, starts_on=on, why=because.strip()[:300]
    )
    _tell(audit, person, at)
    values: dict[str, object] = {"co-auditor": person.public_id, "because": because.strip()}
    if instead_of:
        values["instead of"] = instead_of
    record("audit.name_co_auditor", about=about(audit), by=by, at=at, values=values)
    return audit


def may_replace(audit: Audit, person: Person, *, at: datetime) -> bool:
    """Whether the person holds a post that may name another auditor for this audit."""
    rows = Audit.objects.filter(pk=audit.pk)
    return rows.filter(granted(REPLACE, person, timezone.localdate(at))).exists()


def _must_be_replaceable(audit: Audit, auditor: Person, by: Person, at: datetime, because: str) -> None:
    word = words_of(audit.version)["auditor"]
    if not may_replace(audit, by, at=at):
        raise Refused(f"Another {word} is named by the team's managers or the quality team. Ask one of them.")
    if audit.phase not in (OWED, WORKING):
        raise Refused(f"The {word} cannot be replaced now: the report has been handed in.")
    if not because.strip():
        raise Refused(f"Say why the {word} cannot finish.")
    if auditor.pk == audit.auditor_id:
        raise Refused(f"{auditor} is the {word} already. Choose somebody else.")
    if auditor.pk == audit.practitioner_id:
        raise Refused(f"Nobody is the {word} of their own work. Choose somebody else.")
    if not auditor.is_active or auditor.joined_into_id is not None:
        raise Refused(f"{auditor} is no longer here. Choose somebody else.")


def _tell(audit: Audit, auditor: Person, at: datetime) -> None:
    """The new auditor hears what an auditor hears when an audit is sent."""
    pack = pack_of(audit.version)
    for name, notice in pack.notices.items():
        if notice.on == "sending" and any(pack.roles[role].relation == "auditor" for role in notice.to):
            write_notices(
                pack=pack,
                notice=name,
                about=about(audit),
                path=path_of(audit),
                people=[auditor],
                values=values_of(audit, audit.closes_on),
                at=at,
                key=f"audit:{audit.public_id}:{name}:{at.isoformat()}",
            )
