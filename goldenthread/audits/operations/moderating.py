"""Moderation of finished audits: draw, give out, grade again, meet and write feedback (WF-17, LA-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.audits.gaps import kept_to_others, may_override, sentence_of
from goldenthread.audits.models import Audit, Moderation, ModerationDraw, ModerationGrade
from goldenthread.audits.moderating import (
    DRAW,
    about,
    advised,
    candidates,
    conflict,
    due_now,
    finished_for,
    follows,
    forbidden,
    parts_of,
    path_of,
    rule_of,
)
from goldenthread.audits.operations.judging import must_be_gradable
from goldenthread.audits.operations.locking import locked, must_fit
from goldenthread.audits.operations.rejudging import judge_again
from goldenthread.audits.queries import roles_in, standing_of
from goldenthread.audits.sheets import Sheet, part_label, sheet_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules import draws
from goldenthread.rules.advice import Advice, sentences
from goldenthread.rules.moderation import frame_of, strata_of
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.operations import (
    Meeting,
    call_off,
    cancel_tasks,
    finish_tasks,
    start_task,
    write_notices,
)
from goldenthread.tasks.queries import Owner

SEED_LENGTH = 200
FEEDBACK = (
    "Feedback on {an_audit} waits for you",
    "Somebody moderated {an_audit} of yours. Read it here: {link}",
)
GIVEN = ("{An_audit} waits to be moderated", "Please open it and give your grades: {link}")
OFF = (
    "{reference}: the meeting about its moderation is called off",
    "The meeting about the moderation of {reference} is called off. More is here: {link}",
)
UNSAID = (
    "{label}: the framework does not allow this {grade} here, for a reason that would tell what the "
    "{auditor} found. Choose another, or leave it out."
)
CHANGED = "Somebody changed this while you had it open. Look at it before you save again."


@dataclass(frozen=True)
class Graded:
    """A moderator's grade of one part, and why."""

    grade: str
    why: str


@transaction.atomic
def draw_for_moderation(
    version: Version, name: str, *, seed: str, by: Person, at: datetime
) -> ModerationDraw:
    """Draw finished audits by a rule, for the cycle that is due; frame, reasons and seed are kept."""
    on = timezone.localdate(at)
    due = next((one for one in due_now([version], on=on) if one.name == name), None)
    if due is None:
        raise Refused("The framework has no moderation of that kind. Choose one of those shown.")
    if due.cycle is None:
        raise Refused(f"No {words_of(version)['cycle']} has opened yet in which this is done.")
    if due.draw is not None:
        raise Refused(f"This was drawn for {due.cycle.title} already. Nothing is drawn twice.")
    seed = seed.strip()
    if not seed or len(seed) > SEED_LENGTH or not seed.isprintable():
        raise Refused(f"Enter a seed of 1 to {SEED_LENGTH} letters, digits or signs on one line.")
    pack, words = pack_of(version), words_of(version)
    frame = frame_of(due.rule, finished_for(version, name, on=on), pack.scale_of(due.rule.of[0]))
    strata = strata_of(due.rule, frame)
    size = sum(number for _, number in strata)
    if not size:
        raise Refused(
            f"No {words['audit']} that could be drawn was finished in the {due.rule.looks_back} before today."
        )
    content = draws.frame_csv(frame)
    done = draws.draw(frame, seed, strata)
    try:
        with transaction.atomic():
            drawn = ModerationDraw.objects.create(
                version=version,
                framework=pack.key,
                rule=name,
                cycle=due.cycle.label,
                cycle_title=due.cycle.title,
                method=done.method,
                frame=content,
                frame_sha256=done.frame_sha256,
                size=size,
                seed=seed,
                drawn_by=by,
                drawn_at=at,
            )
    except IntegrityError:
        raise Refused(f"This was drawn for {due.cycle.title} already. Nothing is drawn twice.") from None
    picks = [key for stratum in done.strata for key in stratum.picks]
    audits = {one.number: one for one in Audit.objects.filter(number__in=picks)}
    Moderation.objects.bulk_create(
        Moderation(draw=drawn, audit=audits[number], position=place, blind=due.rule.blind)
        for place, number in enumerate(picks, start=1)
    )
    values = {"seed": seed, "frame_sha256": done.frame_sha256, "picks": list(picks), "frame": len(frame)}
    label = f"{due.rule.title}, {due.cycle.title}"
    record("moderation.draw", about=(DRAW, drawn.public_id, label), by=by, at=at, values=values)
    return drawn


