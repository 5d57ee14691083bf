"""One made-up audit, taken through its real steps as its auditor and the quality team would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from goldenthread.audits.filing import note_for
from goldenthread.audits.models import Audit
from goldenthread.audits.operations import (
    Judged,
    Said,
    arrange_conversation,
    note_finding,
    record_conversation,
    record_earlier_work,
    save_answer,
    save_first_answers,
    save_first_judgements,
    save_judgement,
    take_step,
)
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.findings.operations import Found
from goldenthread.people.models import Person
from goldenthread.rules.forms import Given, Question
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL
from goldenthread.web.demo import words
from goldenthread.web.demo.calibration import before_conversation, near

MISSED = {"outstanding": 0.02, "good": 0.07, "requires improvement": 0.22, "inadequate": 0.4}
"""How often a basic check is not met, by the audit's overall grade."""


@dataclass(frozen=True)
class Plan:
    """What the audit will come to: its overall grade, and what chance decides the rest.

    `together` saves what is answered and graded in one sitting at once, as decision 9 says.
    """

    overall: str
    random: Random
    together: bool = True


def draft(audit: Audit, plan: Plan, at: datetime) -> None:
    """Answer every question and grade every part from the record alone, and finish the draft."""
    sheet = sheet_of(audit)
    asked = (one for _, questions in sheet.sections for one in questions if not one.is_note)
    said = [
        Said(question.key, _given(question, plan), at + timedelta(minutes=3 * place))
        for place, question in enumerate(asked)
    ]
    _answer(audit, said, plan)
    _note_findings(audit, sheet, plan, at + timedelta(minutes=80))
    grades = ((part, before_conversation(_grade_of(part, plan), plan.random)) for part, _ in sheet.parts)
    _judge(audit, grades, plan, at + timedelta(minutes=85))
    _note_earlier_work(audit, at + timedelta(minutes=90))
    take_step(audit, "finish draft", by=audit.auditor, at=at + timedelta(minutes=95))


def _grade_of(part: str, plan: Plan) -> str:
    return plan.overall if part == OVERALL else near(plan.overall, plan.random)


def _given(question: Question, plan: Plan) -> Given:
    random = plan.random
    if question.key == "further re-audit":
        again = plan.overall in ("requires improvement", "inadequate")
        return Given("yes", evidence=words.pick(random, words.GAPS)) if again else Given("no")
    if "not applicable" in question.instead and random.random() < 0.06:
        return Given(instead="not applicable")
    if question.type == "yes or no":
        missed = random.random() < MISSED[plan.overall]
        return Given("no", evidence=words.pick(random, words.GAPS)) if missed else Given("yes")
    return Given(words.pick(random, words.KLOE))


def _answer(audit: Audit, said: list[Said], plan: Plan) -> None:
    if plan.together:
        save_first_answers(audit, said, by=audit.auditor)
        return
    for question, given, moment in said:
        save_answer(audit, question, given, expected=0, by=audit.auditor, at=moment)


def _judge(audit: Audit, grades: Iterable[tuple[str, str]], plan: Plan, at: datetime) -> None:
    said = [Judged(part, grade, _reasons(grade, plan.random), at) for part, grade in grades]
    if plan.together:
        save_first_judgements(audit, said, by=audit.auditor)
        return
    for part, grade, why, _ in said:
        save_judgement(audit, part, grade=grade, why=why, expected=0, by=audit.auditor, at=at)


def _reasons(grade: str, random: Random) -> str:
    return f"{words.pick(random, words.RATIONALE[grade])} {words.pick(random, words.SEEN)}"


def _note_findings(audit: Audit, sheet: Sheet, plan: Plan, at: datetime) -> None:
    random = plan.random
    themes, parts = list(sheet.pack.themes), [part for part, _ in sheet.parts if part != OVERALL]
    good = plan.overall in ("outstanding", "good")
    for kind, sentences, often in (
        ("good", words.GOOD_PRACTICE, 0.9 if good else 0.4),
        ("gap", words.GAPS, 0.8),
    ):
        if random.random() < often:
            note_finding(
                audit,
                Found(
                    kind,
                    words.pick(random, sentences),
                    theme=random.choice(themes),
                    part=random.choice(parts),
                    **_causes(sheet.pack, kind, random),
                ),
                by=audit.auditor,
                at=at,
            )


def _causes(pack: Framework, kind: str, random: Random) -> dict[str, str]:
    """The likely cause and the severity of something to improve, where the framework names any."""
    offered = {"cause": list(pack.causes), "severity": list(pack.severities)} if kind == "gap" else {}
    return {said: random.choice(keys) for said, keys in offered.items() if keys}


def _note_earlier_work(audit: Audit, at: datetime) -> None:
    for earlier in audit.earlier_work.order_by("pk"):
        strengths = "Clear handover, with the person's wishes set out."
        record_earlier_work(earlier, strengths=strengths, concerns="", expected=0, by=audit.auditor, at=at)


def arrange(audit: Audit, meeting: datetime, at: datetime) -> None:
    """Agree a time with the practitioner."""
    place = "At the team's office"
    arrange_conversation(audit, arranged_for=meeting, place=place, expected=0, by=audit.auditor, at=at)


def talk(audit: Audit, plan: Plan, at: datetime) -> None:
    """Hold the conversation and grade every part again."""
    attended = ", ".join(person.name for person in (audit.auditor, audit.practitioner) if person)
    record_conversation(
        audit,
        held_on=at.date(),
        attended=attended,
        added=words.pick(plan.random, words.ADDED),
        expected=1,
        by=audit.auditor,
        at=at,
    )
    sheet = sheet_of(audit)
    grades = ((part, _settled(sheet, part, plan)) for part, _ in sheet.parts)
    _judge(audit, grades, plan, at + timedelta(minutes=20))


def _settled(sheet: Sheet, part: str, plan: Plan) -> str:
    """The grade after the conversation: the planned one for the whole; a domain stays near its first."""
    if part == OVERALL:
        return plan.overall
    first = sheet.judgements[part, sheet.grading.stages[0].key]
    return near(first.grade, plan.random, spread=0.1)


def submit(audit: Audit, at: datetime) -> None:
    """Send the report to the quality team."""
    take_step(audit, "submit", by=audit.auditor, at=at)


def give_back(audit: Audit, plan: Plan, checker: Person, at: datetime) -> None:
    """Return the report with points."""
    take_step(audit, "return", by=checker, at=at, points=words.pick(plan.random, words.POINTS))


def amend(audit: Audit, at: datetime) -> None:
    """Look again at the whole and send the report again."""
    judged = audit.judgements.get(part=OVERALL, is_current=True, stage_order=2)
    reasons = f"{judged.why} The dates of the documents have been added."
    save_judgement(
        audit, OVERALL, grade=judged.grade, why=reasons, expected=judged.version, by=audit.auditor, at=at
    )
    take_step(audit, "resubmit", by=audit.auditor, at=at + timedelta(minutes=5))


def accept(audit: Audit, checker: Person, at: datetime) -> None:
    """Accept the report: its grades become those of record."""
    take_step(audit, "accept", by=checker, at=at)


def file(audit: Audit, at: datetime) -> None:
    """File the report on the case system with its note."""
    audit.refresh_from_db(fields=["state", "phase", "finished_at"])
    take_step(audit, "file", by=audit.auditor, at=at, case_note=note_for(audit, at=at))
