"""Pairs of teams that audit each other's work, in rotation: in time everybody meets everybody."""

from __future__ import annotations

from collections.abc import Sequence


def partners(teams: Sequence[str], turn: int) -> dict[str, str]:
    """For each team, the team that audits its work in a turn.

    The pairs of a round-robin: an even number of teams meets each other once in one turn less than there
    are teams. Of an odd number, three go round in a ring, so that nobody is left out. A team alone has none.
    """
    ring = sorted(set(teams))
    if len(ring) < 2:
        return {}
    odd = ring.pop() if len(ring) % 2 else None
    places = ring[1:]
    shift = turn % len(places)
    row = [ring[0], *places[shift:], *places[:shift]]
    pairs = [(row[place], row[-1 - place]) for place in range(len(row) // 2)]
    found: dict[str, str] = {}
    for one, other in pairs:
        found |= {one: other, other: one}
    if odd is not None:
        one, other = pairs[turn % len(pairs)]
        found |= {one: other, other: odd, odd: one}
    return found
