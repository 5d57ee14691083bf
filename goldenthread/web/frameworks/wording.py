"""A framework in words: what each part says, as the lists and tables of its page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from goldenthread.rules.calendars import Calendar, in_words
from goldenthread.rules.conditions import Condition, sentence
from goldenthread.rules.cycles import SwapOut, YearCalendar, cycles_of, sentences, year_title
from goldenthread.rules.framework import AuditType, Framework
from goldenthread.rules.ladders import Rung
from goldenthread.rules.refusal import Refused
from goldenthread.rules.selection import PairingRule, SelectionRule
from goldenthread.rules.windows import READINGS
from goldenthread.web.frameworks import wording_of_follow_up as following
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.frameworks.wording_of_copies import (
    begins_with_copies,
    copy_blocks,
)
from goldenthread.web.frameworks.wording_of_events import (
    comes,
    ends,
    how_many,
    nomination_starts,
    nominations,
    triggers,
)
from goldenthread.web.frameworks.wording_of_goals import goal_blocks
from goldenthread.web.frameworks.wording_of_grades import grading_sentences, scale_table
from goldenthread.web.frameworks.wording_of_ladders import begins_with_a_dispute, dispute_blocks
from goldenthread.web.frameworks.wording_of_moderation import moderation_blocks
from goldenthread.web.frameworks.wording_of_parties import (
    agreement_blocks,
    begins_with_others,
    return_blocks,
)
from goldenthread.web.frameworks.wording_of_reports import report_blocks
from goldenthread.web.frameworks.wording_of_retention import retention_sentences
from goldenthread.web.frameworks.wording_of_roles import roles_block
from goldenthread.web.frameworks.wording_of_sources import sources_used
from goldenthread.web.frameworks.wording_of_standards import standard_blocks
from goldenthread.web.frameworks.wording_of_subjects import subject_sentences
from goldenthread.web.tables import Table, number, numeric

ALWAYS = "Always"
NOBODY = "Nobody"
MOMENTS = {
    "sending": "When the {cycle}’s {audits} are sent",
    "alert": "When a safety {alert} is raised",
    "extension": "When longer is given for {an_audit}",
    "conversation": "When the {conversation} is arranged or moved, with an invitation for the calendar",
    "end of the cycle": "The day after the {cycle} closes",
    "conversation called off": "When the {conversation} is called off",
}
NEVER = {
    "not their own work": "their own work",
    "not their own team": "their own team",
    "not their own line": "the teams that they manage",
    "not the earlier auditor": "the earlier {auditor}",
}
EXHAUSTED = {
    "leave short": "Fewer are picked, and the draw says why.",
    "go round again": "What only an earlier audit leaves out comes back, the case audited longest ago first.",
}


def blocks(pack: Framework, calendar: Calendar, year: int, address: str, number_: int) -> list[Block]:
    """Every part of the framework in words, in the order in which people ask for them."""
    return [
        _types(pack, address, number_),
        *standard_blocks(pack),
        year_of(pack, calendar, year),
        *triggers(pack),
        _choosing(pack),
        _pairing(pack),
        *return_blocks(pack),
        _again(pack),
        _targets(pack),
        *goal_blocks(pack),
        _grades(pack),
        _clocks(pack),
        _notices(pack),
        _concern(pack),
        _follow_up(pack),
        *dispute_blocks(pack),
        *moderation_blocks(pack),
        *agreement_blocks(pack),
        _filing(pack),
        *copy_blocks(pack),
        *report_blocks(pack),
        roles_block(pack),
        _words(pack),
    ]


def only_if(condition: Condition | None) -> str:
    """A condition as a cell: always, or the sentence with a capital."""
    words = sentence(condition)
    return ALWAYS if condition is None else words[0].upper() + words[1:]


def roles(pack: Framework, names: Iterable[str]) -> str:
    """The titles of roles, in a row."""
    titles = [pack.roles[name].title.lower() if name in pack.roles else name for name in names]
    words = in_words(titles) if titles else NOBODY
    return words[0].upper() + words[1:]


def clock_titles(pack: Framework, names: Iterable[str]) -> str:
    """What clocks ask for, in a row."""
    return "; ".join(pack.clocks[name].title if name in pack.clocks else name for name in names)


def _types(pack: Framework, address: str, number_: int) -> Block:
    def link(kind: str, name: str, text: str) -> dict[str, str]:
        return {"text": text, "url": reverse(f"show_framework_{kind}", args=[address, number_, name])}

    rows = [
        [
            kind.title,
            link("form", kind.form, pack.forms[kind.form].title),
            link("flow", kind.flow, pack.flows[kind.flow].title),
            {
                "text": pack.words_for(name)["Cases"],
                "hint": _looks_at(pack, kind),
            },
        ]
        for name, kind in pack.audit_types.items()
    ]
    head = ["Kind", "Form", "Steps", "What it looks at"]
    title = f"Kinds of {pack.words['audit']}"
    table = Table(title, head, rows, hide_caption=True)
    return Block("kinds", title, [*subject_sentences(pack), *retention_sentences(pack)], tables=[table])


def _looks_at(pack: Framework, kind: AuditType) -> str:
    """How far back a kind of audit looks and judges, which records count, and which sources it uses."""
    said = [f"The last {kind.looks_back}, or less where the work began later."]
    said += [f"Judged is what was done in the last {kind.judges}."] if kind.judges else []
    said += [READINGS[kind.goes_by]] if kind.goes_by else []
    said += sources_used(pack, kind)
    return " ".join(said) if len(said) > 1 else said[0].removesuffix(".")


def year_of(pack: Framework, calendar: Calendar, year: int) -> Block:
    """The cycles of a year by the framework's calendars."""
    block = Block("calendar", "The year")
    for name, rule in pack.every_calendar().items():
        kinds = in_words(pack.audit_types[kind].title for kind in pack.types_in(name))
        block.sentences += [f"{kinds}:"] if pack.calendars else []
        block.sentences += sentences(rule)
        block.sentences += [_makes_way(pack, swap) for swap in rule.swap_outs]
        table = _cycles(rule, calendar, year, pack.words, name)
        block.tables += [table] if isinstance(table, Table) else []
        block.sentences += [table] if isinstance(table, str) else []
    return block


