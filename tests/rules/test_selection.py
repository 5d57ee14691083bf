"""Selection and pairing in the shipped framework: who is left out and why, who may audit (WF-4, WF-5)."""

from datetime import date
from pathlib import Path

import pytest

from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.reading import read_pack
from goldenthread.rules.selection import Candidate, frame

PACK = read_pack(
    (Path(__file__).resolve().parents[2] / "goldenthread/packs/adult-social-care.yaml").read_text()
)
RULE = PACK.selection["monthly sample"]
ON = date(2026, 11, 2)
KNOWN = Known(on=ON)
WELL = {
    "status": "open",
    "practitioner": "p1",
    "allocated": date(2026, 1, 5),
    "audits in hand": 0,
    "re-audits this cycle": 0,
}
NEW = {"allocated": date(2026, 8, 3)}
RECENT = {"practitioner audited": date(2026, 9, 2)}


def case(key, practitioner="p1", stratum="North", **facts):
    return Candidate(key, stratum, practitioner, stratum, {**WELL, "practitioner": practitioner, **facts})


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"status": "closed"}, "not in this audit's frame"),
        ({"practitioner": ""}, "no practitioner is recorded for the case"),
        ({"audits in hand": 1}, "an audit of the case is still in hand"),
        ({"audited": date(2025, 11, 2)}, "the case was audited in the last 12 months"),
        ({"audited": date(2025, 11, 1)}, ""),
        ({"re-audits this cycle": 1}, "the practitioner's work is re-audited this month"),
        ({"allocated": date(2026, 8, 2)}, ""),
        (NEW, "the case has not been with the practitioner for 3 months"),
        ({"allocated": None}, "the case has not been with the practitioner for 3 months"),
        (RECENT, "the practitioner's work was picked in the last 2 months"),
        ({"practitioner audited": date(2026, 9, 1)}, ""),
        ({**NEW, "audits in hand": 2}, "an audit of the case is still in hand"),
    ],
)
def test_a_case_is_left_out_with_its_reason(facts, reason):
    enough = case("other", practitioner="p9")
    facts = {"practitioner": "p1"} | facts

    row = frame(RULE, [case("A", **{**facts}), enough], {"North": 1}, KNOWN)[0]

    assert (row.eligible, row.reason) == (not reason, reason)


@pytest.mark.parametrize("facts", [NEW, RECENT])
def test_what_is_left_out_where_possible_comes_back_where_a_team_would_be_short(facts):
    rows = frame(RULE, [case("A"), case("B", practitioner="p2", **facts)], {"North": 2}, KNOWN)

    assert [row.eligible for row in rows] == [True, True]
    assert rows[1].reason.startswith("eligible although: the ")


def test_what_is_left_out_firmly_stays_out_however_short_the_team_is():
    rows = frame(RULE, [case("A", **{"audits in hand": 1}), case("B", **NEW)], {"North": 2}, KNOWN)

    assert [row.eligible for row in rows] == [False, True]


def test_two_cases_of_one_practitioner_do_not_make_a_team_long_enough():
    rows = frame(RULE, [case("A"), case("B"), case("C", practitioner="p2", **NEW)], {"North": 2}, KNOWN)

    assert rows[2].eligible


def test_each_team_is_settled_by_itself():
    rows = frame(
        RULE,
        [case("A"), case("B", practitioner="p2", **NEW), case("C", "p3", "South", **NEW)],
        {"North": 1, "South": 1},
        KNOWN,
    )

    assert [row.eligible for row in rows] == [True, False, True]


def test_cases_of_the_front_door_are_audited_by_its_own_pool():
    pairing = PACK.pairing["audits"]

    front = pairing.pool_for(Known(on=ON, facts={"service": ["Adult social care", "MASH"]}))
    others = pairing.pool_for(Known(on=ON, facts={"service": ["Adult social care", "Home First"]}))

    assert front.posts == ("qa manager", "senior manager")
    assert "accredited auditor" in others.posts


@pytest.mark.parametrize(
    ("post", "names", "takes"),
    [
        ("senior manager", ["Home First", "Anytown Council"], True),
        ("senior manager", ["Ward team", "home first", "Anytown Council"], True),
        ("qa manager", ["Quality Assurance", "Anytown Council"], True),
        ("senior manager", ["Anytown Council"], False),
        ("senior manager", ["Learning Disability", "Anytown Council"], False),
        ("team manager", ["Home First", "Anytown Council"], False),
    ],
)
def test_re_audits_are_done_by_senior_managers_of_the_named_services_alone(post, names, takes):
    pool = PACK.pairing["re-audits"].pools[0]

    assert pool.takes(post, names) is takes


def test_a_pool_that_names_no_unit_takes_a_post_held_anywhere():
    assert PACK.pairing["audits"].pools[1].takes("team manager", ["Anywhere at all"])


@pytest.mark.parametrize(
    ("kind", "grade", "answers", "again"),
    [
        ("audit", "inadequate", {}, True),
        ("audit", "requires improvement", {}, True),
        ("audit", "good", {"further re-audit": "yes"}, False),
        ("re-audit", "inadequate", {}, False),
        ("re-audit", "good", {"further re-audit": "yes"}, True),
        ("re-audit", "inadequate", {"further re-audit": "no"}, False),
    ],
)
def test_what_fell_short_is_looked_at_again_and_a_re_audit_only_if_recommended(kind, grade, answers, again):
    known = Known(
        on=ON, answers=answers, grades={("overall", "on the record"): grade}, scale=PACK.scales["grades"]
    )

    rules = [rule for rule in PACK.re_audit if kind in rule.after and holds(rule.when, known)]

    assert bool(rules) is again
    assert all(rule.not_before == "1 month" and rule.type == "re-audit" for rule in rules)
