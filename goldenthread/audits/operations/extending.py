"""Giving an auditor longer than the cycle, as far as the framework lets whoever gives it (WF-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Audit, Extension
from goldenthread.audits.operations.clocks import tell
from goldenthread.audits.operations.locking import STANDING, change, locked
from goldenthread.audits.queries import about, roles_among, standing_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules import clocks
from goldenthread.rules.calendars import in_words
from goldenthread.rules.cycles import Extension as Rule
from goldenthread.rules.flow import OWED, WORKING
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import postpone_tasks
from goldenthread.tasks.queries import working_calendar

EXTENSION = "extension"


@dataclass(frozen=True)
class Offer:
    """In which role somebody may give longer, and the last day until which they may; None without an end."""

    role: str
    latest: date | None


@transaction.atomic
def extend_audit(audit: Audit, *, until: date, why: str, by: Person, at: datetime) -> Audit:
    """Give an audit until a later day; what is owed until the cycle closes is due then, and says why."""
    audit = locked(audit, *STANDING)
    offer = _must_be_extendable(audit, until, why.strip(), by, at)
    before, on = audit.closes_on, timezone.localdate(at)
    audit.extended_to = until
    audit.save(update_fields=["extended_to"])
    Extension.objects.create(
        audit=audit, until=until, why=why.strip()[:300], role=offer.role, given_by=by, given_at=at
    )
    standing, pack = standing_of(audit), pack_of(audit.version)
    because = f"on {_day(on)} the {pack.roles[offer.role].title.lower()} gave longer, until {_day(until)}"
    postpone_tasks(about=about(audit), until=until, because=because, pack=pack, standing=standing, at=at)
    tell(audit, EXTENSION, standing, at=at, due=until)
    values = {
        "until": change(before.isoformat(), until.isoformat()),
        "because": why.strip(),
        "as": offer.role,
    }
    record("audit.extend", about=about(audit), by=by, at=at, values=values)
    return audit


def offers_to(audit: Audit, person: Person, *, on: date) -> list[Offer]:
    """How long this person may give, in each of their roles that may; the longest first."""
    rules = pack_of(audit.version).calendar_of(audit.audit_type).extension
    asked = [role for rule in rules for role in rule.by]
    held = roles_among(asked, audit, person, on=on) if asked else set()
    offers = [Offer(role, _latest(audit, rule)) for rule in rules for role in rule.by if role in held]
    return sorted(offers, key=lambda offer: offer.latest or date.max, reverse=True)


def who_may(audit: Audit) -> str:
    """Who may give longer and how long, in words; empty where nobody may."""
    pack = pack_of(audit.version)
    rules = pack.calendar_of(audit.audit_type).extension
    if not rules:
        return ""
    return in_words(
        f"the {' or the '.join(pack.roles[role].title.lower() for role in rule.by)}"
        f" ({f'up to {rule.at_most}' if rule.at_most else 'as long as is needed'})"
        for rule in rules
    )


def _latest(audit: Audit, rule: Rule) -> date | None:
    """The last day until which a rule gives longer, counted from the day the cycle closes."""
    if rule.at_most is None:
        return None
    calendar = working_calendar(audit.unit, on=audit.cycle_closes_on)
    start = datetime.combine(audit.cycle_closes_on, time(12), clocks.LONDON)
    return timezone.localdate(clocks.due(rule.at_most, start, calendar).at)


def _must_be_extendable(audit: Audit, until: date, why: str, by: Person, at: datetime) -> Offer:
    words = pack_of(audit.version).words
    if not (who := who_may(audit)):
        raise Refused(f"This framework gives nobody longer than the {words['cycle']}.")
    offers = offers_to(audit, by, on=timezone.localdate(at))
    if not offers:
        raise Refused(f"Longer is given by {who}. Ask one of them.")
    if audit.phase not in (OWED, WORKING):
        raise Refused("Nothing can be given longer now: the report has been handed in.")
    if not why:
        raise Refused("Say why longer is needed.")
    if until <= max(audit.closes_on, timezone.localdate(at)):
        raise Refused(f"Choose a day after {_day(max(audit.closes_on, timezone.localdate(at)))}.")
    latest = offers[0].latest
    if latest is not None and until > latest:
        raise Refused(f"You may give until {_day(latest)} at the latest. Longer is given by {who}.")
    return offers[0]


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
