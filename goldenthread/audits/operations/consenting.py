"""Consents that gates ask for: asked, given, withdrawn, and what they let through or open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.consenting import Asking, asking_of, askings_of
from goldenthread.audits.models import Audit, Closure, Consent
from goldenthread.audits.operations.clocks import values_of
from goldenthread.audits.operations.locking import STANDING, locked, must_fit
from goldenthread.audits.queries import about, auditors_of, flow_of, path_of, standing_of
from goldenthread.audits.sheets import facts_known
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.flow import Step
from goldenthread.rules.gates import Gate, KeptClosed
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, Standing, people_of

OPENED = ("{type} {reference} is open now", "The consents are there, so it can be read: {link}")
COMPLETE = ("The consents for {type} {reference} are there", "What waited for them can go on: {link}")
NOT_ASKED = "Nothing waits for this consent now. The page says what does."


def close_records(audit: Audit, *, at: datetime) -> None:
    """Keep closed what the framework's gates keep closed, within the sending of the audit."""
    rules = {name: gate.keeps_closed for name, gate in pack_of(audit.version).gates.items()}
    for name, rule in rules.items():
        if rule is not None and _is_meant(rule, audit, at):
            Closure.objects.bulk_create(Closure(audit=audit, gate=name, what=what) for what in rule.what)


def _is_meant(rule: KeptClosed, audit: Audit, at: datetime) -> bool:
    if rule.audit_types and audit.audit_type not in rule.audit_types:
        return False
    if rule.when is None:
        return True
    on = timezone.localdate(at)
    return holds(
        rule.when, Known(on, {**facts_of([audit.subject_id], on)[audit.subject_id], **facts_known(audit, on)})
    )


def ask_for_consents(audit: Audit, standing: Standing, *, at: datetime) -> None:
    """Start what is owed at the gates at which an audit stands, and let lapse what was given at others."""
    waiting = askings_of(audit)
    for name, gate in pack_of(audit.version).gates.items():
        if gate.consents and name not in {one.gate for one in waiting}:
            end_consents(asking_of(audit, name), Consent.Ended.LAPSED, at=at)
    for asking in waiting:
        ask(asking, standing, at=at)


def ask(asking: Asking, standing: Standing, *, at: datetime) -> None:
    """Start the tasks of the consents that are missing: the holders of a post have one, others one each."""
    on = timezone.localdate(at)
    given = set(asking.given().values_list("person", flat=True))
    for clock in asking.left():
        role = asking.role_of(clock)
        owners: list[str | Owner] = [role]
        if not asking.pack.roles[role].post:
            people = people_of(role, asking.pack, standing, on=on)
            owners = [Owner(role, one) for one in people if one.pk not in given] or owners
        for owner in owners:
            start_task(
                clock=clock,
                pack=asking.pack,
                version=asking.audit.version,
                about=asking.about,
                standing=standing,
                at=at,
                owed_by=owner,
            )


@transaction.atomic
def give_consent(audit: Audit, gate: str, clock: str, *, by: Person, at: datetime, said: str = "") -> Consent:
    """Consent to what waits at a gate of an audit: under the clock that asks for it, with words or without.

    The last consent opens what the gate keeps closed; a step is still taken by those who take it.
    """
    audit = locked(audit, *STANDING)
    asking = _waiting(audit, gate)
    consent = give(asking, clock, said=said, by=by, at=at)
    values: dict[str, object] = {"gate": gate, "as": consent.role, "asked": clock}
    values |= {"said": consent.said} if consent.said else {}
    if not asking.left():
        values["complete"] = True
        _let_go_on(asking, at=at)
    record("audit.give_consent", about=about(audit), by=by, at=at, values=values)
    return consent


@transaction.atomic
def withdraw_consent(audit: Audit, gate: str, *, by: Person, at: datetime) -> Consent:
    """Take back one's own consent, while what it was given for still waits; it is asked for anew."""
    audit = locked(audit, *STANDING)
    asking = _waiting(audit, gate)
    consent = take_back(asking, by=by, at=at)
    ask(asking, standing_of(audit), at=at)
    values = {"gate": gate, "as": consent.role, "asked": consent.clock}
    record("audit.withdraw_consent", about=about(audit), by=by, at=at, values=values)
    return consent


