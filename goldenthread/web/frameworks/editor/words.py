"""What the pages of a draft say of its parts: their names, what is in them, and what is wrong with them."""

from __future__ import annotations

from typing import Any

from goldenthread.frameworks.models import Draft
from goldenthread.rules.documents import ARROW, Fault, Path
from goldenthread.rules.editing import at, name_at
from goldenthread.rules.lines import in_words
from goldenthread.rules.reading import examine
from goldenthread.rules.shapes import ROOT, Key, Shape, chosen, keys_of, shape_at
from goldenthread.web.frameworks.editor.places import address, page_of
from goldenthread.web.frameworks.editor.titles import in_titles, title_of, titles_of

NAMING = ("title", "label", "text", "because", "subject", "one", "role", "type", "part")
"""Keys that say what a part is, the first that it has."""
LONGEST = 110
MOST_NAMED = 6


def step_name(data: Any, path: Path) -> str:
    """What the last step of a place is called."""
    if not path:
        return "The framework"
    last = path[-1]
    if isinstance(last, str):
        around = shape_at(data, path[:-1])
        is_key = around is not None and chosen(around, at(data, path[:-1])).kind == "part"
        return Key.label_of(last) if is_key and last else last
    return name_at(data, path) or saying(at(data, path)) or f"No. {last + 1}"


def trail(data: Any, path: Path) -> str:
    """A place as people read it."""
    return ARROW.join(step_name(data, path[: length + 1]) for length in range(len(path)))


def titled_trail(data: Any, path: Path) -> str:
    """A place as people read it, each part by its title; where two are alike, its name follows."""
    return ARROW.join(_titled(data, path[: length + 1]) for length in range(len(path)))


def _titled(data: Any, path: Path) -> str:
    """A part of a table or a list by its title; anything else by its name."""
    beside, around = at(data, path[:-1]), shape_at(data, path[:-1])
    title = title_of(at(data, path))
    if not title or around is None or chosen(around, beside).kind not in ("table", "list"):
        return step_name(data, path)
    others = beside.values() if isinstance(beside, dict) else beside
    return title if sum(title_of(one) == title for one in others) == 1 else f"{title} ({name_at(data, path)})"


def saying(part: Any) -> str:
    """What a part says of itself, short."""
    if isinstance(part, dict):
        for key in NAMING:
            if isinstance(part.get(key), str):
                return short(part[key])
        if "when" in part:
            return short(f"if {in_words(part['when'])}")
        return short("; ".join(_said(key, value) for key, value in part.items() if is_plain(value)))
    return short(part) if isinstance(part, str | int | float) else ""


def is_plain(value: Any) -> bool:
    """Whether a value can be said in a few words."""
    words = value if isinstance(value, list) else [value]
    return all(isinstance(one, str | int | float) for one in words)


def _said(key: str, value: Any) -> str:
    words = ", ".join(map(_plainly, value)) if isinstance(value, list) else _plainly(value)
    return f"{key.replace('_', ' ')}: {words}"


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def short(value: Any) -> str:
    """The beginning of a text."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def summary_of(shape: Shape, value: Any) -> str:
    """What stands at a place, in a few words."""
    shape = chosen(shape, value)
    if value is None or value in ({}, []):
        return "Always" if shape.kind == "condition" else "None yet"
    if shape.kind == "condition":
        return short(f"If {in_words(value)}")
    if shape.kind in ("table", "list") and isinstance(value, dict | list):
        names = [_named(one, value) for one in value]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return f"{len(names)}: {', '.join(names[:MOST_NAMED])}{more}"
    return saying(value) or "Something that is not understood"


def _named(one: Any, value: Any) -> str:
    if isinstance(value, dict):
        return str(one)
    return str(one.get("key") or saying(one)) if isinstance(one, dict) else short(one)


def keys_at(data: Any, path: Path) -> tuple[Key, ...]:
    """The keys of the part at a place."""
    shape = shape_at(data, path)
    here = chosen(shape, at(data, path)) if shape is not None else ROOT
    return keys_of(here.model) if here.model is not None else ()


def rows(draft: Draft, data: Any, path: Path) -> list[dict[str, str]]:
    """The keys of a part that have pages of their own, with what stands there."""
    found = []
    for key in keys_at(data, path):
        value = at(data, (*path, key.name))
        shape = chosen(key.shape, value)
        is_order = shape.is_plain_list and isinstance(value, list) and len(value) > 1
        if not (shape.is_page or is_order) or (
            shape.kind == "condition" and key.shape.kind == "either" and not isinstance(value, dict)
        ):
            continue
        found.append(
            {
                "name": key.name,
                "key": f"Order of {key.label.lower()}" if is_order else key.label,
                "value": summary_of(shape, value),
                "told": key.told,
                "url": address(draft, (*path, key.name)),
            }
        )
    return found


def items(draft: Draft, data: Any, path: Path) -> list[dict[str, Any]]:
    """What a table or a list holds, each with its page and its place."""
    held = at(data, path)
    steps: list[Any] = (
        list(held) if isinstance(held, dict) else list(range(len(held))) if isinstance(held, list) else []
    )
    shape = shape_at(data, path)
    plain = shape is not None and chosen(shape, held).is_plain_list
    return [
        {
            "name": step_name(data, (*path, step)),
            "saying": "" if plain else saying(at(data, (*path, step))),
            "url": "" if plain else address(draft, (*path, step)),
            "step": step,
            "first": place == 0,
            "last": place == len(steps) - 1,
            "remove": address(draft, (*path, step), "remove_part"),
        }
        for place, step in enumerate(steps)
    ]


def strangers(data: Any, path: Path) -> list[str]:
    """The keys of a part that the model does not know."""
    part, known = at(data, path), {key.name for key in keys_at(data, path)}
    return [str(key) for key in part if key not in known] if isinstance(part, dict) and known else []


def faults_of(draft: Draft) -> list[Fault]:
    """Every fault of a draft, in the order of the document."""
    return examine(draft.document)[1]


def linked(draft: Draft, data: Any, found: list[Fault]) -> list[dict[str, str]]:
    """Faults as sentences, each with the page of its place, with parts called by their titles."""
    titles = titles_of(data) if found else {}
    return [
        {
            "where": titled_trail(data, fault.place) or fault.where,
            "sentence": in_titles(fault.sentence, titles),
            "url": page_of(draft, data, fault.place),
        }
        for fault in found
    ]


def faults_at(found: list[Fault], path: Path) -> list[Fault]:
    """The faults of a place and of what is in it."""
    return [fault for fault in found if fault.place[: len(path)] == path]
