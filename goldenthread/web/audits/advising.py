"""What the framework's rules say of a grade, as its auditor reads it while grading."""

from __future__ import annotations

from goldenthread.audits.gaps import sentence_of
from goldenthread.audits.queries import roles_in
from goldenthread.audits.sheets import Sheet, part_label
from goldenthread.people.models import Person
from goldenthread.rules.advice import Advice, Said, sentences
from goldenthread.rules.calendars import in_words


def lines_of(sheet: Sheet, advice: Advice, open_to: set[str]) -> list[str]:
    """Each thing that the rules say of a part, in the order in which one needs it."""
    first = sheet.to_grade_first(advice.part)
    waits = [part_label(sheet, part) for part in advice.waits_for]
    lines = [f"Grade {in_words(first)} first."] if first else []
    if waits:
        lines.append(f"This grade follows from others. Still to be graded: {in_words(waits)}.")
    if said := sentences(advice.deciding):
        lines.append(_decided(sheet, advice, said, open_to))
    others = [one for one in advice.said if one not in advice.deciding]
    return [*lines, *(sentence_of(one, advice, sheet.scale) for one in others)]


def _decided(sheet: Sheet, advice: Advice, said: str, open_to: set[str]) -> str:
    """The grade that the rules lead to, and whether another may be given."""
    if not advice.grade:
        return f"{said} Say why you grade as you do." if advice.no_rule_fits else said
    label = sheet.scale.label(advice.grade)
    if not advice.is_computed:
        return f"The framework suggests {label}. {said}"
    if open_to <= {advice.grade}:
        return f"The grade is {label}. {said} You cannot give another."
    reason = " and say why" if any(one.override != "allowed" for one in advice.deciding) else ""
    return f"The grade is {label}, unless you choose another{reason}. {said}"


def open_to(sheet: Sheet, advice: Advice, person: Person) -> set[str]:
    """The grades that this person may give: those that no rule forbids to them."""
    named = any(isinstance(one.override, tuple) for one in advice.said)
    roles = roles_in(sheet.audit, person, on=sheet.on) if named else set[str]()
    return {
        value.key
        for value in sheet.scale.values
        if all(_may_differ(one, roles) for one in advice.against(value.key))
    }


def _may_differ(said: Said, roles: set[str]) -> bool:
    return bool(roles & set(said.override)) if isinstance(said.override, tuple) else said.override != "never"
