"""What the report of one audit says, before it becomes a page, a Word document or a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from goldenthread.audits.beside import CaseSays, case_says
from goldenthread.audits.models import Audit, Conversation, Judgement, Return
from goldenthread.audits.queries import KIND, auditors_of, cycle_words
from goldenthread.audits.returns import holder_words, returns_of, returns_read, rule
from goldenthread.audits.scoring import result_of
from goldenthread.audits.sheets import Carried, Sheet, part_label, sheet_of
from goldenthread.escalations.models import DisputeStage
from goldenthread.findings.models import Finding
from goldenthread.findings.queries import why_and_how_grave
from goldenthread.measures.comparisons import NOT_GRADED, Again, again
from goldenthread.people.models import Person
from goldenthread.rules.attachments import Attached, attached, file_words
from goldenthread.rules.calendars import in_words as in_list
from goldenthread.rules.comparison import BETTER, NOT_COMPARABLE, SAME, WORSE
from goldenthread.rules.forms import NOT_ANSWERED, Given, Question, Section
from goldenthread.rules.grading import OVERALL, Stage
from goldenthread.rules.rows import Row
from goldenthread.rules.scores import AverageOfGrades, Score, ScoreResult, SectionScore
from goldenthread.rules.signing import NO_NAMES, PERSON, SIGNATURE, person_words, signature_words
from goldenthread.rules.vocabulary import STANDARD_WORDS

NOT_GIVEN = "Not answered"
NO_SCORE = "No score: nothing that it counts applied."


@dataclass(frozen=True)
class Line:
    """One question with its answer and the evidence for it; `row` is the heading of the row that it begins.

    `in_row` says that it is asked once for each row.
    """

    question: str
    answer: str
    evidence: str = ""
    row: str = ""
    in_row: bool = False
    beside: str = ""
    """What the case system said of it, with the day."""
    files: tuple[Attached, ...] = ()
    """The files that are the answer."""


@dataclass(frozen=True)
class Grade:
    """The grade of one part at one stage, and the reasons for it."""

    stage: str
    grade: str
    why: str


@dataclass(frozen=True)
class Chapter:
    """One section of the form as it was answered and graded; one that was left out says so."""

    title: str
    grades: tuple[Grade, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: bool = False


@dataclass(frozen=True)
class Noted:
    """A finding: its words, and what is said of it: theme, section, source, likely cause and severity."""

    text: str
    under: str


@dataclass(frozen=True)
class AuditReport:
    """The report of one audit; the words for people are the framework's own."""

    title: str
    reference: str
    is_final: bool
    facts: tuple[tuple[str, str], ...]
    stages: tuple[str, ...]
    """The heads of the grades: each earlier audit that the reader may read, then the stages of this one."""
    grades: tuple[tuple[str, tuple[str, ...]], ...]
    led_to: tuple[tuple[str, str], ...]
    """Each part to which rules led, level by level, with its grade of record and their sentences."""
    overall: tuple[Grade, ...]
    scores: tuple[tuple[str, str], ...]
    conversation: tuple[tuple[str, str], ...]
    good_practice: tuple[Noted, ...]
    to_improve: tuple[Noted, ...]
    disputes: tuple[tuple[str, str], ...] = ()
    compared_with: str = ""
    """The number of the audit that this one looks at again, if the reader may read that."""
    compared: tuple[tuple[str, str, str, str], ...] = ()
    """Each part, its grade then and now, and what came of it."""
    compared_in_all: str = ""
    chapters: tuple[Chapter, ...] = field(default=())
    words: dict[str, str] = field(default_factory=lambda: STANDARD_WORDS)


def report_of(audit: Audit, *, on: date, reader: Person | None = None) -> AuditReport:
    """The report as it stands; a handful of queries."""
    return report_on(sheet_of(audit, on=on), reader=reader)


