"""Whether forms, gradings and flows fit together: a way through, and nothing that cannot be done."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.flow import DONE, STOPPED, Flow, State
from goldenthread.rules.forms import Form
from goldenthread.rules.framework import Clock, Framework
from goldenthread.rules.grading import OVERALL, Grading, Stage
from goldenthread.rules.naming import Absent, Missing, known_name, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of forms and flows, alone and together with gradings."""
    for name, form in pack.forms.items():
        yield from _form(pack, form, ("forms", name, "sections"))
    for name, flow in pack.flows.items():
        yield from _flow(pack, name, flow)
    for name, kind in pack.audit_types.items():
        if kind.flow in pack.flows and kind.grading in pack.grading:
            flow = pack.flows[kind.flow]
            yield from _stages(flow, pack.grading[kind.grading], kind.flow, _graded_elsewhere(pack))
            waiting = [one for one in kind.on_sending_starts if not _ends_with_an_answer(pack, one)]
            yield from _finished_clocks(flow, kind.on_sending_starts, waiting, (kind.flow, name))


def _form(pack: Framework, form: Form, path: Path) -> Iterator[Missing]:
    for place, section in enumerate(form.sections):
        here = (*path, place)
        if section.key == OVERALL:
            yield Missing(
                (*here, "key"), f"“{OVERALL}” stands for the whole audit; give the section another key."
            )
        if not section.questions and not section.graded and not form.parts_of(section.key):
            yield Absent(
                here, "There is nothing to answer or grade in this section; add a question or leave it out."
            )
        for position, question in enumerate(section.questions):
            if question.answered_by:
                where = (*here, "questions", position, "answered_by")
                yield from known_name("role", question.answered_by, pack.roles, where)
            where = (*here, "questions", position, "roles")
            yield from known_names("role", question.roles, pack.roles, where)


def parts_of(pack: Framework, grading: str) -> list[str]:
    """The parts that may be graded: the graded sections of the forms used with a grading, and the whole."""
    parts = [section.key for form in forms_with(pack, grading) for section in form.sections if section.graded]
    return [*dict.fromkeys(parts), OVERALL] if pack.grading[grading].overall else list(dict.fromkeys(parts))


def forms_with(pack: Framework, grading: str) -> list[Form]:
    """The forms of the audit types that are graded in that way."""
    names = dict.fromkeys(kind.form for kind in pack.audit_types.values() if kind.grading == grading)
    return [pack.forms[name] for name in names if name in pack.forms]


def _flow(pack: Framework, name: str, flow: Flow) -> Iterator[Missing]:
    path: Path = ("flows", name)
    yield from known_name("state", flow.first, flow.states, (*path, "first"))
    for place, one in enumerate(flow.conversation):
        yield from known_name("role", one.role, pack.roles, (*path, "conversation", place, "role"))
    for key, state in flow.states.items():
        here = (*path, "states", key)
        yield from known_names("role", state.edited_by, pack.roles, (*here, "edited_by"))
        yield from known_names("role", state.shown_to, pack.roles, (*here, "shown_to"))
        for key_of in ("counts_as", "done_again"):
            if getattr(state, key_of) and state.phase != STOPPED:
                yield Absent((*here, key_of), "This is said of stopped states only; leave it out here.")
    for key, step in flow.steps.items():
        here = (*path, "steps", key)
        yield from known_names("state", step.from_, flow.states, (*here, "from"))
        yield from known_name("state", step.to, flow.states, (*here, "to"))
        yield from known_names("role", step.by, pack.roles, (*here, "by"))
        yield from known_names("clock", step.starts, pack.clocks, (*here, "starts"))
        yield from known_names("clock", step.finishes, pack.clocks, (*here, "finishes"))
        yield from known_names("clock", step.once_late, pack.clocks, (*here, "once_late"))
    yield from _ways_out(flow, path)


