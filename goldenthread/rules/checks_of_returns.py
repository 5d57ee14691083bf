"""Whether the returns of an audit type can be filled in, and whether steps ask for returns that there are."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.flow import OWED, WORKING, Flow, Step
from goldenthread.rules.forms import Form, Question
from goldenthread.rules.framework import AuditType, Framework
from goldenthread.rules.naming import Missing, known_name, known_names
from goldenthread.rules.returns import NO_ACCOUNT, OUTSIDE, ReturnRule
from goldenthread.rules.signing import PERSON, SIGNATURE

ALL = "all returns"


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the returns of every audit type."""
    for name, kind in pack.audit_types.items():
        yield from _of_type(pack, kind, ("audit_types", name, "returns"))
    for name, flow in pack.flows.items():
        kinds = [kind for kind in pack.audit_types.values() if kind.flow == name]
        for key, step in flow.steps.items():
            if ALL in step.requires and kinds and not any(kind.returns for kind in kinds):
                path: Path = ("flows", name, "steps", key, "requires")
                said = (
                    "No audit with these steps has returns; give its type some, or leave “all returns” out."
                )
                yield Missing(path, said)
            if _waits(key, step, kinds):
                yield from _too_late(flow, step, ("flows", name, "steps", key, "from"))


def _waits(name: str, step: Step, kinds: list[AuditType]) -> bool:
    """Whether a step waits for any return of these kinds of audit."""
    returns = [one for kind in kinds for one in kind.returns.values()]
    return bool(returns) and (ALL in step.requires or any(name in one.needed_for for one in returns))


def _too_late(flow: Flow, step: Step, path: Path) -> Iterator[Missing]:
    """Returns end with the work on an audit, so a step that waits for them begins where that goes on."""
    for place, name in enumerate(step.from_):
        if name in flow.states and flow.states[name].phase not in (OWED, WORKING):
            said = (
                f"Nobody can send in a return once the audit is in “{name}”, so this would wait for ever. "
                f"Give “{name}” the phase “{WORKING}”, or let the step that leads there wait for them."
            )
            yield Missing((*path, place), said)


def _of_type(pack: Framework, kind: AuditType, path: Path) -> Iterator[Missing]:
    form, flow = pack.forms.get(kind.form), pack.flows.get(kind.flow)
    for name, one in kind.returns.items():
        here: Path = (*path, name)
        yield from known_name("role", one.role, pack.roles, (*here, "role"))
        yield from known_name("clock", one.clock, pack.clocks, (*here, "clock"))
        if form is not None:
            sections = [section.key for section in form.sections if section.repeats is None]
            yield from known_names("section", one.sections, sections, (*here, "sections"))
            yield from _people(form, one, (*here, "sections"))
        if flow is not None:
            yield from known_names("step", one.needed_for, flow.steps, (*here, "needed_for"))


def _people(form: Form, one: ReturnRule, path: Path) -> Iterator[Missing]:
    """What whoever fills in a return cannot answer: it is named, so that no required question stays open."""
    for section in form.sections:
        if section.repeats is None and (not one.sections or section.key in one.sections):
            for question in section.questions:
                if why := _not_offered(question, one):
                    said = f"“{question.key}” cannot be answered in “{one.title}”: {why}."
                    yield Missing(path, f"{said} Name the sections without it.")


def _not_offered(question: Question, one: ReturnRule) -> str:
    """Why a question cannot be answered in a return, if it cannot."""
    if question.type == SIGNATURE and one.filled_in_by == NO_ACCOUNT:
        return "nobody signs for somebody without an account"
    if one.filled_in_by != OUTSIDE:
        return ""
    if question.type == SIGNATURE and question.roles:
        return "somebody from outside holds none of the roles that may sign it"
    if question.type == PERSON and not question.by_name:
        return "somebody from outside sees no list of people, and no name may be written"
    return ""