def _makes_way(pack: Framework, swap: SwapOut) -> str:
    kinds = in_words(pack.audit_types[name].title.lower() for name in swap.of if name in pack.audit_types)
    return (
        f"In the {pack.words['cycles']} that begin in {in_words(swap.cycles)}, "
        f"no {kinds} is done; instead: {swap.because}."
    )


def _cycles(
    rule: YearCalendar, calendar: Calendar, year: int, words: dict[str, str], name: str = ""
) -> Table | str:
    """The cycles of a year, or why they cannot be known; `name` tells calendars apart."""
    day = "%A %-d %B" if rule.begins == "January" else "%A %-d %B %Y"
    try:
        rows = [
            [
                cycle.title,
                f"{cycle.opens_on:{day}}",
                f"{cycle.closes_on:{day}}",
                "Yes" if cycle.themed else "No",
            ]
            for cycle in cycles_of(year, rule, calendar)
        ]
    except Refused as refusal:
        return str(refusal)
    return Table(
        f"{words['Cycles']} of {year_title(year, rule)}{f' ({name})' if name else ''}",
        [words["Cycle"], "Opens", "Closes", "Themed"],
        rows,
    )


def _choosing(pack: Framework) -> Block:
    block = Block("choosing", f"How {pack.words['cases']} are chosen")
    for name, rule in pack.selection.items():
        block.sentences += _chosen(pack, name, rule)
        rows = [
            [
                only_if(one.when),
                one.because,
                "Only while there are enough without it" if one.unless_short else ALWAYS,
            ]
            for one in rule.exclude
        ]
        head = ["Left out if", "The reason shown", "How firmly"]
        block.tables.append(Table(f"What {name} leaves out", head, rows))
    return block


