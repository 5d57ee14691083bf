"""Audits given to auditors: as many as possible, level over the year, and with the rule named where not."""

import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.rules.assignment import Auditor, Slot, plan
from goldenthread.rules.solver import fill

POOL = frozenset({"shared"})


def auditor(key, capacity=2, load=0, pools=POOL):
    return Auditor(key, key.title(), pools, capacity, load)


def slot(key, practitioner="", pool="shared", **excluded):
    return Slot(key, pool, practitioner, excluded)


def worth(slots, auditors, given_out, repeats):
    """Say how good a plan is: the most filled, then level loads, then few repeats; smaller is better."""
    now = Counter(given_out.values())
    level = sum((a.load + now[a.key]) ** 2 for a in auditors)
    practitioners = {s.key: s.practitioner for s in slots}
    met = sum(repeats.get((who, practitioners[what]), 0) for what, who in given_out.items())
    return -len(given_out), level, met


def every_plan(slots, auditors):
    for choice in product([None, *auditors], repeat=len(slots)):
        given_out = {s.key: a.key for s, a in zip(slots, choice, strict=True) if a}
        allowed = all(
            a.key not in s.excluded and s.pool in a.pools for s, a in zip(slots, choice, strict=True) if a
        )
        now = Counter(given_out.values())
        if allowed and all(now[a.key] <= a.capacity for a in auditors):
            yield given_out


@st.composite
def months(draw, most_slots=4, most_auditors=3):
    auditors = [
        Auditor(
            name,
            name,
            draw(st.sampled_from([POOL, frozenset({"senior"}), POOL | {"senior"}])),
            capacity,
            load,
        )
        for name, capacity, load in draw(
            st.lists(
                st.tuples(st.sampled_from("abcdefgh"[:most_auditors]), st.integers(0, 3), st.integers(0, 4)),
                unique_by=lambda row: row[0],
                max_size=most_auditors,
            )
        )
    ]
    names = [a.key for a in auditors]
    barred = (
        st.dictionaries(st.sampled_from(names), st.just("works in the case's own team"))
        if names
        else st.just({})
    )
    slots = [
        Slot(f"s{n}", draw(st.sampled_from(["shared", "senior"])), draw(st.sampled_from("pq")), draw(barred))
        for n in range(draw(st.integers(0, most_slots)))
    ]
    repeats = {(name, who): draw(st.integers(0, 3)) for name in names for who in "pq"}
    return slots, auditors, repeats


@given(months())
@settings(max_examples=300, deadline=None)
def test_no_other_plan_is_better(month):
    slots, auditors, repeats = month

    made = plan(slots, auditors, fill, repeats, seed="1")

    best = min(worth(slots, auditors, other, repeats) for other in every_plan(slots, auditors))
    assert worth(slots, auditors, made.given, repeats) == best
    assert made.given in list(every_plan(slots, auditors))


@given(months(most_slots=12, most_auditors=8))
@settings(max_examples=200, deadline=None)
def test_equals_differ_by_at_most_one_or_the_rule_is_named(month):
    slots, auditors, repeats = month

    made = plan(slots, auditors, fill, repeats)

    now = Counter(made.given.values())
    named = {(i.fewer, more): i.rule for i in made.imbalances for more in i.more}
    for more, fewer in product(auditors, auditors):
        apart = (more.load + now[more.key]) - (fewer.load + now[fewer.key]) > 1 and more.pools == fewer.pools
        assert ((fewer.key, more.key) in named) == apart
        if not apart:
            continue
        rule = named[fewer.key, more.key]
        if "capacity" in rule:
            assert now[fewer.key] == fewer.capacity
        elif "earlier cycles" in rule:
            assert now[more.key] == 0
        else:
            held = [s for s in slots if made.given.get(s.key) == more.key]
            assert all(fewer.key in s.excluded for s in held) and rule == "works in the case's own team"


@given(months(most_slots=12, most_auditors=8))
@settings(max_examples=200, deadline=None)
def test_every_empty_slot_accounts_for_each_auditor_of_its_pool(month):
    slots, auditors, repeats = month

    made = plan(slots, auditors, fill, repeats)

    now = Counter(made.given.values())
    empty = {u.slot: u.reasons for u in made.unfilled}
    assert set(empty) == {s.key for s in slots} - set(made.given)
    for s in slots:
        if s.key in empty:
            assert set(empty[s.key]) == {a.key for a in auditors if s.pool in a.pools}
            for a in auditors:
                if s.pool in a.pools and a.key not in s.excluded:
                    assert now[a.key] == a.capacity and "capacity" in empty[s.key][a.key]


def test_an_unfilled_slot_lists_who_was_excluded_by_which_rule():
    slots = [
        slot("first", eve="works in the case's own team"),
        slot("second", ada="is on leave until 30 November", eve="works in the case's own team"),
    ]
    auditors = [
        auditor("ada"),
        auditor("eve"),
        auditor("mo", capacity=0),
        auditor("sam", pools=frozenset({"x"})),
    ]

    made = plan(slots, auditors, fill)

    assert made.given == {"first": "ada"}
    assert made.unfilled[0].slot == "second"
    assert made.unfilled[0].reasons == {
        "ada": "is on leave until 30 November",
        "eve": "works in the case's own team",
        "mo": "has no capacity in this cycle",
    }


