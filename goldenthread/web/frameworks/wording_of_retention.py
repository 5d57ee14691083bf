"""How long a framework's audits are kept, in words."""

from goldenthread.rules.framework import Framework
from goldenthread.rules.retention import sentence


def retention_sentences(pack: Framework) -> list[str]:
    """For each kind of audit: how long, from when, what then, and why; nothing where no kind says so."""
    kinds = pack.audit_types.values()
    if not any(kind.retention for kind in kinds):
        return []
    return [
        f"{kind.title}: {sentence(kind.retention)} {kind.retention.because}"
        if kind.retention
        else f"{kind.title}: kept until told otherwise."
        for kind in kinds
    ]
