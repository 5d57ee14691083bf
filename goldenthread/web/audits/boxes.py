"""The questions and the grading of one section as the page shows them: each a box with its own version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from goldenthread.audits.beside import case_says
from goldenthread.audits.models import Answer, Judgement, Row
from goldenthread.audits.sheets import Sheet
from goldenthread.people.models import Person
from goldenthread.reporting.audit_report import Grade, answer_words, grade_label
from goldenthread.rules.attachments import Attached, attached
from goldenthread.rules.beside import Prompt
from goldenthread.rules.forms import NOT_ANSWERED, Given, Question
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import Stage
from goldenthread.rules.scales import Scale
from goldenthread.rules.signing import PERSON, Named, named
from goldenthread.rules.standards import Standard
from goldenthread.web.audits.naming import People, Signing, people_for, signing_of
from goldenthread.web.audits.typed import REASON, WORDS

KINDS = {
    "yes or no": "choices",
    "one of": "choices",
    "several of": "several",
    "long text": "long",
    "text": "line",
    "number": "line",
    "whole number": "line",
    "date": "line",
    "person": "person",
    "signature": "signature",
    "file": "file",
    "note": "note",
}


@dataclass(frozen=True)
class Option:
    """One thing to choose; `reveals` means that the evidence is asked for right under it."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False
    reveals: bool = False
    descriptors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clash:
    """What somebody else saved meanwhile: in words, and field by field as the page has them."""

    by: str
    at: str
    words: str
    version: int
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Box:
    """A question with its answer as given or as typed."""

    question: Question
    id: str
    given: Given
    version: int
    saved: str = ""
    error: str = ""
    clash: Clash | None = None
    standards: tuple[Standard, ...] = ()
    sources: tuple[str, ...] = ()
    beside: tuple[Prompt, ...] = ()
    beside_head: str = ""
    people: People | None = None
    signing: Signing | None = None
    files: tuple[Attached, ...] = ()

    @property
    def kind(self) -> str:
        return KINDS[self.question.type]

    @property
    def value(self) -> str:
        """The text in the field; a day as it is written here."""
        text = self.given.value if isinstance(self.given.value, str) else ""
        if self.question.type == "date" and text:
            try:
                return f"{date.fromisoformat(text):%d/%m/%Y}"
            except ValueError:
                return text
        return text

    @property
    def guidance(self) -> list[str]:
        return guidance_lines(self.question.guidance)

    @property
    def options(self) -> list[Option]:
        """The choices; for a question with one choice to make, the reasons for none stand below them."""
        chosen = self.given.value if isinstance(self.given.value, tuple) else (self.given.value,)
        several = self.kind == "several"
        return [
            Option(
                choice.key if several else WORDS + choice.key,
                choice.label,
                choice.hint,
                choice.key in chosen and not (self.given.instead and not several),
                self.reveals == choice.key,
            )
            for choice in self.question.options
        ]

    @property
    def insteads(self) -> list[Option]:
        """The ways of not answering that the question allows."""
        mark = REASON if self.kind == "choices" else ""
        return [
            Option(mark + key, NOT_ANSWERED[key], checked=self.given.instead == key)
            for key in self.question.instead
        ]

    @property
    def reveals(self) -> str:
        """The one choice for which evidence is asked, if it is just one of a single choice."""
        evidence = self.question.evidence
        return (
            evidence[0]
            if self.kind == "choices" and isinstance(evidence, tuple) and len(evidence) == 1
            else ""
        )

    @property
    def asks_evidence(self) -> bool:
        """Whether the evidence stands under the question at all times."""
        return self.question.evidence != "never" and not self.reveals


@dataclass
class NameBox:
    """What a row is called, with its own version."""

    key: str
    label: str
    name: str
    version: int
    error: str = ""
    clash: Clash | None = None

    @property
    def id(self) -> str:
        return "row-name"


@dataclass
class GradeBox:
    """The grading of one part at the open stage, or as it stands where none is open."""

    part: str
    label: str
    stage: str
    grade: str
    why: str
    version: int
    seen_here: dict[str, tuple[str, ...]] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    before: list[Grade] = field(default_factory=list)
    before_key: str = ""
    advice: list[str] = field(default_factory=list)
    is_fixed: bool = False
    no_longer: str = ""
    saved: str = ""
    error: str = ""
    clash: Clash | None = None

    @property
    def id(self) -> str:
        return "grade"

    def offer(self, scale: Scale, may_give: set[str], *, is_computed: bool) -> None:
        """Offer the grades that may be given; a computed one that is the only one needs no choice."""
        self.options = [
            one for one in grade_options(scale, self.grade, self.seen_here) if one.value in may_give
        ]
        self.is_fixed = is_computed and len(self.options) == 1 and not self.grade
        if self.grade and self.grade not in may_give:
            self.no_longer = scale.label(self.grade)

    @property
    def copies(self) -> Grade | None:
        """The earlier stage's grading, which can be kept as it is."""
        return self.before[-1] if self.before and not self.grade and not self.why else None


