"""What the case system says beside an audit's questions: as at the day of the page, then as at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from goldenthread.audits.sheets import Sheet, rule_of
from goldenthread.caseload.queries import facts_of
from goldenthread.rules.beside import Prompt, prompt
from goldenthread.rules.forms import Question

HELD_BY_THE_ROLE = "the role"


@dataclass(frozen=True)
class CaseSays:
    """The facts of one day; nothing where they are not to be shown."""

    on: date
    system: str
    facts: Mapping[str, Any] | None = field(default=None)

    @property
    def head(self) -> str:
        """Where it comes from and of which day it is."""
        return f"From the {self.system} as at {self.on.day} {self.on:%B %Y}"

    def prompts(self, question: Question) -> tuple[Prompt, ...]:
        """What stands beside one question."""
        if self.facts is None:
            return ()
        return tuple(prompt(one, self.facts, self.on) for one in question.beside)

    def line(self, question: Question) -> str:
        """The same in one line of text."""
        said = "; ".join(f"{one.label}: {one.words}" for one in self.prompts(question))
        return f"{self.head}: {said}" if said else ""


def case_says(sheet: Sheet) -> CaseSays:
    """What stands beside the questions of an audit, or of a return that one of the staff fills in.

    Those invited from outside, and those whose words are typed in, are shown nothing of the case system; nor
    does a stopped audit show any, or one whose words are removed. A query more only once it is finished.
    """
    audit, system = sheet.audit, sheet.words["case_system"]
    if not any(question.beside for question in sheet.form.questions()) or _is_closed(sheet):
        return CaseSays(sheet.on, system)
    if audit.finished_at is None:
        return CaseSays(sheet.on, system, sheet.facts)
    on = timezone.localdate(audit.finished_at)
    return CaseSays(
        on, system, sheet.facts if on == sheet.on else facts_of([audit.subject_id], on)[audit.subject_id]
    )


def _is_closed(sheet: Sheet) -> bool:
    audit = sheet.audit
    if sheet.in_return and rule_of(audit, sheet.in_return).filled_in_by != HELD_BY_THE_ROLE:
        return True
    return audit.blanked_at is not None or audit.phase == "stopped"
