"""Answers for those who look back."""

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from goldenthread.ledger.models import Event, EventQuerySet, EventValues, Read, ReadQuerySet


class Change(NamedTuple):
    """One field that an event changed. `before` is None where the event holds one value alone."""

    name: str
    before: str | None
    after: str


def events(*, by: str = "", until: datetime | None = None) -> EventQuerySet:
    """Events, if need be of one person or up to a moment."""
    found = Event.objects.filter(by=by) if by else Event.objects.all()
    if until is None:
        return found
    last = Event.objects.filter(at__lt=until).order_by("-at", "-position").values("position")[:1]
    return found.filter(position__lte=last)


def reads(
    *,
    by: str = "",
    kind: str = "",
    about: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
) -> ReadQuerySet:
    """What was read: by one person, of one kind, of these records, from a moment and before another."""
    found = Read.objects.all()
    for field, wanted in (("by", by), ("about_kind", kind), ("at__gte", since), ("at__lt", until)):
        if wanted:
            found = found.filter(**{field: wanted})
    return found.filter(about_id__in=about) if about else found


def changes_of(event: Event) -> list[Change]:
    """What an event changed, field by field; empty where its values are blanked."""
    recorded = EventValues.objects.filter(event=event).first()
    if recorded is None or recorded.values is None:
        return []
    try:
        return list(_changes("", json.loads(recorded.values)))
    except ValueError:  # somebody put something else there; `verify` says so
        return [Change("values", None, recorded.values)]


def sealed_values(event: Event) -> str:
    """An event's values as its digest covers them, letter for letter; nothing where they are blanked."""
    return EventValues.objects.filter(event=event).values_list("values", flat=True).first() or ""


def blanked_at(event: Event) -> datetime | None:
    """When retention removed an event's values; None while they are there."""
    return EventValues.objects.filter(event=event).values_list("blanked_at", flat=True).first()


def _changes(name: str, value: Any) -> Iterator[Change]:
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        yield Change(name, _text(value["before"]), _text(value["after"]))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _changes(f"{name} › {key}" if name else str(key), part)
    else:
        yield Change(name or "value", None, _text(value))


def _text(value: Any) -> str:
    """A value as a person reads it."""
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(part, dict | list) for part in value):
        return ", ".join(_text(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
