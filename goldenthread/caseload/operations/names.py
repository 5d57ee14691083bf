"""Finds the workers and teams that an extract names among those known, and enters those that are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from goldenthread.caseload.models import Change, Extract, StagedRow
from goldenthread.people.models import Person, Reach, Unit
from goldenthread.people.spreadsheets.values import fold, name_keys

NEEDED = (StagedRow.Action.NEW, StagedRow.Action.CHANGED)


class Workers:
    """People by staff number, else by name where only one has it.

    Somebody who was joined into another stands for the other. Where several share a name, the one that
    an extract brought is meant, until a person joins them.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_key: dict[int, Person] = {}
        self.by_reference: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.joined: dict[str, Person] = {}
        for person in people:
            self.by_key[person.pk] = person
            self.add(person)

    def add(self, person: Person) -> None:
        """Let somebody be found; they need not have been saved yet."""
        if person.joined_into_id:
            self.joined[fold(person.name)] = person
        if person.reference:
            self.by_reference[fold(person.reference)] = person
        if not person.joined_into_id:
            for key in name_keys(person.name):
                self.by_name[key].append(person)

    def find(self, name: str, reference: str) -> Person | None:
        """The person meant; None where there is none or it is not clear who."""
        found = self.by_reference.get(fold(reference)) if reference else None
        found = found or (self._named(name, reference) if name else None)
        while found is not None and found.joined_into_id:
            found = self.by_key[found.joined_into_id]
        return found

    def _named(self, name: str, reference: str) -> Person | None:
        keys = name_keys(name)
        if keys[0] in self.joined:
            return self.joined[keys[0]]
        for key in keys:
            found = [one for one in self.by_name.get(key, []) if not reference or not one.reference]
            if len(found) > 1:
                found = [one for one in found if not one.confirmed][:1]
            if found:
                return found[0]
        return None


def resolve_workers(extract: Extract) -> dict[tuple[str, str], int]:
    """The person meant by each name and number in the rows; those not known are entered unconfirmed."""
    named = StagedRow.objects.filter(extract=extract, action__in=NEEDED).order_by()
    wanted = sorted(set(named.values_list("worker", "worker_reference")) - {("", "")})
    workers = Workers(Person.objects.order_by("pk"))
    found: dict[tuple[str, str], Person] = {}
    created: list[Person] = []
    for name, reference in wanted:
        person = workers.find(name, reference)
        if person is None:
            person = Person(name=name or f"Worker {reference}", reference=reference, confirmed=False)
            person.set_unusable_password()
            workers.add(person)
            created.append(person)
        found[name, reference] = person
    Person.objects.bulk_create(created)
    _remember(extract, "person", created)
    return {told: person.pk for told, person in found.items()}


def resolve_teams(extract: Extract) -> dict[str, int]:
    """The unit meant by each team's name or reference; unknown ones are entered unconfirmed, under none."""
    named = StagedRow.objects.filter(extract=extract, action__in=NEEDED).exclude(team="").order_by()
    known: dict[str, int] = {}
    for unit in Unit.objects.order_by("-joined_into", "-confirmed", "pk"):
        for key in {fold(unit.name), fold(unit.reference)} - {""}:
            known.setdefault(key, unit.joined_into_id or unit.pk)
    created: list[Unit] = []
    found: dict[str, int] = {}
    for name in sorted(set(named.values_list("team", flat=True))):
        key = fold(name)
        if key not in known:
            unit = Unit.objects.create(
                name=name, kind="team", starts_on=extract.extracted_on, confirmed=False
            )
            created.append(unit)
            known[key] = unit.pk
        found[name] = known[key]
    Reach.objects.bulk_create(
        [Reach(unit=unit, above=unit, depth=0, starts_on=unit.starts_on) for unit in created]
    )
    _remember(extract, "unit", created)
    return found


def _remember(extract: Extract, table: str, created: list[Person] | list[Unit]) -> None:
    Change.objects.bulk_create(
        [Change(extract=extract, table=table, row=one.pk, after={}) for one in created]
    )
