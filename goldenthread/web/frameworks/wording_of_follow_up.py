"""What follows an audit, in words: its discussions, its thanks, and the rule for actions."""

from __future__ import annotations

from collections.abc import Iterable

from goldenthread.rules import calendars
from goldenthread.rules.actions import ANOTHER, OPENS_AGAIN, ActionRule, NotHeld
from goldenthread.rules.conditions import sentence
from goldenthread.rules.framework import Framework
from goldenthread.rules.responses import DiscussionRule, ResponseRule
from goldenthread.web.frameworks.wording_of_events import PAUSED
from goldenthread.web.frameworks.wording_of_ladders import opens
from goldenthread.web.tables import Table

ACTIONS = {"needed": "Actions must be agreed", "welcome": "Actions may be agreed", "none": "No actions"}


def responses_table(pack: Framework) -> Table:
    """Each rule: when it applies, what happens by when, and who hears where it does not."""
    rows = [
        [rule.title, _when(pack, rule), _what(pack, rule), _checked(pack, rule), _missed(pack, rule)]
        for rule in pack.responses.values()
    ]
    head = ["What follows", "When", "What happens", "Checked by", "Where nothing is recorded"]
    empty = f"Nothing follows {pack.words['an_audit']} by itself."
    return Table("What follows", head, rows, empty, hide_caption=True)


def actions_tables(pack: Framework) -> list[Table]:
    """How much actions matter and what that asks; how they are shown to have worked."""
    rule = pack.actions
    if rule is None:
        return []
    severities = [
        [one.title, one.due_within, "Before work begins" if one.proven else "If wanted"]
        for one in rule.severities.values()
    ]
    proofs = [
        [
            f"{one.title}, if the one before has held" if place else one.title,
            one.not_before or "At once",
            _clock(pack, one.clock),
            _owner(pack, one.clock),
            one.holds_if or "Whoever looks says so",
            _if_not(pack, one.if_not),
        ]
        for proof in rule.proofs.values()
        for place, one in enumerate(proof.looks())
    ]
    return [
        Table("Actions", ["How much it matters", "Due within", "Its proof is chosen"], severities),
        Table(
            "How actions are shown to have worked",
            ["Proof", "Not before", "Within", "By", "Holds if", "If it does not hold"],
            proofs,
            "No way.",
        ),
        *([_gates(pack, rule)] if rule.gates else []),
    ]


def _if_not(pack: Framework, rule: NotHeld | None) -> str:
    """What follows a look that does not hold."""
    if rule is None or rule.then == OPENS_AGAIN:
        return "The action is open again"
    if rule.then == ANOTHER:
        return "Another action is agreed in its place"
    if rule.clock is not None:
        often = "once" if rule.times == 1 else f"up to {rule.times} times"
        return (
            f"It is looked at again within {_clock(pack, rule.clock)}, {often}; then the action is open again"
        )
    ladder = pack.ladders.get(rule.ladder or "")
    return f"The action is open again, and “{ladder.title if ladder else rule.ladder}” begins"


def _gates(pack: Framework, rule: ActionRule) -> Table:
    """What must be so besides before an action is closed, and who closes it nevertheless."""
    rows = []
    for gate in rule.gates.values():
        said, passing = opens(pack, gate), [pack.roles[name].title for name in gate.passed_by]
        rows.append([said[:1].upper() + said[1:], gate.says, in_words(passing) or "Nobody"])
    head = ["Closed only if", "Else it says", "May be closed nevertheless by"]
    return Table("Before an action is closed", head, rows)


def _givers(pack: Framework, rule: ActionRule) -> str:
    """Who may give an action to somebody else."""
    titles = [_owner(pack, rule.closing), *(pack.roles[name].title for name in rule.given_by)]
    said = in_words(dict.fromkeys(title.lower() for title in titles))
    return f"The {said}"


