"""Disputes, private concerns, ladders for late work and gates of a framework in words."""

from __future__ import annotations

from typing import Any

from goldenthread.rules.calendars import in_words
from goldenthread.rules.checks_of_gates import clocks_of as consents
from goldenthread.rules.conditions import sentence
from goldenthread.rules.disputes import DECISIONS, DisputeRoute, DisputeRung
from goldenthread.rules.framework import Clock, Framework
from goldenthread.rules.gates import THE_AUDIT, ClosingGate, Gate, KeptClosed
from goldenthread.rules.ladders import LateLadder, PrivateRoute
from goldenthread.rules.pauses import RECORDED, PauseRule
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table

SUBJECTS = {
    "overall": "the {grade} of the whole",
    "domains": "the {grade} of {a_domain}",
    "facts": "facts in the report",
    "recommendations": "recommendations",
}
NO_REPLY = {
    "counts as agreed": "the answer counts as agreed",
    "moves up": "the dispute goes to the next stage",
}


def dispute_blocks(pack: Framework) -> list[Block]:
    """How a report is disputed, and what must be so before a step; neither where nothing is said."""
    found = []
    if route := pack.disputes:
        table = _dispute_table(pack, route)
        found.append(Block("disputes", "Disputes", _dispute_sentences(pack, route), tables=[table]))
    if pack.conduct:
        said = [
            pack.conduct.guidance,
            "Only whoever raised such a concern and those asked see it, and never the person it is about.",
        ]
        title = pack.conduct.title
        found.append(Block("conduct", title, said, tables=[_private_table(pack, pack.conduct)]))
    if pack.ladders:
        found.append(_late_block(pack))
    if pack.pauses:
        found.append(Block("pauses", "Pauses", _pauses(pack, pack.pauses)))
    if pack.gates:
        found.append(Block("gates", "Gates", tables=[_gate_table(pack)]))
    return found


def _dispute_sentences(pack: Framework, route: DisputeRoute) -> list[str]:
    """Who may dispute what, until when, and what that holds."""
    words = pack.words
    who = _roles(pack, route.raised_by, "or")
    what = in_words(SUBJECTS[one].format_map(words) for one in route.about)
    until = f", for {route.open_for} after it became final" if route.open_for else ""
    evidence = " Each point needs evidence." if route.evidence else ""
    found = [f"A final report can be disputed by the {who}{until}: {what}.{evidence}"]
    if route.holds_filing:
        found.append(
            f"The {words['audit']} is not filed while a dispute is open. A safety alert never waits."
        )
    if route.stage is not None:
        found.append(
            f"{words['Grades']} that change are kept beside the earlier ones, under “{route.stage}”."
        )
    if route.reply is not None:
        clock: Any = pack.clocks[route.reply]
        found.append(
            f"Whoever raised it has {clock.length} for a reply to each answer; without one, "
            f"{NO_REPLY[route.no_reply]}."
        )
    return [*found, route.guidance]


def _dispute_table(pack: Framework, route: DisputeRoute) -> Table:
    """The stages of a dispute."""
    rows = [_rung(pack, number, rung) for number, rung in enumerate(route.rungs, 1)]
    head = ["Stage", "Must answer", "Within", "Takes part", "May decide"]
    return Table("Stages of a dispute", head, rows, hide_caption=True)


def _private_table(pack: Framework, route: PrivateRoute) -> Table:
    """The stages of a private concern."""
    rows = []
    for number, rung in enumerate(route.rungs, 1):
        clock: Any = pack.clocks[rung.clock]
        rows.append([str(number), _capital(pack.roles[rung.role].title.lower()), clock.length])
    return Table("Stages of a private concern", ["Stage", "Must answer", "Within"], rows, hide_caption=True)


def _late_block(pack: Framework) -> Block:
    """What happens where work is late: what begins a ladder, what is asked, and its stages."""
    block = Block("ladders", "Late work")
    for ladder in pack.ladders.values():
        block.sentences.append(f"{ladder.title} {_beginning(pack, ladder)} {ladder.asks}")
        rows = []
        for number, rung in enumerate(ladder.rungs, 1):
            clock: Any = pack.clocks[rung.clock]
            told = _capital(_roles(pack, rung.tells, "and")) if rung.tells else "Nobody else"
            rows.append([str(number), _capital(pack.roles[rung.role].title.lower()), clock.length, told])
        block.tables.append(Table(ladder.title, ["Stage", "Must reply", "Within", "Hears of it"], rows))
    return block


