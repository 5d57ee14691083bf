"""Whether what conditions compare is known where they stand, and can be compared in that way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from goldenthread.rules.checks_of_audits import parts_of
from goldenthread.rules.checks_of_comparisons import Scope, faults_of
from goldenthread.rules.conditions import All, Any_, Compare, Condition, Not, comparisons
from goldenthread.rules.documents import Path
from goldenthread.rules.facts import (
    AUDIT_FACTS,
    CHOOSING_FACTS,
    CLOSING_FACTS,
    GATE_FACTS,
    ORIGIN_FACTS,
    RESPONSE_FACTS,
    SELECTION_FACTS,
    SUBJECT_FACTS,
)
from goldenthread.rules.forms import Form, Question, Section
from goldenthread.rules.framework import MOMENTS, AuditType, Framework
from goldenthread.rules.naming import Missing, known_names

SENDING_FACTS = ("layer", "audit type", "earlier re-audits")
"""What is known of an audit itself when it is sent."""


@dataclass(frozen=True)
class Placed:
    """A condition, where it stands, and what may be named there."""

    path: Path
    condition: Condition
    scope: Scope


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of every condition in the pack."""
    for placed in conditions_of(pack):
        for path, compare in _placed(placed.condition, placed.path):
            yield from faults_of(compare, path, placed.scope)
    for name, form in pack.forms.items():
        asks = {
            question.key: (section.when, question.when)
            for section in form.sections
            for question in section.questions
        }
        for key in asks:
            if key in _depends_on(key, asks):
                path = _place_of(pack, name, key)
                yield Missing(
                    (*path, "when"),
                    "Whether this is asked depends in the end on its own answer; break the circle.",
                )
    yield from known_names("fact", pack.naming_facts, pack.facts, ("naming_facts",))
    for fact in pack.facts:
        if fact in (
            *of_subjects(pack),
            *CHOOSING_FACTS,
            *SELECTION_FACTS,
            *AUDIT_FACTS,
            *RESPONSE_FACTS,
            *GATE_FACTS,
            *CLOSING_FACTS,
        ):
            yield Missing(("facts", fact), "This fact is known without being listed; leave it out.")


def facts_named(pack: Framework) -> Iterator[str]:
    """Every fact that some condition names, that stands beside a question, or whose day leads to an audit."""
    yield from (trigger.fact for trigger in pack.triggers.values() if trigger.fact)
    yield from (
        one.named for form in pack.forms.values() for asked in form.questions() for one in asked.beside
    )
    for placed in conditions_of(pack):
        for compare in comparisons(placed.condition):
            yield compare.fact_named or ""


def days_named(pack: Framework) -> frozenset[str]:
    """The pack's own facts that are days: time is counted from or until them, or they lead to an audit."""
    found = {trigger.fact for trigger in pack.triggers.values()}
    found |= {one.since for form in pack.forms.values() for asked in form.questions() for one in asked.beside}
    for placed in conditions_of(pack):
        found |= {compare.day_named for compare in comparisons(placed.condition)}
    return frozenset(name for name in pack.facts if name in found)


def conditions_of(pack: Framework) -> Iterator[Placed]:
    """Every condition of the pack with its place and what is known there."""
    yield from _while_choosing(pack)
    yield from _in_forms(pack)
    for name, grading in pack.grading.items():
        kinds = [kind for kind in pack.audit_types.values() if kind.grading == name]
        for place, rule in enumerate(grading.rules):
            yield from _one(("grading", name, "rules", place, "when"), rule.when, _scope(pack, kinds))
    for name, flow in pack.flows.items():
        kinds = [kind for kind in pack.audit_types.values() if kind.flow == name]
        for place, one in enumerate(flow.conversation):
            path = ("flows", name, "conversation", place, "when")
            yield from _one(path, one.when, _scope(pack, kinds))
    for name, notice in pack.notices.items():
        yield from _one(("notices", name, "when"), notice.when, _scope(pack, _told_about(pack, notice.on)))
    for place, alert in enumerate(pack.filing.alerts):
        yield from _one(
            ("filing", "alerts", place, "when"), alert.when, _scope(pack, pack.audit_types.values())
        )
    for name, gate in pack.gates.items():
        flows = [key for key, flow in pack.flows.items() if set(gate.steps) & set(flow.steps)]
        scope = _scope(pack, [kind for kind in pack.audit_types.values() if kind.flow in flows])
        scope.facts = [*scope.facts, *GATE_FACTS]
        yield from _one(("gates", name, "open_if"), gate.open_if, _with_scores(pack, scope))
        if gate.keeps_closed is not None:
            sent = Scope([*of_subjects(pack), *pack.facts, *SENDING_FACTS], without="when an audit is sent")
            yield from _one(("gates", name, "keeps_closed", "when"), gate.keeps_closed.when, sent)
    for place, again in enumerate(pack.re_audit):
        kinds = [pack.audit_types[name] for name in again.after if name in pack.audit_types]
        yield from _one(("re_audit", place, "when"), again.when, _with_scores(pack, _scope(pack, kinds)))
    yield from _in_responses(pack)


