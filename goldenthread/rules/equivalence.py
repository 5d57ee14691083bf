"""What two versions of a framework measure alike, so that a trend compares only what means the same.

What kept its key and its words means the same by itself. What changed means the same only where the later
version says so with `same_as`; everything else breaks a trend, with a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from goldenthread.rules.asked_when import AskedWhen, asked_when
from goldenthread.rules.forms import Question, Section
from goldenthread.rules.framework import Framework
from goldenthread.rules.grade_rules import Bands
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.matching import Match, carried, scales_match
from goldenthread.rules.score_equivalence import Two, score_match
from goldenthread.rules.scores import below

Kind = tuple[Framework, str]
"""A kind of audit in a version."""

OTHERWISE_ASKED = "“{}” is asked under other conditions than before."
OTHERWISE_LEFT_OUT = "Other ways of not answering “{}” leave it out of scores and figures than before."


__all__ = ["Equivalence", "Match", "best_answers", "equivalence", "told"]


@dataclass(frozen=True)
class Equivalence:
    """What a kind of audit measures alike in two versions: grades, graded parts, questions, scores."""

    scale: Match
    parts: dict[str, Match] = field(default_factory=dict)
    questions: dict[str, Match] = field(default_factory=dict)
    scores: dict[str, Match] = field(default_factory=dict)

    def match(self, what: str, key: str) -> Match:
        """The match of a part, a question or a score; one that is new breaks."""
        found = {"part": self.parts, "score": self.scores}.get(what, self.questions).get(key)
        return found or Match(key, said="It was not asked before.")


def equivalence(
    before: Framework, after: Framework, audit_type: str, *, earlier_type: str = ""
) -> Equivalence:
    """Compare a kind of audit in two versions of one framework, or with the kind that it looks at again."""
    earlier_type = earlier_type or audit_type
    if earlier_type not in before.audit_types or audit_type not in after.audit_types:
        return Equivalence(Match("scale", said="One of the versions does not have this kind of audit."))
    scale = scales_match(before.scale_of(earlier_type), after.scale_of(audit_type))
    old, new = before.form_of(earlier_type), after.form_of(audit_type)
    known, asked = {one.key: one for one in old.questions()}, (asked_when(old), asked_when(new))
    questions = {one.key: _question(one, known, asked) for one in new.questions() if not one.is_note}
    parts = _graded((before, earlier_type), (after, audit_type), scale, questions, asked)
    if after.grading_of(audit_type).overall:
        parts[OVERALL] = _overall((before, earlier_type), (after, audit_type), scale, parts)
    two = Two((before, earlier_type), (after, audit_type), scale, parts)
    scores = {key: score_match(key, two) for key in after.grading_of(audit_type).scores}
    return Equivalence(scale, parts, questions, scores)


def _question(question: Question, known: dict[str, Question], asked: tuple[AskedWhen, AskedWhen]) -> Match:
    earlier = known.get(question.same_as or question.key)
    if earlier is None:
        return Match(question.key, said=f"The question “{question.text}” is new.")
    if [one.key for one in question.options] != [one.key for one in earlier.options]:
        return Match(question.key, said=f"The answers to “{question.text}” are others than before.")
    if _best(question) != _best(earlier) or question.type != earlier.type:
        return Match(question.key, said=f"Another answer to “{question.text}” is the best one.")
    asked_of_the_same = asked[0].questions[earlier.key] == asked[1].questions[question.key]
    if _asked(question) == _asked(earlier) and asked_of_the_same:
        return Match(question.key, earlier.key)
    if question.same_as:
        said = f"“{question.text}” means what “{earlier.text}” meant"
        return carried(question.key, earlier.key, [said])
    if not asked_of_the_same:
        return Match(question.key, said=OTHERWISE_ASKED.format(question.text))
    if _asked(question)[:3] == _asked(earlier)[:3]:
        return Match(question.key, said=OTHERWISE_LEFT_OUT.format(question.text))
    return Match(question.key, said=f"The words of “{earlier.text}” changed.")


def _asked(question: Question) -> tuple[Any, ...]:
    """What makes a question mean what it means."""
    options = [(one.key, one.label) for one in question.options]
    return (question.text, options, sorted(question.instead), _leaves(question))


def _leaves(question: Question) -> list[str]:
    """The ways of not answering it that leave it out of a score and of figures."""
    return sorted(set(question.leaves_score) & set(question.instead))


def _best(question: Question) -> frozenset[str]:
    return frozenset(best_answers(question))


def best_answers(question: Question) -> list[str]:
    """The answers that comply: those with the most points, else “yes”; none where no answer is the best."""
    points = {one.key: one.points for one in question.options if one.points is not None}
    if points:
        return [key for key, most in points.items() if most == max(points.values())]
    return ["yes"] if question.type == "yes or no" else []


def _graded(
    before: Kind,
    after: Kind,
    scale: Match,
    questions: dict[str, Match],
    asked: tuple[AskedWhen, AskedWhen],
) -> dict[str, Match]:
    """Every graded section, in the form's order; one that has parts goes on only where they do."""
    form = after[0].form_of(after[1])
    graded = [one for one in form.sections if one.graded]
    found: dict[str, Match] = {}
    for section in sorted(graded, key=lambda one: -len(form.holders(one))):
        found[section.key] = _section(
            section, before, after, scale, below_it=found, questions=questions, conditions=asked
        )
    return {one.key: found[one.key] for one in graded}


