"""Whether goals are about audits, grades and follow-up that there are, and whether a report shows them."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.goals import Goal
from goldenthread.rules.naming import Absent, Missing, known_name, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the goals."""
    for name, goal in pack.goals.items():
        path: Path = ("goals", name)
        yield from known_names("audit type", goal.of, pack.audit_types, (*path, "of"))
        for kind in goal.of if goal.grades else ():
            yield from _of_grades(pack, goal, kind, path)
        if goal.share_of == "discussions in time" and not pack.responses:
            yield Missing((*path, "share_of"), "No discussion follows an audit; add one under “responses”.")
        if goal.share_of == "actions done in time" and pack.actions is None:
            yield Missing((*path, "share_of"), "No actions are recorded; add “actions”.")
    showing = [path for path, one in pack.every_report().items() if "goals" in one.parts]
    if pack.goals and not showing:
        yield Absent(("goals",), "The report does not show them; add “goals” to its parts.")
    for path in showing if not pack.goals else ():
        yield Missing((*path, "parts"), "There are no “goals” to show; add some, or leave the part out.")


def _of_grades(pack: Framework, goal: Goal, kind: str, path: Path) -> Iterator[Missing]:
    """Whether a kind of audit has the grades that are counted."""
    name = pack.audit_types[kind].grading if kind in pack.audit_types else ""
    grading = pack.grading.get(name)
    if grading is None:
        return
    if grading.scale is None or not (grading.overall or goal.part):
        what = "grades" if goal.part else "overall grade"
        said = f"“{kind}” has no {what}; leave it out, or count something else."
        yield Missing((*path, "of"), said)
        return
    if goal.part:
        form = pack.forms.get(pack.audit_types[kind].form)
        graded = [one.key for one in form.sections if one.graded] if form else []
        yield from known_name("part to grade", goal.part, graded, (*path, "part"))
    if grading.scale in pack.scales:
        known = [one.key for one in pack.scales[grading.scale].graded()]
        yield from known_names("grade", goal.grades, known, (*path, "grades"))
