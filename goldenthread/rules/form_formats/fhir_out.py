"""Writes a form as a FHIR R4 Questionnaire."""

from __future__ import annotations

import json
import re
from typing import Any

from goldenthread.rules.conditions import All, Any_, Compare, Condition, Not
from goldenthread.rules.form_formats.fhir import (
    BESIDE,
    CONTROL,
    LARGEST_FILE,
    LIMITS,
    OCCURS,
    SIGNATURE_REQUIRED,
    SIGNATURE_TYPE,
    read_questionnaire,
    sources_of,
)
from goldenthread.rules.form_formats.fhir_values import INSTEAD, POINTS
from goldenthread.rules.form_formats.keeping import Kept, as_text, guarded, kept_beside
from goldenthread.rules.form_formats.xlsform_out import Exported, left_out
from goldenthread.rules.form_formats.xpath import Wordless
from goldenthread.rules.forms import NOT_ANSWERED, NOT_COMPARED, Form, Question, Section

TYPES = {
    "yes or no": "choice",
    "one of": "choice",
    "several of": "choice",
    "text": "string",
    "long text": "text",
    "number": "decimal",
    "whole number": "integer",
    "date": "date",
    "person": "reference",
    "signature": "string",
    "file": "attachment",
    "note": "display",
}
SIGNED = {
    "url": SIGNATURE_REQUIRED,
    "valueCodeableConcept": {"coding": [SIGNATURE_TYPE]},
}
"""That an item is answered by signing."""
OPERATORS = {"is_": "=", "is_not": "!=", "at_least": ">=", "at_most": "<="}
CODE = re.compile(r"\S+( \S+)*")
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def write_questionnaire(form: Form, key: str, canonical: str = "") -> Exported:
    """The form as JSON: linkIds are the keys of questions, codes those of choices.

    `canonical` is the form's address, a bar and its version.
    """
    back = read_questionnaire(questionnaire(form, key, {}), form.title).form
    kept = kept_beside(form, back)
    data = questionnaire(form, key, kept, canonical)
    return Exported(json.dumps(data, ensure_ascii=False, indent=2).encode(), left_out(form, kept))


def questionnaire(form: Form, key: str, kept: Kept, canonical: str = "") -> dict[str, Any]:
    """The form as the plain data of a Questionnaire."""
    links = Links(form)
    url, _, version = canonical.partition("|")
    return {
        "resourceType": "Questionnaire",
        "id": re.sub(r"[^A-Za-z0-9.-]", "-", key)[:64],
        **({"url": url, "version": version} if version else {}),
        "name": re.sub(r"[^A-Za-z0-9]", "_", f"Form {key}"),
        "title": form.title,
        "status": "active",
        "item": [_section(section, form, links, kept, place) for place, section in enumerate(form.sections)],
    }


class Links:
    """The linkIds of a form's parts: a question's is its key; nothing has another's."""

    def __init__(self, form: Form) -> None:
        taken: set[str] = set()
        self.questions = {one.key: _unlike(one.key, taken) for one in form.questions()}
        self.sections = {one.key: _unlike(one.key, taken) for one in form.sections}
        self.help = {link: _unlike(f"{link}.help", taken) for link in list(taken)}


def _unlike(link: str, taken: set[str]) -> str:
    number, found = 1, link
    while found in taken:
        number += 1
        found = f"{link}.{number}"
    taken.add(found)
    return found


def _section(section: Section, form: Form, links: Links, kept: Kept, place: int) -> dict[str, Any]:
    link = links.sections[section.key]
    item: dict[str, Any] = {"linkId": link, "text": section.title, "type": "group"}
    item |= _enabled(section.when, form, links)
    inside = _help(links.help[link], section.guidance)
    inside += [
        _question(question, form, links, kept.get((place, position), {}))
        for position, question in enumerate(section.questions)
    ]
    item |= {"item": inside} if inside else {}
    item |= _rows(section)
    beside = {"key": section.key, **guarded(kept.get((place,), {}), sources_of(item))}
    told = [*item.get("extension", []), {"url": BESIDE, "valueString": as_text(beside)}]
    return item | {"extension": told}


def _rows(section: Section) -> dict[str, Any]:
    """How a section that repeats is said: with the fewest and the most rows."""
    repeats = section.repeats
    if repeats is None:
        return {}
    occurs = [{"url": url, "valueInteger": getattr(repeats, name)} for url, name in OCCURS.items()]
    return {"repeats": True, **({"required": True} if repeats.at_least else {}), "extension": occurs}


def _question(question: Question, form: Form, links: Links, kept: dict[str, Any]) -> dict[str, Any]:
    link = links.questions[question.key]
    item: dict[str, Any] = {"linkId": link, "text": question.text, "type": TYPES[question.type]}
    item |= _enabled(question.when, form, links)
    if question.required is True and not question.is_note:
        item["required"] = True
    if question.type == "several of" or (question.takes_files and question.taking.at_most > 1):
        item["repeats"] = True
    if question.options:
        item["answerOption"] = options_of(question)
    item |= {"item": inside} if (inside := _help(links.help[link], question.guidance)) else {}
    limits = [*_limits(question), *([SIGNED] if question.is_signature else [])]
    item |= {"extension": limits} if limits else {}
    beside = guarded(kept, sources_of(item))
    if beside:
        item["extension"] = [*item.get("extension", []), {"url": BESIDE, "valueString": as_text(beside)}]
    return item


