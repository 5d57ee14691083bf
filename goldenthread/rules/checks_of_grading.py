"""Whether gradings name what is there (scales, parts, scores, roles) and every rule can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from goldenthread.rules.checks_of_audits import forms_with, parts_of
from goldenthread.rules.documents import Path
from goldenthread.rules.forms import Form
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
    Suggestion,
    overriders,
)
from goldenthread.rules.grading import Grading
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.scales import Scale
from goldenthread.rules.scores import AverageOfGrades, CountOfAnswers, Score, SectionScore, below


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of gradings."""
    for name, grading in pack.grading.items():
        path: Path = ("grading", name)
        yield from _scale(pack, name, grading, path)
        yield from _stages(pack, grading, path)
        yield from _order(grading.judged_after, parts_of(pack, name), (*path, "judged_after"))
        yield from _rules(pack, name, grading, path)
        for key, score in grading.scores.items():
            yield from _score(pack, name, score, (*path, "scores", key))
    yield from _seen_in_sections(pack)


def _seen_in_sections(pack: Framework) -> Iterator[Missing]:
    """Descriptors of a section speak, once each, of grades of every scale by which the section is graded."""
    for name, form in pack.forms.items():
        used = [kind.grading for kind in pack.audit_types.values() if kind.form == name]
        scales = [pack.scales.get(pack.grading[one].scale or "") for one in used if one in pack.grading]
        for place, section in enumerate(form.sections):
            path: Path = ("forms", name, "sections", place, "descriptors")
            if section.descriptors and not section.graded:
                yield Missing(path, f"“{section.key}” is not graded; grade it, or leave its descriptors out.")
                continue
            for number, one in enumerate(section.descriptors):
                for scale in filter(None, scales):
                    yield from known_name(
                        "grade", one.grade, [value.key for value in scale.values], (*path, number, "grade")
                    )
                if one.grade in [other.grade for other in section.descriptors[:number]]:
                    said = f"“{one.grade}” has descriptors here already; put them together."
                    yield Missing((*path, number, "grade"), said)


def _scale(pack: Framework, name: str, grading: Grading, path: Path) -> Iterator[Missing]:
    parts = parts_of(pack, name)
    if grading.scale is not None:
        yield from known_name("scale", grading.scale, pack.scales, (*path, "scale"))
        if not parts:
            yield Absent(
                path, "There is nothing to grade: no section is graded and there is no overall grade."
            )
    elif parts:
        yield Missing(
            path, f"The section “{parts[0]}” is graded, so this needs a scale and stages; add them."
        )


def _stages(pack: Framework, grading: Grading, path: Path) -> Iterator[Missing]:
    stages = [stage.key for stage in grading.stages]
    for place, stage in enumerate(grading.stages):
        yield from known_name("role", stage.by, pack.roles, (*path, "stages", place, "by"))
        if stage.key in stages[:place]:
            yield Missing(
                (*path, "stages", place), f"Two stages have the key “{stage.key}”; give each its own."
            )


def _order(after: Mapping[str, tuple[str, ...]], parts: list[str], path: Path) -> Iterator[Missing]:
    """The order of judging names sections, and nothing waits in the end for itself."""
    sections = [part for part in parts if part != OVERALL]
    for part, first in after.items():
        yield from known_name("part to grade", part, parts, (*path, part))
        yield from known_names("graded section", first, sections, (*path, part))
        waiting, seen = list(first), set[str]()
        while waiting:
            one = waiting.pop()
            waiting += [] if one in seen else after.get(one, ())
            seen.add(one)
        if part in seen:
            yield Missing((*path, part), f"“{part}” would in the end wait for itself; break the circle.")


def _rules(pack: Framework, name: str, grading: Grading, path: Path) -> Iterator[Missing]:
    parts, scale = parts_of(pack, name), pack.scales.get(grading.scale or "")
    settled: dict[str, int] = {}
    for place, rule in enumerate(grading.rules):
        here = (*path, "rules", place)
        yield from known_name("part to grade", rule.part, parts, (*here, "part"))
        yield from known_names("role", overriders(rule), pack.roles, (*here, "override"))
        yield from _looked_at(rule, grading, parts, forms_with(pack, name), here)
        if scale:
            yield from _grades(rule, scale, here)
        if isinstance(rule, LeftToJudgement | Suggestion | Bands | Counting):
            if rule.part in settled:
                yield Missing(here, _unreached(rule.part, settled[rule.part]))
            elif rule.when is None and isinstance(rule, LeftToJudgement | Suggestion):
                settled[rule.part] = place + 1


def _unreached(part: str, place: int) -> str:
    return f"Rule {place} always settles “{part}”, so this one is never reached; put that one last."


