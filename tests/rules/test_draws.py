"""Draws that an outsider can redo."""

import csv
import hashlib
import io
import json
from collections import Counter
from dataclasses import replace as changed

import pytest
from consistent_sampler import sampler
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.draws import (
    METHODS,
    Case,
    draw,
    frame_csv,
    frame_hash,
    read_frame,
    replace,
    shortages,
    ticket,
    ticket_order,
    verify,
    with_replacement,
)
from goldenthread.rules.refusal import Refused


def case(key, stratum="CART", practitioner=None, **more):
    return Case(
        key, stratum, key if practitioner is None else practitioner, stratum, **{"eligible": True, **more}
    )


FRAME = [case(f"{team}-{n}", team, f"worker {n}") for team in ("CART", "HART", "MASH") for n in range(12)]
STRATA = [("HART", 3), ("CART", 2), ("MASH", 4)]
KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


def done_with_two_replacements():
    done = draw(FRAME, "314159", STRATA)
    first = done.strata[0].picks[0]
    done = with_replacement(done, replace(done, FRAME, first, "the case was closed"))
    again = done.replacements[0].into
    return with_replacement(done, replace(done, FRAME, again, "the practitioner left"))


def test_the_published_example_comes_out():
    keys = ["A-1", "A-2", "A-3", "B-1", "B-2", "B-3"]
    seed_hash = hashlib.sha256(b"314159").hexdigest()

    assert ticket_order(keys, "314159") == ["B-2", "B-3", "A-3", "A-2", "B-1", "A-1"]
    tickets = [ticket(seed_hash, key)[:14] for key in ["B-2", "B-3", "A-3", "A-2"]]
    assert tickets == ["0.410310858090", "0.470960291255", "0.471438751218", "0.567089805977"]


@given(keys=st.lists(KEYS, unique=True, max_size=30), seed=KEYS)
def test_the_order_equals_the_authors_own_program(keys, seed):
    assert ticket_order(keys, seed) == list(sampler(keys, seed, output="id"))


@given(keys=st.lists(KEYS, unique=True, min_size=1, max_size=30), seed=KEYS, size=st.integers(0, 31))
def test_one_stratum_of_different_practitioners_equals_a_plain_sample(keys, seed, size):
    done = draw([case(key) for key in keys], seed, [("CART", size)])

    assert list(done.strata[0].picks) == list(sampler(keys, seed, take=size, output="id"))


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "p", "q", "r", "s"]), st.booleans()),
        max_size=40,
    ),
    sizes=st.lists(st.integers(0, 8), min_size=3, max_size=3),
    seed=st.text("0123456789", min_size=1),
)
def test_picks_follow_the_rules_whatever_the_frame(rows, sizes, seed):
    frame = [case(f"k{n}", s, p, eligible=e) for n, (s, p, e) in enumerate(rows)]
    order = list(sampler([c.key for c in frame], seed, output="id"))
    by_key = {c.key: c for c in frame}

    done = draw(frame, seed, list(zip("CAB", sizes, strict=True)))

    taken = set()
    for stratum in done.strata:
        expected = []
        for key in order:  # a second reading of the rule, straight from its sentence
            c = by_key[key]
            in_stratum = c.eligible and c.stratum == stratum.name
            allowed = c.practitioner == "" or c.practitioner not in taken
            if in_stratum and allowed and len(expected) < stratum.size:
                expected.append(key)
                taken.add(c.practitioner)
        assert list(stratum.picks) == expected
    assert verify(frame_csv(frame), done.as_dict()) == []


def test_the_order_of_the_strata_decides_who_gets_a_shared_practitioner():
    frame = [case("a", "CART", "Ada"), case("b", "HART", "Ada")]

    assert draw(frame, "1", [("CART", 1), ("HART", 1)]).standing() == {"a": "CART"}
    assert draw(frame, "1", [("HART", 1), ("CART", 1)]).standing() == {"b": "HART"}


def test_cases_without_a_practitioner_do_not_limit_one_another():
    frame = [case(f"k{n}", practitioner="") for n in range(5)]

    assert len(draw(frame, "1", [("CART", 5)]).strata[0].picks) == 5


def test_a_stratum_that_cannot_be_filled_says_why():
    frame = [
        case("a", practitioner="p"),
        case("b", practitioner="p"),
        case("c", eligible=False, reason="closed"),
    ]
    frame += [case("d", "HART", eligible=False)]

    done = draw(frame, "1", [("CART", 3), ("HART", 2)])

    assert shortages(done, frame) == [
        "CART: 1 of 3 drawn. Eligible cases: 2, of which 1 with a practitioner who already has a case in "
        "this draw.",
        "HART: 0 of 2 drawn. Eligible cases: 0.",
    ]
    assert shortages(draw(frame, "1", [("CART", 1), ("HART", 0)]), frame) == []