def report_on(sheet: Sheet, *, reader: Person | None = None) -> AuditReport:
    """The report of an audit that was read already.

    What earlier audits found stands in it as far as `reader` may read those; without a reader, nothing does.
    """
    audit, before = sheet.audit, again(sheet, reader=reader)
    good, gaps = _findings(sheet)
    return AuditReport(
        title=f"{sheet.type.title} {audit.number}",
        reference=audit.subject.reference,
        is_final=audit.finished_at is not None,
        facts=tuple(_facts(sheet)),
        stages=tuple(f"Earlier {sheet.pack.words['audit']}, {one.number}" for one in before.earlier)
        + tuple(stage.label for stage in sheet.stages_shown),
        grades=tuple(_grade_rows(sheet, before)),
        compared_with=before.number,
        compared=tuple(
            (one.label, one.before, one.now, _outcome(one.compared.outcome, one.compared.said))
            for one in before.parts
        ),
        compared_in_all=_compared_in_all(before),
        led_to=tuple(_led_to(sheet)),
        overall=_grades_of(sheet, OVERALL),
        scores=tuple(_scores(sheet)),
        conversation=tuple(_conversation(audit)),
        disputes=tuple(_disputes(audit)),
        good_practice=good,
        to_improve=gaps,
        chapters=(*chapters_of(sheet), *_returned(audit, reader, on=sheet.on)),
        words=sheet.words,
    )


def chapters_of(sheet: Sheet) -> tuple[Chapter, ...]:
    """The sections that apply, each as it was answered and graded."""
    case = case_says(sheet)
    return tuple(_chapter(sheet, section, case) for section, _ in sheet.offered)


def _returned(audit: Audit, reader: Person | None, *, on: date) -> list[Chapter]:
    """The returns, each under its name, once none is out; until then one might be read before its time.

    Those that a gate keeps closed to the reader are not among them.
    """
    if any(one.is_open for one in returns_of(audit)):
        return []
    return [
        chapter
        for one in returns_read(audit, reader, on=on)
        for chapter in return_chapters(one, sheet_of(audit, on=on, in_return=one))
    ]


def return_chapters(one: Return, sheet: Sheet) -> list[Chapter]:
    """One return under its name: who filled it in, its sections and its grade, or that it is not coming."""
    title, settled = rule(one).title, timezone.localdate(one.settled_at)
    if not one.is_in:
        return [Chapter(title, lines=(Line("Not coming", f"{in_words(settled)}. {one.why}"),))]
    by = holder_words(one) or (one.settled_by.name if one.settled_by else "")
    chapters = [Chapter(title, lines=(Line("Filled in by", by), Line("Sent in", in_words(settled))))]
    chapters += [replace(chapter, title=f"{title}: {chapter.title}") for chapter in chapters_of(sheet)]
    if overall := _grades_of(sheet, OVERALL):
        chapters.append(Chapter(f"{title}: {sheet.grading.overall_label}", overall))
    return chapters


def _removed(audit: Audit) -> list[tuple[str, str]]:
    """That its words are gone, and since when."""
    if audit.blanked_at is None:
        return []
    return [("Words", f"Removed under retention on {in_words(timezone.localdate(audit.blanked_at))}")]


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    audit, words = sheet.audit, sheet.words
    return [
        (words["Case"], audit.subject.shown),
        ("Team", audit.unit.name),
        (
            words["Practitioner"],
            audit.practitioner.name if audit.practitioner else "None recorded",
        ),
        (words["Auditor"], in_list(one.name for one in auditors_of(audit))),
        (words["Cycle"], cycle_words(audit.cycle)),
        ("Period looked at", f"{in_words(audit.looks_from)} to {in_words(audit.looks_to)}"),
        *(
            [("Period judged", f"{in_words(sheet.judged_from)} to {in_words(audit.looks_to)}")]
            if sheet.judged_from > audit.looks_from
            else []
        ),
        ("Status", sheet.state.label),
        *_removed(audit),
        *([("Completed", in_words(timezone.localdate(audit.finished_at)))] if audit.finished_at else []),
    ]


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _outcome(outcome: str, said: str) -> str:
    return f"{outcome.capitalize()}. {said}" if said else outcome.capitalize()


def _compared_in_all(before: Again) -> str:
    """How many parts came to what, in a sentence; what to say where nothing is graded."""
    if not before.number:
        return ""
    if not before.parts:
        return "This kind is not graded, so there is nothing to compare."
    counts = before.counts
    compared = len(before.parts) - counts[NOT_COMPARABLE]
    said = f"{compared} of {len(before.parts)} can be compared"
    if compared:
        said += f": {counts[BETTER]} better, {counts[SAME]} the same, {counts[WORSE]} worse"
    return f"{said}. Grades are compared by their places on the scale."


