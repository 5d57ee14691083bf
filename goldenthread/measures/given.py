"""The grades of some audits, read once and counted in every way that a report asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from goldenthread.audits.models import Audit, AuditQuerySet, Judgement
from goldenthread.ledger.compiled import Compiled


class Grade(NamedTuple):
    """One current grade: of which audit and part, at which stage, and of whose work."""

    audit: int
    part: str
    stage: str
    place: int
    grade: str
    unit: str


@dataclass(frozen=True)
class Given:
    """The grades given in some audits; what each is of record follows `slices.judgements_of_record`."""

    all: list[Grade]
    teams: dict[str, str]
    """The names of the teams whose work was graded, in their order."""

    @cached_property
    def of_record(self) -> list[Grade]:
        """Those that no later stage of the same part has overtaken."""
        return [one for of_part in self._by_part for one in of_part if one.place == of_part[-1].place]

    def first_and_last(self) -> Iterator[tuple[Grade, Grade]]:
        """Each part's first grade with its grade of record."""
        return ((of_part[0], of_part[-1]) for of_part in self._by_part)

    @cached_property
    def _by_part(self) -> list[list[Grade]]:
        """The grades of each part of each audit, in the order of the stages."""
        found: dict[tuple[int, str], list[Grade]] = defaultdict(list)
        for one in self.all:
            found[one.audit, one.part].append(one)
        return [sorted(of_part, key=lambda one: one.place) for of_part in found.values()]


def given_in(audits: AuditQuerySet) -> Given:
    """Every current grade of these audits, in one statement."""
    grades, teams = [], {}
    for audit, part, stage, place, grade, unit, name in _graded(audits=audits):
        grades.append(Grade(audit, part, stage, place, grade, unit))
        teams[unit] = name
    return Given(grades, teams)


_graded = Compiled(
    lambda audits: (
        Judgement.objects.current()
        .filter(audit__in=audits)
        .exclude(grade="")
        .values_list(
            *("audit_id", "part", "stage", "stage_order", "grade"),
            *("audit__unit__public_id", "audit__unit__name"),
        )
        .order_by("audit__unit__name")
    ),
    audits=Audit,
)