def _chosen(pack: Framework, name: str, rule: SelectionRule) -> list[str]:
    kinds = in_words(kind.title.lower() for kind in pack.audit_types.values() if kind.selection == name)
    said, worker = pack.words_of_all["case"], pack.words["practitioner"]
    once = f" No {worker} is picked twice in one draw." if rule.one_per_practitioner else ""
    return [
        f"For each {kinds}, the {name}: every {said} of which {sentence(rule.frame)} is in the frame.",
        f"{how_many(pack, name, rule)}{once}",
        *nominations(pack, rule),
        f"Where there are not enough: {EXHAUSTED[rule.exhausted]}",
    ]


def _pairing(pack: Framework) -> Block:
    rows = [row for name, rule in pack.pairing.items() for row in _pools(pack, name, rule)]
    head = [
        pack.words["Audits"],
        f"Of {pack.words_of_all['cases']} of which",
        "By whoever holds the post of",
        "Never",
        "Conditions",
    ]
    title = f"Who does which {pack.words['audit']}"
    return Block("pairing", title, tables=[Table(title, head, rows, hide_caption=True)])


def _pools(pack: Framework, name: str, rule: PairingRule) -> list[list[str]]:
    kinds = "; ".join(kind.title for kind in pack.audit_types.values() if kind.pairing == name)
    barred = [NEVER[one].format_map(pack.words) for one in rule.independence if one in NEVER]
    never = "; ".join(barred) or "No rule"
    conditions = [f"at most {rule.capacity} in {pack.words['a_cycle']}"]
    if rule.capacity_in_year:
        conditions.append(f"at most {rule.capacity_in_year} in a year")
    conditions += [one for one in rule.independence if one not in NEVER]
    if rule.trained_in:
        conditions.append(f"trained in {rule.trained_in}")
    if rule.may_be_away < 100:
        conditions.append(f"away for at most {rule.may_be_away}% of the {pack.words['cycle']}")
    rows = []
    for place, pool in enumerate(rule.pools):
        which = only_if(pool.when) if pool.when else "All others" if place else "All"
        where = f" in {in_words(pool.within)}" if pool.within else ""
        where += f"; their teams audit each other in pairs that change {pool.pairs}" if pool.pairs else ""
        rows.append([kinds, which, ", ".join(pool.posts) + where, never, "; ".join(conditions)])
    return rows


def _again(pack: Framework) -> Block:
    rows = [
        [
            "; ".join(pack.audit_types[name].title for name in rule.after),
            only_if(rule.when),
            pack.audit_types[rule.type].title,
            comes(pack, rule),
            rule.because,
        ]
        for rule in pack.re_audit
    ]
    head = ["After", "If", "Comes", "When", "The reason shown"]
    table = Table(
        "Looking again", head, rows, f"No {pack.words['audit']} is looked at again.", hide_caption=True
    )
    return Block("again", "Looking again", tables=[table])


def _targets(pack: Framework) -> Block:
    rows = [
        [
            target.title,
            "; ".join(pack.audit_types[name].title for name in target.counts),
            f"Each {target.per}, each {pack.words.get(target.each, target.each)}",
            number(target.number) if target.number is not None else target.share().capitalize(),
        ]
        for target in pack.targets.values()
    ]
    head = [pack.words["Target"], "Counts", "For", numeric("Number, unless the unit has its own")]
    return Block(
        "targets", "How many", tables=[Table(pack.words["Targets"], head, rows, "None.", hide_caption=True)]
    )


def _grades(pack: Framework) -> Block:
    block = Block("grades", pack.words["Grades"])
    block.tables += [scale_table(name, scale) for name, scale in pack.scales.items()]
    for grading in pack.grading.values():
        block.sentences += grading_sentences(pack, grading)
    return block


