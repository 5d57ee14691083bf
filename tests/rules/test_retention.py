"""How long audits are kept: from which day, until when, and what a framework may not say."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.checks import missing
from goldenthread.rules.documents import read_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.retention import Ended, Retention, due_on, sentence

CYCLE, FINISHED, CLOSED = date(2026, 11, 30), date(2026, 12, 9), date(2028, 2, 29)
days = st.dates(date(2015, 1, 1), date(2040, 12, 31))


PACK = Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml"


def pack_keeping(retention, keeper=True):
    """The adult social care framework with a rule for its first kind of audit."""
    data = read_document(PACK.read_text(encoding="utf-8")).data
    data["audit_types"]["audit"]["retention"] = retention
    for role in data["roles"].values():
        if not keeper and "may" in role:
            role["may"] = [one for one in role["may"] if one != "keep and remove records"]
    return Framework.model_validate(data)


def rule(since="it is finished", keep="5 years"):
    return Retention(keep=keep, since=since, because="The schedule.")


@pytest.mark.parametrize(
    ("since", "keep", "ended", "due"),
    [
        ("it is finished", "5 years", Ended(CYCLE, FINISHED, CLOSED), date(2031, 12, 9)),
        ("it is finished", "5 years", Ended(CYCLE, None, None), date(2031, 11, 30)),
        ("its case is closed", "8 years", Ended(CYCLE, FINISHED, CLOSED), date(2036, 2, 29)),
        ("its case is closed", "1 year", Ended(CYCLE, FINISHED, CLOSED), date(2029, 2, 28)),
        ("its case is closed", "8 years", Ended(CYCLE, FINISHED, None), None),
        ("its cycle has ended", "18 months", Ended(CYCLE, FINISHED, CLOSED), date(2028, 5, 30)),
    ],
)
def test_the_time_runs_from_the_day_that_the_framework_names(since, keep, ended, due):
    assert due_on(rule(since, keep), ended) == due


@given(start=days, more=st.integers(1, 60))
def test_a_longer_keep_is_never_due_earlier(start, more):
    ended = Ended(start, start, start)

    assert due_on(rule(keep=f"{more} months"), ended) < due_on(rule(keep=f"{more + 1} months"), ended)


def test_a_rule_is_said_in_a_sentence():
    said = "Kept for 5 years since it is finished; then the words and names are removed and the figures kept."
    assert sentence(rule()) == said


@pytest.mark.parametrize(
    ("retention", "path", "said"),
    [
        ({"keep": "0 years", "because": "None."}, ("audit_types", "audit", "retention", "keep"), "how long"),
        ({"keep": "5 years", "because": "The schedule."}, None, ""),
    ],
)
def test_what_cannot_be_kept_is_a_fault_with_its_place(retention, path, said):
    faults = [one for one in missing(pack_keeping(retention)) if "retention" in one.path]

    assert [one.path for one in faults] == ([path] if path else [])
    assert all(said in one.sentence for one in faults)


def test_somebody_must_be_able_to_stop_what_is_removed():
    faults = list(missing(pack_keeping({"keep": "5 years", "because": "The schedule."}, keeper=False)))

    assert [one.path for one in faults] == [("audit_types", "audit", "retention")]
    assert "keep and remove records" in faults[0].sentence
