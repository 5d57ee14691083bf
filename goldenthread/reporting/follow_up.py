"""What followed a period's audits, as a part of its report: discussions in time or not, actions by kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from goldenthread.frameworks.grants import Holding, holding
from goldenthread.improvement.models import Action, Response, standing
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person
from goldenthread.programmes.queries.periods import Period
from goldenthread.reporting.blocks import Block, Cell, Listed, Table
from goldenthread.rules.framework import Framework

STANDINGS = ("on time", "late", "in hand", "missing")


@dataclass(frozen=True)
class FollowUp:
    """Counts of what followed a period's audits, as one reader may see it.

    `discussions` maps a rule's name to how many stand how; `actions` a kind and a team to all and those
    that are not closed.
    """

    period: Period
    discussions: dict[str, dict[str, int]]
    actions: list[tuple[str, str, str, int, int]]


def follow_up_of(period: Period, *, reader: Person, at: datetime) -> FollowUp:
    """Count in two queries; what is counted is what the lists behind the figures show."""
    on = timezone.localdate(at)
    key, labels = period.last.framework_key, [one.label for one in period.cycles]
    held = holding(reader, on)
    talks = _discussed(held=held, key=key, labels=labels, at=at)
    counts = {rule: dict(zip(STANDINGS, numbers, strict=True)) for rule, *numbers in talks}
    return FollowUp(period, counts, _agreed(held=held, key=key, labels=labels))


def _discussions_of(held: Holding, key: str, labels: list[str], at: datetime) -> QuerySet[Response, Any]:
    """Of each rule, how many discussions stand how."""
    seen = Response.objects.reported_to(held.reader, on=held.on).in_cycles(key, labels).discussions()
    counts = {f"n_{place}": Count("pk", filter=standing(word, at)) for place, word in enumerate(STANDINGS)}
    return seen.values_list("rule").annotate(**counts).order_by("rule")


def _actions_of(held: Holding, key: str, labels: list[str]) -> QuerySet[Action, Any]:
    """Of each kind and team, how many actions were agreed, and how many of them are not closed."""
    seen = Action.objects.reported_to(held.reader, on=held.on).in_cycles(key, labels)
    not_closed = Count("pk", filter=~Q(state="closed"))
    rows = seen.values_list("kind", "unit__name", "unit__public_id")
    return rows.annotate(number=Count("pk"), not_closed=not_closed).order_by("kind", "unit__name")


_discussed = Compiled(_discussions_of, held=Holding, key=str, labels=[str], at=datetime)
_agreed = Compiled(_actions_of, held=Holding, key=str, labels=[str])


def blocks_of(followed: FollowUp, pack: Framework) -> list[Block]:
    """The tables of this part."""
    return [_discussions(followed, pack), _actions(followed, pack)]


def _discussions(followed: FollowUp, pack: Framework) -> Table:
    titles = {name: rule.title for name, rule in pack.responses.items()}
    rows = tuple(
        (
            Cell(titles.get(name, name)),
            *(_number(followed, count, "response", state=word, rule=name) for word, count in counts.items()),
        )
        for name, counts in followed.discussions.items()
    )
    heads = (Cell("What follows"), *(Cell(word.capitalize(), numeric=True) for word in STANDINGS))
    empty = "Nothing has followed the {audits} of this {cycle} yet.".format_map(
        pack.words | {"cycle": followed.period.word}
    )
    return Table("Discussions against the day they were due", heads, rows, empty=empty)


def _actions(followed: FollowUp, pack: Framework) -> Table:
    kinds = pack.actions.kinds if pack.actions else {}
    rows = tuple(
        (
            Cell(kinds.get(kind, kind) or "Action"),
            Cell(team),
            _number(followed, number, "action", state="all", kind=kind, team=team_id),
            _number(followed, waiting, "action", kind=kind, team=team_id),
        )
        for kind, team, team_id, number, waiting in followed.actions
    )
    heads = (Cell("Kind"), Cell("Team"), Cell("Agreed", numeric=True), Cell("Not closed", numeric=True))
    return Table("Actions by kind and team", heads, rows, empty="No action has been agreed yet.")


def _number(followed: FollowUp, count: int, of: str, /, **asked: str) -> Cell:
    """A number that leads to the records that it counts."""
    labels = ",".join(one.label for one in followed.period.cycles)
    cycles = {"framework": followed.period.last.framework_key, "cycle": labels}
    listed = Listed(of, tuple({**cycles, **asked}.items()))
    return Cell(str(count), listed=listed if count else None, numeric=True)
