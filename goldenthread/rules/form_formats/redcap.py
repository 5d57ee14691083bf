"""Reads a REDCap data dictionary: one row for each field, in the order of its columns or any other."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from typing import Any

from goldenthread.rules.attachments import FILE
from goldenthread.rules.form_formats.building import Builder
from goldenthread.rules.form_formats.drafts import MOST_ITEMS, Counts, Draft, Group, Item, Said, slug
from goldenthread.rules.form_formats.expressions import number_or_text, read_expression
from goldenthread.rules.form_formats.workbook_rows import Line, Rows, read_sheet
from goldenthread.rules.refusal import Refused
from goldenthread.rules.signing import SIGNATURE

FORMAT = "redcap"
NAME, FORM, SECTION, KIND, LABEL = (
    "variable_/_field_name",
    "form_name",
    "section_header",
    "field_type",
    "field_label",
)
CHOICES, NOTE, VALIDATION = "choices,_calculations,_or_slider_labels", "field_note", "validation"
LOWEST, HIGHEST = "text_validation_min", "text_validation_max"
LOGIC, REQUIRED = "branching_logic", "required_field?"
NEEDED = {NAME: "Variable / Field Name", KIND: "Field Type", LABEL: "Field Label"}
READ = frozenset(
    [NAME, FORM, SECTION, KIND, LABEL, CHOICES, NOTE, VALIDATION, LOWEST, HIGHEST, LOGIC, REQUIRED]
)
FIXED = {"yesno": (("1", "Yes"), ("0", "No")), "truefalse": (("1", "True"), ("0", "False"))}
BY_KIND = {"notes": "long text", "descriptive": "note", "slider": "whole number"}
DAYS = ("date_dmy", "date_mdy", "date_ymd")
LESS_THAN_TWO = "There are not two choices here; it is asked as text."


def is_dictionary(rows: Rows) -> bool:
    """Whether the first row has the heads of a data dictionary."""
    first = next(iter(rows), None)
    return first is not None and {NAME, KIND} <= {_head(cell or "") for cell in first[1]}


def read_dictionary(rows: Rows, title: str) -> Draft:
    """The form of a data dictionary; its rows are those of one table."""
    return _Reader(rows, title).draft()


def _head(cell: str) -> str:
    """The head of a column in one spelling; what REDCap adds in brackets falls away."""
    words = " ".join(cell.replace("\ufeff", "").split()).lower()
    if words.startswith("text validation type"):
        return VALIDATION
    if words.startswith("branching logic"):
        return LOGIC
    return words.replace(" ", "_")


class _Reader:
    """Goes down the fields."""

    def __init__(self, rows: Rows, title: str) -> None:
        sheet = read_sheet("data dictionary", rows)
        self.lines = [_named(line) for line in sheet.lines]
        if len(self.lines) > MOST_ITEMS:
            raise Refused(f"The data dictionary has more than {MOST_ITEMS:,} fields; a form is far shorter.")
        for head, words in NEEDED.items():
            if not any(line.get(head) for line in self.lines):
                raise Refused(
                    f"The data dictionary has nothing in the column “{words}”; fill it in and try again."
                )
        self.title = title
        self.builder = Builder(title)
        self.counts = Counts()
        self.form, self.is_open = "", False

    def draft(self) -> Draft:
        """Everything, once all fields are read."""
        for line in self.lines:
            self._row(line)
        if self.is_open:
            self.builder.end()
        form = self.builder.form()
        return Draft(FORMAT, slug(self.title), form.title, form, self.counts, tuple(self.builder.not_applied))

    def _count(self, **more: int) -> None:
        self.counts = replace(
            self.counts, **{name: getattr(self.counts, name) + number for name, number in more.items()}
        )

    def _row(self, line: Line) -> None:
        self._section(line)
        kind = line.get(KIND).lower()
        self._count(
            items=1,
            questions=int(kind not in ("descriptive", "calc")),
            required=int(line.get(REQUIRED).lower() in ("y", "yes")),
            conditions=int(bool(line.get(LOGIC))),
        )
        for head in line.cells:
            if head not in READ:
                self.builder.leave_out(
                    line.place, f"“{head.replace('_', ' ')}” is not applied.", line.get(head)
                )
        if kind in ("calc", "sql"):
            what = {
                "calc": "The form reckons it; nobody is asked.",
                "sql": "Its choices come from a database.",
            }
            reason = what[kind]
            said = "; ".join(one for one in (_plain(line.get(LABEL)), line.get(CHOICES)) if one)
            self.builder.leave_out(line.place, reason, said)
            return
        fields: dict[str, Any] = {"text": _plain(line.get(LABEL)), "guidance": _plain(line.get(NOTE))}
        fields |= self._answers(line, kind)
        self._limits(line, fields)
        required = fields["type"] == "note" or line.get(REQUIRED).lower() in ("y", "yes")
        self.builder.add(Item(line.place, line.get(NAME), fields, self._logic(line), required))

    def _section(self, line: Line) -> None:
        """A section begins with a heading, or where another of the dictionary's forms does."""
        heading, form = _plain(line.get(SECTION)), line.get(FORM)
        if self.is_open and not heading and form == self.form:
            return
        if self.is_open:
            self.builder.end()
        self.form, self.is_open = form, True
        self._count(sections=1)
        title = heading or form.replace("_", " ").capitalize() or "Questions"
        self.builder.begin(Group(line.place, slug(heading or form, "questions"), title))

    def _answers(self, line: Line, kind: str) -> dict[str, Any]:
        """The type of a field and its choices."""
        if kind in ("file", "signature"):
            signed = SIGNATURE in (kind, line.get(VALIDATION).lower())
            return {"type": SIGNATURE} if signed else {"type": FILE, "files": {"at_most": 1}}
        if kind in FIXED:
            return {"type": "one of", "choices": [{"key": key, "label": label} for key, label in FIXED[kind]]}
        if kind in ("radio", "dropdown", "checkbox"):
            return self._choosing(line, kind)
        if kind == "slider" and line.get(CHOICES):
            self.builder.leave_out(line.place, "The words of a slider are not shown.", line.get(CHOICES))
        if kind in BY_KIND:
            return {"type": BY_KIND[kind]}
        validation = line.get(VALIDATION).lower()
        if kind == "text":
            return {"type": self._validated(line, validation)}
        self.builder.leave_out(line.place, "This type is not known; it is asked as text.", kind)
        return {"type": "text"}

    def _validated(self, line: Line, validation: str) -> str:
        if validation in DAYS:
            return "date"
        if validation == "integer":
            return "whole number"
        if validation.startswith("number"):
            return "number"
        if validation:
            self.builder.leave_out(
                line.place, "It is asked as a line of text, which is not checked.", validation
            )
        return "text"

    def _choosing(self, line: Line, kind: str) -> dict[str, Any]:
        choices = []
        for part in re.split(r"[|\n]", line.get(CHOICES)):
            code, mark, label = part.partition(",")
            if part.strip():
                code = code.strip()
                choices.append({"key": code, "label": " ".join(_plain(label).split()) if mark else code})
        if len(choices) < 2:
            self.builder.leave_out(line.place, LESS_THAN_TWO, line.get(CHOICES))
            return {"type": "text"}
        return {"type": "several of" if kind == "checkbox" else "one of", "choices": choices}

    def _limits(self, line: Line, fields: dict[str, Any]) -> None:
        """The lowest and highest number; a slider goes from 0 to 100 unless it says otherwise."""
        slides = line.get(KIND).lower() == "slider"
        for head, name, usual in ((LOWEST, "at_least", 0), (HIGHEST, "at_most", 100)):
            limit = number_or_text(line.get(head) or (str(usual) if slides else ""))
            if limit == "":
                continue
            if fields["type"] in ("number", "whole number") and not isinstance(limit, str):
                fields[name] = float(limit)
            else:
                self.builder.leave_out(line.place, "Only numbers have limits here.", line.get(head))
        if fields.get("at_least", 0) > fields.get("at_most", float("inf")):
            self.builder.leave_out(line.place, "Its lowest number is above its highest; neither is applied.")
            del fields["at_least"], fields["at_most"]

    def _logic(self, line: Line) -> tuple[Said, ...]:
        said = line.get(LOGIC)
        return (Said(f"{line.place}, branching logic", said, partial(read_expression, said)),) if said else ()


class Field(Line):
    """A row of the dictionary."""

    @property
    def place(self) -> str:
        """Where it stands, as people look for it."""
        return f"row {self.number} ({self.get(NAME)})"


def _named(line: Line) -> Field:
    """The row with the heads of a dictionary's columns."""
    cells = {_head(head.replace("_", " ")): cell for head, cell in line.cells.items()}
    return Field(line.sheet, line.number, cells)


class _Text(HTMLParser):
    """Keeps the words of a label and drops its marks."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """Words between marks."""
        self.words.append(data)


def _plain(text: str) -> str:
    """Words without the HTML that REDCap allows in them."""
    if "<" not in text:
        return text
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.words).strip() or text
