"""What the tables of programmes show, as plain values for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from goldenthread.frameworks.queries import words_of
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models import Cycle, FrameEntry, Pick, ReauditDraw, Slot, Stratum, UnitTarget
from goldenthread.programmes.queries.auditors import Bench
from goldenthread.programmes.queries.coverage import CoverageRow
from goldenthread.programmes.queries.documents import share_of
from goldenthread.programmes.queries.lots import takes_part
from goldenthread.programmes.queries.nominations import is_nominated
from goldenthread.programmes.queries.reaudits import DueReaudit
from goldenthread.programmes.queries.year import ALLOCATED, CONTINUOUS, DRAWN, FROZEN, NOT_BEGUN, PLACED, SENT
from goldenthread.web.tables import link_words
from goldenthread.web.tables import number as in_numbers

COLOURS = {
    NOT_BEGUN: "grey",
    PLACED: "light-blue",
    FROZEN: "light-blue",
    DRAWN: "blue",
    ALLOCATED: "purple",
    SENT: "green",
    CONTINUOUS: "light-blue",
}


def table(caption: str, head: str, rows: list[Any], *, hide_caption: bool = False) -> dict[str, Any]:
    """A table for `programmes/_table.html`; headings stand between bars, those of numbers begin with #."""
    names = head.split("|")
    heads = [{"text": name.removeprefix("#"), "numeric": name.startswith("#")} for name in names]
    return {"caption": caption, "head": heads, "rows": rows, "hide_caption": hide_caption}


def day(value: Any) -> str:
    """A day as people write it."""
    return date_format(value, "j F Y")


def cycle_row(cycle: Cycle, sent: int, done: int, *, today: date) -> list[Any]:
    """One cycle of the year; one that closed without having begun was not held."""
    stage = vars(cycle)["stage"]
    shown = "Not held" if stage == NOT_BEGUN and cycle.closes_on < today else stage.capitalize()
    return [
        {"text": cycle.title, "url": reverse("show_cycle", args=[cycle.public_id])},
        {"text": f"{day(cycle.opens_on)} to {day(cycle.closes_on)}"},
        {"text": theme_of(cycle)},
        {"text": shown, "tag": COLOURS[stage]},
        {"text": f"{done} of {sent}" if sent else "–", "numeric": True},
    ]


def theme_of(cycle: Cycle) -> str:
    """The theme in words."""
    if not cycle.themed:
        return "–"
    return (
        ", ".join(filter(None, [cycle.theme, cycle.theme_unit.name if cycle.theme_unit else ""]))
        or f"{words_of(cycle.version)['Theme']} not set yet"
    )


def target_rows(
    name: str, number: int, units: Iterable[Unit], own: Mapping[int, int], framework: str
) -> list[Any]:
    """What each unit owes, and where it can be changed."""
    return [
        [
            {"text": unit.name},
            {"text": own.get(unit.pk, number), "numeric": True},
            {"text": "Its own" if unit.pk in own else "The framework's"},
            {
                "text": link_words("Change", f"the number for {unit.name}"),
                "url": f"{reverse('set_target', args=[name, unit.public_id])}?framework={framework}",
            },
        ]
        for unit in units
    ]


def number_in_words(stands: UnitTarget | None) -> str:
    """A unit's own number, and from when."""
    if stands is None:
        return "The framework’s number"
    return f"{stands.number}, from {stands.starts_on.day} {stands.starts_on:%B %Y}"


def due_rows(due: Iterable[DueReaudit]) -> list[Any]:
    """Re-audits that are due, and what keeps one from being placed."""
    return [
        [
            {"text": one.previous.number},
            {"text": one.unit.name if one.unit else "–"},
            {"text": one.practitioner.name if one.practitioner else "–"},
            {"text": one.because},
            {"text": _what_happens(one)},
        ]
        for one in due
    ]


def _what_happens(due: DueReaudit) -> str:
    """Whether a re-audit is placed, decided by lot, or cannot be."""
    if due.not_placed:
        return f"Cannot be placed: {due.not_placed}"
    return "Decided by lot" if takes_part(due) else "Will be placed"


def drawn_again(cycle: Cycle) -> list[dict[str, Any]]:
    """The draws that chose a share of a cycle's re-audits: what was drawn, and who took part."""
    found = []
    for draw in ReauditDraw.objects.filter(cycle=cycle).defer("frame").order_by("pk"):
        chances = draw.chances.order_by("position", "audit__number").values_list("audit__number", "position")
        chosen = [number for number, position in chances if position is not None]
        left = [number for number, position in chances if position is None]
        found.append({"draw": draw, "chosen": chosen, "left": left, "number": len(chosen) + len(left)})
    return found


def entry_rows(entries: Iterable[FrameEntry], titles: Mapping[str, str], opens: bool) -> list[Any]:
    """Cases of a frame; they lead to the case for those who may see it."""
    return [
        [
            {
                "text": entry.subject.shown,
                "url": reverse("show_subject", args=[entry.subject.public_id]) if opens else "",
                "hint": entry.key,
            },
            {"text": titles.get(entry.stratum, entry.stratum)},
            {"text": entry.practitioner.name if entry.practitioner else "–"},
            {
                "text": "Eligible" if entry.eligible else "Left out",
                "tag": "green" if entry.eligible else "grey",
            },
            {"text": entry.reason or "–", "hint": f"Turn: {entry.turn}" if entry.turn else ""},
        ]
        for entry in entries
    ]


