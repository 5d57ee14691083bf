"""Who stands in which relation to an audit, and who may read and edit it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from goldenthread.audits.models import (
    Answer,
    Audit,
    Closure,
    EarlierWork,
    Judgement,
    Moderation,
    Participant,
)
from goldenthread.findings.models import Finding, FindingQuerySet
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Post, on_date
from goldenthread.rules.flow import DONE, Flow, State
from goldenthread.rules.gates import THE_AUDIT
from goldenthread.rules.summaries import Summary
from goldenthread.tasks import queries as tasks
from goldenthread.tasks.queries import Standing

KIND = "audit"
EARLIER = "earlier practitioner"
CO_AUDITOR = "co-auditor"
"""Whoever audits together with the auditor: they do what an auditor does, and share one grade."""
EARLIER_MANAGER = "manager of earlier work"
REVIEWER = "reviewer"
"""Whoever is let in from above to look at the audit, such as those who decide on a dispute."""


def about(audit: Audit) -> tuple[str, str, str]:
    """The audit as events, tasks and notices name it."""
    title = pack_of(audit.version).audit_types[audit.audit_type].title
    return KIND, audit.public_id, f"{title} {audit.number}"


def path_of(audit: Audit) -> str:
    """Where its page is."""
    return f"/audits/{audit.public_id}/"


def cycle_words(label: str) -> str:
    """A cycle as people say it: “November 2026” for 2026-11."""
    month = re.fullmatch(r"(?:[A-Z]{1,4}-)?(\d{4}-(?:0[1-9]|1[0-2]))", label)
    if month:
        return f"{date.fromisoformat(month[1] + '-01'):%B %Y}"
    return label


def standing_of(audit: Audit) -> Standing:
    """Who stands in which relation to the work that is audited."""
    named: dict[str, list[Person]] = {EARLIER: [], "proposer": [], CO_AUDITOR: []}
    taking_part = _taking_part(audit=audit.pk)  # most audits have nobody beside their own
    found = Person.objects.in_bulk([person for _, person in taking_part]) if taking_part else {}
    for relation, person in taking_part:
        named[relation].append(found[person])
    return Standing(
        audit.unit,
        auditor=audit.auditor,
        practitioner=audit.practitioner,
        earlier=tuple(named[EARLIER]),
        proposer=next(iter(named["proposer"]), None),
        co_auditors=tuple(named[CO_AUDITOR]),
    )


_taking_part = Compiled(
    lambda audit: (
        Participant.objects.filter(audit=audit, relation__in=(EARLIER, "proposer", CO_AUDITOR), ends_on=None)
        .order_by("pk")
        .values_list("relation", "person")
    ),
    audit=int,
)


def auditors_of(audit: Audit) -> list[Person]:
    """The auditor, and those who audit together with them; a query only where the framework allows any."""
    if not pack_of(audit.version).audit_types[audit.audit_type].co_auditors:
        return [audit.auditor]
    return list(dict.fromkeys([audit.auditor, *standing_of(audit).co_auditors]))


def roles_in(audit: Audit, person: Person, *, on: date) -> set[str]:
    """Every role of the framework that this person holds towards the audit on that day."""
    return tasks.roles_of(person, pack_of(audit.version), standing_of(audit), on=on)


def roles_among(names: Iterable[str], audit: Audit, person: Person, *, on: date) -> set[str]:
    """Of these roles some that the person holds, if they hold any.

    The auditor's own is known without asking the database, and then the others are not asked for.
    """
    names, roles = set(names), pack_of(audit.version).roles
    if person.pk == audit.auditor_id and person.is_active:
        own = {name for name in names if name in roles and roles[name].relation == "auditor"}
        if own:
            return own
    return names & roles_in(audit, person, on=on) if names else set()


def holds_one_of(names: Iterable[str], audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the person holds one of these roles."""
    return bool(roles_among(names, audit, person, on=on))


