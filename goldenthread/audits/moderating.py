"""What moderation asks: what is due, which audits could be drawn, who may moderate which, what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Min

from goldenthread.audits.models import Audit, Judgement, Moderation, ModerationDraw
from goldenthread.audits.queries import roles_in, standing_of, takes_part_in_making
from goldenthread.audits.sheets import Sheet, sheet_of
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.models import Read
from goldenthread.people.models import Person, Post
from goldenthread.rules.advice import Advice, Said, advice, look_of
from goldenthread.rules.cycles import CycleDates
from goldenthread.rules.draws import Draw, Stratum, read_frame
from goldenthread.rules.flow import DONE
from goldenthread.rules.forms import Form
from goldenthread.rules.grade_rules import Bands, Counting
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.moderation import Finished, ModerationRule, cycle_due
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.tasks.queries import people_of, working_calendar

KIND = "moderation"
DRAW = "moderation draw"
GRADES_AND_ANSWERS = "to grades and answers"


def about(moderation: Moderation) -> tuple[str, str, str]:
    """As tasks and the ledger name it: the audit's number, and no grade."""
    rule = rule_of(moderation.draw)
    return KIND, moderation.public_id, f"{rule.title} of {moderation.audit.number}"[:200]


def path_of(moderation: Moderation) -> str:
    """Where its page is."""
    return f"/moderation/{moderation.public_id}/"


def rule_of(draw: ModerationDraw) -> ModerationRule:
    """The rule by which the audits were drawn, of the version that held then."""
    return pack_of(draw.version).moderation[draw.rule]


@dataclass(frozen=True)
class Due:
    """Moderation by a rule, the cycle for which it is due, and its draw if it was drawn."""

    version: Version
    name: str
    rule: ModerationRule
    cycle: CycleDates | None
    draw: ModerationDraw | None


def due_now(versions: Iterable[Version], *, on: date) -> list[Due]:
    """What the newest versions of frameworks say of moderation on a day."""
    found = []
    for version in versions:
        pack = pack_of(version)
        for name, rule in pack.moderation.items():
            cycle = cycle_due(rule, pack.calendar_of(rule.of[0]), working_calendar(on=on), on)
            label = cycle.label if cycle else ""
            drawn = ModerationDraw.objects.filter(framework=pack.key, rule=name, cycle=label).first()
            found.append(Due(version, name, rule, cycle, drawn))
    return found


def finished_for(version: Version, name: str, *, on: date) -> list[Finished]:
    """The audits that a rule looks at, finished within its span, as the frame knows them."""
    rule = pack_of(version).moderation[name]
    since = span_before(parse_span(rule.looks_back), on)
    audits = (
        Audit.objects.filter(version__framework=version.framework_id, audit_type__in=rule.of)
        .in_phase(*DONE)
        .filter(finished_at__date__gte=since, finished_at__date__lte=on)
        .select_related("unit", "auditor")
        .order_by("number")
    )
    grades: dict[int, str] = {}
    judged = Judgement.objects.of_record().filter(audit__in=audits.order_by().values("pk"), part=OVERALL)
    for audit, grade in judged.exclude(grade="").values_list("audit", "grade"):
        grades.setdefault(audit, grade)
    drawn = Moderation.objects.filter(draw__framework=version.framework.key, draw__rule=name)
    before = set(drawn.values_list("audit", flat=True))
    held = set(audits.filter(holds__lifted_at=None).exclude(holds=None).values_list("pk", flat=True))
    new, forms = _new_auditors(version, rule, on=on), _new_forms(version, rule, on=on)
    return [
        Finished(
            one.number,
            one.unit.name,
            grades.get(one.pk, ""),
            moderated=one.pk in before,
            disputed=one.pk in held,
            auditor=one.auditor.public_id,
            new_auditor=one.auditor_id in new,
            new_form=(one.version_id, one.audit_type) in forms,
        )
        for one in audits
    ]


def _new_auditors(version: Version, rule: ModerationRule, *, on: date) -> set[int]:
    """The auditors whose first audit of the rule's kinds was finished within its span."""
    if rule.new_auditors is None:
        return set()
    since = span_before(parse_span(rule.new_auditors), on)
    done = Audit.objects.filter(version__framework=version.framework_id, audit_type__in=rule.of)
    first = done.in_phase(*DONE).order_by().values("auditor").annotate(first=Min("finished_at"))
    return set(first.filter(first__date__gte=since).values_list("auditor", flat=True))


def _new_forms(version: Version, rule: ModerationRule, *, on: date) -> set[tuple[int, str]]:
    """The versions with the kinds of audit whose form, as it is there, came into force within the span."""
    if rule.new_forms is None:
        return set()
    since, found = span_before(parse_span(rule.new_forms), on), set[tuple[int, str]]()
    form: dict[str, Form | None] = {}
    began: dict[str, date] = {}
    for one in Version.objects.filter(framework=version.framework_id).order_by("number"):
        pack = pack_of(one)
        for kind in rule.of:
            now = pack.form_of(kind) if kind in pack.audit_types else None
            if kind not in began or now != form[kind]:
                form[kind], began[kind] = now, one.effective_on
            if began[kind] >= since:
                found.add((one.pk, kind))
    return found


