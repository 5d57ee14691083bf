"""How disputes, their points and stages read on pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from goldenthread.audits.sheets import Sheet, part_label
from goldenthread.escalations.models import Dispute, DisputeStage
from goldenthread.escalations.queries import waits_for
from goldenthread.frameworks.queries import pack_of
from goldenthread.web.tasks.rows import day_in_words, moment_in_words

SUBJECTS = {"facts": "Facts in the report", "recommendations": "Recommendations and actions"}
COLOURS = {
    "stands": "grey",
    "changed": "purple",
    "amended": "purple",
    "withdrawn": "grey",
    "referred outside": "orange",
    "passed up": "orange",
    "no answer": "red",
}


@dataclass(frozen=True)
class PointRow:
    """One disputed point."""

    label: str
    reasons: str
    evidence: str


@dataclass(frozen=True)
class StageRow:
    """One stage as a person reads it."""

    title: str
    state: str
    colour: str
    began: str
    due: str
    why: str
    met: str
    discussed: str
    answered: str
    said: str
    amended: str
    replied: str


def status_of(dispute: Dispute) -> tuple[str, str]:
    """How a dispute stands, in words and with a colour."""
    if dispute.ended_at is None:
        return "Open", "yellow"
    return str(dispute.get_outcome_display()).capitalize(), COLOURS[dispute.outcome]


def points_of(dispute: Dispute, sheet: Sheet) -> list[PointRow]:
    """What is disputed."""
    return [
        PointRow(part_label(sheet, one.part) if one.part else SUBJECTS[one.about], one.reasons, one.evidence)
        for one in dispute.points.order_by("number")
    ]


def stages_of(dispute: Dispute) -> list[StageRow]:
    """The stages that the dispute has reached, the first one first."""
    stages = dispute.stages.select_related("task", "decided_by", "met_by").order_by("number")
    return [_row(dispute, place, stage) for place, stage in enumerate(stages, 1)]


def present_grades(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Each part that is graded: its key, its label and its grade of record."""
    found = []
    for part, label in sheet.parts:
        judged = sheet.of_record(part)
        found.append((part, label, sheet.scale.label(judged.grade) if judged else "not graded"))
    return found


def list_rows(disputes: Iterable[Dispute]) -> list[dict[str, object]]:
    """Rows of the list."""
    return [
        {"dispute": one, "state": state, "colour": colour}
        for one in disputes
        for state, colour in [status_of(one)]
    ]


def _row(dispute: Dispute, place: int, stage: DisputeStage) -> StageRow:
    state, colour = _state(dispute, stage)
    answered = ""
    if stage.decided_at is not None:
        answered = f"{moment_in_words(stage.decided_at)} by {stage.decided_by}"
    met = f"{stage.met_on.day} {stage.met_on:%B %Y}" if stage.met_on else ""
    return StageRow(
        title=f"Stage {place}: {pack_of(dispute.version).roles[stage.role].title.lower()}",
        state=state,
        colour=colour,
        began=moment_in_words(stage.started_at),
        due=day_in_words(stage.task.due_at),
        why=f"{stage.task.title}. Why then: {stage.task.reason}.",
        met=f"Met on {met}: {stage.attended}" if met else "",
        discussed=stage.discussed,
        answered=answered,
        said=stage.said,
        amended=stage.amended,
        replied=stage.replied,
    )


def _state(dispute: Dispute, stage: DisputeStage) -> tuple[str, str]:
    if stage.outcome:
        return str(stage.get_outcome_display()).capitalize(), COLOURS[stage.outcome]
    if stage.silent_at is not None:
        return "No answer in time", "red"
    waiting = waits_for(dispute, stage)
    return (f"Waits for {waiting}", "yellow") if waiting else ("Not answered", "grey")
