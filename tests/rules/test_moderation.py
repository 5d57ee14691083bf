"""When moderation is done, how many are drawn, what is left out, and what a framework may not say."""

from datetime import date

import pytest
from pydantic import ValidationError

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.moderation import Finished, ModerationRule, cycle_due, frame_of, strata_of
from goldenthread.rules.reading import examine
from goldenthread.rules.scales import Scale
from tests.make import PACK

YEAR = YearCalendar.model_validate(
    {
        "cycle": "month",
        "left_out": ["August", "December"],
        "opens": "first working day",
        "closes": "last working day",
        "swap_outs": [{"cycles": ["May"], "of": ["re-audit"], "because": "moderation"}],
    }
)
SCALE = Scale.model_validate(
    {
        "direction": "best first",
        "values": [
            {"key": "a", "label": "A", "good": True},
            {"key": "b", "label": "B"},
            {"key": "c", "label": "C"},
            {"key": "none", "label": "None", "excluded": True},
        ],
    }
)
BASE = {"title": "Moderation", "of": ["audit"], "by": ["director"], "clock": "moderate the audit"}


def rule(**changes):
    return ModerationRule.model_validate({**BASE, "every": 3, **changes})


@pytest.mark.parametrize(
    ("when", "months"),
    [
        ({"every": 3}, ("March", "June", "October")),
        ({"every": 1, "number": 2}, tuple(m for m in YEAR.first_months() if m not in YEAR.left_out)),
        ({"every": None, "cycles": ["July", "August"]}, ("July",)),
        ({"every": None, "in_place_of": "re-audit"}, ("May",)),
    ],
)
def test_when_it_is_done(when, months):
    assert rule(**when).months(YEAR) == months


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 1, 5), "2025-10"),
        (date(2026, 3, 1), "2025-10"),  # a Sunday: March opens the day after
        (date(2026, 3, 2), "2026-03"),
        (date(2026, 5, 31), "2026-03"),
        (date(2026, 11, 27), "2026-10"),
    ],
)
def test_a_cycle_stays_due_until_the_next_one_opens(day, label):
    assert cycle_due(rule(), YEAR, Calendar("england-and-wales"), day).label == label


@pytest.mark.parametrize(
    ("said", "of", "drawn"),
    [
        ({}, 7, 7),
        ({"number": 3}, 7, 3),
        ({"number": 9}, 7, 7),
        ({"per_cent": 10}, 7, 1),
        ({"per_cent": 10}, 0, 0),
    ],
)
def test_how_many_are_drawn(said, of, drawn):
    assert rule(**said).size(of) == drawn


@pytest.mark.parametrize(
    ("said", "of", "drawn"),
    [
        ({}, 7, 2),
        ({}, 1, 1),
        ({"per_cent": 50}, 7, 4),
        ({"per_cent": 10}, 7, 2),
        ({"per_cent": 10}, 1, 1),
    ],
)
def test_how_many_of_each_auditor_are_drawn(said, of, drawn):
    assert rule(each_auditor=2, **said).size_of_auditor(of) == drawn
    with pytest.raises(ValueError, match="leave “number” out"):
        rule(each_auditor=2, number=3)


def test_each_auditor_is_a_stratum_and_only_what_is_new_is_drawn_where_the_rule_says_so():
    finished = [
        Finished("1", "North", "a", auditor="x", new_auditor=True),
        Finished("2", "North", "a", auditor="x", new_form=True),
        Finished("3", "North", "a", auditor="y", new_auditor=True, new_form=True),
    ]

    def drawn_from(**said):
        rows = frame_of(rule(**said), finished, SCALE)
        assert all(row.reason for row in rows if not row.eligible)
        return strata_of(rule(**said), rows)

    assert drawn_from(each_auditor=2) == [("x", 2), ("y", 1)]
    assert drawn_from(each_auditor=1, new_auditors="6 months") == [("x", 1), ("y", 1)]
    assert drawn_from(new_auditors="6 months") == [("finished", 2)]
    assert drawn_from(new_auditors="6 months", new_forms="3 months", each_auditor=1) == [("y", 1)]


@pytest.mark.parametrize(
    ("graded", "eligible"),
    [
        ("any grade", ["1", "2", "3", "4", "5"]),
        ("good or better", ["1"]),
        ("below good", ["2", "3"]),
        ("lowest grade", ["3"]),
    ],
)
def test_which_grades_are_drawn_and_why_the_others_are_not(graded, eligible):
    given = ["a", "b", "c", "none", ""]
    finished = [Finished(str(place), "North", grade) for place, grade in enumerate(given, start=1)]
    finished += [Finished("6", "North", "a", moderated=True), Finished("7", "North", "a", disputed=True)]
    rows = frame_of(rule(graded=graded), finished, SCALE)
    assert [row.key for row in rows if row.eligible] == eligible
    assert all(row.reason for row in rows if not row.eligible)


@pytest.mark.parametrize(
    "said", [{"number": 2, "per_cent": 5}, {"every": None}, {"cycles": ["May"]}, {"in_place_of": "re-audit"}]
)
def test_a_rule_says_once_how_many_and_when(said):
    with pytest.raises(ValidationError):
        rule(**said)


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"of": ["adit"]}, "of", "adit"),
        ({"by": ["auditor"]}, "by", "part of the audit itself"),
        ({"by": ["directr"]}, "by", "directr"),
        ({"clock": "complete the audit"}, "clock", "with a length"),
        ({"parts": ["nothing"]}, "parts", "nothing"),
        ({"stage": "on the record"}, "stage", "opens"),
        ({"stage": "nowhere"}, "stage", "nowhere"),
        ({"every": None, "in_place_of": "re-audit"}, "senior moderation", "No cycle"),
    ],
)
def test_what_a_framework_may_not_say_has_a_place_and_a_sentence(changes, path, said):
    data = read_document(PACK.read_text()).data
    found = data["moderation"]["senior moderation"] | changes
    data["moderation"]["senior moderation"] = {
        key: value for key, value in found.items() if value is not None
    }
    _, faults = examine(write_document(data))
    assert any(path in str(fault) and said in str(fault) for fault in faults), faults


def test_audits_without_an_overall_grade_are_not_moderated_by_it():
    data = read_document(PACK.read_text()).data
    data["moderation"]["senior moderation"]["graded"] = "lowest grade"
    data["grading"]["case audit"]["overall"] = False

    _, faults = examine(write_document(data))

    assert any("none is ever “lowest grade”; choose “any grade”" in str(fault) for fault in faults)


def test_a_version_without_moderation_still_reads():
    data = read_document(PACK.read_text()).data
    del data["moderation"], data["clocks"]["moderate the audit"]
    for report in (data["report"], *data["reports"].values()):
        report["parts"].remove("moderation")
    pack, faults = examine(write_document(data))
    assert not faults and pack.moderation == {}