def _grade_rows(sheet: Sheet, before: Again) -> list[tuple[str, tuple[str, ...]]]:
    """Each part with its grade at each stage, the earlier audits' grades of record before them."""
    rows = []
    for part, label in sheet.parts:
        cells = [grades.get(part, NOT_GRADED) for grades in before.grades]
        cells += [_standing(sheet, part, stage) for stage in sheet.stages_shown]
        rows.append((label, tuple(cells)))
    kept = [(part_label(sheet, part), _carried_row(sheet, part, before)) for part in sheet.carried]
    whole = len(rows) - 1 if sheet.grading.overall else len(rows)
    return [*rows[:whole], *kept, *rows[whole:]]


def _standing(sheet: Sheet, part: str, stage: Stage) -> str:
    """The grade of a part at a stage; while that is open, also the one that will stand by the rules."""
    judged = sheet.judged(part, stage.key)
    if not (judged and judged.grade) and sheet.stage is not None and sheet.stage.key == stage.key:
        advice = sheet.advice_on(part)
        if advice.is_computed:
            return f"{sheet.scale.label(advice.grade)}, by the rules"
    return grade_label(sheet, judged)


def _carried_row(sheet: Sheet, part: str, before: Again) -> tuple[str, ...]:
    """A part that was not looked at and keeps an earlier audit's grade."""
    cells = [grades.get(part, NOT_GRADED) for grades in before.grades]
    stages = ["Not looked at"] * (len(sheet.stages_shown) - 1)
    return (*cells, *stages, carried_words(sheet, sheet.carried[part]))


def carried_words(sheet: Sheet, kept: Carried) -> str:
    """A grade carried forward, with the audit that gave it."""
    return f"{sheet.scale.label(kept.grade)}, carried forward from {kept.number} of {in_words(kept.on)}"


def _led_to(sheet: Sheet) -> list[tuple[str, str]]:
    """What the rules said of each part at the stage that gave its grade of record."""
    found = [(label, sheet.of_record(part)) for part, label in sheet.parts]
    return [(label, _ruled(sheet, judged)) for label, judged in found if judged and judged.because]


def _ruled(sheet: Sheet, judged: Judgement) -> str:
    """A grade with the rules' sentences; where a person gave another, what the rules led to as well."""
    said = f"{sheet.scale.label(judged.grade)}. {judged.because}"
    if judged.is_override:
        return f"{said} The rules led to {sheet.scale.label(judged.advised)}."
    return said


def reasons_of(sheet: Sheet, judged: Judgement) -> str:
    """The reasons as they are read: with the rules' sentences where they gave this grade or another."""
    if judged.is_computed:
        return f"Computed. {judged.because}\n{judged.why}".strip()
    if judged.is_override:
        label = sheet.scale.label(judged.advised)
        return f"{judged.why}\nThe framework’s rules led to {label}: {judged.because}".strip()
    return judged.why


def grade_label(sheet: Sheet, judged: Judgement | None) -> str:
    return sheet.scale.label(judged.grade) if judged and judged.grade else "Not graded"


def _grades_of(sheet: Sheet, part: str) -> tuple[Grade, ...]:
    return tuple(
        Grade(stage.label, grade_label(sheet, judged), reasons_of(sheet, judged))
        for stage in sheet.grading.stages
        if (judged := _judged(sheet, part, stage)) is not None
    )


def _judged(sheet: Sheet, part: str, stage: Stage) -> Judgement | None:
    judged = sheet.judged(part, stage.key)
    return judged if judged and (judged.grade or judged.why) else None


def _scores(sheet: Sheet) -> list[tuple[str, str]]:
    """Each score with what it was reckoned from; nothing before anything was answered."""
    found = []
    for name, one in sheet.grading.scores.items():
        result = result_of(sheet, name)
        if result.exact is not None:
            found.append((one.title, _score_words(result)))
        elif _is_answered(one, sheet):
            found.append((one.title, NO_SCORE))
    return found


def _is_answered(rule: Score, sheet: Sheet) -> bool:
    """Whether something that the score counts was answered, be it that it does not apply."""
    counted = [] if isinstance(rule, AverageOfGrades) else sheet.look.counted(rule)
    given = sheet.look.given
    return any(not given[one.key].is_blank for one in counted if one.key in given)


