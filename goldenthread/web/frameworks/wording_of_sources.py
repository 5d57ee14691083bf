"""Where auditors look, and what is asked about it, in words."""

from __future__ import annotations

from goldenthread.rules.framework import AuditType, Framework


def sources_used(pack: Framework, kind: AuditType) -> list[str]:
    """Which sources a kind of audit uses, and what is asked about them, as sentences."""
    titles = "; ".join(pack.sources.get(name, name) for name in kind.sources)
    said = [f"Sources, of each of which is said whether it could be used: {titles}."] if titles else []
    if kind.asks_source:
        said.append("Where a question names several sources, the answer says on which it rests.")
    return said