@transaction.atomic
def allocate_moderation(moderation: Moderation, person: Person, *, by: Person, at: datetime) -> Moderation:
    """Give an audit to a moderator, or to another one while nobody has graded it; a conflict is refused.

    One whose moderator has left is given on and graded anew; the ledger keeps what they gave.
    """
    moderation, on = _locked(moderation), timezone.localdate(at)
    is_gone = moderation.moderator is not None and moderation.moderator.is_gone(on)
    if moderation.graded_at and not is_gone:
        raise Refused(f"{_moderator(moderation)} has graded it already, so it stays with them.")
    if moderation.moderator_id == person.pk:
        return moderation
    if why := conflict(moderation, person, on=on):
        raise Refused(f"{why} Choose somebody else.")
    before = moderation.moderator.public_id if moderation.moderator else ""
    _give(moderation, person, at=at)
    values = {"moderator": [before, person.public_id]}
    record("moderation.allocate", about=about(moderation), by=by, at=at, values=values)
    return moderation


def _give(moderation: Moderation, person: Person, *, at: datetime) -> None:
    moderation.grades.all().delete()
    moderation.moderator, moderation.allocated_at, moderation.graded_at = person, at, None
    moderation.revision += 1
    moderation.save(update_fields=["moderator", "allocated_at", "graded_at", "revision"])
    take_meeting_back(moderation, at=at)
    _owe(moderation, person, at=at)


@transaction.atomic
def offer_moderators(drawn: ModerationDraw, *, by: Person, at: datetime) -> int:
    """Give each audit that nobody has to whoever has fewest of those who may; how many were given."""
    on = timezone.localdate(at)
    given: dict[str, str] = {}
    taken = Counter(drawn.moderations.exclude(moderator=None).values_list("moderator", flat=True))
    for one in drawn.moderations.filter(moderator=None).order_by("position"):
        moderation = _locked(one)
        found = candidates(moderation, on=on) if moderation.moderator_id is None else []
        if found:
            chosen = min(found, key=lambda person: (taken[person.pk], person.pk))
            taken[chosen.pk] += 1
            _give(moderation, chosen, at=at)
            given[moderation.public_id] = chosen.public_id
    if given:
        about_draw = (DRAW, drawn.public_id, f"{rule_of(drawn).title}, {drawn.cycle_title}")
        record("moderation.offer", about=about_draw, by=by, at=at, values={"moderators": given})
    return len(given)


@transaction.atomic
def save_moderation(
    moderation: Moderation,
    said: Mapping[str, Graded],
    *,
    fixed: bool,
    revision: int,
    by: Person,
    at: datetime,
) -> Moderation:
    """Keep the moderator's grades; once `fixed` they stay, and the auditor's are shown beside them.

    A grade that a rule allows to nobody, or not to this person, is refused. One that follows by a rule that
    allows no other is added when the others are fixed: the moderator does not choose it, as the auditor did
    not.
    """
    moderation = own_moderation(moderation, revision, by=by)
    if moderation.graded_at:
        raise Refused(
            f"Your {words_of(moderation.draw.version)['grades']} are fixed. Go on with the feedback."
        )
    sheet = sheet_of(moderation.audit, on=timezone.localdate(at))
    parts = dict(parts_of(moderation, sheet))
    for part, one in said.items():
        if part not in parts:
            raise Refused("This part is not graded again. Load the page again.")
        must_be_gradable(moderation.audit, part, one.grade, one.why)
    said = _as_rules_allow(moderation, sheet, said, fixed=fixed, by=by, at=at)
    if fixed:
        _must_be_whole(moderation, parts, said)
    moderation.grades.all().delete()
    record_of = {part: sheet.of_record(part) for part in parts}
    ModerationGrade.objects.bulk_create(
        ModerationGrade(
            moderation=moderation,
            part=part,
            grade=one.grade,
            why=one.why,
            auditors=judged.grade if fixed and (judged := record_of[part]) else "",
        )
        for part, one in said.items()
        if one.grade or one.why
    )
    moderation.revision += 1
    moderation.graded_at = at if fixed else None
    moderation.save(update_fields=["revision", "graded_at"])
    values = {part: [one.grade, one.why] for part, one in said.items()}
    record(
        "moderation.grade" if fixed else "moderation.save",
        about=about(moderation),
        by=by,
        at=at,
        values={"grades": values},
    )
    return moderation


