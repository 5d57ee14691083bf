"""A month in steps, each with its state and where it is taken; those that nothing asks for are not shown."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from goldenthread.frameworks.queries import pack_of, words_of
from goldenthread.programmes.models import Allocation, Cycle, Draw
from goldenthread.programmes.queries.reaudits import too_early
from goldenthread.programmes.queries.year import (
    drawn_types,
    places_audits,
    slots_of,
    standing_draw,
    version_to_begin,
)
from goldenthread.rules.vocabulary import counted

DONE, NOW, LATER = "green", "blue", ""
CANNOT_START = "Cannot start yet"


def steps_of(cycle: Cycle, *, today: date) -> list[dict[str, Any]]:
    """The steps of a month in order; one that cannot be taken yet has no link.

    Until it begins it is shown as under the version that it would take. A month into which nothing comes by
    itself has no step for that, and begins with its first frame.
    """
    cycle = copy(cycle)
    cycle.version = version_to_begin(cycle)
    places = places_audits(cycle.version)
    begun = bool(cycle.reaudits_placed_at) or not places
    pack = pack_of(cycle.version)
    kinds = drawn_types(cycle)
    draws = {name: standing_draw(cycle, name) for name in kinds}
    steps = [_place(cycle)] if places else []
    for name in kinds:
        more = f": {pack.audit_types[name].title}" if len(kinds) > 1 else ""
        steps += [_freeze(cycle, draws[name], more, begun=begun), _draw(draws[name], more)]
    drawn = all(draw and draw.drawn_at for draw in draws.values())
    return [*steps, _allocate(cycle, drawn), _send(cycle, drawn, today)]


def _step(text: str, status: str, colour: str, url: str = "", hint: str = "") -> dict[str, Any]:
    return {"text": text, "status": status, "colour": colour, "url": url, "hint": hint}


def _place(cycle: Cycle) -> dict[str, Any]:
    url = reverse("place_reaudits", args=[cycle.public_id])
    text = f"Place the {words_of(cycle.version)['re_audits']} that are due"
    if not cycle.reaudits_placed_at:
        return _step(text, "To do", NOW, url)
    number = slots_of(cycle).filter(Q(previous__isnull=False) | Q(instead_of__isnull=False)).count()
    return _step(text, "Done", DONE, url, f"{number} placed")


def _freeze(cycle: Cycle, draw: Draw | None, more: str, *, begun: bool) -> dict[str, Any]:
    text, words = f"Freeze the frame{more}", words_of(cycle.version, draw.audit_type if draw else "")
    if draw:
        eligible = draw.entries.filter(eligible=True).count()
        cases = draw.entries.count()
        kind = words["case" if cases == 1 else "cases"]
        hint = f"{cases:,} open {kind}, {eligible:,} eligible"
        return _step(text, "Done", DONE, reverse("show_draw", args=[draw.public_id]), hint)
    if not begun:
        return _step(text, CANNOT_START, LATER)
    if cycle.themed and not (cycle.theme or cycle.theme_unit):
        url = reverse("set_theme", args=[cycle.public_id])
        return _step(text, "To do", NOW, url, f"Set the {words['theme']} first")
    return _step(text, "To do", NOW, reverse("freeze_frame", args=[cycle.public_id]))


def _draw(draw: Draw | None, more: str) -> dict[str, Any]:
    text = f"Enter or take the seed, and draw{more}"
    if draw is None:
        return _step(text, CANNOT_START, LATER)
    if draw.drawn_at is None:
        return _step(text, "To do", NOW, reverse("draw_picks", args=[draw.public_id]))
    number = draw.picks.filter(replaced_by=None).count()
    return _step(
        text,
        "Done",
        DONE,
        reverse("show_draw", args=[draw.public_id]),
        f"{counted(number, 'case', words_of(draw.cycle.version, draw.audit_type))} drawn",
    )


def _allocate(cycle: Cycle, drawn: bool) -> dict[str, Any]:
    words = words_of(cycle.version)
    text = f"Allocate the {words['audits']} to {words['auditors']}"
    url = reverse("show_allocation", args=[cycle.public_id])
    if not drawn:
        return _step(text, CANNOT_START, LATER)
    if Allocation.objects.filter(cycle=cycle, finished_at=None).exists():
        return _step(text, "Being allocated", "yellow", url)
    slots = slots_of(cycle)
    number, without = slots.count(), slots.filter(auditor=None).count()
    if not number:
        return _step(text, "Nothing to do", LATER, hint="Nothing was drawn; the draw says why")
    if without == number:
        return _step(text, "To do", NOW, url, counted(number, "audit", words))
    if without:
        return _step(
            text, "To do", NOW, url, f"{without} of {number} {words['audits']} have no {words['auditor']}"
        )
    return _step(
        text, "Done", DONE, url, f"{counted(number, 'audit', words)}, each with {words['an_auditor']}"
    )


def _send(cycle: Cycle, drawn: bool, today: date) -> dict[str, Any]:
    text, url = "Check and send", reverse("send_cycle", args=[cycle.public_id])
    if cycle.sent_at:
        return _step(text, "Sent", DONE, reverse("show_allocation", args=[cycle.public_id]))
    slots = slots_of(cycle)
    if not drawn or not slots.exists() or slots.filter(auditor=None).exists():
        return _step(text, CANNOT_START, LATER)
    if sentence := next(too_early(cycle, on=today), ""):
        return _step(text, "Cannot be sent yet", "yellow", url, sentence)
    return _step(text, "To do", NOW, url)
