"""What leads to audits by itself, and who nominates cases, in the words of a framework's page."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import sentence
from goldenthread.rules.framework import AnyClock, CycleClock, Framework
from goldenthread.rules.reaudits import ReauditRule
from goldenthread.rules.selection import DrawnGroup, SelectionRule
from goldenthread.rules.stated_days import on_day
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.tables import Table

CLOSES = "the cycle closes"
PAUSED = {
    "a dispute": "an open dispute",
    "leave": "leave of whoever owes it",
    "a recorded reason": "a pause that somebody records",
}


def triggers(pack: Framework) -> list[Block]:
    """A block about triggers, where the framework has any."""
    if not pack.triggers:
        return []
    rows = [
        [
            one.title,
            pack.audit_types[one.audit_type].title if one.audit_type in pack.audit_types else one.audit_type,
            one.sentence(),
            sentence(one.when) if one.when else "Always",
        ]
        for one in pack.triggers.values()
    ]
    title = f"What leads to {pack.words['audits']} by itself"
    head = ["What happens", "What follows", "When", "Only if"]
    return [Block("triggers", title, tables=[Table(title, head, rows, hide_caption=True)])]


def ends(pack: Framework, clock: AnyClock) -> str:
    """When a clock runs out, in words."""
    if not isinstance(clock, CycleClock):
        still = [PAUSED[what] for what in clock.paused_by]
        said = f"; it stands still during {in_words(still)}" if still else ""
        done = "; it ends with the first answer" if clock.ends_with else ""
        return f"{clock.length} from {clock.starts}{said}{done}"
    if clock.until != CLOSES:
        return "When its trigger says"
    closes = f"the {pack.words['cycle']} closes"
    return f"{clock.before} before {closes}" if clock.before else f"When {closes}"


def nomination_starts(pack: Framework, clock: str) -> list[str]:
    """That a nomination starts a clock, where it does."""
    asked = any(rule.agreeing_starts == clock for rule in pack.selection.values())
    return [f"{pack.words['a_case']} nominated"] if asked else []


def one_by_one(pack: Framework, name: str) -> bool:
    """Whether a selection rule is asked each time something happens, and never for a draw."""
    kinds = [kind for kind in pack.audit_types.values() if kind.selection == name]
    return bool(kinds) and all(pack.is_continuous(kind.calendar or "") for kind in kinds)


def taken(rule: SelectionRule) -> str:
    """In which order cases are taken, as the end of a sentence."""
    if rule.sorted_by is not None:
        return f"each so many-th in the order of “{rule.sorted_by}”, from a start that the seed gives"
    return "in random order" if rule.order == "random" else f"the {rule.order}"


def how_many(pack: Framework, name: str, rule: SelectionRule) -> str:
    """How many are taken from what, in which order."""
    order = taken(rule)
    if one_by_one(pack, name):
        return f"One is taken each time, of the worker's own, {order}."
    groups = in_words(
        f"{_share(group)} of “{group.title}”, where {sentence(group.when)}{_counted(group)}"
        for group in rule.groups
    )
    if rule.strata == "groups":
        return f"In each {pack.words['cycle']}, {order}: {groups}."
    others = _of_the_others(pack, rule, order)
    return f"In each {pack.words['cycle']} first {groups}. Of the others: {others}" if groups else others


def _share(group: DrawnGroup) -> str:
    if group.everyone:
        return "all"
    return str(group.number) if group.number is not None else f"{group.per_cent:g}%"


def _counted(group: DrawnGroup) -> str:
    """On which day the cases of a share are counted, where that is not the day of the frame."""
    if group.per_cent is None or group.caseload_on == "today":
        return ""
    return f" (of those open {on_day(group.caseload_on)})"


def _of_the_others(pack: Framework, rule: SelectionRule, order: str) -> str:
    """How many are taken of what is of no group."""
    if rule.size is None:
        return f"Every {pack.words_of_all['case']} of the frame that nothing leaves out is taken."
    where = "the whole organisation" if rule.strata == "organisation" else f"each {rule.strata}"
    return f"As many are drawn from {where} as “{pack.targets[rule.size].title}” says, {order}."


def nominations(pack: Framework, rule: SelectionRule) -> list[str]:
    """Who may nominate cases and who agrees; nothing where all are drawn."""
    if rule.choice == "draw":
        return []
    cases = pack.words["cases"]
    said = f"{_titles(pack, rule.nominated_by)} may nominate {cases}, each with a reason"
    said += f"; {_titles(pack, rule.agreed_by).lower()} agrees or declines" if rule.agreed_by else ""
    then = "nothing else is taken" if rule.choice == "nomination only" else "the other places are drawn"
    return [f"{said}. Those agreed take their places first; {then}."]


def _titles(pack: Framework, names: tuple[str, ...]) -> str:
    return in_words(pack.roles[name].title if name in pack.roles else name for name in names)


def comes(pack: Framework, rule: ReauditRule) -> str:
    """When a re-audit comes, and how many of those that qualify do, where a seed chooses them."""
    last = f", up to {rule.not_after}" if rule.not_after else ""
    said = f"{rule.not_before} after it is finished{last}"
    if rule.number is not None:
        each = pack.words.get(rule.each, rule.each)
        return f"{said}; {rule.number} of them for each {each}, chosen by lot"
    return f"{said}; {rule.share}% of them, chosen by lot" if rule.is_drawn else said
