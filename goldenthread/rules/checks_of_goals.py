"""Whether goals are about audits, grades and follow-up that there are, and whether a report shows them."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Absent, Missing, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the goals."""
    for name, goal in pack.goals.items():
        path: Path = ("goals", name)
        yield from known_names("audit type", goal.of, pack.audit_types, (*path, "of"))
        for kind in goal.of:
            grading = pack.grading.get(pack.audit_types[kind].grading) if kind in pack.audit_types else None
            if goal.grades and grading and (grading.scale is None or not grading.overall):
                said = f"“{kind}” has no overall grade; leave it out, or count something else."
                yield Missing((*path, "of"), said)
            elif goal.grades and grading and grading.scale in pack.scales:
                scale = pack.scales[grading.scale or ""]
                yield from known_names(
                    "grade", goal.grades, [one.key for one in scale.graded()], (*path, "grades")
                )
        if goal.share_of == "discussions in time" and not pack.responses:
            yield Missing((*path, "share_of"), "No discussion follows an audit; add one under “responses”.")
        if goal.share_of == "actions done in time" and pack.actions is None:
            yield Missing((*path, "share_of"), "No actions are recorded; add “actions”.")
    showing = [path for path, one in pack.every_report().items() if "goals" in one.parts]
    if pack.goals and not showing:
        yield Absent(("goals",), "The report does not show them; add “goals” to its parts.")
    for path in showing if not pack.goals else ():
        yield Missing((*path, "parts"), "There are no “goals” to show; add some, or leave the part out.")
