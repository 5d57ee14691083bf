"""The one condition language of a framework: compared facts, answers and grades, joined by all, any and not.

A condition is data: evaluated against what is `Known`, shown back as a sentence. There are no scripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from goldenthread.rules.parts import Name, Part
from goldenthread.rules.rows import Row
from goldenthread.rules.scales import Scale
from goldenthread.rules.spans import describe_span, parse_span, span_after, span_before


def _plain_value(value: Any) -> Any:
    if not isinstance(value, str | int | float):
        raise ValueError("Compare with a word, a number, true or false.")
    return value


Value = Annotated[str | int | float | bool, BeforeValidator(_plain_value)]
OPERANDS = ("fact", "answer", "grade", "source", "score", "since", "until")
OPERATORS = ("is_", "is_not", "one_of", "at_least", "at_most", "below", "known")
WORDS = {
    "is_": "is",
    "is_not": "is not",
    "at_least": "is at least",
    "at_most": "is at most",
    "below": "is below",
}
USED = "used"
NOT_USED = "not used"
OF_SOURCES = ("is_", "is_not", "one_of", "known")
OF_SCORES = ("at_least", "at_most", "below", "known")


def key_of_source(name: str) -> str:
    """The key of the question that asks whether a source could be used."""
    return f"source {name}"


@dataclass(frozen=True)
class Known:
    """What a condition may look at: dated facts, answers and grades, on a stated day.

    `grades` maps (part, stage) to the key of a value of `scale`; `facts` holds text, numbers or dates;
    `rows` are those of each section that repeats, and an answer in one stands under its address.
    """

    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    grades: Mapping[tuple[str, str], str] = field(default_factory=dict)
    scale: Scale | None = None
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    scores: Mapping[str, Fraction] = field(default_factory=dict)
    """The scores as bands of grades look at them; one with nothing to reckon it from is not here."""


class Compare(Part):
    """One comparison: exactly one of fact, answer, grade, source, score, since, until; and one operator.

    `since` names a dated fact and compares the time since then with a span such as "3 months"; `until` the
    time that is left until then, and a day that has passed is neither near nor far ahead.
    A comparison with something that is not known does not hold, except `is_not` and `known: false`.
    """

    fact: Name | None = None
    """The fact to compare."""
    answer: Name | None = None
    """The key of the question whose answer is compared."""
    grade: Name | None = None
    """The part whose grade is compared."""
    stage: Name | None = None
    """The stage of the grade; the latest unless said."""
    source: Name | None = None
    """The source of which it is compared whether it could be used: `used` or `not used`."""
    score: Name | None = None
    """The score to compare, as bands of grades look at it; where nothing applied, it is not known."""
    since: Name | None = None
    """The date from which time is counted."""
    until: Name | None = None
    """The date to come until which time is counted."""
    is_: Value | None = Field(default=None, alias="is")
    """It is this."""
    is_not: Value | None = None
    """It is not this, or not known."""
    one_of: tuple[Value, ...] | None = None
    """It is one of these."""
    at_least: Value | None = None
    """It is this or more, this good or better, or this long ago (or ahead) or longer."""
    at_most: Value | None = None
    """It is this or less, this good or worse, or this long ago (or ahead) or less."""
    below: Value | None = None
    """It is less than this; only of a score."""
    known: bool | None = None
    """Whether it is known at all."""

    @model_validator(mode="after")
    def _one_of_each(self) -> Compare:
        if sum(getattr(self, name) is not None for name in OPERANDS) != 1:
            raise ValueError("Name exactly one of fact, answer, grade, source, score, since or until.")
        if sum(getattr(self, name) is not None for name in OPERATORS) != 1:
            raise ValueError("Use exactly one of is, is_not, one_of, at_least, at_most, below or known.")
        if self.stage is not None and self.grade is None:
            raise ValueError("A stage goes with a grade.")
        if self.day_named is not None:
            self._check_span()
        if self.source is not None and self.operator not in OF_SOURCES:
            raise ValueError("Whether a source could be used goes with is, is_not, one_of or known.")
        if self.score is not None and self.operator not in OF_SCORES:
            raise ValueError("A score is compared with at_least, at_most, below or known.")
        if self.below is not None and self.score is None:
            raise ValueError("Only a score is compared with below; use at_least or at_most.")
        return self

    def _check_span(self) -> None:
        if self.operator not in ("at_least", "at_most", "known"):
            raise ValueError("Time since or until a day is compared with at_least, at_most or known.")
        if self.operator != "known":
            parse_span(str(self.operand_value))

    @property
    def day_named(self) -> str | None:
        """The fact whose day is compared, if time is counted."""
        return self.since or self.until

    @property
    def answer_named(self) -> str | None:
        """The question whose answer it looks at, if it looks at one; of a source, whether it was used."""
        return key_of_source(self.source) if self.source is not None else self.answer

    @property
    def fact_named(self) -> str | None:
        """The fact that it looks at, as it stands or as a day, if it looks at one."""
        return self.fact or self.day_named

    @property
    def operator(self) -> str:
        return next(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def operand_value(self) -> Any:
        return getattr(self, self.operator)


class All(Part):
    """Holds if every one of its conditions holds."""

    all: tuple[Condition, ...] = Field(min_length=1)
    """Conditions that all hold."""


class Any_(Part):
    """Holds if at least one of its conditions holds."""

    any: tuple[Condition, ...] = Field(min_length=1)
    """Conditions of which at least one holds."""


class Not(Part):
    """Holds if its condition does not."""

    not_: Condition = Field(alias="not")
    """A condition that does not hold."""


def _kind(value: Any) -> str:
    """Which of the four a condition is; the brackets keep the word out of a fault's path."""
    if isinstance(value, Part):
        kinds: dict[type[Part], str] = {All: "<all>", Any_: "<any>", Not: "<not>"}
        return kinds.get(type(value), "<compare>")
    if isinstance(value, dict):
        return next((f"<{key}>" for key in ("all", "any", "not") if key in value), "<compare>")
    return "<compare>"


