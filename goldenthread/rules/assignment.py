"""Who audits what: as many audits as possible are given out, then fairly over the year, then with variety.

Three aims, each before the next: the most audits filled; the loads of the year as level as the rules allow;
the fewest pairings of an auditor with a practitioner whose work they audited before. The optimum comes from a
solver that is handed in, so that only the background worker loads it (`goldenthread.rules.solver`).
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from goldenthread.rules.calendars import in_words

# Row by row what each auditor costs (None: may not), and for each auditor what the 1st, 2nd, ... audit costs.
# Answers with the auditor of each row, or None where the row stays empty.
Solve = Callable[[list[list[int | None]], list[list[int]]], list[int | None]]


@dataclass(frozen=True)
class Slot:
    """An audit that needs an auditor: from which pool, on whose work, and who may not do it.

    A rule reads on from the auditor's name: "works in the case's own team". Where not all audits can be
    filled, as many as possible are, and those with a lower `turn` go first.
    """

    key: str
    pool: str
    practitioner: str = ""
    excluded: Mapping[str, str] = field(default_factory=dict)
    turn: int = 0


@dataclass(frozen=True)
class Auditor:
    """Somebody who can be given audits: how many in this cycle, after how many this year."""

    key: str
    name: str
    pools: frozenset[str]
    capacity: int
    load: int = 0


@dataclass(frozen=True)
class Unfilled:
    """An audit without an auditor: every auditor of its pool with the rule that excluded them."""

    slot: str
    reasons: dict[str, str]


@dataclass(frozen=True)
class Imbalance:
    """An auditor with at least two audits fewer this year than equals of theirs, and by which rule."""

    fewer: str
    more: tuple[str, ...]
    rule: str
    sentence: str


@dataclass(frozen=True)
class Plan:
    """The auditor of each audit, and what could not be done and why."""

    given: dict[str, str]
    unfilled: list[Unfilled]
    imbalances: list[Imbalance]


def plan(
    slots: Sequence[Slot],
    auditors: Sequence[Auditor],
    solve: Solve,
    repeats: Mapping[tuple[str, str], int] | None = None,
    seed: str = "",
) -> Plan:
    """Give each audit an auditor; `repeats` counts earlier pairings of (auditor, practitioner).

    Where plans are equally good the seed decides, so that no name comes first for ever.
    """
    slots = sorted(slots, key=lambda slot: _shuffled(seed, slot.key))
    auditors = sorted(auditors, key=lambda auditor: _shuffled(seed, auditor.key))
    given = _solved(slots, auditors, solve, repeats or {})
    if len(given) < len(slots) and len({slot.turn for slot in slots}) > 1:
        given = _solved(_first_in_turn(slots, auditors), auditors, solve, repeats or {})
    return Plan(given, _unfilled(slots, auditors, given), _imbalances(slots, auditors, given))


def _solved(
    slots: Sequence[Slot],
    auditors: Sequence[Auditor],
    solve: Solve,
    repeats: Mapping[tuple[str, str], int],
) -> dict[str, str]:
    """Hand the costs to the solver, and read who got what."""
    chosen = solve(_pair_costs(slots, auditors, repeats), _step_costs(slots, auditors, repeats))
    return {s.key: auditors[c].key for s, c in zip(slots, chosen, strict=True) if c is not None}


def _first_in_turn(slots: Sequence[Slot], auditors: Sequence[Auditor]) -> list[Slot]:
    """Return the audits that can be filled together, taken in turn; no other choice of them is larger.

    The sets of audits that can be filled together are the independent sets of a matroid (a transversal
    one), in which taking what still fits, in order, ends with as many as there can be.
    """
    able = {
        slot.key: [a.key for a in auditors if slot.pool in a.pools and a.key not in slot.excluded]
        for slot in slots
    }
    room = {auditor.key: auditor.capacity for auditor in auditors}
    held: dict[str, list[str]] = {auditor.key: [] for auditor in auditors}
    full: set[str] = set()  # those from whom no move leads to a free one, now or ever after
    return [
        slot for slot in sorted(slots, key=lambda slot: slot.turn) if _fits(slot.key, able, held, room, full)
    ]


def _fits(
    slot: str,
    able: Mapping[str, list[str]],
    held: dict[str, list[str]],
    room: Mapping[str, int],
    full: set[str],
) -> bool:
    """Find an auditor for one more audit, moving others on where that makes room (an augmenting path)."""
    came: dict[str, tuple[str, str]] = {}
    waiting = [("", slot)]
    for holder, moving in waiting:
        for auditor in able[moving]:
            if auditor in came or auditor in full:
                continue
            came[auditor] = (holder, moving)
            if len(held[auditor]) < room[auditor]:
                _move_along(auditor, came, held)
                return True
            waiting += [(auditor, other) for other in held[auditor]]
    full |= came.keys()
    return False


def _move_along(end: str, came: Mapping[str, tuple[str, str]], held: dict[str, list[str]]) -> None:
    """Move each audit of the path to the auditor that was found for it, from the free one back."""
    while end:
        holder, slot = came[end]
        if holder:
            held[holder].remove(slot)
        held[end].append(slot)
        end = holder


def _shuffled(seed: str, key: str) -> str:
    """Return where a key stands in the order of a seed."""
    return hashlib.sha256(f"{seed},{key}".encode()).hexdigest()


def _pair_costs(
    slots: Sequence[Slot], auditors: Sequence[Auditor], repeats: Mapping[tuple[str, str], int]
) -> list[list[int | None]]:
    """Return what each pair costs: how often the two met before; None where a rule forbids it."""
    return [
        [
            repeats.get((auditor.key, slot.practitioner), 0)
            if slot.pool in auditor.pools and auditor.key not in slot.excluded
            else None
            for auditor in auditors
        ]
        for slot in slots
    ]


def _step_costs(
    slots: Sequence[Slot], auditors: Sequence[Auditor], repeats: Mapping[tuple[str, str], int]
) -> list[list[int]]:
    """Return the rising cost of each auditor's next audits: level loads go before any number of repeats."""
    weight = len(slots) * max(repeats.values(), default=0) + 1
    least = min((auditor.load for auditor in auditors), default=0)
    return [
        [weight * (a.load - least + number) for number in range(min(a.capacity, len(slots)))]
        for a in auditors
    ]


