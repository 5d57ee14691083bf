"""What the ledger's pages share: one page of a list, and the names of people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from goldenthread.escalations.models.private import PRIVATE
from goldenthread.ledger.models import Event, Read
from goldenthread.ledger.queries import Change
from goldenthread.people.models import Person
from goldenthread.web.ledger.forms import KINDS, Place
from goldenthread.web.ledger.wording import in_words, key_in_words

PAGE = 50
SYSTEM = "Golden Thread"
ID = re.compile(r"\b[a-z0-9]{12}\b")
MOST_NAMED = 500
"""So many ids of one event are looked up; an event that holds more keeps them as they are."""


@dataclass(frozen=True)
class Page:
    """Some rows of a list, newest first, and where its other pages are."""

    rows: list[Any]
    next_url: str | None
    previous_url: str | None


def page_of(request: HttpRequest, found: Any, *, key: str) -> Page:
    """The rows below the number in the address, by keyset."""
    place = Place(request.GET)
    before = place.cleaned_data["before"] if place.is_valid() else None
    rows = list(found.before(before)[: PAGE + 1])
    asked = {name: value for name, value in request.GET.items() if name != "before" and value}
    further = {**asked, "before": getattr(rows[PAGE - 1], key)} if len(rows) > PAGE else None
    return Page(
        rows=rows[:PAGE],
        next_url=f"?{urlencode(further)}" if further else None,
        previous_url=f"?{urlencode(asked)}" if before else None,
    )


def event_cells(events: list[Event]) -> list[list[Any]]:
    """A table's rows: which, when, who, what, about what."""
    people = names_of(events)
    return [
        [
            {"text": str(event.position), "url": reverse("show_event", args=[event.position])},
            moment(event.at),
            _person(people, event.by),
            in_words(event.what),
            {
                "text": event.about_label or event.about_kind,
                "url": _history(event.about_kind, event.about_id),
            },
        ]
        for event in events
    ]


def read_cells(reads: list[Read], labels: dict[str, str]) -> list[list[Any]]:
    """A table's rows: when, who, how, which record, by what people call it where that is known."""
    people = names_of(reads)
    return [
        [
            moment(read.at),
            people.get(read.by, read.by),
            read.how,
            {
                "text": _opened(read, labels),
                "url": _history(read.about_kind, read.about_id),
            },
        ]
        for read in reads
    ]


def kind_in_words(read: Read) -> str:
    """What kind of record was opened."""
    return KINDS.get(read.about_kind) or read.about_kind.replace("_", " ").capitalize()


def _opened(read: Read, labels: dict[str, str]) -> str:
    """A record that was opened, in words; by its id where nobody has another name for it."""
    return ": ".join(filter(None, (kind_in_words(read), labels.get(read.about_id, read.about_id))))


def summary_of(event: Event) -> list[dict[str, str]]:
    """An event's own facts."""
    return [
        {"key": "Recorded as", "value": event.what},
        {"key": "When", "value": moment(event.at)},
        {"key": "Who", "value": names_of([event]).get(event.by, event.by)},
        {"key": "About", "value": event.about_label or event.about_kind}
        | {"url": _history(event.about_kind, event.about_id), "action": "See its history"},
    ]


def chain_of(event: Event) -> list[dict[str, str]]:
    """What ties an event to its neighbours."""
    return [
        {"key": "Position", "value": str(event.position)},
        {"key": "Hash", "value": event.hash},
        {"key": "Hash of the event before", "value": event.previous},
        {"key": "Digest of the values", "value": event.digest},
    ]


def change_cells(changes: list[Change]) -> list[list[str]]:
    """A table's rows: which field, before, after; people by their names."""
    rows = [
        [key_in_words(change.name), "" if change.before is None else change.before, change.after]
        for change in changes
    ]
    ids = {found for row in rows for cell in row for found in ID.findall(cell)}
    people = _named(ids) if len(ids) <= MOST_NAMED else {}
    return [[ID.sub(lambda found: people.get(found[0], found[0]), cell) for cell in row] for row in rows]


def names_of(rows: Iterable[Any]) -> dict[str, str]:
    """The names of those who acted, by public id; one query for a page."""
    return {"": SYSTEM, **_named({row.by for row in rows} - {""})}


def _named(ids: set[str]) -> dict[str, str]:
    people = Person.objects.filter(public_id__in=ids).values_list("public_id", "name") if ids else ()
    return dict(people)


def without_private(rows: Any) -> Any:
    """Events or reads without those of private concerns, which are in no list."""
    return rows.exclude(about_kind=PRIVATE)


def moment(at: datetime) -> str:
    """A moment in local time, to the second."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y, %H:%M:%S}"


def _person(people: dict[str, str], by: str) -> Any:
    """Who acted, with a way to all that they did."""
    if not by:
        return SYSTEM
    return {"text": people.get(by, by), "url": f"{reverse('show_ledger')}?{urlencode({'by': by})}"}


def _history(kind: str, public_id: str) -> str:
    return reverse("show_history", args=[kind, public_id]) if kind and public_id else ""
