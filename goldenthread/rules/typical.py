"""A typical audit: sent on a day, going the shortest way to its end, each step taken when it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from goldenthread.rules import clocks
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import Due
from goldenthread.rules.flow import DONE, Flow, Step
from goldenthread.rules.framework import CycleClock, Framework

CalendarOf = Callable[[str | None], Calendar]
"""The working days of a nation, or of the organisation for None."""


@dataclass(frozen=True)
class Owed:
    """What would be owed in a typical audit: what, by which role, after what, by when and why then."""

    title: str
    role: str
    after: str
    due: Due


def typical(
    pack: Framework, audit_type: str, *, sent_at: datetime, closes_on: date, calendar_of: CalendarOf
) -> list[Owed]:
    """Everything that a typical audit makes somebody owe, in the order in which it starts."""
    kind, flow = pack.audit_types[audit_type], pack.flow_of(audit_type)
    at, found, running = sent_at, [], dict[str, Due]()
    steps: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [("sending", kind.on_sending_starts, ())]
    steps += [(step.label, step.starts, step.finishes) for step in shortest_way(flow)]
    for label, starts, finishes in steps:
        ended = [running.pop(name).at for name in finishes if name in running]
        at = max([at, *ended])
        for name in starts:
            due = _due(pack, name, at, closes_on, calendar_of)
            running[name] = due
            found.append(Owed(pack.clocks[name].title, pack.clocks[name].owed_by, label, due))
    return found


def _due(pack: Framework, name: str, at: datetime, closes_on: date, calendar_of: CalendarOf) -> Due:
    rule = pack.clocks[name]
    if isinstance(rule, CycleClock):
        return clocks.ahead_of(rule.before, closes_on, rule.until, calendar_of(None))
    nation = None if rule.calendar == "organisation" else rule.calendar
    return clocks.due(rule.length, at, calendar_of(nation), rule.starts)


def shortest_way(flow: Flow) -> list[Step]:
    """The fewest steps from the beginning to an end that counts as done; the first named go first."""
    ways: list[tuple[str, list[Step]]] = [(flow.first, [])]
    seen = {flow.first}
    for state, way in ways:
        if flow.states[state].phase in DONE:
            return way
        for step in flow.steps.values():
            if state in step.from_ and step.to not in seen:
                seen.add(step.to)
                ways.append((step.to, [*way, step]))
    return []
