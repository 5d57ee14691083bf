"""Tree heads and proofs over a growing list of entries (RFC 6962 section 2.1, RFC 9162 section 2.1)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HASH_LENGTH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; the prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_head(entries: Sequence[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962 section 2.1."""
    frontier = Frontier()
    for entry in entries:
        frontier.append(entry)
    return frontier.root()


@dataclass
class Frontier:
    """The roots of the full subtrees of a list, largest first: enough to extend it and to give its tree head.

    Its length is the number of ones in the size, so a list grows without reading its past again.
    """

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.roots) != self.size.bit_count():
            raise ValueError("A frontier has one root for each one in the binary size.")
        _require_hashes(self.roots)

    def append(self, entry: bytes) -> None:
        """Add one entry."""
        tail, carry = leaf_hash(entry), self.size
        while carry & 1:
            tail = node_hash(self.roots.pop(), tail)
            carry >>= 1
        self.roots.append(tail)
        self.size += 1

    def root(self) -> bytes:
        """The tree head at this size."""
        if not self.roots:
            return EMPTY_ROOT
        head = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            head = node_hash(left, head)
        return head


def inclusion_proof(entries: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(m, D[n]): the neighbours that lead from one entry to the tree head."""
    if not 0 <= index < len(entries):
        raise ValueError("There is no entry at that place.")
    if len(entries) == 1:
        return []
    split = _split(len(entries))
    if index < split:
        return [*inclusion_proof(entries[:split], index), tree_head(entries[split:])]
    return [*inclusion_proof(entries[split:], index - split), tree_head(entries[:split])]


def consistency_proof(entries: Sequence[bytes], first: int) -> list[bytes]:
    """PROOF(m, D[n]): that the list of today begins with the list of then."""
    if not 0 < first <= len(entries):
        raise ValueError("A consistency proof starts from a size between 1 and today's.")
    return _subproof(first, entries, whole=True)


def _subproof(first: int, entries: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2."""
    if first == len(entries):
        return [] if whole else [tree_head(entries)]
    split = _split(len(entries))
    if first <= split:
        return [*_subproof(first, entries[:split], whole=whole), tree_head(entries[split:])]
    return [*_subproof(first - split, entries[split:], whole=False), tree_head(entries[:split])]


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at that place in the tree of that head (RFC 9162 section 2.1.3.2)."""
    _require_hashes([leaf, root, *proof])
    if not 0 <= index < size:
        return False
    place, last, head = index, size - 1, leaf
    for neighbour in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            head = node_hash(neighbour, head)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            head = node_hash(head, neighbour)
        place, last = place >> 1, last >> 1
    return last == 0 and head == root


def verify_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the second tree begins with the whole first tree (RFC 9162 section 2.1.4.2)."""
    if first <= 0:
        raise ValueError("A consistency proof from size 0 proves nothing and is refused.")
    _require_hashes([first_root, second_root, *proof])
    if first > second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return _heads(path, place, last) == (first_root, second_root)


def _heads(path: list[bytes], place: int, last: int) -> tuple[bytes, bytes] | None:
    """The two tree heads that a consistency path leads to; none if it is too short or too long."""
    old = new = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(neighbour, old), node_hash(neighbour, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, neighbour)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _require_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(value) != HASH_LENGTH for value in hashes):
        raise ValueError("A hash here is 32 bytes of SHA-256.")
