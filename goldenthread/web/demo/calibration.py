"""Which grades the demo's audits get: shares that published audit programmes show, drawn with a seed.

Over the months shown, inadequate falls from 23% to 9% and good or better rises from 43% to 65%; one team lies
below the others, and one auditor grades about half a grade harsher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

INADEQUATE = (0.23, 0.09)
GOOD_OR_BETTER = (0.43, 0.65)
OUTSTANDING_OF_GOOD = 0.12
TEAM_BELOW, HARSHER = -1.1, -0.9
"""In units of the spread between files; a grade is about two of them wide."""

BEST_FIRST = ("outstanding", "good", "requires improvement", "inadequate")


@dataclass(frozen=True)
class Setting:
    """What moves an audit's grade besides chance."""

    team_out_of_line: bool
    harsher_auditor: bool


def month_share(first_last: tuple[float, float], place: int, months: int) -> float:
    """The share in month `place` of `months`, on a straight line from the first to the last."""
    first, last = first_last
    return first + (last - first) * (place / (months - 1) if months > 1 else 1)


def overall_grades(settings: Sequence[Setting], place: int, months: int, random: Random) -> list[str]:
    """The overall grade of each audit of a month: the month's shares exactly, by the files' quality."""
    count = len(settings)
    inadequate = round(month_share(INADEQUATE, place, months) * count)
    good = round(month_share(GOOD_OR_BETTER, place, months) * count)
    outstanding = round(good * OUTSTANDING_OF_GOOD)
    ladder = (
        ["outstanding"] * outstanding
        + ["good"] * (good - outstanding)
        + ["requires improvement"] * (count - good - inadequate)
        + ["inadequate"] * inadequate
    )
    quality = [
        random.gauss(0, 1) + TEAM_BELOW * one.team_out_of_line + HARSHER * one.harsher_auditor
        for one in settings
    ]
    best_first = sorted(range(count), key=lambda index: -quality[index])
    grades = [""] * count
    for grade, index in zip(ladder, best_first, strict=True):
        grades[index] = grade
    return grades


def near(grade: str, random: Random, *, spread: float = 0.3) -> str:
    """A domain's grade near the overall one: most are the same, some one better or one worse."""
    at = BEST_FIRST.index(grade)
    turn = random.random()
    step = -1 if turn < spread / 2 else 1 if turn > 1 - spread / 2 else 0
    return BEST_FIRST[min(max(at + step, 0), len(BEST_FIRST) - 1)]


def before_conversation(grade: str, random: Random) -> str:
    """What the grade was from the record alone: now and then one lower, seldom one higher."""
    at, turn = BEST_FIRST.index(grade), random.random()
    if turn < 0.18:
        return BEST_FIRST[min(at + 1, len(BEST_FIRST) - 1)]
    return BEST_FIRST[max(at - 1, 0)] if turn > 0.97 else grade
