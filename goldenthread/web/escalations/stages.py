"""How the stages of a safety alert read, and the case note that each leaves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from goldenthread.audits.filing import LONGEST_TITLE
from goldenthread.escalations.models import Alert, Stage
from goldenthread.escalations.operations import reference_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.ladders import is_last
from goldenthread.web.tasks.rows import day_in_words, moment_in_words


@dataclass(frozen=True)
class StageRow:
    """One stage as a person reads it."""

    title: str
    began: str
    due: str
    why: str
    state: str
    colour: str
    ended: str
    said: str


@dataclass(frozen=True)
class Note:
    """The case note of one stage, ready to copy."""

    number: int
    title: str
    note_type: str
    text: str


def of(alert: Alert) -> list[StageRow]:
    """Every stage that the alert has reached, the first one first."""
    return [_row(alert, stage) for stage in _reached(alert)]


def notes(alert: Alert) -> list[Note]:
    """The case note of every stage that has ended; what is about staff leaves none on a case record."""
    if alert.subject.about_staff:
        return []
    return [_note(alert, stage) for stage in _reached(alert) if stage.ended_at is not None]


def next_role(alert: Alert) -> str:
    """The title of the role that comes next, or nothing at the last stage and once resolved."""
    rungs = pack_of(alert.version).concern.rungs
    running = alert.stages.running().first()
    if running is None or is_last(rungs, running.number):
        return ""
    return _title(alert, rungs[running.number].role)


def _reached(alert: Alert) -> list[Stage]:
    return list(alert.stages.select_related("task", "ended_by").order_by("number"))


def _row(alert: Alert, stage: Stage) -> StageRow:
    state, colour = _state(stage)
    ended = ""
    if stage.ended_at is not None:
        whom = f" by {stage.ended_by}" if stage.ended_by else ""
        ended = f"{moment_in_words(stage.ended_at)}{whom}"
    return StageRow(
        title=f"Stage {stage.number}: {_title(alert, stage.role)}",
        began=moment_in_words(stage.started_at),
        due=day_in_words(stage.task.due_at),
        why=stage.task.reason,
        state=state,
        colour=colour,
        ended=ended,
        said=stage.said,
    )


def _state(stage: Stage) -> tuple[str, str]:
    if stage.outcome == Stage.Outcome.RESOLVED:
        return "Resolved", "green"
    if stage.ended_at is not None:
        return str(stage.get_outcome_display()).capitalize(), "orange"
    return ("No answer in time", "red") if stage.silent_at else ("Waits for an answer", "yellow")


def _note(alert: Alert, stage: Stage) -> Note:
    note = pack_of(alert.version).concern.note
    words = {
        "reference": reference_of(alert),
        "stage": str(stage.number),
        "role": _title(alert, stage.role),
        "outcome": str(stage.get_outcome_display()),
        "date": _day(stage),
    }
    return Note(
        number=stage.number,
        title=note.title.format(**words)[:LONGEST_TITLE],
        note_type=note.note_type,
        text=note.text.format(**words, said=stage.said or "Nobody answered in time.").strip(),
    )


def _day(stage: Stage) -> str:
    day = timezone.localdate(stage.ended_at)
    return f"{day.day} {day:%B %Y}"


def _title(alert: Alert, role: str) -> str:
    return pack_of(alert.version).roles[role].title.lower()
