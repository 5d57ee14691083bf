"""Whether clocks that stand still may: never one of an alert, nor a dispute's own for a dispute.

A pause that somebody records is for the clocks of an audit, of its parts and of what follows it, whose
pages show it.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules import checks_of_gates, checks_of_responses
from goldenthread.rules.clocks import parse_length
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Clock, Framework
from goldenthread.rules.naming import Missing, known_names
from goldenthread.rules.pauses import RECORDED

NOBODY = "Say under “pauses” who records a reason and which there are, or take this out."


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of what pauses clocks."""
    alerts = {rung.clock for rung in pack.concern.rungs}
    private = {rung.clock for rung in (pack.conduct.rungs if pack.conduct else ())}
    disputes = _of_disputes(pack)
    yield from _rule(pack)
    for name, clock in pack.clocks.items():
        if not isinstance(clock, Clock) or not clock.paused_by:
            continue
        path: Path = ("clocks", name, "paused_by")
        if name in alerts:
            yield Missing(path, "A safety alert never waits, so its clock is never paused; leave this out.")
        if name in private:
            yield Missing(
                path, "A private concern never waits, so its clock is never paused; leave this out."
            )
        if name in disputes and "a dispute" in clock.paused_by:
            said = "A dispute starts this clock itself, so it cannot pause it; take “a dispute” out."
            yield Missing((*path, clock.paused_by.index("a dispute")), said)
        if RECORDED in clock.paused_by and (found := _recorded(pack, name)):
            yield Missing((*path, clock.paused_by.index(RECORDED)), found)
        if parse_length(clock.length).number == 0:
            said = "What is due immediately has no time that could stand still; leave this out."
            yield Missing(path, said)
        yield from _twice(clock.paused_by, path)
    yield from _of_actions(pack)


def _of_actions(pack: Framework) -> Iterator[Missing]:
    """What moves the day agreed for an action: somebody may record it, and it is said once."""
    by, path = pack.actions.paused_by if pack.actions else (), ("actions", "paused_by")
    if RECORDED in by and pack.pauses is None:
        yield Missing((*path, by.index(RECORDED)), NOBODY)
    yield from _twice(by, path)


def _twice(by: tuple[str, ...], path: Path) -> Iterator[Missing]:
    for place, what in enumerate(by):
        if what in by[:place]:
            yield Missing((*path, place), f"“{what}” stands here twice; keep one.")


def _rule(pack: Framework) -> Iterator[Missing]:
    """Who records pauses is there, and so is a clock that they pause."""
    if pack.pauses is None:
        return
    yield from known_names("role", pack.pauses.by, pack.roles, ("pauses", "by"))
    paused = [one.paused_by for one in pack.clocks.values() if isinstance(one, Clock)]
    paused += [pack.actions.paused_by] if pack.actions else []
    if not any(RECORDED in by for by in paused):
        said = f"No clock names “{RECORDED}” under “paused_by”, so nothing can be paused; name it, or leave "
        yield Missing(("pauses",), f"{said}this out.")


def _recorded(pack: Framework, name: str) -> str:
    """Why nobody could record a pause of a clock; nothing where somebody may."""
    if pack.pauses is None:
        return NOBODY
    started = {clock for kind in pack.audit_types.values() for clock in kind.on_sending_starts}
    started |= {one.clock for kind in pack.audit_types.values() for one in kind.returns.values()}
    steps = (step for flow in pack.flows.values() for step in flow.steps.values())
    started |= {clock for step in steps for clock in step.starts} | checks_of_responses.clocks_used(pack)
    if name not in started | checks_of_gates.clocks_of(pack):
        return "Pauses are recorded for clocks of an audit, its parts and what follows it; take this out."
    return ""


def _of_disputes(pack: Framework) -> set[str]:
    if (route := pack.disputes) is None:
        return set()
    asked = {clock for rung in route.rungs for clock in (rung.clock, rung.meets) if clock}
    return asked | ({route.reply} if route.reply else set())