def reason_rows(counts: Iterable[tuple[bool, str, int]]) -> list[Any]:
    """How many cases are eligible, and how many are left out for each reason."""
    return [
        [
            {"text": capfirst(reason) or "Nothing speaks against it"},
            {"text": "Eligible" if eligible else "Left out"},
            in_numbers(cases),
        ]
        for eligible, reason, cases in counts
    ]


def draw_rows(strata: Iterable[Stratum], picks: Iterable[Pick], *, editable: bool) -> list[Any]:
    """The picks of each stratum in their order; a stratum that gave too few says why."""
    found: dict[str, list[Pick]] = {}
    for pick in picks:
        found.setdefault(pick.entry.stratum, []).append(pick)
    rows: list[Any] = []
    for stratum in strata:
        mine = found.get(stratum.name, [])
        rows += [_pick_row(stratum, pick, editable=editable) for pick in mine]
        if stratum.shortfall:
            rows.append(_short_row(stratum))
    return rows if editable else [row[:-1] for row in rows]


def share_rows(strata: Iterable[Stratum]) -> list[Any]:
    """Each stratum whose size is a share: of how many open cases, counted on which day."""
    return [
        [
            {"text": stratum.title},
            {"text": f"{share.per_cent:g}%"},
            {"text": share.cases, "numeric": True},
            {"text": day(share.open_on)},
            {"text": stratum.size, "numeric": True},
        ]
        for stratum in strata
        if (share := share_of(stratum))
    ]


def _short_row(stratum: Stratum) -> list[Any]:
    """A stratum that gave too few; it leads to the cases that were left out."""
    frame = reverse("show_frame", args=[stratum.draw.public_id])
    query = urlencode({"stratum": stratum.name, "eligible": "no"})
    return [
        {"text": stratum.title},
        {"text": f"See who was left out of {stratum.title}", "url": f"{frame}?{query}"},
        {"text": "–"},
        {"text": stratum.shortfall.removeprefix(f"{stratum.name}: ")},
        {"text": ""},
    ]


def _pick_row(stratum: Stratum, pick: Pick, *, editable: bool) -> list[Any]:
    """One pick: what it replaced, or that it was replaced, and why."""
    entry, replaced = pick.entry, hasattr(pick, "replaced_by")
    reference = entry.subject.shown
    told = (
        f"Replaced: {pick.replaced_by.reason}"
        if replaced
        else "Nominated"
        if is_nominated(entry)
        else "Drawn"
    )
    if pick.replaces:
        told = f"In place of {pick.replaces.entry.subject.shown}" + (f"; {told.lower()}" if replaced else "")
    can_go = editable and not replaced
    link = reverse("replace_pick", args=[pick.draw.public_id, entry.key]) if can_go else ""
    return [
        {"text": stratum.title},
        {"text": reference, "hint": entry.key},
        {"text": entry.practitioner.name if entry.practitioner else "–"},
        {"text": told},
        {"text": f"Replace {reference}" if can_go else "", "url": link},
    ]


def slot_cells(
    slot: Slot, names: Mapping[str, str], titles: Mapping[str, str], *, editable: bool
) -> dict[str, Any]:
    """An audit to be done: what, whose work, by whom, and if by nobody, why."""
    return {
        "slot": slot,
        "kind": titles.get(slot.audit_type, slot.audit_type),
        "why_not": [
            {"name": names.get(row["auditor"], ""), "rule": row["rule"]}
            for row in (slot.unfilled or [])
            if not slot.auditor_id
        ],
        "edit_url": reverse("edit_slot", args=[slot.public_id]) if editable else "",
        "drop_url": reverse("drop_slot", args=[slot.public_id]) if editable else "",
    }


def load_rows(table: Bench) -> list[Any]:
    """What each auditor has, those with the most this year first."""

    def loads(person: Person) -> tuple[int, int]:
        now = table.held[person.pk]
        return now, table.earlier[person.pk] + now

    people = sorted(table.people.values(), key=lambda one: (-loads(one)[1], one.name, one.pk))
    return [
        [
            {"text": person.name},
            {"text": loads(person)[0], "numeric": True},
            {"text": table.capacity[person.pk], "numeric": True},
            {"text": loads(person)[1], "numeric": True},
        ]
        for person in people
    ]


def coverage_rows(found: Iterable[CoverageRow], link: Any) -> list[Any]:
    """Coverage by those who owe; the numbers lead to their audits."""
    return [
        [
            {"text": row.holder},
            {"text": row.title, "hint": row.period},
            {"text": row.target, "numeric": True, "hint": f"{row.exempt} exempt" if row.exempt else ""},
            {"text": row.sent, "url": link(row, "sent") if row.sent else "", "numeric": True},
            {"text": row.done, "url": link(row, "done") if row.done else "", "numeric": True},
            {"text": row.missing, "numeric": True},
        ]
        for row in found
    ]
