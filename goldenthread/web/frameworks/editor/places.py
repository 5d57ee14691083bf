"""Where a part of a draft is in an address, and which page shows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from goldenthread.frameworks.models import Draft
from goldenthread.rules.documents import Path
from goldenthread.rules.editing import at
from goldenthread.rules.lines import is_comparison
from goldenthread.rules.shapes import chosen, part_of, shape_at


def written(path: Path) -> str:
    """A place as text, in the way of JSON pointers, so that any name can stand in it."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


LONGEST_NUMBER = 9  # digits: more than any list or draft has


def numbered(text: str) -> int | None:
    """The number that stands in an address or a form; None if it is none that a list or a draft has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def read(text: str, data: Any) -> Path | None:
    """The place that a text means in a document; None if the model has no such place."""
    path: Path = ()
    for word in text.split("/")[1:]:
        name = word.replace("~1", "/").replace("~0", "~")
        shape = shape_at(data, path)
        in_list = isinstance(at(data, path), list) or (shape is not None and shape.kind == "list")
        number = numbered(name)
        if in_list and number is None:
            return None
        path = (*path, number if in_list and number is not None else name)
    return path if shape_at(data, path) is not None else None


def address(draft: Draft, path: Path, page: str = "edit_part") -> str:
    """The address of a page about a place."""
    query = f"?{urlencode({'at': written(path)})}" if path else ""
    return reverse(page, args=[draft.public_id]) + query


def page_of(draft: Draft, data: Any, path: Path) -> str:
    """The page on which a place, or the nearest part around it, is edited."""
    while path and not has_page(data, path):
        path = path[:-1]
    shape = shape_at(data, path)
    held = at(data, path)
    if shape is not None and shape.kind == "condition" and held and is_comparison(held):
        return address(draft, path, "edit_comparison")
    return address(draft, path)


def has_page(data: Any, path: Path) -> bool:
    """Whether the place is a part with a page: there itself, or wanted in something that is there."""
    shape = shape_at(data, path)
    if shape is None or not _is_there(data, path[:-1]):
        return False
    here = chosen(shape, at(data, path))
    if here.kind == "condition":
        return not isinstance(at(data, path), list)
    around = shape_at(data, path[:-1])
    if around is not None and chosen(around, at(data, path[:-1])).kind in ("table", "list"):
        return here.kind != "choice" and _is_there(data, path) and not chosen(around, None).is_plain_list
    return here.is_page


def _is_there(data: Any, path: Path) -> bool:
    """Whether everything on the way to a place is in the document."""
    for step in path:
        if isinstance(data, dict) and step not in data:
            return False
        data = part_of(data, step)
        if data is None:
            return False
    return True
