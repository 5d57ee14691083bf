"""Moderation in words: which finished audits are graded again, when, by whom, and what comes of it."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL
from goldenthread.rules.moderation import ModerationRule
from goldenthread.web.frameworks.blocks import Block

UNSEEN = {
    "no": "The moderator sees the {auditor}’s answers and {grades} from the start.",
    "to grades": "The moderator sees no {grade} of the {auditor} until their own are in.",
    "to grades and answers": "The moderator sees nothing that the {auditor} wrote until their own {grades} "
    "are in.",
}


def moderation_blocks(pack: Framework) -> list[Block]:
    """A block about moderation, where there is any."""
    if not pack.moderation:
        return []
    block = Block("moderation", "Moderation")
    for rule in pack.moderation.values():
        block.sentences += _said(pack, rule)
    return [block]


def _said(pack: Framework, rule: ModerationRule) -> list[str]:
    words = pack.words
    kinds = in_words(pack.audit_types[one].title.lower() for one in rule.of)
    grade = "" if rule.graded == "any grade" else f", of those with this {words['grade']}: {rule.graded}"
    clock = pack.clocks[rule.clock]
    roles = " or ".join(pack.roles[one].title.lower() for one in rule.by)
    months = in_words(rule.months(pack.calendar_of(rule.of[0])))
    found = [
        f"{rule.title}: {_how_many(pack, rule)} finished in the last {rule.looks_back} ({kinds}){grade}, "
        f"drawn at random in the {words['cycles']} that begin in {months}.",
        *_only(pack, rule),
        f"Graded again by the {roles}, never by whoever audited it, did the work or checked the report"
        + ("; never in their own team." if rule.not_own_team else "."),
        UNSEEN[rule.blind].format_map(words),
    ]
    if length := getattr(clock, "length", ""):
        found.append(f"Done within {length} of being given to somebody.")
    if rule.parts:
        found.append(f"Graded again: {in_words(_parts(pack, rule))}.")
    feedback = f"The {words['auditor']} gets written feedback"
    found.append(f"{feedback} and is met." if rule.meeting else f"{feedback}.")
    stays = f"The {words['grade']} of record stays as it is."
    changes = (
        f"Where the {words['grades']} differ, the moderator’s become those of record; the earlier are kept."
    )
    return [*found, changes if rule.stage else stays]


def _how_many(pack: Framework, rule: ModerationRule) -> str:
    auditor = pack.words["auditor"]
    if rule.each_auditor is not None:
        each = f"at least {rule.each_auditor} of each {auditor}"
        return f"{rule.per_cent}% and {each} of those" if rule.per_cent else f"{each} of those"
    if rule.per_cent is not None:
        return f"{rule.per_cent}% of those"
    return f"{rule.number} of those" if rule.number else "all those"


def _only(pack: Framework, rule: ModerationRule) -> list[str]:
    """Which audits alone are looked at, where not those of everybody or under every form."""
    words, found = pack.words, []
    if rule.new_auditors is not None:
        first = f"who finished their first no longer than {rule.new_auditors} ago"
        found.append(f"Only those of {words['auditors']} {first}.")
    if rule.new_forms is not None:
        found.append(f"Only those under a form that came into force no longer than {rule.new_forms} ago.")
    return found


def _parts(pack: Framework, rule: ModerationRule) -> list[str]:
    kind = rule.of[0]
    titles = {one.key: one.title for one in pack.form_of(kind).sections}
    titles[OVERALL] = pack.grading_of(kind).overall_label
    return [titles.get(one, one) for one in rule.parts]
