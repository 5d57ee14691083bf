"""What keeps an action from being closed besides that it is not done, and who may close it nevertheless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from goldenthread.audits.consenting import Asking
from goldenthread.audits.holding import Obstacle, counted
from goldenthread.audits.queries import standing_of
from goldenthread.audits.sheets import OWN_FACTS, sheet_of
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.improvement.models import Action
from goldenthread.improvement.queries import about_action, actions_rule, owes
from goldenthread.people.models import Person
from goldenthread.rules.actions import may_close
from goldenthread.rules.conditions import Known, comparisons, holds
from goldenthread.rules.facts import CLOSING_FACTS, GATE_FACTS
from goldenthread.tasks.queries import roles_of

NEVERTHELESS = "You may close it nevertheless: say why."


def shut_gates(action: Action, *, on: date) -> list[Obstacle]:
    """The gates of the framework that keep the action open on that day, in their order."""
    rule = actions_rule(action.version)
    if rule is None or not rule.gates:
        return []
    known = _known(action, on=on)
    found = []
    for name, gate in rule.gates.items():
        missing = asking_about(action, name).missing()
        if missing or not holds(gate.open_if, known):
            found.append(Obstacle(f"{gate.says} {missing}".rstrip(), name, gate.passed_by))
    return found


def asking_about(action: Action, gate: str) -> Asking:
    """What a gate asks of people before an action is closed."""
    rule = actions_rule(action.version)
    assert rule is not None
    return Asking(action.response.audit, about_action(action), gate, rule.gates[gate])


def askings_about(action: Action) -> list[Asking]:
    """What gates ask about an action that could be closed but for them; nothing before that, nor after."""
    rule = actions_rule(action.version)
    if rule is None or action.state == Action.State.CLOSED or not may_close(action.state, proof=action.proof):
        return []
    return [asking_about(action, name) for name, gate in rule.gates.items() if gate.consents]


def may_pass(shut: list[Obstacle], action: Action, person: Person, *, on: date) -> bool:
    """Whether the person holds a role that passes each of these gates."""
    standing = standing_of(action.response.audit)
    held = roles_of(person, pack_of(action.version), standing, on=on) if shut else set()
    return bool(shut) and all(held & set(gate.passed_by) for gate in shut)


def closes(action: Action, person: Person, *, on: date) -> bool:
    """Whether the person closes such actions, gates apart."""
    rule = actions_rule(action.version)
    return rule is not None and owes(rule.closing, action.response, person, on=on)


def _known(action: Action, *, on: date) -> Known:
    """What gates may look at: the audit as it stands, what is open about it, the case, and the action."""
    audit = action.response.audit
    sheet = sheet_of(audit, on=on)
    others = Action.objects.filter(response__audit=audit).exclude(pk=action.pk)
    facts: dict[str, Any] = {
        "action severity": action.severity,
        "action level": action.level,
        "action kind": action.kind,
        "other open actions": others.exclude(state=Action.State.CLOSED).count(),
    }
    rule = actions_rule(action.version)
    asked = {
        compare.fact_named
        for gate in (rule.gates.values() if rule else ())
        for compare in comparisons(gate.open_if)
    }
    of_case: dict[str, Any] = {}
    if asked - {None} - OWN_FACTS - GATE_FACTS.keys() - CLOSING_FACTS.keys():
        of_case = facts_of([audit.subject_id], on)[audit.subject_id]
    return replace(sheet.known, facts={**of_case, **sheet.known.facts, **counted(audit), **facts})
