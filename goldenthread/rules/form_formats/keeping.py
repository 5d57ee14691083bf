"""What a format has no words for travels beside it, so that a form written out is read back as the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from goldenthread.rules.forms import Form, Question, Section

LONGEST = 30_000
Kept = dict[tuple[int, ...], dict[str, Any]]
"""By place: (section,) or (section, question)."""


def kept_beside(form: Form, read_back: Form) -> Kept:
    """Whatever of each part comes back otherwise than it was, by its place in the form."""
    kept: Kept = {}
    for place, (section, other) in enumerate(zip(form.sections, read_back.sections, strict=True)):
        kept[(place,)] = _differing(section, other)
        for position, (question, again) in enumerate(zip(section.questions, other.questions, strict=True)):
            kept[(place, position)] = _differing(question, again)
    return {place: found for place, found in kept.items() if found}


def _differing(part: Section | Question, other: Section | Question) -> dict[str, Any]:
    """The fields that differ, as plain data."""
    was, now = (one.model_dump(mode="json", by_alias=True) for one in (part, other))
    return {name: was[name] for name in was if was[name] != now[name] and name not in ("questions", "key")}


def guarded(kept: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    """The kept fields with the file's own words for them, so that a later change there is seen."""
    said = {name: sources[name] for name in kept if sources.get(name) is not None}
    return kept | ({"said": said} if said else {})


def as_text(kept: dict[str, Any]) -> str:
    """The kept fields in one cell, which holds nothing that other tools take for a reference."""
    said = json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""
    return said.replace("${", "$\\u007b")


def from_text(text: str, complain: Callable[[], None]) -> dict[str, Any]:
    """The kept fields of a cell; what cannot be read is complained of and is none."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        complain()
        return {}
    return found