def _in_responses(pack: Framework) -> Iterator[Placed]:
    for name, rule in pack.responses.items():
        after = rule.after or tuple(pack.audit_types)
        scope = _scope(pack, [pack.audit_types[kind] for kind in after if kind in pack.audit_types])
        _add_found(pack, scope)
        yield from _one(("responses", name, "when"), rule.when, scope)
        if rule.repeats is not None:
            every = _with_scores(pack, _scope(pack, pack.audit_types.values()))
            yield Placed(("responses", name, "repeats", "when"), rule.repeats.when, every)
    for name, copied in pack.copies.items():
        scope = _scope(pack, [kind for key, kind in pack.audit_types.items() if copied.is_for(key)])
        _add_found(pack, scope)
        yield from _one(("copies", name, "when"), copied.when, scope)
    if (actions := pack.actions) is None:
        return
    for name, gate in actions.gates.items():
        scope = _scope(pack, pack.audit_types.values())
        scope.facts = [*scope.facts, *GATE_FACTS, *CLOSING_FACTS]
        words = (actions.severities, actions.levels, actions.kinds)
        scope.words = {**scope.words, **dict(zip(CLOSING_FACTS, words, strict=False))}
        yield from _one(("actions", "gates", name, "open_if"), gate.open_if, _with_scores(pack, scope))


def _add_found(pack: Framework, scope: Scope) -> None:
    """What is known besides of a final audit: its scores, what it found, and what that can be called."""
    _with_scores(pack, scope)
    scope.facts = [*scope.facts, *RESPONSE_FACTS]
    scope.words = {**scope.words, "causes found": pack.causes, "severities found": pack.severities}


def _with_scores(pack: Framework, scope: Scope) -> Scope:
    """The scores of the ways of grading that are meant are known there too."""
    scope.scores = list(dict.fromkeys(one for name in scope.gradings for one in pack.grading[name].scores))
    return scope


def _one(path: Path, condition: Condition | None, scope: Scope) -> Iterator[Placed]:
    if condition is not None:
        yield Placed(path, condition, scope)


def _while_choosing(pack: Framework) -> Iterator[Placed]:
    before = "while cases are chosen"
    common = [*of_subjects(pack), *CHOOSING_FACTS, *pack.facts]
    chosen, paired = Scope([*common, *SELECTION_FACTS], without=before), Scope(common, without=before)
    for name, rule in pack.selection.items():
        yield Placed(("selection", name, "frame"), rule.frame, chosen)
        for place, exclusion in enumerate(rule.exclude):
            yield Placed(("selection", name, "exclude", place, "when"), exclusion.when, chosen)
        for place, group in enumerate(rule.groups):
            yield Placed(("selection", name, "groups", place, "when"), group.when, chosen)
    for name, trigger in pack.triggers.items():
        yield from _one(("triggers", name, "when"), trigger.when, paired)
    for name, pairing in pack.pairing.items():
        for place, pool in enumerate(pairing.pools):
            yield from _one(("pairing", name, "pools", place, "when"), pool.when, paired)


def of_subjects(pack: Framework) -> list[str]:
    """What is known of every subject, and of those that come from somewhere else than an extract."""
    origins = dict.fromkeys(kind.come_from for kind in pack.subjects.values())
    return [*SUBJECT_FACTS, *(name for origin in origins for name in ORIGIN_FACTS.get(origin, {}))]