def _score_words(result: ScoreResult) -> str:
    """The score with its points, and against the whole form's where the framework asks for that."""
    if not result.maximum:
        return result.words
    points, maximum, full = (f"{float(one):g}" for one in (result.points, result.maximum, result.full))
    words = f"{result.words} ({points} of {maximum} points that applied"
    if isinstance(result.rule, SectionScore) and result.rule.full_maximum:
        words += f"; {points} of {full} points of the whole form"
    return f"{words})"


def _conversation(audit: Audit) -> list[tuple[str, str]]:
    held = Conversation.objects.filter(audit=audit).first()
    if held is None or held.held_on is None:
        return []
    return [
        ("Held on", in_words(held.held_on)),
        ("Who took part", held.attended),
        ("What it added", held.added),
    ]


def _disputes(audit: Audit) -> list[tuple[str, str]]:
    """The written answers to disputes, with what the report now says otherwise."""
    answered = DisputeStage.objects.filter(dispute__audit=audit).exclude(decided_at=None)
    found = []
    for stage in answered.order_by("decided_at", "pk"):
        what, day = str(stage.get_outcome_display()), in_words(timezone.localdate(stage.decided_at))
        found.append((f"{what.capitalize()}, {day}", f"{stage.said}\n\n{stage.amended}".strip()))
    return found


def _findings(sheet: Sheet) -> tuple[tuple[Noted, ...], tuple[Noted, ...]]:
    found = list(Finding.objects.standing().about(KIND, sheet.audit.public_id).order_by("found_at", "pk"))
    return tuple(
        tuple(Noted(one.text, _under(sheet, one)) for one in found if one.kind == kind)
        for kind in (Finding.Kind.GOOD, Finding.Kind.GAP)
    )  # type: ignore[return-value]


def _under(sheet: Sheet, finding: Finding) -> str:
    theme = sheet.pack.themes.get(finding.theme, "")
    part = part_label(sheet, finding.part) if finding.part else ""
    source = sheet.pack.sources.get(finding.source, "")
    said = [f"{word}: {value}" for word, value in why_and_how_grave(finding, sheet.pack)]
    return ", ".join(word for word in (theme, part, source, *said) if word)


def _chapter(sheet: Sheet, section: Section, case: CaseSays) -> Chapter:
    if section.key in sheet.skipped:
        return Chapter(sheet.form.title_of(section), left_out=True)
    lines = [
        replace(
            line_of(question, sheet.given.get(question.key, Given()), sheet.names),
            row=heading,
            in_row=row is not None,
            beside=case.line(question),
        )
        for row, questions in sheet.by_rows(section)
        for heading, question in _headed(row, questions)
    ]
    grades = _grades_of(sheet, section.key) if section.graded else ()
    return Chapter(sheet.form.title_of(section), grades, tuple(lines))


def _headed(row: Row | None, questions: list[Question]) -> list[tuple[str, Question]]:
    """The questions of a row, the first of them with the row's label."""
    asked = [one for one in questions if not one.is_note]
    return [(row.label if row and place == 0 else "", one) for place, one in enumerate(asked)]


def line_of(question: Question, given: Given, names: Mapping[str, str] = NO_NAMES) -> Line:
    """A question with its answer in words."""
    files = tuple(attached(given.value)) if question.takes_files else ()
    return Line(question.text, answer_words(question, given, names), given.evidence, files=files)


def answer_words(question: Question, given: Given, names: Mapping[str, str] = NO_NAMES) -> str:
    """An answer as people read it; `names` are those of today of the people whom answers name, by id."""
    words = value_words(question, given.value, names)
    if not given.instead:
        return words or NOT_GIVEN
    instead = NOT_ANSWERED.get(given.instead, given.instead)
    return f"{instead}. {words}" if words else instead


def value_words(question: Question, value: str | tuple[str, ...], names: Mapping[str, str] = NO_NAMES) -> str:
    """What is answered, without the ways of not answering; nothing for nothing."""
    if question.type == PERSON:
        return person_words(value, names)
    if question.type == SIGNATURE:
        return signature_words(value, names)
    if question.takes_files:
        return file_words(value)
    labels = {choice.key: choice.label for choice in question.options}
    values = value if isinstance(value, tuple) else (value,)
    words = ", ".join(labels.get(one, one) for one in values if one)
    return in_words(date.fromisoformat(words)) if question.type == "date" and words else words
