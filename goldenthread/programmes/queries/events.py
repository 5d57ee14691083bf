"""What happened that triggers ask about: recorded by people, told by the caseload, or done in audits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.caseload.queries import allocated_since, facts_of, works_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.frameworks.remits import remits_of
from goldenthread.programmes.models import Commission, Occurrence
from goldenthread.programmes.queries.teams import places_on
from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.triggers import Trigger, sources_of

LOOKS_BACK = timedelta(days=31)
"""How long after a day the caseload is still asked for it: how long the system may stand still."""
LOOKS_AHEAD = timedelta(days=366)
"""How long before a known day an audit can be sent."""
DONE = ("final", "filed")


@dataclass(frozen=True)
class Happened:
    """Something that happened on a day; `key` names it, and is the same whenever it is asked."""

    key: str
    day: date
    subject: int | None = None
    worker: int | None = None
    unit: int | None = None
    occurrence: int | None = None
    what: str = ""


def happened(version: Version, name: str, *, today: date) -> list[Happened]:
    """What happened under a trigger of a framework and has not been asked for yet, in order of its day."""
    trigger, key = pack_of(version).triggers[name], version.framework.key
    if trigger.is_recorded:
        found = list(_recorded(trigger, key, name))
    else:
        first = max(today - LOOKS_BACK, since(version, name))
        found = list(_read(trigger, key, first, today))
    asked = _asked(key, name, [one.key for one in found])
    return sorted((one for one in found if one.key not in asked), key=lambda one: (one.day, one.key))


def since(version: Version, name: str) -> date:
    """The day from which a framework has had a trigger: what happened before it leads to nothing."""
    versions = Version.objects.filter(framework=version.framework, number__lte=version.number)
    days = [one.effective_on for one in versions if name in pack_of(one).triggers]
    return min(days, default=version.effective_on)


def _asked(framework_key: str, trigger: str, keys: list[str]) -> set[str]:
    asked: set[str] = set()
    for start in range(0, len(keys), 500):
        rows = Commission.objects.filter(
            framework_key=framework_key, trigger=trigger, event__in=keys[start : start + 500]
        )
        asked.update(rows.values_list("event", flat=True))
    return asked


def _recorded(trigger: Trigger, framework_key: str, name: str) -> Iterator[Happened]:
    """What people recorded and nobody took back."""
    kind = Occurrence.Kind.SUPERVISION if trigger.about_a_worker else Occurrence.Kind.INCIDENT
    asked = Commission.objects.filter(occurrence=OuterRef("pk"), framework_key=framework_key, trigger=name)
    rows = Occurrence.objects.standing().filter(~Exists(asked), kind=kind)
    if trigger.kinds:
        rows = rows.filter(what__in=trigger.kinds)
    for one in rows.order_by("happened_on", "pk"):
        key = f"{one.kind}:{one.public_id}"
        yield Happened(key, one.happened_on, one.subject_id, one.worker_id, one.unit_id, one.pk, one.what)


def _read(trigger: Trigger, framework_key: str, first: date, today: date) -> Iterable[Happened]:
    """What the caseload or the audits tell of the days from one to another."""
    if trigger.on == "a closure":
        return _closures(first, today)
    if trigger.on == "an audit completed":
        return _completed(trigger, framework_key, first, today)
    last = today + LOOKS_AHEAD if trigger.before else today
    return _days(trigger, first, last)


def _closures(first: date, last: date) -> Iterator[Happened]:
    """The days on which a case's last involvement ended."""
    rows = Episode.objects.filter(closed_on__gte=first, closed_on__lte=last, missing_since=None)
    ended: dict[int, tuple[str, date]] = {}
    for subject, public_id, day in rows.order_by("closed_on").values_list(
        "subject_id", "subject__public_id", "closed_on"
    ):
        if day is not None:
            ended[subject] = (public_id, day)
    still = set(Subject.objects.filter(pk__in=list(ended)).open_on(last).values_list("pk", flat=True))
    for subject, (public_id, day) in ended.items():
        if subject not in still:
            yield Happened(f"closure:{public_id}:{day}", day, subject)


