"""Whether triggers lead to audits that there are, and the audits of a continuous calendar have one."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.documents import Path
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.selection import SelectionRule

DAYS = ("opened", "allocated")
"""Days that are known of every case."""


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of triggers, and of what only an audit with a trigger may say."""
    for name in pack.triggers:
        yield from _trigger(pack, name)
    yield from _continuous(pack)
    for name, target in pack.targets.items():
        if target.each_time is not None:
            yield from _each_time(pack, name, target.each_time)


def _trigger(pack: Framework, name: str) -> Iterator[Missing]:
    trigger, path = pack.triggers[name], ("triggers", name)
    yield from known_name("audit type", trigger.audit_type, pack.audit_types, (*path, "audit_type"))
    yield from known_names("audit type", trigger.of, pack.audit_types, (*path, "of"))
    if trigger.fact is not None:
        yield from known_name("fact", trigger.fact, [*DAYS, *pack.facts], (*path, "fact"))
    kind = pack.audit_types.get(trigger.audit_type)
    if kind is None:
        return
    if not pack.is_continuous(kind.calendar or ""):
        said = "Its audits go out one by one, so their cycles are of a calendar that is “continuous”."
        yield Missing((*path, "audit_type"), said)
    if trigger.about_a_worker and kind.selection is None:
        said = "A supervision leads to one of the worker's cases; give this kind of audit a “selection”."
        yield Absent((*path, "audit_type"), said)
    if trigger.audit_type in trigger.of:
        yield Missing((*path, "of"), "Each audit would lead to another without end; take this kind out.")


def _continuous(pack: Framework) -> Iterator[Missing]:
    """What is of a continuous calendar follows triggers, and its clocks do; what is drawn does not."""
    for name, ahead in pack.clocks.items():
        if isinstance(ahead, CycleClock) and ahead.before and ahead.until != "the cycle closes":
            said = "Only what is owed until the cycle closes is due before; leave this out."
            yield Missing(("clocks", name, "before"), said)
    led_to = {trigger.audit_type for trigger in pack.triggers.values()}
    for name, kind in pack.audit_types.items():
        path: Path = ("audit_types", name)
        continuous = pack.is_continuous(kind.calendar or "")
        if continuous and kind.layer == "re-audit":
            said = "A re-audit comes into a cycle that is sent as a whole; name another calendar."
            yield Missing((*path, "calendar"), said)
        elif continuous and name not in led_to:
            said = "Its calendar is continuous, and no trigger leads to it; add one under “triggers”."
            yield Absent(path, said)
        until = "its trigger says" if continuous else "the cycle closes"
        for clock in kind.on_sending_starts:
            rule = pack.clocks.get(clock)
            if isinstance(rule, CycleClock) and rule.until != until:
                said = f"“{clock}” runs until {rule.until}; audits of this kind need one until {until}."
                yield Missing((*path, "on_sending_starts"), said)


def _each_time(pack: Framework, name: str, trigger: str) -> Iterator[Missing]:
    """A target for each time names a trigger that leads to an audit that it counts."""
    target, path = pack.targets[name], ("targets", name, "each_time")
    yield from known_name("trigger", trigger, pack.triggers, path)
    if trigger in pack.triggers and pack.triggers[trigger].audit_type not in target.counts:
        yield Missing(path, "The trigger leads to a kind of audit that this target does not count.")


def nomination_faults(pack: Framework, rule: SelectionRule, path: Path) -> Iterator[Missing]:
    """Who nominates and agrees are roles that there are, and a task to agree has its time."""
    yield from known_names("role", rule.nominated_by, pack.roles, (*path, "nominated_by"))
    yield from known_names("role", rule.agreed_by, pack.roles, (*path, "agreed_by"))
    clock = rule.agreeing_starts
    if clock is None:
        return
    yield from known_name("clock", clock, pack.clocks, (*path, "agreeing_starts"))
    if isinstance(pack.clocks.get(clock), CycleClock):
        said = "A nomination is agreed before the cycle is drawn; name a clock with a length of time."
        yield Missing((*path, "agreeing_starts"), said)
