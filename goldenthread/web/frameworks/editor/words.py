"""What the pages of a draft say of its parts: their names, what is in them, and what is wrong with them."""

from __future__ import annotations

from typing import Any

from goldenthread.frameworks.models import Draft
from goldenthread.rules.documents import ARROW, Fault, Path
from goldenthread.rules.editing import at, name_at
from goldenthread.rules.lines import in_words
from goldenthread.rules.reading import examine
from goldenthread.rules.shapes import ROOT, Key, Shape, chosen, is_settled, keys_of, marks_of, shape_at
from goldenthread.web.frameworks.editor.places import address, page_of
from goldenthread.web.frameworks.editor.titles import in_titles, title_of, titles_of

NAMING = ("title", "label", "text", "because", "subject", "one", "role", "type", "part")
"""Keys that say what a part is, the first that it has."""
LONGEST = 110
LONGEST_RULE = 400
MOST_NAMED = 6
NOT_SAID = "Nothing chosen yet"


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


def rule_in_words(shape: Shape, part: Any) -> str:
    """What a part without a name says besides what it is called by, key by key, so that no two look alike."""
    shape = chosen(shape, part)
    if shape.model is None or not isinstance(part, dict):
        return ""
    called = next((key for key in NAMING if isinstance(part.get(key), str)), "")
    keys = [key for key in keys_of(shape.model) if part.get(key.name) is not None and key.name != called]
    conditions = [f"if {in_words(part[key.name])}" for key in keys if key.shape.kind == "condition"]
    said = [_key_in_words(key, part[key.name]) for key in keys if key.shape.kind != "condition"]
    text = "; ".join([*said, *conditions])
    return short(text[:1].upper() + text[1:], LONGEST_RULE)


def _key_in_words(key: Key, held: Any) -> str:
    said = _plain_words(held) if is_plain(held) else summary_of(key.shape, held)
    return f"{key.label.lower()}: {said}"


def is_plain(value: Any) -> bool:
    """Whether a value can be said in a few words."""
    words = value if isinstance(value, list) else [value]
    return all(isinstance(one, str | int | float) for one in words)


def _said(key: str, value: Any) -> str:
    return f"{key.replace('_', ' ')}: {_plain_words(value)}"


def _plain_words(value: Any) -> str:
    return ", ".join(map(_plainly, value)) if isinstance(value, list) else _plainly(value)


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def short(value: Any, most: int = LONGEST) -> str:
    """The beginning of a text."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else text[:most] + "…"


def summary_of(shape: Shape, value: Any, *, needed: bool = False) -> str:
    """What stands at a place, in a few words; a condition that is needed does not hold by itself."""
    shape = chosen(shape, value)
    if value is None or value in ({}, []):
        unsaid = shape.kind == "condition" and value is None and not needed
        return "Always" if unsaid else NOT_SAID if needed else "None yet"
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
    """The keys of the part at a place; until it is said which of several forms it has, those of them all."""
    shape, value = shape_at(data, path), at(data, path)
    here = chosen(shape, value) if shape is not None else ROOT
    keys = keys_of(here.model) if here.model is not None else ()
    if shape is None or is_settled(shape, value):
        return keys
    every = [{key.name for key in keys_of(one.model)} for one in shape.others if one.model is not None]
    marks = marks_of(shape)[0]
    return tuple(key for key in keys if key.name not in marks and all(key.name in one for one in every))


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
                "value": summary_of(
                    shape, value, needed=key.needed or shape.kind == "condition" and value == {}
                ),
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
            "saying": "" if plain else _beside_name(data, path, step),
            "url": "" if plain else address(draft, (*path, step)),
            "step": step,
            "first": place == 0,
            "last": place == len(steps) - 1,
            "remove": address(draft, (*path, step), "remove_part"),
        }
        for place, step in enumerate(steps)
    ]


def _beside_name(data: Any, path: Path, step: str | int) -> str:
    """What stands beside the name of an item: of one in a list that gives itself none, all that it says."""
    part, shape = at(data, (*path, step)), shape_at(data, (*path, step))
    if isinstance(step, str) or shape is None or name_at(data, (*path, step)) or shape.kind == "condition":
        return saying(part)
    return rule_in_words(shape, part) or NOT_SAID


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
