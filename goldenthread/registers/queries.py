"""Answers about agreements: what each unit has, when an item was last checked and is due next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from goldenthread.caseload.models import Subject, SubjectQuerySet, Work
from goldenthread.frameworks.models import Grant, Version
from goldenthread.frameworks.queries import newest_versions, pack_of
from goldenthread.frameworks.remits import remits_of
from goldenthread.people.models import Person, Post, Unit
from goldenthread.registers.models import ITEM, KEEP, KIND, Agreement, Check, Item
from goldenthread.rules.agreements import AgreementRule
from goldenthread.tasks.models import Task
from goldenthread.tasks.queries import Standing, roles_of


@dataclass(frozen=True)
class ItemRow:
    """An item with its last check and the task of its next one."""

    item: Item
    last: Check | None
    due: Task | None

    def is_late(self, at: datetime) -> bool:
        """Whether the next check was due before now."""
        return self.due is not None and self.due.due_at < at


@dataclass(frozen=True)
class Possible:
    """A kind of agreement that somebody may begin for a unit."""

    version: Version
    kind: str
    rule: AgreementRule
    unit: Unit


def rule_of(agreement: Agreement) -> AgreementRule:
    """What the framework says of an agreement of this kind."""
    return pack_of(agreement.version).agreements[agreement.kind]


def about(agreement: Agreement) -> tuple[str, str, str]:
    """What tasks, notices and events say that they are about."""
    return KIND, agreement.public_id, f"{rule_of(agreement).title}, {agreement.unit}"[:200]


def about_item(item: Item) -> tuple[str, str, str]:
    """What the task of a check is about."""
    return ITEM, item.public_id, f"{item.label}, {item.agreement.unit}"[:200]


def roles_for(agreement: Agreement, person: Person, *, on: date) -> set[str]:
    """The roles that somebody holds for the agreement's unit on a day."""
    return roles_of(person, pack_of(agreement.version), Standing(agreement.unit), on=on)


def item_rows(agreement: Agreement) -> list[ItemRow]:
    """The items in their order, in three statements."""
    items = list(agreement.items.select_related("agreement__unit").order_by("position"))
    newest = Check.objects.filter(item=OuterRef("item")).order_by("-checked_on", "-pk").values("pk")[:1]
    last = {
        check.item_id: check
        for check in Check.objects.filter(item__in=items, pk=Subquery(newest)).select_related("checked_by")
    }
    ids = [item.public_id for item in items]
    tasks = Task.objects.open().filter(about_kind=ITEM, about_id__in=ids)
    due = {task.about_id: task for task in tasks}
    return [ItemRow(item, last.get(item.pk), due.get(item.public_id)) for item in items]


def possible_for(person: Person, *, on: date) -> list[Possible]:
    """The kinds of agreement that this person may begin now, for each unit in which they keep them."""
    found = []
    for version in newest_versions():
        rules = pack_of(version).agreements
        if not rules:
            continue
        area = remits_of(version.framework.key).on(on)
        for unit in _units_kept(version, person, on):
            if area and unit.pk not in area.units(on):
                continue
            standing = Agreement.objects.standing().filter(framework=version.framework, unit=unit)
            taken = set(standing.being_agreed().values_list("kind", flat=True))
            found += [
                Possible(version, kind, rule, unit) for kind, rule in rules.items() if kind not in taken
            ]
    return found


def _units_kept(version: Version, person: Person, on: date) -> Iterable[Unit]:
    """The units in which a post of this person keeps agreements."""
    posts = Grant.objects.filter(version=version, permission=KEEP).values("post")
    held = Post.objects.filter(person=person, kind__in=posts).on(on)
    return Unit.objects.filter(pk__in=held.values("unit")).order_by("name")


def cases_to_check(agreement: Agreement, reader: Person, *, on: date) -> SubjectQuerySet:
    """The open cases of the agreement's unit that the reader may know of, by reference."""
    work = Work.objects.filter(unit=agreement.unit).on(on)
    mine = Subject.objects.visible_to(reader, on=on).of_kind("case").open_on(on)
    return mine.filter(pk__in=work.values("subject")).order_by("reference")
