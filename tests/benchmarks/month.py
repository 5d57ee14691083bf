"""The month's draw and allocation: freezing the frame, drawing, and 600 audits for 200 auditors.

The limits of the same run: SHA-256 over the frame's bytes with one hash for each ticket, the solver alone,
and the linear programme of the same problem, whose optimum no allocation can beat. Seconds are seconds of a
processor, which other work on the machine does not stretch.
"""

import hashlib
import time
from collections.abc import Callable

import numpy as np
from django.db import connection
from django.utils import timezone
from scipy.optimize import linprog
from scipy.sparse import csr_array

from goldenthread.programmes.models import Cycle, Draw, FrameEntry, Slot
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.year import set_theme
from goldenthread.programmes.queries.documents import frame_bytes
from goldenthread.rules.solver import fill
from tests.benchmarks import figures
from tests.benchmarks.council import Shape, make_council
from tests.benchmarks.history import make_past, plan_cycles

HEAD = ("step", "CPU seconds", "its limit", "CPU seconds", "ratio")


class Solved:
    """The solver, with the problem it was given, its answer and how long it took."""

    def __call__(self, pairs, steps):
        """Solve, and keep what was asked and answered."""
        began = time.process_time()
        answer = fill(pairs, steps)
        self.seconds, self.pairs, self.steps, self.answer = time.process_time() - began, pairs, steps, answer
        return answer


def run(size: float, rounds: int) -> str:
    """The table of a month: at size 1, 40 teams give 15 audits each to 200 auditors."""
    shape = Shape(
        cases=max(120, round(10_000 * size)),
        teams=max(2, round(40 * size)),
        practitioners=max(40, round(1_500 * size)),
        auditors=max(14, round(200 * size)),
        each_team=15,
        capacity=4,
    )
    council = make_council(shape)
    *past, cycle = plan_cycles(council)
    make_past(council, shape, past[-2:])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _measured(council, cycle)


def _measured(council, cycle: Cycle) -> str:
    by, at, solved = council.quality, timezone.localtime(), Solved()
    if cycle.themed:
        set_theme(cycle, theme="Carers", unit=None, by=by, at=at)
    place_reaudits(cycle, by=by, at=at)
    frozen, freezing = _timed(lambda: freeze_frame(cycle, "audit", by=by, at=at))
    _, drawing = _timed(lambda: draw(frozen, seed="20261120", by=by, at=at))
    _, hashing = _timed(lambda: _hash_frame(frozen))
    run, allocating = _timed(lambda: allocate(cycle, solve=solved, by=by, at=at))
    bound, bounding = _timed(lambda: lower_bound(solved.pairs, solved.steps))
    gap = cost_of(solved) - bound
    rows = [
        ("freeze the frame", freezing, "SHA-256 of frame and tickets", hashing),
        ("draw", drawing, "SHA-256 of frame and tickets", hashing),
        ("allocate", allocating, "the solver alone", solved.seconds),
        ("the solver alone (P12)", solved.seconds, "linear programme (HiGHS)", bounding),
    ]
    facts = (
        f"{FrameEntry.objects.filter(draw=frozen).count():,} cases in the frame, "
        f"{Slot.objects.filter(cycle=cycle).count():,} audits, {len(solved.steps)} auditors of the pools; "
        f"{run.given} given, {run.unfilled} unfilled. Gap to the linear programme's bound: {gap:.6f} "
        f"(goal 0, {'met' if abs(gap) < 0.5 else 'missed'})."
    )
    lines = [(name, f"{a:.3f}", limit, f"{b:.3f}", f"{a / b:.2f}") for name, a, limit, b in rows]
    return facts + "\n\n" + figures.table(HEAD, lines)


def _timed(work: Callable):
    began = time.process_time()
    return work(), time.process_time() - began


def _hash_frame(frozen: Draw) -> str:
    """What any verifiable draw must hash at least: the frame, and a ticket for each of its lines."""
    content = frame_bytes(frozen)
    tickets = sorted(hashlib.sha256(b"20261120," + line).hexdigest() for line in content.splitlines())
    return hashlib.sha256(content).hexdigest() + tickets[0]


def empty_cost(pairs, steps) -> float:
    """A price of an empty row that no full row reaches, so that as many as possible are filled."""
    dearest = max((cost for row in pairs for cost in row if cost is not None), default=0)
    return (dearest + max((cost for step in steps for cost in step), default=0) + 1) * (len(pairs) + 1)


def cost_of(solved: Solved) -> float:
    """What the solver's answer costs; the n-th audit of a person costs their n-th step."""
    taken = [0] * len(solved.steps)
    total = 0.0
    for row, person in zip(solved.pairs, solved.answer, strict=True):
        if person is None:
            total += empty_cost(solved.pairs, solved.steps)
        else:
            total += row[person] + solved.steps[person][taken[person]]
            taken[person] += 1
    return total


def lower_bound(pairs, steps) -> float:
    """The optimum of the linear programme: rows filled once or empty, people at most as often as they may."""
    arcs = [(row, person, cost) for row, costs in enumerate(pairs) for person, cost in enumerate(costs)]
    arcs = [arc for arc in arcs if arc[2] is not None]
    levels = [(person, cost) for person, step in enumerate(steps) for cost in step]
    rows, people, first_level = len(pairs), len(steps), len(arcs) + len(pairs)
    costs = [cost for _, _, cost in arcs] + [empty_cost(pairs, steps)] * rows + [cost for _, cost in levels]
    entries = [(row, column, 1) for column, (row, _, _) in enumerate(arcs)]
    entries += [(row, len(arcs) + row, 1) for row in range(rows)]
    entries += [(rows + person, column, 1) for column, (_, person, _) in enumerate(arcs)]
    entries += [(rows + person, first_level + place, -1) for place, (person, _) in enumerate(levels)]
    down, across, values = (np.array(part) for part in zip(*entries, strict=True))
    matrix = csr_array((values, (down, across)), shape=(rows + people, len(costs)))
    wanted = np.concatenate([np.ones(rows), np.zeros(people)])
    return linprog(costs, A_eq=matrix, b_eq=wanted, bounds=(0, 1), method="highs").fun
