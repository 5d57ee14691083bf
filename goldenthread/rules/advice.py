"""What the rules of grading say of one part: the grade they give, what limits it, who may decide otherwise.

The first rule that gives a grade counts; every cap and narrowing that holds limits it. A limit that would
leave nothing of what those before it left is not applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from goldenthread.rules.conditions import Known, holds
from goldenthread.rules.forms import Form, Given, critical_missed, shown
from goldenthread.rules.grade_rules import (
    OVERALL,
    Bands,
    Cap,
    Counting,
    LeftToJudgement,
    Narrowing,
    Override,
    Suggestion,
    Tally,
)
from goldenthread.rules.grading import Grading, parts_to_grade
from goldenthread.rules.levels import in_order
from goldenthread.rules.scales import Scale
from goldenthread.rules.scores import CARRIED, AverageOfGrades, Look, Score, score

NO_RULE_FITS = "No rule fits, so this grade is left to your judgement"


@dataclass(frozen=True)
class Said:
    """A rule that holds now: its place and kind, its sentence, the grades that suit it, who may differ."""

    rule: str
    because: str
    allows: frozenset[str]
    override: Override = "allowed"


@dataclass(frozen=True)
class Advice:
    """What the rules say of one part now.

    A computed `grade` stands where nobody gives another; one that is not computed is a suggestion. `deciding`
    are the rules of `said` that made it what it is. `remaining` are the grades that no limit takes away, the
    best first. `waits_for` names the parts to grade first.
    """

    part: str
    grade: str = ""
    is_computed: bool = False
    said: tuple[Said, ...] = ()
    deciding: tuple[Said, ...] = ()
    remaining: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    no_rule_fits: bool = False

    def against(self, grade: str) -> list[Said]:
        """The rules that a grade goes against."""
        return [one for one in self.said if grade not in one.allows]

    def on_record(self, grade: str) -> tuple[str, str, str]:
        """What stands beside a grade: the one advised, or else the best one left; rules; their sentences."""
        against = self.against(grade) if grade else []
        said = list(dict.fromkeys([*self.deciding, *against]))
        advised = self.grade or (self.remaining[0] if against else "")
        return advised, "; ".join(one.rule for one in said), sentences(said)


def look_of(
    grading: Grading,
    form: Form,
    given: Mapping[str, Given],
    known: Known,
    *,
    skipped: frozenset[str],
    stage: str,
    carried: Mapping[str, str],
) -> Look:
    """What rules look at while a stage is open: what was answered and graded of all that is looked at.

    An answer or a grade in a section left out decides nothing, nor does the grade of a later stage; a grade
    carried forward stands for a part that is not looked at, and a computed one for a section that nobody
    graded, so that rules about the whole see it.
    """
    keys = [one.key for one in grading.stages]
    so_far = keys[: keys.index(stage) + 1] if stage in keys else keys
    looked_at = {part for part, _ in parts_to_grade(form, grading, known, skipped)}
    grades = {(part, CARRIED): grade for part, grade in carried.items() if part not in looked_at}
    grades |= {
        (part, at): grade for (part, at), grade in known.grades.items() if part in looked_at and at in so_far
    }
    asked = {one.key for _, questions in shown(form, known, skipped) for one in questions}
    given = {key: one for key, one in given.items() if key in asked}
    answers = {key: one for key, one in known.answers.items() if key in asked}
    facts = {**known.facts, "critical missed": critical_missed(form, given)}
    look = Look(form, given, replace(known, facts=facts, answers=answers, grades=grades), skipped)
    return _with_computed(grading, look, looked_at - {OVERALL}, stage) if stage in keys else look


def _with_computed(grading: Grading, look: Look, parts: set[str], stage: str) -> Look:
    """With the grades that rules give to sections, each seeing those from which it follows."""
    ruled = parts & {rule.part for rule in grading.rules}
    for part in in_order(look.form, grading) if ruled else ():
        if part not in ruled or (part, stage) in look.known.grades:
            continue
        said = advice(grading, look, part)
        if said.is_computed:
            grades = {**look.known.grades, (part, stage): said.grade}
            look = replace(look, known=replace(look.known, grades=grades))
    return look


def to_grade_first(grading: Grading, look: Look, part: str) -> list[str]:
    """The parts that must be graded before this one and are not; those that do not apply are passed over."""
    wanted = grading.judged_after.get(part, ())
    grades = look.grades(wanted) if wanted else {}
    wanted = tuple(one for one in wanted if one in grades)
    return [one for one in wanted if not grades[one]]


def advice(grading: Grading, look: Look, part: str = OVERALL) -> Advice:
    """What the rules say of a part; the system suggests or computes, and a named person judges."""
    scale = look.known.scale
    if scale is None:
        return Advice(part)
    given = _given(grading, look, part)
    limits, remaining = _limits(grading, look, part, scale)
    fixed = remaining[0] if len(remaining) == 1 else ""
    grade = _within(given.grade, remaining, scale) or fixed
    biting = [one for one in limits if fixed and not given.grade or given.grade not in one.allows]
    said = [replace(one, allows=frozenset({grade})) if given.grade else one for one in given.said]
    return replace(
        given,
        grade=grade,
        is_computed=given.is_computed or bool(fixed),
        said=(*said, *limits),
        deciding=(*said, *biting) if given.grade else tuple(biting) if fixed else tuple(said),
        remaining=remaining,
        waits_for=() if fixed else given.waits_for,
        no_rule_fits=given.no_rule_fits and not fixed,
    )


def _given(grading: Grading, look: Look, part: str) -> Advice:
    """What the first rule that gives a grade says, before any limit."""
    reckoned = False
    for place, rule in enumerate(grading.rules, start=1):
        if rule.part != part or not holds(rule.when, look.known):
            continue
        name = f"{place}: {rule.kind}"
        match rule:
            case LeftToJudgement():
                return Advice(part, said=(_free(name, rule.because, look),), no_rule_fits=reckoned)
            case Suggestion():
                said = Said(name, rule.because, frozenset(), rule.override)
                return Advice(part, rule.grade, said=(said,))
            case Bands():
                reckoned = True
                if told := _banded(rule, grading.scores[rule.score], look, name):
                    return told
            case Counting():
                reckoned = True
                if told := _counted(rule, look, name):
                    return told
    said_so = (_free("none", NO_RULE_FITS, look),) if reckoned else ()
    return Advice(part, said=said_so, no_rule_fits=reckoned)


def _banded(rule: Bands, scored: Score, look: Look, name: str) -> Advice | None:
    """The grade of the band that the score reaches, once an average has all its grades; None below all."""
    grades = look.grades(scored.of) if isinstance(scored, AverageOfGrades) else {}
    if missing := tuple(one for one, grade in grades.items() if not grade):
        return Advice(rule.part, waits_for=missing)
    result = score(scored, look)
    if not (grade := _band(rule, result.for_bands)):
        return None
    because = f"{rule.because} ({result.rule.title}: {result.words})"
    return Advice(rule.part, grade, True, (Said(name, because, frozenset(), rule.override),))


def _counted(rule: Counting, look: Look, name: str) -> Advice | None:
    """The grade that a count gives, once each part has one; None where it does not fit."""
    if missing := tuple(one for one, grade in look.grades(rule.of, rule.part).items() if not grade):
        return Advice(rule.part, waits_for=missing)
    if not _counts(rule, look):
        return None
    said = Said(name, rule.because, frozenset(), rule.override)
    return Advice(rule.part, rule.grade, True, (said,))


def _free(name: str, because: str, look: Look) -> Said:
    """A rule that is content with every grade."""
    values = look.known.scale.values if look.known.scale else ()
    return Said(name, because, frozenset(value.key for value in values))


def _band(rule: Bands, reached: Fraction | None) -> str:
    if reached is None:
        return ""
    return next((band.grade for band in rule.bands if reached >= Fraction(str(band.from_))), "")


def _counts(rule: Counting, look: Look) -> bool:
    """Whether the tallies are all so, and the parts that none of them counts have the grades for the rest."""
    scale = look.known.scale
    found = look.grades(rule.of, rule.part).values()
    grades = [grade for grade in found if scale and scale.rank(grade or "") is not None]
    if not grades or not all(_tallies(tally, grades) for tally in rule.counts):
        return False
    counted = {grade for tally in rule.counts for grade in tally.grades}
    return not rule.rest or all(grade in rule.rest for grade in grades if grade not in counted)


def _tallies(tally: Tally, grades: list[str | None]) -> bool:
    number = sum(grade in tally.grades for grade in grades)
    enough = tally.at_least is None or number >= tally.at_least
    return enough and (tally.at_most is None or number <= tally.at_most)


def _limits(grading: Grading, look: Look, part: str, scale: Scale) -> tuple[list[Said], tuple[str, ...]]:
    """The limits that hold, and the grades that remain under all of them, the best first."""
    excluded = [value.key for value in scale.values if value.excluded]
    remaining = (*(value.key for value in scale.graded()), *excluded)
    said = []
    for place, rule in enumerate(grading.rules, start=1):
        if rule.part != part or not isinstance(rule, Cap | Narrowing) or not holds(rule.when, look.known):
            continue
        allowed = frozenset(_allowed(rule, scale))
        left = tuple(key for key in remaining if key in allowed)
        if left:
            remaining = left
            said.append(Said(f"{place}: {rule.kind}", rule.because, allowed, rule.override))
    return said, remaining


def _allowed(rule: Cap | Narrowing, scale: Scale) -> Iterator[str]:
    """The grades with which the limit is content; a cap never takes away a value that stands for no grade."""
    if isinstance(rule, Narrowing):
        yield from rule.grades
        return
    best = scale.rank(rule.grade)
    for value in scale.values:
        rank = scale.rank(value.key)
        if rank is None or best is None or rank <= best:
            yield value.key


def _within(grade: str, remaining: tuple[str, ...], scale: Scale) -> str:
    """The grade if it remains; else the best one remaining that is no better; else the worst remaining."""
    if not grade or grade in remaining:
        return grade
    ranked = [key for key in remaining if scale.rank(key) is not None]
    wanted = scale.rank(grade)
    worse = [key for key in ranked if wanted is not None and (scale.rank(key) or 0) <= wanted]
    return next(iter(worse), ranked[-1] if ranked else "")


def sentences(said: Iterable[Said]) -> str:
    """The sentences of rules as one text."""
    return " ".join(dict.fromkeys(ended(one.because) for one in said))


def ended(sentence: str) -> str:
    """The sentence with its full stop."""
    return sentence if sentence[-1] in ".!?" else f"{sentence}."
