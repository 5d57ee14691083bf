"""Whether gates wait before what there is, and can be opened by people who see what they open."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.checks_of_ladders import length_clock
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.gates import FILES, FROM_OUTSIDE, ClosingGate, Gate, KeptClosed
from goldenthread.rules.naming import Missing, known_names
from goldenthread.rules.returns import OUTSIDE

SEES = "see audits"


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of gates before steps, before what is kept closed, and before actions are closed."""
    steps = {name: step for flow in pack.flows.values() for name, step in flow.steps.items()}
    for name, gate in pack.gates.items():
        yield from known_names("step", gate.steps, steps, ("gates", name, "steps"))
        if gate.keeps_closed is not None:
            yield from _closed(pack, gate.keeps_closed, ("gates", name, "keeps_closed"))
    used = _clocks_of_others(pack)
    for path, one in _every_gate(pack):
        yield from known_names("role", one.passed_by, pack.roles, (*path, "passed_by"))
        for place, asked in enumerate(one.consents):
            here: Path = (*path, "consents", place)
            yield from length_clock(pack, asked.clock, (*here, "clock"), "A consent is owed")
            if asked.clock in used:
                said = f"“{asked.clock}” is started elsewhere too; give this consent a clock of its own."
                yield Missing((*here, "clock"), said)
            used.add(asked.clock)
            yield from _consenting(pack, asked.clock, asked.number, here)


def clocks_of(pack: Framework) -> set[str]:
    """The clocks under which consents are owed."""
    return {asked.clock for _, gate in _every_gate(pack) for asked in gate.consents}


def roles_of(pack: Framework) -> set[str]:
    """The roles that gates name."""
    found = {role for _, gate in _every_gate(pack) for role in gate.passed_by}
    closed = (gate.keeps_closed for gate in pack.gates.values() if gate.keeps_closed)
    return found | {role for rule in closed for role in rule.open_to}


def _every_gate(pack: Framework) -> Iterator[tuple[Path, Gate | ClosingGate]]:
    for name, gate in pack.gates.items():
        yield ("gates", name), gate
    for name, closing in (pack.actions.gates if pack.actions else {}).items():
        yield ("actions", "gates", name), closing


def _clocks_of_others(pack: Framework) -> set[str]:
    """The clocks that steps and the sending of audits start."""
    found = {clock for kind in pack.audit_types.values() for clock in kind.on_sending_starts}
    steps = (step for flow in pack.flows.values() for step in flow.steps.values())
    return found | {clock for step in steps for clock in step.starts}


def _consenting(pack: Framework, clock: str, number: int, path: Path) -> Iterator[Missing]:
    """Those who consent are enough people, and see that what they consent to exists."""
    owed_by = pack.clocks[clock].owed_by if clock in pack.clocks else ""
    role = pack.roles.get(owed_by)
    if role is None:
        return
    if role.relation is None and SEES not in role.may:
        said = f"Whoever consents must see that the audit exists, and “{owed_by}” may not “{SEES}”; "
        yield Missing((*path, "clock"), f"{said}name another clock, or let the role see audits.")
    if role.relation in ("practitioner", "proposer") and number > 1:
        said = f"One person at most is “{owed_by}”, so the gate could never open; ask for 1."
        yield Missing((*path, "number"), said)


def _closed(pack: Framework, rule: KeptClosed, path: Path) -> Iterator[Missing]:
    """What is kept closed is there, and nothing is named twice."""
    yield from known_names("kind of audit", rule.audit_types, pack.audit_types, (*path, "audit_types"))
    yield from known_names("role", rule.open_to, pack.roles, (*path, "open_to"))
    meant = [pack.audit_types[name] for name in rule.audit_types if name in pack.audit_types]
    meant = meant or list(pack.audit_types.values())
    for place, what in enumerate(rule.what):
        here: Path = (*path, "what", place)
        if what in rule.what[:place]:
            yield Missing(here, f"“{what}” stands here twice; keep one.")
        parts = (one for kind in meant for one in kind.returns.values())
        if what == FROM_OUTSIDE and not any(one.filled_in_by == OUTSIDE for one in parts):
            yield Missing(here, "Nobody from outside fills in a part of these audits; leave this out.")
        if what == FILES and not any(
            question.type == "file"
            for kind in meant
            if kind.form in pack.forms
            for question in pack.forms[kind.form].questions()
        ):
            yield Missing(here, "No question of these audits takes files; leave this out.")
