"""Selection and pairing in the shipped framework: who is left out and why, who may audit (WF-4, WF-5)."""

from datetime import date
from pathlib import Path

import pytest

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.reading import read_pack
from goldenthread.rules.selection import Candidate, DrawnGroup, SelectionRule, frame
from goldenthread.rules.targets import Target
from goldenthread.rules.turns import turn_of

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


ROUND = SelectionRule.model_validate(
    {
        "frame": {"fact": "status", "is": "open"},
        "exclude": [
            {"when": {"since": "opened", "at_most": "6 weeks"}, "because": "not open for 6 weeks"},
            {"when": {"since": "audited in this kind", "at_most": "1 year"}, "because": "audited this year"},
        ],
        "size": "own cases",
        "one_per_practitioner": False,
        "exhausted": "go round again",
    }
)
OPEN = {"opened": date(2026, 1, 5)}


def test_after_exhaustion_the_case_audited_longest_ago_comes_round_first_and_no_more_than_are_lacking():
    audited = {day: date(2026, 10, day) for day in (3, 1, 2)}
    cases = [case(f"A{day}", **OPEN, **{"audited in this kind": on}) for day, on in audited.items()]

    rows = frame(ROUND, [case("B", **OPEN), *cases], {"North": 3}, KNOWN)

    assert [row.key for row in rows if row.eligible] == ["B", "A1", "A2"]
    assert "every other case has had its turn" in rows[2].reason


def test_nobody_goes_round_again_while_there_are_enough_and_never_past_another_reason():
    again = {**OPEN, "audited in this kind": date(2026, 10, 1)}
    new = {**again, "opened": date(2026, 10, 5)}

    enough = frame(ROUND, [case("A", **again), case("B", **OPEN)], {"North": 1}, KNOWN)
    short = frame(ROUND, [case("A", **new)], {"North": 1}, KNOWN)

    assert [row.eligible for row in enough] == [False, True]
    assert not short[0].eligible


@pytest.mark.parametrize(
    ("order", "first_to_last"),
    [
        ("longest open first", ["older, audited", "old, never", "young, never", "young, audited", "no date"]),
        (
            "longest since last audit first",
            ["old, never", "older, audited", "young, never", "young, audited", "no date"],
        ),
        (
            "never audited first",
            ["old, never", "young, never", "no date", "older, audited", "young, audited"],
        ),
    ],
)
def test_each_order_gives_every_case_a_turn_that_sorts(order, first_to_last):
    facts = {
        "young, never": {"opened": date(2026, 5, 1)},
        "older, audited": {"opened": date(2019, 5, 1), "audited in this kind": date(2026, 2, 1)},
        "old, never": {"opened": date(2020, 5, 1)},
        "young, audited": {"opened": date(2026, 5, 1), "audited in this kind": date(2026, 6, 1)},
        "no date": {},
    }

    assert sorted(facts, key=lambda name: turn_of(order, facts[name])) == first_to_last
    assert turn_of("random", facts["old, never"]) == ""


def target(**changes):
    return {"title": "T", "counts": ["audit"], "per": "team", "each": "year", **changes}


@pytest.mark.parametrize(
    ("per_cent", "cases", "owed"),
    [(5, 200, 10), (5, 201, 11), (0.1, 1000, 1), (10, 0, 0), (33.3, 10, 4), (100, 7, 7)],
)
def test_a_share_of_a_caseload_is_rounded_up_and_never_by_the_binary_fraction(per_cent, cases, owed):
    assert Target.model_validate(target(per_cent=per_cent)).of_caseload(cases) == owed


FINANCIAL = YearCalendar(cycle="month", begins="April", opens="first working day", closes="last working day")
WEEKLY = YearCalendar(cycle="week", opens="first day", closes="last day")


@pytest.mark.parametrize(
    ("on", "day"),
    [
        ("first day of the period", date(2026, 6, 1)),
        ("first day of the quarter", date(2026, 4, 1)),
        ("first day of the year", date(2026, 4, 1)),
        ("last day of the month before", date(2026, 5, 31)),
        ("last working day of the month before", date(2026, 5, 29)),
        ("last day of the quarter before", date(2026, 3, 31)),
        ("last working day of the quarter before", date(2026, 3, 30)),
        ("today", date(2026, 11, 2)),
    ],
)
def test_cases_are_counted_on_the_stated_day_and_never_later_than_today(on, day):
    rule = Target.model_validate(target(everyone=True, caseload_on=on))
    closed_at_the_end_of_march = Calendar(closures=frozenset({date(2026, 3, 31)}))

    def found(period, today):
        return rule.day(period=period, rule=FINANCIAL, today=today, working=closed_at_the_end_of_march)

    assert found(date(2026, 6, 1), ON) == day
    assert found(date(2027, 8, 2), ON) == ON
    assert sentence_of_day(rule) in rule.sentence()


def sentence_of_day(rule):
    return "open today" if rule.caseload_on == "today" else f"open on the {rule.caseload_on}"


def test_the_month_before_a_week_is_the_one_before_that_of_its_monday():
    rule = Target.model_validate(target(everyone=True, caseload_on="last day of the month before"))

    assert rule.day(period=date(2026, 10, 1), rule=WEEKLY, today=ON, working=Calendar()) == date(2026, 8, 31)


def test_a_group_that_is_no_share_names_no_day_of_its_cases():
    group = {"title": "G", "when": {"fact": "status", "is": "open"}, "caseload_on": "today"}

    with pytest.raises(ValueError, match="no share of its cases"):
        DrawnGroup.model_validate(group | {"number": 2})
    assert DrawnGroup.model_validate(group | {"per_cent": 2}).caseload_on == "today"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"number": 1, "per_cent": 5},
        {"number": 1, "everyone": True},
        {"number": 1, "caseload_on": "today"},
        {"per": "auditor", "everyone": True},
    ],
)
def test_a_target_that_says_nothing_or_two_things_is_refused(wrong):
    with pytest.raises(ValueError, match="exactly one|counts no cases|is a number"):
        Target.model_validate(target(**wrong))


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
