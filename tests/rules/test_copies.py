"""Copies: which are owed of which audit, and what a framework may not say of them."""

from datetime import date

import pytest

from goldenthread.rules.checks import missing
from goldenthread.rules.conditions import Known
from goldenthread.rules.copies import ALWAYS, ON_REQUEST, fitting, of_report
from goldenthread.rules.documents import write_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.reading import faults
from goldenthread.rules.scales import Scale
from tests.copy_packs import COPIES, data_with
from tests.rules.grading_kit import FOUR

KNOWN = Known(date(2026, 11, 2), {}, {}, {("overall", "of record"): "i"}, Scale.model_validate(FOUR))


def pack(**changes):
    """The framework with copies, the first of them changed; None takes a key out."""
    data = data_with(COPIES)
    rule = data["copies"]["manager"] | changes
    data["copies"]["manager"] = {key: value for key, value in rule.items() if value is not None}
    return data


def said(data):
    """What is said of a document, each with its place."""
    return [f"{fault.path}: {fault.sentence}" for fault in faults(write_document(data))]


def test_copies_of_several_readers_have_no_fault():
    assert said(pack()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"role": None}, "exactly one of role or outside"),
        ({"outside": "The family"}, "exactly one of role or outside"),
        ({"role": "boss"}, "There is no role “boss”"),
        ({"after": ["audits"]}, "There is no audit type “audits”"),
        ({"clock": "send it"}, "There is no clock “send it”"),
        ({"clock": "complete the audit"}, "name a clock with a length"),
        ({"ways": []}, "ways"),
        ({"what": "their own part"}, "belong together"),
        ({"part": "health"}, "belong together"),
        ({"what": "their own part", "part": "health"}, "There is no return of “audit” “health”"),
        ({"of": "the month's report"}, "copied whole"),
        ({"when": {"fact": "weather", "is": "fine"}}, "There is no fact “weather”"),
        ({"clock": "arrange the discussion of a copy"}, "may not read it once it is final"),
    ],
)
def test_a_copy_that_cannot_be_given_is_named(changes, expected):
    data = pack(**changes)
    if changes.get("clock") == "arrange the discussion of a copy":
        data["clocks"][changes["clock"]] = data["clocks"]["send a copy"] | {"owed_by": "line manager"}

    assert any(expected in one for one in said(data)), said(data)


@pytest.mark.parametrize("owner", ["team manager", "auditor"])
def test_the_months_report_is_sent_and_signed_by_somebody_who_reads_all_of_it(owner):
    data = pack()
    data["clocks"]["sign the report"]["owed_by"] = data["clocks"]["send a copy"]["owed_by"] = owner

    assert sum("a post held anywhere that may “see reports”" in one for one in said(data)) == 3


def test_somebody_who_may_not_see_staff_files_sends_no_copy_of_one():
    data = pack()
    data["subjects"] = {
        "staff file": {
            "one": "staff file",
            "many": "staff files",
            "come_from": "staff",
            "posts": ["practitioner"],
        }
    }
    data["audit_types"]["audit"] |= {"subject": "staff file"}

    assert any("may not read it" in one.sentence for one in missing(Framework.model_validate(data)))


def test_what_is_owed_depends_on_the_kind_on_the_condition_and_on_whether_somebody_asked():
    data = pack(when={"grade": "overall", "is": "i"})
    rules = Framework.model_validate(data).copies

    assert fitting(rules, "audit", KNOWN, given=ALWAYS) == ["manager", "authority"]
    assert fitting(rules, "re-audit", KNOWN, given=ALWAYS) == []
    assert fitting(rules, "re-audit", KNOWN, given=ON_REQUEST) == ["family"]
    assert of_report(rules, ALWAYS) == ["board"]
    assert of_report(rules, ON_REQUEST) == ["councillor"]