Condition = Annotated[
    Annotated[All, Tag("<all>")]
    | Annotated[Any_, Tag("<any>")]
    | Annotated[Not, Tag("<not>")]
    | Annotated[Compare, Tag("<compare>")],
    Discriminator(_kind),
]
for _model in (All, Any_, Not):
    _model.model_rebuild()


def holds(condition: Condition | None, known: Known) -> bool:
    """Whether the condition holds; an absent one always does."""
    match condition:
        case None:
            return True
        case All():
            return all(holds(part, known) for part in condition.all)
        case Any_():
            return any(holds(part, known) for part in condition.any)
        case Not():
            return not holds(condition.not_, known)
        case _:
            return _compare(condition, known)


def _compare(compare: Compare, known: Known) -> bool:
    found = _found(compare, known)
    missing = found is None or found == ""
    if compare.known is not None:
        return missing != compare.known
    if compare.is_not is not None:
        return missing or not _same(found, compare.is_not)
    if missing:
        return False
    if compare.is_ is not None:
        return _same(found, compare.is_)
    if compare.one_of is not None:
        return any(_same(found, value) for value in compare.one_of)
    return _in_order(compare, found, known)


def _found(compare: Compare, known: Known) -> Any:
    if compare.answer_named is not None:
        return known.answers.get(compare.answer_named)
    if compare.score is not None:
        return known.scores.get(compare.score)
    if compare.grade is not None:
        return _grade(compare, known)
    return known.facts.get(compare.fact_named or "")


def _grade(compare: Compare, known: Known) -> str | None:
    if compare.stage is not None:
        return known.grades.get((compare.grade or "", compare.stage))
    return latest_grade(known, compare.grade or "")


def latest_grade(known: Known, part: str) -> str | None:
    """The grade at the latest stage that has one (stages are handed in in order)."""
    stages = [grade for (one, _), grade in known.grades.items() if one == part]
    return stages[-1] if stages else None


