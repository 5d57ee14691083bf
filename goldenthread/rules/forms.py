"""Forms: sections and questions, when they are asked and required, and what an answer may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from goldenthread.rules.attachments import FILE, Files
from goldenthread.rules.beside import Beside
from goldenthread.rules.conditions import Condition, Known, holds
from goldenthread.rules.parts import Line, Name, Part, Text, word_or_list
from goldenthread.rules.rows import Repeats, Row, address, row_of, too_few
from goldenthread.rules.scales import SeenInSection
from goldenthread.rules.signing import PERSON, SIGNATURE

AnswerType = Literal[
    "yes or no",
    "one of",
    "several of",
    "text",
    "long text",
    "number",
    "whole number",
    "date",
    "person",
    "signature",
    "file",
    "note",
]
NUMBERS = ("number", "whole number")
NOTE = "note"
"""Words for whoever fills the form in, among its questions; they take no answer."""
NotAnswered = Literal["not applicable", "not seen", "no evidence", "unknown"]
NOT_ANSWERED: dict[str, str] = {
    "not applicable": "Not applicable",
    "not seen": "Not seen (I could not look at it)",
    "no evidence": "No evidence on file",
    "unknown": "Unknown (I looked and cannot tell)",
}
"""Different answers: it does not apply, it was not assessed, the file has nothing, it cannot be told.

