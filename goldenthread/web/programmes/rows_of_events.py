"""What the tables of events, commissions and nominations show, as plain values for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person
from goldenthread.programmes.models import Commission, Nomination, Occurrence
from goldenthread.web.programmes.rows import day
from goldenthread.web.tables import link_words

COLOURS = {"waiting": "yellow", "sent": "green", "dropped": "red", "passed over": "grey"}
NOMINATION_COLOURS = {
    "waiting": "yellow",
    "agreed": "green",
    "declined": "red",
    "withdrawn": "grey",
    "lapsed": "grey",
}


def kind_of(commission: Commission) -> str:
    """The title of the kind of audit that is asked for."""
    return pack_of(commission.version).audit_types[commission.audit_type].title


def occurrence_rows(found: Iterable[Occurrence], reader: Person) -> list[Any]:
    """What happened, to whom, and what followed."""
    return [
        [
            {
                "text": one.what or one.get_kind_display().capitalize(),
                "hint": f"Recorded by {one.recorded_by}",
            },
            {"text": one.worker.name if one.worker else one.subject.reference if one.subject else "–"},
            {"text": day(one.happened_on)},
            _followed(one),
            _take_back(one, reader),
        ]
        for one in found
    ]


def _followed(one: Occurrence) -> dict[str, Any]:
    """What came of it: the first audit that was asked for, where one was."""
    if one.withdrawn_at:
        return {"text": f"Taken back: {one.withdrawn_because}"}
    asked = next(iter(one.commissions.all()), None)
    if asked is None:
        return {"text": "Nothing yet"}
    text = f"{kind_of(asked)}: {asked.get_state_display()}"
    return {"text": text, "url": reverse("show_commission", args=[asked.public_id]), "hint": asked.told}


def _take_back(one: Occurrence, reader: Person) -> dict[str, Any]:
    if one.withdrawn_at or one.worker_id == reader.pk:
        return {"text": ""}
    about = one.worker.name if one.worker else one.subject.reference if one.subject else ""
    return {
        "text": link_words("Take back", f"{about}, {day(one.happened_on)}"),
        "url": reverse("withdraw_occurrence", args=[one.public_id]),
    }


def about_of(commission: Commission) -> str:
    """Whom or what a commission is about."""
    if commission.subject:
        return commission.subject.reference
    return commission.worker.name if commission.worker else "–"


def commission_rows(found: Iterable[Commission]) -> list[Any]:
    """What was asked for, and what came of it."""
    return [
        [
            {
                "text": one.because,
                "url": reverse("show_commission", args=[one.public_id]),
                "hint": kind_of(one),
            },
            {"text": about_of(one), "hint": one.unit.name if one.unit else ""},
            {"text": day(one.not_before)},
            {"text": one.get_state_display().capitalize(), "tag": COLOURS[one.state]},
            {"text": _came_of(one)},
        ]
        for one in found
    ]


def _came_of(one: Commission) -> str:
    slot = getattr(one, "slot", None)
    return slot.audit.number if slot and slot.audit else one.told or "–"


def considered_rows(commission: Commission, references: Mapping[str, str]) -> list[Any]:
    """Each case of a worker, where it stood, or why it was left out; by reference for who sees it."""
    return [
        [
            {"text": references.get(one["case"], "Not shown to you")},
            {"text": one["turn"] or "–"},
            {"text": one["left out"] or "–"},
        ]
        for one in sorted(commission.considered, key=lambda one: (bool(one["left out"]), one["turn"]))
    ]


def nomination_rows(found: Iterable[Nomination]) -> list[Any]:
    """Cases that were nominated, by whom and why, and where each stands."""
    return [
        [
            {"text": one.subject.reference, "url": reverse("show_nomination", args=[one.public_id])},
            {"text": pack_of(one.cycle.version).audit_types[one.audit_type].title, "hint": one.cycle.title},
            {"text": one.because, "hint": f"Nominated by {one.nominated_by}"},
            {"text": one.get_state_display().capitalize(), "tag": NOMINATION_COLOURS[one.state]},
        ]
        for one in found
    ]


def outcome_rows(found: Iterable[tuple[Nomination, str]]) -> list[Any]:
    """What became of each nomination in a draw."""
    return [
        [
            {"text": one.subject.reference, "url": reverse("show_nomination", args=[one.public_id])},
            {"text": one.because, "hint": f"Nominated by {one.nominated_by}"},
            {"text": f"{one.settled_by}" if one.settled_by else "–"},
            {"text": outcome[0].upper() + outcome[1:]},
        ]
        for one, outcome in found
    ]
