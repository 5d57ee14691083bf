"""Who fills in parts of an audit apart, and what teams agree to check, in the words of a framework's page."""

from __future__ import annotations

from goldenthread.rules.agreements import AgreementRule, how_often
from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import AuditType, Framework
from goldenthread.rules.returns import NO_ACCOUNT, OUTSIDE, ReturnRule
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.frameworks.wording_of_events import ends
from goldenthread.web.tables import Table


def return_blocks(pack: Framework) -> list[Block]:
    """A block about returns, where a kind of audit has any."""
    tables = [_returns(pack, kind) for kind in pack.audit_types.values() if kind.returns]
    if not tables:
        return []
    said = f"What they fill in stays apart; the grade of record is that of the {pack.words['audit']} itself."
    return [Block("returns", "Parts filled in apart", [said], tables=tables)]


def agreement_blocks(pack: Framework) -> list[Block]:
    """A block about agreements, where teams make any."""
    if not pack.agreements:
        return []
    block = Block("agreements", "Agreements")
    for rule in pack.agreements.values():
        block.sentences += _agreed(pack, rule)
        rows = [[item.label, item.fact or "Nothing"] for item in rule.items.values()]
        head = ["What is checked", f"Shown for each {pack.words['case']}"]
        block.tables.append(Table(rule.title, head, rows))
    return [block]


def begins_with_others(pack: Framework, clock: str) -> list[str]:
    """That a return, an agreement or a moderation starts a clock, where it does."""
    found = [
        f"{one.title}, as a part filled in apart"
        for kind in pack.audit_types.values()
        for one in kind.returns.values()
        if one.clock == clock
    ]
    for rule in pack.agreements.values():
        found += [f"{rule.title}, once signed"] if clock in (rule.check, rule.review) else []
    found += [
        f"{one.title}, once given to somebody" for one in pack.moderation.values() if one.clock == clock
    ]
    return list(dict.fromkeys(found))


def _returns(pack: Framework, kind: AuditType) -> Table:
    rows = [
        [
            one.title,
            _filled_in(pack, one),
            _asked(pack, kind, one),
            ends(pack, pack.clocks[one.clock]),
            one.sees_others.capitalize(),
            _waits(pack, kind, one),
        ]
        for one in kind.returns.values()
    ]
    head = ["Part", "Filled in by", "What is asked", "Due", "Reads the others", "Steps that wait for it"]
    return Table(kind.title, head, rows)


def _filled_in(pack: Framework, one: ReturnRule) -> str:
    role = pack.roles[one.role].title
    if one.filled_in_by == OUTSIDE:
        return f"Somebody from outside, invited by the {role.lower()}"
    return f"{role}, for somebody without an account" if one.filled_in_by == NO_ACCOUNT else role


def _asked(pack: Framework, kind: AuditType, one: ReturnRule) -> str:
    titles = {section.key: section.title for section in pack.forms[kind.form].sections}
    said = (
        in_words(titles.get(key, key) for key in one.sections) if one.sections else "All that does not repeat"
    )
    return f"{said}, with {pack.words['grades']}" if one.graded and _is_graded(pack, kind) else said


def _is_graded(pack: Framework, kind: AuditType) -> bool:
    """Whether audits of a kind are graded at all."""
    return pack.grading[kind.grading].scale is not None


def _waits(pack: Framework, kind: AuditType, one: ReturnRule) -> str:
    steps = pack.flows[kind.flow].steps
    names = [name for name, step in steps.items() if name in one.needed_for or "all returns" in step.requires]
    return "; ".join(steps[name].label for name in names) or "None"


def _agreed(pack: Framework, rule: AgreementRule) -> list[str]:
    signed = in_words(pack.roles[name].title.lower() for name in rule.signed_by)
    copied = in_words(pack.roles[name].title.lower() for name in rule.copied_to) if rule.copied_to else ""
    told = f" Once it is signed, the {copied} is told." if copied else ""
    own = "A team may add items of its own." if rule.own_items else "A team adds no items of its own."
    review = ends(pack, pack.clocks[rule.review])
    return [
        f"{rule.title}: signed by the {signed} of each team.{told} {own}",
        f"Ways of checking: {'; '.join(rule.methods)}. How often: {' or '.join(map(how_often, rule.every))}.",
        f"It is looked at again {review}.",
    ]