A section that is not relevant is left out instead. What each does to a score stands at the question.
"""
TEXTS = ("text", "long text")
BY_PEOPLE = (PERSON, SIGNATURE)
NOT_COMPARED = (*BY_PEOPLE, FILE)
"""Answers of which conditions ask only whether they are there."""


MOST_POINTS = 1_000_000


class Choice(Part):
    """One choice of a question, with the points it scores, if any."""

    key: Name
    """The name of the choice in conditions."""
    label: Line
    """The words shown."""
    hint: str = ""
    """A line under the words."""
    points: float | None = Field(default=None, ge=-MOST_POINTS, le=MOST_POINTS)
    """What it adds to a score."""


YES_OR_NO = (Choice(key="yes", label="Yes"), Choice(key="no", label="No"))


def _bool_or_condition(value: object) -> str:
    return "<condition>" if isinstance(value, dict | Part) else "<bool>"


class Question(Part):
    """One question.

    `required` may be a condition; `evidence` says when the auditor must say what they saw: always,
    never, or for the listed answers; `instead` lists the ways of not answering that are allowed.
    """

    key: Name
    """The name of the question in conditions; once in a form."""
    text: Text
    """The question."""
    guidance: str = ""
    """What helps to answer it; lines that begin with “- ” become a list."""
    type: AnswerType
    """What an answer is; a note takes none."""
    choices: tuple[Choice, ...] = ()
    """The answers offered; a yes-or-no question brings its own unless they are worded here."""
    at_least: float | None = None
    """The lowest number that may be given."""
    at_most: float | None = None
    """The highest number that may be given."""
    least_words: int | None = Field(default=None, ge=1, le=500)
    """The fewest words of a text before the form is complete; a shorter one is saved all the same."""
    required: Annotated[
        Annotated[bool, Tag("<bool>")] | Annotated[Condition, Tag("<condition>")],
        Discriminator(_bool_or_condition),
    ] = True
    """Whether it must be answered: true, false, or a condition."""
    when: Condition | None = None
    """Asked only if this holds."""
    evidence: Annotated[
        Annotated[Literal["always", "never"], Tag("<word>")] | Annotated[tuple[Name, ...], Tag("<list>")],
        Discriminator(word_or_list),
    ] = "never"
    """When the auditor says what they saw: always, never, or after the listed answers."""
    critical: bool = False
    """Whether its worst answer counts as a critical point missed."""
    weight: float = Field(default=1, ge=0.01, le=100)
    """How much its points count in a score, beside those of other questions."""
    points: float | None = Field(default=None, ge=-MOST_POINTS, le=MOST_POINTS)
    """What a yes adds to a score in a yes-or-no question without choices of its own; a no adds nothing."""
    instead: tuple[NotAnswered, ...] = ()
    """The ways of not answering that are allowed."""
    leaves_score: tuple[NotAnswered, ...] = ("not applicable",)
    """The ways of not answering that take the question out of a score's maximum; the others score nothing."""
    not_enough: tuple[NotAnswered, ...] = ()
    """The ways of not answering that may be saved meanwhile, but do not do where it must be answered."""
    files: Files | None = None
    """How many files of which kinds and sizes an answer takes; up to 5 of 10 MB unless said."""
    answered_by: Name | None = None
    """The role that answers it; whoever edits the audit unless said."""
    roles: tuple[Name, ...] = ()
    """The roles, one of which the person who is named, or who signs, holds; anybody unless said."""
    by_name: bool = True
    """Whether the name of somebody who is not on the list of people may be written instead."""
    standards: tuple[Name, ...] = ()
    """The standards that its answer speaks of."""
    sources: tuple[Name, ...] = ()
    """The sources that it is answered from, shown beside it."""
    beside: tuple[Beside, ...] = Field(default=(), max_length=10)
    """What the case system says, shown beside the question with its day; it never decides the answer."""
    same_as: Name | None = None
    """The question of the version before that means the same, by its key there, although its words or key
    changed: trends go on over the change on your word."""

    @model_validator(mode="after")
    def _choices_fit(self) -> Question:
        takes = self.type in ("one of", "several of")
        if takes and len(self.choices) < 2:
            raise ValueError("A question with choices needs at least two of them.")
        if self.type not in ("one of", "several of", "yes or no") and self.choices:
            raise ValueError(f"A question of type “{self.type}” takes no choices.")
        if self.points is not None and (self.choices or self.type != "yes or no"):
            raise ValueError(
                "Points of a question go with yes or no; give each worded choice points of its own."
            )
        self._check_limits()
        self._check_people()
        self._check_reasons()
        if self.is_note and (
            self.evidence != "never" or self.instead or self.critical or self.answered_by or self.sources
        ):
            raise ValueError(
                "A note takes no answer; leave evidence, instead, critical, sources and answered_by out."
            )
        keys = [choice.key for choice in self.options]
        if len(set(keys)) != len(keys):
            raise ValueError("Two choices of the question have the same key; give each its own.")
        if isinstance(self.evidence, tuple) and (unknown := set(self.evidence) - set(keys)):
            raise ValueError(
                f"Evidence is asked for “{sorted(unknown)[0]}”, which is not one of the choices."
            )
        return self

    def _check_limits(self) -> None:
        limited = self.at_least is not None or self.at_most is not None
        if limited and self.type not in NUMBERS:
            raise ValueError(f"A question of type “{self.type}” takes no limits; they go with numbers.")
        if self.least_words is not None and self.type not in TEXTS:
            raise ValueError(f"A question of type “{self.type}” has no words to count; they go with texts.")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("The lowest number allowed is above the highest; change one of them.")

    def _check_people(self) -> None:
        if self.files and self.type != FILE:
            raise ValueError(f"A question of type “{self.type}” takes no files; leave “files” out.")
        if self.roles and self.type not in BY_PEOPLE:
            raise ValueError(
                f"A question of type “{self.type}” takes no roles; they go with persons and signatures."
            )
        if not self.by_name and self.type != PERSON:
            raise ValueError(f"A question of type “{self.type}” takes no name; leave by_name out.")

    def _check_reasons(self) -> None:
        if unknown := [one for one in self.not_enough if one not in self.instead]:
            raise ValueError(
                f"“{unknown[0]}” is not enough here, but it is not one of the ways of not answering that "
                "are allowed; add it under instead, or leave it out."
            )

    @property
    def is_note(self) -> bool:
        """Whether it is only read."""
        return self.type == NOTE

    @property
    def takes_files(self) -> bool:
        """Whether it is answered by files."""
        return self.type == FILE

    @property
    def taking(self) -> Files:
        """The limits of its files."""
        return self.files or Files()

    @property
    def is_signature(self) -> bool:
        """Whether it is answered by signing."""
        return self.type == SIGNATURE

    @property
    def limits(self) -> str:
        """The numbers, words or files that may be given, as a sentence; nothing where any will do."""
        if self.takes_files:
            return self.taking.words
        if self.least_words is not None:
            return f"At least {_words(self.least_words)}."
        low, high = as_number(self.at_least), as_number(self.at_most)
        if low and high:
            return f"From {low} to {high}."
        return f"{low} or more." if low else f"{high} or less." if high else ""

    @property
    def options(self) -> tuple[Choice, ...]:
        """The choices offered; a yes-or-no question brings its own unless the pack words them."""
        if self.choices or self.type != "yes or no":
            return self.choices
        yes, no = YES_OR_NO
        worth = {} if self.points is None else {"points": self.points}
        return (yes.model_copy(update=worth), no.model_copy(update=worth and {"points": 0.0}))


