"""The returns of an audit: begun with it, given to people from outside, sent in, or given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.gaps import Gap, gaps
from goldenthread.audits.models import Audit, Return
from goldenthread.audits.operations.clocks import values_of
from goldenthread.audits.operations.judging import settle_grades
from goldenthread.audits.operations.locking import change, locked, must_edit, must_fit
from goldenthread.audits.queries import about, path_of, standing_of
from goldenthread.audits.returns import (
    OPEN,
    about_return,
    all_are_settled,
    holder_words,
    may_arrange,
    path_of_return,
    returns_of,
    rule,
)
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import OutsideParticipant, Person
from goldenthread.people.operations.outside import invite_from_outside, withdraw_from
from goldenthread.rules.flow import Step
from goldenthread.rules.refusal import Refused
from goldenthread.rules.returns import NO_ACCOUNT, OUTSIDE
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Owner, Standing, people_of

YOUR_PART = ("Your part of {type} {reference}", "Please fill in your part by {due}: {link}")
TO_INVITE = (
    "Somebody to invite to {type} {reference}",
    "A part of it is for somebody from outside. Invite them: {link}",
)
ALL_IN = ("The parts of {type} {reference} are in", "They can be read side by side: {link}")
WHOLE = Step.model_validate(
    {"label": "Send it in", "from": ["x"], "to": "x", "by": ["x"], "requires": ["answers", "grades"]}
)
"""What a return must hold before it is sent in."""


class Unfinished(Refused):
    """A return that lacks something; `gaps` says what and where."""

    def __init__(self, found: list[Gap]) -> None:
        sentences = "; ".join(gap.sentence.rstrip(".") for gap in found)
        super().__init__(f"This part cannot be sent in yet. {sentences}.")
        self.gaps = found


def begin_returns(audit: Audit, standing: Standing, *, at: datetime) -> None:
    """Begin every return of the audit's type, within the sending that covers it."""
    rules = pack_of(audit.version).audit_types[audit.audit_type].returns
    for key in rules:
        row = Return.objects.create(audit=audit, key=key, begun_at=at)
        _ask(row, standing, at=at)


def end_returns(audit: Audit, *, at: datetime) -> None:
    """Past the work on the audit, nothing is owed about its returns and nobody from outside sees one."""
    if audit.phase in OPEN:
        return
    for row in returns_of(audit):
        cancel_tasks(about=about_return(row), at=at)
        if rule(row).filled_in_by == OUTSIDE and row.person_id:
            withdraw_from(about=about_return(row), at=at)


@transaction.atomic
def invite_to_return(
    row: Return, *, name: str, organisation: str, email: str, until: date | None, by: Person, at: datetime
) -> OutsideParticipant:
    """Invite somebody from outside to fill in a return; they see that and nothing else."""
    row = _locked(row)
    _must_arrange(row, by, at)
    if rule(row).filled_in_by != OUTSIDE:
        raise Refused("Nobody from outside is invited to this part. The framework says who fills it in.")
    invited = invite_from_outside(
        name=name,
        organisation=organisation,
        email=email,
        about=about_return(row),
        until=until,
        by=by,
        at=at,
    )
    row.person, row.organisation = invited.person, invited.organisation
    row.save(update_fields=["person", "organisation"])
    finish_tasks(about=about_return(row), by=by, at=at)
    _start(row, standing_of(row.audit), Owner("", invited.person), at=at)
    values: dict[str, object] = {"return": row.key, "invited": invited.person.public_id}
    values |= {"until": until.isoformat()} if until else {}
    record("audit.invite_outside", about=about(row.audit), by=by, at=at, values=values)
    return invited


@transaction.atomic
def name_giver(row: Return, *, name: str, organisation: str, by: Person, at: datetime) -> Return:
    """Say whose words are typed in: somebody without an account, by name and organisation."""
    row = _locked(row)
    must_edit(row.audit, by, at, row)
    if rule(row).filled_in_by != NO_ACCOUNT:
        raise Refused("The framework says who fills in this part, so nobody else is named for it.")
    if not name.strip():
        raise Refused("Give the name of the person whose words these are.")
    before = holder_words(row)
    row.given_by, row.organisation = name.strip()[:200], organisation.strip()[:200]
    row.save(update_fields=["given_by", "organisation"])
    values = {"return": row.key, "given by": change(before, holder_words(row))}
    record("audit.name_giver", about=about(row.audit), by=by, at=at, values=values)
    return row


@transaction.atomic
def send_in(row: Return, *, by: Person, at: datetime) -> Return:
    """Send a return in: from now on it stands as it is, beside the others."""
    row = _locked(row)
    must_edit(row.audit, by, at, row)
    if rule(row).filled_in_by == NO_ACCOUNT and not row.given_by:
        raise Refused("Say first whose words these are: a name and, if there is one, an organisation.")
    sheet = sheet_of(row.audit, on=timezone.localdate(at), in_return=row)
    if found := gaps(sheet, WHOLE):
        raise Unfinished(found)
    settled = settle_grades(sheet, by=by, at=at)
    _settle(row, Return.State.SENT_IN, by=by, at=at)
    record(
        "audit.send_in_return", about=about(row.audit), by=by, at=at, values={"return": row.key, **settled}
    )
    return row


