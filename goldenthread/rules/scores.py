"""Scores: points, sections, answers or grades as one number, rounded as the framework says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from goldenthread.rules.conditions import Known, latest_grade
from goldenthread.rules.forms import Form, Given, Question, Section, shown
from goldenthread.rules.grade_rules import OVERALL
from goldenthread.rules.parts import Line, Name, Part, kind_of
from goldenthread.rules.rows import row_of

CARRIED = "carried forward"
"""The stage of a grade that an earlier audit gave to a part that this one does not look at."""

Weight = Annotated[float, Field(ge=0.01, le=100)]


class ScoreRule(Part):
    """What every score says: its title, and how it is rounded."""

    title: Line
    """What people call the score."""
    decimals: int = Field(default=0, ge=0, le=3)
    """How many decimal places it is rounded to, halves up."""
    rounded: Literal["before bands", "after bands"] = "before bands"
    """Whether bands look at the rounded score or at the exact one."""
    same_as: Name | None = None
    """The score of the version before that means the same, by its name there, although its rule or what it
    counts changed: trends go on over the change on your word."""


class SectionScore(ScoreRule):
    """Points of a maximum as a percentage: of all the questions together, or section by section.

    A way of not answering takes a question out of the maximum where the question says so under
    `leaves_score` (“not applicable” unless said), and so does leaving its section out; any other scores
    nothing and leaves it in. A section in which nothing applied is left out of an average; one that repeats
    counts as a whole, with the questions of all its rows.
    """

    kind: Literal["points over applicable maximum", "average of sections", "worst section"]
    """How it is reckoned."""
    sections: tuple[Name, ...] = Field(min_length=1)
    """The sections whose points it counts."""
    weights: dict[Name, Weight] = Field(default_factory=dict)
    """How much each section counts in an average; 1 unless said."""
    full_maximum: bool = False
    """Whether it is also shown against the points of all the questions, applicable or not."""


class CountOfAnswers(ScoreRule):
    """How many questions got one of the listed answers; in a section that repeats, each row counts."""

    kind: Literal["count of answers"]
    """Always: count of answers."""
    sections: tuple[Name, ...] = ()
    """The sections of which it counts every question."""
    questions: tuple[Name, ...] = ()
    """The questions that it counts, of whichever section, besides those of `sections`."""
    answers: tuple[Name, ...] = Field(min_length=1)
    """The answers that it counts."""

    @model_validator(mode="after")
    def _counts_something(self) -> CountOfAnswers:
        if not self.sections and not self.questions:
            raise ValueError("Name the sections or the questions whose answers are counted.")
        return self

    def counts(self, section: str, question: str) -> bool:
        """Whether it counts a question of a section; in a row it has its address for its key."""
        return section in self.sections or question in self.questions or row_of(question)[0] in self.questions


class AverageOfGrades(ScoreRule):
    """The average of the numbers of the parts' grades on the scale; excluded grades do not count."""

    kind: Literal["average of grades"]
    """Always: average of grades."""
    of: tuple[Name, ...] = ()
    """The parts whose grades it counts; unless said, every graded section that is not a part of another."""
    weights: dict[Name, Weight] = Field(default_factory=dict)
    """How much each part counts; 1 unless said."""


Score = Annotated[
    Annotated[SectionScore, Tag("<points over applicable maximum>")]
    | Annotated[SectionScore, Tag("<average of sections>")]
    | Annotated[SectionScore, Tag("<worst section>")]
    | Annotated[CountOfAnswers, Tag("<count of answers>")]
    | Annotated[AverageOfGrades, Tag("<average of grades>")],
    Discriminator(kind_of),
]


@dataclass(frozen=True)
class Look:
    """What scores and rules of grading look at: the form as it applies, answers, and the grades so far."""

    form: Form
    given: Mapping[str, Given]
    known: Known
    skipped: frozenset[str] = frozenset()

    def sections(self, names: Iterable[str]) -> list[tuple[Section, list[Question]]]:
        """The named sections as far as they are asked."""
        asked = shown(self.form, self.known, self.skipped)
        return [(section, questions) for section, questions in asked if section.key in names]

    def counted(self, rule: SectionScore | CountOfAnswers) -> list[Question]:
        """The questions that are asked and that a score counts."""
        asked = shown(self.form, self.known, self.skipped)
        if isinstance(rule, CountOfAnswers):
            return [one for section, found in asked for one in found if rule.counts(section.key, one.key)]
        return [one for section, found in asked if section.key in rule.sections for one in found]

    def grades(self, of: Iterable[str] = (), part: str = OVERALL) -> dict[str, str | None]:
        """The graded sections that a part is made of, or those named, each with its grade so far.

        A section that is not looked at counts only if it keeps an earlier audit's grade.
        """
        asked = {section.key for section, _ in shown(self.form, self.known, self.skipped) if section.graded}
        names = list(of) or below(self.form, part)
        return {
            name: latest_grade(self.known, name)
            for name in names
            if name in asked or (name, CARRIED) in self.known.grades
        }


def below(form: Form, part: str) -> list[str]:
    """The graded sections right below a part: those of which no graded section lies between."""
    found = []
    for section in form.sections:
        above = [one.key for one in form.holders(section) if one.graded]
        if section.graded and next(iter(above), OVERALL) == part:
            found.append(section.key)
    return found


