"""Copies that others get: which are owed or may be asked for, and who sends them."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import about as about_audit
from goldenthread.audits.queries import may_read, standing_of
from goldenthread.frameworks.models import Grant, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.models import COPY, REPORT, CopiesBegun, Copy
from goldenthread.improvement.queries import known_of
from goldenthread.people.models import Person, Post
from goldenthread.programmes.models import Cycle
from goldenthread.rules.copies import ALWAYS, ON_REQUEST, CopyRule, fitting, of_report
from goldenthread.rules.flow import DONE
from goldenthread.tasks.models import Task
from goldenthread.tasks.queries import Standing, people_of

SEE_REPORTS = "see reports"
MOST_SHOWN = 20


def audits_to_copy() -> QuerySet[Audit]:
    """Final audits of which nobody has asked yet who gets a copy, under versions by which somebody may."""
    asks = [one.pk for one in Version.objects.order_by("pk") if _copies_audits(one)]
    new = ~Exists(CopiesBegun.objects.filter(audit=OuterRef("pk")))
    found = Audit.objects.done().filter(new, version__in=asks, blanked_at=None)
    return found.order_by("finished_at", "pk")


def _copies_audits(version: Version) -> bool:
    rules = pack_of(version).copies.values()
    return any(not one.is_of_report and one.given == ALWAYS for one in rules)


def cycles_to_report(at: datetime) -> QuerySet[Cycle]:
    """Cycles that were sent and have closed, whose report is to be signed or copied and was not begun yet."""
    asks = [one.pk for one in Version.objects.order_by("pk") if _copies_reports(one)]
    new = ~Exists(CopiesBegun.objects.filter(cycle=OuterRef("pk")))
    closed = Cycle.objects.exclude(sent_at=None).filter(closes_on__lt=timezone.localdate(at))
    return closed.filter(new, version__in=asks).order_by("closes_on", "pk")


def _copies_reports(version: Version) -> bool:
    pack = pack_of(version)
    return pack.report.signed_off is not None or bool(of_report(pack.copies, ALWAYS))


def rule_of(copy: Copy) -> CopyRule:
    """What the framework says of it."""
    return pack_of(copy.version).copies[copy.rule]


def owed_of(audit: Audit) -> list[str]:
    """The copies of a final audit that are owed without anybody asking, by name."""
    return fitting(pack_of(audit.version).copies, audit.audit_type, known_of(audit), given=ALWAYS)


def may_be_asked(of: Audit | Cycle, person: Person, *, on: date) -> dict[str, CopyRule]:
    """The copies for which somebody who may know of the audit, or see reports, may note a request."""
    rules = pack_of(of.version).copies
    if person.is_outside or not any(one.given == ON_REQUEST for one in rules.values()):
        return {}
    if isinstance(of, Cycle):
        known = of.sent_at is not None and of.closes_on < on and sees_reports(person, of.version, on=on)
        return {name: rules[name] for name in of_report(rules, ON_REQUEST)} if known else {}
    if of.phase not in DONE or of.blanked_at is not None:
        return {}
    if not Audit.objects.visible_to(person, on=on).filter(pk=of.pk).exists():
        return {}
    return {name: rules[name] for name in fitting(rules, of.audit_type, known_of(of), given=ON_REQUEST)}


def sees_reports(person: Person, version: Version, *, on: date) -> bool:
    """Whether a post of this person sees reports under the version."""
    held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
    return Grant.objects.filter(Exists(held), version=version, permission=SEE_REPORTS).exists()


def may_settle(copy: Copy, person: Person, *, on: date) -> bool:
    """Whether this person has it in their tasks to send it."""
    owed = Task.objects.open().about(COPY, copy.public_id).owed_by(person, on=on)
    return copy.settled_at is None and owed.exists()


def may_sign_off(cycle: Cycle, person: Person, *, on: date) -> bool:
    """Whether this person has it in their tasks to sign the report of a cycle off."""
    return Task.objects.open().about(REPORT, cycle.public_id).owed_by(person, on=on).exists()


def may_read_copied(copy: Copy, person: Person, *, on: date) -> bool:
    """Whether this person may read what is copied, and so send it."""
    if copy.audit is None:
        return sees_reports(person, copy.version, on=on)
    known = Audit.objects.visible_to(person, on=on).filter(pk=copy.audit.pk)
    return known.exists() and may_read(copy.audit, person, on=on)


def standing_for(copy: Copy) -> Standing:
    """Who stands in which relation to what is copied."""
    return standing_of(copy.audit) if copy.audit else Standing(None)


def recipients_of(copy: Copy, *, on: date) -> list[Person]:
    """Who holds the role that gets it today; nobody where it goes outside."""
    role = rule_of(copy).role
    return people_of(role, pack_of(copy.version), standing_for(copy), on=on) if role else []


def about_copy(copy: Copy) -> tuple[str, str, str]:
    """The copy as events and tasks name it: which one, of what, and nobody's name."""
    of = about_audit(copy.audit)[2] if copy.audit else about_report(copy.cycle)[2]  # type: ignore[arg-type]
    return COPY, copy.public_id, f"{rule_of(copy).title}: {of}"[:200]


def about_report(cycle: Cycle) -> tuple[str, str, str]:
    """The report of a cycle as events and tasks name it."""
    return REPORT, cycle.public_id, f"{pack_of(cycle.version).report.title}: {cycle.title}"[:200]


def copies_of(of: Audit | Cycle, person: Person, *, on: date) -> list[Copy]:
    """The copies that this person may know of; a query only where the framework gives any."""
    if not pack_of(of.version).copies:
        return []
    seen = Copy.objects.visible_to(person, on=on)
    found = seen.filter(audit=of) if isinstance(of, Audit) else seen.filter(cycle=of)
    return list(found.newest_first().select_related("version", "task")[:MOST_SHOWN])
