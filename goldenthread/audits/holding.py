"""What stands in the way of a step besides its requirements: holds placed from above, and shut gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from goldenthread.audits.consenting import asking_of
from goldenthread.audits.models import Audit, Hold
from goldenthread.audits.sheets import Sheet
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.rules.conditions import holds
from goldenthread.rules.flow import Step


@dataclass(frozen=True)
class Obstacle:
    """Why a step cannot be taken now; a gate has a name, and roles that may pass it with a reason."""

    sentence: str
    gate: str = ""
    passed_by: tuple[str, ...] = ()


def holds_on(audit: Audit, step: Step) -> list[Obstacle]:
    """The holds that keep an audit from where the step leads; a step that stays in its phase is free."""
    phase = pack_of(audit.version).flow_of(audit.audit_type).states[step.to].phase
    if phase == audit.phase:
        return []
    return [Obstacle(hold.why) for hold in _stopping(phase=phase, audit=audit.pk)]


_stopping = Compiled(
    lambda phase, audit: Hold.objects.stopping(phase).filter(audit=audit).order_by("pk"),
    phase=str,
    audit=int,
)


def shut_gates(sheet: Sheet, name: str) -> list[Obstacle]:
    """The gates before a step whose condition does not hold, or whose consents are not there."""
    gates = {key: gate for key, gate in sheet.pack.gates.items() if name in gate.steps}
    if not gates:
        return []
    known = replace(sheet.known, facts={**sheet.known.facts, **counted(sheet.audit)})
    found = []
    for key, gate in gates.items():
        missing = asking_of(sheet.audit, key).missing()
        if missing or not holds(gate.open_if, known):
            found.append(Obstacle(f"{gate.says} {missing}".rstrip(), key, gate.passed_by))
    return found


def obstacles(sheet: Sheet, name: str) -> list[Obstacle]:
    """Everything that stands in the way of a step now."""
    return holds_on(sheet.audit, sheet.flow.steps[name]) + shut_gates(sheet, name)


def counted(audit: Audit) -> Mapping[str, Any]:
    """How many things of each kind are open about the audit, or ever were, as gates ask."""
    rows = Hold.objects.filter(audit=audit).values_list("about_kind", "about_id", "lifted_at")
    standing = [kind for kind, _, lifted_at in rows if lifted_at is None]
    raised = {one for kind, one, _ in rows if kind == "alert"}
    return {
        "open disputes": standing.count("dispute"),
        "open alerts": standing.count("alert"),
        "alerts raised": len(raised),
    }
