"""One audit as it is filled in: its framework and all that was given, read once for a page or a step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from goldenthread.audits.models import (
    Answer,
    AnswerVersion,
    Audit,
    Judgement,
    JudgementQuerySet,
    Return,
    kept_closed,
)
from goldenthread.audits.named import names_now
from goldenthread.audits.rows import by_address, numbered, rows_of
from goldenthread.audits.scored import ScoresOf
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.rules.advice import Advice, advice, look_of, to_grade_first
from goldenthread.rules.conditions import Condition, Known, comparisons, holds
from goldenthread.rules.cycles import facts_of_cycle
from goldenthread.rules.flow import DONE, Flow, State
from goldenthread.rules.forms import Form, Given, Question, Section, asked, critical_missed, shown
from goldenthread.rules.framework import AuditType, Framework
from goldenthread.rules.grade_rules import CarryForward
from goldenthread.rules.grading import OVERALL, Grading, Stage, parts_to_grade
from goldenthread.rules.returns import ReturnRule
from goldenthread.rules.roles import Addressee
from goldenthread.rules.rows import Row
from goldenthread.rules.scales import Scale
from goldenthread.rules.scores import Look
from goldenthread.rules.windows import judged_from

LONGEST_CHAIN = 20
"""Of audits that look again at the one before, so many are followed."""
OWN_FACTS = frozenset(
    {"layer", "audit type", "earlier re-audits", "critical missed", "month of the cycle", "year of the cycle"}
)
"""Facts that conditions may ask of an audit itself; all others are the case's."""


def chain_of(audit: Audit) -> list[Audit]:
    """The audits that this one looks at again, the latest first."""
    with_auditor = Audit.objects.with_framework("auditor")
    return list(_chain(audit, lambda key: with_auditor.get(pk=key)))


def _layers_before(audit: Audit) -> list[str]:
    """The layer of each audit that this one looks at again, by the few columns that say it."""
    before = _chain(audit, lambda key: _little_of.get(audit=key))
    return [pack_of(one.version).audit_types[one.audit_type].layer for one in before]


_little_of = Compiled(
    lambda audit: (
        Audit.objects.filter(pk=audit)
        .select_related("version")
        .only("audit_type", "previous", "version__sha256")
    ),
    audit=int,
)


def _chain(audit: Audit, read: Callable[[int], Audit]) -> Iterator[Audit]:
    """The audits before this one, the latest first, each with what is read of it."""
    for _ in range(LONGEST_CHAIN):
        if audit.previous_id is None:
            return
        audit = read(audit.previous_id)
        yield audit


@dataclass(frozen=True)
class Carried:
    """The grade that a part keeps, and the audit that gave it: its number and its day."""

    grade: str
    number: str
    on: date


