"""A condition as a list of lines, all of which or at least one of which hold, as people write one down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from goldenthread.rules.conditions import Condition, sentence
from goldenthread.rules.documents import Path

JOINS = ("all", "any")
OPERANDS_IN_WORDS = {
    "fact": "",
    "answer": "the answer to ",
    "grade": "the grade for ",
    "source": "the use of ",
    "score": "the score ",
    "since": "the time since ",
    "until": "the time until ",
}
CONDITIONS: TypeAdapter[Any] = TypeAdapter(Condition)


@dataclass(frozen=True)
class Line:
    """One line: a comparison or a group of lines, where it stands without a “not”, and whether it has one.

    One that does not stand `apart` is said in one breath with others, as by a condition that has both “all”
    and “any”; it stands apart once the condition is saved.
    """

    path: Path
    condition: Any
    negated: bool
    apart: bool = True

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
    """The lines of a condition; a single comparison is one line, and none is no line.

    Of a condition that says several things at once each is a line, and all of them must hold.
    """
    negated = _is_not(condition) and _join(condition["not"]) is not None
    inner, where = (condition["not"], (*path, "not")) if negated else (condition, path)
    join = _join(inner)
    if join is None:
        alone = _at_once(condition, path) if isinstance(condition, dict) and condition else ()
        return Group(path, "all", False, alone)
    listed = isinstance(inner[join], list)
    besides = _at_once({key: said for key, said in inner.items() if key != join or not listed}, where)
    if not listed or (besides and join != "all"):
        return Group(where, "all", negated, _at_once(inner, where))
    lines = tuple(_line(item, (*where, join, place)) for place, item in enumerate(inner[join]))
    return Group(where, join, negated, (*lines, *(replace(one, apart=False) for one in besides)))


def _at_once(condition: dict[str, Any], path: Path) -> tuple[Line, ...]:
    """Each thing that a condition says, as a line: its groups, what does not hold, its comparison."""
    if _is_not(condition) or not {*JOINS, "not"} & condition.keys():
        return (_line(condition, path),) if condition else ()
    said = [{key: condition[key]} for key in condition if key in (*JOINS, "not")]
    compared = {key: one for key, one in condition.items() if key not in (*JOINS, "not")}
    parts = [_in_list(one) for one in said] + ([compared] if compared else [])
    return tuple(replace(_line(one, path), apart=False) for one in parts)


def _in_list(condition: dict[str, Any]) -> dict[str, Any]:
    """A group whose lines are a list, also where a single line was written without one."""
    ((key, said),) = condition.items()
    return {key: [said]} if key in JOINS and isinstance(said, dict) else condition


def _is_not(condition: Any) -> bool:
    """Whether a condition says of another that it does not hold, and nothing else."""
    return isinstance(condition, dict) and condition.keys() == {"not"}


def _join(condition: Any) -> str | None:
    return next((join for join in JOINS if isinstance(condition, dict) and join in condition), None)


def _line(condition: Any, path: Path) -> Line:
    if _is_not(condition):
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
        return _unfinished(condition)


def _unfinished(condition: Any) -> str:
    """What cannot be read yet; a comparison that names what it compares and no more says so much."""
    if isinstance(condition, dict) and len(condition) == 1:
        ((key, name),) = condition.items()
        if key in OPERANDS_IN_WORDS and isinstance(name, str):
            return f"{OPERANDS_IN_WORDS[key]}“{name}”, of which it is not chosen yet how it is compared"
    return "something that is not complete yet"


def fault_of(condition: Any) -> str:
    """What is wrong with a comparison by itself, as a sentence; nothing if it can be read."""
    try:
        CONDITIONS.validate_python(condition)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        return str(found.get("ctx", {}).get("error", f"{found['msg']}."))
    return ""
