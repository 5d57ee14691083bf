"""The parts of a framework in the order in which people think of them."""

from __future__ import annotations

from typing import Any

GROUPS = {
    "What is audited, when and by whom": (
        "calendar, calendars, subjects, facts, naming_facts, audit_types, selection, pairing, targets, "
        "triggers"
    ),
    "The form, its grades and its steps": (
        "forms, scales, grading, flows, clocks, sources, causes, severities, findings, "
        "standards, schemes, ended_standards"
    ),
    "People and words": "roles, notices, vocabulary",
    "What follows": (
        "concern, conduct, re_audit, responses, actions, disputes, ladders, gates, pauses, moderation, "
        "agreements"
    ),
    "Reports and filing": "report, reports, copies, goals, themes, filing",
}
OTHERS = "Further parts"


def grouped(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The rows under headings; a part that no group names stands under a heading of its own."""
    left = {row["name"]: row for row in rows}
    groups = []
    for title, names in GROUPS.items():
        held = [left.pop(name) for name in names.split(", ") if name in left]
        groups.append({"title": title, "rows": held})
    return [group for group in [*groups, {"title": OTHERS, "rows": [*left.values()]}] if group["rows"]]
