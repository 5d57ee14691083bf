"""Turns: the order in which a draw takes cases, and the places of a list that a systematic sample takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Literal

Order = Literal[
    "random",
    "longest open first",
    "longest since last audit first",
    "never audited first",
    "systematic",
]
NOMINATED, DRAWN = "1 nominated", "2 drawn"
"""The turns of cases where people choose first; those of an order that is not random come after them."""
UNKNOWN = "unknown"
REFERENCE = "reference"
"""What a systematic sample may be sorted by besides a fact: the case's own reference."""


def turn_of(order: Order, facts: Mapping[str, Any]) -> str:
    """A case's turn, as text that sorts: the earliest first; what is not known comes last."""
    opened, audited = facts.get("opened"), facts.get("audited in this kind")
    shown = {day: day.isoformat() if day else UNKNOWN for day in (opened, audited)}
    if order in ("random", "systematic"):
        return ""
    if order == "longest open first":
        return shown[opened]
    if order == "longest since last audit first":
        return shown[audited or opened]
    return f"2 {shown[audited]}" if audited else f"1 {shown[opened]}"


def sorted_turns(values: Mapping[str, Any]) -> dict[str, str]:
    """The turn of each case where cases are sorted by something known of them; what is not comes last.

    Where all that is known are days, a turn is the day. Anything else might say something of a person, so
    its turn is its place alone: equal ones share one.
    """
    known = {key: value for key, value in values.items() if value not in (None, "")}
    if all(isinstance(value, date) for value in known.values()):
        turns = {key: value.isoformat() for key, value in known.items()}
    else:
        places = {one: f"{place:06}" for place, one in enumerate(sorted({*map(_as_text, known.values())}), 1)}
        turns = {key: places[_as_text(value)] for key, value in known.items()}
    return {key: turns.get(key, UNKNOWN) for key in values}


def _as_text(value: Any) -> str:
    """A value as text that sorts: numbers by their size, words without regard to capitals."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:012}"
    return str(value).casefold()


def start_of(seed: str, stratum: str, cases: int) -> int:
    """Where a stratum's first interval begins: from 0 up to, not including, its number of cases.

    It is counted in parts of a case, as many to one as cases are wanted. The SHA-256 of the seed, in
    hexadecimal, “start of ” and the stratum's name are hashed again; the remainder by the number is it.
    """
    seed_hash = hashlib.sha256(seed.encode()).hexdigest()
    digest = hashlib.sha256(f"{seed_hash}start of {stratum}".encode()).digest()
    return int.from_bytes(digest, "big") % cases


def places_of(cases: int, wanted: int, start: int) -> list[int]:
    """The places of a systematic sample: exactly so many, a fixed and perhaps fractional interval apart."""
    return [(start + number * cases) // wanted for number in range(wanted)]


def walks(keys: Sequence[str], wanted: int, seed: str, stratum: str) -> Iterator[Iterable[str]]:
    """For each place that a systematic sample takes: the case there and, should it not be free, those after
    it in the order, round to the one before."""
    wanted = min(wanted, len(keys))
    for place in places_of(len(keys), wanted, start_of(seed, stratum, len(keys))) if wanted else ():
        yield from_place(keys, place)


def from_place(keys: Sequence[str], place: int) -> Iterator[str]:
    """A list from one of its places on, round to the one before."""
    yield from islice(keys, place, None)
    yield from islice(keys, place)