def test_the_frame_has_one_set_of_bytes_whatever_the_order_of_its_rows():
    frame = [case("b", 'Care, "North"', "Ümit"), case("a", eligible=False, reason="audited\nin October")]

    content = frame_csv(frame)

    assert content == frame_csv(frame[::-1])
    assert content.decode().split("\n")[0] == "key,stratum,practitioner,team,eligible,reason"
    assert b"\r" not in content and content.endswith(b"\n")
    assert 'b,"Care, ""North""",Ümit,"Care, ""North""",true,\n' in content.decode()
    assert read_frame(content) == [frame[1], frame[0]]


@given(st.lists(st.builds(Case, KEYS, KEYS, KEYS, KEYS, st.booleans(), KEYS), unique_by=lambda c: c.key))
def test_a_frame_reads_back_as_it_was(frame):
    assert read_frame(frame_csv(frame)) == sorted(frame, key=lambda c: c.key)


def test_a_replacement_is_the_next_ticket_of_the_same_stratum():
    keys = ["A-1", "A-2", "A-3", "B-1", "B-2", "B-3"]
    frame = [case(key) for key in keys]
    done = draw(frame, "314159", [("CART", 2)])

    first = replace(done, frame, "B-2", " the case was closed ")
    done = with_replacement(done, first)
    second = replace(done, frame, "B-3", "the practitioner left")

    assert (first.out, first.into, first.stratum, first.reason) == (
        "B-2",
        "A-3",
        "CART",
        "the case was closed",
    )
    assert second.into == "A-2"
    assert with_replacement(done, second).standing() == {"A-3": "CART", "A-2": "CART"}
    assert done.strata[0].picks == ("B-2", "B-3")


def test_a_replacement_never_gives_a_practitioner_two_cases():
    frame = [case("B-2", practitioner="p"), case("B-3", practitioner="q"), case("A-3", practitioner="q")]
    frame += [case("A-2", practitioner="r")]

    done = draw(frame, "314159", [("CART", 2)])

    assert replace(done, frame, "B-2", "closed").into == "A-2"
    assert replace(done, frame, "B-3", "closed").into == "A-3"


@pytest.mark.parametrize(
    ("out", "reason", "sentence"),
    [
        ("nobody", "closed", "is not a pick of this draw"),
        ("HART-0", "closed", "is not a pick of this draw"),
        ("pick", " ", "Give the reason"),
    ],
)
def test_a_replacement_that_makes_no_sense_is_refused(out, reason, sentence):
    done = done_with_two_replacements()
    gone = done.replacements[0].out
    out = {"pick": done.strata[1].picks[0], "HART-0": gone}.get(out, out)

    with pytest.raises(Refused, match=sentence):
        replace(done, FRAME, out, reason)


def test_a_stratum_with_nothing_left_refuses_a_replacement():
    frame = [case("a", practitioner="p"), case("b", practitioner="q"), case("c", "HART", "q")]
    done = draw(frame, "1", [("HART", 1), ("CART", 2)])

    with pytest.raises(Refused, match="No other case of CART can be drawn"):
        replace(done, frame, "a", "closed")


def test_an_honest_export_verifies():
    done = done_with_two_replacements()

    assert verify(frame_csv(FRAME), json.loads(done.as_json())) == []
    assert set(json.loads(done.as_json())) == {"method", "seed", "frame_sha256", "strata", "replacements"}
    assert set(done.as_dict()["replacements"][0]) == {"out", "in", "stratum", "reason"}


def edited(change):
    document = done_with_two_replacements().as_dict()
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(seed="314158"), "Stratum HART, pick 1: the seed draws"),
        (lambda d: d["strata"][2]["picks"].reverse(), "Stratum MASH, pick 1: the seed draws"),
        (lambda d: d["strata"][2]["picks"].pop(), "Stratum MASH, pick 4: the seed draws"),
        (lambda d: d["strata"][2]["picks"].append("MASH-0"), "and draw.json says MASH-0"),
        (lambda d: d["strata"].reverse(), "the seed draws"),
        (lambda d: d["strata"].append(d["strata"][0]), "listed twice"),
        (lambda d: d["strata"].pop(0), "which is not listed"),
        (lambda d: d["strata"][1].update(size=3), "Stratum CART, pick 3"),
        (lambda d: d["replacements"].reverse(), "Replacement 1: "),
        (lambda d: d["replacements"].pop(0), "Replacement 1: "),
        (lambda d: d["replacements"][1].update({"in": "HART-99"}), "Replacement 2, of"),
        (lambda d: d["replacements"][1].update(stratum="CART"), "Replacement 2, of"),
        (lambda d: d["replacements"][0].update(reason=""), "replacements.0.reason"),
        (lambda d: d.update(method="dice"), "names the method 'dice'"),
        (lambda d: d.update(frame_sha256="0" * 64), "is not the frame that was drawn from"),
        (lambda d: d.update(seed=""), "draw.json: seed"),
        (lambda d: d.pop("strata"), "draw.json: strata"),
        (lambda d: d.update(strata="all"), "draw.json: strata"),
    ],
)
def test_an_edited_draw_is_named(change, sentence):
    faults = verify(frame_csv(FRAME), edited(change))

    assert any(sentence in fault for fault in faults), faults