@transaction.atomic
def finish_moderation(
    moderation: Moderation,
    *,
    feedback: str,
    met_on: date | None,
    revision: int,
    by: Person,
    at: datetime,
) -> Moderation:
    """Write the feedback, which reaches the auditor; where the rule says so, the grades of record change."""
    moderation = own_moderation(moderation, revision, by=by)
    rule, words = rule_of(moderation.draw), words_of(moderation.draw.version)
    if not moderation.graded_at:
        raise Refused(f"Give your {words['grades']} first.")
    must_fit(feedback)
    if not feedback.strip():
        raise Refused(f"Write the feedback for the {words['auditor']}.")
    if rule.meeting and met_on is None:
        raise Refused(f"Say on which day you met the {words['auditor']}.")
    if met_on and not timezone.localdate(moderation.allocated_at or at) <= met_on <= timezone.localdate(at):
        raise Refused(
            "The meeting was between the day on which you were given this and today. Check its day."
        )
    moderation.feedback, moderation.met_on, moderation.finished_at = feedback.strip(), met_on, at
    moderation.revision += 1
    moderation.save(update_fields=["feedback", "met_on", "finished_at", "revision"])
    take_meeting_back(moderation, at=at)
    values: dict[str, object] = {"feedback": moderation.feedback, "met on": met_on and met_on.isoformat()}
    if rule.stage is not None:
        audit = locked(moderation.audit)
        differ = {one.part: one.grade for one in moderation.grades.exclude(grade="")}
        values["grades"] = judge_again(audit, rule.stage, differ, why=moderation.feedback, by=by, at=at)
    finish_tasks(about=about(moderation), by=by, at=at)
    _tell(moderation, FEEDBACK, moderation.audit.auditor, at=at, key="feedback")
    record("moderation.finish", about=about(moderation), by=by, at=at, values=values)
    return moderation


def take_meeting_back(moderation: Moderation, *, at: datetime) -> None:
    """Take a meeting still to come out of both calendars, as what it was about is over or somebody else's."""
    if moderation.meets_at is None or moderation.meets_at < at:
        return
    moderation.meets_at, moderation.place = None, ""
    moderation.save(update_fields=["meets_at", "place"])
    call_off(meeting_of(moderation), at=at)


def meeting_of(moderation: Moderation) -> Meeting:
    """The meeting about a moderation, as calendars call it; its sequence is the moderation's revision."""
    kind, public_id, label = about(moderation)
    return Meeting(
        about=(kind, public_id),
        sequence=moderation.revision,
        title=f"Meeting: {label}",
        path=f"{path_of(moderation)}meeting/",
        off=OFF,
        values={"reference": moderation.audit.number},
    )


def _must_be_whole(moderation: Moderation, parts: Mapping[str, str], said: Mapping[str, Graded]) -> None:
    pack = pack_of(moderation.audit.version)
    grading = pack.grading_of(moderation.audit.audit_type)
    for part, label in parts.items():
        one = said.get(part) or Graded("", "")
        if not one.grade and not grading.ungraded_allowed:
            raise Refused(f"Give “{label}” {pack.words['a_grade']}.")
        if one.grade and grading.rationale and not one.why.strip():
            raise Refused(f"Say why you give “{label}” that {pack.words['grade']}.")


