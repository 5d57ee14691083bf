"""How far two people who graded the same things agree: the share alike, Cohen's kappa and Gwet's coefficient.

Weights and formulas as in Gwet's Handbook of Inter-Rater Reliability: with linear or quadratic weights a
grade next to the other counts for more than one far from it. Kappa collapses where nearly everything has one
grade, so the share alike and Gwet's coefficient stand beside it, never kappa alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Weights = Literal["identity", "linear", "quadratic"]
FEWEST_PAIRS = 30
"""With fewer pairs the coefficients move with every single one; then only counts are shown."""


@dataclass(frozen=True)
class Agreement:
    """What a number of pairs says; a coefficient is None where it is undefined or the pairs are too few."""

    pairs: int
    alike: int
    weighted: float | None
    kappa: float | None
    gwet: float | None

    @property
    def is_small(self) -> bool:
        return self.pairs < FEWEST_PAIRS

    def sentence(self) -> str:
        """What is to be kept in mind with so many pairs."""
        if not self.pairs:
            return "Nothing was graded twice yet."
        if self.is_small:
            return (
                f"{self.alike} of {self.pairs} graded alike. With fewer than {FEWEST_PAIRS} pairs a "
                "coefficient would move with every single one, so only the counts are shown."
            )
        return f"{self.alike} of {self.pairs} graded alike."


def agreement(pairs: Sequence[tuple[str, str]], grades: Sequence[str], weights: Weights) -> Agreement:
    """The agreement of pairs of grades, of a scale whose grades stand in order."""
    alike = sum(one == other for one, other in pairs)
    if len(pairs) < FEWEST_PAIRS:
        return Agreement(len(pairs), alike, None, None, None)
    weighted, kappa, gwet = coefficients(pairs, grades, weights)
    return Agreement(len(pairs), alike, weighted, kappa, gwet)


def coefficients(
    pairs: Sequence[tuple[str, str]], grades: Sequence[str], weights: Weights
) -> tuple[float, float | None, float | None]:
    """The weighted agreement, Cohen's kappa and Gwet's AC1 (identity) or AC2, however few the pairs."""
    number, size = len(pairs), len(grades)
    place = {grade: position for position, grade in enumerate(grades)}
    table = Counter((place[one], place[other]) for one, other in pairs)
    first, second = Counter[int](), Counter[int]()
    for (one, other), count in table.items():
        first[one] += count
        second[other] += count
    weight = {(i, j): _weight(abs(i - j), size, weights) for i in range(size) for j in range(size)}
    observed = sum(weight[cell] * count for cell, count in table.items()) / number
    by_chance = sum(weight[i, j] * first[i] * second[j] for i, j in weight) / number**2
    shares = [(first[i] + second[i]) / (2 * number) for i in range(size)]
    spread = sum(share * (1 - share) for share in shares)
    gwet_chance = sum(weight.values()) * spread / (size * (size - 1)) if size > 1 else 1.0
    return observed, _beyond(observed, by_chance), _beyond(observed, gwet_chance)


def _weight(distance: int, size: int, weights: Weights) -> float:
    if weights == "identity" or size < 2:
        return float(distance == 0)
    return 1 - (distance / (size - 1)) ** (2 if weights == "quadratic" else 1)


def _beyond(observed: float, chance: float) -> float | None:
    """The agreement beyond chance; not defined where chance alone would always agree."""
    return None if chance >= 1 else (observed - chance) / (1 - chance)
