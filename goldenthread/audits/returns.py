"""The returns of an audit: who fills in which, who may read which when, and which a step still waits for."""

from __future__ import annotations

from datetime import date

from goldenthread.audits.models import Audit, Closure, Return
from goldenthread.audits.queries import about, holds_one_of, is_closed, may_read
from goldenthread.audits.sheets import rule_of
from goldenthread.audits.summaries import is_kept_to_summary
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import OutsideParticipant, Person
from goldenthread.rules.flow import OWED, WORKING, Step
from goldenthread.rules.gates import FROM_OUTSIDE, THE_AUDIT
from goldenthread.rules.returns import NO_ACCOUNT, OUTSIDE, ReturnRule
from goldenthread.tasks.models import Task

KIND = "return"
ALL = "all returns"
OPEN = (OWED, WORKING)
"""The phases of an audit in which returns are filled in; from outside, none is seen after them."""


def returns_of(audit: Audit) -> list[Return]:
    """The audit's returns in the framework's order; a query only where its type has any."""
    rules = pack_of(audit.version).audit_types[audit.audit_type].returns
    if not rules:
        return []
    found = Return.objects.filter(audit=audit).select_related("person", "settled_by")
    order = list(rules)
    rows = sorted(found, key=lambda one: order.index(one.key))
    for row in rows:
        row.audit = audit
    return rows


def rule(of: Return) -> ReturnRule:
    """What the framework says of the return."""
    return rule_of(of.audit, of)


def about_return(of: Return) -> tuple[str, str, str]:
    """The return as tasks and notices name it: its part and the audit's number, and nobody's name."""
    return KIND, of.public_id, f"{rule(of).title}: {about(of.audit)[2]}"[:200]


def path_of_return(of: Return) -> str:
    """Where its page is."""
    return f"/returns/{of.public_id}/"


def holder_words(of: Return) -> str:
    """Whose part it is, as those who may know read it."""
    names = [of.person.name if of.person else of.given_by, of.organisation]
    return ", ".join(name for name in names if name)


def holds(of: Return, person: Person, *, on: date) -> bool:
    """Whether it is this person's to fill in or, for somebody without an account, to type in."""
    if person.is_outside or rule(of).filled_in_by == OUTSIDE:
        return of.person_id == person.pk and of.audit.phase in OPEN and _is_invited(of, person, on)
    return holds_one_of((rule(of).role,), of.audit, person, on=on)


def _is_invited(of: Return, person: Person, on: date) -> bool:
    invited = OutsideParticipant.objects.about(KIND, of.public_id).filter(person=person)
    return person.is_active and invited.on(on).exists()


def may_fill(of: Return, person: Person, *, on: date) -> bool:
    """Whether this person may answer and grade in it now."""
    return of.is_open and of.audit.phase in OPEN and holds(of, person, on=on)


def may_arrange(of: Return, person: Person, *, on: date) -> bool:
    """Whether this person may invite somebody to it or say that it is not coming: the role named for it,
    or whoever may edit the audit."""
    if person.is_outside or not of.is_open or of.audit.phase not in OPEN:
        return False
    by = pack_of(of.audit.version).flow_of(of.audit.audit_type).states[of.audit.state].edited_by
    arranges = rule(of).filled_in_by in (OUTSIDE, NO_ACCOUNT)
    return holds_one_of((*by, *([rule(of).role] if arranges else [])), of.audit, person, on=on)


def may_invite(of: Return, person: Person, *, on: date) -> bool:
    """Whether this person may invite somebody from outside to it now."""
    return rule(of).filled_in_by == OUTSIDE and may_arrange(of, person, on=on)


def may_see_others(audit: Audit, person: Person, *, on: date) -> bool:
    """Whether this person may read the returns of others that are in.

    Whoever reads the audit may, and whoever fills in a return if the framework says so; both only once
    their own is in, unless it may see others at any time. Nobody from outside ever may, nor
    whoever is to read a summary alone.
    """
    if person.is_outside or is_closed(audit, person, THE_AUDIT, on=on):
        return False
    if is_kept_to_summary(audit, person, on=on):
        return False
    own = [one for one in returns_of(audit) if holds(one, person, on=on)]
    typed = [one for one in own if rule(one).filled_in_by != NO_ACCOUNT]
    if any(one.is_open and rule(one).sees_others != "at any time" for one in typed):
        return False
    return may_read(audit, person, on=on) or any(rule(one).sees_others != "never" for one in typed)


def may_open(of: Return, person: Person, *, on: date) -> bool:
    """Whether this person may open the return: their own, or one that is in and shown to them."""
    if holds(of, person, on=on):
        return True
    return of.is_in and may_see_others(of.audit, person, on=on) and not _is_closed(of, person, on=on)


def returns_shown(audit: Audit, person: Person, *, on: date) -> list[Return]:
    """The returns that this person may read now: their own, and those of others that are in."""
    sees = may_see_others(audit, person, on=on)
    return [
        one
        for one in returns_of(audit)
        if holds(one, person, on=on) or (one.is_in and sees and not _is_closed(one, person, on=on))
    ]


def _is_closed(of: Return, person: Person, *, on: date) -> bool:
    """Whether a gate keeps a part from outside closed to somebody who did not fill it in."""
    return rule(of).filled_in_by == OUTSIDE and is_closed(of.audit, person, FROM_OUTSIDE, on=on)


def returns_read(audit: Audit, reader: Person | None, *, on: date) -> list[Return]:
    """The returns that stand in a finished audit's report and file, as far as the reader may open them.

    Without a reader, none that a gate keeps closed.
    """
    found = returns_of(audit)
    if reader is None:
        closed = Closure.objects.filter(audit=audit, what=FROM_OUTSIDE, opened_at=None).exists()
        return [one for one in found if not (closed and rule(one).filled_in_by == OUTSIDE)]
    return [one for one in found if holds(one, reader, on=on) or not _is_closed(one, reader, on=on)]


def open_to(person: Person, *, on: date) -> list[Return]:
    """The returns that somebody from outside may fill in or look at now; their whole view of the product."""
    invited = OutsideParticipant.objects.filter(person=person, about_kind=KIND).on(on)
    found = Return.objects.filter(public_id__in=invited.values("about_id"), person=person)
    found = found.filter(audit__phase__in=OPEN).select_related("audit__version").order_by("begun_at", "pk")
    return [one for one in found[:50] if holds(one, person, on=on)]


def waited_for(audit: Audit, name: str, step: Step) -> list[Return]:
    """The returns that are still out and without which the step cannot be taken."""
    found = [one for one in returns_of(audit) if one.is_open]
    return [one for one in found if ALL in step.requires or name in rule(one).needed_for]


def all_are_settled(audit: Audit) -> bool:
    """Whether every return is in, or known not to be coming."""
    return not any(one.is_open for one in returns_of(audit))


def task_of(of: Return) -> Task | None:
    """What is owed about the return now, with the day by which it is due."""
    return Task.objects.open().about(KIND, of.public_id).order_by("due_at").first()
