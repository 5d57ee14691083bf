"""Some of the subjects that a load touches, with what the file tells of each, read once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from goldenthread.caseload.models import Extract, StagedRow, Subject


class Told(NamedTuple):
    """What a row that is used tells of its subject."""

    reference: str
    list: str
    key: str
    is_open: bool
    allocated_on: date | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Touched:
    """Subjects by key, with their references; what the file tells, by reference."""

    subjects: dict[int, str]
    told: dict[str, list[Told]]

    def those(self, path: str) -> Q:
        """The condition that the key at `path` is one of these: a range where no other lies between."""
        first, last = min(self.subjects), max(self.subjects)
        if last - first == len(self.subjects) - 1:
            return Q((f"{path}__gte", first), (f"{path}__lte", last))
        return Q((f"{path}__in", list(self.subjects)))


def touched(extract: Extract, keys: Iterable[int]) -> Touched:
    """The subjects with these keys; at least one."""
    some = Touched(dict.fromkeys(keys, ""), defaultdict(list))
    chosen = Subject.objects.filter(some.those("pk"))
    some.subjects.update(chosen.values_list("pk", "reference"))
    rows = StagedRow.objects.filter(extract=extract, reference__in=chosen.values("reference"))
    for row in rows.exclude(action=StagedRow.Action.REJECTED).values_list(*Told._fields):
        told = Told(*row)
        some.told[told.reference].append(told)
    return some