def give(asking: Asking, clock: str, *, said: str, by: Person, at: datetime) -> Consent:
    """Note a consent, within the operation that covers it; `Refused` where this person cannot give it."""
    must_fit(said)
    if clock not in asking.clocks:
        raise Refused("This gate asks for no such consent. Choose one that the page offers.")
    if asking.given().filter(person=by).exists():
        raise Refused("You have consented here already. Somebody else gives the consent that is missing.")
    if clock not in asking.left():
        raise Refused("This consent is there already. Nothing is left to do.")
    if clock not in asking.open_to(by, on=timezone.localdate(at)):
        title = asking.pack.roles[asking.role_of(clock)].title.lower()
        raise Refused(f"Only the {title} can give this consent.")
    kind, public_id, _ = asking.about
    consent = Consent.objects.create(
        audit=asking.audit,
        about_kind=kind,
        about_id=public_id,
        gate=asking.gate,
        clock=clock,
        role=asking.role_of(clock),
        person=by,
        said=said.strip(),
        given_at=at,
    )
    finish_tasks(about=asking.about, kinds=[clock], by=by, at=at, owed_by=by)
    if clock not in asking.left():
        finish_tasks(about=asking.about, kinds=[clock], by=by, at=at)
    return consent


def take_back(asking: Asking, *, by: Person, at: datetime) -> Consent:
    """Note that a consent is withdrawn, within the operation that covers it."""
    consent = asking.given().filter(person=by).first()
    if consent is None:
        raise Refused("You have given no consent here that could be withdrawn.")
    consent.ended_as, consent.ended_at = Consent.Ended.WITHDRAWN, at
    consent.save(update_fields=["ended_as", "ended_at"])
    return consent


def end_consents(asking: Asking, how: Consent.Ended, *, at: datetime) -> None:
    """Let the consents of a gate count no more, since what waited was done or waits no more."""
    asking.given().update(ended_as=how, ended_at=at)
    cancel_tasks(about=asking.about, kinds=asking.clocks, at=at)


def pass_consents(audit: Audit, step: str, *, at: datetime) -> None:
    """Note that the consents for a step have done what they were given for, since it is taken now."""
    for name, gate in pack_of(audit.version).gates.items():
        if gate.consents and step in gate.steps:
            end_consents(asking_of(audit, name), Consent.Ended.PASSED, at=at)


def _waiting(audit: Audit, gate: str) -> Asking:
    found = next((one for one in askings_of(audit) if one.gate == gate), None)
    if found is None:
        raise Refused(NOT_ASKED)
    return found


def _let_go_on(asking: Asking, *, at: datetime) -> None:
    """Open what was kept closed, or tell those who take the steps that they can be taken."""
    audit, gate = asking.audit, asking.rule
    assert isinstance(gate, Gate)
    if gate.keeps_closed is not None:
        Closure.objects.filter(audit=audit, gate=asking.gate, opened_at=None).update(opened_at=at)
        end_consents(asking, Consent.Ended.PASSED, at=at)
        _tell(asking, OPENED, auditors_of(audit), at=at)
        return
    steps = flow_of(audit).steps
    open_now = [steps[name] for name in gate.steps if name in steps and audit.state in steps[name].from_]
    _tell(asking, COMPLETE, _takers(asking, open_now, at=at), at=at)


def _takers(asking: Asking, steps: Iterable[Step], *, at: datetime) -> list[Person]:
    standing, on = standing_of(asking.audit), timezone.localdate(at)
    roles = dict.fromkeys(role for step in steps for role in step.by)
    found = (person for role in roles for person in people_of(role, asking.pack, standing, on=on))
    return list(dict.fromkeys(found))


def _tell(asking: Asking, said: tuple[str, str], people: Iterable[Person], *, at: datetime) -> None:
    audit = asking.audit
    write_notices(
        pack=None,
        notice=said,
        about=asking.about,
        path=path_of(audit),
        people=people,
        values=values_of(audit, audit.closes_on),
        at=at,
        key=f"audit:{audit.public_id}:consents:{asking.gate}:{at.isoformat()}",
    )
