"""A draft from an audit tool in Word or Excel: what looks like a heading, a question or its answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from goldenthread.rules.form_formats.building import Builder
from goldenthread.rules.form_formats.drafts import MOST_ITEMS, Counts, Draft, Group, Item, one_line, slug
from goldenthread.rules.form_formats.workbook_rows import Rows
from goldenthread.rules.refusal import Refused

NUMBERED = re.compile(
    r"\(?(?:Q(?:uestion)?\s*)?\d{1,3}(?:\.\d{1,3}){0,3}\s*[.):]?\s+(?=\S)|\(?[a-z]\)\s+", re.I
)
"""“1.”, “2.3”, “Q4:”, “(b)” before the words of a question."""
ASKING = re.compile(
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|will|would|should|what|when|who|how|which|where|why)\b",
    re.I,
)
YES, NO = ("yes", "y"), ("no", "n")
NONE = ("n/a", "na", "not applicable", "n.a")
FREE = re.compile(
    r"(?:comments?|notes?|details?|findings?|actions?(?: (?:needed|required))?|rationale|reasons?"
    r"|observations?|auditor'?s? comments?)(?: ?/ ?[\w ]+)?\W*",
    re.I,
)
EVIDENCE = re.compile(r"evidence\b.*", re.I)
RATING = re.compile(r"(?:grad(?:e|ing)s?|rating|score|judge?ment|rag)\b.{0,20}", re.I)
ABOUT = re.compile(r"(?:no\.|number|ref(?:erence)?\.?|#|item)\W*", re.I)
GRADES = frozenset(
    [
        *("outstanding", "good", "requires improvement", "inadequate", "excellent", "adequate", "poor"),
        *("satisfactory", "unsatisfactory", "strong", "weak", "red", "amber", "green"),
        *("met", "fully met", "partly met", "partially met", "not met", "in part", "partly", "partially"),
        *("fully", "mostly", "always", "sometimes", "never", "none", "in progress"),
        *("unknown", "not known", "not seen"),
    ]
)
BOXES = str.maketrans(dict.fromkeys("☐☑☒□■◯○●▢", "\n"))
LONGEST_HEADING = 120
A_DRAFT = "A draft made from the layout of a document: check every section, question and choice."


@dataclass(frozen=True)
class Block:
    """A paragraph, or a row of a table; `heading` says that it is set as one."""

    place: str
    cells: tuple[str, ...]
    heading: bool = False
    table: int = 0


@dataclass
class _Columns:
    """What the columns of a table are for."""

    question: int = 0
    choices: list[tuple[int, str]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    evidence: bool = False
    rating: bool = False


def rows_of_sheets(sheets: Mapping[str, Rows]) -> Iterable[Block]:
    """The rows of a workbook as blocks, each sheet under its name."""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        yield Block(f"sheet “{name}”", (name,), heading=True)
        for row, cells in rows:
            yield Block(
                f"sheet “{name}”, row {row}", tuple((cell or "").strip() for cell in cells), table=number
            )


def read_tool(blocks: Iterable[Block], title: str, format: str) -> Draft:
    """The draft; whatever is not recognised is listed with its place."""
    return _Reader(title, format).draft(blocks)


class _Reader:
    """Goes through the blocks from top to bottom."""

    def __init__(self, title: str, format: str) -> None:
        self.title, self.format = title, format
        self.builder = Builder(title)
        self.builder.leave_out("the whole form", A_DRAFT)
        self.counts = Counts()
        self.columns: _Columns | None = None
        self.table = 0
        self.waiting: Block | None = None
        self.is_open = False
        self.is_titled = False
        self.number = 0

    def draft(self, blocks: Iterable[Block]) -> Draft:
        """Everything, once all blocks are read."""
        for block in blocks:
            if self.counts.items >= MOST_ITEMS:
                raise Refused(
                    f"The document has more than {MOST_ITEMS:,} lines; an audit tool is far shorter."
                )
            if any(cell.strip() for cell in block.cells):
                self._block(block)
        self._end_section()
        form = self.builder.form()
        return Draft(
            self.format, slug(form.title), form.title, form, self.counts, tuple(self.builder.not_applied)
        )

    def _count(self, **more: int) -> None:
        self.counts = replace(
            self.counts, **{name: getattr(self.counts, name) + number for name, number in more.items()}
        )

    def _block(self, block: Block) -> None:
        self._count(items=1)
        if block.table != self.table:
            self.table, self.columns = block.table, None
        filled = [(place, cell) for place, cell in enumerate(block.cells) if cell.strip()]
        texts = list(dict.fromkeys(cell for _, cell in filled))
        if block.table and len(texts) > 1:
            self._row(block, filled)
        elif block.heading or (_is_heading(texts[0], bool(block.table)) and not self._is_row(filled)):
            self._heading(block)
        elif _is_question(texts[0]) or self._is_row(filled):
            self._question(block, texts[0], self.columns)
        else:
            self._unknown(block)

    def _is_row(self, filled: list[tuple[int, str]]) -> bool:
        """Whether a text alone in its row is one of a table's questions; a word or two are a heading."""
        if self.columns is None or len(filled) > 1 or filled[0][0] != self.columns.question:
            return False
        return len(filled[0][1].split()) > 2

    def _heading(self, block: Block) -> None:
        """A heading waits until something is asked under it."""
        if self.waiting is not None and self._is_title(self.waiting):
            self.builder.title = one_line(self._text(self.waiting))
            self.is_titled = True
        elif self.waiting is not None:
            self.builder.leave_out(
                self.waiting.place, "Nothing is asked under this heading.", self._text(self.waiting)
            )
        self.waiting = block

    def _is_title(self, block: Block) -> bool:
        """Whether a heading with nothing under it is the first of all; a sheet's name is none."""
        return not self.is_titled and self.number == 0 and not block.place.endswith("”")

    def _row(self, block: Block, filled: list[tuple[int, str]]) -> None:
        columns = _columns_of(filled)
        if columns is not None:
            self.columns = columns
            self._unused(block, columns)
            return
        if self.columns is None:
            text = max((cell for _, cell in filled), key=len)
            if _is_question(text):
                self._question(block, text, _own_choices(filled, text))
            else:
                self._unknown(block)
            return
        cells = dict(filled)
        text = cells.get(self.columns.question, "")
        if not text:
            self._unknown(block)
            return
        self._question(block, text, self.columns)
        known = {self.columns.question, *self.columns.free, *(place for place, _ in self.columns.choices)}
        beside = [cell for place, cell in filled if place not in known and not ABOUT.fullmatch(cell)]
        beside = [cell for cell in beside if not re.fullmatch(r"[\d.()a-zA-Z]{1,5}", cell)]
        if beside:
            self.builder.leave_out(
                block.place, "What stands beside the question is not taken.", "; ".join(beside)
            )

    def _question(self, block: Block, text: str, columns: _Columns | None) -> None:
        self._section(block)
        self.number += 1
        self._count(questions=1)
        words, choices = _inline_choices(NUMBERED.sub("", text, count=1).strip() or text)
        labels = [label for _, label in columns.choices] if columns and columns.choices else choices
        fields: dict[str, Any] = {"text": words, **_answers(labels)}
        if columns and columns.evidence and fields["type"] != "long text":
            fields["evidence"] = "always"
        if columns and columns.rating and not labels:
            self.builder.leave_out(block.place, "The grades are not in the table; it is asked as text.")
        name = slug(words, "question")[:50].strip("-")
        self.builder.add(Item(block.place, name, fields, required=True))

    def _unused(self, block: Block, columns: _Columns) -> None:
        """Columns to write in freely: every answer has room for evidence, and that is all."""
        for place in columns.free:
            if not EVIDENCE.fullmatch(block.cells[place].strip()):
                self.builder.leave_out(block.place, "This column is not asked for.", block.cells[place])

    def _section(self, block: Block) -> None:
        """The section of a question: under the heading that waits, or the one begun before."""
        if self.waiting is None and self.is_open:
            return
        heading = self.waiting
        self._end_section()
        self.waiting = None
        title = self._text(heading) if heading is not None else self.title
        self._count(sections=1)
        self.builder.begin(Group(heading.place if heading else block.place, slug(title, "questions"), title))
        self.is_open = True

    def _end_section(self) -> None:
        if self.is_open:
            self.builder.end()
        self.is_open = False

    def _unknown(self, block: Block) -> None:
        said = " | ".join(dict.fromkeys(cell for cell in block.cells if cell.strip()))
        self.builder.leave_out(block.place, "This is neither a heading nor a question.", said)

    def _text(self, block: Block) -> str:
        return next(cell for cell in block.cells if cell.strip())