@dataclass
class Sheet:
    """One audit with its framework and all that was given, read once for a page or a step.

    `answers` stand under their addresses; those of rows that were taken out are not among them. `names` are
    those of today, by id, of the people whom answers name.
    With `in_return`, one of its returns: the sections that it fills in, and what was given there.
    """

    audit: Audit
    answers: dict[str, Answer]
    judgements: dict[tuple[str, str], Judgement]
    facts: dict[str, Any]
    on: date
    earlier: Mapping[str, Carried] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    in_return: Return | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    pack: Framework = field(init=False)

    def __post_init__(self) -> None:
        self.pack = pack_of(self.audit.version)

    @property
    def words(self) -> dict[str, str]:
        """The framework's words, with what is audited said where a case would be."""
        return self.pack.words_for(self.audit.audit_type)

    @property
    def type(self) -> AuditType:
        return self.pack.audit_types[self.audit.audit_type]

    @property
    def judged_from(self) -> date:
        """The first day of what is judged."""
        return judged_from(self.audit.looks_from, self.audit.looks_to, self.type.judges)

    @cached_property
    def form(self) -> Form:
        return form_for(self.audit, self.in_return)

    @cached_property
    def grading(self) -> Grading:
        return grading_for(self.audit, self.in_return)

    @property
    def scale(self) -> Scale:
        return self.pack.scale_of(self.audit.audit_type)

    @property
    def flow(self) -> Flow:
        return self.pack.flow_of(self.audit.audit_type)

    @property
    def state(self) -> State:
        return self.flow.states[self.audit.state]

    @property
    def stage(self) -> Stage | None:
        """The stage of grading that is open now; a return is graded once, as at the first."""
        if self.in_return:
            return next(iter(self.grading.stages), None)
        return self.grading.stage(self.state.stage) if self.state.stage else None

    @cached_property
    def stages_shown(self) -> list[Stage]:
        """The stages that every audit goes through, and of the others those at which something was graded."""
        opened = {state.stage for state in self.flow.states.values()}
        graded = {at for _, at in self.judgements}
        return [stage for stage in self.grading.stages if stage.key in opened | graded]

    @property
    def skipped(self) -> frozenset[str]:
        return frozenset((self.in_return or self.audit).skipped_sections)

    @cached_property
    def given(self) -> dict[str, Given]:
        return {key: given_of(answer) for key, answer in self.answers.items()}

    @cached_property
    def known(self) -> Known:
        """What conditions may look at; grades in the order of the stages."""
        grades = {
            (part, stage.key): judged.grade
            for stage in self.grading.stages
            for (part, at), judged in self.judgements.items()
            if at == stage.key and judged.grade
        }
        values = {key: given.instead or given.value for key, given in self.given.items()}
        facts = self.facts | {"critical missed": critical_missed(self.form, self.given)}
        return Known(self.on, facts, values, grades, self.scale, self.rows, ScoresOf(self))

    @cached_property
    def sections(self) -> list[tuple[Section, list[Question]]]:
        """The sections asked, each with its questions; those left out by the auditor are not among them."""
        return list(shown(self.form, self.known, self.skipped))

    @cached_property
    def offered(self) -> list[tuple[Section, list[Question]]]:
        """The sections that apply, those left out by the auditor too."""
        return list(shown(self.form, self.known))

    def by_rows(self, section: Section) -> list[tuple[Row | None, list[Question]]]:
        """What a section asks, row by row; a section without rows is asked once."""
        return [(row, questions) for row, questions, _ in asked(section, self.known)]

    @cached_property
    def parts(self) -> list[tuple[str, str]]:
        """The parts to grade: their keys and labels."""
        return parts_to_grade(self.form, self.grading, self.known, self.skipped)

    @cached_property
    def carried(self) -> dict[str, Carried]:
        """The parts that this audit does not look at and that keep an earlier audit's grade."""
        keeps = self.grading.carries(self.known) - {part for part, _ in self.parts}
        return {part: kept for part, kept in self.earlier.items() if part in keeps}

    @cached_property
    def look(self) -> Look:
        """What the rules of grading look at now: what people gave, and what the rules make of it anew."""
        stage = self.stage.key if self.stage else ""
        computed = {key for key, row in self.judgements.items() if row.is_computed and key[1] == stage}
        grades = {key: grade for key, grade in self.known.grades.items() if key not in computed}
        return look_of(
            self.grading,
            self.form,
            self.given,
            replace(self.known, grades=grades),
            skipped=self.skipped,
            stage=stage,
            carried={part: kept.grade for part, kept in self.carried.items()},
        )

    def advice_on(self, part: str) -> Advice:
        """What the rules of grading say of a part now."""
        if not self.grading.rules_about(part):
            return Advice(part)
        return advice(self.grading, self.look, part)

    def to_grade_first(self, part: str) -> list[str]:
        """The labels of the parts that must be graded before this one and are not, at the open stage."""
        return [part_label(self, one) for one in to_grade_first(self.grading, self.look, part)]

    def judged(self, part: str, stage: str) -> Judgement | None:
        return self.judgements.get((part, stage))

    def of_record(self, part: str) -> Judgement | None:
        """The judgement of the latest stage that graded the part."""
        found = [self.judgements.get((part, stage.key)) for stage in self.grading.stages]
        return next((judged for judged in reversed(found) if judged and judged.grade), None)

    def is_asked(self, condition: Condition | None) -> bool:
        return holds(condition, self.known)


def rule_of(audit: Audit, in_return: Return) -> ReturnRule:
    """What the framework says of a return."""
    return pack_of(audit.version).audit_types[audit.audit_type].returns[in_return.key]


def form_for(audit: Audit, in_return: Return | None = None) -> Form:
    """The audit's form, or what a return fills in of it; sections that repeat are the audit's own."""
    form = pack_of(audit.version).form_of(audit.audit_type)
    if in_return is None:
        return form
    named = rule_of(audit, in_return).sections
    once = (section for section in form.sections if section.repeats is None)
    sections = tuple(section for section in once if not named or section.key in named)
    return form.model_copy(update={"sections": sections})


def grading_for(audit: Audit, in_return: Return | None = None) -> Grading:
    """How the audit is graded; a return is graded once, and one of some sections does not grade the whole."""
    grading = pack_of(audit.version).grading_of(audit.audit_type)
    if in_return is None:
        return grading
    rule = rule_of(audit, in_return)
    stages = tuple(one.model_copy(update={"label": rule.title}) for one in grading.stages[:1])
    overall = grading.overall and rule.graded and not rule.sections
    return grading.model_copy(update={"stages": stages if rule.graded else (), "overall": overall})


def given_of(answer: Answer | AnswerVersion) -> Given:
    """An answer as the rules read it."""
    value = tuple(answer.value) if isinstance(answer.value, list) else answer.value
    return Given(value, answer.instead, answer.evidence)


