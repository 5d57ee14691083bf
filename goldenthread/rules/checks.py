"""Whether everything that a framework names is there, and everything that is there is used by something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from goldenthread.rules import (
    checks_of_addresses,
    checks_of_agreements,
    checks_of_audits,
    checks_of_beside,
    checks_of_calendars,
    checks_of_causes,
    checks_of_conditions,
    checks_of_copies,
    checks_of_equivalence,
    checks_of_gates,
    checks_of_goals,
    checks_of_grading,
    checks_of_ladders,
    checks_of_levels,
    checks_of_moderation,
    checks_of_pauses,
    checks_of_reports,
    checks_of_responses,
    checks_of_retention,
    checks_of_returns,
    checks_of_sources,
    checks_of_standards,
    checks_of_subjects,
    checks_of_summaries,
    checks_of_triggers,
    checks_of_turns,
    checks_of_words,
    responses,
)
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import CYCLE_END, MOMENTS, Clock, CycleClock, Framework, Notice
from goldenthread.rules.grade_rules import overriders
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.selection import PairingRule

NOBODY = [
    ("only their own work", "not their own work"),
    ("only their own work", "not their own team"),
    ("only their own work", "not their own line"),
]


def reference_faults(pack: Framework, left_out: frozenset[str]) -> list[tuple[Path, str]]:
    """Every fault of what the parts say of each other.

    `left_out` are names inside parts that could not be read: nothing is said of what refers to them,
    and nothing is called unused or absent, since it may be among them. A part that nothing uses is a fault,
    since it promises what does not happen.
    """
    found = [*missing(pack), *_unused(pack)]
    kept = [one for one in found if one.name not in left_out and not (left_out and isinstance(one, Absent))]
    return [(one.path, one.sentence) for one in kept]


def missing(pack: Framework) -> Iterator[Missing]:
    """Every fault of what a part says of another: a name that stands for nothing says which would do."""
    yield from _roles(pack)
    yield from _audit_types(pack)
    yield from _choosing(pack)
    yield from checks_of_calendars.faults(pack)
    yield from checks_of_causes.faults(pack)
    yield from checks_of_triggers.faults(pack)
    yield from _clocks(pack)
    yield from _telling(pack)
    yield from checks_of_audits.faults(pack)
    yield from checks_of_grading.faults(pack)
    yield from checks_of_levels.faults(pack)
    yield from checks_of_returns.faults(pack)
    yield from checks_of_conditions.faults(pack)
    yield from checks_of_beside.faults(pack)
    yield from checks_of_equivalence.faults(pack)
    yield from checks_of_responses.faults(pack)
    yield from checks_of_ladders.faults(pack)
    yield from checks_of_gates.faults(pack)
    yield from checks_of_pauses.faults(pack)
    yield from checks_of_subjects.faults(pack)
    yield from checks_of_summaries.faults(pack)
    yield from checks_of_words.faults(pack)
    yield from checks_of_standards.faults(pack)
    yield from checks_of_sources.faults(pack)
    yield from checks_of_addresses.faults(pack)
    yield from checks_of_agreements.faults(pack)
    yield from checks_of_retention.faults(pack)
    yield from checks_of_moderation.faults(pack)
    yield from checks_of_goals.faults(pack)
    yield from checks_of_copies.faults(pack)
    yield from checks_of_reports.faults(pack)


def _roles(pack: Framework) -> Iterator[Missing]:
    for name, role in pack.roles.items():
        if role.may and (role.post is None or role.of == "the auditor's unit"):
            said = "Only a post, over the case's team or anywhere, lets people do this; leave “may” out."
            yield Missing(("roles", name, "may"), said)
        path: Path = ("roles", name, "otherwise")
        if role.otherwise is None:
            continue
        yield from known_name("role", role.otherwise, pack.roles, path)
        if _comes_back(pack, name):
            yield Missing(path, f"“{name}” would in the end stand in for itself; break the circle.")


def _comes_back(pack: Framework, start: str) -> bool:
    """Whether following `otherwise` from a role leads back to it."""
    seen: set[str] = set()
    role = pack.roles[start].otherwise
    while role in pack.roles and role not in seen:
        if role == start:
            return True
        seen.add(role)
        role = pack.roles[role].otherwise
    return False


def _audit_types(pack: Framework) -> Iterator[Missing]:
    tables: dict[str, Iterable[str]] = {
        "form": pack.forms,
        "grading": pack.grading,
        "flow": pack.flows,
        "pairing": pack.pairing,
        "selection": pack.selection,
        "calendar": pack.calendars,
    }
    for name, kind in pack.audit_types.items():
        path: Path = ("audit_types", name)
        for key, table in tables.items():
            if (chosen := getattr(kind, key)) is not None:
                yield from known_name(key, chosen, table, (*path, key))
        yield from known_names("clock", kind.on_sending_starts, pack.clocks, (*path, "on_sending_starts"))
        drawn = kind.layer == "routine" and not pack.is_continuous(kind.calendar or "")
        if drawn and kind.selection is None:
            yield Absent(path, "A routine audit is drawn, so it needs a “selection”.")
        if kind.layer == "re-audit" and kind.selection is not None:
            yield Missing(
                (*path, "selection"),
                "A re-audit follows an earlier audit and is not drawn; leave the selection out.",
            )


def _choosing(pack: Framework) -> Iterator[Missing]:
    for name, rule in pack.selection.items():
        path: Path = ("selection", name)
        if rule.size is not None:
            yield from known_name("target", rule.size, pack.targets, (*path, "size"))
        yield from checks_of_triggers.nomination_faults(pack, rule, path)
        target = pack.targets.get(rule.size or "")
        if target and target.per != rule.strata:
            yield Missing(
                (*path, "strata"),
                f"The draw goes by {rule.strata}, but “{rule.size}” is per {target.per}; make them agree.",
            )
        if target and (target.each != "cycle" or target.everyone or target.each_time):
            yield Missing(
                (*path, "size"),
                f"A draw gives a number or a share in each cycle, and “{rule.size}” is not one; name another "
                "target, and keep this one to be shown beside it.",
            )
        if rule.exhausted == "go round again" and not (rule.has_a_number() and rule.may_go_round()):
            yield Absent(
                (*path, "exhausted"),
                "Nothing is left out for an earlier audit alone, or everything is taken, so there is no "
                "round to go; leave “exhausted” out.",
            )
    yield from checks_of_turns.faults(pack)
    yield from checks_of_calendars.target_faults(pack)
    yield from checks_of_calendars.reaudit_faults(pack)
    for place, again in enumerate(pack.re_audit):
        here: Path = ("re_audit", place)
        yield from known_names("audit type", again.after, pack.audit_types, (*here, "after"))
        yield from known_name("audit type", again.type, pack.audit_types, (*here, "type"))
        kind = pack.audit_types.get(again.type)
        if kind and kind.layer != "re-audit":
            sentence = f"“{again.type}” is not a re-audit; name an audit type of that layer."
            yield Missing((*here, "type"), sentence)
    for name, pairing in pack.pairing.items():
        yield from _pools([pool.when is None for pool in pairing.pools], ("pairing", name, "pools"))
        yield from _independence(pairing, ("pairing", name))
        yield from _set_aside(pairing, ("pairing", name))


def _independence(pairing: PairingRule, path: Path) -> Iterator[Missing]:
    """Conditions on the auditor that nobody can meet together."""
    asked = set(pairing.independence)
    for one, other in NOBODY:
        if {one, other} <= asked:
            yield Missing(
                (*path, "independence"), f"“{one}” and “{other}” leave nobody; take one of them out."
            )
    if "only their own work" in asked:
        for place, pool in enumerate(pairing.pools):
            if pool.pairs:
                said = (
                    "Pairs audit each other's work, and here everybody audits their own; leave “pairs” out."
                )
                yield Missing((*path, "pools", place, "pairs"), said)


def _set_aside(pairing: PairingRule, path: Path) -> Iterator[Missing]:
    """What gives way by hand is asked for."""
    for place, one in enumerate(pairing.set_aside_by_hand):
        if one not in pairing.independence:
            said = f"“{one}” does not stand under “independence”, so nothing gives way; take it out."
            yield Missing((*path, "set_aside_by_hand", place), said)


def _pools(open_to_all: list[bool], path: Path) -> Iterator[Missing]:
    """Pools are tried in order, so one for every subject comes last."""
    for place, everything in enumerate(open_to_all[:-1]):
        if everything:
            yield Missing(
                (*path, place), "This pool takes every case, so no later one is reached; put it last."
            )


def _clocks(pack: Framework) -> Iterator[Missing]:
    sent = {clock for kind in pack.audit_types.values() for clock in kind.on_sending_starts}
    for name, clock in pack.clocks.items():
        yield from known_name("role", clock.owed_by, pack.roles, ("clocks", name, "owed_by"))
        if isinstance(clock, Clock) and clock.ends_with and name not in sent:
            said = (
                "What ends with the first answer begins when an audit is sent; name it under an audit type’s "
            )
            yield Missing(("clocks", name, "ends_with"), f"{said}“on_sending_starts”, or leave this out.")
    for place, rung in enumerate(pack.concern.rungs):
        path: Path = ("concern", "rungs", place)
        yield from known_name("role", rung.role, pack.roles, (*path, "role"))
        yield from known_names("role", rung.tells, pack.roles, (*path, "tells"))
        yield from known_name("clock", rung.clock, pack.clocks, (*path, "clock"))
        if isinstance(pack.clocks.get(rung.clock), CycleClock):
            said = "An alert is answered within a length of time, not when the cycle closes."
            yield Missing((*path, "clock"), said)
        if rung.role in {earlier.role for earlier in pack.concern.rungs[:place]}:
            yield Missing(
                (*path, "role"), f"“{rung.role}” was asked at an earlier stage; name somebody else."
            )


def _telling(pack: Framework) -> Iterator[Missing]:
    steps = [step for flow in pack.flows.values() for step in flow.steps]
    for name, notice in pack.notices.items():
        path: Path = ("notices", name)
        yield from known_name("moment", notice.on, [*MOMENTS, *steps], (*path, "on"))
        yield from known_names("role", notice.to, pack.roles, (*path, "to"))
        if notice.on == CYCLE_END:
            yield from _telling_of_a_cycle(pack, notice, path)
    yield from known_names("role", pack.concern.tells, pack.roles, ("concern", "tells"))
    for place, alert in enumerate(pack.filing.alerts):
        yield from known_name("role", alert.role, pack.roles, ("filing", "alerts", place, "role"))


def _telling_of_a_cycle(pack: Framework, notice: Notice, path: Path) -> Iterator[Missing]:
    """Whether those who are told at a cycle's end may see what they are told of."""
    for place, name in enumerate(notice.to):
        if name in pack.roles and "see reports" not in pack.roles[name].may:
            said = f"This tells of a report, and “{name}” may not “see reports”"
            yield Missing((*path, "to", place), f"{said}; let the role see them, or name another.")
    if notice.when is not None:
        yield Missing((*path, "when"), "It tells of a whole cycle, so nothing can be asked; leave it out.")


