"""What a framework aims at, in words."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.goals import TEAM, Goal
from goldenthread.rules.grading import labels_of
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table


def goal_blocks(pack: Framework) -> list[Block]:
    """What is aimed at, where the framework has goals."""
    rows = [
        [
            goal.title,
            in_words(pack.audit_types[kind].title for kind in goal.of if kind in pack.audit_types),
            _counted(pack, goal),
            goal.aim[0].upper() + goal.aim[1:],
            goal.over.capitalize() + (", for each team" if goal.per == TEAM else ""),
        ]
        for goal in pack.goals.values()
    ]
    head = ["Goal", "Of", "What is counted", "Aimed at", "Counted over"]
    return (
        [Block("goals", "What is aimed at", tables=[Table("Goals", head, rows, hide_caption=True)])]
        if rows
        else []
    )


def _counted(pack: Framework, goal: Goal) -> str:
    """What a goal counts, with the part and the grades by their words."""
    kind = next(iter(goal.of))
    said = goal.share_of.capitalize()
    if goal.part:
        labels = labels_of(pack.form_of(kind), pack.grading_of(kind))
        said += f", “{labels.get(goal.part, goal.part)}”"
    scale = pack.scale_of(kind)
    return f"{said}: {', '.join(scale.label(grade) for grade in goal.grades)}" if goal.grades else said
