"""The scores of a cycle's finished audits: how many have one, their average, the lowest and the highest.

A score is kept when its audit is finished, under the version that it ran under, and equals what its own
report says. So a later version changes no figure of an earlier one. One that also rests on what changes
without the audit is not kept, and is reckoned from the answers each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from goldenthread.audits.many import sheets_of
from goldenthread.audits.models import AuditQuerySet, KeptScore, value_of
from goldenthread.audits.scoring import scores_in
from goldenthread.measures.slices import Slice
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.scores import Score, ScoreResult


@dataclass(frozen=True)
class ScoreRow:
    """A team, or all: the finished audits, those of them with a score, and their scores in words."""

    label: str
    finished: int
    scored: int
    average: str
    lowest: str
    highest: str
    piece: Slice
    mean: Fraction | None = None
    """The average, not rounded."""


@dataclass(frozen=True)
class ScoreFigures:
    """One score of one kind of audit: all of its audits first, then team by team."""

    kind: str
    title: str
    rows: tuple[ScoreRow, ...]


class Scored(NamedTuple):
    """A finished audit by its key, with its cycle, its team by id and name, and its scores by name.

    None where it has no such score, or nothing to reckon it from.
    """

    audit: int
    cycle: str
    unit: tuple[str, str]
    values: dict[str, Fraction | None]


Reckoned = Sequence[Scored]


def reckoned(pack: Framework, audits: AuditQuerySet) -> dict[str, Reckoned]:
    """The finished audits with their scores, by kind; kinds without a score are left out."""
    found = {}
    for key in pack.audit_types:
        if names := list(pack.grading_of(key).scores):
            of_type = audits.filter(audit_type=key)
            found[key] = reckon(of_type, names)
    return found


def reckon(audits: AuditQuerySet, names: Collection[str]) -> Reckoned:
    """The finished ones among audits with these scores, by the rules of each one's own version.

    One statement where all are kept; a few more for each 200 of the others.
    """
    done = audits.filter(phase__in=DONE)
    rows = (
        done.annotate(kept=FilteredRelation("kept_scores", condition=Q(kept_scores__score__in=names)))
        .order_by("unit__name", "pk")
        .values_list(*("pk", "cycle", "unit__public_id", "unit__name"), *("kept__score", "kept__thousandths"))
    )
    found: dict[int, Scored] = {}
    is_whole = True
    for key, cycle, unit, team, name, thousandths in rows:
        one = found.setdefault(key, Scored(key, cycle, (unit, team), dict.fromkeys(names)))
        if name is None:
            is_whole = False
        else:
            one.values[name] = value_of(thousandths)
    for key, values in () if is_whole else _not_kept(done, names):
        found[key].values.update(values)
    return list(found.values())


def _not_kept(
    done: AuditQuerySet, names: Collection[str]
) -> Iterator[tuple[int, dict[str, Fraction | None]]]:
    """The scores of those of which none is kept, reckoned from their answers."""
    kept = KeptScore.objects.filter(audit=OuterRef("pk"), score__in=names)
    for sheet in sheets_of(list(done.exclude(Exists(kept)).with_framework().order_by("pk"))):
        if any(name in sheet.grading.scores for name in names):
            values = scores_in(sheet)
            yield sheet.audit.pk, {name: values[name] for name in names if name in values}


def figures(pack: Framework, found: Mapping[str, Reckoned], piece: Slice | None = None) -> list[ScoreFigures]:
    """What the scores of each kind come to, for all and team by team; `piece` is what was reckoned of one."""
    return [
        ScoreFigures(
            pack.audit_types[key].title,
            rule.title,
            _rows(rule, [(one.unit, one.values[name]) for one in audits], piece or Slice(audit_type=key)),
        )
        for key, audits in found.items()
        for name, rule in pack.grading_of(key).scores.items()
        if audits
    ]


def _rows(
    rule: Score, found: list[tuple[tuple[str, str], Fraction | None]], piece: Slice
) -> tuple[ScoreRow, ...]:
    teams: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
    for team, value in found:
        teams[team].append(value)
    whole = score_row("All", rule, [value for _, value in found], piece.narrowed(progress="done"))
    parts = [
        score_row(name, rule, values, piece.narrowed(progress="done", unit=unit))
        for (unit, name), values in teams.items()
    ]
    return (whole, *parts) if len(parts) > 1 else (whole,) if not parts else tuple(parts)


def score_row(label: str, rule: Score, values: Sequence[Fraction | None], piece: Slice) -> ScoreRow:
    """How many of these have a score, their average, the lowest and the highest."""
    known = [value for value in values if value is not None]
    average = sum(known, Fraction(0)) / len(known) if known else None
    return ScoreRow(
        label,
        len(values),
        len(known),
        ScoreResult(rule, average).words,
        ScoreResult(rule, min(known, default=None)).words,
        ScoreResult(rule, max(known, default=None)).words,
        piece,
        average,
    )