def _unused(pack: Framework) -> Iterator[Absent]:
    kinds = list(pack.audit_types.values())
    yield from _unused_names("forms", pack.forms, {kind.form for kind in kinds})
    yield from _unused_names("grading", pack.grading, {kind.grading for kind in kinds})
    yield from _unused_names("flows", pack.flows, {kind.flow for kind in kinds})
    yield from _unused_names("pairing", pack.pairing, {kind.pairing for kind in kinds})
    yield from _unused_names("selection", pack.selection, {kind.selection for kind in kinds})
    yield from _unused_names("scales", pack.scales, {grading.scale for grading in pack.grading.values()})
    yield from _unused_names("clocks", pack.clocks, _clocks_started(pack))
    yield from _unused_names("roles", pack.roles, _roles_used(pack))
    shown = {item.fact for one in pack.agreements.values() for item in one.items.values()}
    told = {one.fact for report in pack.every_report().values() for one in report.breakdowns if one.fact}
    yield from _unused_names("facts", pack.facts, {*checks_of_conditions.facts_named(pack), *shown, *told})
    yield from _unused_names("targets", pack.targets, _targets_used(pack))
    yield from _unused_names("subjects", pack.subjects, {kind.subject for kind in kinds})
    again = {rule.type for rule in pack.re_audit}
    for name, kind in pack.audit_types.items():
        if kind.layer == "re-audit" and name not in again:
            yield Absent(
                ("audit_types", name), "No rule under “re_audit” makes audits of this type; add one."
            )


