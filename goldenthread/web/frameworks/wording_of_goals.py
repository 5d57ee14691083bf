"""What a framework aims at, in words."""

from __future__ import annotations

from collections.abc import Iterable

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table


def goal_blocks(pack: Framework) -> list[Block]:
    """What is aimed at, where the framework has goals."""
    rows = [
        [
            goal.title,
            in_words(pack.audit_types[kind].title for kind in goal.of if kind in pack.audit_types),
            goal.share_of.capitalize()
            + (f": {', '.join(_grade_words(pack, goal.of, goal.grades))}" if goal.grades else ""),
            goal.aim.capitalize(),
            goal.over.capitalize(),
        ]
        for goal in pack.goals.values()
    ]
    head = ["Goal", "Of", "What is counted", "Aimed at", "Counted over"]
    return (
        [Block("goals", "What is aimed at", tables=[Table("Goals", head, rows, hide_caption=True)])]
        if rows
        else []
    )


def _grade_words(pack: Framework, kinds: Iterable[str], grades: Iterable[str]) -> list[str]:
    scale = pack.scale_of(next(iter(kinds)))
    return [scale.label(grade) for grade in grades]
