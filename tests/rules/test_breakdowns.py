"""Breakdowns of reports: what a framework may say of them."""

import pytest
from pydantic import ValidationError

from goldenthread.rules.breakdowns import Breakdown
from goldenthread.rules.documents import write_document
from goldenthread.rules.reading import faults
from tests.copy_packs import COPIES, data_with

BOARD = {"title": "For the board", "period": "quarter", "parts": ["audited", "breakdowns"]}


@pytest.mark.parametrize("wrong", [{"by": "fact"}, {"by": "team", "fact": "status"}, {"by": "colour"}, {}])
def test_a_breakdown_goes_by_one_thing_and_by_a_fact_with_its_name(wrong):
    Breakdown.model_validate({"by": "team"}), Breakdown.model_validate({"by": "fact", "fact": "status"})

    with pytest.raises(ValidationError):
        Breakdown.model_validate(wrong)


def said_of(**report):
    """The faults of the shipped framework with a report for the board."""
    data = data_with(COPIES)
    data["facts"] = {"staff group": "Employed or of an agency", "agency worker": "Who came from an agency"}
    data["naming_facts"] = ["agency worker"]
    data["report"]["parts"].append("breakdowns")
    data["report"]["breakdowns"] = [{"by": "fact", "fact": fact} for fact in data["facts"]]
    data["reports"] = {"board": {**BOARD, "breakdowns": [{"by": "team"}], **report}}
    return [(fault.place, fault.sentence) for fault in faults(write_document(data))]


EMPTY = ("source", "cause", "severity")
AUDITOR = [{"by": "service"}, {"by": "auditor"}]


@pytest.mark.parametrize(
    ("report", "place", "part"),
    [
        ({"breakdowns": AUDITOR, "without_names": True}, "breakdowns › 2nd › by", "names nobody"),
        (
            {"breakdowns": AUDITOR, "about": "an auditor", "parts": ["breakdowns"]},
            "breakdowns › 2nd › by",
            "about one auditor",
        ),
        (
            {"breakdowns": [{"by": "fact", "fact": "staff grup"}]},
            "breakdowns › 1st › fact",
            "did you mean “staff group”",
        ),
        (
            {"breakdowns": [{"by": "fact", "fact": "agency worker"}], "without_names": True},
            "breakdowns › 1st › fact",
            "“agency worker” says who somebody is",
        ),
        ({"breakdowns": [{"by": "team"}, {"by": "team"}]}, "breakdowns › 2nd", "stands here twice"),
        ({"breakdowns": []}, "parts › 2nd", "add “breakdowns”, or leave it out"),
        ({"parts": ["audited"]}, "breakdowns", "these stand nowhere; add it there"),
        *(({"breakdowns": [{"by": one}]}, "by", "The framework names no") for one in EMPTY),
    ],
)
def test_a_breakdown_that_tells_nothing_or_too_much_is_a_fault_at_its_place(report, place, part):
    assert said_of() == []

    found = said_of(**report)

    assert len(found) == 1
    assert "board" in found[0][0] and part in found[0][1], found
    assert [step for step in place.split(" › ") if not step[0].isdigit()][-1] in found[0][0]