def _unused_names(part: str, names: Iterable[str], used: set[str] | set[str | None]) -> Iterator[Absent]:
    for name in names:
        if name not in used:
            yield Absent(
                (part, name), "Nothing uses this part; name it where it is to be used, or leave it out."
            )


def _clocks_started(pack: Framework) -> set[str]:
    started = {rung.clock for rung in pack.concern.rungs} | checks_of_responses.clocks_used(pack)
    started |= {clock for one in pack.agreements.values() for clock in (one.check, one.review)}
    started |= checks_of_copies.clocks_used(pack)
    started |= checks_of_gates.clocks_of(pack)
    started |= checks_of_ladders.clocks_named(pack) | {one.clock for one in pack.moderation.values()}
    for kind in pack.audit_types.values():
        started |= set(kind.on_sending_starts) | {one.clock for one in kind.returns.values()}
    started |= {rule.agreeing_starts for rule in pack.selection.values() if rule.agreeing_starts}
    for flow in pack.flows.values():
        started |= {clock for step in flow.steps.values() for clock in step.starts}
    return started


def _targets_used(pack: Framework) -> set[str]:
    """A target is used by a draw, and every one by a report that shows coverage."""
    if any("coverage" in one.parts for one in pack.every_report().values()):
        return set(pack.targets)
    return {rule.size for rule in pack.selection.values() if rule.size}