@pytest.mark.parametrize("document", [None, [], "draw", 7])
def test_something_that_is_no_draw_is_named(document):
    assert verify(frame_csv(FRAME), document)


def test_every_truncation_of_the_frame_is_named():
    content, document = frame_csv(FRAME), done_with_two_replacements().as_dict()

    for length in range(0, len(content), 7):
        assert any("is not the frame" in fault for fault in verify(content[:length], document))


@pytest.mark.parametrize(
    "edit",
    [
        lambda frame: [changed(frame[0], eligible=False), *frame[1:]],
        lambda frame: frame[1:],
        lambda frame: [*frame, case("new", "CART")],
        lambda frame: [changed(frame[0], practitioner="somebody else"), *frame[1:]],
    ],
)
def test_an_edited_frame_is_named(edit):
    faults = verify(frame_csv(edit(FRAME)), done_with_two_replacements().as_dict())

    assert any("is not the frame that was drawn from" in fault for fault in faults)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"key,stratum\n",
        frame_csv(FRAME) + b"x,y\n",
        frame_csv(FRAME).replace(b"true", b"yes"),
    ]
    + [frame_csv(FRAME) + frame_csv(FRAME).split(b"\n")[1] + b"\n", b'key,"str'],
)
def test_a_broken_frame_is_a_fault_and_not_a_crash(content):
    faults = verify(content, draw(FRAME, "1", STRATA).as_dict())

    assert len(faults) == 2 and "is not the frame" in faults[0]


@pytest.mark.parametrize(
    ("frame", "seed", "strata", "sentence"),
    [
        (FRAME, "", STRATA, "needs a seed"),
        (FRAME, "1", [*STRATA, ("CART", 1)], "CART is listed twice"),
        ([*FRAME, FRAME[0]], "1", STRATA, "in the frame twice"),
        (FRAME, "1", STRATA[:2], "which is not listed"),
    ],
)
def test_a_draw_that_could_be_read_two_ways_is_refused(frame, seed, strata, sentence):
    with pytest.raises(Refused, match=sentence):
        draw(frame, seed, strata)


def test_a_larger_draw_keeps_what_a_smaller_one_picked():
    frame = [case(f"k{n}") for n in range(50)]

    small = draw(frame, "7", [("CART", 5)]).strata[0].picks
    large = draw(frame, "7", [("CART", 20)]).strata[0].picks

    assert large[:5] == small


def test_no_case_is_favoured():
    frame = [case(f"k{n}") for n in range(10)]

    drawn = Counter(key for seed in range(2000) for key in draw(frame, str(seed), [("CART", 3)]).standing())

    assert all(500 < drawn[c.key] < 700 for c in frame)


def test_the_hash_is_that_of_the_file():
    content = frame_csv(FRAME)

    assert draw(FRAME, "1", STRATA).frame_sha256 == hashlib.sha256(content).hexdigest() == frame_hash(content)
    assert len(list(csv.DictReader(io.StringIO(content.decode())))) == len(FRAME)


IN_TURN = METHODS["longest open first"]


@given(
    turns=st.lists(st.sampled_from(["2019-01-01", "2020-06-30", "2026-11-02", "unknown"]), max_size=30),
    seed=st.text("0123456789", min_size=1),
    size=st.integers(0, 31),
)
def test_cases_in_turn_are_taken_from_the_first_and_only_equal_turns_by_the_seed(turns, seed, size):
    frame = [case(f"k{n}", turn=turn) for n, turn in enumerate(turns)]

    done = draw(frame, seed, [("CART", size)], IN_TURN)

    picks, by_key = done.strata[0].picks, dict(zip([one.key for one in frame], turns, strict=True))
    assert [by_key[key] for key in picks] == sorted(turns)[:size]
    for turn in set(turns):
        equal = [key for key in picks if by_key[key] == turn]
        assert equal == ticket_order([key for key in by_key if by_key[key] == turn], seed)[: len(equal)]
    assert verify(frame_csv(frame), json.loads(done.as_json())) == []


def test_a_replacement_is_the_next_in_turn():
    frame = [case(f"k{n}", turn=f"20{n:02}-01-01") for n in range(5)]
    done = draw(frame, "1", [("CART", 2)], IN_TURN)

    assert replace(done, frame, "k0", "closed").into == "k2"


@pytest.mark.parametrize(
    ("turn", "method", "sentence"),
    [
        ("", IN_TURN, "does not say the turn of every case"),
        ("2019-01-01", METHODS["random"], "drawn at random"),
    ],
)
def test_a_draw_whose_method_and_frame_tell_of_different_orders_is_named(turn, method, sentence):
    frame = [case("a", turn=turn), case("b", turn=turn)]
    done = draw(frame, "1", [("CART", 1)], method)

    assert any(sentence in fault for fault in verify(frame_csv(frame), json.loads(done.as_json())))


def test_a_random_frame_is_written_as_before_without_a_column_for_turns():
    assert frame_csv([case("a")]).splitlines()[0] == b"key,stratum,practitioner,team,eligible,reason"
    assert read_frame(frame_csv([case("a", turn="x")])) == [case("a", turn="x")]
