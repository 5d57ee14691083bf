"""Further reports: over which days, for whom, and what a framework may not say of them."""

from datetime import date

import pytest
from pydantic import ValidationError

from goldenthread.rules.documents import write_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.reading import faults
from goldenthread.rules.reports import PeriodReport, dates_of
from tests.copy_packs import COPIES, data_with

BOARD = {"title": "For the board", "period": "quarter", "parts": ["audited", "grades"]}
ONE = {"title": "Of an auditor", "period": "half-year", "about": "an auditor", "parts": ["audited"]}


@pytest.mark.parametrize(
    ("period", "day", "begins", "opens", "closes", "title"),
    [
        ("quarter", "2026-12-31", "January", "2026-10-01", "2026-12-31", "October to December 2026"),
        ("quarter", "2027-01-01", "January", "2027-01-01", "2027-03-31", "January to March 2027"),
        (
            "half-year",
            "2028-02-29",
            "September",
            "2027-09-01",
            "2028-02-29",
            "September 2027 to February 2028",
        ),
        ("year", "2027-03-31", "April", "2026-04-01", "2027-03-31", "April 2026 to March 2027"),
        ("year", "2026-01-01", "January", "2026-01-01", "2026-12-31", "2026"),
    ],
)
def test_a_period_is_whole_days_of_the_frameworks_own_year(period, day, begins, opens, closes, title):
    found = dates_of(period, date.fromisoformat(day), begins)

    assert (found.opens_on, found.closes_on) == (date.fromisoformat(opens), date.fromisoformat(closes))
    assert found.title == title


@pytest.mark.parametrize(
    "wrong",
    [
        {**ONE, "readers": ["quality team"]},
        {**ONE, "parts": ["audited", "teams"]},
        {**BOARD, "fewest": 1},
        {**BOARD, "fewest": 5, "parts": ["audited", "late and missing"]},
        {**BOARD, "period": "fortnight"},
    ],
)
def test_what_contradicts_itself_is_no_report(wrong):
    PeriodReport.model_validate(BOARD), PeriodReport.model_validate(ONE)

    with pytest.raises(ValidationError):
        PeriodReport.model_validate(wrong)


def said_of(overlay):
    """The faults of the shipped framework with copies and these reports."""
    data = data_with(COPIES)
    data.update({key: {**data.get(key, {}), **value} for key, value in overlay.items()})
    return [(fault.place, fault.sentence) for fault in faults(write_document(data))]


COPY = {"title": "Copy", "of": "a report", "outside": "The board", "clock": "send a copy", "ways": ["Post"]}


BY_A_HEAD = {
    "quality check": {"title": "Check", "length": "5 days", "starts": "now", "owed_by": "head of service"}
}


def test_a_report_about_a_person_is_signed_off_and_copied_by_those_who_see_every_audit():
    signed = {**ONE, "signed_off": "send a copy"}

    assert said_of({"reports": {"one": signed}, "copies": {"one": {**COPY, "report": "one"}}}) == []


@pytest.mark.parametrize(
    ("overlay", "part"),
    [
        ({"reports": {"board": {**BOARD, "readers": ["quality tea"]}}}, "did you mean “quality team”"),
        ({"reports": {"board/members": BOARD}}, "without “/”"),
        ({"reports": {"..": BOARD}}, "not as dots alone"),
        ({"reports": {"board": {**BOARD, "readers": ["auditor"]}}}, "“auditor” may not “see reports”"),
        ({"reports": {"board": {**BOARD, "signed_off": "nothing"}}}, "There is no clock “nothing”"),
        (
            {"reports": {"board": {**BOARD, "readers": ["quality team"], "signed_off": "sign the report"}}},
            "is not among its “readers”",
        ),
        ({"reports": {"board": {**BOARD, "parts": ["goals"]}}}, "There are no “goals” to show"),
        ({"reports": {"board": BOARD}, "copies": {"board": {**COPY, "report": "bord"}}}, "no report “bord”"),
        (
            {"reports": {"one": ONE}, "copies": {"board": {**COPY, "report": "one", "clock": "a moderator"}}},
            "There is no clock",
        ),
        ({"reports": {"one": {**ONE, "signed_off": "quality check"}}, "clocks": BY_A_HEAD}, "held anywhere"),
        ({"reports": {"board": BOARD}, "copies": {"board": COPY}}, "“a report” and “report” belong together"),
    ],
)
def test_a_report_that_nobody_could_make_read_or_send_is_refused(overlay, part):
    found = said_of(overlay)

    assert any(part in sentence for _, sentence in found), found


def test_reports_over_a_quarter_need_cycles_that_are_no_longer():
    data = data_with()
    data["calendar"] |= {"cycle": "half-year", "left_out": [], "themed": [], "swap_outs": []}
    data["reports"] = {"board": BOARD}

    found = [fault.sentence for fault in faults(write_document(data))]

    assert any("Every cycle is longer than a quarter" in sentence for sentence in found), found


def test_a_framework_read_for_a_further_report_is_that_report_and_else_the_same():
    pack = Framework.model_validate(
        {**data_with(COPIES), "reports": {"board": {**BOARD, "without_names": True}}}
    )

    read = pack.for_report("board")

    assert (read.report.title, read.report.without_names) == ("For the board", True)
    assert (pack.report.title, pack.report.without_names) == ("Monthly highlight report", False)
    assert (read.forms, read.words) == (pack.forms, pack.words)
    assert pack.for_report("") is pack
