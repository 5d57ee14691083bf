"""Proportions against published intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.proportions import describe, percent, wilson
from goldenthread.rules.refusal import Refused


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (18, 20, 0.6990, 0.9721),
        (27, 30, 0.7438, 0.9654),
    ],
)
def test_intervals_are_the_published_ones(count, total, low, high):
    interval = wilson(count, total)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_an_interval_holds_its_share_and_mirrors_its_complement(pair):
    count, total = pair

    interval, other = wilson(count, total), wilson(total - count, total)

    assert 0 <= interval.low <= count / total <= interval.high <= 1
    assert interval.low == pytest.approx(1 - other.high)


def test_nothing_is_said_about_none():
    assert wilson(0, 0) is None
    assert describe(0, 0) == "none to count"


@pytest.mark.parametrize(("count", "total"), [(3, 2), (-1, 2), (1, 0)])
def test_what_is_no_proportion_is_refused(count, total):
    with pytest.raises(Refused, match="is not a proportion"):
        wilson(count, total)


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (8, 10, "8 of 10 (80%; 95% interval 49% to 94%)"),
        (3, 9, "3 of 9, too few for a percentage"),
        (0, 20, "0 of 20 (0%; 95% interval 0% to 16%)"),
        (1, 8, "1 of 8, too few for a percentage"),
    ],
)
def test_a_proportion_is_told_by_its_counts(count, total, text):
    assert describe(count, total) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.125, "13%"), (0.005, "1%"), (1.0, "100%"), (0.0, "0%"), (0.494, "49%")]
)
def test_percentages_are_whole_and_round_halves_up(share, text):
    assert percent(share) == text
