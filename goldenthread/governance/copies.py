"""Copies that others get: which are owed or may be asked for, and who sends them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import about as about_audit
from goldenthread.audits.queries import may_read, standing_of
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.frameworks.models import Grant, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.governance.models import (
    COPY,
    FURTHER_REPORT,
    PERSON_REPORT,
    REPORT,
    CopiesBegun,
    Copy,
    FurtherReport,
    SignOff,
)
from goldenthread.governance.telling import told_at_the_end
from goldenthread.improvement.queries import known_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.measures.slices import people_reported
from goldenthread.people.models import Person, Post
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import (
    Period,
    is_reader,
    own_period,
    period_of,
    periods_among,
    title_over,
)
from goldenthread.rules.copies import ALWAYS, ON_REQUEST, CopyRule, fitting, of_report
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.reports import ALL, AUDITOR
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


def periods_to_report(at: datetime) -> list[Period]:
    """Periods that are over whose report is to be signed or copied and has not begun yet, in their order."""
    on = timezone.localdate(at)
    sent = Cycle.objects.exclude(sent_at=None).select_related("version").defer("version__document")
    versions = [(one, pack_of(one)) for one in Version.objects.order_by("pk")]
    own = [one.pk for one, pack in versions if _is_handed_on(pack, "")]
    new = ~Exists(CopiesBegun.objects.filter(cycle=OuterRef("pk")))
    months = sent.filter(new, version__in=own, closes_on__lt=on).order_by("closes_on", "pk")
    found = [own_period(one) for one in months]
    asking = {
        one.framework_id for one, pack in versions if any(_is_handed_on(pack, name) for name in pack.reports)
    }
    if asking:
        begun = set(FurtherReport.objects.values_list("cycle", "report", "person"))
        found += [
            one
            for period in reversed(periods_among(sent.filter(version__framework__in=asking)))
            if period.closes_on < on and _is_handed_on(period.pack, period.name)
            for one in _each(period, on)
            if not any((cycle.pk, one.name, one.about and one.about.pk) in begun for cycle in one.cycles)
        ]
    return found


def _each(period: Period, on: date) -> list[Period]:
    """The report itself; one about a person for each about whom whoever signs or sends it may read one.

    Nobody signs or sends their own, so it waits for somebody else who may.
    """
    if period.rule is None or period.rule.about == ALL:
        return [period]
    pack = period.pack
    copies = of_report(pack.copies, ALWAYS, period.name)
    clocks = (
        [pack.report.signed_off] if pack.report.signed_off else [pack.copies[name].clock for name in copies]
    )
    roles = {pack.clocks[name].owed_by for name in clocks}
    readers = {one.pk: one for role in roles for one in people_of(role, pack, Standing(None), on=on)}
    people = {
        one.pk: one
        for reader in readers.values()
        for one in people_reported(period, reader=reader, on=on).exclude(pk=reader.pk)
    }
    return [period.of(people[key]) for key in sorted(people)]


def _is_handed_on(pack: Framework, name: str) -> bool:
    """Whether somebody signs a report off, gets a copy of it each time, or is told that it is there."""
    report = pack.reports[name] if name else pack.report
    if not name and told_at_the_end(pack):
        return True
    return report.signed_off is not None or bool(of_report(pack.copies, ALWAYS, name))


def begun(period: Period) -> FurtherReport | None:
    """What is kept of a further report once its period is over."""
    known = FurtherReport.objects.filter(cycle__in=period.cycles, report=period.name, person=period.about)
    return known.first()


def signed_off(period: Period) -> SignOff | FurtherReport | None:
    """Who signed a report off and when; nothing where nobody has."""
    if not period.name:
        return _sign_off.first(cycle=period.last.pk)
    found = begun(period)
    return found if found and found.signed_at else None


_sign_off = Compiled(lambda cycle: SignOff.objects.filter(cycle=cycle).select_related("signed_by"), cycle=int)


def rule_of(copy: Copy) -> CopyRule:
    """What the framework says of it."""
    return pack_of(copy.version).copies[copy.rule]


def owed_of(audit: Audit) -> list[str]:
    """The copies of a final audit that are owed without anybody asking, by name."""
    return fitting(pack_of(audit.version).copies, audit.audit_type, known_of(audit), given=ALWAYS)


def may_be_asked(of: Audit | Period, person: Person, *, on: date) -> dict[str, CopyRule]:
    """The copies for which somebody who may know of the audit, or see reports, may note a request."""
    rules = pack_of(of.version).copies
    if person.is_outside or not any(one.given == ON_REQUEST for one in rules.values()):
        return {}
    if isinstance(of, Period):
        known = of.last.sent_at is not None and of.closes_on < on and reads_report(person, of, on=on)
        return {name: rules[name] for name in of_report(rules, ON_REQUEST, of.name)} if known else {}
    if of.phase not in DONE or of.blanked_at is not None:
        return {}
    if not Audit.objects.visible_to(person, on=on).filter(pk=of.pk).exists():
        return {}
    return {name: rules[name] for name in fitting(rules, of.audit_type, known_of(of), given=ON_REQUEST)}


def sees_reports(person: Person, version: Version, *, on: date) -> bool:
    """Whether a post of this person sees reports under the version."""
    held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
    return Grant.objects.filter(Exists(held), version=version, permission=SEE_REPORTS).exists()


def reads_report(person: Person, period: Period, *, on: date) -> bool:
    """Whether this person reads the report of a period."""
    if period.about is not None:
        return people_reported(period, reader=person, on=on).filter(pk=period.about.pk).exists()
    return sees_reports(person, period.version, on=on) and is_reader(person, period, on=on)


def may_settle(copy: Copy, person: Person, *, on: date) -> bool:
    """Whether this person has it in their tasks to send it; nobody sends what is about themselves."""
    if copy.person_id == person.pk:
        return False
    owed = Task.objects.open().about(COPY, copy.public_id).owed_by(person, on=on)
    return copy.settled_at is None and owed.exists()


def may_sign_off(period: Period, person: Person, *, on: date) -> bool:
    """Whether this person has it in their tasks to sign a report off, and it is not about themselves."""
    return period.about != person and has_to_sign_off(period, person, on=on)


def has_to_sign_off(period: Period, person: Person, *, on: date) -> bool:
    """Whether it falls to this person to sign a report off, whomever it is about."""
    kind, public_id, _ = about_report(period)
    return bool(_falling_to(held=holding(person, on), kind=kind, public_id=public_id))


def waits_for_nobody(period: Period, *, on: date) -> bool:
    """Whether a report is to be signed off and there is nobody now who could."""
    kind, public_id, _ = about_report(period)
    return bool(_reaching_nobody(kind=kind, public_id=public_id, on=on))


def _tasks_falling_to(held: Holding, kind: str, public_id: str) -> QuerySet[Task, Any]:
    found = Task.objects.open().about(kind, public_id).falling_to(held.reader, on=held.on)
    return found.values_list("pk")[:1]


_falling_to = Compiled(_tasks_falling_to, held=Holding, kind=str, public_id=str)
_reaching_nobody = Compiled(
    lambda kind, public_id, on: (
        Task.objects.open().about(kind, public_id).reaching_nobody(on=on).values_list("pk")[:1]
    ),
    kind=str,
    public_id=str,
    on=date,
)


def may_read_copied(copy: Copy, person: Person, *, on: date) -> bool:
    """Whether this person may read what is copied, and so send it."""
    if copy.audit is None:
        period = reported(copy)
        return period is not None and reads_report(person, period, on=on)
    known = Audit.objects.visible_to(person, on=on).filter(pk=copy.audit.pk)
    return known.exists() and may_read(copy.audit, person, on=on)


def standing_for(copy: Copy) -> Standing:
    """Who stands in which relation to what is copied."""
    return standing_of(copy.audit) if copy.audit else Standing(None)


def recipients_of(copy: Copy, *, on: date) -> list[Person]:
    """Who holds the role that gets it today; nobody where it goes outside."""
    role = rule_of(copy).role
    relation = pack_of(copy.version).roles[role].relation if role else None
    if copy.person is not None and relation:
        return [copy.person] if relation == _relation(copy) else []
    return people_of(role, pack_of(copy.version), standing_for(copy), on=on) if role else []


def _relation(copy: Copy) -> str:
    """What the person is in the audits, about whom the copied report is."""
    report = pack_of(copy.version).reports[rule_of(copy).report or ""]
    return "auditor" if report.about == AUDITOR else "practitioner"


def reported(copy: Copy) -> Period | None:
    """The period whose report is copied, where it is a copy of one."""
    period = period_of(copy.cycle, rule_of(copy).report or "") if copy.cycle else None
    return period.of(copy.person) if period and copy.person else period


def about_copy(copy: Copy) -> tuple[str, str, str]:
    """The copy as events and tasks name it: which one, of what, and nobody's name."""
    return COPY, copy.public_id, f"{rule_of(copy).title}: {of_what(copy)}"[:200]