@dataclass(frozen=True)
class ScoreResult:
    """A score: its exact value, None where there is nothing to reckon it from; points where it has them."""

    rule: SectionScore | CountOfAnswers | AverageOfGrades
    exact: Fraction | None
    points: Fraction = Fraction(0)
    maximum: Fraction = Fraction(0)
    full: Fraction = Fraction(0)

    @property
    def value(self) -> Fraction | None:
        """Rounded half up to the places that the framework says."""
        if self.exact is None:
            return None
        unit = 10**self.rule.decimals
        return Fraction(floor(self.exact * unit + Fraction(1, 2)), unit)

    @property
    def for_bands(self) -> Fraction | None:
        """What bands look at."""
        return self.value if self.rule.rounded == "before bands" else self.exact

    @property
    def words(self) -> str:
        """The score as people read it."""
        if self.value is None:
            return "no score"
        sign = "%" if isinstance(self.rule, SectionScore) else ""
        return f"{float(self.value):.{self.rule.decimals}f}{sign}"


def score(rule: Score, look: Look) -> ScoreResult:
    """The score of what was answered and graded so far."""
    match rule:
        case CountOfAnswers():
            return _count(rule, look)
        case AverageOfGrades():
            return ScoreResult(rule, _average_of_grades(rule, look))
        case _:
            return _of_sections(rule, look)


def _of_sections(rule: SectionScore, look: Look) -> ScoreResult:
    found = {
        section.key: _points(questions, look.given) for section, questions in look.sections(rule.sections)
    }
    points = sum((got for got, _ in found.values()), Fraction(0))
    maximum = sum((most for _, most in found.values()), Fraction(0))
    shares = {key: got / most * 100 for key, (got, most) in found.items() if most > 0}
    if not shares:
        exact = None
    elif rule.kind == "average of sections":
        exact = _average(shares, rule.weights)
    elif rule.kind == "worst section":
        exact = min(shares.values())
    else:
        exact = points / maximum * 100 if maximum > 0 else None
    return ScoreResult(rule, exact, points, maximum, _full(rule, look))


def _points(questions: Iterable[Question], given: Mapping[str, Given]) -> tuple[Fraction, Fraction]:
    """The points given, and those that could have been given by what applied."""
    points = maximum = Fraction(0)
    for question in questions:
        answer = given.get(question.key, Given())
        if answer.is_blank or answer.instead in question.leaves_score:
            continue
        maximum += _most(question)
        points += _given_points(question, answer)
    return points, maximum


def _most(question: Question) -> Fraction:
    """The most points that the question can give."""
    possible = [_exact(choice.points) for choice in question.options if choice.points is not None]
    if question.type == "several of":
        return sum((one for one in possible if one > 0), Fraction(0)) * _exact(question.weight)
    return max(possible, default=Fraction(0)) * _exact(question.weight)


def _given_points(question: Question, answer: Given) -> Fraction:
    if answer.instead:
        return Fraction(0)
    chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    points = (_exact(one.points) for one in question.options if one.key in chosen and one.points is not None)
    return sum(points, Fraction(0)) * _exact(question.weight)


def _full(rule: SectionScore, look: Look) -> Fraction:
    """What all the questions could give, applicable or not; those of a section that repeats once a row."""
    full = Fraction(0)
    for section in look.form.sections:
        if section.key in rule.sections:
            times = 1 if section.repeats is None else len(look.known.rows.get(section.key, ()))
            full += times * sum((_most(question) for question in section.questions), Fraction(0))
    return full


def _count(rule: CountOfAnswers, look: Look) -> ScoreResult:
    """Of questions that were answered; with none of them there is no score."""
    answers = [(question, look.given.get(question.key, Given())) for question in look.counted(rule)]
    given = [one for asked, one in answers if not one.is_blank and one.instead not in asked.leaves_score]
    if not given:
        return ScoreResult(rule, None)
    wanted = set(rule.answers)
    found = [
        wanted & {*(one.value if isinstance(one.value, tuple) else (one.value,)), one.instead}
        for one in given
    ]
    return ScoreResult(rule, Fraction(sum(map(bool, found))))


def _average_of_grades(rule: AverageOfGrades, look: Look) -> Fraction | None:
    """Once every part that counts has its grade; an excluded grade counts neither way."""
    grades, scale = look.grades(rule.of), look.known.scale
    if scale is None or None in grades.values():
        return None
    values = {part: scale.value(grade or "") for part, grade in grades.items()}
    numbers = {
        part: _exact(value.number)
        for part, value in values.items()
        if value and value.number is not None and not value.excluded
    }
    return _average(numbers, rule.weights) if numbers else None


def _average(values: Mapping[str, Fraction], weights: Mapping[str, float]) -> Fraction:
    weighed = {key: _exact(weights.get(key, 1)) for key in values}
    total = sum((value * weighed[key] for key, value in values.items()), Fraction(0))
    return total / sum(weighed.values(), Fraction(0))


def _exact(number: float | None) -> Fraction:
    """The number as it was written, so that 66.6 is not a hair less."""
    return Fraction(str(number or 0))
