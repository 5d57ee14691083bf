"""The words of how audits came about, which retention removes: reasons, nominations, what happened.

The draw itself stays, with its frozen frame and its picks: it proves the selection, and names cases by keys.
"""

from __future__ import annotations

import json

from django.db.models import Q, QuerySet

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.ledger.blanking import remove_words
from goldenthread.ledger.models import Event
from goldenthread.programmes.models import Commission, Nomination, Occurrence, Pick, Slot

WORDS = {
    Slot: ("because", "edited_because", "dropped_because"),
    Pick: ("reason",),
    Commission: ("event", "because", "due_reason", "told"),
    Occurrence: ("what", "withdrawn_because"),
    Nomination: ("because", "settled_because"),
}
OPAQUE = {Commission: ("considered",)}
"""Emptied: what stood in a list."""


def blank_selection(audit: Audit) -> tuple[list[tuple[str, str]], list[int]]:
    """How one audit came about; gives the records whose events go, and the positions of single events."""
    slots = Slot.objects.filter(audit=audit)
    return _blank(
        slots,
        Pick.objects.filter(slot__in=slots),
        Commission.objects.filter(slot__in=slots),
        Nomination.objects.filter(entry__in=slots.values("pick__entry")),
    )


def blank_selection_of(subject: Subject) -> tuple[list[tuple[str, str]], list[int]]:
    """All that was ever said about choosing a subject of which nothing else is left."""
    records, single = _blank(
        Slot.objects.filter(subject=subject),
        Pick.objects.filter(entry__subject=subject),
        Commission.objects.filter(subject=subject),
        Nomination.objects.filter(subject=subject),
    )
    happened = Occurrence.objects.filter(subject=subject)
    for one in happened:
        one.what = one.public_id  # opaque, and still one of a day
        one.save(update_fields=["what"])
    remove_words(happened, "withdrawn_because")
    return [*records, *(("occurrence", one.public_id) for one in happened)], single


def _blank(
    slots: QuerySet[Slot],
    picks: QuerySet[Pick],
    commissions: QuerySet[Commission],
    nominations: QuerySet[Nomination],
) -> tuple[list[tuple[str, str]], list[int]]:
    single = _replacements(picks)
    remove_words(slots, *WORDS[Slot])
    remove_words(picks, *WORDS[Pick])
    remove_words(nominations, *WORDS[Nomination])
    for one in commissions:
        one.event = one.public_id  # opaque, and still one under its trigger
        one.considered = []
        one.save(update_fields=["event", "considered"])
    remove_words(commissions, "because", "due_reason", "told")
    named = (("slot", slots), ("commission", commissions), ("nomination", nominations))
    return [(kind, one) for kind, rows in named for one in rows.values_list("public_id", flat=True)], single


def _replacements(picks: QuerySet[Pick]) -> list[int]:
    """The events of replacements in which one of these picks went out or came in: they hold the reason."""
    found: list[int] = []
    touched = Pick.objects.filter(Q(pk__in=picks.values("pk")) | Q(replaced_by__in=picks)).exclude(
        replaces=None, replaced_by=None
    )
    for pick in touched.select_related("draw", "entry"):
        events = Event.objects.about("draw", pick.draw.public_id).filter(
            what="draw.replace_pick", recorded__values__isnull=False
        )
        for position, values in events.values_list("position", "recorded__values"):
            said = json.loads(values)
            if pick.entry.key in (said.get("in"), said.get("out")):
                found.append(position)
    return found
