"""Whether one comparison names what is known where it stands, and compares it in a way in which it can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from goldenthread.rules.conditions import NOT_USED, USED, Compare, Value
from goldenthread.rules.documents import Path
from goldenthread.rules.facts import NO_DAYS
from goldenthread.rules.forms import NOT_COMPARED, NUMBERS, Question
from goldenthread.rules.naming import Missing, known_name

ORDERED = ("at_least", "at_most", "below")


@dataclass
class Scope:
    """What may be named at one place: facts, questions, and for each part its grades and stages."""

    facts: Iterable[str]
    questions: Mapping[str, Question] = field(default_factory=dict)
    grades: Mapping[str, set[str]] = field(default_factory=dict)
    stages: set[str] = field(default_factory=set)
    without: str = "an audit has begun"
    in_rows: Mapping[str, str] = field(default_factory=dict)
    """The questions that have an answer for each row of some other section, with that section's title."""
    sources: Iterable[str] = ()
    """The sources of which it is asked whether they could be used."""
    unasked: Mapping[str, str] = field(default_factory=dict)
    """The sources that are asked about in some audits with the form, with the title of one that does not."""
    gradings: list[str] = field(default_factory=list)
    """The ways of grading of the audits meant."""
    scores: Iterable[str] | None = None
    """The scores, where they are known."""
    words: Mapping[str, Iterable[str]] = field(default_factory=dict)
    """What a fact can be, where the framework itself says it."""


def faults_of(compare: Compare, path: Path, scope: Scope) -> Iterator[Missing]:
    """What is wrong with one comparison where this may be named."""
    if compare.day_named:
        days = [fact for fact in scope.facts if fact not in NO_DAYS]
        yield from known_name("day", compare.day_named, days, (*path, "since" if compare.since else "until"))
    elif compare.fact:
        yield from _fact(compare, compare.fact, path, scope)
    elif compare.score:
        yield from _score(compare, compare.score, path, scope)
    elif compare.answer and compare.answer in scope.in_rows:
        yield Missing(
            (*path, "answer"),
            f"“{compare.answer}” is answered once for each row of “{scope.in_rows[compare.answer]}”, so "
            "there is no one answer to compare here. Compare it within that section, or count its answers "
            "in a score.",
        )
    elif not scope.questions and not scope.grades:
        yield Missing(path, f"Answers and grades are not known {scope.without}; compare facts.")
    else:
        yield from _of_an_audit(compare, path, scope)


def _of_an_audit(compare: Compare, path: Path, scope: Scope) -> Iterator[Missing]:
    """What is wrong with one that looks at what an audit holds."""
    if compare.source:
        yield from _source(compare, compare.source, path, scope)
    elif compare.answer:
        yield from known_name("question", compare.answer, scope.questions, (*path, "answer"))
        if compare.answer in scope.questions:
            yield from _answer(compare, scope.questions[compare.answer], path)
    elif compare.grade:
        yield from known_name("part to grade", compare.grade, scope.grades, (*path, "grade"))
        if compare.stage:
            yield from known_name("stage of grading", compare.stage, sorted(scope.stages), (*path, "stage"))
        if compare.grade in scope.grades:
            yield from _values(compare, path, "grade", sorted(scope.grades[compare.grade]))


def _score(compare: Compare, name: str, path: Path, scope: Scope) -> Iterator[Missing]:
    if scope.scores is None:
        said = (
            "Scores are known in what follows a final audit, in rules of re-audit and at gates, and not here"
        )
        yield Missing((*path, "score"), f"{said}; compare something else.")
        return
    yield from known_name("score", name, scope.scores, (*path, "score"))
    yield from _number(compare, path)


def _source(compare: Compare, name: str, path: Path, scope: Scope) -> Iterator[Missing]:
    yield from known_name("source that is asked about", name, scope.sources, (*path, "source"))
    if name in scope.unasked:
        said = f"“{scope.unasked[name]}” has this form too and does not ask whether “{name}” could be used"
        yield Missing((*path, "source"), f"{said}; name the source under that audit type, or take this out.")
    yield from _values(compare, path, "answer", [USED, NOT_USED])


def _fact(compare: Compare, name: str, path: Path, scope: Scope) -> Iterator[Missing]:
    yield from known_name("fact", name, scope.facts, (*path, "fact"))
    yield from _number(compare, path)
    if name in scope.words and compare.operator not in ORDERED:
        yield from _values(compare, path, name, [*scope.words[name]])


def _answer(compare: Compare, question: Question, path: Path) -> Iterator[Missing]:
    if question.is_note:
        yield Missing((*path, "answer"), f"“{question.key}” is a note and has no answer; name a question.")
    elif question.type in NOT_COMPARED:
        if compare.operator != "known":
            yield Missing(
                (*path, {"is_": "is"}.get(compare.operator, compare.operator)),
                f"Of “{question.key}” it can only be asked whether it is answered; use known.",
            )
    elif compare.operator in ORDERED:
        if question.type not in NUMBERS:
            yield Missing(
                (*path, compare.operator),
                f"The answer to “{question.key}” is not a number; use is or one_of.",
            )
        else:
            yield from _number(compare, path)
    elif question.options:
        yield from _values(
            compare, path, "answer", [*(option.key for option in question.options), *question.instead]
        )


def _number(compare: Compare, path: Path) -> Iterator[Missing]:
    """What is compared by order is a number."""
    value = compare.operand_value
    if compare.operator in ORDERED and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield Missing(
            (*path, compare.operator), f"“{value}” is not a number; compare by order with a number."
        )


def _values(compare: Compare, path: Path, what: str, known: list[str]) -> Iterator[Missing]:
    """What is compared with can occur."""
    if compare.operator == "known":
        return
    key = {"is_": "is"}.get(compare.operator, compare.operator)
    values: tuple[Value, ...] = compare.one_of if compare.one_of is not None else (compare.operand_value,)
    for place, value in enumerate(values):
        where = (*path, key, place) if compare.one_of is not None else (*path, key)
        yield from known_name(what, _as_written(value), known, where)


def _as_written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
