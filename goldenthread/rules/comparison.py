"""How an audit that looks again compares with the one before it, part by part, by places on scales (WF-16).

The words of grades are never compared. Over versions that tell more or fewer grades apart, places are those
of the common coarsening. What a later version measures otherwise, what was not graded, and what was carried
forward is not comparable, with a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goldenthread.rules.equivalence import Match, equivalence
from goldenthread.rules.framework import Framework
from goldenthread.rules.matching import further
from goldenthread.rules.scales import Scale

BETTER, SAME, WORSE, NOT_COMPARABLE = "better", "same", "worse", "not comparable"
OUTCOMES = (BETTER, SAME, WORSE, NOT_COMPARABLE)


@dataclass(frozen=True)
class Result:
    """The grade that a part was given on a scale; `said` tells why there is none to compare."""

    grade: str
    scale: Scale
    said: str = ""

    @property
    def place(self) -> int | None:
        """Where the grade stands, the best at nought; None if it stands for no grade."""
        best_first = [value.key for value in self.scale.graded()]
        return best_first.index(self.grade) if self.grade in best_first else None


@dataclass(frozen=True)
class Compared:
    """What came of a comparison; `said` tells why there is none, or on whose word there is."""

    outcome: str
    said: str = ""


def compare(before: Result, after: Result, match: Match) -> Compared:
    """Whether a part is better, the same or worse than before."""
    for one in (after, before):
        if one.said:
            return Compared(NOT_COMPARABLE, one.said)
    if not match.goes_on:
        return Compared(NOT_COMPARABLE, match.said)
    if before.place is None or after.place is None:
        one = after if after.place is None else before
        return Compared(NOT_COMPARABLE, f"“{one.scale.label(one.grade)}” stands for no grade.")
    then, now = match.places(before.grade, after.grade) if match.classes else (before.place, after.place)
    if then is None or now is None:
        return Compared(NOT_COMPARABLE, "One of the grades stands for none of the other scale.")
    if then == now:
        return Compared(SAME, match.said)
    return Compared(BETTER if now < then else WORSE, match.said)


def matches(packs: Sequence[Framework], earlier_type: str, audit_type: str) -> dict[str, Match]:
    """How each graded part of a kind of audit stands to the one looked at again, by its key.

    `packs` are the versions from the earlier audit's to the later one's, in order; a part goes on if it goes
    on over each of them, and then from the earlier kind of audit to the later one.
    """
    last = packs[-1]
    found = dict(equivalence(last, last, audit_type, earlier_type=earlier_type).parts)
    for before, after in reversed(list(zip(packs, packs[1:], strict=False))):
        if earlier_type not in before.audit_types or earlier_type not in after.audit_types:
            step = equivalence(before, after, earlier_type)
            return {key: Match(key, said=step.scale.said) for key in found}
        step = equivalence(before, after, earlier_type)
        found = {key: further(match, step.match("part", match.before)) for key, match in found.items()}
    return found
