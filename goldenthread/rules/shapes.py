"""What a framework document may hold at each place, read from the typed model itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from goldenthread.rules.conditions import Condition
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.parts import Line, Name, PostName, Text
from goldenthread.rules.reference import told

Kind = Literal[
    "part",
    "table",
    "list",
    "condition",
    "either",
    "choice",
    "truth",
    "whole",
    "number",
    "name",
    "line",
    "text",
]
SCALARS = ("choice", "truth", "whole", "number", "name", "line", "text")
PAGES = ("part", "table", "list", "condition")
"""What has a page of its own in an editor."""
LINES: tuple[Any, ...] = (PostName, Line)
KEY_NAMED = re.compile(r"\b[a-z]+(_[a-z]+)+\b")
TRUTH = re.compile(r"\b(true|false)\b")
LONGEST_LINE = 200
"""The highest limit of length with which text is typed on one line."""


@dataclass(frozen=True)
class Shape:
    """What may stand at a place.

    `model` is a part's; `inside` is what a table or a list holds; `choices` are the words of a closed list,
    or the keys of a table that knows them all; `others` are the forms that it can take.
    """

    kind: Kind
    model: type[BaseModel] | None = None
    inside: Shape | None = None
    choices: tuple[str, ...] = ()
    others: tuple[Shape, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether it has a page of its own: parts, what holds parts, and conditions."""
        if self.kind == "either":
            return all(one.is_page for one in self.others)
        return self.kind in PAGES and not self.is_plain_list

    @property
    def is_plain_list(self) -> bool:
        """Whether it is a list of words, which one field can show."""
        return self.kind == "list" and self.inside is not None and self.inside.kind in SCALARS


@dataclass(frozen=True)
class Key:
    """One key of a part: what it takes, whether it is needed, what holds without it, what is said of it."""

    name: str
    shape: Shape
    needed: bool
    default: Any
    told: str
    field: FieldInfo

    @property
    def label(self) -> str:
        """The key as people read it."""
        return self.label_of(self.name)

    @staticmethod
    def label_of(name: str) -> str:
        """A name of a key as people read it."""
        words = name.replace("re_audit", "re-audit").replace("_", " ")
        return words[:1].upper() + words[1:]

    def takes(self, value: Any) -> bool:
        """Whether the model takes this value here."""
        return _is_valid(self.field.rebuild_annotation(), value)


def in_a_pick_list(names: Iterable[str]) -> list[tuple[str, str]]:
    """Names as they are picked: each with its words; those that would read alike stay as they are."""
    found = list(names)
    said = Counter(Key.label_of(name) for name in found)
    return [(name, label if said[label := Key.label_of(name)] == 1 else name) for name in found]


ROOT = Shape("part", Framework)


