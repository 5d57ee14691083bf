"""Copies are owed, asked for, sent by a person and recorded, or dropped; reports are signed off."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import about as about_audit
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.copies import (
    about_copy,
    about_report,
    audits_to_copy,
    begun,
    has_to_sign_off,
    may_be_asked,
    may_read_copied,
    may_settle,
    owed_of,
    periods_to_report,
    reads_report,
    reported,
    rule_of,
    signed_off,
    standing_for,
    title_of,
)
from goldenthread.governance.models import CopiesBegun, Copy, FurtherReport, SignOff
from goldenthread.governance.telling import tell_of_end
from goldenthread.ledger.ids import new_id
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period
from goldenthread.rules.clocks import end_of
from goldenthread.rules.copies import ALWAYS, of_report
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import cancel_tasks, finish_tasks, start_task
from goldenthread.tasks.queries import Standing

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""How many audits one run looks at, so that a long backlog does not keep other work waiting."""
LONGEST = 300
LONGEST_NAME = 150


def begin_copies(*, at: datetime) -> int:
    """Begin the copies that are owed of final audits and of reports, once; how many began.

    The clocks run from the moment at which the audit became final, or from the end of the last day of the
    report's period, also where this runs later. One for which nobody is found to send it is tried again, and
    keeps no other from beginning.
    """
    number = 0
    for audit in audits_to_copy()[:MOST_AT_ONCE]:
        try:
            number += _begin_of_audit(audit, at=at)
        except Exception:
            logger.exception("Copies of the audit %s could not begin; tried again", audit.public_id)
    for period in periods_to_report(at)[:MOST_AT_ONCE]:
        try:
            number += _begin_of_report(period, at=at)
        except Exception:
            logger.exception("Copies of the report %s could not begin; tried again", title_of(period))
    return number


@transaction.atomic
def ask_for_copy(
    of: Audit | Period, rule: str, *, asked_by: str, asked_on: date, by: Person, at: datetime
) -> Copy:
    """Note that somebody asked for a copy, who and on which day; whoever sends it has it in their tasks."""
    on = timezone.localdate(at)
    if rule not in may_be_asked(of, by, on=on):
        raise Refused("This copy cannot be asked for here. Choose one of those shown.")
    asked_by = _fitting(asked_by, LONGEST_NAME, "Say who asked for it.")
    if asked_on > on:
        raise Refused("The day of the request is still to come. Enter the day on which it was made.")
    if asked_on < _known_since(of):
        raise Refused("There was nothing to copy on that day yet. Enter the day on which it was asked for.")
    copy = _owe(of, rule, from_=min(at, end_of(asked_on)), asked_by=asked_by, asked_on=asked_on, noted_by=by)
    values = {"copy": rule, "asked by": asked_by, "asked on": asked_on.isoformat()}
    record("copy.ask", about=about_copy(copy), by=by, at=at, values=values)
    return copy


@transaction.atomic
def note_sent_copy(
    copy: Copy, *, sent_to: str, sent_as: str, sent_on: date, by: Person, at: datetime
) -> Copy:
    """Record that a person has sent a copy: to whom, how and on which day. Nothing is sent by this."""
    copy = _to_settle(copy, by=by, at=at)
    sent_to = _fitting(sent_to, LONGEST, "Say to whom it was sent, with the address that you used.")
    if sent_as not in rule_of(copy).ways:
        raise Refused("Choose how it was sent.")
    if sent_on > timezone.localdate(at):
        raise Refused("The day of sending is still to come. Record it once it is sent.")
    if sent_on < _known_since(copy.audit or reported(copy)):
        raise Refused("There was nothing to send on that day yet. Enter the day on which it was sent.")
    if not may_read_copied(copy, by, on=timezone.localdate(at)):
        raise Refused("You may not read this, so somebody who may has to send it. Ask them, or say why not.")
    copy.sent_to, copy.sent_as, copy.sent_on = sent_to, sent_as, sent_on
    copy.settled_by, copy.settled_at = by, at
    copy.save(update_fields=["sent_to", "sent_as", "sent_on", "settled_by", "settled_at"])
    finish_tasks(about=about_copy(copy), by=by, at=at)
    values = {"copy": copy.rule, "to": sent_to, "as": sent_as, "on": sent_on.isoformat()}
    record("copy.send", about=about_copy(copy), by=by, at=at, values=values)
    return copy


@transaction.atomic
def drop_copy(copy: Copy, *, because: str, by: Person, at: datetime) -> Copy:
    """Say why a copy is not sent, such as that nobody may have it; it is owed no more."""
    copy = _to_settle(copy, by=by, at=at)
    copy.not_sent_because = _fitting(because, LONGEST, "Say why it is not sent.")
    copy.settled_by, copy.settled_at = by, at
    copy.save(update_fields=["not_sent_because", "settled_by", "settled_at"])
    cancel_tasks(about=about_copy(copy), at=at)
    values = {"copy": copy.rule, "because": copy.not_sent_because}
    record("copy.drop", about=about_copy(copy), by=by, at=at, values=values)
    return copy


