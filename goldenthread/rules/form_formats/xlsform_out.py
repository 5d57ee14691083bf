"""Writes a form as an XLSForm, which other survey tools fill in."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any

from goldenthread.rules.conditions import Condition
from goldenthread.rules.form_formats.keeping import Kept, as_text, guarded, kept_beside
from goldenthread.rules.form_formats.workbook_rows import Line
from goldenthread.rules.form_formats.xlsform import (
    BESIDE,
    ONLY,
    choices_said,
    read_xlsform,
    sources_of,
    without_the_usual,
)
from goldenthread.rules.form_formats.xpath import Wordless, as_xpath
from goldenthread.rules.forms import NOT_ANSWERED, Form, Question, Section
from goldenthread.rules.later import Later
from goldenthread.rules.signing import SIGNATURE

xlsxwriter = Later("xlsxwriter")
SURVEY = ["type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"]
SURVEY += ["repeat_count", BESIDE]
CHOICES = ["list_name", "name", "label", BESIDE]
TYPES = {
    "text": "text",
    "long text": "text",
    "number": "decimal",
    "whole number": "integer",
    "date": "date",
    "person": "text",
    "signature": "image",
    "note": "note",
}
APPEARANCES = {"long text": "multiline", SIGNATURE: SIGNATURE}
RESERVED = ("meta", "data")
SAID_BY_PEOPLE = {
    "type": "that a person is chosen from a list",
    "when": "when it is asked",
    "required": "when it must be answered",
    "evidence": "the evidence to give",
    "instead": "the ways of not answering",
    "least_words": "how many words it wants",
    "leaves_score": "which ways of not answering leave a score",
    "not_enough": "which ways of not answering do not do",
    "beside": "what the case system says beside it",
    "sources": "the sources it is answered from",
    "critical": "that it is critical",
    "answered_by": "who answers it",
    "files": "how many files of which kinds and sizes",
    "roles": "the roles of who is named or signs",
    "by_name": "that no name may be written",
    "graded": "that it is graded",
    "may_skip": "that it may be left out",
    "part_of": "which section it is a part of",
    "guidance": "its guidance",
    "repeats": "what its rows are for, what they are called and how many there must be",
}


@dataclass
class Exported:
    """A written form, and what another program will not do with it."""

    content: bytes
    left_out: list[str] = field(default_factory=list)


def write_xlsform(form: Form, key: str) -> Exported:
    """The form as a workbook; what XLSForm has no words for stands in a column of its own."""
    writer = _Writer(form, key)
    sheets = writer.sheets({})
    back = read_xlsform(_as_rows(sheets), form.title).form
    kept = kept_beside(form, back)
    return Exported(_workbook(writer.sheets(kept)), left_out(form, kept))


def left_out(form: Form, kept: Kept) -> list[str]:
    """In sentences, what only Golden Thread will do."""
    found = []
    for place, fields in kept.items():
        section = form.sections[place[0]]
        named = section.title if len(place) == 1 else section.questions[place[1]].text
        words = [SAID_BY_PEOPLE[name] for name in fields if name in SAID_BY_PEOPLE]
        if words:
            found.append(f"“{named}”: other programs will not know {', '.join(words)}.")
    return found


class Names:
    """What the parts of a form are called in a file that takes only some characters."""

    def __init__(self, form: Form) -> None:
        taken = set(RESERVED)
        self.questions = {one.key: xml_name(one.key, taken) for one in form.questions()}
        self.sections = {one.key: xml_name(one.key, taken) for one in form.sections}


def xml_name(key: str, taken: set[str]) -> str:
    """A name of letters, numbers, hyphens and underscores that nothing else has."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", key)
    name = name if re.match(r"[A-Za-z_]", name) else f"_{name}"
    number, found = 1, name
    while found.lower() in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found.lower())
    return found


