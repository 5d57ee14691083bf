"""What retention takes away: the words of rows, and the values of events, so that the chain still verifies.

An event's values go only together with one event that lists their positions; verification accepts that
and no other absence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q

from goldenthread.ledger.models import Event, EventValues
from goldenthread.ledger.operations import Actor, record

REMOVED = "Removed under retention"
"""What stands where words stood; where nothing stood, nothing stands."""
BLANK = "retention.blank"
LISTED = "blanked"
"""Under this name the event lists the positions of the events whose values it blanked."""
AT_ONCE = 500


def remove_words(rows: models.QuerySet, *fields: str) -> None:
    """Put `REMOVED` for the words in these fields of the rows; what is empty stays empty."""
    for field in fields:
        rows.exclude(**{field: ""}).update(**{field: REMOVED})


def positions_about(records: Iterable[tuple[str, str]]) -> list[int]:
    """The events about these records, each a kind and a public id, that still have values."""
    found: set[int] = set()
    by_kind: dict[str, set[str]] = {}
    for kind, public_id in records:
        by_kind.setdefault(kind, set()).add(public_id)
    for kind, ids in by_kind.items():
        kept = Event.objects.filter(Q(about_kind=kind, about_id__in=ids), recorded__values__isnull=False)
        found.update(kept.exclude(what=BLANK).values_list("position", flat=True))
    return sorted(found)


def blank_events(
    positions: Collection[int],
    *,
    about: tuple[str, str, str],
    by: Actor | None,
    at: datetime,
    values: dict[str, object],
) -> Event:
    """Record that the values of these events are blanked, and blank them, in the caller's transaction."""
    listed = sorted(positions)
    event = record("retention.blank", about=about, by=by, at=at, values={**values, LISTED: listed})
    for start in range(0, len(listed), AT_ONCE):
        some = EventValues.objects.filter(event__in=listed[start : start + AT_ONCE], values__isnull=False)
        some.update(values=None, salt="", blanked_at=at)
    return event
