"""Answers that name a person, and signatures: what is stored of them, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

PERSON, SIGNATURE = "person", "signature"
LONGEST_NAME = 200
SIGN, KEEP = "sign", "keep"
"""What a page says of a signature: somebody signs now, or what stands there stays."""
NO_NAMES: Mapping[str, str] = {}


class Named(NamedTuple):
    """A person as an answer holds them: an opaque id, or none for somebody without an account; and the name
    as it was when the answer was given."""

    person: str
    name: str


class Signature(NamedTuple):
    """Who signed, in which role, when: all written by the server."""

    person: str
    name: str
    role: str
    at: str


def named(value: str | Sequence[str]) -> Named | None:
    """The person that a stored answer names; None where it names nobody, or its words were removed."""
    return Named(*value) if not isinstance(value, str) and len(value) == len(Named._fields) else None


def signature(value: str | Sequence[str]) -> Signature | None:
    """The signature that a stored answer is; None where nobody signed, or its words were removed."""
    return Signature(*value) if not isinstance(value, str) and len(value) == len(Signature._fields) else None


def person_words(value: str | Sequence[str], now: Mapping[str, str] = NO_NAMES) -> str:
    """The person as people read it; `now` are names of today by id, and a new one stands beside the old."""
    found = named(value)
    return _with_new_name(found.person, found.name, now) if found else _plain(value)


def signature_words(value: str | Sequence[str], now: Mapping[str, str] = NO_NAMES) -> str:
    """The signature as people read it: who, as what, on which day at what time."""
    found = signature(value)
    if found is None:
        return _plain(value)
    role, at = f", {found.role}" if found.role else "", datetime.fromisoformat(found.at)
    name = _with_new_name(found.person, found.name, now)
    return f"Signed by {name}{role}, on {at.day} {at:%B %Y at %H:%M}"


def fault_of_person(value: str | Sequence[str]) -> str | None:
    """What is wrong with the name of a person, as a sentence."""
    found = named(value)
    if found is None or not found.name:
        return "Choose somebody from the list, or write a name."
    if len(found.name) > LONGEST_NAME:
        return f"Shorten the name to {LONGEST_NAME} characters or fewer; it has {len(found.name)}."
    return None


def fault_of_signature(value: str | Sequence[str]) -> str | None:
    """What is wrong with a signature, as a sentence; it is written by the server alone."""
    found = signature(value)
    if found is None or not found.name or not _is_moment(found.at):
        return "A signature is given by signing, and cannot be typed."
    return None


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _with_new_name(person: str, name: str, now: Mapping[str, str]) -> str:
    today = now.get(person, name)
    return name if today == name else f"{name} (now {today})"


def _plain(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(one for one in value if one)
