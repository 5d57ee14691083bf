"""The solver behind the allocation; the only module that loads scipy, for the background worker alone."""

import numpy as np
from scipy.optimize import linear_sum_assignment


def fill(pairs: list[list[int | None]], steps: list[list[int]]) -> list[int | None]:
    """Fill as many rows as possible, then as cheaply as possible.

    `pairs[row][person]` is what a person costs there, None where they may not; `steps[person]` is what their
    first, second, ... row costs on top, and how many they may take. The answer is each row's person or None.
    Costs are whole numbers far below 2**53, so the arithmetic is exact.
    """
    if not pairs:
        return []
    people = np.repeat(np.arange(len(steps)), [len(step) for step in steps])
    allowed = np.array([[np.inf if cost is None else cost for cost in row] for row in pairs], dtype=float)
    on_top = np.array([cost for step in steps for cost in step], dtype=float)
    costs = allowed[:, people] + on_top
    dearest = costs[np.isfinite(costs)].max(initial=0.0)
    empty = np.full((len(pairs), len(pairs)), (dearest + 1) * (len(pairs) + 1))
    _, columns = linear_sum_assignment(np.hstack([costs, empty]))
    return [int(people[column]) if column < len(people) else None for column in columns]
