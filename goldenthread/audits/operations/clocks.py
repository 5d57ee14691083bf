"""The clocks that an audit starts, and the notices that tell of it; both as its framework says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.operations.earlier import tell_of_earlier_work
from goldenthread.audits.queries import about, cycle_words, path_of
from goldenthread.audits.sheets import sheet_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.rules.clocks import Due, until
from goldenthread.rules.conditions import holds
from goldenthread.rules.framework import Clock, Notice
from goldenthread.tasks.operations import finish_tasks, start_task, write_notices
from goldenthread.tasks.queries import Standing, people_of


def start_clocks(
    audit: Audit, clocks: Iterable[str], standing: Standing, *, at: datetime, due_by: Due | None = None
) -> date:
    """Start what is owed now; the day on which the first of it is due, else the day the cycle closes."""
    if due_by is None and audit.extended_to is not None:
        due_by = until(audit.extended_to, "the audit is due")
    tasks = [
        start_task(
            clock=clock,
            pack=pack_of(audit.version),
            version=audit.version,
            about=about(audit),
            standing=standing,
            at=at,
            closes_on=audit.closes_on,
            due_by=due_by,
        )
        for clock in clocks
    ]
    return timezone.localdate(min(task.due_at for task in tasks)) if tasks else audit.closes_on


def end_waiting(audit: Audit, answered_by: str | None = None, *, by: Person, at: datetime) -> None:
    """End the clocks that wait for an audit to be begun: with an answer by whoever owes it, or a step.

    `answered_by` is the role whose question it is; an answer that another role owes begins nothing.
    """
    kinds = [
        name
        for name, rule in pack_of(audit.version).clocks.items()
        if isinstance(rule, Clock) and rule.ends_with and answered_by in (None, rule.owed_by)
    ]
    if kinds:
        finish_tasks(about=about(audit), kinds=kinds, by=by, at=at)


def tell(audit: Audit, event: str, standing: Standing, *, at: datetime, due: date) -> None:
    """Write the notices of an event or a step, to those whom the framework names."""
    pack, on = pack_of(audit.version), timezone.localdate(at)
    written = {name: notice for name, notice in pack.notices.items() if notice.on == event}
    if any(notice.when for notice in written.values()):
        known = sheet_of(audit, on=on).known
        written = {name: notice for name, notice in written.items() if holds(notice.when, known)}
    for name, notice in written.items():
        if _is_about_earlier_work(audit, notice):
            tell_of_earlier_work(audit, name, standing, values=values_of(audit, due), at=at)
            continue
        write_notices(
            pack=pack,
            notice=name,
            about=about(audit),
            path=path_of(audit),
            people=[person for role in notice.to for person in people_of(role, pack, standing, on=on)],
            values=values_of(audit, due),
            at=at,
            key=f"audit:{audit.public_id}:{name}:{at.isoformat()}",
        )


def values_of(audit: Audit, due: date) -> dict[str, str]:
    """The words that a notice may use of the audit; nothing that names a person, a grade or a reason."""
    return {
        "type": pack_of(audit.version).audit_types[audit.audit_type].title,
        "reference": audit.number,
        "cycle": cycle_words(audit.cycle),
        "due": f"{due:%A} {due.day} {due:%B %Y}",
    }


def _is_about_earlier_work(audit: Audit, notice: Notice) -> bool:
    roles = pack_of(audit.version).roles
    return any(roles[role].relation == "earlier practitioner" for role in notice.to)