def _section(
    section: Section,
    before: Kind,
    after: Kind,
    scale: Match,
    *,
    below_it: dict[str, Match],
    questions: dict[str, Match],
    conditions: tuple[AskedWhen, AskedWhen],
) -> Match:
    earlier = before[0].form_of(before[1]).section(section.same_as or section.key)
    if earlier is None or not earlier.graded:
        return Match(section.key, said=f"The section “{section.title}” was not graded before.")
    if not scale.goes_on:
        return Match(section.key, said=scale.said)
    asked, words = _asked_as_before(section, earlier, questions)
    words = [*scale.words, *words]
    changed = "" if _looked_at(section, asked) == _looked_at(earlier) else _difference(section, earlier)
    changed = changed or _asked_otherwise(section, earlier, conditions, questions)
    if changed := changed or _led_otherwise(section, earlier, before, after, below_it):
        if not section.same_as:
            return Match(section.key, said=changed)
        words.append(f"“{section.title}” means what “{earlier.title}” meant")
    return carried(section.key, earlier.key, words, scale.classes)


def _asked_otherwise(
    section: Section,
    earlier: Section,
    asked: tuple[AskedWhen, AskedWhen],
    questions: dict[str, Match],
) -> str:
    """Whether a section, or a question in it without the author's word, is asked under other conditions."""
    if asked[0].sections[earlier.key] != asked[1].sections[section.key]:
        return OTHERWISE_ASKED.format(section.title)
    for one in section.questions:
        said = OTHERWISE_ASKED.format(one.text)
        if one.key in questions and questions[one.key].said == said:
            return said
    return ""


def _led_otherwise(
    section: Section, earlier: Section, before: Kind, after: Kind, below_it: dict[str, Match]
) -> str:
    """What differs in the parts and the rules that lead to a section's grade; empty if nothing does."""
    kept = set()
    for key in below(after[0].form_of(after[1]), section.key):
        if not below_it[key].goes_on:
            return below_it[key].said
        kept.add(below_it[key].before)
    old = before[0].form_of(before[1])
    for key in below(old, earlier.key):
        part = old.section(key)
        if part and key not in kept:
            return f"The section “{part.title}” is no longer a graded part of “{section.title}”."
    if kept != set(below(old, earlier.key)):
        return f"“{section.title}” has other graded parts than before."
    if _rules(*before, earlier.key) != _rules(*after, section.key):
        return f"The rules that lead to the grade of “{section.title}” changed."
    return ""


def _asked_as_before(
    section: Section, earlier: Section, questions: dict[str, Match]
) -> tuple[list[Any], list[str]]:
    """What a section asks, and the author's words by which some of it is asked as it was before."""
    known = {one.key: one for one in earlier.questions}
    asked: list[Any] = []
    words: list[str] = []
    for one in section.questions:
        match = questions.get(one.key)
        before = known.get(match.before) if match else None
        asked.append(_asked(before or one))
        words += match.words if match and before else ()
    return asked, words


def _looked_at(section: Section, asked: list[Any] | None = None) -> tuple[Any, ...]:
    """What makes the grade of a section mean what it means: its heading and what it asks."""
    repeats = section.repeats is not None
    asked = [_asked(one) for one in section.questions] if asked is None else asked
    return (section.title, section.guidance, repeats, asked, _descriptors(section))