def _clocks(pack: Framework) -> Block:
    rows = []
    for name, clock in pack.clocks.items():
        until = ends(pack, clock)
        owed = roles(pack, [clock.owed_by])
        warned = f"{clock.warn_before} before" if clock.warn_before else "once it is late"
        rows.append([clock.title, owed, until, warned, "; ".join(_begins(pack, name))])
    head = ["What is owed", "By", "Due", "Reminded of", "Starts with"]
    return Block(
        "clocks", "What is owed, and by when", tables=[Table("Clocks", head, rows, hide_caption=True)]
    )


def _begins(pack: Framework, name: str) -> list[str]:
    """What starts a clock."""
    found = [
        f"sending: {kind.title.lower()}"
        for kind in pack.audit_types.values()
        if name in kind.on_sending_starts
    ]
    for flow in pack.flows.values():
        found += [f"“{step.label}”" for step in flow.steps.values() if name in step.starts]
    found += following.what_follows_starts(pack, name)
    found += nomination_starts(pack, name)
    asked = any(rung.clock == name for rung in pack.concern.rungs)
    found += [
        *begins_with_a_dispute(pack, name),
        *begins_with_others(pack, name),
        *begins_with_copies(pack, name),
    ]
    return [*found, f"a safety {pack.words['alert']}"] if asked else found


def _notices(pack: Framework) -> Block:
    labels = {name: step.label for flow in pack.flows.values() for name, step in flow.steps.items()}
    rows = [
        [
            MOMENTS[notice.on].format_map(pack.words)
            if notice.on in MOMENTS
            else f"After “{labels.get(notice.on, notice.on)}”",
            roles(pack, notice.to),
            only_if(notice.when),
            {"text": notice.subject, "hint": notice.text},
        ]
        for notice in pack.notices.values()
    ]
    said = f"An e-mail carries a reference and a link: no names, no {pack.words['grades']}, no reasons."
    table = Table(
        "Notices", ["When", "To", "Only if", "What it says"], rows, "No notices.", hide_caption=True
    )
    return Block("notices", "Who is told", [said], tables=[table])


def _concern(pack: Framework) -> Block:
    rows: dict[str, str] = {
        "Told at once": roles(pack, pack.concern.tells),
        f"What {pack.words['auditors']} are told": pack.concern.guidance,
        "Title of each stage’s case note": pack.concern.note.title,
        "Type of note": pack.concern.note.note_type,
        "Text of the note": pack.concern.note.text,
    }
    stages = [_stage(pack, number, rung) for number, rung in enumerate(pack.concern.rungs, 1)]
    head = ["Stage", "Must answer", "Within", "Told besides"]
    table = Table("Stages of an alert", head, stages, hide_caption=True)
    said = "A stage begins when the one before it is silent or does not resolve the alert."
    return Block("alerts", f"Safety {pack.words['alerts']}", [said], summary=_summary(rows), tables=[table])


def _stage(pack: Framework, number: int, rung: Rung) -> list[str]:
    clock: Any = pack.clocks[rung.clock]
    return [str(number), roles(pack, [rung.role]), clock.length, roles(pack, rung.tells)]


def _follow_up(pack: Framework) -> Block:
    tables = [following.responses_table(pack), *following.actions_tables(pack)]
    return Block("follow-up", "What follows", following.actions_sentences(pack), tables=tables)


def _filing(pack: Framework) -> Block:
    alerts = "; ".join(
        roles(pack, [alert.role]) + ("" if alert.when is None else f", if {sentence(alert.when)}")
        for alert in pack.filing.alerts
    )
    rows = {
        "Title": pack.filing.title,
        "Type of note": pack.filing.note_type,
        "Text": pack.filing.text,
        f"{pack.words['Alerts']} on the {pack.words['case_system']}": alerts or NOBODY,
    }
    title = "The {case_note} that files {an_audit}".format_map(pack.words)
    return Block("filing", title, summary=_summary(rows))


def _words(pack: Framework) -> Block:
    words: dict[str, str] = {term: f"{word.one}, {word.many}" for term, word in pack.vocabulary.items()}
    return Block("words", "The organisation's own words", summary=_summary(words))


def _summary(rows: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key[0].upper() + key[1:], "value": value} for key, value in rows.items()]
