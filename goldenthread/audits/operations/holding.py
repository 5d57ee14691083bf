"""Holds and admissions, by which the folders above stop an audit's step or let somebody look at it.

Each runs within the operation from above that causes it, whose event covers it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from goldenthread.audits.holding import holds_on, shut_gates
from goldenthread.audits.models import Audit, GatePass, Hold, Participant
from goldenthread.audits.operations.consenting import pass_consents
from goldenthread.audits.queries import REVIEWER, holds_one_of
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.flow import Step
from goldenthread.rules.refusal import Refused


def place_hold(
    audit: Audit, *, about: tuple[str, ...], by: Person, at: datetime, stops: str = "", why: str = ""
) -> None:
    """Note that something about the audit is open; with `stops`, keep the audit from that phase meanwhile.

    The audit's row is not locked: whatever is going on there, a safety alert does not wait for it.
    """
    Hold.objects.create(
        audit=audit,
        about_kind=about[0],
        about_id=about[1],
        stops=stops,
        why=why[:300],
        placed_by=by,
        placed_at=at,
    )


def lift_hold(audit: Audit, *, about: tuple[str, ...], by: Person | None, at: datetime) -> None:
    """Note that it is open no more."""
    held = Hold.objects.standing().filter(audit=audit, about_kind=about[0], about_id=about[1])
    held.update(lifted_by=by, lifted_at=at)


def admit(audit: Audit, people: Iterable[Person], *, why: str, at: datetime) -> list[Person]:
    """Let people see and read the audit from today until they are dismissed; returns those newly let in."""
    on, let_in = timezone.localdate(at), []
    for person in dict.fromkeys(people):
        _, is_new = Participant.objects.get_or_create(
            audit=audit,
            person=person,
            relation=REVIEWER,
            why=why[:300],
            ends_on=None,
            defaults={"starts_on": on},
        )
        let_in += [person] if is_new else []
    return let_in


def dismiss(audit: Audit, *, why: str, at: datetime) -> None:
    """End from now on what `admit` began for that reason."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    named = Participant.objects.filter(audit=audit, relation=REVIEWER, why=why[:300], ends_on=None)
    named.update(ends_on=yesterday)


def pass_gates(
    audit: Audit, name: str, step: Step, *, because: str, by: Person, at: datetime
) -> dict[str, object]:
    """Refuse the step while something holds it; a gate is passed by those named, for a reason that is kept.

    Returns the gates passed, for the step's event.
    """
    label = f"“{step.label}” cannot be done now."
    if held := holds_on(audit, step):
        raise Refused(f"{label} {' '.join(one.sentence for one in held)}")
    if not any(name in gate.steps for gate in pack_of(audit.version).gates.values()):
        return {}
    on, because = timezone.localdate(at), because.strip()
    shut = shut_gates(sheet_of(audit, on=on), name)
    for gate in shut:
        if not gate.passed_by or not holds_one_of(gate.passed_by, audit, by, on=on):
            raise Refused(f"{label} {gate.sentence}")
        if not because:
            raise Refused(f"{label} {gate.sentence} You may do it nevertheless: say why.")
        GatePass.objects.create(
            audit=audit, gate=gate.gate, step=name, because=because, passed_by=by, passed_at=at
        )
    pass_consents(audit, name, at=at)
    return {"passed": {"gates": [gate.gate for gate in shut], "because": because}} if shut else {}