def as_number(value: float | None) -> str:
    """A limit as people write it; nothing for none."""
    return "" if value is None else str(int(value)) if value == int(value) else repr(value)


def _words(number: int) -> str:
    return "1 word" if number == 1 else f"{number} words"


class Section(Part):
    """Questions under one heading; a graded section is a domain and is judged as a part of its own."""

    key: Name
    """The name of the section; a graded one is graded under it."""
    title: Line
    """The heading."""
    guidance: str = ""
    """What stands under the heading."""
    when: Condition | None = None
    """Asked only if this holds."""
    graded: bool = False
    """Whether it is a domain, graded as a part of its own."""
    part_of: Name | None = None
    """The section that it is a part of, and with which it is asked or left out; its grade may lead to that
    one's by the rules of grading."""
    may_skip: bool = False
    """Whether the auditor may leave it out where it does not apply."""
    descriptors: tuple[SeenInSection, ...] = ()
    """What its grades look like here, shown after the scale's own descriptors; only where it is graded."""
    same_as: Name | None = None
    """The section of the version before whose grade means the same, by its key there, although its heading,
    key or questions changed: trends go on over the change on your word."""
    repeats: Repeats | None = None
    """Asked once for each row, such as each person sampled; without it the section is asked once."""
    questions: tuple[Question, ...] = ()
    """Its questions, in their order."""


class Form(Part):
    """The audit tool."""

    title: Line
    """What people call the form."""
    sections: tuple[Section, ...] = Field(min_length=1)
    """Its sections, in their order."""

    @model_validator(mode="after")
    def _keys_differ(self) -> Form:
        for kind, keys in (
            ("sections", [section.key for section in self.sections]),
            ("questions", [question.key for question in self.questions()]),
        ):
            twice = next((key for key in keys if keys.count(key) > 1), None)
            if twice:
                raise ValueError(f"Two {kind} have the key “{twice}”; give each its own.")
        return self

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for section in self.sections:
            yield from section.questions

    def question(self, key: str) -> Question | None:
        """The question with that key, or None."""
        return next((question for question in self.questions() if question.key == key), None)

    def question_at(self, place: str) -> tuple[Question, str] | None:
        """The question at an address, and the key of its row if it has one; None if there is none."""
        key, row = (place, "") if self.question(place) else row_of(place)
        for section in self.sections:
            for question in section.questions:
                if question.key == key and (section.repeats is not None) == bool(row):
                    return question, row
        return None

    def section_of(self, question: str) -> Section | None:
        """The section that a question stands in."""
        return next((one for one in self.sections if any(q.key == question for q in one.questions)), None)

    def section(self, key: str) -> Section | None:
        """The section with that key, or None."""
        return next((section for section in self.sections if section.key == key), None)

    def holders(self, section: Section) -> list[Section]:
        """The sections that a section is a part of, the nearest first."""
        found: dict[str, Section] = {}
        above = self.section(section.part_of) if section.part_of else None
        while above is not None and above.key not in (section.key, *found):
            found[above.key] = above
            above = self.section(above.part_of) if above.part_of else None
        return list(found.values())

    def title_of(self, section: Section) -> str:
        """The heading of a section with those of the sections that it is a part of, the widest first."""
        return ": ".join(one.title for one in (*self.holders(section)[::-1], section))

    def parts_of(self, key: str) -> list[str]:
        """The keys of the sections within a section, at any level."""
        return [one.key for one in self.sections if key in (held.key for held in self.holders(one))]


@dataclass(frozen=True)
class Given:
    """An answer as given: a value, or the reason there is none; and the evidence seen."""

    value: str | tuple[str, ...] = ""
    instead: str = ""
    evidence: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.value and not self.instead


