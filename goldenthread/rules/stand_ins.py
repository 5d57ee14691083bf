"""The least that a part of a framework takes, and stand-ins for what of it cannot be read."""

from __future__ import annotations

import copy
from functools import cache
from itertools import combinations
from typing import Any

from pydantic import BaseModel, ValidationError

from goldenthread.rules.shapes import Key, Shape, chosen, keys_of

TRIED = ("New", "new", "1 month", 2)
A_CONDITION = {"fact": "status", "is": "open"}


def filled(shape: Shape, value: Any) -> Any:
    """The value with stand-ins for whatever the model would not take, so that the rest can be looked at."""
    shape = chosen(shape, value)
    if shape.kind == "part" and shape.model is not None:
        return _filled_part(shape.model, value if isinstance(value, dict) else {})
    if shape.kind == "table" and shape.inside is not None:
        table = value if isinstance(value, dict) else {}
        known = {key: one for key, one in table.items() if not shape.choices or key in shape.choices}
        return {key: filled(shape.inside, one) for key, one in known.items()}
    if shape.kind == "list" and shape.inside is not None:
        return [filled(shape.inside, one) for one in (value if isinstance(value, list) else ())]
    return value


def _filled_part(model: type[BaseModel], part: dict[str, Any]) -> Any:
    if reads(model, part):
        return part
    found = {}
    for key in keys_of(model):
        if key.name in part:
            inner = filled(key.shape, part[key.name])
            if key.takes(inner):
                found[key.name] = inner
            elif key.needed:
                found[key.name] = _smallest_of(key)
        elif key.needed:
            found[key.name] = _smallest_of(key)
    if reads(model, found):
        return found
    least = smallest(Shape("part", model))
    return next((tried for tried in (least | found, found | least) if reads(model, tried)), least)


def smallest(shape: Shape) -> Any:
    """The least that the model takes at a place of this shape."""
    if shape.kind == "either":
        return smallest(shape.others[0])
    if shape.kind == "part" and shape.model is not None:
        return copy.deepcopy(_smallest_part(shape.model))
    plain: dict[str, Any] = {
        "condition": A_CONDITION,
        "table": {},
        "list": [],
        "truth": True,
        "whole": 1,
        "number": 1,
    }
    if shape.kind == "choice":
        return shape.choices[0]
    return copy.deepcopy(plain.get(shape.kind, "new" if shape.kind == "name" else "New"))


@cache
def _smallest_part(model: type[BaseModel]) -> dict[str, Any]:
    """The keys that are needed; where the model asks for more, the first one or two that satisfy it."""
    part = {key.name: _smallest_of(key) for key in keys_of(model) if key.needed}
    more = [key for key in keys_of(model) if not key.needed]
    for number in range(3):
        for keys in combinations(more, number):
            tried = part | {key.name: _smallest_of(key) for key in keys}
            if reads(model, tried):
                return tried
    raise AssertionError(f"{model.__name__} takes no part made of its needed keys and two more.")


def _smallest_of(key: Key) -> Any:
    """The least that a key takes and says something by: of its shape, else of what is tried, once or more."""
    least = smallest(key.shape)
    tried = [least, *TRIED]
    if key.shape.kind == "table":
        tried += [{"new": smallest(key.shape.inside)}] if key.shape.inside else []
    if key.shape.kind == "list" and key.shape.inside is not None:
        inner = smallest(key.shape.inside)
        tried += [[inner], [inner, _with_key(inner, "new 2")], *([one] for one in TRIED)]
    if not key.needed and least in ([], {}):
        tried = [*tried[1:], least]
    return next((one for one in tried if key.takes(one)), least)


def _with_key(part: Any, name: str) -> Any:
    return {**part, "key": name} if isinstance(part, dict) and "key" in part else part


def reads(model: type[BaseModel], part: dict[str, Any]) -> bool:
    """Whether the model takes the part."""
    try:
        model.model_validate(part)
    except ValidationError:
        return False
    return True