def sheet_of(
    audit: Audit, *, on: date | None = None, signed: bool = False, in_return: Return | None = None
) -> Sheet:
    """The audit with its answers and current judgements; two queries, more where conditions ask
    for facts, sections repeat or answers name people.

    `signed` brings who saved and who judged, for a page that names them.
    """
    on = on or timezone.localdate(audit.sent_at)
    answers, judgements = _given_in(audit, signed, in_return)
    rows = rows_of(audit)
    placed = by_address(answers, rows)
    return Sheet(
        audit,
        placed,
        {(judged.part, judged.stage): judged for judged in judgements},
        facts_known(audit, on),
        on,
        {} if in_return else grades_carried_into(audit),
        numbered(rows),
        in_return,
        names_now(form_for(audit, in_return), placed.values()),
    )


def _given_in(
    audit: Audit, signed: bool, in_return: Return | None
) -> tuple[Iterable[Answer], Iterable[Judgement]]:
    if not signed and in_return is None:
        return answers_of(audit=audit.pk), judgements_of(audit=audit.pk)
    answers, judgements = answers_in(audit, in_return), judgements_in(audit, in_return).current()
    if signed:
        return answers.select_related("saved_by"), judgements.select_related("judged_by")
    return answers, judgements


answers_of = Compiled(lambda audit: Answer.objects.filter(audit=audit), audit=int)
judgements_of = Compiled(lambda audit: Judgement.objects.filter(audit=audit).current(), audit=int)


def answers_in(audit: Audit, in_return: Return | None) -> QuerySet[Answer]:
    """The audit's own answers, or those of one of its returns."""
    if in_return is None:
        return Answer.objects.filter(audit=audit)
    return Answer.everywhere.filter(audit=audit, in_return=in_return)


def judgements_in(audit: Audit, in_return: Return | None) -> JudgementQuerySet:
    """The audit's own judgements, or those of one of its returns."""
    if in_return is None:
        return Judgement.objects.filter(audit=audit)
    return Judgement.everywhere.filter(audit=audit, in_return=in_return)


def grades_carried_into(audit: Audit) -> dict[str, Carried]:
    """The grades of the case's audits finished before this one, for the parts that a rule carries forward.

    Of each part the latest; one on a scale with other grades is not carried, nor is one of an audit that is
    kept closed, until that is open. A query only if there is a rule.
    """
    pack = pack_of(audit.version)
    rules = pack.grading_of(audit.audit_type).rules
    parts = {rule.part for rule in rules if isinstance(rule, CarryForward)}
    if not parts:
        return {}
    rows = (
        Judgement.objects.current()
        .filter(audit__subject=audit.subject_id, audit__phase__in=DONE, part__in=parts)
        .filter(audit__finished_at__lt=audit.sent_at)
        .exclude(grade="")
        .exclude(kept_closed("audit"))
        .select_related("audit__version")
        .order_by("audit__finished_at", "stage_order")
    )
    found = {}
    for row in rows:
        before = row.audit
        scale = pack_of(before.version).scale_of(before.audit_type)
        alike = scale.grades_alike(pack.scale_of(audit.audit_type))
        if alike and row.part not in before.skipped_sections and before.finished_at:
            found[row.part] = Carried(row.grade, before.number, timezone.localdate(before.finished_at))
    return found


def facts_known(audit: Audit, on: date) -> dict[str, Any]:
    """The facts that conditions may ask about: the audit's own, and the case's if any condition does."""
    pack = pack_of(audit.version)
    facts: dict[str, Any] = {}
    if not _asked_facts(pack, audit.audit_type) <= OWN_FACTS:
        facts = dict(facts_of([audit.subject_id], on)[audit.subject_id])
    return facts | {
        "layer": pack.audit_types[audit.audit_type].layer,
        "audit type": audit.audit_type,
        "earlier re-audits": _layers_before(audit).count("re-audit"),
        **facts_of_cycle(audit.cycle, pack.calendar_of(audit.audit_type)),
    }


def _asked_facts(pack: Framework, audit_type: str) -> set[str]:
    """The facts that stand beside questions, or that conditions of the type's form, grading, notices,
    gates, addressees and filing name."""
    form = pack.form_of(audit_type)
    conditions: list[Condition | None] = [section.when for section in form.sections]
    for question in form.questions():
        conditions += [question.when, None if isinstance(question.required, bool) else question.required]
    conditions += [rule.when for rule in pack.grading_of(audit_type).rules]
    conditions += [notice.when for notice in pack.notices.values()]
    conditions += [gate.open_if for gate in pack.gates.values()]
    conditions += [one.when for one in (*pack.flow_of(audit_type).conversation, *pack.filing.alerts)]
    found = (compare for condition in conditions for compare in comparisons(condition))
    beside = {one.named for question in form.questions() for one in question.beside}
    return beside | {name for compare in found if (name := compare.fact_named)}


def part_label(sheet: Sheet, part: str) -> str:
    """What a part is called, also where it no longer applies."""
    if part == OVERALL:
        return sheet.grading.overall_label
    section = sheet.form.section(part)
    return sheet.form.title_of(section) if section else part


def meant(addressees: Iterable[Addressee], known: Known) -> list[str]:
    """The roles that are meant, given what is known."""
    return [one.role for one in addressees if holds(one.when, known)]
