"""The scores of an audit for conditions: reckoned when one asks for them, and once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from goldenthread.rules.scores import score

if TYPE_CHECKING:
    from goldenthread.audits.sheets import Sheet


class ScoresOf(Mapping[str, Fraction]):
    """Each score of the audit's way of grading by its name, as bands look at it; none that there is not."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @cached_property
    def _found(self) -> dict[str, Fraction]:
        look = self.sheet.look
        found = {name: score(rule, look).for_bands for name, rule in self.sheet.grading.scores.items()}
        return {name: value for name, value in found.items() if value is not None}

    def __getitem__(self, name: str) -> Fraction:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
