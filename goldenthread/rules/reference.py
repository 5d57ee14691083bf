"""The reference pages of the documentation, written from the model itself and from a pack."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from goldenthread.rules.calendars import in_words
from goldenthread.rules.clocks import LengthText
from goldenthread.rules.conditions import Condition, Value, sentence
from goldenthread.rules.facts import (
    AUDIT_FACTS,
    CHOOSING_FACTS,
    CLOSING_FACTS,
    GATE_FACTS,
    RESPONSE_FACTS,
    SELECTION_FACTS,
    SUBJECT_FACTS,
)
from goldenthread.rules.flow import PHASES
from goldenthread.rules.framework import Clock, CycleClock, Framework
from goldenthread.rules.parts import Line, Name, PostName, Text
from goldenthread.rules.reaudits import ReauditRule
from goldenthread.rules.spans import SpanText

KNOWN_TYPES: list[tuple[Any, str]] = [
    (Name, "a name"),
    (PostName, "a post"),
    (Line, "a line of text"),
    (Text, "text"),
    (SpanText, "a span such as “3 months”"),
    (LengthText, "a length such as “5 working days”"),
    (Value, "a word, a number, true or false"),
    (Condition, "a [condition](conditions.md)"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number"),
    (str, "text"),
]
TITLES = {
    Framework: "The framework",
    ReauditRule: "Rule for re-audits",
    Clock: "Clock with a length",
    CycleClock: "Clock until the cycle closes",
}
HEAD = """# The framework pack

A framework pack is one YAML document. `goldenthread framework check FILE` names every fault of one with
its path; an unknown key is a fault, and so is a part that nothing uses.
[Frameworks](../explanation/frameworks.md) says what they are for, and
[Change your framework](../how-to/change-your-framework.md) how to go about it. This page is written from
the model: `goldenthread framework reference` prints it.

