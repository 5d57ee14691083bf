"""Agreement of two graders against published answers (LA-5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.agreement import FEWEST_PAIRS, agreement, coefficients

A = "122333342314"
B = "123332342323"
TWELVE = list(zip(A, B, strict=True))
HUNDRED = [("1", "1")] * 13 + [("2", "2")] * 20 + [("2", "3")] * 7 + [("3", "2")] * 4 + [("3", "3")] * 56


@pytest.mark.parametrize(
    ("weights", "observed", "kappa", "gwet"),
    [
        ("identity", 0.666667, 0.510204, 0.570149),
        ("linear", 0.888889, 0.641791, 0.766613),
        ("quadratic", 0.962963, 0.775701, 0.894583),
    ],
)
def test_twelve_pairs_on_four_grades_give_the_published_figures(weights, observed, kappa, gwet):
    assert coefficients(TWELVE, "1234", weights) == pytest.approx((observed, kappa, gwet), abs=1e-6)


def test_a_hundred_pairs_on_three_grades_give_the_published_figures():
    found = agreement(HUNDRED, "123", "identity")

    assert (found.pairs, found.alike) == (100, 89)
    assert (found.kappa, found.gwet) == pytest.approx((0.79641, 0.84933), abs=1e-5)
    assert agreement(HUNDRED, "123", "quadratic").kappa == pytest.approx(0.89216, abs=1e-5)


def test_few_pairs_show_counts_alone_and_say_why():
    found = agreement(TWELVE, "1234", "quadratic")

    assert (found.kappa, found.gwet, found.weighted) == (None, None, None)
    assert found.sentence().startswith("8 of 12 graded alike. With fewer than 30 pairs")
    assert agreement([], "1234", "linear").sentence() == "Nothing was graded twice yet."


def test_where_everything_has_one_grade_kappa_is_not_defined_and_gwet_says_all_agree():
    found = agreement([("1", "1")] * 40, "1234", "identity")

    assert (found.kappa, found.gwet) == (None, 1.0)


PAIRS = st.lists(
    st.tuples(st.sampled_from("1234"), st.sampled_from("1234")), min_size=FEWEST_PAIRS, max_size=60
)


@given(PAIRS, st.sampled_from(["identity", "linear", "quadratic"]))
def test_whoever_is_named_first_and_whichever_end_is_best_the_figures_are_the_same(pairs, weights):
    turned = [(other, one) for one, other in pairs]
    found = coefficients(pairs, "1234", weights)

    for again in (coefficients(turned, "1234", weights), coefficients(pairs, "4321", weights)):
        for one, other in zip(found, again, strict=True):
            assert (one is None) == (other is None)
            assert one is None or one == pytest.approx(other)
    assert all(one is None or one <= 1 + 1e-9 for one in found)
