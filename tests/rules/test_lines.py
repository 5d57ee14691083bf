# ruff: noqa: E501 - conditions as they are written
"""Conditions as lines: saving how they go together loses nothing that was said, however it was written."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.lines import group_of, joined

OPEN, KNOWN, LATE = (
    {"fact": "status", "is": "open"},
    {"fact": "opened", "known": True},
    {"answer": "late", "is": "yes"},
)


def comparison(number):
    return {"fact": f"fact {number}", "is": number}


def leaves(condition):
    """Every comparison that a condition holds, each as often as it stands there."""
    if isinstance(condition, list):
        return sum((leaves(one) for one in condition), Counter())
    if not isinstance(condition, dict):
        return Counter()
    inner = sum((leaves(condition[key]) for key in ("all", "any", "not") if key in condition), Counter())
    said = tuple(
        sorted((key, str(one)) for key, one in condition.items() if key not in ("all", "any", "not"))
    )
    return inner + (Counter([said]) if said else Counter())


COMPARISONS = st.integers(0, 9).map(comparison)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        lambda groups, besides: groups | besides,
        st.dictionaries(
            st.sampled_from(["all", "any", "not"]), st.lists(inner, min_size=1, max_size=3) | inner, min_size=1
        ).map(lambda said: {key: one[0] if key == "not" and isinstance(one, list) else one for key, one in said.items()}),
        st.just({}) | COMPARISONS,
    ),
    max_leaves=8,
)  # fmt: skip


@given(CONDITIONS, st.sampled_from(["all", "any"]), st.booleans())
def test_saving_how_lines_go_together_keeps_every_comparison(condition, join, negated):
    group = group_of(condition, ("here",))

    saved = joined(group, join=join, negated=negated)

    assert leaves(saved) == leaves(condition)


@pytest.mark.parametrize(
    ("condition", "saved"),
    [
        ({"all": [OPEN, LATE], "any": [KNOWN, LATE]}, {"all": [OPEN, LATE, {"any": [KNOWN, LATE]}]}),
        ({"any": [OPEN, LATE], "not": KNOWN}, {"all": [{"any": [OPEN, LATE]}, {"not": KNOWN}]}),
        ({"all": [OPEN, LATE], **KNOWN}, {"all": [OPEN, LATE, KNOWN]}),
        ({"not": {"any": [OPEN, LATE]}, "all": [KNOWN]}, {"all": [KNOWN, {"not": {"any": [OPEN, LATE]}}]}),
        ({"all": OPEN, "any": [KNOWN, LATE]}, {"all": [{"all": [OPEN]}, {"any": [KNOWN, LATE]}]}),
        ({"not": {"all": [OPEN], "any": [LATE]}}, {"not": {"all": [OPEN, {"any": [LATE]}]}}),
        ({"any": [OPEN, LATE]}, {"any": [OPEN, LATE]}),
    ],
)
def test_what_is_said_at_once_stands_on_lines_of_its_own_that_must_all_hold(condition, saved):
    group = group_of(condition, ())

    assert joined(group, join=group.join, negated=group.negated) == saved
    again = group_of(saved, ())
    assert all(line.apart for line in again.lines)