def _descriptors(section: Section) -> dict[str, tuple[str, ...]]:
    return {one.grade: one.points for one in section.descriptors}


def _difference(section: Section, earlier: Section) -> str:
    if section.title != earlier.title:
        return f"The section “{earlier.title}” is now “{section.title}”."
    if section.guidance != earlier.guidance:
        return f"The guidance of “{section.title}” was written anew."
    if (section.repeats is None) != (earlier.repeats is None):
        return f"“{section.title}” is asked once where it was asked for each row, or the other way round."
    if _descriptors(section) != _descriptors(earlier):
        return f"What the grades of “{section.title}” look like was written anew."
    before = {one.key: _leaves(one) for one in earlier.questions}
    for one in section.questions:
        if one.key in before and _leaves(one) != before[one.key] and _words(section) == _words(earlier):
            return OTHERWISE_LEFT_OUT.format(one.text)
    return f"“{section.title}” asks other questions than before."


def _words(section: Section) -> list[tuple[Any, ...]]:
    """What a section asks, whatever leaves a score."""
    return [_asked(one)[:3] for one in section.questions]


def _overall(before: Kind, after: Kind, scale: Match, parts: dict[str, Match]) -> Match:
    """The grade of the whole goes on where its sections do and the same rules give and limit it."""
    old, new = (pack.grading_of(audit_type) for pack, audit_type in (before, after))
    if not old.overall:
        return Match(OVERALL, said="The whole was not graded before.")
    if not scale.goes_on:
        return Match(OVERALL, said=scale.said)
    words = list(scale.words)
    changed = _changed_sections(before, parts)
    if not changed and _rules(*before) != _rules(*after):
        changed = "The rules that lead to the overall grade changed."
    if changed and new.overall_same_as == before[0].audit_types[before[1]].grading:
        words.append(f"the overall grade means what it meant, although: {changed.removesuffix('.')}")
    elif changed:
        return Match(OVERALL, said=changed)
    return carried(OVERALL, OVERALL, words, scale.classes)


def _changed_sections(before: Kind, parts: dict[str, Match]) -> str:
    """What differs in the sections behind the overall grade, as a sentence; empty if nothing does."""
    for match in parts.values():
        if not match.goes_on:
            return match.said
    kept = {match.before for match in parts.values()}
    for section in before[0].form_of(before[1]).sections:
        if section.graded and section.key not in kept:
            return f"The section “{section.title}” is no longer graded."
    return ""


def _rules(pack: Framework, audit_type: str, part: str = OVERALL) -> list[dict[str, Any]]:
    """The rules about a part and the scores that they look at, without the sentences shown.

    Behind the whole stands every score.
    """
    grading = pack.grading_of(audit_type)
    about = grading.rules_about(part)
    rules = [rule.model_dump(exclude={"because", "part"}) for rule in about]
    seen = {rule.score for rule in about if isinstance(rule, Bands)}
    scores = {key: one for key, one in grading.scores.items() if part == OVERALL or key in seen}
    return [*rules, {key: one.model_dump(exclude={"title"}) for key, one in scores.items()}]


def told(before: Framework, after: Framework) -> Iterator[tuple[str, str, str]]:
    """What a trend would make of the change, kind by kind: (kind, part, sentence) for what does not go on
    and for what the author's word carries over."""
    for name, kind in after.audit_types.items():
        if name not in before.audit_types:
            yield kind.title, "", "It is a new kind of audit, so its trend begins here."
            continue
        found = equivalence(before, after, name)
        form = after.form_of(name)
        titles = {one.key: form.title_of(one) for one in form.sections}
        titles |= {one.key: one.text for one in after.form_of(name).questions()}
        titles[OVERALL] = after.grading_of(name).overall_label
        for match in [*found.parts.values(), *found.questions.values()]:
            if match.said:
                yield kind.title, titles[match.key], _consequence(match)
        for key, match in found.scores.items():
            if match.said:
                yield kind.title, after.grading_of(name).scores[key].title, _consequence(match)


def _consequence(match: Match) -> str:
    return f"A trend goes on. {match.said}" if match.goes_on else f"A trend breaks. {match.said}"
