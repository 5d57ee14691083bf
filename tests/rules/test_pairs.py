"""Teams that audit each other in pairs which rotate (CA-2)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.pairs import partners

TEAMS = st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True, max_size=12)


@given(TEAMS, st.integers(0, 50))
def test_every_team_is_audited_by_one_other_and_audits_one_other(teams, turn):
    found = partners(teams, turn)

    assert set(found) == (set(teams) if len(teams) > 1 else set())
    assert sorted(found.values()) == sorted(found)
    assert all(team != other for team, other in found.items())


@given(TEAMS, st.integers(0, 50))
def test_pairs_are_mutual_but_for_a_ring_of_three_where_the_number_is_odd(teams, turn):
    found = partners(teams, turn)

    one_way = [team for team, other in found.items() if found[other] != team]
    assert len(one_way) == (3 if len(teams) % 2 and len(teams) > 1 else 0)


@pytest.mark.parametrize("number", [2, 4, 6, 10])
def test_in_time_each_team_meets_each_other_equally_often(number):
    teams = [f"t{n}" for n in range(number)]

    met = Counter(pair for turn in range(number - 1) for pair in partners(teams, turn).items())

    assert set(met.values()) == {1}
    assert len(met) == number * (number - 1)


def test_the_order_in_which_teams_are_named_changes_nothing():
    assert partners(["c", "a", "b"], 4) == partners(["a", "b", "c"], 4)
