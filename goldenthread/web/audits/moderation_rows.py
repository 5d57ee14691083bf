"""Moderation as tables: one's own, a draw with its picks, answers to read, grades side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from goldenthread.audits.models import Moderation, ModerationDraw, ModerationGrade
from goldenthread.audits.moderating import rule_of
from goldenthread.audits.sheets import Sheet
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.moderation import PartAgreement
from goldenthread.reporting.audit_report import answer_words
from goldenthread.rules.draws import Case
from goldenthread.rules.forms import Given
from goldenthread.web.tables import Table, number, numeric
from goldenthread.web.tasks.rows import day_in_words

NOT_MEASURED = "Not shown"


def standing(moderation: Moderation) -> str:
    """How far it is, in a few words."""
    if moderation.finished_at:
        return "Finished"
    if moderation.graded_at:
        return "Graded; the feedback is to come"
    return "To be graded" if moderation.moderator_id else "Given to nobody yet"


def own(moderations: Iterable[Moderation], words: dict[str, str]) -> Table:
    """The moderations that one does, and finished ones of one's own audits."""
    rows = [
        [
            {
                "text": one.audit.number,
                "unbroken": True,
                "url": reverse("show_moderation", args=[one.public_id]),
            },
            rule_of(one.draw).title,
            one.draw.cycle_title,
            one.moderator.name if one.moderator else "",
            standing(one),
        ]
        for one in moderations
    ]
    head = [words["Audit"], "Moderation", words["Cycle"], "Moderator", "How far it is"]
    empty = f"You have nothing to moderate, and no {words['audit']} of yours was moderated."
    return Table(f"{words['Audits']} that you moderate, and feedback to you", head, rows, empty)


def picks(drawn: ModerationDraw, moderations: Sequence[Moderation], words: dict[str, str]) -> Table:
    """What was drawn, in the order of the draw."""
    rows = [
        [
            number(one.position),
            {"text": one.audit.number, "unbroken": True},
            one.audit.unit.name,
            one.audit.auditor.name,
            one.moderator.name if one.moderator else "Nobody yet",
            standing(one),
        ]
        for one in moderations
    ]
    head = [numeric("Place"), words["Audit"], "Team", words["Auditor"]]
    return Table("Drawn", [*head, "Moderator", "How far it is"], rows)


def left_out(frame: Iterable[Case], words: dict[str, str]) -> Table:
    """What could not be drawn, with the reasons."""
    rows = [
        [{"text": one.key, "unbroken": True}, one.team, capfirst(one.reason)]
        for one in frame
        if not one.eligible
    ]
    return Table("Left out of the draw", [words["Audit"], "Team", "Why"], rows, "Nothing was left out.")


def answers(sheet: Sheet) -> list[Table]:
    """What the auditor answered, section by section, without any grade."""
    found = []
    for section, _ in sheet.sections:
        rows = []
        for row, questions in sheet.by_rows(section):
            for question in questions:
                if not question.is_note:
                    given = sheet.given.get(question.key, Given())
                    asked = f"{row.label}: {question.text}" if row else question.text
                    rows.append([asked, answer_words(question, given, sheet.names), given.evidence])
        head = ["Question", "Answer", "Where the record shows it"]
        found.append(Table(sheet.form.title_of(section), head, rows))
    return [table for table in found if table.rows]


def side_by_side(moderation: Moderation, parts: dict[str, str], sheet: Sheet, compare: bool) -> Table:
    """The moderator's grades, with the auditor's beside them where they may be seen."""
    words, scale = sheet.words, sheet.scale
    rows = []
    for one in sorted(
        moderation.grades.all(), key=lambda one: list(parts).index(one.part) if one.part in parts else 99
    ):
        theirs = [scale.label(one.auditors) if one.auditors else "Not graded"] if compare else []
        mine = scale.label(one.grade) if one.grade else "Not graded"
        rows.append([parts.get(one.part, one.part), *theirs, mine, one.why])
    head = ["Part", *([words["Auditor"]] if compare else []), "Moderator", "Why"]
    return Table(words["Grades"], head, rows)


def measured(version: Version, name: str, found: Sequence[PartAgreement], words: dict[str, str]) -> Table:
    """The agreement on each part, each leading to its pairs."""
    key = pack_of(version).key
    rows: list[list[Any]] = []
    for one in found:
        base = reverse("show_grading_agreement")
        link = {"text": one.label, "url": f"{base}?framework={key}&rule={name}&part={one.part}"}
        said = one.agreement
        numbers = [said.weighted, said.kappa, said.gwet]
        shown = [
            {"text": NOT_MEASURED if each is None else f"{each:.2f}", "numeric": True} for each in numbers
        ]
        rows.append([link, number(said.pairs), number(said.alike), *shown])
    head = ["Part", numeric("Pairs"), numeric("Alike"), numeric("Weighted agreement"), numeric("Kappa")]
    head.append(numeric("Gwet’s coefficient"))
    return Table(f"{words['Grades']} given twice", head, rows, f"No {words['audit']} was moderated yet.")


def pairs(found: Iterable[ModerationGrade], version: Version, name: str, words: dict[str, str]) -> Table:
    """The pairs of one part, each leading to its moderation."""
    pack = pack_of(version)
    scale = pack.scale_of(pack.moderation[name].of[0])
    rows = [
        [
            {
                "text": one.moderation.audit.number,
                "url": reverse("show_moderation", args=[one.moderation.public_id]),
            },
            scale.label(one.auditors),
            scale.label(one.grade),
        ]
        for one in found
    ]
    return Table("Pairs", [words["Audit"], words["Auditor"], "Moderator"], rows)


def facts_of(moderation: Moderation, words: dict[str, str]) -> list[dict[str, str]]:
    """What stands at the head of its page."""
    audit = moderation.audit
    rows = [
        (words["Case"], audit.subject.reference),
        ("Team", audit.unit.name),
        (words["Auditor"], audit.auditor.name),
        ("Moderator", moderation.moderator.name if moderation.moderator else "Nobody yet"),
        ("How far it is", standing(moderation)),
    ]
    if moderation.meets_at and not moderation.met_on:
        rows.append(("You meet on", day_in_words(moderation.meets_at)))
    if moderation.met_on:
        rows.append(("Met on", f"{moderation.met_on.day} {moderation.met_on:%B %Y}"))
    if moderation.finished_at:
        rows.append(("Finished", day_in_words(timezone.localtime(moderation.finished_at))))
    return [{"key": key, "value": value} for key, value in rows]
