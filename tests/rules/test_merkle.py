"""Tree heads, frontiers and proofs, against the published RFC 6962 vectors and the definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules import merkle

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HEADS = {
    0: ("e3b0c442", "b855"),
    1: ("6e340b9c", "a01d"),
    2: ("fac54203", "c125"),
    3: ("aeb6bcfe", "6e77"),
    4: ("d37ee418", "14b7"),
    5: ("4e3bbb1f", "64d4"),
    6: ("76e67dad", "87ef"),
    7: ("ddb89be4", "4c8c"),
    8: ("5dc9da79", "4328"),
}
lists = st.lists(st.binary(max_size=8), min_size=1, max_size=40)


def head_by_definition(entries):
    """MTH as section 2.1 writes it, by recursion and in other words than the module's."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return hashlib.sha256(
        b"\1" + head_by_definition(entries[:half]) + head_by_definition(entries[half:])
    ).digest()


@pytest.mark.parametrize("size", HEADS)
def test_tree_heads_are_the_published_ones(size):
    head = merkle.tree_head(ENTRIES[:size])

    assert (head.hex()[:8], head.hex()[-4:]) == HEADS[size]
    assert head == head_by_definition(ENTRIES[:size])


@given(lists, st.data())
def test_a_frontier_grown_in_two_sittings_gives_the_same_head(entries, data):
    stop = data.draw(st.integers(0, len(entries)))
    frontier = merkle.Frontier()
    for entry in entries[:stop]:
        frontier.append(entry)

    resumed = merkle.Frontier(frontier.size, list(frontier.roots))
    for entry in entries[stop:]:
        resumed.append(entry)

    assert resumed.root() == head_by_definition(entries)
    assert len(resumed.roots) == len(entries).bit_count()


@given(lists, st.data())
def test_every_entry_is_proved_at_its_place_and_at_no_other(entries, data):
    index = data.draw(st.integers(0, len(entries) - 1))
    claim = {
        "leaf": merkle.leaf_hash(entries[index]),
        "size": len(entries),
        "proof": merkle.inclusion_proof(entries, index),
        "root": head_by_definition(entries),
    }

    assert merkle.verify_inclusion(index=index, **claim)
    assert not merkle.verify_inclusion(index=len(entries), **claim)
    assert not merkle.verify_inclusion(index=index, **{**claim, "leaf": merkle.leaf_hash(b"another entry")})
    assert not merkle.verify_inclusion(index=index, **{**claim, "proof": [*claim["proof"], bytes(32)]})
    if claim["proof"]:
        assert not merkle.verify_inclusion(index=index, **{**claim, "proof": claim["proof"][:-1]})


@given(lists, st.data())
def test_a_grown_list_proves_that_it_begins_with_the_old_one(entries, data):
    first = data.draw(st.integers(1, len(entries)))
    claim = {
        "first": first,
        "second": len(entries),
        "first_root": head_by_definition(entries[:first]),
        "second_root": head_by_definition(entries),
        "proof": merkle.consistency_proof(entries, first),
    }

    assert merkle.verify_consistency(**claim)
    assert not merkle.verify_consistency(**{**claim, "first_root": bytes(32)})
    assert not merkle.verify_consistency(**{**claim, "second_root": bytes(32)})
    assert not merkle.verify_consistency(**{**claim, "proof": [*claim["proof"], bytes(32)]})
    if claim["proof"]:
        assert not merkle.verify_consistency(**{**claim, "proof": claim["proof"][:-1]})


def test_a_list_that_lost_an_entry_cannot_prove_that_it_grew():
    altered = [*ENTRIES[:3], *ENTRIES[4:]]

    assert not merkle.verify_consistency(
        first=5,
        second=7,
        first_root=merkle.tree_head(ENTRIES[:5]),
        second_root=merkle.tree_head(altered),
        proof=merkle.consistency_proof(altered, 5),
    )


def test_a_consistency_proof_from_size_0_is_refused():
    with pytest.raises(ValueError, match="size 0"):
        merkle.verify_consistency(
            first=0, second=8, first_root=merkle.EMPTY_ROOT, second_root=merkle.tree_head(ENTRIES), proof=[]
        )
    with pytest.raises(ValueError, match="between 1"):
        merkle.consistency_proof(ENTRIES, 0)


@pytest.mark.parametrize("wrong", [b"", b"x" * 31, b"x" * 33])
def test_hashes_that_are_not_32_bytes_are_refused(wrong):
    root, leaf = merkle.tree_head(ENTRIES), merkle.leaf_hash(ENTRIES[0])
    proof = merkle.inclusion_proof(ENTRIES, 0)
    consistency = merkle.consistency_proof(ENTRIES, 3)

    for change in ({"leaf": wrong}, {"root": wrong}, {"proof": [*proof[:-1], wrong]}):
        claim = {"leaf": leaf, "index": 0, "size": 8, "proof": proof, "root": root, **change}
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.verify_inclusion(**claim)
    for change in ({"first_root": wrong}, {"second_root": wrong}, {"proof": [*consistency[:-1], wrong]}):
        claim = {"first": 3, "second": 8, "first_root": root, "second_root": root, "proof": consistency}
        with pytest.raises(ValueError, match="32 bytes"):
            merkle.verify_consistency(**{**claim, **change})
    with pytest.raises(ValueError, match="32 bytes"):
        merkle.Frontier(1, [wrong])


def test_a_frontier_whose_roots_do_not_fit_its_size_is_refused():
    with pytest.raises(ValueError, match="one root"):
        merkle.Frontier(3, [bytes(32)])
