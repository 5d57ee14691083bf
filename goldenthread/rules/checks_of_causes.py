"""Whether a framework has what it says that each thing to improve must name."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing

KEYS = {"theme": "themes", "source": "sources", "cause": "causes", "severity": "severities"}


def faults(pack: Framework) -> Iterator[Missing]:
    """Something that is needed and cannot be chosen, or that is listed twice."""
    needs = pack.findings.needs if pack.findings else ()
    for place, said in enumerate(needs):
        if not getattr(pack, KEYS[said]):
            sentence = (
                f"The framework names no {KEYS[said]}, so none can be chosen; name some, or leave it out."
            )
            yield Absent(("findings", "needs", place), sentence)
        if said in needs[:place]:
            yield Missing(("findings", "needs", place), f"“{said}” stands here twice; keep one.")
