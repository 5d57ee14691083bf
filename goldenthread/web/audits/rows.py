"""How audits, their sections, steps and tasks read on their pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.audits.gaps import Gap, gap_of_time, gaps
from goldenthread.audits.holding import Obstacle, obstacles
from goldenthread.audits.models import Audit
from goldenthread.audits.returns import ALL, KIND
from goldenthread.audits.sheets import Sheet
from goldenthread.frameworks.queries import pack_of
from goldenthread.rules.flow import CHECKING, FILED, FINAL, OWED, STOPPED, WORKING, Step
from goldenthread.rules.grading import OVERALL
from goldenthread.tasks.models import Task
from goldenthread.web.audits.papers import paper_of
from goldenthread.web.tasks.rows import task_rows

COLOURS = {
    OWED: "grey",
    WORKING: "blue",
    CHECKING: "purple",
    FINAL: "turquoise",
    FILED: "green",
    STOPPED: "red",
}
HEAD = ("Audit", "Case", "Team", "Auditor", "Status", "Cycle closes")
PAGES = {
    "a conversation arranged": "arrange_conversation",
    "a conversation held": "record_conversation",
    "points": "check_report",
    "a discussion": "check_report",
    "a case note": "show_case_note",
}
"""The page on which what a step requires is given."""


@dataclass(frozen=True)
class Missing:
    """Something missing, and where it is given."""

    sentence: str
    url: str


@dataclass(frozen=True)
class Action:
    """A step that this person may take: here by a button, or on a page of its own."""

    name: str
    step: Step
    url: str
    missing: list[Missing]
    wants_note: bool
    held: list[Obstacle]
    may_pass: bool


def audit_rows(audits: Iterable[Audit]) -> list[list[Any]]:
    """A table's rows: the audit, the case, the team, the auditor, how far it is, until when."""
    return [
        [
            {
                "text": audit.number,
                "url": reverse("show_audit", args=[audit.public_id]),
                "hint": _type(audit),
                "unbroken": True,
            },
            {"text": audit.subject.shown, "unbroken": True},
            audit.unit.name,
            audit.auditor.name,
            {"text": status_of(audit), "tag": COLOURS.get(audit.phase, "grey")},
            f"{audit.closes_on.day} {audit.closes_on:%B %Y}",
        ]
        for audit in audits
    ]


def _type(audit: Audit) -> str:
    return pack_of(audit.version).audit_types[audit.audit_type].title


def status_of(audit: Audit) -> str:
    """How far the audit is, in the framework's words."""
    return pack_of(audit.version).flow_of(audit.audit_type).states[audit.state].label


def section_items(sheet: Sheet) -> list[dict[str, str]]:
    """The sections as a task list: what is complete, begun, left out."""
    form_gaps = _gaps_by_section(sheet)
    offered = [(section.key, sheet.form.title_of(section)) for section, _ in sheet.offered]
    items = [_item(sheet, key, title, form_gaps) for key, title in offered]
    if sheet.grading.overall:
        items.append(_item(sheet, OVERALL, sheet.grading.overall_label, form_gaps))
    return items


def _gaps_by_section(sheet: Sheet) -> dict[str, int]:
    """How many things each section still lacks, for everything that a form can lack now."""
    whole = Step.model_validate(
        {"label": "All", "from": ["x"], "to": "x", "by": ["x"], "requires": ["answers", "grades"]}
    )
    counts: dict[str, int] = {}
    for gap in gaps(sheet, whole):
        counts[gap.where] = counts.get(gap.where, 0) + 1
    return counts


def _item(sheet: Sheet, key: str, title: str, lacking: dict[str, int]) -> dict[str, str]:
    item = {"text": title, "url": paper_of(sheet).section_url(key)}
    if key in sheet.skipped:
        return item | {"status": "Left out", "colour": "grey"}
    if key not in lacking:
        return item | {"status": "Completed"}
    if _is_begun(sheet, key):
        return item | {"status": "In progress", "colour": "light-blue", "hint": _to_go(lacking[key])}
    return item | {"status": "Not started", "colour": "blue"}


def _to_go(count: int) -> str:
    return "1 thing still to do" if count == 1 else f"{count} things still to do"


def _is_begun(sheet: Sheet, key: str) -> bool:
    section = sheet.form.section(key)
    keys = {question.key for question in section.questions} if section else set()
    stage = sheet.stage.key if sheet.stage else ""
    return bool(keys & set(sheet.answers) or sheet.rows.get(key)) or (key, stage) in sheet.judgements


def actions_of(sheet: Sheet, roles: set[str]) -> list[Action]:
    """The steps open to somebody with these roles, each with what is still missing for it."""
    audit = sheet.audit
    return [
        Action(
            name,
            step,
            _page_of(audit, step),
            [Missing(gap.sentence, url_of_gap(audit, gap)) for gap in _here(sheet, name, step)],
            "a note" in step.requires,
            held := obstacles(sheet, name),
            may_pass(held, roles),
        )
        for name, step in sheet.flow.open_to(state=audit.state, roles=roles)
    ]


def may_pass(held: Iterable[Obstacle], roles: set[str]) -> bool:
    """Whether somebody with these roles may pass everything that stands in the way."""
    return all(set(one.passed_by) & roles for one in held)


def _page_of(audit: Audit, step: Step) -> str:
    """The page on which the step is taken, if it has one of its own."""
    name = next((PAGES[requirement] for requirement in step.requires if requirement in PAGES), "")
    if not name and audit.phase == CHECKING:
        name = "check_report"
    return reverse(name, args=[audit.public_id]) if name else ""


def _here(sheet: Sheet, name: str, step: Step) -> list[Gap]:
    """What is lacking here for the step; what comes with the step is asked for on its own page."""
    if too_soon := gap_of_time(sheet.audit, step, timezone.now()):
        return [too_soon]
    here = tuple(one for one in step.requires if one in ("answers", "grades", ALL))
    return gaps(sheet, step.model_copy(update={"requires": here}), name=name)


def url_of_gap(audit: Audit, gap: Gap) -> str:
    """Where something missing is given."""
    if gap.where == KIND:
        return reverse("show_returns", args=[audit.public_id])
    if gap.where == "conversation":
        return reverse("show_conversation", args=[audit.public_id])
    if gap.row:
        return reverse("audit_row", args=[audit.public_id, gap.where, gap.row])
    return reverse("audit_section", args=[audit.public_id, gap.where]) if gap.where else ""


def tasks_about(audit: Audit, at: datetime) -> list[Any]:
    """What is owed about the audit now, each with why it is due then."""
    owed = Task.objects.open().about("audit", audit.public_id).select_related("person", "unit")
    return task_rows(owed.urgent_first()[:20], at)
