"""Forms filled in at random with valid answers, and what the rules of grading say of them.

Each form leans towards good, middling or poor practice, so that rules about the best and the worst files are
tried too. The same seed fills the same forms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from goldenthread.rules.advice import Advice, advice, look_of, sentences, to_grade_first
from goldenthread.rules.attachments import FILE
from goldenthread.rules.conditions import Known
from goldenthread.rules.cycles import month_of, year_of
from goldenthread.rules.dice import Dice
from goldenthread.rules.forms import Form, Given, Question, asked, is_shown
from goldenthread.rules.framework import Framework
from goldenthread.rules.grade_rules import CarryForward
from goldenthread.rules.grading import OVERALL, Grading, labels_of, parts_to_grade
from goldenthread.rules.rows import Row
from goldenthread.rules.signing import PERSON, SIGNATURE

FORMS = 200
PASSES = 10
"""How often a form is gone through, since a question may hang on an answer that comes after it."""
LEANINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
WORDS = "Written for the dry run."
MADE_UP = {
    PERSON: ("", "Somebody of the dry run"),
    FILE: ("dry run.txt",),
    SIGNATURE: ("", "Somebody of the dry run", "", "2026-01-01T12:00:00+00:00"),
}
"""Answers of which nothing but that they are there counts."""
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What the rules said of a part in some of the forms."""

    part: str
    grade: str
    sentence: str
    computed: bool
    forms: int


@dataclass(frozen=True)
class Silent:
    """A rule that held in none of the forms, by its place in the framework."""

    place: int
    kind: str
    part: str
    because: str


@dataclass(frozen=True)
class Filled:
    """What came of all the forms of one kind of audit."""

    forms: int
    outcomes: list[Outcome] = field(default_factory=list)
    silent: list[Silent] = field(default_factory=list)


@dataclass
class Sheet:
    """One form as it was filled in."""

    given: dict[str, Given]
    skipped: frozenset[str]
    known: Known


def try_rules(
    pack: Framework, audit_type: str, *, seed: str, on: date, facts: Sequence[Mapping[str, Any]] = ()
) -> Filled:
    """Fill in many forms of a kind of audit and count what its rules say; `facts` are those of real cases."""
    grading = pack.grading_of(audit_type)
    if not grading.rules:
        return Filled(0)
    counted: Counter[tuple[str, str, str, bool]] = Counter()
    held: set[int] = set()
    for number in range(FORMS):
        dice = Dice(f"{seed},{audit_type},{number}")
        for said in fill(pack, audit_type, dice, on=on, facts=facts)[1]:
            held |= {int(one.rule.split(":")[0]) for one in said.said if one.rule[0].isdigit()}
            if said.said or said.grade:
                counted[_told(pack, audit_type, said)] += 1
    order = {label: place for place, (_, label) in enumerate(_parts(pack, audit_type))}
    outcomes = [Outcome(*key, forms=number) for key, number in counted.most_common()]
    outcomes.sort(key=lambda one: (order.get(one.part, len(order)), -one.forms, one.grade, one.sentence))
    return Filled(FORMS, outcomes, _silent(pack, audit_type, held))


def _told(pack: Framework, audit_type: str, said: Advice) -> tuple[str, str, str, bool]:
    labels = dict(_parts(pack, audit_type))
    grade = pack.scale_of(audit_type).label(said.grade) if said.grade else ""
    return labels.get(said.part, said.part), grade, sentences(said.deciding or said.said), said.is_computed


def _parts(pack: Framework, audit_type: str) -> list[tuple[str, str]]:
    grading = pack.grading_of(audit_type)
    return [*(labels_of(pack.form_of(audit_type), grading) | {OVERALL: grading.overall_label}).items()]


def _silent(pack: Framework, audit_type: str, held: set[int]) -> list[Silent]:
    """The rules that never said anything; what carries forward needs an earlier audit, so it is left out."""
    labels = dict(_parts(pack, audit_type))
    return [
        Silent(place, rule.kind, labels.get(rule.part, rule.part), rule.because)
        for place, rule in enumerate(pack.grading_of(audit_type).rules, start=1)
        if place not in held and not isinstance(rule, CarryForward) and rule.part in labels
    ]


def fill(
    pack: Framework, audit_type: str, dice: Dice, *, on: date, facts: Sequence[Mapping[str, Any]] = ()
) -> tuple[Sheet, list[Advice]]:
    """One form with all that it asks, graded at every stage; what the rules said of each part at the last."""
    form, kind = pack.form_of(audit_type), pack.audit_types[audit_type]
    leaning, steady = dice.of(LEANINGS), dice.once_in(3)
    about: dict[str, Any] = dict(dice.of(facts)) if facts else {}
    about |= {"layer": kind.layer, "audit type": audit_type, "earlier re-audits": dice.below(3)}
    calendar = pack.calendar_of(audit_type)
    about |= {"month of the cycle": month_of(on, calendar), "year of the cycle": year_of(on, calendar)}
    known = Known(on=on, facts=about, scale=pack.scale_of(audit_type), rows=_rows(form, dice))
    skipped = frozenset(one.key for one in form.sections if one.may_skip and dice.once_in(5))
    hand = Hand(dice, leaning, steady, on)
    sheet = Sheet({}, skipped, known)
    _answer(form, sheet, hand)
    return sheet, _grade(pack.grading_of(audit_type), form, sheet, hand)


