"""A condition as a list of lines, all of which or at least one of which hold, as people write one down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from goldenthread.rules.conditions import Condition, sentence
from goldenthread.rules.documents import Path

JOINS = ("all", "any")
CONDITIONS: TypeAdapter[Any] = TypeAdapter(Condition)


@dataclass(frozen=True)
class Line:
    """One line: a comparison or a group of lines, where it stands without a “not”, and whether it has one."""

    path: Path
    condition: Any
    negated: bool

    @property
    def is_comparison(self) -> bool:
        """Whether it compares something itself."""
        return is_comparison(self.condition)


@dataclass(frozen=True)
class Group:
    """Lines and how they are joined; `path` is where they stand, a “not” around them left out."""

    path: Path
    join: str
    negated: bool
    lines: tuple[Line, ...]


def is_comparison(condition: Any) -> bool:
    """Whether a condition is a single comparison."""
    return isinstance(condition, dict) and not {"all", "any", "not"} & condition.keys()


def group_of(condition: Any, path: Path) -> Group:
    """The lines of a condition; a single comparison is one line, and none is no line."""
    negated = isinstance(condition, dict) and _join(condition.get("not")) is not None
    inner, where = (condition["not"], (*path, "not")) if negated else (condition, path)
    join = _join(inner)
    if join is None:
        alone = (_line(condition, path),) if isinstance(condition, dict) and condition else ()
        return Group(path, "all", False, alone)
    items = inner[join] if isinstance(inner[join], list) else []
    lines = tuple(_line(item, (*where, join, place)) for place, item in enumerate(items))
    return Group(where, join, negated, lines)


def _join(condition: Any) -> str | None:
    return next((join for join in JOINS if isinstance(condition, dict) and join in condition), None)


def _line(condition: Any, path: Path) -> Line:
    if isinstance(condition, dict) and "not" in condition:
        return Line((*path, "not"), condition["not"], True)
    return Line(path, condition, False)


def joined(group: Group, *, join: str, negated: bool, more: Any = None) -> Any:
    """The lines as a condition again, joined in this way, perhaps with one more."""
    items = [{"not": line.condition} if line.negated else line.condition for line in group.lines]
    items += [] if more is None else [more]
    whole = items[0] if len(items) == 1 else {join: items}
    return {"not": whole} if negated else whole


def in_words(condition: Any) -> str:
    """A condition as a sentence; one that says too little or too much is called so."""
    try:
        return sentence(CONDITIONS.validate_python(condition) if condition is not None else None)
    except ValidationError:
        return "something that is not complete yet"


def fault_of(condition: Any) -> str:
    """What is wrong with a comparison by itself, as a sentence; nothing if it can be read."""
    try:
        CONDITIONS.validate_python(condition)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        return str(found.get("ctx", {}).get("error", f"{found['msg']}."))
    return ""
