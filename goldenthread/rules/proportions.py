"""Proportions with the uncertainty that small samples have.

Wilson's score interval (E. B. Wilson, 1927), at 95%: ten of ten still means that the true rate could be 72%.
"""

from dataclasses import dataclass
from math import sqrt

from goldenthread.rules.refusal import Refused

Z = 1.959963984540054  # the normal quantile of a two-sided 95% interval
# Below this many, a percentage suggests more than the files can show; the counts are given alone.
FEWEST_FOR_PERCENTAGE = 10


@dataclass(frozen=True)
class Interval:
    """A range that holds the true rate in 95 of 100 samples, between 0 and 1."""

    low: float
    high: float


def wilson(count: int, total: int) -> Interval | None:
    """Return Wilson's 95% interval of count out of total; nothing can be said about none."""
    if not 0 <= count <= total:
        raise Refused(f"{count} of {total} is not a proportion. The count must lie between 0 and the total.")
    if total == 0:
        return None
    share, square = count / total, Z * Z
    centre = (share + square / (2 * total)) / (1 + square / total)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == total else min(1.0, centre + half)
    return Interval(low, high)


def percent(share: float) -> str:
    """Say a share as a whole percentage, halves up: "13%"."""
    return f"{int(share * 100 + 0.5)}%"


def describe(count: int, total: int) -> str:
    """Say a proportion with its counts first: "8 of 10 (80%; 95% interval 49% to 94%)"."""
    interval = wilson(count, total)
    if interval is None:
        return "none to count"
    if total < FEWEST_FOR_PERCENTAGE:
        return f"{count} of {total}, too few for a percentage"
    share = percent(count / total)
    return f"{count} of {total} ({share}; 95% interval {percent(interval.low)} to {percent(interval.high)})"