def _help(link: str, text: str) -> list[dict[str, Any]]:
    """Guidance as FHIR has it: an item of its own, marked as help."""
    if not text.strip():
        return []
    coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}
    control = {"url": CONTROL, "valueCodeableConcept": {"coding": [coding]}}
    return [{"linkId": link, "text": text, "type": "display", "extension": [control]}]


def options_of(question: Question) -> list[dict[str, Any]]:
    """The answers offered, each with its points; the ways of not answering after them."""
    found: list[dict[str, Any]] = []
    for choice in question.options:
        option: dict[str, Any] = {"valueCoding": coding_of(choice.key, choice.label)}
        if choice.points is not None:
            option["extension"] = [{"url": POINTS, "valueDecimal": choice.points}]
        found.append(option)
    return found + [
        {"valueCoding": {"system": INSTEAD, "code": one, "display": NOT_ANSWERED[one]}}
        for one in question.instead
    ]


def coding_of(code: str, display: str) -> dict[str, str]:
    """A choice as a coding; a key with runs of spaces, which codes have not, is written with single ones."""
    return {"code": code if CODE.fullmatch(code) else " ".join(code.split()), "display": display}


def _limits(question: Question) -> list[dict[str, Any]]:
    kind = "valueInteger" if question.type == "whole number" else "valueDecimal"
    found: list[dict[str, Any]] = []
    if question.files:
        found.append({"url": LARGEST_FILE, "valueDecimal": question.files.megabytes})
    for url, name in LIMITS.items():
        value = getattr(question, name)
        if value is None:
            continue
        whole = kind == "valueInteger" and float(value).is_integer() and abs(value) < 2**31
        found.append(
            {"url": url, "valueInteger" if whole else "valueDecimal": int(value) if whole else value}
        )
    return found


def _enabled(condition: Condition | None, form: Form, links: Links) -> dict[str, Any]:
    """The condition as `enableWhen`; nothing where FHIR has no words for it."""
    if condition is None:
        return {}
    try:
        parts, behaviour = _parts(condition, form, links)
    except Wordless:
        return {}
    return {"enableWhen": parts} | ({"enableBehavior": behaviour} if len(parts) > 1 else {})


def _parts(condition: Condition, form: Form, links: Links) -> tuple[list[dict[str, Any]], str]:
    match condition:
        case All() if (beyond := _beyond(condition)) is not None:
            return [_when(beyond[0], beyond[1], form, links)], "all"
        case All():
            return [_single(part, form, links) for part in condition.all], "all"
        case Any_():
            return [_single(part, form, links) for part in condition.any], "any"
        case Compare() if condition.one_of and condition.answer:
            same = [Compare(answer=condition.answer, **{"is": value}) for value in condition.one_of]
            return [_single(part, form, links) for part in same], "any"
        case _:
            return [_single(condition, form, links)], "all"


def _single(condition: Condition, form: Form, links: Links) -> dict[str, Any]:
    """One comparison; anything joined of several has no place here."""
    if isinstance(condition, All) and (beyond := _beyond(condition)) is not None:
        return _when(beyond[0], beyond[1], form, links)
    if not isinstance(condition, Compare) or condition.answer is None or condition.one_of is not None:
        raise Wordless
    if condition.known is not None:
        link = links.questions.get(condition.answer)
        if link is None:
            raise Wordless
        return {"question": link, "operator": "exists", "answerBoolean": condition.known}
    return _when(condition, OPERATORS[condition.operator], form, links)


def _beyond(condition: All) -> tuple[Compare, str] | None:
    """“Known, and not at most” is more than; “known, and not at least” is less than."""
    match condition.all:
        case (Compare(known=True, answer=key), Not(not_=Compare() as inner)) if key and inner.answer == key:
            operator = {"at_most": ">", "at_least": "<"}.get(inner.operator)
            return (inner, operator) if operator else None
    return None


def _when(compare: Compare, operator: str, form: Form, links: Links) -> dict[str, Any]:
    question = form.question(compare.answer or "")
    if question is None or question.is_note:
        raise Wordless
    return {
        "question": links.questions[question.key],
        "operator": operator,
        **_answer(question, compare.operand_value),
    }


def _answer(question: Question, value: Any) -> dict[str, Any]:
    """The value compared with, under the name that goes with the question's type."""
    if isinstance(value, bool) or question.type in NOT_COMPARED:
        raise Wordless
    if question.options:
        choice = next((one for one in question.options if one.key == str(value)), None)
        if choice is None:
            raise Wordless
        return {"answerCoding": coding_of(choice.key, choice.label)}
    if question.type in ("number", "whole number"):
        if not isinstance(value, int | float):
            raise Wordless
        return {
            "answerInteger"
            if question.type == "whole number" and isinstance(value, int)
            else "answerDecimal": value
        }
    if question.type == "date":
        if not DAY.fullmatch(str(value)):
            raise Wordless
        return {"answerDate": value}
    if not str(value).strip():
        raise Wordless
    return {"answerString": str(value)}
