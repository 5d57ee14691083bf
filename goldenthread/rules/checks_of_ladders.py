"""Whether disputes and ladders name what there is, and can be gone through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from goldenthread.rules.disputes import DisputeRoute
from goldenthread.rules.documents import Path
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.ladders import LateLadder, PrivateRoute, Rung
from goldenthread.rules.naming import Missing, known_name, known_names


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the dispute route and of ladders."""
    if pack.disputes is not None:
        yield from _disputes(pack, pack.disputes)
    if pack.conduct is not None:
        yield from _conduct(pack, pack.conduct)
    yield from _late(pack)


def clocks_named(pack: Framework) -> set[str]:
    """The clocks that disputes, private concerns and ladders for late work start."""
    found = {clock for _, clock in _dispute_clocks(pack.disputes)} if pack.disputes else set()
    found |= {rung.clock for ladder in pack.ladders.values() for rung in ladder.rungs}
    return found | {rung.clock for rung in (pack.conduct.rungs if pack.conduct else ())}


def roles_named(pack: Framework) -> set[str]:
    """The roles that disputes, private concerns and ladders name."""
    stages = [rung for ladder in pack.ladders.values() for rung in ladder.rungs]
    found = {role for rung in stages for role in (rung.role, *rung.tells)}
    found |= {rung.role for rung in (pack.conduct.rungs if pack.conduct else ())}
    if pack.disputes:
        found |= set(pack.disputes.raised_by)
        found |= {role for rung in pack.disputes.rungs for role in (rung.role, *rung.tells, *rung.joins)}
    return found


def _conduct(pack: Framework, route: PrivateRoute) -> Iterator[Missing]:
    yield from rungs(pack, route.rungs, ("conduct", "rungs"))
    for place, rung in enumerate(route.rungs):
        here: Path = ("conduct", "rungs", place)
        yield from length_clock(pack, rung.clock, (*here, "clock"), "A private concern is answered")
        if rung.tells:
            yield Missing((*here, "tells"), "Nobody else hears of a private concern; leave “tells” out.")


def _late(pack: Framework) -> Iterator[Missing]:
    """Ladders for late work: what begins one is not what it asks itself, nor what climbs another ladder."""
    own = {rung.clock for ladder in pack.ladders.values() for rung in ladder.rungs}
    climbing = {rung.clock for rung in (*pack.concern.rungs, *(pack.conduct.rungs if pack.conduct else ()))}
    climbing |= {clock for _, clock in _dispute_clocks(pack.disputes)} if pack.disputes else set()
    for name, ladder in pack.ladders.items():
        path: Path = ("ladders", name)
        yield from _one_beginning(pack, name, ladder)
        for here, clock in _beginning(ladder, path):
            yield from known_name("clock", clock, pack.clocks, here)
            if clock in own:
                yield Missing(
                    here, f"A ladder asks for “{clock}” itself, so it cannot begin one; take it out."
                )
            elif clock in climbing:
                yield Missing(here, f"“{clock}” moves up by a ladder of its own already; take it out.")
        yield from rungs(pack, ladder.rungs, (*path, "rungs"))
        for place, rung in enumerate(ladder.rungs):
            yield from length_clock(pack, rung.clock, (*path, "rungs", place, "clock"), "A reply is owed")


def _one_beginning(pack: Framework, name: str, ladder: LateLadder) -> Iterator[Missing]:
    """One thing begins a ladder: clocks that are late, what keeps coming back, or looks that do not hold."""
    looks = [look for proof in pack.actions.proofs.values() for look in proof.looks()] if pack.actions else []
    named = any(one.if_not is not None and one.if_not.ladder == name for one in looks)
    begins = [bool(ladder.when_late), ladder.when_repeated is not None, named]
    if sum(begins) != 1:
        said = "Say what begins it: clocks under “when_late”, or how often under “when_repeated”, not both"
        yield Missing(("ladders", name), f"{said}; or neither, where a look that does not hold begins it.")


def _beginning(ladder: LateLadder, path: Path) -> Iterator[tuple[Path, str]]:
    """The clocks that begin a ladder, each with its place."""
    for place, clock in enumerate(ladder.when_late):
        yield (*path, "when_late", place), clock
    for place, clock in enumerate(ladder.when_repeated.clocks if ladder.when_repeated else ()):
        yield (*path, "when_repeated", "clocks", place), clock


def rungs(pack: Framework, ladder: Sequence[Rung], path: Path) -> Iterator[Missing]:
    """Every fault of a ladder's stages: roles that are there, each asked once."""
    for place, rung in enumerate(ladder):
        here = (*path, place)
        yield from known_name("role", rung.role, pack.roles, (*here, "role"))
        yield from known_names("role", rung.tells, pack.roles, (*here, "tells"))
        if rung.role in {earlier.role for earlier in ladder[:place]}:
            yield Missing(
                (*here, "role"), f"“{rung.role}” was asked at an earlier stage; name somebody else."
            )


def length_clock(pack: Framework, clock: str, path: Path, what: str) -> Iterator[Missing]:
    """A clock that is there and has a length of its own."""
    yield from known_name("clock", clock, pack.clocks, path)
    if isinstance(pack.clocks.get(clock), CycleClock):
        yield Missing(path, f"{what} within a length of time, not when the cycle closes.")


def _dispute_clocks(route: DisputeRoute) -> Iterator[tuple[Path, str]]:
    """Every clock that a dispute starts, with its place."""
    for place, rung in enumerate(route.rungs):
        path: Path = ("disputes", "rungs", place)
        yield (*path, "clock"), rung.clock
        if rung.meets is not None:
            yield (*path, "meets"), rung.meets
    if route.reply is not None:
        yield ("disputes", "reply"), route.reply


def _disputes(pack: Framework, route: DisputeRoute) -> Iterator[Missing]:
    yield from known_names("role", route.raised_by, pack.roles, ("disputes", "raised_by"))
    yield from rungs(pack, route.rungs, ("disputes", "rungs"))
    for place, rung in enumerate(route.rungs):
        here: Path = ("disputes", "rungs", place)
        yield from known_names("role", rung.joins, pack.roles, (*here, "joins"))
        if rung.meets == rung.clock:
            said = "The meeting and the answer are owed one after the other; name two clocks."
            yield Missing((*here, "meets"), said)
    for path, clock in _dispute_clocks(route):
        yield from length_clock(pack, clock, path, "A dispute is answered")
    if route.stage is not None:
        yield from stage_faults(pack, route.stage, ("disputes", "stage"))


def stage_faults(pack: Framework, stage: str, path: Path) -> Iterator[Missing]:
    """The stage that keeps changed grades is not the first of any grading, and no state opens it."""
    known = {one.key for grading in pack.grading.values() for one in grading.stages}
    yield from known_name("stage of grading", stage, sorted(known), path)
    for flow in pack.flows.values():
        if any(state.stage == stage and state.phase not in DONE for state in flow.states.values()):
            said = f"A state of “{flow.title}” opens “{stage}” too; give changed grades a stage of their own."
            yield Missing(path, said)
    for grading in pack.grading.values():
        keys = [one.key for one in grading.stages]
        if stage in keys and keys[0] == stage:
            yield Missing(
                path, f"“{stage}” is the first stage of grading, so nothing could change; put it later."
            )