def may_read(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the state of the audit shows this person what was found; never while they moderate it blind,
    nor while a gate keeps it closed to them. A role that reads a summary alone is not shown it.

    Others who may see the audit see that it exists, who audits, the dates and how far it is.
    """
    if is_closed(audit, person, THE_AUDIT, on=on):
        return False
    shown = holds_one_of(_read_by(audit, flow_of(audit).states[audit.state]), audit, person, on=on)
    if not shown and not is_admitted(audit, person, on=on):
        return False
    return person.pk == audit.auditor_id or not is_blind(audit, person)


def summary_of(audit: Audit) -> Summary | None:
    """Who reads a summary of audits of its kind, and not all of them."""
    return pack_of(audit.version).audit_types[audit.audit_type].summary


def _read_by(audit: Audit, *states: State) -> set[str]:
    """The roles that read all of the audit in one of these states."""
    summary = summary_of(audit)
    shown = {role for state in states for role in (*state.shown_to, *state.edited_by)}
    return shown - {*summary.to} if summary else shown


def is_blind(audit: Audit, person: Person) -> bool:
    """Whether the person moderates the audit and may not see its grades until their own are in."""
    return Moderation.objects.blinding(person).filter(audit=audit).exists()


def is_closed(audit: Audit, person: Person, *what: str, on: date) -> bool:
    """Whether a gate keeps one of these closed to the person; a query only if there is such a gate."""
    rules = {name: gate.keeps_closed for name, gate in pack_of(audit.version).gates.items()}
    if not any(rule and {*what} & {*rule.what} for rule in rules.values()):
        return False
    shut = Closure.objects.filter(audit=audit, what__in=what, opened_at=None).values_list("gate", flat=True)
    closing = (rules[gate] for gate in set(shut))
    return any(not rule or not holds_one_of(rule.open_to, audit, person, on=on) for rule in closing)


def is_admitted(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether the person was let in to look at the audit, and still is."""
    named = Participant.objects.filter(audit=audit, person=person, relation=REVIEWER)
    return person.is_active and named.filter(on_date(on)).exists()


def may_edit(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether this person may answer and grade now."""
    edits = holds_one_of(flow_of(audit).states[audit.state].edited_by, audit, person, on=on)
    return edits and not is_closed(audit, person, THE_AUDIT, on=on)


def takes_part_in_making(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether this person reads the report at some time before it is final: its auditor and its checkers."""
    states = [state for state in flow_of(audit).states.values() if state.phase not in DONE]
    return holds_one_of(_read_by(audit, *states), audit, person, on=on)


def answers_shown(audit: Audit, person: Person, *, on: date) -> QuerySet[Answer]:
    """The audit's answers, if its state shows them to this person; else none."""
    found = Answer.objects.filter(audit=audit)
    return found if may_read(audit, person, on=on) else found.none()


def judgements_shown(audit: Audit, person: Person, *, on: date) -> QuerySet[Judgement]:
    """The audit's judgements, if its state shows them to this person; else none."""
    found = Judgement.objects.filter(audit=audit)
    return found if may_read(audit, person, on=on) else found.none()


def findings_shown(audit: Audit, person: Person, *, on: date) -> FindingQuerySet:
    """The audit's standing findings, if its state shows them to this person; else none."""
    found = Finding.objects.standing().about(KIND, audit.public_id)
    return found if may_read(audit, person, on=on) else found.none()


def earlier_work_shown(audit: Audit, person: Person, *, on: date) -> QuerySet[EarlierWork]:
    """What is said of earlier work, which belongs to those who did it and not to the case record (WF-11).

    All of it for those who make and check the report; for others what they were told of.
    """
    found = EarlierWork.objects.filter(audit=audit).select_related("person", "unit").order_by("pk")
    if is_closed(audit, person, THE_AUDIT, on=on):
        return found.none()
    if takes_part_in_making(audit, person, on=on):
        return found
    manages = Participant.objects.filter(audit=audit, person=person, relation=EARLIER_MANAGER, ends_on=None)
    own = Q(person=person)
    if manages.exists():
        own |= Q(unit__in=_units_looked_after(audit, person, on=on))
    return found.exclude(told_at=None).filter(own)


def _units_looked_after(audit: Audit, person: Person, *, on: date) -> list[int]:
    """The units of earlier work over which the person holds a post."""
    rows = EarlierWork.objects.filter(audit=audit).exclude(unit=None).select_related("unit")
    mine = Post.objects.filter(person=person).on(on)
    return [row.unit.pk for row in rows if row.unit and mine.over(row.unit, on=on).exists()]


def flow_of(audit: Audit) -> Flow:
    return pack_of(audit.version).flow_of(audit.audit_type)
