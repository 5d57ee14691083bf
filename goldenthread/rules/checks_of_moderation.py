"""Whether moderation names kinds, roles, parts, a clock and a stage that are there, and is ever done."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.checks_of_ladders import stage_faults
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.moderation import ModerationRule
from goldenthread.rules.naming import Missing, known_name, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the rules of moderation."""
    for name, rule in pack.moderation.items():
        path: Path = ("moderation", name)
        yield from known_names("audit type", rule.of, pack.audit_types, (*path, "of"))
        yield from known_names("role", rule.by, pack.roles, (*path, "by"))
        yield from known_name("clock", rule.clock, pack.clocks, (*path, "clock"))
        if isinstance(pack.clocks.get(rule.clock), CycleClock):
            said = "It may be given to somebody when the cycle has closed; name a clock with a length."
            yield Missing((*path, "clock"), said)
        for place, role in enumerate(rule.by):
            held = pack.roles.get(role)
            if held is not None and held.relation is not None:
                said = (
                    f"“{role}” is part of the audit itself; name a role that is held by a post or by people."
                )
                yield Missing((*path, "by", place), said)
        if rule.stage is not None:
            yield from stage_faults(pack, rule.stage, (*path, "stage"))
        yield from _of_its_audits(pack, rule, path)


def _of_its_audits(pack: Framework, rule: ModerationRule, path: Path) -> Iterator[Missing]:
    kinds = [name for name in rule.of if _is_whole(pack, name)]
    for place, name in enumerate(rule.of):
        if name in kinds and pack.grading_of(name).scale is None:
            said = f"Nothing of “{name}” is graded, so nothing can be graded again; leave it out."
            yield Missing((*path, "of", place), said)
    yield from _ever_of_that_grade(pack, rule, kinds, path)
    first = next(iter(kinds), None)
    for place, name in enumerate(rule.of):
        if first and name in kinds:
            one, other = pack.audit_types[first], pack.audit_types[name]
            if (one.calendar, pack.grading_of(first).scale) != (other.calendar, pack.grading_of(name).scale):
                said = (
                    f"“{name}” has another calendar or scale than “{first}”; make a rule of its own for it."
                )
                yield Missing((*path, "of", place), said)
    parts = {OVERALL} | {one.key for kind in kinds for one in pack.form_of(kind).sections if one.graded}
    if kinds:
        yield from known_names("graded section", rule.parts, sorted(parts), (*path, "parts"))
    if first and rule.every is not None and pack.calendar_of(first).is_weekly:
        said = "Its cycles are weeks; name under “cycles” the months in whose weeks it is done."
        yield Missing((*path, "every"), said)
    if rule.in_place_of is not None:
        yield from known_name("audit type", rule.in_place_of, pack.audit_types, (*path, "in_place_of"))
    if first and rule.in_place_of in (None, *pack.audit_types) and not rule.months(pack.calendar_of(first)):
        said = (
            "No cycle of the year is one in which this is done; say others, or see the calendar's swap-outs."
        )
        yield Missing(path, said)


def _ever_of_that_grade(
    pack: Framework, rule: ModerationRule, kinds: list[str], path: Path
) -> Iterator[Missing]:
    for name in kinds if rule.graded != "any grade" else ():
        grading = pack.grading_of(name)
        if grading.scale is not None and not grading.overall:
            said = f"“{name}” has no overall grade, so none is ever “{rule.graded}”; choose “any grade”."
            yield Missing((*path, "graded"), said)


def _is_whole(pack: Framework, name: str) -> bool:
    """Whether the kind of audit is there with its form, its grading and its calendar."""
    kind = pack.audit_types.get(name)
    return (
        kind is not None
        and kind.form in pack.forms
        and kind.grading in pack.grading
        and (kind.calendar or "") in pack.every_calendar()
    )