def _completed(trigger: Trigger, framework_key: str, first: date, last: date) -> Iterator[Happened]:
    """The days on which audits of these kinds were finished."""
    rows = Audit.objects.filter(
        version__framework__key=framework_key,
        audit_type__in=trigger.of,
        phase__in=DONE,
        finished_at__date__gte=first,
        finished_at__date__lte=last,
    )
    for audit in rows.only("public_id", "finished_at", "subject_id", "number"):
        day = timezone.localdate(audit.finished_at)
        yield Happened(f"audit:{audit.public_id}", day, audit.subject_id, what=audit.number)


def _days(trigger: Trigger, first: date, last: date) -> Iterator[Happened]:
    """The days that a fact names, or their anniversaries."""
    fact = trigger.fact or ""
    meant = {
        source: first + timedelta(days=number)
        for number in range((last - first).days + 1)
        for source in sources_of(first + timedelta(days=number), each_year=trigger.each_year)
    }
    for subject, public_id, source in _known(fact, meant, last):
        day = meant[source]
        yield Happened(f"{fact}:{public_id}:{day}", day, subject)


def _known(fact: str, days: Iterable[date], last: date) -> Iterator[tuple[int, str, date]]:
    """The open cases of which the fact names one of these days."""
    fields, wanted = ("subject_id", "subject__public_id"), sorted(days)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        if fact == "opened":
            rows = Episode.objects.filter(opened_on__in=part, missing_since=None, closed_on=None)
            yield from rows.values_list(*fields, "opened_on").distinct()
        elif fact == "allocated":
            work = Work.objects.filter(starts_on__in=part, ends_on=None).exclude(person=None)
            rows_of_work = list(work.values_list(*fields, "starts_on").distinct())
            now = allocated_since([row[0] for row in rows_of_work], last)
            yield from (row for row in rows_of_work if now.get(row[0]) == row[2])
        else:
            told = Fact.objects.filter(name=fact, ends_on=None, value__in=[day.isoformat() for day in part])
            for subject, public_id, value in told.values_list(*fields, "value"):
                yield subject, public_id, date.fromisoformat(value)


def work_of(event: Happened) -> Work | None:
    """Who had the case on the day, in which team; of a case that closed on it, the day before."""
    if event.subject is None:
        return None
    for day in (event.day, event.day - timedelta(days=1)):
        if found := works_of([event.subject], day).get(event.subject):
            return found
    return None


def counting(version: Version, trigger: Trigger, events: list[Happened]) -> list[Happened]:
    """What meets the trigger's condition in a unit that the framework is for, as things were on its day."""
    events = _of_its_units(version, trigger, events)
    if trigger.when is None:
        return events
    found, condition = [], trigger.when
    for day in sorted({one.day for one in events}):
        of_day = [one for one in events if one.day == day]
        facts = facts_of([one.subject for one in of_day if one.subject], day)
        places = places_on(day)
        for one in of_day:
            known = dict(facts.get(one.subject or 0, {}))
            work = work_of(one)
            place = places.get(work.unit_id or 0) if work else None
            known |= (
                {"team": place.unit.name, "service": place.names} if place else {"team": "", "service": ()}
            )
            if holds(condition, Known(on=day, facts=known)):
                found.append(one)
    return found


def _of_its_units(version: Version, trigger: Trigger, events: list[Happened]) -> list[Happened]:
    """Without what happened in other units; what has no team is kept, and so is the framework's own work."""
    remits = remits_of(version.framework.key)
    if not remits.choices or trigger.on == "an audit completed":
        return events
    found = []
    for day in sorted({one.day for one in events}):
        of_day, area = [one for one in events if one.day == day], remits.on(day)
        found += of_day if area is None else _within(of_day, area.units(day), day)
    return found


def _within(events: list[Happened], units: Collection[int], day: date) -> list[Happened]:
    """Those of a day whose team is one of these, or not known."""
    subjects = [one.subject for one in events if one.subject and not one.unit]
    works = works_of(subjects, day - timedelta(days=1)) | works_of(subjects, day)
    teams = {subject: work.unit_id for subject, work in works.items()}
    where = [(one, one.unit or teams.get(one.subject or 0)) for one in events]
    return [one for one, unit in where if unit is None or unit in units]