def shown(
    form: Form, known: Known, skipped: frozenset[str] = frozenset()
) -> Iterator[tuple[Section, list[Question]]]:
    """The sections and questions asked, given what is known; a skipped section is not among them."""
    for section in form.sections:
        if is_shown(form, section, known, skipped):
            yield section, [question for _, questions, _ in asked(section, known) for question in questions]


def is_shown(form: Form, section: Section, known: Known, skipped: frozenset[str] = frozenset()) -> bool:
    """Whether a section is asked: neither it nor one that it is a part of is left out or does not apply."""
    own = (section, *form.holders(section))
    return all(one.key not in skipped and holds(one.when, known) for one in own)


def asked(section: Section, known: Known) -> Iterator[tuple[Row | None, list[Question], Known]]:
    """What a section asks, row by row, with what is known in each; a section without rows is asked once.

    In a row each question has the address of its answer for its key.
    """
    if section.repeats is None:
        yield None, [one for one in section.questions if holds(one.when, known)], known
        return
    for row in known.rows.get(section.key, ()):
        within = _within(section, row, known)
        yield row, [_in_row(one, row) for one in section.questions if holds(one.when, within)], within


def _in_row(question: Question, row: Row) -> Question:
    return asked_at(question, address(question.key, row.key))


def asked_at(question: Question, place: str) -> Question:
    """The question as it is asked in a row: with the address of its answer for its key."""
    return question if question.key == place else question.model_copy(update={"key": place})


def _within(section: Section, row: Row, known: Known) -> Known:
    """What conditions inside a row see: all else that is known, and the answers of that row alone."""
    own = {one.key: known.answers.get(address(one.key, row.key)) for one in section.questions}
    return replace(known, answers={**known.answers, **own})


def missing(
    form: Form, answers: Mapping[str, Given], known: Known, skipped: frozenset[str] = frozenset()
) -> list[tuple[Section, Row | None, str]]:
    """What must still be given before the form is complete, each with its row, if any, and a sentence."""
    gaps: list[tuple[Section, Row | None, str]] = []
    for section, _ in shown(form, known, skipped):
        if section.repeats and (few := too_few(section.repeats, len(known.rows.get(section.key, ())))):
            gaps.append((section, None, few))
        for row, questions, within in asked(section, known):
            for question in questions:
                if sentence := _gap(question, answers.get(question.key, Given()), within):
                    gaps.append((section, row, sentence))
    return gaps


def _gap(question: Question, given: Given, known: Known) -> str | None:
    if question.is_note:
        return None
    required = question.required if isinstance(question.required, bool) else holds(question.required, known)
    if given.is_blank:
        return f"Answer “{question.text}”" if required else None
    if required and given.instead in question.not_enough:
        return f"“{NOT_ANSWERED[given.instead]}” is not enough for “{question.text}”: answer it"
    if not given.instead and _is_short(question, given):
        return f"Write at least {_words(question.least_words or 0)} for “{question.text}”"
    if not given.instead and _wants_evidence(question, given) and not given.evidence.strip():
        return f"Say what you saw for “{question.text}”"
    return None


def _is_short(question: Question, given: Given) -> bool:
    return question.least_words is not None and len(str(given.value).split()) < question.least_words


def _wants_evidence(question: Question, given: Given) -> bool:
    if isinstance(question.evidence, str):
        return question.evidence == "always"
    values = given.value if isinstance(given.value, tuple) else (given.value,)
    return any(value in question.evidence for value in values)


def critical_missed(form: Form, answers: Mapping[str, Given]) -> int:
    """How many critical questions have no evidence on file or the worst answer: fewest points, else “no”.

    In a section that repeats, each row counts.
    """
    found = ((form.question_at(place), given) for place, given in answers.items())
    return sum(asks[0].critical and _is_missed(asks[0], given) for asks, given in found if asks)


def _is_missed(question: Question, given: Given) -> bool:
    if given.instead:
        return given.instead == "no evidence"
    points = {choice.key: choice.points for choice in question.options if choice.points is not None}
    return bool(given.value) and (
        points.get(str(given.value)) == min(points.values()) if points else given.value == "no"
    )