@transaction.atomic
def sign_off_report(period: Period, *, by: Person, at: datetime) -> SignOff | FurtherReport:
    """Sign a report off, once; its copies are owed from now."""
    Cycle.objects.select_for_update(of=("self",)).get(pk=period.last.pk)
    if signed_off(period):
        raise Refused("This report is signed off already.")
    if not has_to_sign_off(period, by, on=timezone.localdate(at)):
        raise Refused("This report is signed off by whoever has it in their tasks.")
    if period.about == by:
        raise Refused("This report is about you, so somebody else has to sign it off.")
    if period.about and not reads_report(by, period, on=timezone.localdate(at)):
        raise Refused("You may not read this report, so somebody who may has to sign it off.")
    signed: SignOff | FurtherReport | None = begun(period) if period.name else None
    if isinstance(signed, FurtherReport):
        signed.signed_by, signed.signed_at = by, at
        signed.save(update_fields=["signed_by", "signed_at"])
    else:
        signed = SignOff.objects.create(cycle=period.last, signed_by=by, signed_at=at)
    finish_tasks(about=about_report(period), by=by, at=at)
    copies = of_report(pack_of(period.version).copies, ALWAYS, period.name)
    for name in copies:
        _owe(period, name, from_=at)
    record("report.sign_off", about=about_report(period), by=by, at=at, values={"copies": copies})
    return signed


@transaction.atomic
def _begin_of_audit(audit: Audit, *, at: datetime) -> int:
    """Owe the copies of one audit, unless another run did so meanwhile."""
    rows = Audit.objects.select_for_update(of=("self",))
    audit = rows.with_framework("unit", "auditor", "practitioner", "previous", "subject").get(pk=audit.pk)
    _, is_new = CopiesBegun.objects.get_or_create(audit=audit, defaults={"begun_at": at})
    if not is_new:
        return 0
    names = owed_of(audit)
    for name in names:
        _owe(audit, name, from_=audit.finished_at or at)
    if names:
        record("copy.begin", about=about_audit(audit), by=None, at=at, values={"copies": names})
    return len(names)


@transaction.atomic
def _begin_of_report(period: Period, *, at: datetime) -> int:
    """Owe the copies of a report whose period is over, or first its signature."""
    Cycle.objects.select_for_update(of=("self",)).get(pk=period.last.pk)
    if not _is_first(period, at):
        return 0
    told = 0 if period.name else tell_of_end(period, at=at)
    pack, closed, about = period.pack, end_of(period.closes_on), about_report(period)
    names = of_report(pack.copies, ALWAYS, period.name)
    values = {"copies": names} | ({"told": told} if told else {})
    if pack.report.signed_off is not None:
        start_task(
            clock=pack.report.signed_off, pack=pack, version=period.version, about=about,
            standing=Standing(None), at=closed, not_for=period.about,
        )  # fmt: skip
        record("report.ask", about=about, by=None, at=at, values=values)
        return 1
    for name in names:
        _owe(period, name, from_=closed)
    if names:
        record("copy.begin", about=about, by=None, at=at, values=values)
    elif told:
        record("report.tell", about=about, by=None, at=at, values=values)
    return len(names)


def _is_first(period: Period, at: datetime) -> bool:
    """Whether a report begins by this, and not by an earlier run."""
    if not period.name:
        return CopiesBegun.objects.get_or_create(cycle=period.last, defaults={"begun_at": at})[1]
    if begun(period):
        return False
    FurtherReport.objects.create(cycle=period.last, report=period.name, person=period.about, begun_at=at)
    return True


def _owe(of: Audit | Period, rule: str, *, from_: datetime, **asked: object) -> Copy:
    """A copy with the task to send it."""
    audit, cycle = (of, None) if isinstance(of, Audit) else (None, of.last)
    copy = Copy(
        public_id=new_id(),
        version=of.version,
        rule=rule,
        unit=audit.unit if audit else None,
        audit=audit,
        cycle=cycle,
        person=of.about if isinstance(of, Period) else None,
        began_at=from_,
        **asked,
    )
    pack = pack_of(of.version)
    said = pack.copies[rule]
    copy.task = start_task(
        clock=said.clock,
        pack=pack,
        version=of.version,
        about=about_copy(copy),
        standing=standing_for(copy),
        at=from_,
        not_for=copy.person,
        title=f"{pack.clocks[said.clock].title}: {said.title}"[:200],
    )
    copy.save()
    return copy


def _to_settle(copy: Copy, *, by: Person, at: datetime) -> Copy:
    """The copy, locked, for whoever has it in their tasks."""
    rows = Copy.objects.select_for_update(of=("self",))
    named = ("version", "cycle__version", "audit__version", "audit__unit", "audit__auditor")
    copy = rows.select_related(*named, "audit__practitioner").get(pk=copy.pk)
    if copy.settled_at is not None:
        raise Refused("This copy is settled already. What was done stands on this page.")
    if copy.person_id == by.pk:
        raise Refused("This copy is about you, so somebody else has to send it, or say why not.")
    if not may_settle(copy, by, on=timezone.localdate(at)):
        raise Refused("This copy is sent by whoever has it in their tasks.")
    return copy


def _known_since(of: Audit | Period | None) -> date:
    """The first day on which there was something to copy."""
    if isinstance(of, Audit):
        return timezone.localdate(of.finished_at)
    return of.closes_on if of else date.min


def _fitting(text: str, longest: int, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing)
    if len(text) > longest:
        raise Refused(f"Shorten this to {longest} characters; it has {len(text)}: “{text[:30]}…”.")
    return text
