"""What an organisation's directory must be before anybody is let in on its word."""

import pytest

from goldenthread.rules.directories import check_directory

GOOD = {"tenant": "7a0ac1d0", "secret": "s", "issuer": "https://login.microsoftonline.com/7a0ac1d0/v2.0"}


@pytest.mark.parametrize(
    "more", [{}, {"issuer": "http://localhost:5000/x"}, {"issuer": "http://127.0.0.1/x"}]
)
def test_a_directory_of_ones_own_is_taken(more):
    check_directory(**{**GOOD, **more})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tenant": ""}, "DIRECTORY_TENANT"),
        ({"tenant": "common"}, "DIRECTORY_TENANT"),
        ({"tenant": "Organizations"}, "DIRECTORY_TENANT"),
        ({"tenant": "consumers"}, "DIRECTORY_TENANT"),
        ({"secret": ""}, "DIRECTORY_SECRET"),
        ({"issuer": "http://login.example.org/"}, "DIRECTORY_ISSUER"),
        ({"issuer": "ftp://localhost/"}, "DIRECTORY_ISSUER"),
    ],
)
def test_a_directory_that_could_be_anybodys_is_refused(more, said):
    with pytest.raises(ValueError, match=said):
        check_directory(**{**GOOD, **more})
