"""What differs between two documents of a framework, in words: each part that is new, gone or different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldenthread.rules.documents import ARROW, read_document
from goldenthread.rules.lines import in_words
from goldenthread.rules.reading import examine, write_pack
from goldenthread.rules.shapes import ROOT, Shape, chosen, keys_of

MOST_SHOWN = 50
LONGEST = 120
NAMING = ("key", "because", "title", "role", "text", "label")
"""What tells the items of a list apart, the first that each has and no two share."""
NOT_THERE = "Not there"

Row = tuple[tuple[str, ...], Any, Any, Shape | None]


def changes(before: str, after: str) -> list[list[str]]:
    """Rows of path, before and after."""
    rows = _different(_plain(before), _plain(after), (), ROOT)
    return [[ARROW.join(path), _short(old, shape), _short(new, shape)] for path, old, new, shape in rows]


def _plain(document: str) -> Any:
    """What a document says, without what is only another way of writing it where it can be read."""
    pack, found = examine(document)
    return read_document(document if pack is None or found else write_pack(pack)).data


def _different(old: Any, new: Any, path: tuple[str, ...], shape: Shape | None) -> Iterator[Row]:
    shape = chosen(shape, old if old is not None else new) if shape is not None else None
    if shape is not None and shape.kind == "condition":
        if old != new:
            yield path, old, new, shape
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            inner, unless = _inside(shape, key)
            yield from _different(old.get(key, unless), new.get(key, unless), (*path, str(key)), inner)
        if shape is not None and shape.kind == "table":
            yield from _order(list(old), list(new), path)
    elif (by := _told_apart_by(old, new)) is not None:
        named, renamed = _named(old, by), _named(new, by)
        inner = shape.inside if shape is not None else None
        for key in [*named, *(key for key in renamed if key not in named)]:
            yield from _different(named.get(key), renamed.get(key), (*path, key), inner)
        yield from _order(list(named), list(renamed), path)
    elif old != new:
        yield path, old, new, shape


def _inside(shape: Shape | None, key: Any) -> tuple[Shape | None, Any]:
    """What stands under a key, and what holds where it is not said."""
    if shape is None or shape.model is None:
        return (shape.inside if shape is not None else None), None
    found = next((one for one in keys_of(shape.model) if one.name == key), None)
    if found is None:
        return None, None
    return found.shape, list(found.default) if isinstance(found.default, tuple) else found.default


def _order(old: list[str], new: list[str], path: tuple[str, ...]) -> Iterator[Row]:
    """A row where what both have stands in another order."""
    before, after = [one for one in old if one in new], [one for one in new if one in old]
    if before != after:
        yield (*path, "order"), before, after, None


def _told_apart_by(old: Any, new: Any) -> str | None:
    """The key that tells the items of both lists apart; none where no key does."""
    if not (isinstance(old, list) and isinstance(new, list)):
        return None
    return next((key for key in NAMING if _tells_apart(key, old) and _tells_apart(key, new)), None)


def _tells_apart(key: str, items: list[Any]) -> bool:
    values = [one.get(key) if isinstance(one, dict) else None for one in items]
    return all(isinstance(value, str) for value in values) and len(set(values)) == len(values)


def _named(part: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return {one[key]: one for one in part}


def _short(value: Any, shape: Shape | None) -> str:
    """A part as a cell."""
    text = NOT_THERE if value is None else _words(value, shape)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _words(value: Any, shape: Shape | None = None) -> str:
    if shape is not None and shape.kind == "condition":
        return f"If {in_words(value)}"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        said = next((str(value[key]) for key in ("title", "label", "text", "because") if key in value), "")
        return said or ", ".join(map(str, value))
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value) or "None"
    return str(value)
