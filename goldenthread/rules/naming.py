"""What to say of a name that stands for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from goldenthread.rules.documents import Path

MOST_LISTED = 20


@dataclass(frozen=True)
class Missing:
    """A fault of a reference; if a name stands for nothing, that name and those that would do."""

    path: Path
    sentence: str
    name: str = ""
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Absent(Missing):
    """A fault of something that is nowhere; it may be where the document could not be read."""


def known_name(what: str, name: str, known: Iterable[str], path: Path) -> Iterator[Missing]:
    """A fault if the name is not among those known."""
    names = list(known)
    if name not in names:
        sentence = f"There is no {what} “{name}”{suggestion(name, names)} Known: {listed(names)}."
        yield Missing(path, sentence, name, tuple(dict.fromkeys(names)))


def known_names(what: str, given: Iterable[str], known: Iterable[str], path: Path) -> Iterator[Missing]:
    """The same for each of a list, and a fault for a name that stands in it twice."""
    names, seen = list(known), set()
    for place, name in enumerate(given):
        yield from known_name(what, name, names, (*path, place))
        if name in seen:
            yield Missing((*path, place), f"“{name}” stands here twice; keep one.")
        seen.add(name)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Whatever known name is close, as the end of a sentence; else its full stop."""
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean “{folded[close[0]]}”?" if close else "."


def listed(names: Iterable[str]) -> str:
    """The names in a row, a long row cut."""
    shown = list(dict.fromkeys(names))
    if len(shown) > MOST_LISTED:
        return ", ".join(shown[:MOST_LISTED]) + f" and {len(shown) - MOST_LISTED} more"
    return ", ".join(shown) or "none"