def _in_forms(pack: Framework) -> Iterator[Placed]:
    for name, form in pack.forms.items():
        kinds = [kind for kind in pack.audit_types.values() if kind.form == name]
        scope = _scope(pack, kinds)
        scope.questions, scope.in_rows = _answered(form)
        scope.unasked = {
            source: kind.title for source in scope.sources for kind in kinds if source not in kind.sources
        }
        for place, section in enumerate(form.sections):
            path: Path = ("forms", name, "sections", place)
            yield from _one((*path, "when"), section.when, scope)
            within = scope if section.repeats is None else _within(scope, section)
            for position, question in enumerate(section.questions):
                here = (*path, "questions", position)
                yield from _one((*here, "when"), question.when, within)
                if not isinstance(question.required, bool):
                    yield Placed((*here, "required"), question.required, within)


def _answered(form: Form) -> tuple[dict[str, Question], dict[str, str]]:
    """The questions with one answer, and those with one for each row."""
    single = {one.key: one for section in form.sections if not section.repeats for one in section.questions}
    rows = {
        one.key: section.title for section in form.sections if section.repeats for one in section.questions
    }
    return single, rows


def _within(scope: Scope, section: Section) -> Scope:
    """In a row, the answers of that row are known too."""
    own = {one.key: one for one in section.questions}
    others = {key: title for key, title in scope.in_rows.items() if key not in own}
    return replace(scope, questions={**scope.questions, **own}, in_rows=others)


def _told_about(pack: Framework, moment: str) -> list[AuditType]:
    """The audit types that a notice at that moment may be about."""
    if moment in MOMENTS:
        return list(pack.audit_types.values())
    flows = {name for name, flow in pack.flows.items() if moment in flow.steps}
    return [kind for kind in pack.audit_types.values() if kind.flow in flows]


def _scope(pack: Framework, kinds: Iterable[AuditType]) -> Scope:
    """What is known once there is an audit of one of these types."""
    kinds = list(kinds)
    scope = Scope([*of_subjects(pack), *AUDIT_FACTS, *pack.facts])
    scope.words = {"month of the cycle": _months_of(pack, kinds)}
    questions: dict[str, Question] = {}
    rows: dict[str, str] = {}
    grades: dict[str, set[str]] = {}
    for name in dict.fromkeys(kind.grading for kind in kinds if kind.grading in pack.grading):
        grading = pack.grading[name]
        scale = pack.scales.get(grading.scale or "")
        for part in parts_of(pack, name):
            grades.setdefault(part, set()).update(value.key for value in scale.values) if scale else None
        scope.gradings.append(name)
        scope.stages |= {stage.key for stage in grading.stages}
        for form in _asked_with(pack, name):
            single, repeated = _answered(form)
            questions, rows = questions | single, rows | repeated
    scope.questions, scope.grades = questions, grades
    scope.sources = sorted({one for kind in kinds for one in kind.sources if one in pack.sources})
    scope.in_rows = {key: title for key, title in rows.items() if key not in questions}
    return scope


def _months_of(pack: Framework, kinds: Iterable[AuditType]) -> list[str]:
    """The months with which the cycles of these audit types begin."""
    calendars = [pack.calendars.get(kind.calendar or "", pack.calendar) for kind in kinds]
    return list(dict.fromkeys(month for one in calendars for month in one.first_months()))


def _asked_with(pack: Framework, grading: str) -> Iterator[Form]:
    """The forms of the audit types graded in that way, with what those ask about sources."""
    for name, kind in pack.audit_types.items():
        if kind.grading == grading and kind.form in pack.forms:
            yield pack.form_of(name)


def _placed(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare]]:
    """Each comparison inside a condition with its place."""
    match condition:
        case All():
            inside = [((*path, "all", place), part) for place, part in enumerate(condition.all)]
        case Any_():
            inside = [((*path, "any", place), part) for place, part in enumerate(condition.any)]
        case Not():
            inside = [((*path, "not"), condition.not_)]
        case _:
            yield path, condition
            return
    for where, part in inside:
        yield from _placed(part, where)


def _depends_on(key: str, asks: Mapping[str, tuple[Condition | None, ...]]) -> set[str]:
    """Every question whose answer decides, directly or by others, whether this one is asked."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for condition in asks.get(waiting.pop(), ()):
            named = {compare.answer for compare in comparisons(condition) if compare.answer}
            waiting += named - found
            found |= named
    return found


def _place_of(pack: Framework, form: str, key: str) -> Path:
    """Where a question stands in the document."""
    for place, section in enumerate(pack.forms[form].sections):
        for position, question in enumerate(section.questions):
            if question.key == key:
                return ("forms", form, "sections", place, "questions", position)
    return ("forms", form)
