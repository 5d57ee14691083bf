"""Every so many-th case of a list in order: the places, the turns, and a draw that an outsider can redo."""

import copy
import json
from collections import Counter
from datetime import date

import pytest

from goldenthread.rules.conditions import Known
from goldenthread.rules.documents import write_document
from goldenthread.rules.draws import Case, draw, frame_csv, method_of, replace, verify, with_replacement
from goldenthread.rules.reading import faults
from goldenthread.rules.selection import Candidate, SelectionRule, frame
from goldenthread.rules.turns import places_of, sorted_turns, start_of
from tests.rich_pack import RICH

SYSTEMATIC = method_of("systematic", "opened", nominated=False)
NOMINATED = method_of("systematic", "opened", nominated=True)


def listed(number, **more):
    """So many cases of one stratum, each opened a day after the one before it, each another's work."""
    return [
        Case(f"k{n}", "MASH", f"p{n}", "MASH", True, turn=f"2026-01-{n + 1:02}", **more)
        for n in range(number)
    ]


def picks(cases, size, seed="7", method=SYSTEMATIC):
    return draw(cases, seed, [("MASH", size)], method).strata[0].picks


@pytest.mark.parametrize(
    ("cases", "wanted", "start", "places"),
    [
        (12, 4, 0, [0, 3, 6, 9]),
        (12, 4, 11, [2, 5, 8, 11]),
        (10, 4, 0, [0, 2, 5, 7]),
        (10, 4, 9, [2, 4, 7, 9]),
        (7, 3, 4, [1, 3, 6]),
        (5, 5, 4, [0, 1, 2, 3, 4]),
        (9, 1, 8, [8]),
        (9, 0, 3, []),
    ],
)
def test_the_places_are_one_interval_apart_and_exactly_as_many_as_are_wanted(cases, wanted, start, places):
    assert places_of(cases, wanted, start) == places


@pytest.mark.parametrize(("cases", "wanted"), [(10, 4), (7, 3), (12, 5), (3, 3)])
def test_over_all_starts_every_case_is_taken_equally_often(cases, wanted):
    taken = Counter(place for start in range(cases) for place in places_of(cases, wanted, start))

    assert taken == dict.fromkeys(range(cases), wanted)


def test_the_start_follows_from_the_seed_and_the_name_of_the_stratum():
    starts = {start_of(str(seed), "MASH", 20) for seed in range(200)}

    assert starts == set(range(20))
    assert start_of("1", "MASH", 1000) == start_of("1", "MASH", 1000) != start_of("1", "CART", 1000)


@pytest.mark.parametrize(
    ("values", "turns"),
    [
        ({"a": date(2026, 3, 1), "b": None}, {"a": "2026-03-01", "b": "unknown"}),
        ({"a": "West", "b": "east", "c": "East"}, {"a": "000002", "b": "000001", "c": "000001"}),
        ({"a": 10, "b": 9, "c": ""}, {"a": "000002", "b": "000001", "c": "unknown"}),
        ({"a": date(2026, 3, 1), "b": "never"}, {"a": "000001", "b": "000002"}),
    ],
)
def test_a_turn_is_a_day_and_otherwise_a_place_that_tells_nobody_what_was_sorted_by(values, turns):
    assert sorted_turns(values) == turns


def test_a_systematic_draw_takes_each_so_many_th_of_the_order_and_can_be_verified():
    cases = listed(12)

    taken = [int(key[1:]) for key in picks(cases[::-1], 4)]

    assert taken == [taken[0] + 3 * step for step in range(4)] and taken[0] < 3
    assert len({picks(cases, 4, seed) for seed in "123456789"}) == 3
    done = draw(cases, "7", [("MASH", 4)], SYSTEMATIC)
    assert verify(frame_csv(cases), json.loads(done.as_json())) == []
    altered = json.loads(done.as_json()) | {"seed": "8"}
    assert any("the seed draws" in fault for fault in verify(frame_csv(cases), altered))


