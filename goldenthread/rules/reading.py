"""From YAML to the typed model and back: every fault is named with its path and a sentence."""

from __future__ import annotations

from functools import lru_cache

from goldenthread.rules.checks import reference_faults
from goldenthread.rules.documents import Fault, Path, Reading, read_document, write_document
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused
from goldenthread.rules.structure import structural_faults

MOST_SHOWN = 20


def read_pack(document: str) -> Framework:
    """Read a framework pack; `Refused` names its faults."""
    pack, found = examine(document)
    if pack is None or found:
        raise Refused(_refusal(found))
    return pack


@lru_cache(maxsize=4)
def read_and_written(document: str) -> tuple[Framework, str]:
    """The pack and what is written of it; a document that is checked and then published is read once.

    Nobody changes a pack that was read. `Refused` names the faults of the document.
    """
    pack = read_pack(document)
    return pack, write_pack(pack)


def read_published(document: str) -> Framework:
    """Read a version as it was published: what a later release would no longer accept is left out of it."""
    pack = structural_faults(read_document(document).data)[1]
    if pack is None:
        raise Refused("This version was published by another release of Golden Thread and cannot be read.")
    return pack


def faults(document: str) -> list[Fault]:
    """Every fault of a framework pack, in the order of the document; none if it can be published."""
    return examine(document)[1]


def examine(document: str) -> tuple[Framework | None, list[Fault]]:
    """The pack as far as it can be read, and every fault of the YAML, its parts and what they refer to."""
    reading = read_document(document)
    found = list(reading.faults)
    if reading.data is None:
        return None, _shown(reading, found or [((), "There is nothing in the document.")])
    broken = {path for path, _ in found}
    structural, pack, left_out = structural_faults(reading.data)
    found += [(path, sentence) for path, sentence in structural if path not in broken]
    if pack is not None:
        found += reference_faults(pack, left_out)
    return pack, _shown(reading, found)


def write_pack(pack: Framework) -> str:
    """The pack as canonical YAML: what it says, in the model's order, and nothing else."""
    return write_document(pack.model_dump(mode="json", by_alias=True, exclude_defaults=True))


def _refusal(found: list[Fault]) -> str:
    """All faults as one text, a line each; a screen is never flooded."""
    count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
    lines = [f"The framework cannot be read: {count}.", *(str(fault) for fault in found[:MOST_SHOWN])]
    if len(found) > MOST_SHOWN:
        lines.append(f"… and {len(found) - MOST_SHOWN} more.")
    return "\n".join(lines)


def _shown(reading: Reading, found: list[tuple[Path, str]]) -> list[Fault]:
    """The faults once each, by line, with their paths as people read them."""
    shown = [
        Fault(_words(reading.data, path), sentence, _line(reading, path), path)
        for path, sentence in dict.fromkeys(found)
    ]
    return sorted(shown, key=lambda fault: (fault.line or 0, fault.path, fault.sentence))


def _line(reading: Reading, path: Path) -> int | None:
    """The line of the part, or of the nearest part around it that stands in the document."""
    while path and path not in reading.lines:
        path = path[:-1]
    return reading.lines.get(path) if path else None


def _words(data: object, path: Path) -> tuple[str, ...]:
    """The path with each item of a list named by its key, or else by its place."""
    words = []
    for step in path:
        inner = _step(data, step)
        key = inner.get("key") if isinstance(inner, dict) and isinstance(step, int) else None
        words.append(
            key if isinstance(key, str) and key else str(step + 1) if isinstance(step, int) else step
        )
        data = inner
    return tuple(words)


def _step(data: object, step: str | int) -> object:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None
