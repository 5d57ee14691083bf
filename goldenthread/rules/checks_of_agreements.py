"""Whether agreements name roles that sign for a team, clocks with a length, and facts that are known."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.facts import CHOOSING_FACTS, SUBJECT_FACTS
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.naming import Missing, known_name, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the agreements."""
    facts = [*SUBJECT_FACTS, *CHOOSING_FACTS, *pack.facts]
    for name, rule in pack.agreements.items():
        path: Path = ("agreements", name)
        yield from known_names("role", rule.signed_by, pack.roles, (*path, "signed_by"))
        yield from known_names("role", rule.copied_to, pack.roles, (*path, "copied_to"))
        for place, role in enumerate(rule.signed_by):
            if role in pack.roles and "keep agreements" not in pack.roles[role].may:
                said = f"“{role}” signs, so the role needs “keep agreements” under its “may”."
                yield Missing((*path, "signed_by", place), said)
        for key in ("check", "review"):
            clock = getattr(rule, key)
            yield from known_name("clock", clock, pack.clocks, (*path, key))
            if isinstance(pack.clocks.get(clock), CycleClock):
                said = "This runs for a length of time, not until the cycle closes; name another clock."
                yield Missing((*path, key), said)
        for key, item in rule.items.items():
            if item.fact is not None:
                yield from known_name("fact", item.fact, facts, (*path, "items", key, "fact"))
