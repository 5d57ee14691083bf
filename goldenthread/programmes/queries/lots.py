"""The share or number of re-audits that a rule asks for: who takes part in the draw, how many are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from goldenthread.frameworks.queries import pack_of
from goldenthread.programmes.models import Cycle, ReauditChance, ReauditDraw
from goldenthread.programmes.queries.reaudits import DueReaudit
from goldenthread.rules import draws
from goldenthread.rules.reaudits import STRATUM, Qualified, ReauditRule, lot_of


@dataclass(frozen=True)
class Lot:
    """What a rule would have looked at again in a cycle, of which a seed has still to choose its share."""

    rule: ReauditRule
    due: list[DueReaudit]
    frame: bytes
    size: int

    @property
    def sha256(self) -> str:
        """The SHA-256 by which its frame is known."""
        return draws.frame_hash(self.frame)


@dataclass(frozen=True)
class Taken:
    """How many a rule's lot took in a cycle that was tried, which is written nowhere."""

    opens_on: date
    rule: tuple[str, str]
    number: int


def lots_of(cycle: Cycle, due: Iterable[DueReaudit], *, tried: Sequence[Taken] = ()) -> list[Lot]:
    """A lot for each rule that asks for a share or a number and has new ones to choose from.

    What cannot be placed takes no part, and what was chosen before needs no second draw. The share is of all
    that qualified in the cycle, so that placing more often does not make it larger; a number is its period's.
    `tried` are the lots of earlier cycles of the same dry run.
    """
    by_rule: dict[tuple[str, str], list[DueReaudit]] = {}
    rules: dict[tuple[str, str], ReauditRule] = {}
    for one in due:
        if takes_part(one) and one.rule is not None:
            name = (one.rule.type, one.rule.because)
            rules.setdefault(name, one.rule)
            by_rule.setdefault(name, []).append(one)
    return [_lot(cycle, rules[name], mine, tried) for name, mine in by_rule.items()]


def frames_of(lots: Iterable[Lot]) -> str:
    """The SHA-256 of all their frames, by which a page is known to have shown them."""
    return " ".join(lot.sha256 for lot in lots)


def takes_part(one: DueReaudit) -> bool:
    """Whether a seed decides of this one."""
    return one.rule is not None and one.rule.is_drawn and not (one.not_placed or one.chosen)


def _lot(cycle: Cycle, rule: ReauditRule, due: list[DueReaudit], tried: Sequence[Taken]) -> Lot:
    before = ReauditChance.objects.none()
    if not cycle.is_tried:
        before = ReauditChance.objects.filter(
            draw__cycle=cycle, draw__audit_type=rule.type, draw__because=rule.because
        ).select_related("audit__unit")
    earlier = [Qualified(one.audit.number, one.audit.unit.name, drawn_before=True) for one in before]
    new = [Qualified(one.previous.number, one.unit.name if one.unit else "") for one in due]
    frame = draws.frame_csv(lot_of([*earlier, *new]))
    if rule.number is not None:
        return Lot(rule, due, frame, rule.left(len(new), _chosen_in_period(cycle, rule, tried)))
    chosen = sum(one.position is not None for one in before)
    return Lot(rule, due, frame, rule.size(len(earlier) + len(new), chosen))


def _chosen_in_period(cycle: Cycle, rule: ReauditRule, tried: Sequence[Taken]) -> int:
    """How many a rule's number has already in the cycle's quarter or year, in this cycle and those before.

    A dry run counts what it tried itself, and what was really drawn before the first cycle that it tried.
    """
    mine = [one for one in tried if one.rule == (rule.type, rule.because)]
    calendar = pack_of(cycle.version).calendar_of(rule.type)
    chosen = ReauditChance.objects.exclude(position=None).filter(
        draw__cycle__framework_key=cycle.framework_key,
        draw__cycle__calendar=cycle.calendar,
        draw__audit_type=rule.type,
        draw__because=rule.because,
    )
    if cycle.is_tried:
        first = min([cycle.opens_on, *(one.opens_on for one in mine)])
        chosen = chosen.filter(draw__cycle__opens_on__lt=first)
    else:
        chosen = chosen.filter(draw__cycle__opens_on__lte=cycle.opens_on)
    drawn = [(one, 1) for one in chosen.values_list("draw__cycle__opens_on", flat=True)]
    period = rule.begins(cycle.opens_on, calendar)
    taken = [*drawn, *((one.opens_on, one.number) for one in mine)]
    return sum(number for opens_on, number in taken if rule.begins(opens_on, calendar) == period)


def document_of(draw: ReauditDraw) -> draws.Draw:
    """The draw as `draw.json` tells it, to be redone by anybody with its frame."""
    chosen = draw.chances.exclude(position=None).order_by("position")
    stratum = draws.Stratum(
        name=STRATUM, size=draw.size, picks=tuple(chosen.values_list("audit__number", flat=True))
    )
    return draws.Draw(method=draw.method, seed=draw.seed, frame_sha256=draw.frame_sha256, strata=(stratum,))
