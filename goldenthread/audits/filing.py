"""The case note that files an audit on the case system, made ready to copy (WF-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.audits.queries import standing_of
from goldenthread.audits.sheets import Sheet, meant, sheet_of
from goldenthread.rules.grading import OVERALL
from goldenthread.tasks.queries import Standing, people_of

LONGEST_TITLE = 100


@dataclass(frozen=True)
class FilingNote:
    """The note as it goes on the case record: what the case system asks for, field by field."""

    title: str
    note_type: str
    noted_at: datetime
    text: str
    alerted: str

    @property
    def day(self) -> str:
        return f"{timezone.localtime(self.noted_at):%d/%m/%Y}"

    @property
    def time(self) -> str:
        """On the 24-hour clock."""
        return f"{timezone.localtime(self.noted_at):%H:%M}"


def note_for(audit: Audit, *, at: datetime) -> FilingNote:
    """The note in the framework's words, with the grade of record and those whom the case system alerts."""
    on = timezone.localdate(at)
    sheet = sheet_of(audit, on=on)
    filing, judged = sheet.pack.filing, sheet.of_record(OVERALL)
    alerted = _alerted(sheet, standing_of(audit), on=on)
    words = {
        "{type}": sheet.type.title,
        "{reference}": audit.number,
        "{overall}": sheet.scale.label(judged.grade) if judged else "not graded",
        "{date}": _in_words(timezone.localdate(audit.finished_at) if audit.finished_at else on),
        "{alerted}": alerted,
    }
    return FilingNote(
        title=_shortened(_filled(filing.title, words)),
        note_type=filing.note_type,
        noted_at=at,
        text=_filled(filing.text, words),
        alerted=alerted,
    )


def alerted_by(audit: Audit, *, on: date) -> str:
    """Who is to get the case system's own alert: each with the role that they are alerted in."""
    return _alerted(sheet_of(audit, on=on), standing_of(audit), on=on)


def _alerted(sheet: Sheet, standing: Standing, *, on: date) -> str:
    named: dict[str, str] = {}
    for role in meant(sheet.pack.filing.alerts, sheet.known):
        for person in people_of(role, sheet.pack, standing, on=on):
            named.setdefault(person.name, sheet.pack.roles[role].title.lower())
    return ", ".join(f"{name} ({role})" for name, role in named.items()) or "nobody"


def _filled(text: str, words: dict[str, str]) -> str:
    for word, said in words.items():
        text = text.replace(word, said)
    return text


def _shortened(title: str) -> str:
    """A title that the case system takes."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
