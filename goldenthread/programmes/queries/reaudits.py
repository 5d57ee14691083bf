"""Audits that are due to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.audits.many import sheets_of
from goldenthread.audits.models import Audit, AuditQuerySet, Judgement, kept_closed
from goldenthread.audits.sheets import OWN_FACTS, Sheet
from goldenthread.caseload.models import Subject, Work
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle, ReauditChance, Slot
from goldenthread.programmes.queries.so_far import finished_so_far, sent_so_far
from goldenthread.programmes.queries.year import makes_way
from goldenthread.rules.conditions import Known, comparisons, holds
from goldenthread.rules.flow import NOT_ACCEPTED
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reaudits import ReauditRule
from goldenthread.rules.spans import describe_span, parse_span, span_after


@dataclass(frozen=True)
class DueReaudit:
    """An audit to be looked at again: as which type, by whose rule, with whom and where the case now is.

    `not_placed` says why it cannot be placed in this cycle, if it cannot. `done_again` is how an audit that
    was not accepted is done again: then `previous` is that one, and `auditor` does it if they still can.
    `rule` is the framework's, for a re-audit; `chosen` says whether a draw has chosen it before.
    """

    previous: Audit
    audit_type: str
    because: str
    not_before: date
    practitioner: Person | None
    unit: Unit | None
    not_placed: str = ""
    done_again: str = ""
    auditor: Person | None = None
    rule: ReauditRule | None = None
    chosen: bool = False


def due_reaudits(cycle: Cycle, *, on: date) -> list[DueReaudit]:
    """The re-audits that a cycle has to place on a day, the oldest first."""
    pack = pack_of(cycle.version)
    inside = set(pack.types_in(cycle.calendar))
    finished = _unfollowed(cycle, pack, on)
    known = _known_of(finished, pack, on)
    work, still_open = _present_work(finished, on), _still_open(finished, on)
    chosen = set(ReauditChance.objects.exclude(position=None).values_list("audit", flat=True))
    found = []
    for audit in finished.select_related("subject", "unit", "practitioner", "auditor").order_by(
        "finished_at", "pk"
    ):
        rule = _rule_for(pack, audit, known[audit.pk])
        if rule is None or rule.type not in inside:
            continue
        due_on = span_after(parse_span(rule.not_before), _finished_on(audit))
        if due_on > on:
            continue
        present = work.get(audit.subject_id)
        found.append(
            DueReaudit(
                previous=audit,
                audit_type=rule.type,
                because=f"{audit.number} ended on {_finished_on(audit):%-d %B %Y}, and {rule.because}",
                not_before=due_on,
                practitioner=present.person if present else None,
                unit=present.unit if present else None,
                not_placed=_obstacle(audit, present, still_open, pack.words_for(rule.type)["case"])
                or _instead(cycle, rule.type)
                or _too_late(rule, audit, cycle),
                rule=rule,
                chosen=audit.pk in chosen and not cycle.is_tried,
            )
        )
    return found


def _too_late(rule: ReauditRule, audit: Audit, cycle: Cycle) -> str:
    """Why the time for it has passed, in words; empty while it has not."""
    last = rule.too_late(_finished_on(audit), cycle.opens_on)
    return f"it was to be looked at again by {last:%-d %B %Y}" if last else ""


def due_to_place(cycle: Cycle, *, on: date) -> list[DueReaudit]:
    """All that a cycle has to place on a day: what is done again first, then the re-audits."""
    return [*due_again(cycle, on=on), *due_reaudits(cycle, on=on)]


def due_again(cycle: Cycle, *, on: date) -> list[DueReaudit]:
    """The audits of earlier cycles that were not accepted and that this cycle has to place again (WF-9)."""
    pack = pack_of(cycle.version)
    redone = Slot.objects.standing().filter(instead_of=OuterRef("pk"))
    stopped = Audit.objects.filter(
        ~Exists(redone),
        version__framework__key=cycle.framework_key,
        stopped_as=NOT_ACCEPTED,
        audit_type__in=pack.types_in(cycle.calendar),
        cycle_closes_on__lt=cycle.closes_on,
    ).exclude(cycle=cycle.label)
    work, still_open = _present_work(stopped, on), _still_open(stopped, on)
    found = []
    rows = (
        stopped.select_related("version", "subject", "previous", "auditor")
        .defer("version__document")
        .order_by("cycle_closes_on", "pk")
    )
    for audit in rows:
        again = pack_of(audit.version).flow_of(audit.audit_type).states[audit.state].done_again
        if again is None:
            continue
        who = again.replace("auditor", pack.words["auditor"])
        present, same = work.get(audit.subject_id), again == "by the same auditor"
        found.append(
            DueReaudit(
                previous=audit,
                audit_type=audit.audit_type,
                because=f"{audit.number} was not accepted and is done again {who}",
                not_before=cycle.opens_on,
                practitioner=present.person if present else None,
                unit=present.unit if present else None,
                not_placed=_obstacle(audit, present, still_open, pack.words_for(audit.audit_type)["case"]),
                done_again=again,
                auditor=audit.auditor if same and audit.auditor.is_active else None,
            )
        )
    return found


def _unfollowed(cycle: Cycle, pack: Pack, on: date) -> AuditQuerySet:
    """Finished audits that rules look at, with no later audit or standing slot for their case.

    One that is kept closed waits until it is open: that it is looked at again would tell its grade. One that
    a draw did not choose does not come back.
    """
    types = {name for rule in pack.re_audit for name in rule.after}
    done = finished_so_far(cycle, Audit.objects.done(), on=on).filter(
        version__framework__key=cycle.framework_key, audit_type__in=sorted(types)
    )
    done = done.exclude(kept_closed())
    later = Audit.objects.filter(subject=OuterRef("subject"), sent_at__gt=OuterRef("sent_at")).exclude(
        phase="stopped"
    )
    again = Audit.objects.filter(previous=OuterRef("pk")).exclude(phase="stopped")
    if cycle.is_tried:
        return done.filter(
            ~Exists(sent_so_far(cycle, later, on=on)), ~Exists(sent_so_far(cycle, again, on=on))
        )
    placed = Slot.objects.standing().filter(
        Q(previous=OuterRef("pk")) | Q(subject=OuterRef("subject"), audit=None)
    )
    passed_over = ReauditChance.objects.filter(audit=OuterRef("pk"), position=None)
    return done.filter(~Exists(later), ~Exists(again), ~Exists(placed), ~Exists(passed_over))


def _rule_for(pack: Pack, audit: Audit, known: Known) -> ReauditRule | None:
    """The first rule that looks at this audit again."""
    rules = (rule for rule in pack.re_audit if audit.audit_type in rule.after)
    return next((rule for rule in rules if holds(rule.when, known)), None)


def _known_of(audits: AuditQuerySet, pack: Pack, on: date) -> dict[int, Known]:
    """What is known of each audit: its grades, and all else where some rule looks at more than grades."""
    named = [compare for rule in pack.re_audit for compare in comparisons(rule.when)]
    if all(compare.grade is not None for compare in named):
        return _graded(audits, pack, on)
    facts = {name for compare in named if (name := compare.fact_named)}
    sheets = list(sheets_of(list(audits.with_framework().order_by("pk"))))
    of_cases = _facts_of_cases(sheets) if facts - OWN_FACTS else {}
    return {
        sheet.audit.pk: replace(
            sheet.known,
            on=on,
            scale=pack.scale_of(sheet.audit.audit_type),
            facts={**of_cases.get(sheet.audit.pk, {}), **sheet.known.facts},
        )
        for sheet in sheets
    }


def _graded(audits: AuditQuerySet, pack: Pack, on: date) -> dict[int, Known]:
    """The grades of each audit, stages in order."""
    grades: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    judged = Judgement.objects.current().filter(audit__in=audits.order_by().values("pk"))
    fields = ("audit_id", "part", "stage", "grade")
    for audit, part, stage, grade in judged.order_by("stage_order", "pk").values_list(*fields):
        grades[audit][part, stage] = grade
    types = audits.order_by().values_list("pk", "audit_type")
    return {key: Known(on=on, grades=grades[key], scale=pack.scale_of(name)) for key, name in types}


def _facts_of_cases(sheets: Iterable[Sheet]) -> dict[int, dict[str, Any]]:
    """What was known of each audit's subject on the day on which it was sent; a few statements a day."""
    by_day: dict[date, list[Audit]] = defaultdict(list)
    for sheet in sheets:
        by_day[sheet.on].append(sheet.audit)
    found: dict[int, dict[str, Any]] = {}
    for day, audits in by_day.items():
        known = facts_of([audit.subject_id for audit in audits], day)
        found |= {audit.pk: known[audit.subject_id] for audit in audits}
    return found