def _roles_used(pack: Framework) -> set[str]:
    """Roles that may do something, owe something, are told something or stand in for one that does."""
    used = {name for name, role in pack.roles.items() if role.may}
    used |= {role.otherwise for role in pack.roles.values() if role.otherwise}
    used |= {clock.owed_by for clock in pack.clocks.values()}
    used |= {name for one in pack.agreements.values() for name in (*one.signed_by, *one.copied_to)}
    used |= set(pack.concern.tells) | responses.roles_of(pack.responses.values())
    used |= {role for rule in pack.selection.values() for role in (*rule.nominated_by, *rule.agreed_by)}
    used |= checks_of_gates.roles_of(pack) | checks_of_ladders.roles_named(pack)
    used |= set(pack.pauses.by if pack.pauses else ())
    used |= {role for one in pack.moderation.values() for role in one.by} | checks_of_copies.roles_used(pack)
    used |= {name for one in pack.reports.values() for name in one.readers}
    if pack.actions:
        used |= set(pack.actions.given_by)
    used |= {role for rule in pack.every_calendar().values() for one in rule.extension for role in one.by}
    used |= {role for rung in pack.concern.rungs for role in (rung.role, *rung.tells)}
    used |= {alert.role for alert in pack.filing.alerts}
    for notice in pack.notices.values():
        used |= set(notice.to)
    for grading in pack.grading.values():
        used |= {stage.by for stage in grading.stages}
        used |= {role for rule in grading.rules for role in overriders(rule)}
    used |= {one.role for kind in pack.audit_types.values() for one in kind.returns.values()}
    for form in pack.forms.values():
        used |= {question.answered_by for question in form.questions() if question.answered_by}
        used |= {role for question in form.questions() for role in question.roles}
    for flow in pack.flows.values():
        used |= {one.role for one in flow.conversation}
        for state in flow.states.values():
            used |= {*state.edited_by, *state.shown_to}
        for step in flow.steps.values():
            used |= set(step.by)
    return used