def actions_sentences(pack: Framework) -> list[str]:
    """What is said of every action."""
    rule = pack.actions
    if rule is None:
        return []
    kinds = f" They are counted by kind: {in_words(rule.kinds.values())}." if rule.kinds else ""
    vague = in_words(f"“{one}”" for one in rule.vague)
    return [
        f"An action is about one of these: {in_words(rule.levels.values())}.{kinds}",
        f"Done is not closed: the {_owner(pack, rule.closing).lower()} closes it, and one with a proof only "
        "once it is shown to have worked.",
        f"It is due within {rule.due_at_most} of the discussion at the latest. {_givers(pack, rule)} may "
        "give it to somebody else, with a reason.",
        *(
            [f"The day agreed moves by as many days as there is {_any_of(rule.paused_by)}."]
            if rule.paused_by
            else []
        ),
        *([f"These words are questioned, and stay only with a reason: {vague}."] if vague else []),
    ]


def _any_of(paused_by: Iterable[str]) -> str:
    """What moves the day agreed for an action, one or the other."""
    return " or ".join(PAUSED[what] for what in paused_by)


def what_follows_starts(pack: Framework, clock: str) -> list[str]:
    """What of all that follows an audit starts a clock."""
    found = []
    for rule in pack.responses.values():
        if (talk := rule.discussion) is None:
            continue
        found += [f"{rule.title.lower()}: the final report"] if clock == talk.clock else []
        found += ["a recorded discussion"] if clock == talk.check else []
        found += ["a record in which something is missing"] if clock == talk.complete else []
        found += ["a discussion that is not recorded in time"] if _hears(talk, clock) else []
    if pack.actions is not None:
        proofs = [one for proof in pack.actions.proofs.values() for one in proof.looks()]
        found += [f"an action that is done: {one.title.lower()}" for one in proofs if one.clock == clock]
        longer = [one.if_not.clock for one in proofs if one.if_not is not None]
        found += ["a look at which an action had not worked"] if clock in longer else []
        found += ["an action that is done or proven"] if clock == pack.actions.closing else []
    return list(dict.fromkeys(found))


def _hears(talk: DiscussionRule, clock: str) -> bool:
    return any(rung.clock == clock for rung in talk.missing)


def _when(pack: Framework, rule: ResponseRule) -> str:
    kinds = in_words(pack.audit_types[name].title for name in rule.after if name in pack.audit_types)
    said = [f"After: {kinds}"] if kinds else []
    if rule.when is not None:
        said.append(f"If {sentence(rule.when)}")
    if (often := rule.repeats) is not None:
        times = f"{often.at_least} times for one {often.of} within {often.within}"
        said.append(f"Once it comes up {times} that {sentence(often.when)}")
    said.append("Besides what else follows" if rule.besides else "The first that fits")
    return ". ".join(said)


def _what(pack: Framework, rule: ResponseRule) -> str:
    said = []
    if (talk := rule.discussion) is not None:
        others = in_words(pack.roles[name].title.lower() for name in talk.with_ if name in pack.roles)
        said.append(f"{_owner(pack, talk.clock)} talks with the {others}, within {_clock(pack, talk.clock)}")
        said.append(ACTIONS[talk.actions])
        said.append(f"Recorded as: {' or '.join(talk.recorded_as)}")
    if (thanks := rule.acknowledgement) is not None:
        told = in_words(pack.roles[name].title.lower() for name in thanks.to if name in pack.roles)
        said.append(f"Thanks to the {told}: “{thanks.message}”")
    return ". ".join(said)


def _checked(pack: Framework, rule: ResponseRule) -> str:
    check = rule.discussion.check if rule.discussion else None
    return f"{_owner(pack, check)}, within {_clock(pack, check)}" if check else "Nobody"


def _missed(pack: Framework, rule: ResponseRule) -> str:
    rungs = rule.discussion.missing if rule.discussion else ()
    said = [f"{pack.roles[rung.role].title}, who has {_clock(pack, rung.clock)}" for rung in rungs]
    return "; then ".join(said) or "Nobody is told"


def in_words(said: Iterable[str]) -> str:
    """The words in a row, or nothing."""
    words = list(said)
    return calendars.in_words(words) if words else ""


def _owner(pack: Framework, clock: str) -> str:
    role = pack.clocks[clock].owed_by
    return pack.roles[role].title if role in pack.roles else role


def _clock(pack: Framework, clock: str) -> str:
    return str(getattr(pack.clocks[clock], "length", "the cycle"))