def _present_work(audits: QuerySet[Audit], on: date) -> dict[int, Work]:
    """Who works with each case that day, and in which team."""
    found: dict[int, Work] = {}
    rows = Work.objects.on(on).filter(subject__in=audits.order_by().values("subject"))
    for work in rows.select_related("person", "unit").order_by("starts_on", "pk"):
        held = found.get(work.subject_id)
        if held is None or work.person_id or not held.person_id:
            found[work.subject_id] = work
    return found


def _still_open(audits: QuerySet[Audit], on: date) -> set[int]:
    rows = Subject.objects.open_on(on).filter(pk__in=audits.order_by().values("subject"))
    return set(rows.values_list("pk", flat=True))


def _obstacle(audit: Audit, present: Work | None, still_open: set[int], word: str) -> str:
    """Why a due re-audit cannot be placed now, in words."""
    if audit.subject_id not in still_open:
        return f"the {word} is not open"
    if present is None or present.unit is None:
        return f"no team is recorded for the {word}"
    return ""


def _instead(cycle: Cycle, audit_type: str) -> str:
    """What takes the place of re-audits in this cycle, in words."""
    instead = makes_way(cycle, audit_type)
    return f"none are done in this cycle; instead: {instead}" if instead else ""


def _finished_on(audit: Audit) -> date:
    return timezone.localdate(audit.finished_at)


def too_early(cycle: Cycle, *, on: date) -> Iterator[str]:
    """Each re-audit of the cycle that may not be sent yet, as a sentence."""
    pack = pack_of(cycle.version)
    slots = (
        Slot.objects.unsent()
        .filter(cycle=cycle, previous__isnull=False)
        .select_related("previous", "subject")
    )
    for slot in slots:
        spans = [rule.not_before for rule in pack.re_audit if slot.previous.audit_type in rule.after]  # type: ignore[union-attr]
        for span in spans[:1]:
            due_on = span_after(parse_span(span), _finished_on(slot.previous))  # type: ignore[arg-type]
            if due_on > on:
                length = describe_span(parse_span(span))
                first = f"{due_on:%-d %B %Y}, {length} after it was completed"
                said = f"{pack.words['re_audit']} of {slot.previous.number}"  # type: ignore[union-attr]
                yield f"The {said} may be sent from {first}."
