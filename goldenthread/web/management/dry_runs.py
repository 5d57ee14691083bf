"""A dry run on the command line: what a framework would have done, in lines or as JSON; nothing is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from goldenthread.programmes.queries.trying import tried_version, try_out
from goldenthread.rules.reading import read_pack
from goldenthread.rules.solver import fill
from goldenthread.web.frameworks.dry_run_rows import day

COUNTS = ("cases", "eligible", "wanted", "due", "picked", "given", "unfilled")


def tried(document: str, *, on: date) -> dict[str, Any]:
    """What the framework would have done in the quarter before a day."""
    pack = read_pack(document)
    version = tried_version(pack, document, hashlib.sha256(document.encode()).hexdigest(), on=on)
    return try_out(pack, version, on=on, solve=fill)


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The counts, reasons, targets, dates and grades, a line each; no names of cases or people."""
    yield f"{found['title']}: the quarter before {day(found['on'])}, seed {found['seed']}"
    for cycle in found["cycles"]:
        yield f"{cycle['title']}, {day(cycle['opens_on'])} to {day(cycle['closes_on'])}"
        for kind in cycle["kinds"]:
            yield from _kind(kind)
    for one in found["targets"]:
        yield f"Target {one['title']}: owed {one['owed']}, picked {one['picked']}, given {one['given']}"
    for one in found["dates"]:
        for title, role, _, at, why in one["rows"]:
            yield f"{one['title']}: {title} ({role}), due {day(at[:10])}: {why}"
    for one in found["forms"]:
        for part, grade, why, _, number in one["outcomes"]:
            forms = "1 form" if number == 1 else f"{number} forms"
            yield f"{one['title']}, {part}: {grade or 'left to judgement'} in {forms}: {why}"
        for place, kind, part, why in one["silent"]:
            yield f"{one['title']}, {part}: rule {place} ({kind}) never fitted: {why}"


def _kind(kind: Mapping[str, Any]) -> Iterator[str]:
    if kind.get("instead"):
        yield f"  {kind['title']}: none; instead: {kind['instead']}"
        return
    yield f"  {kind['title']}: " + ", ".join(f"{what} {kind[what]}" for what in COUNTS if what in kind)
    for reason, number in kind.get("excluded", []):
        yield f"    left out {number}: {reason}"
    for reason, number in kind.get("unfilled_because", []):
        yield f"    without anybody {number}: {reason}"
