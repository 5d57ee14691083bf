"""Writes the answers to a form as a FHIR R4 QuestionnaireResponse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from goldenthread.rules.attachments import attached, content_type
from goldenthread.rules.form_formats.fhir import CORE, SIGNATURE_TYPE
from goldenthread.rules.form_formats.fhir_out import Links, coding_of
from goldenthread.rules.form_formats.fhir_values import INSTEAD
from goldenthread.rules.forms import NOT_ANSWERED, Form, Given, Question, Section
from goldenthread.rules.rows import Row, row_of
from goldenthread.rules.signing import PERSON, Signature, named, signature, signature_words

EVIDENCE = "urn:goldenthread:evidence"
"""The extension for what the auditor saw."""
BESIDES = "urn:goldenthread:source"
"""The extension for what a framework asks about sources, which is no question of the form."""
SIGNED = f"{CORE}questionnaireresponse-signature"
ROW = "urn:goldenthread:row"
"""The extension for what a row is called."""
LARGEST_INTEGER = 2**31


@dataclass(frozen=True)
class Answered:
    """Whose answers these are: of which form, under which number, about which case, when, by whom."""

    questionnaire: str
    number: str
    reference: str
    finished_at: datetime
    by: str = ""


def write_response(
    form: Form,
    asked: Iterable[tuple[Section, list[tuple[Row | None, list[Question]]]]],
    answers: Mapping[str, Given],
    about: Answered,
) -> bytes:
    """The answers to what was asked, by the linkIds of the form as it is written out.

    A section that repeats has an item for each row, with the row's name in an extension. What is asked
    besides the form's own questions stands in extensions.
    """
    links = Links(form)
    sections, besides = [], []
    for section, rows in asked:
        for row, questions in rows:
            if section.key in links.sections:
                sections.append(_section(section, row, questions, answers, links))
            else:
                besides += _besides(questions, answers)
    data = {
        "resourceType": "QuestionnaireResponse",
        "extension": besides,
        "identifier": {"value": about.number},
        "questionnaire": about.questionnaire,
        "status": "completed",
        "subject": {"identifier": {"value": about.reference}},
        "authored": about.finished_at.isoformat(timespec="seconds"),
        "source": {"display": about.by} if about.by else {},
        "item": [section for section in sections if "item" in section],
    }
    data = {name: value for name, value in data.items() if value}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def bundled(responses: Iterable[bytes]) -> bytes:
    """Several responses about one audit as one collection."""
    entries = [{"resource": json.loads(response)} for response in responses]
    data = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def _section(
    section: Section,
    row: Row | None,
    questions: list[Question],
    answers: Mapping[str, Given],
    links: Links,
) -> dict[str, Any]:
    own = {question.key: row_of(question.key)[0] if row else question.key for question in questions}
    items = [
        _item(question, answers[question.key], links.questions[own[question.key]])
        for question in questions
        if own[question.key] in links.questions and not question.is_note and _is_given(question, answers)
    ]
    asked_besides = [question for question in questions if own[question.key] not in links.questions]
    found: dict[str, Any] = {"linkId": links.sections[section.key], "text": section.title}
    extensions = [{"url": ROW, "valueString": row.name}] if row and row.name else []
    if extensions := extensions + _besides(asked_besides, answers):
        found["extension"] = extensions
    return found | ({"item": items} if items else {})


def _besides(questions: Iterable[Question], answers: Mapping[str, Given]) -> list[dict[str, Any]]:
    """What was asked besides the form's own questions, each with its words and those of its answer."""
    return [
        {
            "url": BESIDES,
            "extension": [
                {"url": "asked", "valueString": question.text},
                {"url": "answer", "valueString": _in_words(question, answers[question.key])},
            ],
        }
        for question in questions
        if _is_given(question, answers)
    ]


def _in_words(question: Question, given: Given) -> str:
    values = given.value if isinstance(given.value, tuple) else (given.value,)
    labels = {one.key: one.label for one in question.options}
    return "; ".join(labels.get(value, value) for value in values)


def _is_given(question: Question, answers: Mapping[str, Given]) -> bool:
    return not _is_empty(answers.get(question.key, Given()))


def _is_empty(given: Given) -> bool:
    return given.is_blank and not given.evidence.strip()


def _item(question: Question, given: Given, link: str) -> dict[str, Any]:
    """One question with its answer, or the reason why there is none, and the evidence seen."""
    item: dict[str, Any] = {"linkId": link, "text": question.text}
    extensions = []
    values = given.value if isinstance(given.value, tuple) else (given.value,)
    answers = _of_people(question, given) or [_value(question, value) for value in values if value]
    if signed := signature(given.value) if question.is_signature else None:
        extensions.append({"url": SIGNED, "valueSignature": _signature(signed)})
    if given.instead and question.options and question.type != "several of":
        answers = [{"valueCoding": {"system": INSTEAD} | coding_of(given.instead, _instead(given))}]
    elif given.instead:
        extensions.append({"url": INSTEAD, "valueString": given.instead})
    if given.evidence.strip():
        extensions.append({"url": EVIDENCE, "valueString": given.evidence})
    return item | ({"extension": extensions} if extensions else {}) | ({"answer": answers} if answers else {})


def _of_people(question: Question, given: Given) -> list[dict[str, Any]]:
    """A person by name, and by the id that they have here; a signature in words, beside its extension;
    of files their names and kinds, since they stay here."""
    if question.is_signature and given.value:
        return [{"valueString": signature_words(given.value)}]
    if question.takes_files:
        return [
            {"valueAttachment": {"contentType": content_type(file.name), "title": file.name}}
            for file in attached(given.value)
            if not file.is_removed
        ]
    if question.type != PERSON or (said := named(given.value)) is None:
        return []
    known = {"identifier": {"value": said.person}} if said.person else {}
    return [{"valueReference": {"type": "Person", **known, "display": said.name}}]


def _signature(signed: Signature) -> dict[str, Any]:
    """Who signed and when, as FHIR has it; nothing was drawn, so it holds no data."""
    who = {"identifier": {"value": signed.person}} if signed.person else {}
    role = f", {signed.role}" if signed.role else ""
    return {
        "type": [SIGNATURE_TYPE],
        "when": signed.at,
        "who": {**who, "display": f"{signed.name}{role}"},
    }


def _instead(given: Given) -> str:
    return NOT_ANSWERED.get(given.instead, given.instead)


def _value(question: Question, value: str) -> dict[str, Any]:
    """An answer under the name that goes with the question's type."""
    if question.options:
        label = next((one.label for one in question.options if one.key == value), value)
        return {"valueCoding": coding_of(value, label)}
    if question.type == "whole number" and abs(int(value)) < LARGEST_INTEGER:
        return {"valueInteger": int(value)}
    if question.type in ("number", "whole number"):
        return {"valueDecimal": float(value)}
    return {"valueDate" if question.type == "date" else "valueString": value}