def _ways_out(flow: Flow, path: Path) -> Iterator[Missing]:
    """Every state can be come to, an audit can be finished, and never gets stuck on the way."""
    reached = flow.reachable() & set(flow.states)
    for name in flow.states:
        if name not in reached:
            yield Absent((*path, "states", name), "No step leads to this state; add one or leave it out.")
    if not any(flow.states[state].phase in DONE for state in reached):
        yield Absent(
            (*path, "steps"), "No step leads to a state that is final or filed, so no audit can be finished."
        )
    for name, state in flow.states.items():
        leaves = any(name in step.from_ and step.to != name for step in flow.steps.values())
        if not leaves and state.phase not in (*DONE, STOPPED):
            yield Absent((*path, "states", name), "No step leads out of this state; add one.")


def _graded_elsewhere(pack: Framework) -> set[str | None]:
    """Stages of grading that no state opens, since something else than a step of the flow grades there."""
    moderated = {rule.stage for rule in pack.moderation.values()}
    return moderated | ({pack.disputes.stage} if pack.disputes else set())


def _stages(flow: Flow, grading: Grading, name: str, elsewhere: Collection[str | None]) -> Iterator[Missing]:
    """Every stage of grading is open somewhere, and grades are asked for only where one is."""
    path: Path = ("flows", name)
    stages = [stage.key for stage in grading.stages]
    for key, state in flow.states.items():
        if state.stage is not None:
            yield from known_name("stage of grading", state.stage, stages, (*path, "states", key, "stage"))
            yield from _graded_by_who_edits(grading.stage(state.stage), state, (*path, "states", key))
    for stage in stages:
        if stage not in {*elsewhere, *(state.stage for state in flow.states.values())}:
            yield Absent(
                (*path, "states"), f"No state opens the stage “{stage}”, so it would never be graded."
            )
    for key, step in flow.steps.items():
        closed = [at for at in step.from_ if at in flow.states and flow.states[at].stage is None]
        if "grades" in step.requires and closed:
            where = (*path, "steps", key, "requires")
            yield Absent(where, f"Grades are asked for, but no stage of grading is open in “{closed[0]}”.")


def _graded_by_who_edits(stage: Stage | None, state: State, path: Path) -> Iterator[Missing]:
    """Whoever grades at a stage may edit where it is open, or nobody could grade there."""
    if stage is not None and stage.by not in state.edited_by:
        said = (
            f"Grades of the stage “{stage.key}” are given by the role “{stage.by}”, which cannot edit here; "
            f"put “{stage.by}” under “edited_by”, or open another stage."
        )
        yield Missing((*path, "edited_by"), said)


def _ends_with_an_answer(pack: Framework, clock: str) -> bool:
    rule = pack.clocks.get(clock)
    return isinstance(rule, Clock) and rule.ends_with is not None


def _finished_clocks(
    flow: Flow, on_sending: Collection[str], waiting: Collection[str], called: tuple[str, str]
) -> Iterator[Missing]:
    """A clock that a step finishes has been started, and one that was started can be finished.

    `waiting` are those that start on sending and that only a step finishes.
    """
    steps, (name, kind) = flow.steps.items(), called
    started = {*on_sending} | {clock for _, step in steps for clock in step.starts}
    finished = {clock for _, step in steps for clock in step.finishes}
    for key, step in steps:
        for place, clock in enumerate(step.finishes):
            if clock not in started:
                where: Path = ("flows", name, "steps", key, "finishes", place)
                yield Absent(where, f"Nothing starts the clock “{clock}” in audits of the type “{kind}”.")
        for place, clock in enumerate(step.starts):
            if clock not in finished:
                where = ("flows", name, "steps", key, "starts", place)
                yield Absent(
                    where, f"No step finishes the clock “{clock}”, so its task would stay open for ever."
                )
    for key, step in steps:
        for place, clock in enumerate(step.once_late):
            if clock not in started:
                where = ("flows", name, "steps", key, "once_late", place)
                yield Absent(where, f"Nothing starts the clock “{clock}” in audits of the type “{kind}”.")
    for clock in set(waiting) - finished:
        path: Path = ("audit_types", kind, "on_sending_starts")
        yield Absent(path, f"No step finishes the clock “{clock}”, so its task would stay open for ever.")
