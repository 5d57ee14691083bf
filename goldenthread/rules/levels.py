"""Sections within sections: which grades a part follows from, and in which order they are reckoned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goldenthread.rules.conditions import comparisons
from goldenthread.rules.grade_rules import OVERALL, AnyRule, Bands, Counting
from goldenthread.rules.scores import AverageOfGrades, below

if TYPE_CHECKING:
    from goldenthread.rules.forms import Form
    from goldenthread.rules.grading import Grading


def looked_at(grading: Grading, rule: AnyRule, forms: Iterable[Form]) -> set[str]:
    """The other parts whose grades a rule looks at, be it by a count, by an average or by its condition.

    A grade that a condition names at a stage is left out, since an earlier stage stands already.
    """
    found = {one.grade for one in comparisons(rule.when) if one.grade and one.stage is None}
    for form in forms:
        if isinstance(rule, Counting):
            found |= set(rule.of or below(form, rule.part))
        elif isinstance(rule, Bands):
            score = grading.scores.get(rule.score)
            found |= set(score.of or below(form, OVERALL)) if isinstance(score, AverageOfGrades) else set()
    return found - {rule.part}


def follows_from(grading: Grading, forms: Iterable[Form]) -> dict[str, set[str]]:
    """For each part that rules or the order of judging speak of, those that must stand before it does."""
    forms = list(forms)
    found: dict[str, set[str]] = {part: set(first) for part, first in grading.judged_after.items()}
    for rule in grading.rules:
        found.setdefault(rule.part, set()).update(looked_at(grading, rule, forms))
    return found


def reached(part: str, after: dict[str, set[str]]) -> set[str]:
    """All the parts that a part waits for in the end."""
    seen: set[str] = set()
    waiting = [part]
    while waiting:
        new = after.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def in_order(form: Form, grading: Grading) -> list[str]:
    """The graded sections, those first from whose grades others follow; else as the form has them."""
    after = follows_from(grading, [form])
    keys = [section.key for section in form.sections if section.graded]
    found: dict[str, None] = {}
    for key in keys:
        _put_in_order(key, after, keys, found, set())
    return list(found)


def _put_in_order(
    key: str, after: dict[str, set[str]], keys: list[str], found: dict[str, None], begun: set[str]
) -> None:
    """Put a section after all from which its grade follows; one that was begun goes round in a circle."""
    if key in found or key in begun:
        return
    begun.add(key)
    for one in keys:
        if one in after.get(key, ()):
            _put_in_order(one, after, keys, found, begun)
    found[key] = None