@dataclass(frozen=True)
class Hand:
    """How one form is filled in: from 0 for the best answers to 1 for the poorest, steadily or not."""

    dice: Dice
    leaning: float
    steady: bool
    on: date

    def one_of(self, things: Sequence[T]) -> T:
        """One of these, the best of which comes first."""
        if self.steady or self.dice.below(4):
            return things[round(self.leaning * (len(things) - 1))]
        return self.dice.of(things)


def _rows(form: Form, dice: Dice) -> dict[str, tuple[Row, ...]]:
    """A few rows for each section that repeats, as many as it needs at least and at most takes."""
    found = {}
    for section in form.sections:
        if section.repeats is not None:
            number = min(section.repeats.at_least + dice.below(3), section.repeats.at_most)
            found[section.key] = tuple(Row(f"row{place}", place) for place in range(1, number + 1))
    return found


def _answer(form: Form, sheet: Sheet, hand: Hand) -> None:
    """Answer what is asked, row by row, until nothing more is asked because of an answer."""
    for _ in range(PASSES):
        before, places = dict(sheet.given), set()
        for section in form.sections:
            if not is_shown(form, section, sheet.known, sheet.skipped):
                continue
            for _, questions, _ in asked(section, sheet.known):
                for question in questions:
                    if not question.is_note:
                        places.add(question.key)
                        sheet.given.setdefault(question.key, _given(question, hand))
            _know(sheet)
        sheet.given = {place: one for place, one in sheet.given.items() if place in places}
        _know(sheet)
        if sheet.given == before:
            return


def _know(sheet: Sheet) -> None:
    """Let conditions see what is answered by now."""
    values = {key: one.instead or one.value for key, one in sheet.given.items()}
    sheet.known = replace(sheet.known, answers=values)


def _given(question: Question, hand: Hand) -> Given:
    """A valid answer with its evidence, now and then one of the ways of not answering."""
    if question.instead and hand.dice.once_in(8):
        return Given(instead=hand.dice.of(question.instead))
    return Given(_value(question, hand), evidence="What was seen, for the dry run.")


def _value(question: Question, hand: Hand) -> str | tuple[str, ...]:
    if question.options:
        ranked = sorted(question.options, key=lambda one: -(one.points or 0))
        if question.type != "several of":
            return hand.one_of(ranked).key
        chosen = tuple(one.key for one in question.options if hand.dice.below(2))
        return chosen or (hand.one_of(ranked).key,)
    if question.type in ("number", "whole number"):
        return _number(question, hand)
    if question.type in MADE_UP:
        return MADE_UP[question.type]
    if question.type == "date":
        return (hand.on - timedelta(days=hand.dice.below(365))).isoformat()
    return " ".join([WORDS] * (question.least_words or 1))


def _number(question: Question, hand: Hand) -> str:
    """A number within the question's limits; from 0 to 10 where it has none."""
    low = question.at_least if question.at_least is not None else min(0.0, question.at_most or 0.0)
    high = question.at_most if question.at_most is not None else max(10.0, low + 10)
    first = int(-(-low // 1))
    steps = int(high // 1) - first
    if steps >= 0:
        return str(first + hand.dice.below(steps + 1))
    return repr(low)


def _grade(grading: Grading, form: Form, sheet: Sheet, hand: Hand) -> list[Advice]:
    """Grade every part at every stage: as computed, as suggested, or any grade that remains."""
    said: dict[str, Advice] = {}
    grades: dict[tuple[str, str], str] = {}
    for stage in grading.stages:
        waiting = [part for part, _ in parts_to_grade(form, grading, sheet.known, sheet.skipped)]
        for _ in range(len(waiting) + 1):
            for part in list(waiting):
                sheet.known = replace(sheet.known, grades=dict(grades))
                look = look_of(
                    grading,
                    form,
                    sheet.given,
                    sheet.known,
                    skipped=sheet.skipped,
                    stage=stage.key,
                    carried={},
                )
                told = advice(grading, look, part)
                if told.waits_for or to_grade_first(grading, look, part):
                    continue
                said[part] = told
                if grade := told.grade or (hand.one_of(told.remaining) if told.remaining else ""):
                    grades[part, stage.key] = grade
                waiting.remove(part)
    sheet.known = replace(sheet.known, grades=grades)
    return list(said.values())