def _looked_at(
    rule: AnyRule, grading: Grading, parts: list[str], forms: list[Form], path: Path
) -> Iterator[Missing]:
    """The scores and parts that a rule looks at."""
    sections = [part for part in parts if part != OVERALL]
    if isinstance(rule, Bands):
        yield from known_name("score", rule.score, grading.scores, (*path, "score"))
        score = grading.scores.get(rule.score)
        if isinstance(score, AverageOfGrades) and rule.part in (score.of or _below(forms, OVERALL)):
            yield Missing((*path, "score"), f"“{rule.part}” cannot follow from its own grade; leave it out.")
    elif isinstance(rule, Counting):
        yield from known_names("graded section", rule.of, sections, (*path, "of"))
        if rule.part in rule.of:
            yield Missing((*path, "of"), f"“{rule.part}” cannot follow from its own grade; leave it out.")
        elif not rule.of and rule.part in sections and not _below(forms, rule.part):
            yield Missing(
                (*path, "of"),
                f"“{rule.part}” has no graded parts of its own and cannot follow from its own grade; "
                "name the sections that count.",
            )
    elif isinstance(rule, CarryForward) and rule.part == OVERALL:
        yield Missing(path, "The whole is always looked at; name the section that keeps its grade.")


def _below(forms: list[Form], part: str) -> list[str]:
    """The graded sections right below a part, in any of the forms."""
    return [key for form in forms for key in below(form, part)]


def _grades(rule: AnyRule, scale: Scale, path: Path) -> Iterator[Missing]:
    """The grades that a rule names; what it gives or caps at is a grade and not the lack of one."""
    known, ranked = [value.key for value in scale.values], [value.key for value in scale.graded()]
    match rule:
        case Bands():
            for place, band in enumerate(rule.bands):
                yield from known_name("grade", band.grade, ranked, (*path, "bands", place, "grade"))
        case Counting():
            yield from known_name("grade", rule.grade, ranked, (*path, "grade"))
            yield from known_names("grade", rule.rest, ranked, (*path, "rest"))
            for place, tally in enumerate(rule.counts):
                yield from known_names("grade", tally.grades, ranked, (*path, "counts", place, "grades"))
        case Cap() | Suggestion():
            yield from known_name("grade", rule.grade, ranked, (*path, "grade"))
        case Narrowing():
            yield from known_names("grade", rule.grades, known, (*path, "grades"))


def _score(pack: Framework, name: str, score: Score, path: Path) -> Iterator[Missing]:
    match score:
        case SectionScore():
            yield from _sections(pack, name, score, path)
        case CountOfAnswers():
            yield from _answers(pack, name, score, path)
        case AverageOfGrades():
            yield from _numbers(pack, name, score, path)


def _sections(pack: Framework, name: str, score: SectionScore, path: Path) -> Iterator[Missing]:
    sections = {section.key: section for form in forms_with(pack, name) for section in form.sections}
    yield from known_names("section", score.sections, sections, (*path, "sections"))
    yield from _weighed(score.weights, score.sections, (*path, "weights"))
    if score.weights and score.kind != "average of sections":
        yield Missing(
            (*path, "weights"), "Sections are weighed only in an average of sections; leave it out."
        )
    for place, section in enumerate(score.sections):
        found = sections.get(section)
        options = [option for question in found.questions for option in question.options] if found else []
        if found and all(option.points is None for option in options):
            yield Absent(
                (*path, "sections", place),
                f"No answer in “{section}” has points, so it adds nothing to the score.",
            )


def _answers(pack: Framework, name: str, score: CountOfAnswers, path: Path) -> Iterator[Missing]:
    sections = {section.key: section for form in forms_with(pack, name) for section in form.sections}
    named = {one.key: key for key, section in sections.items() for one in section.questions if one.options}
    yield from known_names("section", score.sections, sections, (*path, "sections"))
    yield from known_names("question with answers to choose", score.questions, named, (*path, "questions"))
    for place, key in enumerate(score.questions):
        if named.get(key) in score.sections:
            said = f"“{key}” is counted with its section “{named[key]}” already; leave it out."
            yield Missing((*path, "questions", place), said)
    counted = [
        one for key, section in sections.items() for one in section.questions if score.counts(key, one.key)
    ]
    answers = [key for one in counted for key in (*(option.key for option in one.options), *one.instead)]
    if {*score.sections} <= {*sections} and {*score.questions} <= {*named}:
        yield from known_names("answer", score.answers, dict.fromkeys(answers), (*path, "answers"))


def _numbers(pack: Framework, name: str, score: AverageOfGrades, path: Path) -> Iterator[Missing]:
    grading = pack.grading[name]
    sections = [part for part in parts_of(pack, name) if part != OVERALL]
    yield from known_names("graded section", score.of, sections, (*path, "of"))
    yield from _weighed(score.weights, score.of or sections, (*path, "weights"))
    scale = pack.scales.get(grading.scale or "")
    if grading.scale is None:
        yield Missing(path, "Nothing is graded here, so there are no grades to average; name a scale.")
    without = [value.key for value in scale.graded() if value.number is None] if scale else []
    if without:
        yield Missing(path, f"The grade “{without[0]}” of the scale has no number; add “number” to each.")


def _weighed(weights: Mapping[str, float], known: Iterable[str], path: Path) -> Iterator[Missing]:
    for key in weights:
        yield from known_name("part of this score", key, known, (*path, key))