def test_a_full_auditor_is_listed_with_their_capacity():
    made = plan([slot("a"), slot("b"), slot("c")], [auditor("ada")], fill)

    assert len(made.given) == 2
    assert made.unfilled[0].reasons == {"ada": "already has as many audits as their capacity of 2"}


def test_the_one_who_can_do_the_hard_audit_is_kept_for_it():
    slots = [slot("easy"), slot("hard", ada="is not trained")]

    made = plan(slots, [auditor("ada", 1, load=9), auditor("eve", 1)], fill)

    assert made.given == {"easy": "ada", "hard": "eve"}


def test_whoever_did_fewer_this_year_goes_first():
    made = plan([slot("a"), slot("b")], [auditor("ada", load=5), auditor("eve", load=3)], fill)

    assert set(made.given.values()) == {"eve"}
    assert made.imbalances == []


def test_an_auditor_meets_another_practitioner_if_loads_allow_it():
    slots = [slot("a", "pat"), slot("b", "lee")]
    repeats = {("ada", "pat"): 1, ("eve", "lee"): 2}

    for seed in "123456":
        made = plan(slots, [auditor("ada"), auditor("eve")], fill, repeats, seed)
        assert made.given == {"a": "eve", "b": "ada"}


def test_level_loads_go_before_variety():
    made = plan(
        [slot("a", "pat")], [auditor("ada", load=4), auditor("eve", load=3)], fill, {("eve", "pat"): 10}
    )

    assert made.given == {"a": "eve"}


@pytest.mark.parametrize(
    ("slots", "auditors", "sentence"),
    [
        (
            [slot("a"), slot("b"), slot("c")],
            [auditor("ada", 1), auditor("eve", 3, load=1)],
            "Ada has 1 this year and Eve 3: Ada already has as many audits as their capacity of 1.",
        ),
        (
            [slot("a", eve="works in the case's own team"), slot("b", eve="works in the case's own team")],
            [auditor("ada"), auditor("eve")],
            "Eve has 0 this year and Ada 2: Eve works in the case's own team.",
        ),
        (
            [slot("a")],
            [auditor("ada", load=7), auditor("eve"), auditor("mo", load=7)],
            "Eve has 1 this year and {}: the difference is from earlier cycles, and nothing given out in "
            "this one could level it.",
        ),
    ],
)
def test_loads_that_cannot_be_level_are_explained(slots, auditors, sentence):
    made = plan(slots, auditors, fill)

    names = ("Ada 7 and Mo 7", "Mo 7 and Ada 7")
    assert [i.sentence for i in made.imbalances] in [[sentence.format(order)] for order in names]


def test_the_same_seed_gives_the_same_plan_whatever_the_order_of_the_lists():
    slots = [slot(f"s{n}") for n in range(8)]
    auditors = [auditor(f"a{n}") for n in range(6)]

    made = plan(slots, auditors, fill, seed="7")

    assert plan(slots[::-1], auditors[::-1], fill, seed="7") == made
    assert len({str(sorted(plan(slots, auditors, fill, seed=str(n)).given.items())) for n in range(9)}) > 1


def test_where_not_all_can_be_filled_the_lower_turn_goes_first():
    slots = [Slot(f"audit {n}", "shared", turn=n) for n in (3, 1, 4, 2)]

    done = plan(slots, [auditor("ann", capacity=2)], fill)

    assert set(done.given) == {"audit 1", "audit 2"}


def test_a_turn_never_costs_an_audit():
    first = Slot("first", "shared", turn=1)
    second = Slot("second", "shared", excluded={"bob": "works in the case's own team"}, turn=2)

    done = plan([first, second], [auditor("ann", capacity=1), auditor("bob", capacity=1)], fill)

    assert done.given == {"first": "bob", "second": "ann"}


@given(months(most_slots=12, most_auditors=8))
@settings(max_examples=200, deadline=None)
def test_turns_fill_as_many_and_no_earlier_one_waits_for_a_later(month):
    slots, auditors, repeats = month
    turned = [replace(one, turn=number) for number, one in enumerate(slots)]

    done, without = plan(turned, auditors, fill, repeats), plan(slots, auditors, fill, repeats)

    assert len(done.given) == len(without.given)
    chosen: list[Slot] = []
    for one in turned:
        together = plan([replace(each, turn=0) for each in [*chosen, one]], auditors, fill)
        chosen += [one] if len(together.given) == len(chosen) + 1 else []
    assert {one.key for one in chosen} == set(done.given)


def test_nothing_to_do_and_nobody_to_do_it_are_plans_too():
    assert plan([], [auditor("ada")], fill).given == {}
    made = plan([slot("a")], [], fill)
    assert made.given == {} and made.unfilled[0].reasons == {}


def test_a_national_month_is_planned_in_about_a_second():
    auditors = [auditor(f"a{n}", capacity=4, load=n % 7) for n in range(200)]
    slots = [
        Slot(f"s{n}", "shared", f"p{n % 150}", {f"a{(n * 7 + k) % 200}": "own team" for k in range(60)})
        for n in range(600)
    ]
    repeats = {(f"a{n}", f"p{n % 150}"): n % 3 for n in range(200)}

    began = time.process_time()
    made = plan(slots, auditors, fill, repeats)

    assert len(made.given) == 600
    assert time.process_time() - began < 3


def test_planning_alone_does_not_load_the_solver():
    code = "import sys, goldenthread.rules.assignment; sys.exit(bool({'scipy', 'numpy'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
