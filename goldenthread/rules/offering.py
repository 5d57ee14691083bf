"""What may be named at a place of a framework document, for the pick-lists of the editor.

The checks know it: a name that stands for nothing, put in a place, is answered with the names that would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from goldenthread.rules.conditions import OPERANDS
from goldenthread.rules.documents import Path
from goldenthread.rules.editing import NOBODY, at, missing_in, put
from goldenthread.rules.forms import Question
from goldenthread.rules.naming import Missing
from goldenthread.rules.shapes import Key, Shape, chosen, shape_at
from goldenthread.rules.stand_ins import filled, reads, smallest

FEW = 6
"""So many choices are tried for a name that may be any words."""


def pick_lists(data: Any, path: Path, keys: tuple[Key, ...]) -> dict[str, tuple[str, ...]]:
    """For each key of the part at a place that names other parts, the names that would do.

    All keys that take a name are asked about in one go. What one may name may hang on what another holds, so
    those still unknown are asked about beside the rest, then without it (“since” stands instead of “fact”),
    and last beside all that could still be chosen.
    """
    shape = shape_at(data, path)
    part = filled(chosen(shape, at(data, path)), at(data, path)) if shape else None
    if shape is None or not isinstance(part, dict):
        return {}
    model = chosen(shape, part).model
    lists = _known_at(data, path, _with_nobody(part, model, keys))
    needed = {key.name: part[key.name] for key in keys if key.needed and key.name in part}
    for more in (part, needed, None):
        held = part | _all_that_would_do(lists, keys, at(data, path)) if more is None else more
        left = tuple(key for key in keys if key.name not in lists and _may_name(key.shape))
        probe = _with_nobody(held, model, left)
        lists = (_known_at(data, path, probe) if probe != held else {}) | lists
    for key in keys:
        if model is not None and key.name not in lists and _may_name(key.shape):
            lists |= _with_a_choice(data, path, model, key, keys)
    if model is Question:
        lists["evidence"] = tuple(str(one.get("key")) for one in part.get("choices") or ()) or ("yes", "no")
    return lists


def _with_a_choice(
    data: Any, path: Path, model: type[BaseModel], key: Key, keys: tuple[Key, ...]
) -> dict[str, tuple[str, ...]]:
    """The names that would do under a key that goes with one choice of another, such as “by: fact”.

    A key that is read whatever else is chosen, and may be one of free words, is asked about beside a few
    choices alone: each costs a look at the whole document.
    """
    least = smallest(Shape("part", model))
    held = at(data, path) if isinstance(at(data, path), dict) else least
    nobody = {key.name: [NOBODY] if key.shape.is_plain_list else NOBODY}
    choices = [{other.name: choice} for other in keys for choice in other.shape.choices]
    if reads(model, least | nobody) and len(choices) > FEW:
        return {}
    for one in choices:
        ways = (held | nobody | one, least | held | nobody | one, least | nobody | one)
        probe = next((way for way in ways if reads(model, way)), None)
        if probe is not None and (found := _known_at(data, path, probe).get(key.name)):
            return {key.name: found}
    return {}


def _all_that_would_do(lists: dict[str, tuple[str, ...]], keys: tuple[Key, ...], held: Any) -> dict[str, Any]:
    """Of each key of which nothing is chosen yet every name that would do; the first if it takes one."""
    shapes = {key.name: key.shape for key in keys}
    said = held if isinstance(held, dict) else {}
    return {
        name: list(known) if shapes[name].is_plain_list else known[0]
        for name, known in lists.items()
        if known and name in shapes and said.get(name) in (None, [])
    }


def _with_nobody(
    part: dict[str, Any], model: type[BaseModel] | None, keys: tuple[Key, ...]
) -> dict[str, Any]:
    """The part with a name that stands for nothing under each of the keys that takes one."""
    probe = dict(part)
    for key in keys:
        tried = probe | {key.name: [NOBODY] if key.shape.is_plain_list else NOBODY}
        if model is not None and reads(model, tried):
            probe = tried
    return probe


def _may_name(shape: Shape) -> bool:
    """Whether what stands there may be the name of another part, and not words of any kind."""
    inner = shape.inside if shape.is_plain_list and shape.inside else shape
    return inner.kind == "name"


def _known_at(data: Any, path: Path, probe: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """By key of the part at a place, the names that would do where it holds one that does not."""
    found = missing_in(put(data, path, probe))
    return {str(one.path[len(path)]): one.known for one in found if _is_in(one, path)}


def _is_in(one: Missing, path: Path) -> bool:
    return one.name == NOBODY and one.path[: len(path)] == path and len(one.path) > len(path)


def comparable(data: Any, path: Path) -> dict[str, tuple[str, ...]]:
    """What a condition at a place may compare, by kind, and the stages of grading."""
    asked = [
        {"fact": NOBODY, "known": True},
        {"since": NOBODY, "known": True},
        {"until": NOBODY, "known": True},
        {"answer": NOBODY, "known": True},
        {"source": NOBODY, "known": True},
        {"score": NOBODY, "known": True},
        {"grade": NOBODY, "stage": NOBODY, "known": True},
    ]
    path = _whole_condition(data, path)
    return dict.fromkeys((*OPERANDS, "stage"), ()) | {
        str(one.path[-1]): one.known
        for one in missing_in(put(data, path, {"any": asked}))
        if _is_in(one, path)
    }


def _whole_condition(data: Any, path: Path) -> Path:
    """The place of the condition that a line is in; what other lines lack does not matter there."""
    while path and (around := shape_at(data, path[:-1])) is not None:
        if chosen(around, at(data, path[:-1])).kind != "condition":
            break
        path = path[:-1]
    return path


def values_of(data: Any, path: Path, subject: Mapping[str, str]) -> tuple[str, ...]:
    """The values that an answer or a grade can have at a place; none where anything may be typed."""
    path = _whole_condition(data, path)
    asked = put(data, path, {**subject, "is": NOBODY})
    return next((one.known for one in missing_in(asked) if one.path == (*path, "is")), ())
