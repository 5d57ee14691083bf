"""Chance that can be repeated: the same seed throws the same on every machine and release of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A run of throws that follows from its seed alone."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.thrown = 0

    def below(self, number: int) -> int:
        """A whole number from 0 up to, but not including, this one."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed},{self.thrown}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % number

    def of(self, things: Sequence[T]) -> T:
        """One of these."""
        return things[self.below(len(things))]

    def once_in(self, number: int) -> bool:
        """Whether what happens once in so many throws has happened."""
        return self.below(number) == 0