@transaction.atomic
def give_up_return(row: Return, *, why: str, by: Person, at: datetime) -> Return:
    """Say that a return is not coming, and why; the audit waits for it no longer."""
    row = _locked(row)
    _must_arrange(row, by, at)
    must_fit(why)
    if not why.strip():
        raise Refused("Say why this part is not coming.")
    row.why = why.strip()
    _settle(row, Return.State.NOT_COMING, by=by, at=at)
    withdraw_from(about=about_return(row), at=at)
    values = {"return": row.key, "why": row.why}
    record("audit.give_up_return", about=about(row.audit), by=by, at=at, values=values)
    return row


@transaction.atomic
def ask_again(row: Return, *, by: Person, at: datetime) -> Return:
    """Open a return that had been given up, since it is coming after all; its clock starts anew."""
    row = _locked(row)
    if row.state != Return.State.NOT_COMING:
        raise Refused("Only a part that was not coming can be asked for again.")
    row.state, row.settled_at, row.settled_by, row.why = Return.State.BEGUN, None, None, ""
    _must_arrange(row, by, at)
    row.person = None
    row.save(update_fields=["state", "settled_at", "settled_by", "why", "person"])
    _ask(row, standing_of(row.audit), at=at)
    record("audit.ask_again", about=about(row.audit), by=by, at=at, values={"return": row.key})
    return row


def _locked(row: Return) -> Return:
    """The return as it stands while its audit is locked, so that a step, a save and a sending never cross."""
    audit = locked(row.audit, "unit", "auditor", "practitioner")
    found = Return.objects.select_related("person").get(pk=row.pk)
    found.audit = audit
    return found


def _must_arrange(row: Return, by: Person, at: datetime) -> None:
    if not row.is_open:
        raise Refused("This part has been sent in or given up already.")
    if not may_arrange(row, by, on=timezone.localdate(at)):
        word = words_of(row.audit.version)["audit"]
        raise Refused(f"Only those who work on the {word}, while it is worked on, can do this.")


def _settle(row: Return, state: Return.State, *, by: Person, at: datetime) -> None:
    """It is owed no more; once none is out, the auditor hears that they can be read."""
    row.state, row.settled_at, row.settled_by = state, at, by
    row.save(update_fields=["state", "settled_at", "settled_by", "why"])
    finish_tasks(about=about_return(row), by=by, at=at)
    audit = row.audit
    if all_are_settled(audit):
        values = values_of(audit, audit.cycle_closes_on)
        where = f"{path_of(audit)}returns/"
        _tell(about(audit), ALL_IN, [audit.auditor], path=where, values=values, at=at)


def _ask(row: Return, standing: Standing, *, at: datetime) -> None:
    """Start what is owed about a return by the role that fills it in, invites to it or types it in."""
    _start(row, standing, rule(row).role, at=at)


def _start(row: Return, standing: Standing, owed_by: str | Owner, *, at: datetime) -> None:
    """Start the clock of a return, and tell those who owe it; a reference and a link."""
    audit, is_to_invite = row.audit, rule(row).filled_in_by == OUTSIDE and not isinstance(owed_by, Owner)
    task = start_task(
        clock=rule(row).clock,
        pack=pack_of(audit.version),
        version=audit.version,
        about=about_return(row),
        standing=standing,
        at=at,
        closes_on=audit.cycle_closes_on,
        owed_by=owed_by,
        title=_title(row, is_to_invite=is_to_invite)[:200],
    )
    on = timezone.localdate(at)
    if isinstance(owed_by, Owner):
        people = [owed_by.person] if owed_by.person else []
    else:
        people = people_of(owed_by, pack_of(audit.version), standing, on=on)
    values = values_of(audit, timezone.localdate(task.due_at))
    said = TO_INVITE if is_to_invite else YOUR_PART
    _tell(about_return(row), said, people, path=path_of_return(row), values=values, at=at)


def _title(row: Return, *, is_to_invite: bool) -> str:
    title, label = rule(row).title, about(row.audit)[2]
    if is_to_invite:
        return f"Invite somebody to fill in “{title}” of {label}"
    if rule(row).filled_in_by == NO_ACCOUNT:
        return f"Type in “{title}” of {label}"
    return f"Fill in your part of {label}"


def _tell(
    what: tuple[str, str, str],
    said: tuple[str, str],
    people: Iterable[Person],
    *,
    path: str,
    values: dict[str, str],
    at: datetime,
) -> None:
    write_notices(
        pack=None,
        notice=said,
        about=what,
        path=path,
        people=people,
        values=values,
        at=at,
        key=f"{what[0]}:{what[1]}:{said[0][:12]}:{at.isoformat()}",
    )
