"""Whether what a framework says of keeping audits can be kept."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing
from goldenthread.rules.retention import Retention
from goldenthread.rules.spans import parse_span
from goldenthread.rules.subjects import CASE

KEEPS = "keep and remove records"


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of how long audits are kept."""
    keeping = any(KEEPS in role.may for role in pack.roles.values())
    for name, kind in pack.audit_types.items():
        if kind.retention is None:
            continue
        path: Path = ("audit_types", name, "retention")
        yield from _rule(pack, name, kind.retention, path)
        if not keeping:
            said = "Nobody could stop or see what is removed; let a role"
            yield Absent(path, f"{said} “{KEEPS}”.")


def _rule(pack: Framework, name: str, rule: Retention, path: Path) -> Iterator[Missing]:
    if parse_span(rule.keep).number == 0:
        yield Missing((*path, "keep"), "Nothing would be kept at all; write how long, for example “5 years”.")
    if rule.since == "its case is closed" and pack.kind_audited(name) != CASE:
        yield Missing(
            (*path, "since"),
            "Only cases are closed, and this looks at something else; count since it is finished.",
        )