def _columns_of(filled: list[tuple[int, str]]) -> _Columns | None:
    """What the columns are for, if the row is the head of a table of questions."""
    found = _Columns(question=-1)
    for place, cell in filled:
        purpose = _purpose(cell.strip())
        if purpose == "answer":
            found.choices.append((place, one_line(cell)))
        elif purpose == "question":
            if found.question >= 0 or _is_question(cell) or len(cell) > LONGEST_HEADING:
                return None
            found.question = place
        elif purpose:
            found.free.append(place)
            found.evidence = found.evidence or purpose == "evidence"
            found.rating = found.rating or purpose == "rating"
    if len(found.choices) < 2 and not (found.free and found.question >= 0):
        return None
    if found.question < 0:
        found.question = max(0, min(place for place, _ in found.choices) - 1)
    return found


def _purpose(cell: str) -> str:
    """What a column under this head is for; nothing for one that only numbers its rows."""
    if ABOUT.fullmatch(cell):
        return ""
    if _is_answer(cell):
        return "answer"
    kinds = (("evidence", EVIDENCE), ("rating", RATING), ("free", FREE))
    return next((kind for kind, pattern in kinds if pattern.fullmatch(cell)), "question")


def _own_choices(filled: list[tuple[int, str]], text: str) -> _Columns | None:
    """The choices that stand in the cells beside a question."""
    choices = [(place, one_line(cell)) for place, cell in filled if cell != text and _is_answer(cell)]
    return _Columns(choices=choices) if len(choices) > 1 else None


