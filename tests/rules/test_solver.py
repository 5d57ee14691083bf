"""The solver fills the most rows, and only then looks at the cost."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.rules.solver import fill


def cost_of(pairs, steps, chosen):
    """Return (empty rows, cost), or None where the choice breaks a rule."""
    taken = Counter(person for person in chosen if person is not None)
    costs = [pairs[row][person] for row, person in enumerate(chosen) if person is not None]
    if None in costs or any(number > len(steps[person]) for person, number in taken.items()):
        return None
    on_top = sum(sum(steps[person][:number]) for person, number in taken.items())
    return chosen.count(None), sum(costs) + on_top


@st.composite
def problems(draw):
    people = draw(st.integers(0, 3))
    row = st.lists(st.none() | st.integers(0, 9), min_size=people, max_size=people)
    rising = st.lists(st.integers(0, 9), max_size=3).map(sorted)
    return draw(st.lists(row, max_size=4)), draw(st.lists(rising, min_size=people, max_size=people))


@given(problems())
@settings(max_examples=300, deadline=None)
def test_the_answer_is_the_best_of_all(problem):
    pairs, steps = problem

    chosen = fill(pairs, steps)

    everything = product([None, *range(len(steps))], repeat=len(pairs))
    best = min(cost for choice in everything if (cost := cost_of(pairs, steps, choice)) is not None)
    assert cost_of(pairs, steps, chosen) == best


def test_a_row_is_filled_however_dear_the_detour():
    pairs = [[0, 5, None], [None, 0, 5], [0, None, None]]

    assert fill(pairs, [[0], [0], [0]]) == [1, 2, 0]
