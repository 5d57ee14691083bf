"""Whether what follows an audit, and its actions, name what is there and come in an order that is reached."""

from __future__ import annotations

from collections.abc import Iterator

from goldenthread.rules.actions import ASKED, LONGER, ActionRule, NotHeld
from goldenthread.rules.documents import Path
from goldenthread.rules.framework import CycleClock, Framework
from goldenthread.rules.naming import Absent, Missing, known_name, known_names
from goldenthread.rules.responses import DiscussionRule, clocks_of


def faults(pack: Framework) -> Iterator[Missing]:
    """Every fault of the responses and of the rule for actions."""
    for name, rule in pack.responses.items():
        path: Path = ("responses", name)
        yield from known_names("audit type", rule.after, pack.audit_types, (*path, "after"))
        if rule.discussion is not None:
            yield from _discussion(pack, rule.discussion, (*path, "discussion"))
        if rule.acknowledgement is not None:
            to = rule.acknowledgement.to
            yield from known_names("role", to, pack.roles, (*path, "acknowledgement", "to"))
    yield from _order(pack)
    yield from _actions(pack)


def clocks_used(pack: Framework) -> set[str]:
    """The clocks that responses and actions start."""
    found = clocks_of(pack.responses.values())
    if pack.actions is not None:
        found |= {
            pack.actions.closing,
            *(one.clock for proof in pack.actions.proofs.values() for one in proof.looks()),
            *(one.clock for one in consequences(pack.actions) if one.clock),
        }
    return found


def consequences(rule: ActionRule) -> list[NotHeld]:
    """What the proofs say of looks that do not hold."""
    return [one.if_not for proof in rule.proofs.values() for one in proof.looks() if one.if_not is not None]


def _discussion(pack: Framework, talk: DiscussionRule, path: Path) -> Iterator[Missing]:
    for key in ("clock", "check", "complete"):
        if (named := getattr(talk, key)) is not None:
            yield from _lasting(pack, named, (*path, key))
    yield from known_names("role", talk.with_, pack.roles, (*path, "with"))
    if talk.complete and not talk.check:
        said = "Nobody checks the record, so nothing is found missing; name a “check”, or leave this out."
        yield Missing((*path, "complete"), said)
    if talk.actions != "none" and pack.actions is None:
        said = "Actions are agreed here, but the framework has no “actions”; add them, or say none."
        yield Absent((*path, "actions"), said)
    for place, rung in enumerate(talk.missing):
        here = (*path, "missing", place)
        yield from known_name("role", rung.role, pack.roles, (*here, "role"))
        yield from known_names("role", rung.tells, pack.roles, (*here, "tells"))
        yield from _lasting(pack, rung.clock, (*here, "clock"))


def _lasting(pack: Framework, clock: str, path: Path) -> Iterator[Missing]:
    """What follows an audit takes a length of time: it may begin after the cycle has closed."""
    yield from known_name("clock", clock, pack.clocks, path)
    if isinstance(pack.clocks.get(clock), CycleClock):
        said = "This may begin when the cycle has closed already; name a clock with a length."
        yield Missing(path, said)


def _order(pack: Framework) -> Iterator[Missing]:
    """A rule for every audit leaves nothing to a later one that does not apply besides."""
    taken: set[str] = set()
    for name, rule in pack.responses.items():
        follows = set(rule.after or pack.audit_types)
        if not rule.besides and follows <= taken:
            said = "An earlier rule takes every audit of this kind, so this one is never reached; move it up."
            yield Missing(("responses", name), said)
        if rule.when is None and rule.repeats is None:
            taken |= follows


def _actions(pack: Framework) -> Iterator[Missing]:
    rule = pack.actions
    if rule is None:
        return
    yield from _lasting(pack, rule.closing, ("actions", "closing"))
    yield from known_names("role", rule.given_by, pack.roles, ("actions", "given_by"))
    for name, proof in rule.proofs.items():
        yield from _lasting(pack, proof.clock, ("actions", "proofs", name, "clock"))
        yield from _not_held(pack, proof.if_not, ("actions", "proofs", name, "if_not"))
        for place, look in enumerate(proof.then):
            here: Path = ("actions", "proofs", name, "then", place)
            yield from _lasting(pack, look.clock, (*here, "clock"))
            yield from _not_held(pack, look.if_not, (*here, "if_not"))
            if look.clock in {one.clock for one in proof.looks()[: place + 1]}:
                said = "An earlier look has this clock; name a longer one, as all count from one day."
                yield Missing((*here, "clock"), said)
    for name, severity in rule.severities.items():
        if severity.proven and not rule.proofs:
            said = "A proof is asked for, but no way to prove is listed under “proofs”; add one."
            yield Absent(("actions", "severities", name, "proven"), said)


def _not_held(pack: Framework, rule: NotHeld | None, path: Path) -> Iterator[Missing]:
    """What follows a look that does not hold says what it needs, and nothing else."""
    if rule is None:
        return
    needs = {LONGER: "clock", ASKED: "ladder"}.get(rule.then)
    for key in ("clock", "ladder"):
        given = getattr(rule, key)
        if key == needs and given is None:
            yield Absent(path, f"“{rule.then}” needs a “{key}”; add one.")
        if key != needs and given is not None:
            yield Missing((*path, key), f"A “{key}” is no part of “{rule.then}”; take it out.")
    if rule.times > 1 and rule.then != LONGER:
        yield Missing((*path, "times"), f"It is said how often for “{LONGER}” alone; take it out.")
    if needs == "clock" and rule.clock is not None:
        yield from _lasting(pack, rule.clock, (*path, "clock"))
    if needs == "ladder" and rule.ladder is not None:
        yield from known_name("ladder", rule.ladder, pack.ladders, (*path, "ladder"))