@cache
def keys_of(model: type[BaseModel]) -> tuple[Key, ...]:
    """The keys of a part in the model's order."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        Key(
            field.alias or name,
            _typed(hints[name], field),
            field.is_required(),
            None if field.is_required() else field.get_default(call_default_factory=True),
            _on_screen(told(model, name)),
            field,
        )
        for name, field in model.model_fields.items()
    )


def _on_screen(words: str) -> str:
    """What is said of a key, with other keys and truth values called as the pages call them."""
    plain = TRUTH.sub(lambda found: "yes" if found[0] == "true" else "no", words.replace("`", ""))
    return KEY_NAMED.sub(lambda found: f"“{Key.label_of(found[0])}”", plain)


def _typed(annotation: Any, field: FieldInfo) -> Shape:
    """The shape of a key; text of which the model limits the length or the letters is one line."""
    shape = shape_of(annotation)
    is_short = annotation is str and any(_is_of_a_line(mark) for mark in field.metadata)
    return Shape("line") if is_short else shape


def _is_of_a_line(mark: Any) -> bool:
    """Whether a limit of the model is one that only a line of text has."""
    if (most := getattr(mark, "max_length", None)) is not None:
        return bool(most <= LONGEST_LINE)
    return bool(getattr(mark, "min_length", None) or getattr(mark, "pattern", None))


def shape_of(annotation: Any) -> Shape:
    """What a type of the model takes."""
    if _is_condition(annotation):
        return Shape("condition")
    if annotation == Name:
        return Shape("name")
    if annotation == Text:
        return Shape("text")
    if annotation in LINES or _is_checked_text(annotation):
        return Shape("line")
    return _made_of(annotation)


def _is_condition(annotation: Any) -> bool:
    """Whether it is a condition, also where that is one of several forms."""
    return get_origin(annotation) is Annotated and get_args(annotation)[0] == get_args(Condition)[0]


def _is_checked_text(annotation: Any) -> bool:
    """Whether it is text in a form of its own, such as a span of time; none of these is long."""
    return get_origin(annotation) is Annotated and get_args(annotation)[0] is str


def _made_of(annotation: Any) -> Shape:
    inside = [one for one in get_args(annotation) if one is not NoneType]
    origin = get_origin(annotation)
    if origin is Annotated:
        return shape_of(inside[0])
    if origin in (Union, UnionType):
        shapes = tuple(shape_of(one) for one in inside)
        return shapes[0] if len(shapes) == 1 else _either(shapes)
    if origin is Literal:
        return Shape("choice", choices=tuple(inside))
    if origin is tuple:
        return Shape("list", inside=shape_of(inside[0]))
    if origin is dict:
        return Shape("table", inside=shape_of(inside[1]), choices=shape_of(inside[0]).choices)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape("part", annotation)
    kinds: dict[Any, Kind] = {bool: "truth", int: "whole", float: "number"}
    return Shape(kinds.get(annotation, "text"))


def _either(shapes: tuple[Shape, ...]) -> Shape:
    """Alternatives; a word, a number or a truth value in one is typed on a line."""
    if all(one.kind in ("text", "whole", "number", "truth") for one in shapes):
        return Shape("line")
    return Shape("either", others=shapes)


def shape_at(data: Any, path: Path) -> Shape | None:
    """What may stand at a place of a document, taken or not; None where the model has no such place."""
    shape: Shape | None = ROOT
    for step in path:
        if shape is None:
            return None
        shape = _below(chosen(shape, data), data, step)
        data = part_of(data, step)
    return shape


def _below(shape: Shape, data: Any, step: str | int) -> Shape | None:
    if shape.kind == "condition":
        return shape if step in ("all", "any", "not") or isinstance(step, int) else None
    if shape.kind == "part" and shape.model is not None:
        return next((key.shape for key in keys_of(shape.model) if key.name == step), None)
    if shape.kind == "table" and isinstance(step, str):
        return shape.inside
    if shape.kind == "list" and isinstance(step, int):
        return shape.inside if isinstance(data, list) else None
    return None


def chosen(shape: Shape, value: Any) -> Shape:
    """The one of several forms that a value has; the first that fits it best."""
    if shape.kind != "either":
        return shape
    return max(shape.others, key=lambda one: _likeness(one, value))


def _likeness(shape: Shape, value: Any) -> int:
    """How well a value fits a shape; for a part, by how many of its keys it has and their choices offer."""
    if shape.kind == "part" and shape.model is not None and isinstance(value, dict):
        return 1 + sum(key.name in value and _offers(key, value[key.name]) for key in keys_of(shape.model))
    kinds: dict[str, tuple[type, ...]] = {
        "condition": (dict,),
        "table": (dict,),
        "list": (list,),
        "truth": (bool,),
    }
    return int(isinstance(value, kinds.get(shape.kind, (str,))))


def _offers(key: Key, value: Any) -> bool:
    """Whether a key that is a choice has this among them, or nothing yet; any other key may hold it."""
    return key.shape.kind != "choice" or value is None or value in key.shape.choices


def marks_of(shape: Shape) -> tuple[dict[str, str], ...]:
    """For each of several forms of a part the word that says which it is, by its key, such as a `kind`.

    None where no word says it, so that what stands in the part tells.
    """
    needed = [
        {
            key.name: key.shape.choices
            for key in keys_of(one.model)
            if key.needed and key.shape.kind == "choice"
        }
        for one in shape.others
        if one.model is not None
    ]
    name = next((one for one in (needed[0] if needed else ()) if all(one in keys for keys in needed)), None)
    if name is None:
        return ()
    before = [shape.others[:place].count(one) for place, one in enumerate(shape.others)]
    return tuple({name: keys[name][number]} for keys, number in zip(needed, before, strict=True))


def is_settled(shape: Shape, value: Any) -> bool:
    """Whether it is said which of several forms a part has, where a word says it."""
    marks = marks_of(shape)
    said = value if isinstance(value, dict) else {}
    return not marks or any(name in said for name in marks[0])


def part_of(data: Any, step: str | int) -> Any:
    """What a table has under a key, or a list at a place; None where there is nothing."""
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
        return data[step]
    return None


def _is_valid(annotation: Any, value: Any) -> bool:
    try:
        _adapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)
