"""How a part or a scale of a later version stands to the earlier one, and at which level grades compare.

Where several grades became one, one became several, or both at once, two scales compare at their common
coarsening: the finest classes of grades that both can tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from goldenthread.rules.scales import Scale, ScaleValue


@dataclass(frozen=True)
class GradeClass:
    """Grades of the earlier and of the later scale that are compared as one: their keys and their words."""

    before: frozenset[str]
    after: frozenset[str]
    said: str = ""

    @property
    def merges(self) -> bool:
        """Whether one of the scales tells grades apart here that the other does not."""
        return len(self.before) > 1 or len(self.after) > 1


@dataclass(frozen=True)
class Match:
    """How one part of the later version stands to the earlier one.

    `before` is the earlier key where both mean the same, and empty where they do not; `said` tells why they
    do not, or what the author's word carries over. `classes` are the grades compared as one, the best first;
    there are none for a question.
    """

    key: str
    before: str = ""
    said: str = ""
    on_the_authors_word: bool = False
    words: tuple[str, ...] = ()
    classes: tuple[GradeClass, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether a trend goes on from the earlier version."""
        return bool(self.before)

    @property
    def merges(self) -> bool:
        """Whether grades compare only at a coarser level than one of the scales has."""
        return any(one.merges for one in self.classes)

    def places(self, before: str, after: str) -> tuple[int | None, int | None]:
        """Where two grades stand among the classes, the best at nought; None for one that is in none."""
        old = (place for place, one in enumerate(self.classes) if before in one.before)
        new = (place for place, one in enumerate(self.classes) if after in one.after)
        return next(old, None), next(new, None)


def carried(key: str, before: str, words: Sequence[str] = (), classes: Sequence[GradeClass] = ()) -> Match:
    """A match that goes on, with what the author's word carries over, what compares and what is left out."""
    said = [f"The framework says that {'; '.join(words)}."] if words else []
    said += [_coarser(classes)] if any(one.merges for one in classes) else []
    return Match(key, before, " ".join(said), bool(words), tuple(words), tuple(classes))


def _coarser(classes: Sequence[GradeClass]) -> str:
    """What is compared as one, and that which of those it was is left out."""
    merged = "; ".join(one.said for one in classes if one.merges)
    return f"Compared as one: {merged}. Left out: which of those it was."


def scales_match(before: Scale, after: Scale) -> Match:
    """Two scales are alike where each grade stands for one or more of the other, in the same order.

    On the author's word neighbours may have become one, or one several, or both at once; then they compare at
    the common coarsening, and what counts as good is the same throughout each class of it. Beside itself, a
    scale is not asked what it stood for before.
    """
    if before is after:
        own = [GradeClass(frozenset([value.key]), frozenset([value.key])) for value in after.graded()]
        return carried("scale", "scale", classes=own)
    known = {value.key: value for value in before.values}
    words = []
    for value in after.graded():
        earlier = [known[key] for key in value.stands_for if key in known]
        if not earlier or len(earlier) < len(value.stands_for):
            return Match("scale", said=f"The grade “{value.label}” is new.")
        if not value.same_as and not value.also_same_as and _meaning(value) != _meaning(earlier[0]):
            return Match("scale", said=f"What the grade “{value.label}” means was written anew.")
        if [_meaning(value)] != [_meaning(one) for one in earlier]:
            labels = " and ".join(f"“{one.label}”" for one in earlier)
            words.append(f"“{value.label}” means what {labels} meant")
    classes = _classes(before, after)
    if fault := _apart(before, after, classes):
        return Match("scale", said=fault)
    return carried("scale", "scale", words, classes)


def _classes(before: Scale, after: Scale) -> list[GradeClass]:
    """The grades of both that hang together, in the order of the later scale."""
    found: list[tuple[set[str], set[str]]] = []
    for value in after.graded():
        old, new = set(value.stands_for), {value.key}
        for one in [one for one in found if one[0] & old]:
            found.remove(one)
            old, new = old | one[0], new | one[1]
        found.append((old, new))
    return [
        GradeClass(frozenset(old), frozenset(new), f"{_labels(before, old)} with {_labels(after, new)}")
        for old, new in found
    ]


def _labels(scale: Scale, keys: set[str]) -> str:
    return " or ".join(f"“{value.label}”" for value in scale.graded() if value.key in keys)


def _apart(before: Scale, after: Scale, classes: Sequence[GradeClass]) -> str:
    """Why the classes are not the same, in the same order, on both scales; empty if they are."""
    old = [value.key for value in before.graded()]
    reached = later = 0
    for one in classes:
        label = next(value.label for value in after.graded() if value.key in one.after)
        graded = after.graded()[later : later + len(one.after)]
        places = sorted(old.index(key) if key in old else -1 for key in one.before)
        gone = reached < len(old) and all(old[reached] not in each.before for each in classes)
        if gone:
            return f"The grade “{before.label(old[reached])}” is gone."
        if places != list(range(reached, reached + len(places))) or {x.key for x in graded} != one.after:
            return f"The grade “{label}” stands at another place of the scale."
        goods = {before.is_good(key) for key in one.before}
        if len(goods) > 1:
            return f"“{label}” stands for grades that counted as good or better and for others that did not."
        if goods != {value.good for value in graded}:
            return f"“{label}” counts otherwise as good or better."
        reached, later = reached + len(one.before), later + len(one.after)
    return f"The grade “{before.label(old[reached])}” is gone." if reached < len(old) else ""


def further(match: Match, before: Match) -> Match:
    """A match carried one version further back: the classes of the two joined where they share a grade."""
    if not match.goes_on:
        return match
    if not before.goes_on:
        return Match(match.key, said=before.said)
    said = " ".join(dict.fromkeys(one for one in (before.said, match.said) if one))
    word = match.on_the_authors_word or before.on_the_authors_word
    return Match(match.key, before.before, said, word, classes=_joined(before.classes, match.classes))


def _joined(first: Sequence[GradeClass], second: Sequence[GradeClass]) -> tuple[GradeClass, ...]:
    """The common coarsening of two steps: classes that meet in a grade of the scale between are one."""
    found: list[tuple[set[str], set[str], set[str]]] = []
    for one in second:
        between = set(one.before)
        old = {key for each in first if each.after & between for key in each.before}
        between |= {key for each in first if each.after & between for key in each.after}
        new = set(one.after)
        for held in [held for held in found if held[1] & between]:
            found.remove(held)
            old, between, new = old | held[0], between | held[1], new | held[2]
        found.append((old, between, new))
    return tuple(GradeClass(frozenset(old), frozenset(new)) for old, _, new in found)


def _meaning(value: ScaleValue) -> tuple[str, ...]:
    return (value.label, *value.descriptors)
