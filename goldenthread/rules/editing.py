"""Changing a framework document part by part: add, copy, move, rename, remove.

What a name refers to is known to the checks alone. The editor asks them: a part renamed or removed is
answered with all that refers to it. So a key that the model gains tomorrow is edited as its check says.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from goldenthread.rules.checks import missing
from goldenthread.rules.documents import Path
from goldenthread.rules.forms import Question, Section
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing
from goldenthread.rules.refusal import Refused
from goldenthread.rules.shapes import ROOT, SCALARS, Key, Shape, chosen, keys_of, marks_of, part_of, shape_at
from goldenthread.rules.stand_ins import filled, reads, smallest

NOBODY = "‽"
"""A name that stands for nothing."""
LONGEST_NAME = 80
CALLED = ("title", "label")
"""The keys that say what people call a part."""
WORDS = ("name", "line", "text")


def at(data: Any, path: Path) -> Any:
    """What stands at a place; None where there is nothing."""
    for step in path:
        data = part_of(data, step)
    return data


def put(data: Any, path: Path, value: Any) -> Any:
    """The document with this value at the place; what is missing on the way is made."""
    if not path:
        return copy.deepcopy(value)
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(data) if isinstance(data, list) else []
        inner = put(part_of(items, step), rest, value)
        return [*items[:step], inner, *items[step + 1 :]]
    table = dict(data) if isinstance(data, dict) else {}
    return {**table, step: put(table.get(step), rest, value)}


def without(data: Any, path: Path) -> Any:
    """The document without what stands at the place."""
    holder, last = at(data, path[:-1]), path[-1]
    if isinstance(holder, dict):
        return put(data, path[:-1], {key: value for key, value in holder.items() if key != last})
    if isinstance(holder, list):
        return put(data, path[:-1], [value for place, value in enumerate(holder) if place != last])
    return data


def moved(data: Any, path: Path, by: int) -> Any:
    """The document with a part moved up or down among its neighbours; the first and the last stay."""
    holder, last = at(data, path[:-1]), path[-1]
    order: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder or ())))
    if last not in order:
        return data
    here = order.index(last)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    if isinstance(holder, dict):
        return put(data, path[:-1], {key: holder[key] for key in order})
    return put(data, path[:-1], [holder[place] for place in order])


def added(data: Any, path: Path, name: str = "") -> tuple[Any, Path]:
    """The document with a new part in a table (under this name) or at the end of a list, and its place."""
    shape = shape_at(data, path)
    held = at(data, path)
    if shape is None or shape.inside is None:
        raise Refused("Nothing can be added here. Go back to the draft and choose a part of it.")
    if shape.kind == "table":
        table = held if isinstance(held, dict) else {}
        where: Path = (*path, _free(name, table))
    else:
        items = held if isinstance(held, list) else []
        where = (*path, len(items))
    data = put(data, where, _begun(shape.inside, name))
    if shape.kind == "list" and "key" in _keys(shape.inside):
        data = put(data, (*where, "key"), _free(name, _siblings(data, where)))
    return data, where


def _begun(shape: Shape, name: str) -> Any:
    """A new part: it is called by its name, and all else is for the author to say.

    What is left out is a fault with its place until it is said, so that nothing acts that nobody chose.
    """
    words = " ".join(name.split())
    called = words[:1].upper() + words[1:]
    if shape.kind in WORDS:
        return called
    if shape.kind == "list":
        return []
    if shape.kind in SCALARS:
        return None
    forms = [one.model for one in shape.others or (shape,) if one.model is not None]
    needed = [{key.name for key in keys_of(model) if key.needed} for model in forms]
    return {key: called for key in CALLED if called and all(key in one for one in needed)}


def copied(data: Any, path: Path) -> tuple[Any, Path]:
    """The document with a copy of a part beside it under a name of its own, and the copy's place."""
    holder, last, part = at(data, path[:-1]), path[-1], copy.deepcopy(at(data, path))
    if isinstance(holder, dict):
        name = _another(str(last), holder)
        order = {}
        for key, value in holder.items():
            order[key] = value
            if key == last:
                order[name] = part
        return put(data, path[:-1], order), (*path[:-1], name)
    if not isinstance(holder, list) or not isinstance(last, int) or last >= len(holder):
        raise Refused("This part is not there any more. Go back to the draft.")
    shape = shape_at(data, path)
    if isinstance(part, dict) and "key" in part:
        part["key"] = _another(str(part["key"]), _siblings(data, path))
    if shape is not None and shape.model is Section:
        _rename_questions(part, _keys_below(at(data, path[:-1])))
    where = (*path[:-1], last + 1)
    return put(data, path[:-1], [*holder[: last + 1], part, *holder[last + 1 :]]), where


def _rename_questions(section: Any, taken: set[str]) -> None:
    """A question's key stands once in the whole form, not only in its section."""
    for question in _questions_of(section):
        if "key" in question:
            question["key"] = _another(str(question["key"]), taken)
            taken.add(question["key"])


def _keys_below(sections: Any) -> set[str]:
    return {str(question.get("key")) for section in sections for question in _questions_of(section)}


def _questions_of(section: Any) -> list[dict[str, Any]]:
    """The questions of a section as far as they are any."""
    held = section.get("questions") if isinstance(section, dict) else None
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def renamed(data: Any, path: Path, name: str) -> tuple[Any, Path, int]:
    """The document with a part under another name wherever it is named; its place; how many places."""
    old = name_at(data, path)
    if name == old:
        return data, path, 0
    _free(name, _siblings(data, path))
    before = set(_misnamed(data, old))
    if isinstance(path[-1], int):
        data, where = put(data, (*path, "key"), name), path
    else:
        holder = at(data, path[:-1])
        data = put(data, path[:-1], {name if key == old else key: value for key, value in holder.items()})
        where = (*path[:-1], name)
    places = [place for place in _misnamed(data, old) if place not in before]
    places += list(_held_beside(data, where, old))
    for place in places:
        data = put(data, place, name)
    return data, where, len(places)


