"""What tells tasks apart whose titles and labels are alike: told to whoever may see the record itself.

A task's label also goes into e-mails and the ledger, so it names nobody and says nothing of an action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.text import Truncator

from goldenthread.governance.copies import PERSON_REPORT, about_whom
from goldenthread.governance.models import COPY, Copy, FurtherReport
from goldenthread.improvement.models import Action
from goldenthread.measures.slices import people_reported
from goldenthread.people.models import Person
from goldenthread.programmes.queries.periods import period_of
from goldenthread.tasks.models import Task

LONGEST = 140


def told_apart(tasks: Iterable[Task], reader: Person, *, on: date) -> dict[tuple[str, str], str]:
    """For each record that the reader may see and that its label does not tell from others: what does."""
    ids: dict[str, set[str]] = {kind: set() for kind in SAYS}
    for task in tasks:
        if task.about_kind in ids:
            ids[task.about_kind].add(task.about_id)
    return {
        (kind, public_id): text
        for kind, named in ids.items()
        if named
        for public_id, text in SAYS[kind](named, reader, on).items()
    }


def _actions(ids: set[str], reader: Person, on: date) -> dict[str, str]:
    found = Action.objects.visible_to(reader, on=on).filter(public_id__in=ids)
    return {one: Truncator(text).chars(LONGEST) for one, text in found.values_list("public_id", "text")}


def _copies(ids: set[str], reader: Person, on: date) -> dict[str, str]:
    found = Copy.objects.visible_to(reader, on=on).filter(public_id__in=ids, person__isnull=False)
    return {one: about_whom(name) for one, name in found.values_list("public_id", "person__name")}


def _reports(ids: set[str], reader: Person, on: date) -> dict[str, str]:
    """Whom a report is about; those of one period are asked for together."""
    reports = FurtherReport.objects.filter(public_id__in=ids, person__isnull=False)
    seen: dict[tuple[int, str], set[int]] = {}
    found = {}
    for one in reports.select_related("person", "cycle__version"):
        key = (one.cycle_id, one.report)
        if key not in seen:
            period = period_of(one.cycle, one.report)
            people = people_reported(period, reader=reader, on=on) if period else Person.objects.none()
            seen[key] = set(people.values_list("pk", flat=True))
        if one.person is not None and one.person.pk in seen[key]:
            found[one.public_id] = about_whom(one.person.name)
    return found


SAYS: dict[str, Callable[[set[str], Person, date], dict[str, str]]] = {
    "action": _actions,
    COPY: _copies,
    PERSON_REPORT: _reports,
}
