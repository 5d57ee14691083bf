"""Parts of a draft by their titles, where the check names them by their keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from goldenthread.rules.reference import parts_of_a_pack
from goldenthread.rules.shapes import ROOT, Key, Shape, chosen, keys_of

SAID = ("title", "label", "text", "one")
"""Keys that hold the title of a part, the first that it has."""
LONGEST = 80
QUOTED = re.compile("“([^“”]+)”")
KNOWN_KEYS = re.compile(r"(?<=\bKnown keys: )[\w, ]+")
KNOWN = re.compile(r"(?<=\bKnown: ).+?(?=(?: and \d+ more)?\.(?: |$))", re.DOTALL)


def titles_of(data: Any) -> dict[str, str]:
    """What a name stands for, by its title; with the name after it where another part has the same title.

    A name that stands for parts of several titles, or for a key of the model, stays as it is.
    """
    found: dict[str, set[str]] = {}
    for name, title in _named(ROOT, data):
        found.setdefault(name, set()).add(title)
    clear = {name: next(iter(one)) for name, one in found.items() if len(one) == 1}
    held = [title for one in found.values() for title in one]
    return {
        name: title if held.count(title) == 1 else f"{title} ({name})"
        for name, title in clear.items()
        if name not in _keys() and not name.isdigit()
    }


def _named(shape: Shape, value: Any) -> Iterator[tuple[str, str]]:
    """Each part that has a name and a title, at any depth."""
    shape = chosen(shape, value)
    if shape.kind == "part" and shape.model is not None and isinstance(value, dict):
        for key in keys_of(shape.model):
            yield from _named(key.shape, value.get(key.name))
    elif shape.inside is not None and isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else ((_key(one), one) for one in value)
        for name, one in pairs:
            if name and (title := title_of(one)):
                yield name, title
            yield from _named(shape.inside, one)


def _key(part: Any) -> str:
    return str(part.get("key", "")) if isinstance(part, dict) else ""


def title_of(part: Any) -> str:
    """The title of a part, if it has one."""
    said = [part.get(key) for key in SAID] if isinstance(part, dict) else []
    title = next((one for one in said if isinstance(one, str) and one), "")
    return title if len(title) <= LONGEST else title[:LONGEST].rstrip() + "…"


@cache
def _keys() -> frozenset[str]:
    """Every key of the model, which sentences quote too."""
    return frozenset(key.name for model in parts_of_a_pack() for key in keys_of(model))


def in_titles(sentence: str, titles: Mapping[str, str]) -> str:
    """A sentence of the check with parts called by their titles, and keys as the pages call them."""
    said = QUOTED.sub(lambda found: f"“{titles.get(found[1]) or _as_on_pages(found[1])}”", sentence)
    said = KNOWN_KEYS.sub(lambda found: ", ".join(map(Key.label_of, found[0].split(", "))), said)
    return KNOWN.sub(lambda found: ", ".join(titles.get(one, one) for one in found[0].split(", ")), said)


def _as_on_pages(name: str) -> str:
    """A name in quotes; a key of several words as it stands over its field."""
    return Key.label_of(name) if "_" in name and name in _keys() else name
