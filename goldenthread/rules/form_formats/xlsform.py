"""Reads an XLSForm: the sheets `survey`, `choices` and `settings` of a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from goldenthread.rules.attachments import FILE
from goldenthread.rules.form_formats.building import Builder
from goldenthread.rules.form_formats.drafts import (
    FOR_EACH,
    MOST_ITEMS,
    Counts,
    Draft,
    Group,
    Item,
    Said,
    one_line,
    slug,
)
from goldenthread.rules.form_formats.expressions import read_expression
from goldenthread.rules.form_formats.keeping import from_text
from goldenthread.rules.form_formats.workbook_rows import (
    Line,
    Rows,
    check_days,
    in_language,
    read_sheet,
    sheet_called,
)
from goldenthread.rules.forms import NOTE, NUMBERS, YES_OR_NO
from goldenthread.rules.refusal import Refused
from goldenthread.rules.rows import MOST_ROWS
from goldenthread.rules.signing import SIGNATURE

FORMAT = "xlsform"
BESIDE = "goldenthread"
"""The column for what XLSForm has no words for."""
SIMPLE = {
    "text": "text",
    "string": "text",
    "integer": "whole number",
    "int": "whole number",
    "decimal": "number",
    "date": "date",
    "note": "note",
    "signature": SIGNATURE,
    "acknowledge": "yes or no",
    "trigger": "yes or no",
}
TYPED_IN = {
    "time": "A time of day",
    "datetime": "A date with a time",
    "date time": "A date with a time",
    "phone number": "A telephone number",
    "barcode": "A bar code",
    "geopoint": "A place on the map",
    "geotrace": "A line on the map",
    "geoshape": "An area on the map",
    "range": "A number on a slider",
    "rank": "An order of choices",
}
"""What the form asks for as a line of text, since it has no answer of its own for it."""
ONLY: dict[str, tuple[str, ...]] = {"image": ("picture",), "audio": ("sound",)}
"""What a question for one kind of file is called, and that kind."""
TAKES_FILES = ("image", "photo", "audio", "file")
FILMS = ("video", "background-audio")
NOT_ASKED = (
    "start",
    "end",
    "today",
    "deviceid",
    "phonenumber",
    "simserial",
    "subscriberid",
    "username",
    "email",
    "audit",
    "calculate",
    "hidden",
    "xml-external",
    "csv-external",
    "start-geopoint",
)
"""What a device fills in by itself; nobody is asked."""
CHOOSES = re.compile(
    r"(?P<how>select[_ ]one|select one from|select1|select[_ ]multiple|select all that apply from"
    r"|select_one_from_file|select_multiple_from_file|rank)"
    r"\s+(?P<list>\S+?)(?P<other>\s+(?:or[_ ]other|or specify other))?",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"\$\{[^{}]*\}")
LONGEST_NUMBER = 20
LIMIT = re.compile(r"\.\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)")
READ = frozenset(
    ["type", "name", "label", "hint", "guidance_hint", "relevant", "required", "constraint", BESIDE]
)
YES = frozenset(["yes", "true", "true()", "1"])
NO = frozenset(["", "no", "false", "false()", "0"])


def is_xlsform(sheets: Mapping[str, Rows]) -> bool:
    """Whether a workbook is one: it has a sheet “survey” whose first row names the type."""
    name = sheet_called(sheets, "survey")
    if name is None:
        return False
    first = next(iter(sheets[name]), None)
    return first is not None and "type" in {(cell or "").strip().lower() for cell in first[1]}


def read_xlsform(sheets: Mapping[str, Rows], title: str) -> Draft:
    """The form of a workbook, sheet by sheet; `title` serves where the workbook names none."""
    return _Reader(sheets, title).draft()


@dataclass
class _Choices:
    """The lists of choices, and which of them some question takes."""

    lists: dict[str, list[Line]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


class _Reader:
    """Goes down the rows of the survey."""

    def __init__(self, sheets: Mapping[str, Rows], title: str) -> None:
        for name, rows in sheets.items():
            check_days(name, rows)
        names = {kind: sheet_called(sheets, kind) for kind in ("survey", "choices", "settings")}
        read = {kind: read_sheet(name, sheets[name]) for kind, name in names.items() if name is not None}
        self.survey = read["survey"].lines
        if len(self.survey) > MOST_ITEMS:
            raise Refused(f"The survey has more than {MOST_ITEMS:,} rows; a form is far shorter.")
        settings = read["settings"].lines if "settings" in read else []
        self.settings = settings[0] if settings else Line("settings", 0)
        self.language = self.settings.get("default_language")
        self.title = self.settings.get("form_title") or self.settings.get("form_id") or title
        self.builder = Builder(self.title)
        kept = self._kept(self.settings)
        if isinstance(kept.get("title"), str) and kept.get("written") == self.settings.get("form_title"):
            self.builder.title = one_line(kept["title"]) or self.builder.title
        self.counts = Counts()
        self.outside = False
        self.open: list[str] = []
        self.choices = _Choices()
        for line in read["choices"].lines if "choices" in read else []:
            self.choices.lists.setdefault(line.get("list_name"), []).append(line)
        self._others(sheets, set(names.values()))

    def _others(self, sheets: Mapping[str, Rows], known: set[str | None]) -> None:
        """What of the workbook is not read at all."""
        for name in sheets:
            if name not in known:
                self.builder.leave_out(f"sheet “{name}”", "Only survey, choices and settings are read.")
        for head in self.settings.cells:
            if head not in ("form_title", "form_id", "default_language", BESIDE):
                said = self.settings.get(head)
                self.builder.leave_out("settings", f"“{head}” is not applied.", said)

    def draft(self) -> Draft:
        """Everything, once all rows are read."""
        for line in self.survey:
            self._row(line)
        if self.open:
            raise Refused(f"The group “{self.open[-1]}” begins and does not end; add its end and try again.")
        for name in self.choices.lists.keys() - self.choices.used:
            self.builder.leave_out(f"choices, list “{name}”", "No question takes this list.")
        form = self.builder.form()
        key = slug(self.settings.get("form_id") or self.title)
        sections = self.counts.sections + (1 if self.outside else 0)
        counts = replace(self.counts, sections=sections)
        return Draft(FORMAT, key, form.title, form, counts, tuple(self.builder.not_applied))

    def _count(self, **more: int) -> None:
        self.counts = replace(
            self.counts, **{name: getattr(self.counts, name) + number for name, number in more.items()}
        )

    def _row(self, line: Line) -> None:
        kind = " ".join(line.get("type").split())
        lowered = kind.lower().replace("_", " ")
        if lowered in ("end group", "end repeat"):
            return self._end(line)
        if not kind:
            self._count(items=1)
            return self.builder.leave_out(line.place, "The row has no type.", _words(line))
        asked = line.get("required").lower() not in NO
        self._count(items=1, required=int(asked), conditions=int(bool(line.get("relevant"))))
        if lowered in ("begin group", "begin repeat", "group", "repeat"):
            return self._begin(line, "repeat" in lowered)
        return self._item(line, kind)

    def _end(self, line: Line) -> None:
        if not self.open:
            raise Refused(
                f"{line.place}: a group ends here that has not begun; remove the row and try again."
            )
        self.open.pop()
        self.builder.end()

    def _begin(self, line: Line, repeats: bool) -> None:
        self._count(sections=1)
        self.open.append(line.get("name"))
        title = self._text(line, "label")
        if line.get("required").lower() not in NO:
            self.builder.leave_out(line.place, "A group is not required as such; its questions are.")
        if line.get("constraint"):
            self.builder.leave_out(line.place, "A group has no limits.", line.get("constraint"))
        group = Group(
            line.place,
            line.get("name"),
            title or line.get("name"),
            self._text(line, "hint"),
            self._relevant(line),
            self._kept(line),
            sources_of(line),
            self._rows(line) if repeats else None,
        )
        self._rest(line, frozenset())
        self.builder.begin(group)

    def _rows(self, line: Line) -> dict[str, Any]:
        """How many rows there are: as many as a plain number says, or as many as people add."""
        said = line.get("repeat_count")
        count = int(said) if re.fullmatch(r"[0-9]{1,3}", said) else 0
        if 1 <= count <= MOST_ROWS:
            return {"title": FOR_EACH, "at_least": count, "at_most": count}
        if said:
            self.builder.leave_out(line.place, "The number of rows is not reckoned by the form.", said)
        return {"title": FOR_EACH, "at_least": 0}

    def _item(self, line: Line, kind: str) -> None:
        lowered = kind.lower()
        base = lowered.split()[0]
        if base in NOT_ASKED or base.startswith(("uri:", "property:")):
            filled = "reckoned by the form" if base in ("calculate", "hidden") else "filled in by a device"
            return self.builder.leave_out(line.place, f"“{base}” is {filled}; nobody is asked.", _words(line))
        self._count(questions=int(lowered != "note"))
        self.outside = self.outside or not self.open
        if _is_signed(line, base):
            kind = SIGNATURE
        elif base in FILMS:
            return self.builder.leave_out(
                line.place, f"“{kind}” takes a recording of a kind that forms do not take.", _words(line)
            )
        fields: dict[str, Any] = {"text": self._text(line, "label"), "guidance": self._guidance(line)}
        chooses = CHOOSES.fullmatch(kind)
        if chooses is not None and base != "rank":
            fields |= self._choosing(line, chooses)
        else:
            fields |= self._simple(line, kind)
        taken = self._limits(line, fields)
        if fields["type"] == SIGNATURE:
            taken |= {"appearance"}
        elif line.get("appearance").lower() == "multiline" and fields["type"] == "text":
            fields["type"], taken = "long text", taken | {"appearance"}
        sources = sources_of(line) | choices_said(fields)
        required = fields["type"] == NOTE or self._required(line)
        name, when = line.get("name"), self._relevant(line)
        item = Item(line.place, name, fields, when, required, self._kept(line), sources)
        self._rest(line, taken)
        self.builder.add(item)
        if chooses is not None and chooses["other"]:
            self._other(line, item)
        return None

    def _simple(self, line: Line, kind: str) -> dict[str, Any]:
        lowered = kind.lower()
        if lowered in TAKES_FILES:
            kinds = ONLY.get("image" if lowered == "photo" else lowered, ())
            return {"type": FILE, "files": {"at_most": 1, **({"kinds": kinds} if kinds else {})}}
        known = SIMPLE.get(lowered)
        if known is not None:
            if lowered in ("acknowledge", "trigger"):
                self.builder.leave_out(line.place, "A tick is asked as yes or no.", kind)
            return {"type": known}
        what = TYPED_IN.get(lowered) or TYPED_IN.get(lowered.split()[0])
        reason = (
            f"{what} is asked as a line of text." if what else "This type is not known; it is asked as text."
        )
        self.builder.leave_out(line.place, reason, kind)
        return {"type": "text"}

    def _choosing(self, line: Line, chooses: re.Match[str]) -> dict[str, Any]:
        """The type and the choices of a question that has them."""
        name = chooses["list"]
        several = "multiple" in chooses["how"].lower() or "all" in chooses["how"].lower()
        rows = self.choices.lists.get(name, [])
        self.choices.used.add(name)
        choices = [self._choice(row) for row in rows]
        instead = [one["instead"] for one in choices if "instead" in one]
        choices = [one for one in choices if "instead" not in one]
        if chooses["other"]:
            choices.append({"key": "other", "label": "Other"})
        if len(choices) < 2 or "file" in chooses["how"].lower():
            said = "; ".join(f"{one['key']} {one['label']}" for one in choices) or name
            self.builder.leave_out(line.place, "There are not two choices here; it is asked as text.", said)
            return {"type": "text"}
        found: dict[str, Any] = {"choices": choices, **({"instead": instead} if instead else {})}
        if several or [one["key"] for one in choices] != ["yes", "no"]:
            return found | {"type": "several of" if several else "one of"}
        return without_the_usual(found) | {"type": "yes or no"}

    def _choice(self, row: Line) -> dict[str, Any]:
        label, others = in_language(row, "label", self.language)
        kept = self._kept(row)
        found = {"key": str(kept.get("key") or row.get("name")), "label": label.strip()}
        for name in ("hint", "points", "instead"):
            if name in kept:
                found[name] = kept[name]
        read = {"list_name", "name", "label", BESIDE}
        for head in row.cells:
            if head not in read and not (head.startswith("label::") and head not in others):
                self.builder.leave_out(
                    f"choices, row {row.number}", f"“{head}” is not applied.", row.get(head)
                )
        return found

    def _other(self, line: Line, item: Item) -> None:
        """What “or other” adds: a line to say which, asked after that answer."""
        said = f"${{{item.name}}} = 'other'"
        when = Said(line.place, said, partial(read_expression, said))
        fields = {"text": "Specify other.", "type": "text"}
        self.builder.add(Item(line.place, f"{item.name}_other", fields, (*item.when, when)))

    def _limits(self, line: Line, fields: dict[str, Any]) -> frozenset[str]:
        """The limits of a number; a constraint that says anything else is listed."""
        said = line.get("constraint")
        if not said:
            return frozenset()
        found = _limits_of(said, fields["type"])
        if found is None:
            self.builder.leave_out(
                line.place, "A constraint other than limits of a number is not applied.", said
            )
        else:
            fields |= found
        return frozenset()

    def _required(self, line: Line) -> bool | Said:
        said = line.get("required")
        if said.lower() in NO:
            return False
        if said.lower() in YES:
            return True
        return Said(f"{line.place}, required", said, partial(read_expression, said))

    def _relevant(self, line: Line) -> tuple[Said, ...]:
        said = line.get("relevant")
        return (Said(f"{line.place}, relevant", said, partial(read_expression, said)),) if said else ()

    def _guidance(self, line: Line) -> str:
        parts = [self._text(line, head) for head in ("hint", "guidance_hint")]
        return "\n".join(part for part in parts if part)

    def _text(self, line: Line, head: str) -> str:
        """The words of a column in the form's language."""
        found, others = in_language(line, head, self.language)
        if REFERENCE.search(found):
            self.builder.leave_out(line.place, "An answer given elsewhere is not filled in here.", found)
        for other in others:
            self.builder.leave_out(line.place, f"“{other}” is in another language.", line.get(other))
        return found

    def _rest(self, line: Line, taken: frozenset[str]) -> None:
        """Every other cell of the row, since nothing is passed over in silence."""
        for head in line.cells:
            base = head.partition("::")[0]
            if head not in READ | taken | {"repeat_count", "calculation"} and base not in READ:
                self.builder.leave_out(line.place, f"“{head}” is not applied.", line.get(head))
            elif head == "calculation":
                self.builder.leave_out(line.place, "Answers are not reckoned by the form.", line.get(head))

    def _kept(self, line: Line) -> dict[str, Any]:
        complain = partial(self.builder.leave_out, line.place, f"The column “{BESIDE}” cannot be read here.")
        return from_text(line.get(BESIDE), complain)


