"""The consents that gates ask for: about what, who may give one, which are there, which are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from goldenthread.audits.models import Audit, Closure, Consent, ConsentQuerySet
from goldenthread.audits.queries import about, flow_of, holds_one_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.flow import STOPPED
from goldenthread.rules.framework import Framework
from goldenthread.rules.gates import ClosingGate, ConsentAsked, Gate, missing_in_words, still_missing


@dataclass(frozen=True)
class Asking:
    """What one gate asks of people about one record: an audit, or an action after it."""

    audit: Audit
    about: tuple[str, str, str]
    gate: str
    rule: Gate | ClosingGate

    @property
    def asked(self) -> Sequence[ConsentAsked]:
        return self.rule.consents

    @property
    def clocks(self) -> list[str]:
        """The clocks of its tasks."""
        return [one.clock for one in self.asked]

    @property
    def pack(self) -> Framework:
        return pack_of(self.audit.version)

    def role_of(self, clock: str) -> str:
        """The role that consents under a clock."""
        return self.pack.clocks[clock].owed_by

    def given(self) -> ConsentQuerySet:
        """The consents that count, the first to be given first."""
        kind, public_id, _ = self.about
        return Consent.objects.standing().at(self.gate, kind, public_id).order_by("pk")

    def left(self) -> dict[str, int]:
        """How many consents are missing under each clock."""
        return still_missing(self.asked, self.given().values_list("clock", flat=True))

    def missing(self) -> str:
        """Who has still to consent, as a sentence; nothing where nobody has."""
        roles = {clock: self.pack.roles[self.role_of(clock)].title.lower() for clock in self.clocks}
        return missing_in_words(self.left(), roles) if self.asked else ""

    def open_to(self, person: Person, *, on: date) -> list[str]:
        """The clocks under which this person may consent now; none once they have."""
        left = self.left()
        if not left or self.given().filter(person=person).exists():
            return []
        return [clock for clock in left if holds_one_of((self.role_of(clock),), self.audit, person, on=on)]


def asking_of(audit: Audit, gate: str) -> Asking:
    """What a gate of the framework asks about an audit."""
    return Asking(audit, about(audit), gate, pack_of(audit.version).gates[gate])


def askings_of(audit: Audit) -> list[Asking]:
    """What gates ask about an audit where it stands, in the framework's order."""
    gates = {name: gate for name, gate in pack_of(audit.version).gates.items() if gate.consents}
    if not gates or audit.phase == STOPPED:
        return []
    closed = set()
    if any(gate.keeps_closed for gate in gates.values()):
        rows = Closure.objects.filter(audit=audit, opened_at=None)
        closed = set(rows.values_list("gate", flat=True))
    return [
        asking_of(audit, name) for name, gate in gates.items() if name in closed or _waits_before(audit, gate)
    ]


def _waits_before(audit: Audit, gate: Gate) -> bool:
    """Whether a step that waits for the gate could be taken from where the audit stands."""
    steps = flow_of(audit).steps
    return any(audit.state in steps[name].from_ for name in gate.steps if name in steps)
