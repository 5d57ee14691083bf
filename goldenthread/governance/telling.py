"""Telling those whom a framework names, at the end of a cycle, that its report and spreadsheets are there."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.governance.models import REPORT
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period
from goldenthread.rules.framework import CYCLE_END, Framework, Notice
from goldenthread.tasks.operations import write_notices
from goldenthread.tasks.queries import Standing, people_of


def told_at_the_end(pack: Framework) -> dict[str, Notice]:
    """The notices of a framework that tell of the end of a cycle, by name."""
    return {name: notice for name, notice in pack.notices.items() if notice.on == CYCLE_END}


def tell_of_end(period: Period, *, at: datetime) -> int:
    """Tell of the end of a cycle, once each; how many were told. It is part of the caller's transaction.

    A cycle after which another has closed by now is old news: nobody is told of that one.
    """
    cycle, on = period.last, timezone.localdate(at)
    if not told_at_the_end(period.pack) or _is_overtaken(cycle, on):
        return 0
    told: set[int] = set()
    for name, notice in told_at_the_end(period.pack).items():
        people = _people(period, notice, on)
        write_notices(
            pack=period.pack,
            notice=name,
            about=(REPORT, cycle.public_id),
            path=f"/reports/{cycle.public_id}/",
            people=people,
            values={"cycle": cycle.title},
            at=at,
            key=f"end of {cycle.public_id}:{name}",
        )
        told |= {person.pk for person in people}
    return len(told)


def _is_overtaken(cycle: Cycle, on: date) -> bool:
    later = Cycle.objects.filter(framework_key=cycle.framework_key, calendar=cycle.calendar)
    return later.exclude(sent_at=None).filter(closes_on__gt=cycle.closes_on, closes_on__lt=on).exists()


def _people(period: Period, notice: Notice, on: date) -> list[Person]:
    """Who holds the roles over any unit whose work was audited, or anywhere."""
    found: dict[Person, None] = {}
    audits = Audit.objects.filter(version__framework__key=period.last.framework_key, cycle=period.last.label)
    audited = audits.order_by().values("unit")
    for unit in Unit.objects.filter(pk__in=audited).order_by("pk"):
        for role in notice.to:
            found |= dict.fromkeys(people_of(role, period.pack, Standing(unit), on=on))
    return list(found)
