"""What somebody fills in, an audit or one of its returns, and where its pages are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from goldenthread.audits.models import Audit, Return
from goldenthread.audits.queries import may_edit
from goldenthread.audits.returns import may_fill, rule
from goldenthread.audits.sheets import Sheet
from goldenthread.people.models import Person


@dataclass(frozen=True)
class Paper:
    """An audit's own form, or a return's; the same pages fill in both."""

    audit: Audit
    in_return: Return | None = None

    @property
    def public_id(self) -> str:
        return (self.in_return or self.audit).public_id

    @property
    def title(self) -> str:
        """Whose part it is; nothing for the audit's own."""
        return rule(self.in_return).title if self.in_return else ""

    @property
    def url(self) -> str:
        return reverse("show_return" if self.in_return else "show_audit", args=[self.public_id])

    @property
    def save_answer_url(self) -> str:
        return reverse("save_return_answer" if self.in_return else "save_answer", args=[self.public_id])

    @property
    def save_judgement_url(self) -> str:
        return reverse("save_return_judgement" if self.in_return else "save_judgement", args=[self.public_id])

    def section_url(self, section: str) -> str:
        """The page of one section, or of the overall grade."""
        return reverse(
            "return_section" if self.in_return else "audit_section", args=[self.public_id, section]
        )

    def skip_url(self, section: str) -> str:
        """Where a section is left out or taken up again."""
        name = "skip_return_section" if self.in_return else "skip_section"
        return reverse(name, args=[self.public_id, section])

    def may_edit(self, person: Person, *, on: date) -> bool:
        """Whether this person may answer and grade in it now."""
        if self.in_return:
            return may_fill(self.in_return, person, on=on)
        return may_edit(self.audit, person, on=on)


def paper_of(sheet: Sheet) -> Paper:
    """What a sheet was read from."""
    return Paper(sheet.audit, sheet.in_return)