class _Writer:
    def __init__(self, form: Form, key: str) -> None:
        self.form, self.key, self.names = form, key, Names(form)
        self.several = frozenset(one.key for one in form.questions() if one.type == "several of")

    def sheets(self, kept: Kept) -> dict[str, list[list[str]]]:
        """The three sheets as rows of text."""
        survey, choices = [SURVEY], [CHOICES]
        for place, section in enumerate(self.form.sections):
            row = self._section(section)
            name = self.names.sections[section.key]
            survey.append(self._with_kept(row, name, section.key, kept.get((place,)), {}))
            for position, question in enumerate(section.questions):
                name = self.names.questions[question.key]
                beside = kept.get((place, position))
                row = self._question(question, name, choices)
                survey.append(self._with_kept(row, name, question.key, beside, self._choices_said(question)))
            survey.append(["end repeat" if section.repeats else "end group", *[""] * (len(SURVEY) - 1)])
        title = self._plain(self.form.title)
        beside = {} if title == self.form.title else {"title": self.form.title, "written": title}
        settings = [["form_title", "form_id", BESIDE], [title, self.key, as_text(beside)]]
        return {"survey": survey, "choices": choices, "settings": settings}

    def _with_kept(
        self, row: list[str], name: str, key: str, kept: dict[str, Any] | None, said: dict[str, Any]
    ) -> list[str]:
        """The row with what is kept beside it."""
        line = Line("survey", 0, dict(zip(SURVEY, row, strict=False)))
        found = guarded(kept or {}, sources_of(line) | said)
        if key != name or row[0] in ("begin group", "begin repeat"):
            found = {"key": key, **found}
        return [*row, as_text(found)]

    def _section(self, section: Section) -> list[str]:
        relevant = self._said(section.when)
        name = self.names.sections[section.key]
        repeats = section.repeats
        count = str(repeats.at_least) if repeats and repeats.at_least == repeats.at_most else ""
        return [
            "begin repeat" if repeats else "begin group",
            name,
            self._plain(section.title),
            self._plain(section.guidance),
            "",
            relevant,
            "",
            "",
            count,
        ]

    def _question(self, question: Question, name: str, choices: list[list[str]]) -> list[str]:
        required = question.required
        said = self._said(required) if not isinstance(required, bool) else "yes" if required else ""
        if question.is_note:
            said = ""
        constraint = " and ".join(
            f". {sign} {limit!r}"
            for sign, limit in ((">=", question.at_least), ("<=", question.at_most))
            if limit is not None
        )
        appearance = APPEARANCES.get(question.type, "")
        kind = _kind_of_file(question) if question.takes_files else TYPES.get(question.type)
        kind = kind or self._list(question, name, choices)
        relevant = self._said(question.when)
        text, guidance = self._plain(question.text), self._plain(question.guidance)
        return [kind, name, text, guidance, said, relevant, constraint, appearance, ""]

    def _plain(self, text: str) -> str:
        """Words that other tools do not take for a reference, unless it is one to a question."""
        names = {f"${{{name}}}" for name in self.names.questions.values()}
        return "".join(
            part if part in names else part.replace("${", "$ {") for part in re.split(r"(\$\{[\w-]+\})", text)
        )

    def _choices_said(self, question: Question) -> dict[str, Any]:
        """The choices as whoever reads the file finds them."""
        choices = [one.model_dump(mode="json", exclude_defaults=True) for one in question.options]
        found = {"choices": [one | {"label": self._plain(one["label"])} for one in choices]}
        return choices_said(found if question.type == "several of" else without_the_usual(found))

    def _list(self, question: Question, name: str, choices: list[list[str]]) -> str:
        """The choices of a question as a list of their own, with the allowed ways of not answering."""
        taken: set[str] = set()
        for choice in question.options:
            code = choice_name(choice.key, taken)
            beside: dict[str, Any] = {"key": choice.key} if code != choice.key else {}
            beside |= {"hint": choice.hint} if choice.hint else {}
            beside |= {"points": choice.points} if choice.points is not None else {}
            choices.append([name, code, self._plain(choice.label), as_text(beside)])
        if question.type != "several of":
            for one in question.instead:
                code = choice_name(one, taken)
                choices.append([name, code, NOT_ANSWERED[one], as_text({"instead": one})])
        return f"{'select_multiple' if question.type == 'several of' else 'select_one'} {name}"

    def _said(self, condition: Condition | None) -> str:
        if condition is None:
            return ""
        try:
            return as_xpath(condition, self.names.questions, self.several)
        except Wordless:
            return ""


def _kind_of_file(question: Question) -> str:
    """A picture, a sound or any file, as other tools ask for one."""
    return next((kind for kind, only in ONLY.items() if question.taking.kinds == only), "file")


def choice_name(key: str, taken: set[str]) -> str:
    """A code without spaces that no other choice of the list has."""
    name = re.sub(r"\s", "_", key)
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found)
    return found


def _as_rows(sheets: dict[str, list[list[str]]]) -> dict[str, list[tuple[int, list[str | None]]]]:
    return {
        name: [(number, list(row)) for number, row in enumerate(rows, 1)] for name, rows in sheets.items()
    }


def _workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """The workbook; every cell is text, so that no program takes it for a formula."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 1, 24)
            sheet.set_column(2, 2, 60)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, place, cell, head if number == 0 else None)
    return content.getvalue()
