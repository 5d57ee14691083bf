"""What an audit reads and what it judges (1.2)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.reading import faults
from goldenthread.rules.windows import judged_from
from tests.make import PACK

TO = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("looks_from", "judges", "expected"),
    [
        (date(2025, 11, 30), "3 months", date(2026, 8, 30)),
        (date(2025, 11, 30), None, date(2025, 11, 30)),
        (date(2026, 10, 20), "3 months", date(2026, 10, 20)),  # the work began later
        (date(2025, 11, 30), "2 years", date(2025, 11, 30)),
    ],
)
def test_what_is_judged_begins_so_long_before_the_end(looks_from, judges, expected):
    assert judged_from(looks_from, TO, judges) == expected


@given(st.dates(date(2020, 1, 1), TO), st.sampled_from(["10 days", "6 weeks", "3 months", "1 year", None]))
def test_what_is_judged_lies_within_what_is_read(looks_from, judges):
    assert looks_from <= judged_from(looks_from, TO, judges) <= TO


@pytest.mark.parametrize(("judges", "refused"), [("6 months", False), ("30 days", False), ("7 months", True)])
def test_nothing_is_judged_that_is_not_read(judges, refused):
    data = read_document(PACK.read_text()).data
    data["audit_types"]["audit"]["judges"] = judges

    found = [fault.sentence for fault in faults(write_document(data))]

    assert any("reaches further back" in said for said in found) == refused