def _as_rules_allow(
    moderation: Moderation,
    sheet: Sheet,
    said: Mapping[str, Graded],
    *,
    fixed: bool,
    by: Person,
    at: datetime,
) -> dict[str, Graded]:
    """The moderator's grades, once fixed with those that follow; one against the rules is refused.

    What rests on more than a blind moderator sees is looked at once they fix their grades, and refused
    without a reason: that would tell what the auditor found.
    """
    found = dict(said)
    typed = {part: one.grade for part, one in said.items()}
    for part, advice in advised(moderation, sheet, typed, as_seen=True).items():
        if grade := typed.get(part, ""):
            _must_be_allowed(moderation, sheet, advice, grade, by=by, at=at)
    for part, advice in advised(moderation, sheet, typed).items() if fixed else ():
        if grade := typed.get(part, ""):
            try:
                _must_be_allowed(moderation, sheet, advice, grade, by=by, at=at)
            except Refused:
                raise Refused(
                    UNSAID.format_map(sheet.pack.words | {"label": part_label(sheet, part)})
                ) from None
        elif follows(sheet, advice) and advice.grade:
            found[part] = Graded(advice.grade, sentences(advice.deciding))
    return found


def _must_be_allowed(
    moderation: Moderation, sheet: Sheet, advice: Advice, grade: str, *, by: Person, at: datetime
) -> None:
    """Refuse a grade that a rule allows to nobody, or not to this person, and say which rule."""
    if (rule := forbidden(advice, grade)) is not None:
        why = sentence_of(rule, advice, sheet.scale)
        allows = f"The framework allows no other {sheet.pack.words['grade']}"
        raise Refused(f"{why} {allows} here; leave it out, or change those that it follows from.")
    for one in advice.against(grade):
        if not may_override(one, moderation.audit, by, on=timezone.localdate(at)):
            raise Refused(kept_to_others(one, advice, sheet))


def own_moderation(moderation: Moderation, revision: int, *, by: Person) -> Moderation:
    """The locked row of a moderation that this person does and that nobody changed meanwhile."""
    moderation = _locked(moderation)
    if moderation.moderator_id != by.pk:
        raise Refused("Somebody else moderates this now.")
    if moderation.finished_at:
        raise Refused("This is finished, and nothing of it changes any more.")
    if moderation.revision != revision:
        raise Refused(CHANGED)
    return moderation


def _owe(moderation: Moderation, person: Person, *, at: datetime) -> None:
    """The moderator's task and notice; those of whoever had it before are cancelled."""
    pack, rule = pack_of(moderation.draw.version), rule_of(moderation.draw)
    roles = roles_in(moderation.audit, person, on=timezone.localdate(at))
    cancel_tasks(about=about(moderation), at=at)
    start_task(
        clock=rule.clock,
        pack=pack,
        version=moderation.draw.version,
        about=about(moderation),
        standing=standing_of(moderation.audit),
        at=at,
        owed_by=Owner(next(role for role in rule.by if role in roles), person=person),
    )
    _tell(moderation, GIVEN, person, at=at, key=f"given:{moderation.revision}")


def _tell(moderation: Moderation, wording: tuple[str, str], to: Person, *, at: datetime, key: str) -> None:
    words = {**words_of(moderation.draw.version), "link": "{link}"}
    write_notices(
        pack=None,
        notice=(wording[0].format_map(words), wording[1].format_map(words)),
        about=about(moderation),
        path=path_of(moderation),
        people=[to],
        values={},
        at=at,
        key=f"moderation:{moderation.public_id}:{key}",
    )


def _moderator(moderation: Moderation) -> str:
    return moderation.moderator.name if moderation.moderator else "Somebody"


def _locked(moderation: Moderation) -> Moderation:
    rows = Moderation.objects.select_for_update(of=("self",))
    named = ("draw__version", "audit__version", "audit__unit", "audit__auditor", "audit__practitioner")
    return rows.select_related("moderator", *named).get(pk=moderation.pk)
