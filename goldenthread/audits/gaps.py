"""What a step still needs, each with a sentence and the place where it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from goldenthread.audits.models import Audit, Conversation, Judgement
from goldenthread.audits.queries import KIND as AUDIT
from goldenthread.audits.queries import holds_one_of
from goldenthread.audits.returns import ALL, KIND, rule, waited_for
from goldenthread.audits.sheets import Sheet
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person
from goldenthread.rules.advice import Advice, Said, ended
from goldenthread.rules.calendars import in_words
from goldenthread.rules.flow import Step
from goldenthread.rules.forms import missing
from goldenthread.rules.scales import Scale
from goldenthread.tasks.models import Task


@dataclass(frozen=True)
class Gap:
    """Something that a step still needs: a sentence, and where it is given: a section, its row, or a page."""

    sentence: str
    where: str
    row: str = ""


def gaps(sheet: Sheet, step: Step, *, said: Mapping[str, Any] | None = None, name: str = "") -> list[Gap]:
    """What the step still needs; `said` is what comes with it (points, a note, a case note, a discussion).

    With the step's `name`, the returns that wait for it by name are among it.
    """
    said, found = said or {}, [] if sheet.in_return else _missing_returns(sheet, name, step)
    for requirement in step.requires:
        if requirement == ALL:
            continue
        if requirement == "answers":
            found += _missing_answers(sheet)
        elif requirement == "grades":
            found += _missing_grades(sheet)
        elif requirement in CONVERSATION:
            found += _missing_conversation(sheet, requirement)
        elif not said.get(requirement):
            found.append(Gap(GIVEN_WITH_THE_STEP[requirement].format_map(sheet.pack.words), ""))
    return found


def _missing_returns(sheet: Sheet, name: str, step: Step) -> list[Gap]:
    return [Gap(f"{rule(one).title}: not sent in yet", KIND) for one in waited_for(sheet.audit, name, step)]


def gap_of_time(audit: Audit, step: Step, at: datetime) -> Gap | None:
    """What keeps a step that may only be taken once a clock has run out, if it does."""
    if not step.once_late:
        return None
    running = Task.objects.open().about(AUDIT, audit.public_id).filter(kind__in=step.once_late)
    first = running.order_by("due_at").first()
    if first is None:
        return Gap("It is for when something owed here is late, and nothing of the kind is owed now.", "")
    if first.due_at >= at:
        day = timezone.localdate(first.due_at)
        sentence = f"“{first.title}” may still be done in time: until {day:%A} {day.day} {day:%B %Y}."
        return Gap(sentence, "")
    return None


GIVEN_WITH_THE_STEP = {
    "points": "Say clearly which points need another look.",
    "a discussion": "Offer the {auditor} a discussion of the points.",
    "a note": "Write a note that says why.",
    "a case note": "Make the {case_note} first.",
}
CONVERSATION = {
    "a conversation arranged": "Say when and where you will talk with the {practitioner}.",
    "a conversation held": "Record the {conversation}: when it was held, who took part and what it added.",
}


def _missing_answers(sheet: Sheet) -> list[Gap]:
    found = missing(sheet.form, sheet.given, sheet.known, sheet.skipped)
    return [
        Gap(
            f"{sheet.form.title_of(section)}{f', {row.label}' if row else ''}: {_lowered(sentence)}",
            section.key,
            row.key if row else "",
        )
        for section, row, sentence in found
    ]


def _missing_grades(sheet: Sheet) -> list[Gap]:
    """Each part without a grade at the open stage, or without its reasons."""
    if sheet.stage is None:
        return []
    at, found = _lowered(sheet.stage.label), []
    for part, label in sheet.parts:
        judged = sheet.judged(part, sheet.stage.key)
        grade = judged.grade if judged and not judged.is_computed else ""
        advice = sheet.advice_on(part)
        if not grade and advice.is_computed:
            continue
        if judged is None or judged.is_computed or (not grade and not sheet.grading.ungraded_allowed):
            found.append(Gap(f"{label}: {_to_choose(sheet, advice)} ({at})", part))
        elif grade and (said := _forbidden(judged, advice)):
            found.append(
                Gap(
                    f"{label}: choose another {sheet.pack.words['grade']} ({at}). "
                    f"{sentence_of(said, advice, sheet.scale)}",
                    part,
                )
            )
        elif _wants_reasons(sheet, grade, advice) and not judged.why.strip():
            found.append(Gap(f"{label}: give the reasons for the {sheet.pack.words['grade']} ({at})", part))
    return found


def _to_choose(sheet: Sheet, advice: Advice) -> str:
    """What is missing of a part without a grade: one may yet follow from others."""
    said = f"choose {sheet.pack.words['a_grade']}"
    return f"{said}, unless it follows from those still to be graded" if advice.waits_for else said


def may_override(said: Said, audit: Audit, person: Person, *, on: date) -> bool:
    """Whether a rule that lets some roles alone give another grade lets this person; others are not asked."""
    named = said.override if isinstance(said.override, tuple) else ()
    return not named or holds_one_of(named, audit, person, on=on)


def kept_to_others(said: Said, advice: Advice, sheet: Sheet) -> str:
    """Why somebody may not give another grade than a rule gives, and who may."""
    assert isinstance(said.override, tuple)  # noqa: S101
    roles = " or ".join(f"the {role}" for role in said.override)
    return f"{sentence_of(said, advice, sheet.scale)} Only {roles} may give another."


def _forbidden(judged: Judgement, advice: Advice) -> Said | None:
    """The rule that now forbids the grade: to all, or to some and it was not given against that very rule."""
    is_new = (judged.advised, judged.rule) != advice.on_record(judged.grade)[:2]
    against = advice.against(judged.grade)
    return next(
        (one for one in against if one.override == "never" or (is_new and isinstance(one.override, tuple))),
        None,
    )


def _wants_reasons(sheet: Sheet, grade: str, advice: Advice) -> bool:
    """Whether the grade needs reasons: always, or since it goes against a rule, or since no rule fits."""
    if sheet.grading.rationale or advice.no_rule_fits:
        return True
    return bool(grade) and any(one.override != "allowed" for one in advice.against(grade))


def sentence_of(said: Said, advice: Advice, scale: Scale) -> str:
    """A rule's sentence with what remains to choose."""
    left = [scale.label(key) for key in advice.remaining if key in said.allows]
    remains = f"What remains is {in_words(left)}." if left else ""
    return f"{ended(said.because)} {remains}".strip()


def _missing_conversation(sheet: Sheet, requirement: str) -> list[Gap]:
    held: Conversation | None = _conversation_of.first(audit=sheet.audit.pk)
    is_there = held is not None and (
        held.arranged_for is not None
        if requirement == "a conversation arranged"
        else held.held_on is not None and bool(held.added.strip())
    )
    return [] if is_there else [Gap(CONVERSATION[requirement].format_map(sheet.pack.words), "conversation")]


_conversation_of = Compiled(lambda audit: Conversation.objects.filter(audit=audit), audit=int)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
