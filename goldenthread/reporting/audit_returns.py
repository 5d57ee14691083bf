"""The returns of an audit side by side: what each says to each question, and how far grades lie apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from goldenthread.audits.models import Audit, Return
from goldenthread.audits.returns import holder_words, rule
from goldenthread.audits.sheets import Sheet, part_label, sheet_of
from goldenthread.reporting.audit_report import Line, grade_label, line_of, reasons_of
from goldenthread.rules.forms import Given, Section
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.returns import Comparison, agreement, compared


@dataclass(frozen=True)
class Graded:
    """One part with the grade that each return gives it, how far they lie apart, and the reasons of each."""

    label: str
    grades: tuple[str, ...]
    comparison: Comparison
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One question with what each return says to it, under the return's name."""

    question: str
    said: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class SideBySide:
    """Everything that the returns say, by part and by question."""

    titles: tuple[str, ...]
    holders: tuple[tuple[str, str], ...]
    parts: tuple[Graded, ...]
    sections: tuple[tuple[str, tuple[Asked, ...]], ...]
    same: int
    compared: int


def side_by_side(audit: Audit, returns: list[Return], *, on: date) -> SideBySide:
    """The returns given, in their order; who may read them is asked before."""
    sheets = [(rule(one).title, sheet_of(audit, on=on, in_return=one)) for one in returns]
    whole = sheets[0][1].pack.form_of(audit.audit_type)
    parts = [_graded(part, sheets) for part in _parts(sheets)]
    same, in_all = agreement([one.comparison for one in parts])
    sections = [(whole.title_of(section), _asked(section, sheets)) for section in whole.sections]
    return SideBySide(
        titles=tuple(title for title, _ in sheets),
        holders=tuple((rule(one).title, holder_words(one)) for one in returns),
        parts=tuple(parts),
        sections=tuple((title, asked) for title, asked in sections if asked),
        same=same,
        compared=in_all,
    )


def _parts(sheets: list[tuple[str, Sheet]]) -> list[str]:
    """The parts that any of them grades, the whole last."""
    found = dict.fromkeys(part for _, sheet in sheets if sheet.stage for part, _ in sheet.parts)
    return [part for part in found if part != OVERALL] + [OVERALL] * (OVERALL in found)


def _graded(part: str, sheets: list[tuple[str, Sheet]]) -> Graded:
    judged = [(title, sheet, sheet.of_record(part)) for title, sheet in sheets]
    grades = [found.grade if found else "" for _, _, found in judged]
    return Graded(
        label=next(part_label(sheet, part) for _, sheet in sheets if part in dict(sheet.parts)),
        grades=tuple(grade_label(sheet, found) for _, sheet, found in judged),
        comparison=compared(sheets[0][1].scale, grades),
        reasons=tuple((title, reasons_of(sheet, found)) for title, sheet, found in judged if found),
    )


def _asked(section: Section, sheets: list[tuple[str, Sheet]]) -> tuple[Asked, ...]:
    """The questions of a section that were asked of any of them."""
    asked = [(title, sheet, _keys_asked(sheet, section.key)) for title, sheet in sheets]
    found = []
    for question in section.questions:
        said = tuple(
            (title, line_of(question, sheet.given.get(question.key, Given()), sheet.names))
            for title, sheet, keys in asked
            if question.key in keys
        )
        if said and not question.is_note:
            found.append(Asked(question.text, said))
    return tuple(found)


def _keys_asked(sheet: Sheet, section: str) -> set[str]:
    return {one.key for found, questions in sheet.sections if found.key == section for one in questions}
