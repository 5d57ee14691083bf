"""Whether a document has the parts of a framework: each of pydantic's faults as a path and a sentence."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import suggestion

ROUNDS = 30
SHORT = 60
MARK = re.compile(r"<.*>|\[key\]")
Found = list[tuple[Path, str]]


def structural_faults(data: Any) -> tuple[Found, Framework | None, frozenset[str]]:
    """The faults of the parts; the pack without the faulty ones, if that leaves one; the names left out.

    Leaving out what is faulty lets the rest be checked in the same go: one fault does not hide another.
    """
    if not isinstance(data, dict):
        return (
            [((), "A framework is a list of keys and values, such as “title: Our audits”.")],
            None,
            frozenset(),
        )
    found: Found = []
    left_out: set[str] = set()
    touched: set[Path] = set()
    data = copy.deepcopy(data)
    for _ in range(ROUNDS):
        try:
            return found, Framework.model_validate(data), frozenset(left_out)
        except ValidationError as error:
            errors = [(_path(one), one) for one in error.errors(include_url=False)]
        errors = [(path, one) for path, one in errors if not _follows(one)]
        found += [_fault(path, one) for path, one in errors if not _around(path, touched)]
        removable = {path[:-1] if one["type"] == "missing" else path for path, one in errors}
        if () in removable:
            break
        harmless = {path for path, one in errors if _is_harmless(path, one)}
        touched |= removable - harmless
        for path in sorted(removable, key=_deepest_last_item_first):
            names = set(_names(path, _remove(data, path)))
            left_out |= set() if path in harmless else names
    return found, None, frozenset(left_out)


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because of what is wrong with its items."""
    given = error["input"]
    return error["type"] == "too_short" and isinstance(given, list | dict) and bool(given)


def _around(path: Path, touched: set[Path]) -> bool:
    """Whether a part of or beside this part was taken out before, so that this fault may come of that."""
    return any(other[: len(path)] == path or path[:-1] == other[:-1] for other in touched)


def _is_harmless(path: Path, error: ErrorDetails) -> bool:
    """Whether the part taken out is an unknown key that stands for no known one."""
    return (
        error["type"] == "extra_forbidden" and suggestion(str(path[-1]), known_keys(error["loc"][:-1])) == "."
    )


def _path(error: ErrorDetails) -> Path:
    """Where in the document the fault is: pydantic's place without the marks of alternatives."""
    return tuple(step for step in error["loc"] if not (isinstance(step, str) and MARK.fullmatch(step)))


def _deepest_last_item_first(path: Path) -> tuple[int, list[tuple[int, str]]]:
    return -len(path), [(-step, "") if isinstance(step, int) else (0, step) for step in path]


def _remove(data: Any, path: Path) -> Any:
    """Take a part out of the document and return it; one that is already gone is None."""
    for step in path[:-1]:
        if isinstance(data, dict):
            data = data.get(step)
        else:
            data = (
                data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else None
            )
    last = path[-1]
    if isinstance(data, dict):
        return data.pop(last, None)
    return data.pop(last) if isinstance(data, list) and isinstance(last, int) and last < len(data) else None


def _names(path: Path, part: Any) -> Iterator[str]:
    """Every name that goes with a part left out: its own, and those of all inside it."""
    if isinstance(path[-1], str):
        yield path[-1]
    yield from _names_in(part)


def _names_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _names_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from _names_in(value)
    elif isinstance(part, str):
        yield part


def _fault(path: Path, error: ErrorDetails) -> tuple[Path, str]:
    if error["type"] == "extra_forbidden":
        known = known_keys(error["loc"][:-1])
        said = f"There is no key “{path[-1]}” here{suggestion(str(path[-1]), known)}"
        return path, f"{said} Known keys: {', '.join(known)}."
    return path, _sentence(path, error)