def _misnamed(data: Any, name: str) -> Iterator[Path]:
    """Where the document says this name though it stands for nothing."""
    for one in missing_in(data):
        if one.name == name and at(data, one.path) == name:
            yield one.path


def _held_beside(data: Any, path: Path, name: str) -> Iterator[Path]:
    """Where the part around a list names one of its items; the model checks that itself, as for evidence."""
    around = path[:-2]
    shape = shape_at(data, around)
    part = at(data, around)
    if shape is None or shape.model is None or not isinstance(part, dict) or not isinstance(path[-1], int):
        return
    for key in keys_of(shape.model):
        held = part.get(key.name)
        if chosen(key.shape, held).is_plain_list and isinstance(held, list):
            yield from ((*around, key.name, place) for place, one in enumerate(held) if one == name)


def referring(data: Any, path: Path) -> list[Path]:
    """The places that would refer to nothing if this part were taken out."""
    name = name_at(data, path)
    before = set(_misnamed(data, name))
    gone = without(data, path)
    return [_as_it_is(place, path) for place in _misnamed(gone, name) if place not in before]


def _as_it_is(place: Path, removed: Path) -> Path:
    """A place of the document without a list's item, as it is while the item is there."""
    depth = len(removed) - 1
    last = removed[-1]
    step = place[depth] if len(place) > depth and place[:depth] == removed[:-1] else None
    if isinstance(last, int) and isinstance(step, int) and step >= last:
        return (*place[:depth], step + 1, *place[depth + 1 :])
    return place


def name_at(data: Any, path: Path) -> str:
    """The name of the part at a place: its key in the table, or the key that it gives itself in a list."""
    if path and isinstance(path[-1], str):
        return path[-1]
    part = at(data, path)
    return str(part.get("key", "")) if isinstance(part, dict) else ""


def missing_in(data: Any) -> list[Missing]:
    """What the checks say of names, with stand-ins for what cannot be read."""
    return list(missing(Framework.model_validate(filled(ROOT, data))))


def as_another(data: Any, path: Path, whole: Shape, place: int) -> Any:
    """The document with a part in another of its forms: what both take stays, the rest is for the author."""
    part, other = at(data, path), whole.others[place]
    both = {key.name: part[key.name] for key in _keys_taking(other, part)} if isinstance(part, dict) else {}
    marks = marks_of(whole)
    own = marks[place] if marks else dict.fromkeys(_needed_by_it_alone(whole, other))
    return put(data, path, own | {name: held for name, held in both.items() if not (marks and name in own)})


def _needed_by_it_alone(whole: Shape, other: Shape) -> list[str]:
    """The keys that one form needs and no form before it takes."""
    before = whole.others[: whole.others.index(other)]
    taken = {name for one in before for name in _keys(one)}
    keys = keys_of(other.model) if other.model is not None and before else ()
    return [key.name for key in keys if key.needed and key.name not in taken]


def fitting(question: Any, before: Any) -> tuple[Any, list[Key]]:
    """A question of another type without what that takes none of, and the keys of what was left out.

    What `before` could not hold either stays, for the check to name.
    """
    could, can = _held_well(before), _held_well(question)
    gone = [key for key in keys_of(Question) if key.name in question and key.name in could - can]
    return {name: held for name, held in question.items() if name not in {key.name for key in gone}}, gone


def _held_well(question: dict[str, Any]) -> set[str]:
    """The keys that a question of its type can hold, one after the other in the model's order."""
    held = smallest(Shape("part", Question)) | {"type": question.get("type")}
    if not reads(Question, held):
        held["choices"] = [{"key": one, "label": one} for one in (NOBODY, NOBODY * 2)]
    found = set()
    for key in keys_of(Question):
        if key.name in question and reads(Question, held | {key.name: question[key.name]}):
            held[key.name] = question[key.name]
            found.add(key.name)
    return found


def _keys_taking(shape: Shape, part: dict[str, Any]) -> list[Key]:
    """The keys of a form that take what the part has under their name."""
    keys = keys_of(shape.model) if shape.model is not None else ()
    return [key for key in keys if key.name in part and key.takes(part[key.name])]


def _keys(shape: Shape) -> set[str]:
    return {key.name for key in keys_of(shape.model)} if shape.model is not None else set()


def _siblings(data: Any, path: Path) -> set[str]:
    """The names of the other parts beside this one; questions have theirs from the whole form."""
    holder, shape = at(data, path[:-1]), shape_at(data, path)
    if isinstance(holder, dict):
        return {str(key) for key in holder if key != path[-1]}
    others = {name_at(data, (*path[:-1], place)) for place in range(len(holder or ())) if place != path[-1]}
    if shape is not None and shape.model is Question:
        others |= _keys_below(at(data, path[:-3])) - {name_at(data, path)}
    return others


def _free(name: str, taken: Any) -> str:
    """The name, if it can be had."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"Give the part a name of 1 to {LONGEST_NAME} characters.")
    if name in taken:
        raise Refused(f"There is a part named “{name}” already. Choose another name.")
    return name


def _another(name: str, taken: Any) -> str:
    """A name of its own for a copy."""
    number = 2
    while f"{name} {number}" in taken:
        number += 1
    return f"{name} {number}"