def boxes_of(
    sheet: Sheet,
    questions: list[Question],
    typed: dict[str, Given] | None = None,
    *,
    person: Person | None = None,
) -> list[Box]:
    """A box for each question, with what was typed where that has not been saved.

    With the `person` who fills it in, each has the people whom they may pick, or what their signing means.
    """
    boxes, case = [], case_says(sheet)
    for number, question in enumerate(questions, start=1):
        answer = sheet.answers.get(question.key)
        given = sheet.given.get(question.key, Given())
        box = Box(question, f"q{number}", given, answer.version if answer else 0)
        box.saved = saved_words(answer.saved_at, answer.saved_by.name) if answer else ""
        box.beside, box.beside_head = case.prompts(question), case.head
        box.standards = tuple(sheet.pack.standards[name] for name in question.standards)
        box.sources = tuple(sheet.pack.sources[name] for name in question.sources)
        if typed and question.key in typed:
            box.given, box.saved = typed[question.key], ""
        if question.takes_files:
            box.files = tuple(attached(given.value))
        if person and question.type == PERSON:
            box.people = people_for(sheet, question, box.given, person)
        if person and question.is_signature:
            box.signing = signing_of(sheet, question, given, person)
        boxes.append(box)
    return boxes


def grade_box(sheet: Sheet, part: str, label: str, stage: Stage) -> GradeBox:
    """The grading of a part at the open stage, with what earlier stages said of it."""
    judged = sheet.judged(part, stage.key)
    stages = list(sheet.grading.stages)
    earlier = [(one, sheet.judged(part, one.key)) for one in stages[: stages.index(stage)]]
    grade = judged.grade if judged and not judged.is_computed else ""
    section = sheet.form.section(part)
    return GradeBox(
        part=part,
        label=label,
        stage=stage.label,
        grade=grade,
        why=judged.why if judged else "",
        version=judged.version if judged else 0,
        seen_here={one.grade: one.points for one in section.descriptors} if section else {},
        before=[Grade(one.label, grade_label(sheet, found), found.why) for one, found in earlier if found],
        before_key=next((found.grade for _, found in reversed(earlier) if found), ""),
        saved=saved_words(judged.judged_at, judged.judged_by.name) if judged and judged.judged_by else "",
    )


def grade_options(scale: Scale, chosen: str, here: Mapping[str, tuple[str, ...]]) -> list[Option]:
    """The grades, best first, each with its descriptors in view: the scale's, and those of the section."""
    excluded = [value for value in scale.values if value.excluded]
    return [
        Option(
            value.key,
            value.label,
            value.summary,
            value.key == chosen,
            descriptors=(*value.descriptors, *here.get(value.key, ())),
        )
        for value in (*scale.graded(), *excluded)
    ]


def guidance_lines(text: str) -> list[str]:
    """Guidance line by line, without the marks of a list."""
    return [line.strip().removeprefix("- ") for line in text.splitlines() if line.strip()]


def saved_words(at: datetime, by: str) -> str:
    local = timezone.localtime(at)
    return f"Saved {local.day} {local:%B at %H:%M} by {by}"


def answer_clash(question: Question, current: Answer | None) -> Clash:
    """What stands there instead of what was seen."""
    if current is None:
        return Clash("", "", "Nothing", 0, _fields(Box(question, "", Given(), 0)))
    value = tuple(current.value) if isinstance(current.value, list) else current.value
    given = Given(value, current.instead, current.evidence)
    words = answer_words(question, given)
    words += f"\nEvidence: {given.evidence}" if given.evidence else ""
    fields = _fields(Box(question, "", given, current.version))
    return Clash(current.saved_by.name, _moment(current.saved_at), words, current.version, fields)


def _fields(box: Box) -> dict[str, Any]:
    """The fields of a question's box as they would be filled in."""
    key = box.question.key
    fields: dict[str, Any]
    checked = [option.value for option in box.options if option.checked]
    reasons = [option.value for option in box.insteads if option.checked]
    if box.kind in ("person", "signature"):
        stood = named(box.given.value) or Named("", "")
        fields = {f"value:{key}": stood.person, f"written:{key}": "" if stood.person else stood.name}
        fields |= {f"instead:{key}": "".join(reasons)}
    elif box.kind == "file":
        fields = {f"kept:{key}": [one.id for one in attached(box.given.value)]}
        fields |= {f"instead:{key}": "".join(reasons)}
    elif box.kind == "choices":
        fields = {f"choice:{key}": "".join(checked or reasons)}
    else:
        shown: Any = checked if box.kind == "several" else box.value
        fields = {f"value:{key}": shown, f"instead:{key}": "".join(reasons)}
    return fields | {f"evidence:{key}": box.given.evidence}


def judgement_clash(pack: Framework, scale: Scale, current: Judgement | None) -> Clash:
    """The grading that stands there instead of the one that was seen."""
    none = f"No {pack.words['grade']}"
    if current is None:
        return Clash("", "", none, 0, {})
    grade = scale.label(current.grade) if current.grade else none
    by = current.judged_by.name if current.judged_by else ""
    fields = {f"grade:{current.part}": current.grade, f"why:{current.part}": current.why}
    return Clash(by, _moment(current.judged_at), f"{grade}\n{current.why}", current.version, fields)


def name_clash(current: Row) -> Clash:
    """The name that a row has instead of the one that was seen."""
    fields = {f"name:{current.public_id}": current.name}
    return Clash("somebody else", "meanwhile", current.name or "No name", current.version, fields)


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B at %H:%M}"