def test_the_next_in_the_order_stands_in_where_the_practitioner_has_a_case_already():
    cases = [
        Case(f"k{n}", "MASH", "same" if n % 2 == 0 else f"p{n}", "MASH", True, turn=f"{n}") for n in range(8)
    ]

    assert picks(cases, 4) in [("k0", "k3", "k5", "k7"), ("k1", "k3", "k5", "k7")]
    assert len(picks(cases, 9)) == 5


def test_what_is_left_out_is_no_part_of_the_interval():
    cases = listed(12) + [Case("out", "MASH", "", "MASH", False, "audited lately", turn="2026-01-04")]

    assert picks(cases, 4) == picks(listed(12), 4)


def test_nominated_cases_are_taken_first_and_the_rest_systematically_from_the_others():
    turns = ["1 nominated" if n in (3, 4) else "2 drawn" for n in range(14)]
    cases = [Case(f"k{n}", "MASH", "", "MASH", True, turn=f"{turns[n]} {n:02}") for n in range(14)]

    taken = picks(cases, 5, method=NOMINATED)

    others = [key for key in (f"k{n}" for n in range(14)) if key not in ("k3", "k4")]
    assert taken[:2] == ("k3", "k4")
    assert [others.index(key) - others.index(taken[2]) for key in taken[2:]] == [0, 4, 8]
    assert len(picks(cases, 1, method=NOMINATED)) == 1 and picks(cases, 1, method=NOMINATED)[0] in (
        "k3",
        "k4",
    )


def test_a_replacement_is_the_next_in_the_order_after_the_pick_round_to_the_one_before():
    cases = listed(4)
    done = draw(cases, "7", [("MASH", 1)], SYSTEMATIC)
    out = int(done.strata[0].picks[0][1:])

    for step in (1, 2, 3):
        replacement = replace(done, cases, f"k{(out + step - 1) % 4}", "closed")
        done = with_replacement(done, replacement)
        assert replacement.into == f"k{(out + step) % 4}"
    assert verify(frame_csv(cases), json.loads(done.as_json())) == []


def test_the_frame_gives_each_case_its_turn_by_what_the_rule_sorts_by():
    rule = SelectionRule.model_validate(
        {"frame": {"fact": "status", "is": "open"}, "size": "n", "order": "systematic", "sorted_by": "opened"}
    )
    facts = {"status": "open", "opened": date(2025, 4, 1)}
    rows = frame(rule, [Candidate("a", "MASH", "", "", facts)], {"MASH": 1}, Known(on=date(2026, 11, 2)))

    assert [row.turn for row in rows] == ["2025-04-01"]


@pytest.mark.parametrize(
    ("name", "changes", "place", "sentence"),
    [
        (
            "looks",
            {"sorted_by": "postcode"},
            "selection › looks › sorted_by",
            "no fact to sort by “postcode”",
        ),
        ("looks", {"sorted_by": "practitioner"}, "selection › looks › sorted_by", "no fact to sort by"),
        ("looks", {"sorted_by": None}, "selection › looks", "go together"),
        ("looks", {"order": "random"}, "selection › looks", "go together"),
        ("looks", {"size": None, "exhausted": "leave short"}, "selection › looks", "nothing to sort"),
        (
            "own cases",
            {"order": "systematic", "sorted_by": "opened", "size": "looks"},
            "selection › own cases › order",
            "has no interval",
        ),
    ],
)
def test_an_order_that_cannot_be_made_is_refused_where_it_stands(name, changes, place, sentence):
    data = copy.deepcopy(RICH)
    rule = {**data["selection"][name], **changes}
    data["selection"][name] = {key: value for key, value in rule.items() if value is not None}

    found = [(fault.where, fault.sentence) for fault in faults(write_document(data))]

    assert any(sentence in said and place == str(where) for where, said in found), found
