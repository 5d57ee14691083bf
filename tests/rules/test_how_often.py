"""How often something is checked, in words."""

import pytest

from goldenthread.rules.agreements import how_often


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("1 week", "every week"),
        ("2 weeks", "every 2 weeks"),
        ("1 month", "every month"),
        ("10 working days", "every 10 working days"),
    ],
)
def test_once_in_each_length_is_said_without_the_one(every, words):
    assert how_often(every) == words
