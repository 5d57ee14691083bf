"""Scales, scores and rules of grading in words, for the page of a framework."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import sentence
from goldenthread.rules.framework import Framework
from goldenthread.rules.grade_rules import (
    OVERALL,
    AnyRule,
    Bands,
    Cap,
    CarryForward,
    Counting,
    LeftToJudgement,
    Narrowing,
    Override,
    Suggestion,
    Tally,
)
from goldenthread.rules.grading import Grading
from goldenthread.rules.scales import Scale
from goldenthread.rules.scores import AverageOfGrades, CountOfAnswers, Score
from goldenthread.web.tables import Table

DIFFER = {
    "allowed": "Another grade may be given.",
    "with reason": "Another grade may be given, with a reason.",
    "never": "No other grade may be given.",
}


def scale_table(name: str, scale: Scale) -> Table:
    """The grades of a scale, with their numbers where it has any."""
    numbered = any(value.number is not None for value in scale.values)
    rows = [
        [
            {"text": value.label, "hint": value.summary},
            *([_number(value.number)] if numbered else []),
            "Yes" if value.good else "Does not count" if value.excluded else "No",
            " · ".join(value.descriptors),
        ]
        for value in scale.values
    ]
    head = ["Grade", *(["Number"] if numbered else []), "Good or better", "What it looks like"]
    return Table(f"Scale: {name}, {scale.direction}", head, rows)


def grading_sentences(pack: Framework, grading: Grading) -> list[str]:
    """How audits are judged, sentence by sentence: stages, order, rules, scores."""
    if grading.scale is None:
        return ["Nothing is graded.", *(_score(one, pack) for one in grading.scores.values())]
    scale = pack.scales[grading.scale]
    stages = in_words(
        f"{stage.label.lower()} (by the {pack.roles[stage.by].title.lower()})" for stage in grading.stages
    )
    whole = f", and the whole as “{grading.overall_label}”" if grading.overall else ""
    return [
        f"Each graded part is judged {stages}{whole}. Every grading is kept.",
        *(
            f"“{_part(pack, grading, part)}” is graded after {_parts(pack, grading, first)}."
            for part, first in grading.judged_after.items()
        ),
        *(_rule(rule, pack, grading, scale) for rule in grading.rules),
        *(_score(one, pack) for one in grading.scores.values()),
    ]


def _rule(rule: AnyRule, pack: Framework, grading: Grading, scale: Scale) -> str:
    """One rule: its sentence, the part, what it does, when, and who may differ."""
    when = f" if {sentence(rule.when)}" if rule.when else ""
    done = f"“{_part(pack, grading, rule.part)}” {_effect(rule, pack, grading, scale)}{when}."
    differ = "" if isinstance(rule, LeftToJudgement | CarryForward) else f" {_differ(rule.override, pack)}"
    return f"{rule.because.rstrip('. ')}: {done}{differ}"


def _effect(rule: AnyRule, pack: Framework, grading: Grading, scale: Scale) -> str:
    match rule:
        case LeftToJudgement():
            return "is left to judgement"
        case Suggestion():
            return f"is suggested to be {scale.label(rule.grade)}"
        case Bands():
            bands = (f"{scale.label(band.grade)} from {_number(band.from_)}" for band in rule.bands)
            return f"follows from “{grading.scores[rule.score].title}”: {in_words(bands)}"
        case Counting():
            tallies = in_words(_tally(tally, scale) for tally in rule.counts)
            rest = f" and the rest {_either(rule.rest, scale)}" if rule.rest else ""
            own = "the graded parts" if rule.part == OVERALL else "its graded parts"
            of = f" of {_parts(pack, grading, rule.of) if rule.of else own}"
            return f"is {scale.label(rule.grade)} where{of} {tallies}{rest}"
        case Cap():
            return f"is no better than {scale.label(rule.grade)}"
        case Narrowing():
            return f"can only be {_either(rule.grades, scale)}"
        case CarryForward():
            return "keeps the grade of the last audit that looked at it, where this one does not"


def _tally(tally: Tally, scale: Scale) -> str:
    least = f"at least {tally.at_least}" if tally.at_least is not None else ""
    most = f"at most {tally.at_most}" if tally.at_most is not None else ""
    return f"{' and '.join(filter(None, (least, most)))} {_either(tally.grades, scale)}"


def _differ(override: Override, pack: Framework) -> str:
    if isinstance(override, str):
        return DIFFER[override]
    names = in_words(pack.roles[name].title.lower() for name in override)
    return f"Only these may give another grade, with a reason: {names}."


def _score(score: Score, pack: Framework) -> str:
    places = f"rounded to {score.decimals} decimal places" if score.decimals else "rounded to a whole number"
    if isinstance(score, AverageOfGrades):
        of = f", of {in_words(score.of)}" if score.of else ""
    elif isinstance(score, CountOfAnswers):
        named = (f"“{key}”" for key in score.questions)
        of = f" ({in_words(score.answers)}), of {in_words([*score.sections, *named])}"
    else:
        of = f", of {in_words(score.sections)}"
    return f"{score.title}: {score.kind}{of}, {places} {score.rounded}."


def _part(pack: Framework, grading: Grading, part: str) -> str:
    """What a part is called, in whichever form has it."""
    if part == OVERALL:
        return grading.overall_label
    found = ((form, form.section(part)) for form in pack.forms.values())
    return next((form.title_of(section) for form, section in found if section), part)


def _parts(pack: Framework, grading: Grading, parts: tuple[str, ...]) -> str:
    return in_words(f"“{_part(pack, grading, part)}”" for part in parts)


def _either(grades: tuple[str, ...], scale: Scale) -> str:
    return " or ".join(scale.label(grade) for grade in grades)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
