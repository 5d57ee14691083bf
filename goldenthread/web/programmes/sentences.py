"""What the pages of a cycle say of the framework's own rules: whose work nobody is given, who is told."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework

APART = {
    "not their own work": "their own work",
    "not their own team": "their own team’s work",
    "not their own line": "the work of a team that they manage",
    "not the earlier auditor": "what they audited before",
}
ONLY = {
    "only their own work": "Everybody is given their own work and no other.",
    "only their own service": "Everybody stays within their own service.",
}


def kept_apart(pack: Framework) -> list[str]:
    """Whose work nobody is given, for each way of finding auditors that a kind of audit uses."""
    found = []
    for name, rule in pack.pairing.items():
        kinds = [kind.title for kind in pack.audit_types.values() if kind.pairing == name]
        apart = [APART[one] for one in rule.independence if one in APART]
        said = [f"Nobody is given {', or '.join(apart)}."] if apart else []
        said += [ONLY[one] for one in rule.independence if one in ONLY]
        if said and kinds:
            found.append(" ".join([*([f"{in_words(kinds)}:"] if len(pack.pairing) > 1 else ()), *said]))
    return found


def told_on_sending(pack: Framework) -> str:
    """The roles that hear when audits are sent; empty where nobody does."""
    names = dict.fromkeys(name for one in pack.notices.values() if one.on == "sending" for name in one.to)
    return in_words(pack.roles[name].title for name in names)
