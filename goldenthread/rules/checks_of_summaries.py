"""Whether those who are to read only a summary of an audit read no more of it in another way."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Framework
from goldenthread.rules.naming import Missing, known_names

FIGURES = "see reports"
ASKED = {"answers", "grades"}


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the summaries of kinds of audit."""
    for name, kind in pack.audit_types.items():
        if kind.summary is None:
            continue
        path: Path = ("audit_types", name, "summary")
        yield from known_names("role", kind.summary.to, pack.roles, (*path, "to"))
        yield from known_names("part of a summary", kind.summary.also, kind.summary.also, (*path, "also"))
        for place, role in enumerate(kind.summary.to):
            if role in pack.roles and (said := _reads_more_or_nothing(pack, name, role)):
                yield Missing((*path, "to", place), said)


def _reads_more_or_nothing(pack: Framework, name: str, role: str) -> str:
    """Why a role cannot read a summary and no more; nothing where it can."""
    kind, title = pack.audit_types[name], pack.roles[role].title
    flow, grading = pack.flows.get(kind.flow), pack.grading.get(kind.grading)
    states = list(flow.states.values()) if flow else []
    if any(role in state.edited_by for state in states):
        return f"“{title}” fills in the form, and so reads all of it; take the role out."
    if grading and any(stage.by == role for stage in grading.stages):
        return f"“{title}” gives grades, and so reads what they rest on; take the role out."
    if states and not any(role in state.shown_to for state in states):
        return f"No state is shown to “{title}”, so there is nothing to read; add the role to “shown_to”."
    steps = flow.steps.values() if flow else ()
    if asked := [step.label for step in steps if role in step.by and ASKED & {*step.requires}]:
        return f"“{title}” takes the step “{asked[0]}”, which tells what is not answered; take the role out."
    if FIGURES in pack.roles[role].may:
        said = f"“{title}” may “{FIGURES}”, whose figures lead to single answers"
        return f"{said}; take the role out, or that permission from it."
    return ""