def of_what(copy: Copy) -> str:
    """What it is a copy of, in words that name nobody."""
    if copy.cycle is None:
        return about_audit(copy.audit)[2] if copy.audit else ""
    name = rule_of(copy).report or ""
    pack = pack_of(copy.version).for_report(name)
    return f"{pack.report.title}: {title_over(copy.cycle, pack, name)}"[:200]


def about_whom(name: str) -> str:
    """What tells reports about people, and their copies, apart for those who may know whom they are about."""
    return f"About {name}"


def title_of(period: Period) -> str:
    """A report with its period, in words."""
    return f"{period.pack.report.title}: {period.title}"[:200]


def about_report(period: Period) -> tuple[str, str, str]:
    """The report as events and tasks name it; a further one once it has begun."""
    if not period.name:
        return REPORT, period.last.public_id, title_of(period)
    found = begun(period)
    kind = PERSON_REPORT if period.about else FURTHER_REPORT
    return kind, found.public_id if found else "", title_of(period)


def copies_of(of: Audit | Period, person: Person, *, on: date) -> list[Copy]:
    """The copies that this person may know of; a query only where the framework gives any."""
    rules = pack_of(of.version).copies
    if not rules:
        return []
    seen = Copy.objects.visible_to(person, on=on)
    if isinstance(of, Audit):
        found = seen.filter(audit=of)
    else:
        named = [name for given in (ALWAYS, ON_REQUEST) for name in of_report(rules, given, of.name)]
        found = seen.filter(cycle__in=of.cycles, rule__in=named, person=of.about)
    return list(found.newest_first().select_related("version", "task")[:MOST_SHOWN])
