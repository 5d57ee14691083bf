"""Who gets copies, and what begins with a report, in the words of a framework's page."""

from __future__ import annotations

from goldenthread.rules.calendars import in_words
from goldenthread.rules.conditions import sentence
from goldenthread.rules.copies import CopyRule
from goldenthread.rules.framework import Framework
from goldenthread.web.frameworks.blocks import Block
from goldenthread.web.frameworks.wording_of_events import ends
from goldenthread.web.frameworks.wording_of_reports import length
from goldenthread.web.tables import Table

PERSON_SENDS = "Nothing is sent by itself: a person sends a copy and records to whom, when and how."


def copy_blocks(pack: Framework) -> list[Block]:
    """A block about copies, where the framework gives any."""
    if not pack.copies:
        return []
    rows = [
        [
            rule.title,
            _to(pack, rule),
            _of(pack, rule),
            rule.given.capitalize(),
            pack.roles[pack.clocks[rule.clock].owed_by].title,
            ends(pack, pack.clocks[rule.clock]),
            "; ".join(rule.ways),
        ]
        for rule in pack.copies.values()
    ]
    head = ["Copy", "For", "Of", "Given", "Sent by", "Due", "Ways"]
    return [
        Block("copies", "Copies", [PERSON_SENDS], tables=[Table("Copies", head, rows, hide_caption=True)])
    ]


def begins_with_copies(pack: Framework, clock: str) -> list[str]:
    """That a copy or the signing off of the report starts a clock, where it does."""
    found = []
    for rule in pack.copies.values():
        if rule.clock == clock:
            found.append(f"{rule.title.lower()}, {_start(pack, rule)}")
    if pack.report.signed_off == clock:
        found.append(f"the closing of the {pack.words['cycle']}, to sign its report off")
    for one in pack.reports.values():
        if one.signed_off == clock:
            found.append(f"the end of the {length(pack, one)}, to sign “{one.title}” off")
    return found


def _start(pack: Framework, rule: CopyRule) -> str:
    if rule.given == "on request":
        return "once asked for"
    if not rule.is_of_report:
        return f"once {pack.words['an_audit']} is final"
    if pack.for_report(rule.report or "").report.signed_off:
        return "once the report is signed off"
    if rule.report:
        return f"once the {length(pack, pack.reports[rule.report])} is over"
    return f"once the {pack.words['cycle']} closes"


def _to(pack: Framework, rule: CopyRule) -> str:
    if rule.role is None:
        return f"Outside: {rule.outside}"
    return pack.roles[rule.role].title


def _of(pack: Framework, rule: CopyRule) -> str:
    if rule.is_of_report:
        return pack.for_report(rule.report or "").report.title
    kinds = [kind.title for name, kind in pack.audit_types.items() if rule.is_for(name)]
    returns = (kind.returns.get(rule.part or "") for kind in pack.audit_types.values())
    part = next((one.title for one in returns if one), "")
    what = f"The part “{part}”" if part else rule.what.capitalize()
    said = f"{what} of each: {in_words(kinds)}"
    return f"{said}. If {sentence(rule.when)}" if rule.when is not None else said