def _pauses(pack: Framework, rule: PauseRule) -> list[str]:
    """Who lets a clock stand still, and why."""
    clocks = [one for one in pack.clocks.values() if isinstance(one, Clock) and RECORDED in one.paused_by]
    titles = in_words(f"“{one.title}”" for one in clocks)
    most = rule.at_most_working_days
    days = f", on at most {most} working day{'' if most == 1 else 's'} in all" if most else ""
    return [
        f"The {_roles(pack, rule.by, 'or')} may pause the clock of {titles}{days}, and end the pause.",
        f"The reasons: {in_words(one[:1].lower() + one[1:] for one in rule.reasons.values())}.",
        "A safety alert is never paused.",
    ]


def _beginning(pack: Framework, ladder: LateLadder) -> str:
    """What begins a ladder, and what a reply does."""
    counted = ladder.when_repeated
    if counted is None and not ladder.when_late:
        return (
            "begins when a look finds that an action has not worked. It ends with a reply; without one the "
            "next stage begins."
        )
    names = counted.clocks if counted else ladder.when_late
    owed = " or ".join(f"“{pack.clocks[name].title}”" for name in names)
    if counted:
        return (
            f"begins when {owed} comes to the same person for the {_ordinal(counted.times)} time within "
            f"{counted.within}. It ends with a reply; without one the next stage begins."
        )
    return (
        f"begins when {owed} is late, and ends once that is done. A reply gives the stage its time "
        "once more; without one, or if the work is still not done then, the next begins."
    )


def _ordinal(number: int) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    return words.get(number, f"{number}th")


def _gate_table(pack: Framework) -> Table:
    """The gates: before what, open when and with whose consent, what is said, who may pass."""
    labels = {name: step.label for flow in pack.flows.values() for name, step in flow.steps.items()}
    rows = [
        [
            _capital(_waits(pack, gate.keeps_closed))
            if gate.keeps_closed
            else "; ".join(labels.get(step, step) for step in gate.steps),
            opens(pack, gate),
            gate.says,
            _capital(_roles(pack, gate.passed_by, "or")) if gate.passed_by else "Nobody",
        ]
        for gate in pack.gates.values()
    ]
    return Table("Gates", ["Before", "Open if", "Else it says", "May be passed by"], rows, hide_caption=True)


def opens(pack: Framework, gate: Gate | ClosingGate) -> str:
    """What opens a gate: its condition, and who consents."""
    asked = [
        f"{'the consent' if one.number == 1 else f'{one.number} consents'} of the "
        f"{_roles(pack, (pack.clocks[one.clock].owed_by,), 'or')}"
        for one in gate.consents
    ]
    condition = [sentence(gate.open_if)] if gate.open_if is not None else []
    return _capital("; and ".join([*condition, *([in_words(asked)] if asked else [])]))


def _waits(pack: Framework, rule: KeptClosed) -> str:
    """What is kept closed, of which audits, and to whom it is open all the same."""
    titles = [pack.audit_types[name].title for name in rule.audit_types if name in pack.audit_types]
    what = [f"the {pack.words['audit']}" if one == THE_AUDIT else one for one in rule.what]
    said = f"opening {in_words(what)}" + (f" of {in_words(titles)}" if titles else "")
    said += f", if {sentence(rule.when)}" if rule.when is not None else ""
    return said + (f"; always open to the {_roles(pack, rule.open_to, 'and')}" if rule.open_to else "")


def begins_with_a_dispute(pack: Framework, clock: str) -> list[str]:
    """What in a dispute, a private concern, at a gate or in late work starts a clock."""
    found = []
    if route := pack.disputes:
        rungs = route.rungs
        asked = [*(rung.clock for rung in rungs), *(rung.meets for rung in rungs), route.reply]
        found += ["a dispute"] if clock in asked else []
    if pack.conduct and clock in [rung.clock for rung in pack.conduct.rungs]:
        found.append("a private concern")
    found += ["a consent that is asked for"] if clock in consents(pack) else []
    found += [
        f"late work ({one.title})"
        for one in pack.ladders.values()
        if clock in [rung.clock for rung in one.rungs]
    ]
    return found


def _rung(pack: Framework, number: int, rung: DisputeRung) -> list[str]:
    answer: Any = pack.clocks[rung.clock]
    within = f"{answer.length} from {answer.starts}"
    if rung.meets is not None:
        meets: Any = pack.clocks[rung.meets]
        within = f"{meets.title}: {meets.length}; then {within}"
    role = _capital(pack.roles[rung.role].title.lower())
    return [
        str(number),
        f"{role}, only in exceptional cases" if rung.exceptional else role,
        within,
        _capital(_roles(pack, rung.joins, "and")) if rung.joins else "Nobody else",
        _capital("; ".join(DECISIONS[one] for one in rung.decides)),
    ]


def _roles(pack: Framework, names: tuple[str, ...], joined: str) -> str:
    titles = [pack.roles[name].title.lower() if name in pack.roles else name for name in names]
    return f" {joined} ".join(titles)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
