"""Whether a score of two versions measures the same: by the same rule, over the same questions and points.

The applicable maximum is part of it: which questions count, what each is worth, when it is asked and which
ways of not answering leave it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from goldenthread.rules.forms import Form, Question, Section
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.matching import Match, carried
from goldenthread.rules.scales import Scale
from goldenthread.rules.scores import AverageOfGrades, Score, SectionScore, below

Kind = tuple[Framework, str]
"""A kind of audit in a version."""

NOT_THE_MEASURE = {"title", "same_as", "sections", "questions", "of", "weights", "full_maximum", "rounded"}


class Two(NamedTuple):
    """A kind of audit in two versions, with how its scale and its graded parts stand to one another."""

    before: Kind
    after: Kind
    scale: Match
    parts: dict[str, Match]


def score_match(key: str, two: Two) -> Match:
    """How a score stands to the earlier version's."""
    before, after = two.before, two.after
    rule = after[0].grading_of(after[1]).scores[key]
    known = before[0].grading_of(before[1]).scores
    earlier = known.get(rule.same_as or key)
    if earlier is None:
        return Match(key, said=f"The score “{rule.title}” is new.")
    if isinstance(rule, SectionScore) != isinstance(earlier, SectionScore):
        return Match(key, said=f"“{rule.title}” is counted in another unit than before.")
    changed = _changed(rule, earlier, two)
    if changed and not rule.same_as:
        return Match(key, said=changed)
    words = [f"“{rule.title}” means what “{earlier.title}” meant, although: {changed.removesuffix('.')}"]
    return carried(key, rule.same_as or key, words if changed else ())


def _changed(rule: Score, earlier: Score, two: Two) -> str:
    """What differs, as a sentence; empty if nothing does."""
    if rule.model_dump(exclude=NOT_THE_MEASURE) != earlier.model_dump(exclude=NOT_THE_MEASURE):
        return f"“{rule.title}” is reckoned by another rule than before."
    if isinstance(rule, AverageOfGrades) and isinstance(earlier, AverageOfGrades):
        return _grades(rule, earlier, two)
    if isinstance(rule, AverageOfGrades) or isinstance(earlier, AverageOfGrades):
        return f"“{rule.title}” is reckoned by another rule than before."
    return _sections(rule, earlier, two)


def _sections(rule: Any, earlier: Any, two: Two) -> str:
    """What differs in the sections whose questions count."""
    old, new = (pack.form_of(kind) for pack, kind in (two.before, two.after))
    found = {(one.same_as or one.key): one for one in new.sections if one.key in rule.sections}
    if set(found) != set(earlier.sections):
        return f"“{rule.title}” counts other sections than before."
    for key, section in found.items():
        was = old.section(key)
        if was is None or _weight(rule, section.key) != _weight(earlier, key):
            return f"“{section.title}” weighs otherwise in “{rule.title}” than before."
        if said := _questions(section, was):
            return said
    return _named(rule, earlier, old, new)


def _named(rule: Any, earlier: Any, old: Form, new: Form) -> str:
    """What differs in the questions that are counted by name, and in when their sections are asked."""
    now, then = (_by_name(one, form) for one, form in ((rule, new), (earlier, old)))
    known = {(one.same_as or one.key): (section, one) for section, one in now.values()}
    if set(known) != set(then):
        return f"“{rule.title}” counts other questions than before." if known or then else ""
    for key, (section, one) in known.items():
        was, before = then[key]
        if (section.when, section.repeats is None) != (was.when, was.repeats is None):
            return f"“{section.title}” is asked of others than before."
        if said := _question(one, before):
            return said
    return ""


def _by_name(rule: Any, form: Form) -> dict[str, tuple[Section, Question]]:
    named = getattr(rule, "questions", ())
    return {
        one.key: (section, one) for section in form.sections for one in section.questions if one.key in named
    }


def _weight(rule: Any, key: str) -> float:
    return float(getattr(rule, "weights", {}).get(key, 1))


def _questions(section: Section, was: Section) -> str:
    """What differs in the applicable maximum of a section, or in the words of what counts towards it."""
    if (section.when, section.repeats is None) != (was.when, was.repeats is None):
        return f"“{section.title}” is asked of others than before."
    old = {one.key: one for one in was.questions if not one.is_note}
    kept = set()
    for one in section.questions:
        if one.is_note:
            continue
        earlier = old.get(one.same_as or one.key)
        if earlier is None:
            return f"The question “{one.text}” is new."
        kept.add(earlier.key)
        if said := _question(one, earlier):
            return said
    gone = next((one for key, one in old.items() if key not in kept), None)
    return f"The question “{gone.text}” is no longer asked." if gone else ""


def _question(one: Question, earlier: Question) -> str:
    if _words(one) != _words(earlier) and not one.same_as:
        return f"The words of “{earlier.text}” changed."
    if _worth(one) != _worth(earlier):
        return f"The answers to “{one.text}” are worth other points than before."
    if set(one.leaves_score) & set(one.instead) != set(earlier.leaves_score) & set(earlier.instead):
        return f"Other ways of not answering “{one.text}” leave it out of scores and figures than before."
    if one.when != earlier.when or set(one.instead) != set(earlier.instead):
        return f"“{one.text}” is asked otherwise than before."
    return ""


def _words(one: Question) -> tuple[Any, ...]:
    return (one.text, [choice.label for choice in one.options])


def _worth(one: Question) -> tuple[Any, ...]:
    return (one.type, one.weight, [(choice.key, choice.points) for choice in one.options])


def _grades(rule: AverageOfGrades, earlier: AverageOfGrades, two: Two) -> str:
    """What differs in the parts whose grades are averaged, or in what the grades are worth."""
    (before, after), scale, parts = (two.before, two.after), two.scale, two.parts
    if not scale.goes_on:
        return scale.said
    if not _numbers_alike(before[0].scale_of(before[1]), after[0].scale_of(after[1]), scale):
        return "The grades have other numbers than before."
    now = list(rule.of) or below(after[0].form_of(after[1]), OVERALL)
    was = list(earlier.of) or below(before[0].form_of(before[1]), OVERALL)
    for part in now:
        if part not in parts or not parts[part].goes_on:
            return parts[part].said if part in parts else f"“{rule.title}” counts other parts than before."
    if {parts[part].before for part in now} != set(was):
        return f"“{rule.title}” counts other parts than before."
    if any(_weight(rule, part) != _weight(earlier, parts[part].before) for part in now):
        return f"The parts of “{rule.title}” weigh otherwise than before."
    return ""


def _numbers_alike(before: Scale, after: Scale, scale: Match) -> bool:
    """Whether all grades that are compared as one have one number, on both scales."""
    old = {value.key: value.number for value in before.values}
    new = {value.key: value.number for value in after.values}
    return all(
        len({old[key] for key in one.before} | {new[key] for key in one.after}) == 1 for one in scale.classes
    )