def document_of(draw: ModerationDraw) -> Draw:
    """The draw as `draw.json` says it, to be redone by anybody with its frame."""
    of = {one.key: one.stratum for one in read_frame(bytes(draw.frame))}
    picks: dict[str, list[str]] = {}
    for number in draw.moderations.order_by("position").values_list("audit__number", flat=True):
        picks.setdefault(of[number], []).append(number)
    return Draw(
        method=draw.method,
        seed=draw.seed,
        frame_sha256=draw.frame_sha256,
        strata=tuple(Stratum(name=name, size=len(mine), picks=tuple(mine)) for name, mine in picks.items()),
    )


def conflict(moderation: Moderation, person: Person, *, on: date) -> str:
    """Why this person may not moderate the audit, as a sentence; empty if they may."""
    audit, rule = moderation.audit, rule_of(moderation.draw)
    standing = standing_of(audit)
    if person in (standing.auditor, *standing.co_auditors):
        return f"{person.name} audited it."
    if person in (standing.practitioner, standing.proposer, *standing.earlier):
        return f"{person.name} did or put forward the work that was audited."
    if not set(rule.by) & roles_in(audit, person, on=on):
        return f"{person.name} does not hold a role that moderates it."
    if rule.not_own_team and _works_in_the_team(audit, person, on=on):
        return f"{person.name} holds a post in the team that was audited."
    if takes_part_in_making(audit, person, on=on):
        return f"{person.name} may have checked its report before it was final."
    if rule.blind != "no" and _has_read(audit, person):
        return f"{person.name} has opened the report already, and this is moderated blind."
    return ""


def _works_in_the_team(audit: Audit, person: Person, *, on: date) -> bool:
    return Post.objects.filter(person=person, unit=audit.unit_id).on(on).exists()


def _has_read(audit: Audit, person: Person) -> bool:
    return Read.objects.about("audit", audit.public_id).filter(by=person.public_id).exists()


def candidates(moderation: Moderation, *, on: date) -> list[Person]:
    """Everybody who could moderate the audit, without those in conflict."""
    pack, rule = pack_of(moderation.draw.version), rule_of(moderation.draw)
    standing = standing_of(moderation.audit)
    held = [one for role in rule.by for one in people_of(role, pack, standing, on=on)]
    return [one for one in dict.fromkeys(held) if not conflict(moderation, one, on=on)]


def parts_of(moderation: Moderation, sheet: Sheet | None = None) -> list[tuple[str, str]]:
    """The parts that are graded again: their keys and labels."""
    sheet = sheet or sheet_of(moderation.audit)
    named = rule_of(moderation.draw).parts
    return [(key, label) for key, label in sheet.parts if not named or key in named]


def advised(
    moderation: Moderation, sheet: Sheet, grades: Mapping[str, str], *, as_seen: bool = False
) -> dict[str, Advice]:
    """What the rules say of each part graded again, once these grades stand in place of the auditor's.

    With `as_seen`, from what its moderator sees alone: blind, none of the auditor's grades are among it.
    """
    hides = as_seen and moderation.blind != "no"
    answers = {} if hides and moderation.blind == GRADES_AND_ANSWERS else sheet.given
    known = replace(sheet.known, answers={}, scores={}) if answers is not sheet.given else sheet.known
    again, last = dict(parts_of(moderation, sheet)), sheet.grading.stages[-1].key
    stand = {} if hides else {key: one for key, one in sheet.known.grades.items() if key[0] not in again}
    given = {(part, last): grade for part, grade in grades.items() if grade}
    look = look_of(
        sheet.grading,
        sheet.form,
        answers,
        replace(known, grades={**stand, **given}),
        skipped=sheet.skipped,
        stage=last,
        carried={} if hides else {part: kept.grade for part, kept in sheet.carried.items()},
    )
    return {part: advice(sheet.grading, look, part) for part in again if sheet.grading.rules_about(part)}


def follows(sheet: Sheet, said: Advice) -> bool:
    """Whether a part's grade follows by rules that nobody may override, now or once others are graded."""
    if said.waits_for:
        rules = sheet.grading.rules_about(said.part)
        return any(isinstance(rule, Bands | Counting) and rule.override == "never" for rule in rules)
    others = (value.key for value in sheet.scale.values if value.key != said.grade)
    return said.is_computed and all(forbidden(said, grade) for grade in others)


def forbidden(said: Advice, grade: str) -> Said | None:
    """The rule that allows a grade to nobody; None if there is none."""
    return next((one for one in said.against(grade) if one.override == "never"), None)


def may_compare(moderation: Moderation, person: Person, *, on: date) -> bool:
    """Whether the person sees both grades: the moderator once theirs are in, others once it is finished."""
    if moderation.moderator_id == person.pk:
        return moderation.graded_at is not None or moderation.blind == "no"
    return moderation.finished_at is not None


def reports_moderation(person: Person, *, on: date) -> bool:
    """Whether some audit that was moderated is in this person's reports."""
    moderated = Moderation.objects.exclude(finished_at=None).values("audit")
    return Audit.objects.filter(pk__in=moderated).reported_to(person, on=on).exists()
