"""Whether clocks that stand still may: never one of an alert, nor a dispute's own for a dispute."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.clocks import parse_length
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import Clock, Framework
from goldenthread.rules.naming import Missing


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of what pauses clocks."""
    alerts = {rung.clock for rung in pack.concern.rungs}
    private = {rung.clock for rung in (pack.conduct.rungs if pack.conduct else ())}
    disputes = _of_disputes(pack)
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
        if parse_length(clock.length).unit == "hours":
            said = "A clock of hours runs through; give it a length in days, or leave this out."
            yield Missing(path, said)
        for place, what in enumerate(clock.paused_by):
            if what in clock.paused_by[:place]:
                yield Missing((*path, place), f"“{what}” stands here twice; keep one.")


def _of_disputes(pack: Framework) -> set[str]:
    if (route := pack.disputes) is None:
        return set()
    asked = {clock for rung in route.rungs for clock in (rung.clock, rung.meets) if clock}
    return asked | ({route.reply} if route.reply else set())