def _is_answer(cell: str) -> bool:
    word = cell.strip().strip("?:.").lower()
    return word in (*YES, *NO, *NONE) or word in GRADES


def _is_heading(text: str, in_table: bool) -> bool:
    """Short words without a question mark: numbered and asking for nothing, or alone across a table."""
    if len(text) > LONGEST_HEADING or text.rstrip().endswith(("?", ".", ";", ",")):
        return False
    if re.match(r"(?:section|part|domain|standard)\s+\w{1,5}\b", text, re.I):
        return True
    return in_table and not _is_question(text)


def _is_question(text: str) -> bool:
    words = NUMBERED.sub("", text, count=1).strip()
    if "?" in words:
        return True
    return words != text.strip() and len(words) > 12 or bool(ASKING.match(words)) and len(words.split()) > 3


def _inline_choices(text: str) -> tuple[str, list[str]]:
    """Choices at the end of the line: “Yes / No / N/A”, or words beside boxes to tick."""
    plain = text.translate(BOXES)
    if "\n" in plain and plain != text:
        first, *rest = [part.strip() for part in plain.split("\n")]
        labels = [part for part in rest if part]
        if first and len(labels) > 1:
            return first, labels
    head, mark, tail = text.rpartition("?")
    tail = re.sub(r"\bn\s*/\s*a\b", "N.A.", tail.strip(" ()[]:"), flags=re.I)
    labels = [part.strip() for part in re.split(r"[/|,]", tail) if part.strip()]
    if mark and len(labels) > 1 and all(_is_answer(label) for label in labels):
        return f"{head}?", labels
    return text, []


def _answers(labels: list[str]) -> dict[str, Any]:
    """The type of a question by the answers offered; without any it is free text."""
    none = [label for label in labels if label.strip(".").lower() in NONE]
    instead = {"instead": ["not applicable"]} if none else {}
    rest = list(dict.fromkeys(label for label in labels if label not in none))
    words = [label.lower() for label in rest]
    if len(rest) == 2 and words[0] in YES and words[1] in NO:
        return {"type": "yes or no", **instead}
    if len(rest) < 2:
        return {"type": "long text", **instead}
    return {
        "type": "one of",
        "choices": [{"key": slug(one, "choice"), "label": one} for one in rest],
        **instead,
    }
