"""Words for people where a report names nobody: the name of each goes, and a role's word stands there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "sir"})
ANOTHER = "colleague"
"""Said for a part of a name that several people share."""
BEGINS = re.compile(r"(?:^|[.!?:]\s+|\n\s*[-•]?\s*)\Z")


def put_words_for(text: str, people: Mapping[str, str]) -> str:
    """The text with each of these names, whole or in part, put as “the” and the word for that person.

    A whole name is found in any letters; a part of one only as it is written with its capital, since many are
    words as well. It takes too much out rather than too little, and knows no names but these.
    """
    whole = {" ".join(name.split()).casefold(): word for name, word in people.items() if name.strip()}
    if not whole:
        return text
    parts = _parts(people)
    spelt = sorted({*whole, *filter(str.strip, people)}, key=len, reverse=True)  # an “ß” is “SS” in capitals
    written = sorted(parts, key=len, reverse=True)
    names = [rf"(?i:{_spaced(name)})" for name in spelt] + [re.escape(part) for part in written]
    found = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")

    def said(match: re.Match[str]) -> str:
        name = match[0]
        word = whole.get(" ".join(name.split()).casefold()) or parts.get(name, ANOTHER)
        article = "The" if BEGINS.search(text, 0, match.start()) else "the"
        return f"{article} {word}"

    return found.sub(said, text)


def naming(values: Iterable[str], names: Iterable[str]) -> set[str]:
    """The values in which the name of one of these people stands, in any letters and order of its words."""
    by_last: dict[str, list[set[str]]] = defaultdict(list)
    for name in names:
        if words := _words(name):
            by_last[words[-1]].append(set(words))
    return {value for value in values if _names_one(_words(value), by_last)}


def _names_one(words: list[str], by_last: Mapping[str, list[set[str]]]) -> bool:
    """A name of one word is found alone only, since many are words as well."""
    said = set(words)
    return any(
        name <= said and (len(name) > 1 or len(said) == 1) for word in said for name in by_last.get(word, ())
    )


def _words(text: str) -> list[str]:
    return [one for one in re.split(r"[^\w'’-]+", text.casefold()) if one]


def _parts(people: Mapping[str, str]) -> dict[str, str]:
    """First names and surnames that begin with a capital, each with its word."""
    parts: dict[str, str] = {}
    for name, word in people.items():
        for part in (one.strip(".,()") for one in name.split()):
            if len(part) > 1 and part[0].isupper() and part.casefold() not in TITLES:
                parts[part] = word if parts.get(part, word) == word else ANOTHER
    return parts


def _spaced(name: str) -> str:
    """A whole name, however much space stands between its parts."""
    return r"\s+".join(re.escape(part) for part in name.split())
