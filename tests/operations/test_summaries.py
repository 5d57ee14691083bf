"""Whoever reads a summary of an audit and fills in a part of it reads that part alone."""

import pytest

from goldenthread.audits.returns import may_see_others
from goldenthread.rules.documents import read_document, write_document
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import SELF_AND_PANEL, with_returns

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("in_summary", [False, True])
def test_whoever_fills_in_a_part_and_reads_a_summary_keeps_to_that_part(in_summary):
    data = read_document(with_returns(SELF_AND_PANEL)).data
    data["audit_types"]["audit"]["returns"]["self"]["sees_others"] = "at any time"
    if in_summary:
        data["audit_types"]["audit"]["summary"] = {"to": ["practitioner"]}
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=write_document(data)))

    assert may_see_others(audit, council.priya, on=moment().date()) is not in_summary