def _same(found: Any, value: Value) -> bool:
    if isinstance(found, list | tuple):
        return any(_same(one, value) for one in found)
    if isinstance(found, bool) or isinstance(value, bool):
        return found is value
    return str(found).casefold() == str(value).casefold()


def _in_order(compare: Compare, found: Any, known: Known) -> bool:
    if compare.day_named is not None:
        return isinstance(found, date) and _day_in_order(compare, found, known.on)
    if compare.score is not None:
        return _score_in_order(compare, found)
    left, right = _rank(compare, found, known), _rank(compare, compare.operand_value, known)
    if left is None or right is None:
        return False
    return left >= right if compare.operator == "at_least" else left <= right


def _score_in_order(compare: Compare, found: Fraction) -> bool:
    """Whether a score is that much, exactly; the number is taken as it was written."""
    try:
        edge = Fraction(str(compare.operand_value))
    except ValueError:
        return False
    if compare.operator == "below":
        return found < edge
    return found >= edge if compare.operator == "at_least" else found <= edge


def _day_in_order(compare: Compare, day: date, on: date) -> bool:
    span = parse_span(str(compare.operand_value))
    if compare.until is not None:
        edge = span_after(span, on)
        return day >= edge if compare.operator == "at_least" else on <= day <= edge
    edge = span_before(span, on)
    return day <= edge if compare.operator == "at_least" else day >= edge


def _rank(compare: Compare, value: Any, known: Known) -> float | None:
    """Where a value stands in its order: a grade by its scale, best highest; anything else as a number."""
    if compare.grade is not None:
        return known.scale.rank(str(value)) if known.scale else None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def sentence(condition: Condition | None) -> str:
    """The condition in words, without a full stop."""
    match condition:
        case None:
            return "always"
        case All():
            return " and ".join(_bracketed(part) for part in condition.all)
        case Any_():
            return " or ".join(_bracketed(part) for part in condition.any)
        case Not():
            return f"it is not so that {_bracketed(condition.not_)}"
        case _:
            return _compare_sentence(condition)


def _bracketed(condition: Condition) -> str:
    words = sentence(condition)
    return words if isinstance(condition, Compare) else f"({words})"


def _compare_sentence(compare: Compare) -> str:
    if (day := compare.day_named) is not None:
        if compare.known is not None:
            return f"the date of “{day}” is {'known' if compare.known else 'not known'}"
        order = "at least" if compare.operator == "at_least" else "at most"
        span = describe_span(parse_span(str(compare.operand_value)))
        return f"“{day}” is {order} {span} ahead" if compare.until else f"“{day}” was {order} {span} ago"
    if compare.source is not None and compare.is_ in (USED, NOT_USED):
        return f"“{compare.source}” could {'' if compare.is_ == USED else 'not '}be used"
    subject = _subject(compare)
    if compare.known is not None:
        return f"{subject} is {'known' if compare.known else 'not known'}"
    if compare.one_of is not None:
        return f"{subject} is one of {', '.join(_shown(value) for value in compare.one_of)}"
    return f"{subject} {WORDS[compare.operator]} {_shown(compare.operand_value)}"


def _subject(compare: Compare) -> str:
    if compare.answer is not None:
        return f"the answer to “{compare.answer}”"
    if compare.source is not None:
        return f"the use of “{compare.source}”"
    if compare.score is not None:
        return f"the score “{compare.score}”"
    if compare.grade is not None:
        stage = f" {compare.stage}" if compare.stage else ""
        return f"the grade for “{compare.grade}”{stage}"
    return f"“{compare.fact}”"


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else str(value)


def comparisons(condition: Condition | None) -> Iterator[Compare]:
    """Every comparison inside a condition, for checking what it names."""
    match condition:
        case None:
            return
        case All():
            parts: tuple[Condition, ...] = condition.all
        case Any_():
            parts = condition.any
        case Not():
            parts = (condition.not_,)
        case _:
            yield condition
            return
    for part in parts:
        yield from comparisons(part)
