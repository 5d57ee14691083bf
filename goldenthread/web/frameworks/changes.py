"""What a document would change in a framework: each part that is new, gone or different, with its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldenthread.rules.documents import ARROW, read_document

MOST_SHOWN = 50
LONGEST = 120


def changes(before: str, after: str) -> list[list[str]]:
    """Rows of path, before and after."""
    rows = _different(read_document(before).data, read_document(after).data, ())
    return [[ARROW.join(path), _short(old), _short(new)] for path, old, new in rows]


def _different(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _different(old.get(key), new.get(key), (*path, key))
    elif _has_keys(old) and _has_keys(new):
        yield from _different(_by_key(old), _by_key(new), path)
    elif old != new:
        yield path, old, new


def _has_keys(part: Any) -> bool:
    """Whether a list's items name themselves, as sections and questions do."""
    return isinstance(part, list) and all(isinstance(one, dict) and "key" in one for one in part)


def _by_key(part: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["key"]: one for one in part}


def _short(value: Any) -> str:
    """A part as a cell."""
    if value is None:
        return "Not there"
    if isinstance(value, dict):
        text = ", ".join(value)
    else:
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