def _unfilled(slots: Sequence[Slot], auditors: Sequence[Auditor], given: Mapping[str, str]) -> list[Unfilled]:
    """List every auditor of the pool of each empty slot with what kept them from it."""
    return [
        Unfilled(
            slot.key,
            {a.key: slot.excluded.get(a.key) or _capacity_rule(a) for a in auditors if slot.pool in a.pools},
        )
        for slot in slots
        if slot.key not in given
    ]


def _capacity_rule(auditor: Auditor) -> str:
    """Say that an auditor is full."""
    if auditor.capacity < 1:
        return "has no capacity in this cycle"
    return f"already has as many audits as their capacity of {auditor.capacity}"


def _imbalances(
    slots: Sequence[Slot], auditors: Sequence[Auditor], given: Mapping[str, str]
) -> list[Imbalance]:
    """Name the rule for every pair of equals whose loads over the year differ by more than one."""
    now = Counter(given.values())
    loads = {auditor.key: auditor.load + now[auditor.key] for auditor in auditors}
    held: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.key in given:
            held.setdefault(given[slot.key], []).append(slot)
    found = []
    for fewer in auditors:
        rules: dict[str, list[Auditor]] = {}
        for more in auditors:
            if more.pools == fewer.pools and loads[more.key] - loads[fewer.key] > 1:
                full = now[fewer.key] >= fewer.capacity
                rule = _capacity_rule(fewer) if full else _why_not(fewer, held.get(more.key, []))
                rules.setdefault(rule, []).append(more)
        found += [_imbalance(fewer, more, rule, loads) for rule, more in rules.items()]
    return found


def _why_not(fewer: Auditor, held: Sequence[Slot]) -> str:
    """Say why none of the audits that somebody else holds could go to an auditor instead."""
    if not held:
        return "the difference is from earlier cycles, and nothing given out in this one could level it"
    return in_words(sorted({slot.excluded[fewer.key] for slot in held}))


def _imbalance(fewer: Auditor, more: list[Auditor], rule: str, loads: Mapping[str, int]) -> Imbalance:
    """Say who has fewer audits than whom, and by which rule."""
    others = in_words(f"{auditor.name} {loads[auditor.key]}" for auditor in more)
    sentence = f"{fewer.name} has {loads[fewer.key]} this year and {others}: {fewer.name} {rule}."
    if rule.startswith("the difference"):
        sentence = f"{fewer.name} has {loads[fewer.key]} this year and {others}: {rule}."
    return Imbalance(fewer.key, tuple(auditor.key for auditor in more), rule, sentence)