def _sentence(path: Path, error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return _not_one_of(error["input"], str(context["expected"]))
    if kind == "union_tag_invalid":
        return _not_one_of(str(context["tag"]).strip("<>"), re.sub("[<>]", "", context["expected_tags"]))
    if kind == "missing":
        return f"“{path[-1]}” is missing here; add it."
    if kind == "union_tag_not_found" and isinstance(error["input"], dict):
        return "“kind” is missing here; say what this is."
    for prefix, say in SENTENCES.items():
        if kind.startswith(prefix):
            return say(error["input"], context)
    return f"{error['msg']}."


def _not_one_of(given: Any, expected: str) -> str:
    known = [one or other for one, other in re.findall(r"'([^']*)'|\"([^\"]*)\"", expected)]
    return (
        f"{_said(given)} is not known here{suggestion(str(given), known)} Write one of: {', '.join(known)}."
    )


def _said(given: Any) -> str:
    """What the document says, short."""
    if given is None:
        return "Nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, dict | Mapping):
        return "A list of keys and values"
    if isinstance(given, list | tuple):
        return "A list"
    text = str(given)
    return f"“{text if len(text) <= SHORT else text[:SHORT] + '…'}”"


def _wanted(what: str) -> Callable[[Any, Any], str]:
    return lambda given, _: f"{_said(given)} stands here; write {what}."


SENTENCES: dict[str, Callable[[Any, Any], str]] = {
    "string_type": _wanted("text, in quotes if it looks like a number or like true or false"),
    "string_too_short": lambda given, context: "Nothing stands here; write something, or leave the key out.",
    "string_too_long": lambda given, context: (
        f"This is longer than {context['max_length']:,} characters; shorten it."
    ),
    "string_pattern": lambda given, context: (
        f"{_said(given)} does not serve as a name; a key has small letters, numbers and single hyphens, "
        "and a name neither begins nor ends with a space and keeps to one line."
    ),
    "bool": _wanted("true or false"),
    "int": _wanted("a whole number"),
    "float": _wanted("a number"),
    "finite": _wanted("a number"),
    "tuple": _wanted("a list, such as [one, another]"),
    "dict": _wanted("keys and values under this key"),
    "model": _wanted("keys and values under this key"),
    "too_short": lambda given, context: f"The list is too short; name at least {context['min_length']}.",
    "greater_than": lambda given, context: (
        f"{_said(given)} is too low; write {context.get('ge', context.get('gt'))} or more."
    ),
    "less_than": lambda given, context: (
        f"{_said(given)} is too high; write {context.get('le', context.get('lt'))} or less."
    ),
    "union_tag": _wanted("one of the forms that this part can take"),
}


def known_keys(loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the model knows at a place that pydantic names."""
    model = _type_at(Framework, loc)
    return keys_of(model) if isinstance(model, type) and issubclass(model, BaseModel) else []


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a part as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _type_at(model: Any, loc: tuple[str | int, ...]) -> Any:
    """The type of the model at a place, alternatives chosen by their marks."""
    model = _bare(model)
    if not loc:
        return model
    step, rest = loc[0], loc[1:]
    if isinstance(step, str) and step.startswith("<"):
        return _type_at(_tagged(model, step), rest)
    if isinstance(model, type) and issubclass(model, BaseModel):
        fields = {
            field.alias or name: field.rebuild_annotation() for name, field in model.model_fields.items()
        }
        return _type_at(fields.get(str(step)), rest)
    inside = get_args(model)
    return _type_at(inside[1 if get_origin(model) is dict else 0], rest) if inside else None


def _bare(annotation: Any) -> Any:
    """The type without its annotations and without “or nothing”; alternatives stay as they are."""
    while get_origin(annotation) is Annotated or get_origin(annotation) in (Union, UnionType):
        inside = get_args(annotation)
        if get_origin(annotation) is Annotated:
            annotation = inside[0]
            continue
        kept = [one for one in inside if one is not type(None)]
        if len(kept) != 1:
            break
        annotation = kept[0]
    return annotation


def _tagged(annotation: Any, tag: str) -> Any:
    """The alternative that bears the mark."""
    for one in get_args(annotation):
        if any(isinstance(mark, Tag) and mark.tag == tag for mark in get_args(one)[1:]):
            return one
        if (found := _tagged(_bare(one), tag)) is not None:
            return found
    return None