def without_the_usual(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without choices that say just yes and no, which such a question brings itself."""
    usual = [{"key": one.key, "label": one.label} for one in YES_OR_NO]
    return {name: value for name, value in fields.items() if name != "choices" or value != usual}


def choices_said(fields: dict[str, Any]) -> dict[str, Any]:
    """The codes and words of a question's choices, as the file has them."""
    choices = fields.get("choices")
    return {"choices": [[one["key"], one["label"]] for one in choices]} if choices else {}


def _limits_of(said: str, kind: str) -> dict[str, float] | None:
    """The lowest and highest number that a constraint allows; None if it says anything else."""
    if kind not in NUMBERS:
        return None
    found: dict[str, float] = {}
    for part in re.split(r"\s+and\s+", said.strip(), flags=re.IGNORECASE):
        match = LIMIT.fullmatch(part.strip().removeprefix("(").removesuffix(")"))
        if match is None or len(match[2]) > LONGEST_NUMBER:
            return None
        operator, limit = match[1], float(match[2])
        if operator in ("<", ">"):
            if kind != "whole number" or not limit.is_integer():
                return None
            limit += 1 if operator == ">" else -1
        name = "at_least" if operator.startswith(">") else "at_most"
        if name in found:
            return None
        found[name] = limit
    return None if found.get("at_least", 0) > found.get("at_most", float("inf")) else found


def _is_signed(line: Line, base: str) -> bool:
    """Whether it is a signature: other tools draw one, as a picture."""
    return base == SIGNATURE or (base == "image" and line.get("appearance").lower() == SIGNATURE)


def sources_of(line: Line) -> dict[str, Any]:
    """The file's own words for fields that may also be kept beside them."""
    words = {"type": "type", "when": "relevant", "required": "required", "at_least": "constraint"}
    words |= {"at_most": "constraint", "text": "label", "title": "label", "guidance": "hint"}
    found: dict[str, Any] = {name: line.get(head) for name, head in words.items() if line.get(head)}
    if "repeat" in line.get("type").lower():
        found["repeats"] = [line.get("type"), line.get("repeat_count")]
    return found


def _words(line: Line) -> str:
    return "; ".join(f"{head}: {cell.strip()}" for head, cell in line.cells.items() if head != BESIDE)