Unquoted yes, no, on, off and dates are text; only true and false are truth values. There are no anchors,
aliases or tags. Comments are welcome and are not kept.
"""


def pack_page() -> str:
    """The reference of the whole pack."""
    return "\n".join([HEAD, *(_section(model) for model in parts_of_a_pack())])


def parts_of_a_pack() -> list[type[BaseModel]]:
    """Every part of a pack, each after the one that first names it; conditions have a page of their own."""
    return _models(Framework)


def _models(model: type[BaseModel], seen: list[type[BaseModel]] | None = None) -> list[type[BaseModel]]:
    seen = seen if seen is not None else []
    seen.append(model)
    for hint in get_type_hints(model, include_extras=True).values():
        for part in _parts_in(hint):
            if part not in seen:
                _models(part, seen)
    return seen


def _parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if annotation == Condition:
        return
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for inside in get_args(annotation):
        yield from _parts_in(inside)


def _section(model: type[BaseModel]) -> str:
    hints = get_type_hints(model, include_extras=True)
    lines = [f"## {title_of(model)}", "", " ".join((inspect.getdoc(model) or "").split()), ""]
    lines += ["| key | takes | |", "| --- | --- | --- |"]
    for name, field in model.model_fields.items():
        needed = "" if not field.is_required() else " **Needed.**"
        lines.append(
            f"| `{field.alias or name}` | {_takes(hints[name], field)} | {told(model, name)}{needed} |"
        )
    return "\n".join([*lines, ""])


def title_of(model: type[BaseModel]) -> str:
    """The heading of a part."""
    words = "".join(f" {one.lower()}" if one.isupper() else one for one in model.__name__).strip()
    return TITLES.get(model, words[0].upper() + words[1:])


def _takes(annotation: Any, field: FieldInfo) -> str:
    """What may stand under a key, with its limits."""
    limits = {type(mark).__name__: mark for mark in field.metadata}
    if {"Ge", "Le"} <= limits.keys():
        return f"{_words(annotation)} from {limits['Ge'].ge} to {limits['Le'].le}"
    return _words(annotation)


def _words(annotation: Any) -> str:
    for known, words in KNOWN_TYPES:
        if annotation == known:
            return words
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        title = title_of(annotation).lower()
        return f"{'an' if title[0] in 'aeiou' else 'a'} [{title}](#{title.replace(' ', '-')})"
    inside = [one for one in get_args(annotation) if one is not NoneType]
    match get_origin(annotation):
        case origin if origin is Annotated:
            return _words(inside[0])
        case origin if origin is Literal:
            return " or ".join(f"`{one}`" for one in inside)
        case origin if origin is tuple:
            return f"a list: {_words(inside[0])}"
        case origin if origin is dict:
            return f"keys ({_words(inside[0])}), each with {_words(inside[1])}"
        case origin if origin is Union or inside:
            return " or ".join(dict.fromkeys(_words(one) for one in inside))
    return str(annotation)


def told(model: type[BaseModel], name: str) -> str:
    """What is said of a key beside it in the model."""
    described = model.model_fields[name].description
    for parent in model.__mro__:
        if said := described or _docstrings(parent).get(name):
            said = " ".join(said.split())
            return said if said.endswith(".") else f"{said}."
    return ""


@cache
def _docstrings(model: type) -> dict[str, str]:
    """The sentence under each key of a part, read from the source."""
    if not model.__module__.startswith("goldenthread."):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[model.__module__]))
    body = next(
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model.__name__
    )
    return {
        key.target.id: value.value.value
        for key, value in zip(body, body[1:], strict=False)
        if isinstance(key, ast.AnnAssign)
        and isinstance(key.target, ast.Name)
        and isinstance(value, ast.Expr)
        and isinstance(value.value, ast.Constant)
        and isinstance(value.value.value, str)
    }


def facts_table() -> str:
    """The facts that conditions may name, as a table."""
    kinds = [
        ("everywhere", SUBJECT_FACTS),
        ("while cases and auditors are chosen", CHOOSING_FACTS),
        ("while cases are chosen", SELECTION_FACTS),
        ("in an audit", AUDIT_FACTS),
        ("in what follows a final audit", RESPONSE_FACTS),
        ("at gates", GATE_FACTS),
        ("before an action is closed", CLOSING_FACTS),
    ]
    rows = [f"| `{name}` | {where} | {means} |" for where, facts in kinds for name, means in facts.items()]
    return "\n".join(["| fact | known | |", "| --- | --- | --- |", *rows]) + "\n"


def flow_page(pack: Framework, name: str) -> str:
    """One flow as a drawing and as tables."""
    flow = pack.flows[name]
    steps = [
        f"| {step.label} | {in_words(flow.states[one].label for one in step.from_)} "
        f"| {flow.states[step.to].label} | {_titles(pack, step.by)} | {', '.join(step.requires)} "
        f"| {', '.join(step.starts)} | {', '.join(step.finishes)} |"
        for step in flow.steps.values()
    ]
    states = [
        f"| {state.label} | {PHASES[state.phase]} | {_titles(pack, state.edited_by)} | {state.stage or ''} "
        f"| {_titles(pack, state.shown_to)} |"
        for state in flow.states.values()
    ]
    talk = [f"- {_titles(pack, [one.role])}: {sentence(one.when)}" for one in flow.conversation]
    return "\n".join(
        [
            f"# {pack.title}: the steps of a {flow.title.lower()}",
            "",
            f"`goldenthread framework flow {pack.key}` prints this page from the framework.",
            "",
            "```mermaid",
            flow.diagram().rstrip(),
            "```",
            "",
            "## Steps",
            "",
            "| step | from | to | by | needs | starts | finishes |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *steps,
            "",
            "## States",
            "",
            "| state | phase | who answers | stage of grading open | who reads it |",
            "| --- | --- | --- | --- | --- |",
            *states,
            "",
            *(["## Who takes part in the conversation", "", *talk, ""] if talk else []),
        ]
    )


def _titles(pack: Framework, names: Any) -> str:
    return ", ".join(pack.roles[name].title.lower() for name in names)
