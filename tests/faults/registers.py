"""Whether what several did at once can have been done one after another, as each saw it.

Each answer is a register whose writes are numbered by the product (the version). Numbers make the check
short: what ended before something else began must have the lower number, or the same where one of them reads.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """A write that was acknowledged, or a read: from when to when (s), the version and the text."""

    began: float
    ended: float
    version: int
    text: str
    wrote: bool = True


def anomalies(done: list[Done], history: dict[int, str]) -> list[str]:
    """What cannot have been, in sentences; `history` holds the text of each version that is kept."""
    found = []
    writes = sorted(one.version for one in done if one.wrote)
    if writes != sorted(history):
        found.append(f"acknowledged were {len(writes)} writes, and {len(history)} versions are kept")
    first = {one.version: one.began for one in done if one.wrote}
    for one in done:
        if one.version and history.get(one.version) != one.text:
            found.append(
                f"version {one.version} was “{one.text}” and is kept as “{history.get(one.version)}”"
            )
        if one.version and not one.wrote and first.get(one.version, one.ended) >= one.ended:
            found.append(f"version {one.version} was read before anybody began to write it")
    return found + _against_time(done)


def _against_time(done: list[Done]) -> list[str]:
    """What saw less than had ended before it began."""
    found, ends, known = [], sorted(done, key=lambda one: one.ended), 0
    place = 0
    for one in sorted(done, key=lambda one: one.began):
        while place < len(ends) and ends[place].ended < one.began:
            known = max(known, ends[place].version)
            place += 1
        if one.version < known or (one.wrote and one.version == known):
            verb = "wrote" if one.wrote else "read"
            found.append(f"somebody {verb} version {one.version} after version {known} was known")
    return found
