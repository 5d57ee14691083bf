"""The title of a page begins with "Error:" while something on it is wrong, however that is said."""

import pytest
from django.template.loader import render_to_string

WRONG, DONE = {"level_tag": "error"}, {"level_tag": "success"}


@pytest.mark.parametrize(
    ("context", "begins"),
    [
        ({}, ""),
        ({"messages": [DONE]}, ""),
        ({"messages": [DONE, WRONG]}, "Error: "),
        ({"messages": [WRONG, WRONG]}, "Error: "),
        ({"has_faults": True}, "Error: "),
        ({"form": {"errors": ["Enter a day"]}}, "Error: "),
        ({"form": {"errors": ["Enter a day"]}, "messages": [WRONG]}, "Error: "),
    ],
)
def test_a_title_says_once_that_something_is_wrong(context, begins):
    assert render_to_string("components/_error_in_title.html", context).replace("\n", "") == begins
