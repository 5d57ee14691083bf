"""A year of audits: the past made in bulk, the month under way by the real steps."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from goldenthread.audits.models import Answer, AnswerVersion, Audit, Conversation, Judgement, Participant
from goldenthread.caseload.models import Subject
from goldenthread.findings.models import Finding
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger import sealing
from goldenthread.ledger.models import Event, EventValues
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.operations.allocation import allocate
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import plan_year, set_theme
from goldenthread.rules.solver import fill
from goldenthread.tasks.models import Task
from tests.benchmarks.council import BATCH, SEED, Council, Shape

COMMENT = "What the record shows, where it was seen, and what the person told their worker about it. " * 2


@dataclass
class Rows:
    """Rows of audits waiting to be written together."""

    answers: list[Answer]
    versions: list[AnswerVersion]
    judgements: list[Judgement]
    findings: list[Finding]
    conversations: list[Conversation]


def plan_cycles(council: Council) -> list[Cycle]:
    """The cycles of the last twelve months, the latest of them under way or just over."""
    now, key = timezone.localtime(), council.version.framework.key
    for year in (now.year - 1, now.year):
        plan_year(key, year, by=None, at=now)
    begun = Cycle.objects.filter(opens_on__lte=now.date(), opens_on__gt=now.date() - timedelta(days=360))
    return list(begun.order_by("opens_on"))


def make_past(council: Council, shape: Shape, cycles: list[Cycle]) -> None:
    """Filed audits of each cycle, each with answers, judgements, findings and events, in bulk."""
    random = Random(SEED)
    subjects = list(Subject.objects.order_by("pk")[: shape.cases // 2])
    random.shuffle(subjects)
    for cycle in cycles:
        chosen = [subjects.pop() for _ in range(min(shape.each_team * shape.teams, len(subjects)))]
        with transaction.atomic():
            fill_in(_sent(council, cycle, chosen), state="filed", random=random)


def _sent(council: Council, cycle: Cycle, subjects: list[Subject]) -> list[Audit]:
    """Audits as they were sent, with their slots and who takes part."""
    places, auditors, sent_at = council.practitioners, council.auditors, _moment(cycle.opens_on)
    audits = []
    for number, subject in enumerate(subjects):
        practitioner, team = places[(subject.pk - 1) % len(places)]
        audits.append(
            Audit(
                number=f"{cycle.label}/{number + 1:03}",
                version=council.version,
                audit_type="audit",
                cycle=cycle.label,
                cycle_closes_on=cycle.closes_on,
                subject=subject,
                unit=team,
                practitioner=practitioner,
                auditor=auditors[(number + cycle.pk) % len(auditors)],
                state="allocated",
                phase="owed",
                looks_from=cycle.opens_on - timedelta(days=180),
                looks_to=cycle.opens_on,
                sent_at=sent_at,
            )
        )
    Audit.objects.bulk_create(audits, batch_size=BATCH)
    Slot.objects.bulk_create([_slot(cycle, audit) for audit in audits], batch_size=BATCH)
    Participant.objects.bulk_create(
        [
            Participant(audit=audit, person=person, relation=relation, starts_on=cycle.opens_on)
            for audit in audits
            for relation, person in (("auditor", audit.auditor), ("practitioner", audit.practitioner))
        ],
        batch_size=BATCH,
    )
    cycle.sent_at = cycle.reaudits_placed_at = sent_at
    cycle.save(update_fields=["sent_at", "reaudits_placed_at"])
    return audits


def _slot(cycle: Cycle, audit: Audit) -> Slot:
    return Slot(
        cycle=cycle,
        audit_type="audit",
        subject=audit.subject,
        unit=audit.unit,
        practitioner=audit.practitioner,
        auditor=audit.auditor,
        audit=audit,
        because="drawn",
    )


def fill_in(audits: list[Audit], *, state: str, random: Random) -> None:
    """Answer, grade and discuss audits in bulk, and bring them to a state."""
    pack = pack_of(audits[0].version)
    rows, phase = Rows([], [], [], [], []), pack.flow_of("audit").states[state].phase
    for audit in audits:
        audit.state, audit.phase = state, phase
        done_at = audit.sent_at + timedelta(hours=1)
        if phase in ("final", "filed"):
            audit.finished_at = done_at
            audit.filed_at = done_at if phase == "filed" else None
        _add_answers(rows, audit, pack, done_at, random)
        _add_judgements(rows, audit, pack, done_at, random)
        rows.findings += [_finding(audit, kind, done_at, random) for kind in Finding.Kind.values]
        rows.conversations.append(Conversation(audit=audit, held_on=audit.looks_to, added=COMMENT, version=1))
    Audit.objects.bulk_update(audits, ["state", "phase", "finished_at", "filed_at"], batch_size=500)
    _write(rows)
    _finish_tasks(audits)
    _write_events(rows.answers)


def _add_answers(rows: Rows, audit: Audit, pack, at: datetime, random: Random) -> None:
    for question in pack.form_of("audit").questions():
        value = random.choice(["yes", "yes", "no"]) if question.type == "yes or no" else COMMENT
        said = {"value": value, "evidence": COMMENT[:105], "saved_by": audit.auditor, "saved_at": at}
        rows.answers.append(Answer(audit=audit, question=question.key, **said))
        rows.versions.append(AnswerVersion(answer=rows.answers[-1], version=1, **said))


def _add_judgements(rows: Rows, audit: Audit, pack, at: datetime, random: Random) -> None:
    """Grades of every part at both stages; the whole is good, so that no re-audit falls due."""
    parts = [section.key for section in pack.form_of("audit").sections if section.graded]
    grades = ["outstanding", "good", "good", "requires improvement", "inadequate"]
    for order, stage in enumerate(pack.grading_of("audit").stages, start=1):
        rows.judgements += [
            Judgement(
                audit=audit,
                part=part,
                stage=stage.key,
                stage_order=order,
                grade="good" if part == "overall" else random.choice(grades),
                why=COMMENT,
                judged_by=audit.auditor,
                judged_at=at,
            )
            for part in [*parts, "overall"]
        ]


def _finding(audit: Audit, kind: str, at: datetime, random: Random) -> Finding:
    return Finding(
        about_kind="audit",
        about_id=audit.public_id,
        about_label=f"Case audit {audit.number}",
        version=audit.version,
        unit=audit.unit,
        kind=kind,
        part="voice",
        theme=random.choice(["voice", "strengths", "analysis", "recording"]),
        text=COMMENT[:105],
        found_by=audit.auditor,
        found_at=at,
    )


def _write(rows: Rows) -> None:
    Answer.objects.bulk_create(rows.answers, batch_size=BATCH)
    AnswerVersion.objects.bulk_create(rows.versions, batch_size=BATCH)
    Judgement.objects.bulk_create(rows.judgements, batch_size=BATCH)
    Finding.objects.bulk_create(rows.findings, batch_size=BATCH)
    Conversation.objects.bulk_create(rows.conversations, batch_size=BATCH)


def _finish_tasks(audits: list[Audit]) -> None:
    """What the auditors owed is done; of what waits for the quality team, its task is open."""
    by_id = {audit.public_id: audit for audit in audits}
    for task in Task.objects.open().filter(about_kind="audit", kind="complete the audit"):
        if audit := by_id.get(task.about_id):
            task.finished_at, task.finished_by = audit.sent_at + timedelta(hours=1), audit.auditor
            task.save(update_fields=["finished_at", "finished_by"])
    Task.objects.bulk_create(
        [_quality_check(audit) for audit in audits if audit.phase == "checking"], batch_size=BATCH
    )


def _quality_check(audit: Audit) -> Task:
    return Task(
        kind="quality check",
        title="Check the report",
        about_kind="audit",
        about_id=audit.public_id,
        about_label=f"Case audit {audit.number}",
        version=audit.version,
        role="quality team",
        post="quality officer",
        started_at=audit.sent_at,
        due_at=audit.sent_at + timedelta(days=1),
        reason="1 working day from the step that started it",
    )


def _write_events(answers: list[Answer]) -> None:
    """One event for each answer, in one chain, as its operation would have written."""
    head = Event.objects.order_by("-position").values_list("position", "hash").first()
    position, previous = head or (0, sealing.NO_EVENT)
    events, values = [], []
    for answer in answers:
        written = sealing.canonical({"question": answer.question, "evidence": answer.evidence})
        position += 1
        fields = {
            "position": position,
            "by": answer.saved_by.public_id,
            "what": "audit.answer",
            "about_kind": "audit",
            "about_id": answer.audit.public_id,
            "about_label": f"Case audit {answer.audit.number}",
            "digest": sealing.digest_of("0" * 32, written),
            "previous": previous,
        }
        previous = sealing.hash_of({**fields, "at": sealing.moment(answer.saved_at)})
        events.append(Event(**fields, at=answer.saved_at, hash=previous))
        values.append(EventValues(event=events[-1], salt="0" * 32, values=written))
    Event.objects.bulk_create(events, batch_size=BATCH)
    EventValues.objects.bulk_create(values, batch_size=BATCH)


def draw_month(council: Council, cycle: Cycle) -> None:
    """The month up to its sending, each step by its operation."""
    by, at = council.quality, timezone.localtime()
    if cycle.themed:
        set_theme(cycle, theme="Carers", unit=None, by=by, at=at)
    place_reaudits(cycle, by=by, at=at)
    draw(freeze_frame(cycle, "audit", by=by, at=at), seed="20261120", by=by, at=at)
    allocate(cycle, solve=fill, by=by, at=at)


def make_month(council: Council, cycle: Cycle) -> list[Audit]:
    """The month under way: drawn, allocated and sent; some final, some being checked, the rest to do."""
    draw_month(council, cycle)
    audits = send_cycle(cycle, by=council.quality, at=timezone.localtime())
    random, part = Random(SEED), len(audits) // 4
    with transaction.atomic():
        fill_in(audits[:part], state="final", random=random)
        fill_in(audits[part : 2 * part], state="checking", random=random)
    return audits[2 * part :]


def _moment(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(9)))
